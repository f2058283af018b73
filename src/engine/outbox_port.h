// The way to the outbox for those who bring its rows to the world outside.
#pragma once

#include "engine/engine.h"
#include "store/store.h"

#include <functional>
#include <utility>

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
