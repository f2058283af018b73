// Takes money told to leave to the processor, and what became of it back to its stream.
//
// A row is marked unknown on the disk before it is sent: a process that dies in between finds it as
// what it is. An unknown row is asked about, on a written schedule; only a processor that never
// heard of it is told again, by the same key. What no answer settles needs a person.
//
// Rows are taken by lease. A courier that was slower than its lease, so that another took the row,
// neither sends it nor writes how it stands.
#pragma once

#include "engine/outbox_port.h"
#include "engine/outbox_text.h"
#include "engine/processor.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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
    // False: another courier has the row by now.
    bool put_off(const store::OutboxRow& row, store::OutboxState state, Instant due,
                 std::int32_t attempts, std::string problem);

    OutboxPort& port_;
    Processor& processor_;
    CourierCounts counts_;
};

// What a stream tells the processor, by the number of the instruction or the payout.
Outgoing outgoing_of(const store::StreamId& stream, const InstructionText& told);
Outgoing outgoing_of(const store::StreamId& stream, const PayoutText& told);
// What a row tells it; none if its text cannot be read.
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
// The same for a row, which it does away with; none for a row that is not told to a processor.
std::optional<Work> ending_of(const store::OutboxRow& row, Fate fate, Instant now);

}  // namespace holdfast::engine
