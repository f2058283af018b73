// The engine: one thread that writes, a bounded queue before it, and time.
//
// Any thread may submit; what is submitted is stamped with the time at which it was received, and
// that alone decides windows. The thread takes what has queued up, has it decided and committed as
// one batch, and answers after the commit: batches come from load, never from waiting. Between
// batches it carries out what is due and what has to go from stream to stream.
#pragma once

#include "engine/clock_guard.h"
#include "engine/service_log.h"
#include "engine/writer.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace holdfast::engine {

struct EngineOptions {
    std::size_t queue_most = 4'096;                    // past it the caller is told to come again
    std::size_t batch_most = 1'024;                    // works of one transaction
    std::size_t sweep_slice = 256;                     // due streams between two batches
    Duration request_time = std::chrono::seconds{30};  // shorter than the rules' grace
    Duration look_every = std::chrono::milliseconds{200};  // for what is due
    Duration heartbeat_every = std::chrono::seconds{5};
    Duration outage_least = std::chrono::minutes{1};  // a shorter silence ate nobody's time
    WriterOptions writer = {};
    // The disk no longer keeps what it was told. Must end the process; the default does.
    std::function<void(const std::string& problem)> on_lost = {};
};

using Answered = std::function<void(const Answer&)>;  // on the engine's thread; must not block

class Engine {
public:
    // Records the time in which no engine ran as an outage, then begins. `store` and `rules`
    // outlive the engine, and nobody else uses the store meanwhile. VERIFYs that the rules' grace
    // is longer than the request time.
    Engine(store::Store& store, const RulesBook& rules, Clock clock, EngineOptions options = {});
    ~Engine();  // stop()
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Stamps and queues. What is not taken (busy, stopping) is answered at once, on this thread.
    void submit(Work work, Answered answered);
    Answer run(Work work);  // submits and waits

    // Runs on the engine's thread between two batches; waits for it.
    void with_store(const std::function<void(store::Store&, Writer&)>& use);

    // Takes nothing more, answers what is queued, writes a last heartbeat.
    void stop();

    Instant now();
    bool is_clock_believed() const { return is_believed_; }
    Duration clock_offset();  // of a wall that is not believed, from what was expected; else zero
    void confirm_clock();

    // A restored store, before its books were held against the processor's list; see service_log.h.
    bool is_fenced() const { return is_fenced_; }
    void lift_fence();

    struct Health {
        std::size_t queued = 0, set_aside = 0;
        std::uint64_t commits = 0, events = 0;
        std::string problem;  // of the last batch that could not be written; empty: none
    };
    Health health();

private:
    struct Queued {
        Work work;
        Answered answered;
    };

    void loop();
    void take_some(std::vector<Queued>& batch);
    void run_batch(std::vector<Queued>& batch, Instant now);
    void do_what_is_due(Instant now, bool is_last);
    void note(std::string problem);
    void tell(const Work& work, Outcome outcome) const;

    store::Store& store_;
    EngineOptions options_;
    Writer writer_;
    ServiceLog log_;

    std::mutex mutex_;  // of all below
    std::condition_variable awake_;
    ClockGuard clock_;
    std::vector<Queued> queue_;
    std::vector<std::function<void()>> errands_;
    bool is_stopping_ = false;
    Health health_;

    std::atomic<bool> is_believed_ = true;
    std::atomic<bool> is_fenced_ = false;
    bool may_carry_ = true;  // the thread's own, as are these
    Instant beat_at_{};
    std::jthread thread_;
};

}  // namespace holdfast::engine
