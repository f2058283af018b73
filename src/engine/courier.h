// Takes money told to leave to the processor, and what became of it back to its stream.
//
// A row is marked unknown on the disk before it is sent: a process that dies in between finds it as
// what it is. An unknown row is asked about, on a written schedule; only a processor that never
// heard of it is told again, by the same key. What no answer settles needs a person.
#pragma once

#include "engine/engine.h"
#include "engine/processor.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::engine {

// When an unknown row is asked about again, counted from the try before; after the last, a person.
inline constexpr std::array<Duration, 8> ask_again_after{
    std::chrono::seconds{5},  std::chrono::minutes{1}, std::chrono::minutes{5},
    std::chrono::minutes{30}, std::chrono::hours{2},   std::chrono::hours{6},
    std::chrono::hours{24},   std::chrono::hours{72}};
// One that is under way (accepted, or in a person's hands) is asked about this often, for ever.
inline constexpr Duration ask_under_way_every = std::chrono::hours{1};

struct CourierCounts {
    std::uint64_t sent = 0, asked = 0, settled = 0, gave_up = 0, dropped = 0;
};

// What the courier needs of the engine. Its calls wait for the engine's thread, the processor's
// never do.
class OutboxPort {
public:
    virtual ~OutboxPort() = default;
    // After a restore nothing is sent until it is reconciled.
    virtual bool is_fenced() = 0;
    virtual std::vector<store::OutboxRow> due(std::string_view kind, Instant now,
                                              std::size_t limit) = 0;
    virtual bool is_settled(const store::OutboxRow& row) = 0;  // in its stream, by whatever way
    virtual void update(const store::OutboxUpdate& update) = 0;
    virtual void end(std::uint64_t row) = 0;
    virtual Answer run(Work work) = 0;
};

// Straight to the store, where nobody else uses it.
class DirectPort final : public OutboxPort {
public:
    DirectPort(store::Store& store, Writer& writer) : store_(store), writer_(writer) {}
    void set_fenced(bool fenced) { is_fenced_ = fenced; }
    bool is_fenced() override { return is_fenced_; }
    std::vector<store::OutboxRow> due(std::string_view kind, Instant now,
                                      std::size_t limit) override {
        return store_.outbox_due(kind, now, limit);
    }
    bool is_settled(const store::OutboxRow& row) override;
    void update(const store::OutboxUpdate& update) override { store_.update_outbox({&update, 1}); }
    void end(std::uint64_t row) override { store_.end_outbox({&row, 1}); }
    Answer run(Work work) override { return writer_.run({&work, 1}).front(); }

private:
    store::Store& store_;
    Writer& writer_;
    bool is_fenced_ = false;
};

// Through a running engine, between its batches.
class EnginePort final : public OutboxPort {
public:
    explicit EnginePort(Engine& engine) : engine_(engine) {}
    bool is_fenced() override { return engine_.is_fenced(); }
    std::vector<store::OutboxRow> due(std::string_view kind, Instant now,
                                      std::size_t limit) override;
    bool is_settled(const store::OutboxRow& row) override;
    void update(const store::OutboxUpdate& update) override;
    void end(std::uint64_t row) override;
    Answer run(Work work) override { return engine_.run(std::move(work)); }

private:
    Engine& engine_;
};

class Courier {
public:
    Courier(OutboxPort& port, Processor& processor) : port_(port), processor_(processor) {}

    // One round over what is due at `now`, at most `limit` rows of each kind; how many were. None
    // while fenced.
    std::size_t round(Instant now, std::size_t limit);

    const CourierCounts& counts() const { return counts_; }

private:
    void take(const store::OutboxRow& row, Instant now);
    void settle(const store::OutboxRow& row, const Sending& sending, Instant now);
    void put_off(const store::OutboxRow& row, store::OutboxState state, Instant due,
                 std::int32_t attempts, std::string problem);

    OutboxPort& port_;
    Processor& processor_;
    CourierCounts counts_;
};

// What a row tells the processor; none if its text cannot be read.
std::optional<Outgoing> outgoing_of(const store::OutboxRow& row);

// What a key was made of, and back to where its money's end is told. Both are nothing for a text
// that is no key of ours, the second also for a fate that is no end.
struct KeyParts {
    store::StreamId stream;
    std::string_view kind;  // instruction_kind or payout_kind
    std::uint32_t no = 0;
    bool operator==(const KeyParts&) const = default;
};
std::optional<KeyParts> parse_key(std::string_view key);
std::optional<Work> work_of_end(const KeyParts& key, Fate fate, Instant now);

// What differs between our books and the processor's list, one line each; empty: every unit is
// explained.
std::vector<std::string> reconcile(std::span<const Outgoing> ours, std::span<const Listed> theirs);

}  // namespace holdfast::engine
