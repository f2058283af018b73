#include "engine/engine.h"

#include "base/verify.h"

#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

namespace holdfast::engine {
namespace {

// What is in memory is not on the disk, and nobody can say what is: only a new start, which reads
// the disk, knows.
void end_process(const std::string& problem) {
    std::fprintf(stderr, "holdfast: %s\n", problem.c_str());
    std::fflush(stderr);
    std::_Exit(EXIT_FAILURE);
}

}  // namespace

Engine::Engine(store::Store& store, const RulesBook& rules, Clock clock, EngineOptions options)
    : store_(store),
      options_(std::move(options)),
      writer_(store, rules, options_.writer),
      log_(store),
      clock_(std::move(clock)) {
    VERIFY(rules.grace() > options_.request_time);
    if (!options_.on_lost) options_.on_lost = end_process;
    beat_at_ = clock_.now();
    log_.begin(beat_at_, options_.outage_least);
    writer_.set_outages(log_.outages());
    is_fenced_ = log_.is_fenced();
    thread_ = std::jthread([this] { loop(); });
}

Engine::~Engine() { stop(); }

void Engine::submit(Work work, Answered answered) {
    Outcome outcome = Outcome::done;
    {
        const std::scoped_lock lock(mutex_);
        if (is_stopping_) {
            outcome = Outcome::stopping;
        } else if (queue_.size() >= options_.queue_most) {
            outcome = Outcome::busy;
        } else {
            work.received_at = clock_.now();
            queue_.push_back({std::move(work), std::move(answered)});
        }
    }
    if (outcome == Outcome::done) {
        awake_.notify_one();
        return;
    }
    tell(work, outcome);
    answered({.outcome = outcome});
}

Answer Engine::run(Work work) {
    std::promise<Answer> promise;
    submit(std::move(work), [&](const Answer& answer) { promise.set_value(answer); });
    return promise.get_future().get();
}

void Engine::with_store(const std::function<void(store::Store&, Writer&)>& use) {
    std::promise<void> promise;
    {
        const std::scoped_lock lock(mutex_);
        VERIFY(!is_stopping_);
        errands_.emplace_back([&] {
            try {
                use(store_, writer_);
                promise.set_value();
            } catch (...) {
                promise.set_exception(std::current_exception());
            }
        });
    }
    awake_.notify_one();
    promise.get_future().get();
}

void Engine::stop() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
    }
    awake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

Instant Engine::now() {
    const std::scoped_lock lock(mutex_);
    return clock_.now();
}

Duration Engine::clock_offset() {
    const std::scoped_lock lock(mutex_);
    clock_.now();
    return clock_.jump().value_or(Duration{0});
}

void Engine::confirm_clock() {
    const std::scoped_lock lock(mutex_);
    clock_.confirm();
    is_believed_ = true;
}

void Engine::lift_fence() {
    with_store([this](store::Store&, Writer&) { log_.lift_fence(now()); });
    is_fenced_ = false;
}

Engine::Health Engine::health() {
    const std::scoped_lock lock(mutex_);
    auto health = health_;
    health.queued = queue_.size();
    return health;
}

void Engine::loop() {
    std::vector<Queued> batch;
    std::vector<std::function<void()>> errands;
    for (bool is_last = false; !is_last;) {
        Instant now{};
        {
            std::unique_lock lock(mutex_);
            const auto has_something = [&] {
                return is_stopping_ || !queue_.empty() || !errands_.empty() || may_carry_;
            };
            awake_.wait_for(lock, options_.look_every, has_something);
            now = clock_.now();
            is_believed_ = clock_.is_believed();
            take_some(batch);
            errands.swap(errands_);
            is_last = is_stopping_ && queue_.empty();
        }
        // Before anything that can fail: somebody waits for each, and is told what goes wrong in
        // it.
        for (const auto& errand : errands) errand();
        try {
            if (!batch.empty()) run_batch(batch, now);
            do_what_is_due(now, is_last);
            note({});
        } catch (const store::StoreLost& error) {
            return options_.on_lost(error.what());
        } catch (const store::StoreDown& error) {
            writer_.forget_all();
            may_carry_ = false;  // not at once again
            note(error.what());
        } catch (const VerifyFailed& error) {  // of no work: those are answered
            writer_.forget_all();
            may_carry_ = false;
            note(error.what());
        }
        batch.clear();
        errands.clear();
    }
}

void Engine::take_some(std::vector<Queued>& batch) {
    const auto some = std::min(queue_.size(), options_.batch_most);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(some);
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
}

// What waited longer than its caller does is not begun: they have been told "no answer".
void Engine::run_batch(std::vector<Queued>& batch, Instant now) {
    std::vector<Work> works;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (now - batch[i].work.received_at > options_.request_time) {
            tell(batch[i].work, Outcome::timed_out);
            batch[i].answered({.outcome = Outcome::timed_out});
            continue;
        }
        works.push_back(std::move(batch[i].work));
        places.push_back(i);
    }
    const auto answers = writer_.run(works);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        tell(works[i], answers[i].outcome);
        batch[places[i]].answered(answers[i]);
    }
    may_carry_ = true;
}

void Engine::tell(const Work& work, Outcome outcome) const {
    if (auto* observer = options_.writer.observer) observer->answered(work, outcome);
}

void Engine::do_what_is_due(Instant now, bool is_last) {
    if (is_believed_) {
        const auto done = writer_.do_chores(now, {options_.sweep_slice, options_.sweep_slice});
        may_carry_ = done.streams > 0 || done.transfers > 0;
    } else {
        may_carry_ = false;
    }
    if (is_last || now - beat_at_ >= options_.heartbeat_every) {
        log_.beat(now);
        beat_at_ = now;
    }
}

void Engine::note(std::string problem) {
    const std::scoped_lock lock(mutex_);
    health_.problem = std::move(problem);
    health_.set_aside = writer_.set_aside().size();
    health_.commits = writer_.counts().commits;
    health_.events = writer_.counts().events;
}

}  // namespace holdfast::engine
