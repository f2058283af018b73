// The way to the outbox for those who bring its rows to the world outside.
#pragma once

#include "engine/engine.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::engine {

// Its calls wait for whoever writes the store; what is done between them may take its time.
class OutboxPort {
public:
    using Use = std::function<void(store::Store&, Writer&)>;
    virtual ~OutboxPort() = default;
    // After a restore nothing is sent until it is reconciled.
    virtual bool is_fenced() = 0;
    virtual void use(const Use& use) = 0;
    virtual Answer run(Work work) = 0;

    // As the store's calls of these names.
    std::vector<store::OutboxRow> lease(std::string_view kind, Instant now, Instant until,
                                        std::size_t limit) {
        std::vector<store::OutboxRow> rows;
        use([&](store::Store& store, Writer&) {
            rows = store.lease_outbox(kind, now, until, limit);
        });
        return rows;
    }
    bool update(const store::OutboxUpdate& update) {  // false: another has the row by now
        bool is_ours = false;
        use([&](store::Store& store, Writer&) {
            is_ours = store.update_outbox({&update, 1}) == 1;
        });
        return is_ours;
    }
    void end(std::uint64_t row) {
        use([&](store::Store& store, Writer&) { store.end_outbox({&row, 1}); });
    }
};

// Straight to the store, where nobody else uses it.
class DirectPort final : public OutboxPort {
public:
    DirectPort(store::Store& store, Writer& writer) : store_(store), writer_(writer) {}
    void set_fenced(bool fenced) { is_fenced_ = fenced; }
    bool is_fenced() override { return is_fenced_; }
    void use(const Use& use) override { use(store_, writer_); }
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
    void use(const Use& use) override { engine_.with_store(use); }
    Answer run(Work work) override { return engine_.run(std::move(work)); }

private:
    Engine& engine_;
};

}  // namespace holdfast::engine
