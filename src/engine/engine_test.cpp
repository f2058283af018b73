#include "engine/engine.h"

#include "engine/test_support.h"
#include "engine/work_counters.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::engine_test {
namespace {

// A clock that stands still until it is moved; wall and monotonic together, or one alone.
class HandClock {
public:
    engine::Clock clock() {
        return {.wall = [this] { return Instant{Duration{wall_.load()}}; },
                .monotonic = [this] { return nanoseconds(milliseconds(monotonic_.load())); }};
    }
    void pass(Duration time) {
        wall_ += time.count();
        monotonic_ += time.count();
    }
    void jump(Duration wall_only) { wall_ += wall_only.count(); }

private:
    std::atomic<std::int64_t> wall_ = start.time_since_epoch().count();
    std::atomic<std::int64_t> monotonic_ = 1'000;
};

// Stops the thread of an engine between two batches until it is let go.
class Stop {
public:
    explicit Stop(Engine& engine) {
        std::promise<void> there;
        thread_ = std::jthread([this, &engine, &there] {
            engine.with_store([&](store::Store&, Writer&) {
                there.set_value();
                go_.get_future().get();
            });
        });
        there.get_future().get();
    }
    void let_go() {
        go_.set_value();
        thread_.join();
    }

private:
    std::promise<void> go_;
    std::jthread thread_;
};

// Waits for what another thread does by itself; a test that hangs here has failed.
template <class F>
bool comes_true(F&& condition) {
    for (int i = 0; i < 1'000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

}  // namespace

TEST_CASE("many threads, one order of things: every acknowledged work is there") {
    const auto store = store::make_memory_store();
    HandClock clock;
    constexpr int threads = 8, orders_each = 25;
    {
        Engine engine(*store, engine_test::rules(), clock.clock());
        std::vector<std::jthread> callers;
        std::atomic<int> done = 0;
        for (int t = 0; t < threads; ++t)
            callers.emplace_back([&, t] {
                for (int i = 0; i < orders_each; ++i)
                    for (auto& work : shipped(std::to_string(t) + "-" + std::to_string(i)))
                        if (engine.run(std::move(work)).outcome == Outcome::done) ++done;
            });
        callers.clear();
        CHECK(done == threads * orders_each * 3);
        CHECK(engine.health().problem.empty());
    }
    CHECK(store->count(store::StreamKind::order) == threads * orders_each);
    store->scan(store::StreamKind::order, [&](const store::IndexRow& row) {
        CHECK(replayed(*store, row.stream).money.held == 4'500);
        return true;
    });
}

TEST_CASE("past its bound the queue says so at once, and loses nothing it took") {
    const auto store = store::make_memory_store();
    HandClock clock;
    EngineOptions options;
    options.queue_most = 3;
    Engine engine(*store, engine_test::rules(), clock.clock(), options);
    Stop stop(engine);
    std::vector<Outcome> answers;
    std::vector<std::promise<void>> answered(5);
    std::mutex mutex;
    for (int i = 0; i < 5; ++i)
        engine.submit(work(place("R" + std::to_string(i))), [&, i](const Answer& answer) {
            {
                const std::scoped_lock lock(mutex);
                answers.push_back(answer.outcome);
            }
            answered[static_cast<std::size_t>(i)].set_value();
        });
    {
        const std::scoped_lock lock(mutex);
        CHECK(answers == std::vector{Outcome::busy, Outcome::busy});
    }
    stop.let_go();
    for (auto& one : answered) one.get_future().get();
    CHECK(std::ranges::count(answers, Outcome::done) == 3);
    CHECK(store->count(store::StreamKind::order) == 3);
}

TEST_CASE("what waited longer than its request is not begun") {
    const auto store = store::make_memory_store();
    HandClock clock;
    Engine engine(*store, engine_test::rules(), clock.clock());
    Stop stop(engine);
    std::promise<Answer> late, last;
    engine.submit(work(place("R1")), [&](const Answer& answer) { late.set_value(answer); });
    clock.pass(1ms);
    engine.submit(work(place("R3")), [&](const Answer& answer) { last.set_value(answer); });
    clock.pass(30s);
    stop.let_go();
    CHECK(late.get_future().get().outcome == Outcome::timed_out);
    CHECK(last.get_future().get().outcome == Outcome::done);
    CHECK(engine.run(work(place("R2"))).outcome == Outcome::done);
    CHECK(store->load(stream_of(place("R1"))).version == 0);
}

TEST_CASE("what is asked is counted with its answer, what is not taken too") {
    const auto store = store::make_memory_store();
    HandClock clock;
    WorkCounters counters;
    const auto count = [&](std::string_view command, Outcome outcome) {
        for (const auto& one : counters.answers())
            if (one.command == command && one.outcome == to_string(outcome)) return one.count;
        return std::uint64_t{0};
    };
    Engine engine(*store, engine_test::rules(), clock.clock(), {.writer = {.observer = &counters}});
    for (auto& work : shipped("R1")) engine.run(std::move(work));
    engine.run(work("R1", order::Party::seller, order::Refund{.amount = 9'000'000}));
    engine.run(work("R2", order::Party::seller, order::Refund{.amount = 1}));
    CHECK(count("place", Outcome::done) == 1);
    CHECK(count("refund", Outcome::refused) == 1);
    CHECK(count("refund", Outcome::not_found) == 1);
    {
        Stop stop(engine);
        std::promise<void> late;
        engine.submit(work(place("R3")), [&](const Answer&) { late.set_value(); });
        clock.pass(31s);
        stop.let_go();
        late.get_future().get();
    }
    CHECK(count("place", Outcome::timed_out) == 1);
    engine.stop();
    engine.run(work(place("R4")));
    CHECK(count("place", Outcome::stopping) == 1);
}

TEST_CASE("the server's time of receipt decides, not the time of the batch") {
    const auto store = store::make_memory_store();
    HandClock clock;
    Engine engine(*store, engine_test::rules(), clock.clock());
    Stop stop(engine);
    std::promise<void> answered;
    engine.submit(work(place("R1")), [&](const Answer&) { answered.set_value(); });
    clock.pass(10s);
    stop.let_go();
    answered.get_future().get();
    CHECK(replayed(*store, stream_of(place("R1"))).placed_at == start);
}

TEST_CASE("deadlines strike by themselves, and transfers arrive") {
    const auto store = store::make_memory_store();
    HandClock clock;
    EngineOptions options;
    options.outage_least = days{1'000};  // the time that passes here is not an outage
    Engine engine(*store, engine_test::rules(), clock.clock(), options);
    for (auto& work : shipped("R1")) engine.run(std::move(work));
    auto delivered =
        seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered});
    CHECK(engine.run(std::move(delivered)).outcome == Outcome::done);
    clock.pass(days{300});
    const auto seller = party_stream(party(2));
    CHECK(comes_true([&] {
        order::Minor payable = 0;
        engine.with_store(
            [&](store::Store& s, Writer&) { payable = balance(s, seller, "payable"); });
        return payable > 0;
    }));
    engine.stop();
    CHECK(replayed(*store, stream_of(place("R1"))).completed.has_value());
    CHECK(store->outbox(0, 10).empty());
}

TEST_CASE("stop answers what is queued and takes nothing more") {
    const auto store = store::make_memory_store();
    HandClock clock;
    Engine engine(*store, engine_test::rules(), clock.clock());
    Stop stop(engine);
    std::promise<Answer> queued;
    engine.submit(work(place("R1")), [&](const Answer& answer) { queued.set_value(answer); });
    std::jthread stopper([&] { engine.stop(); });
    stop.let_go();
    stopper.join();
    CHECK(queued.get_future().get().outcome == Outcome::done);
    CHECK(engine.run(work(place("R2"))).outcome == Outcome::stopping);
    CHECK(store->count(store::StreamKind::order) == 1);
}

TEST_CASE("time in which no engine ran is recorded once and given back") {
    const auto store = store::make_memory_store();
    HandClock clock;
    {
        const Engine engine(*store, engine_test::rules(), clock.clock());
    }
    clock.pass(30s);
    {
        const Engine engine(*store, engine_test::rules(), clock.clock());
    }
    ServiceLog log(*store);
    log.begin(start + 30s, 1min);
    CHECK(log.outages().empty());

    clock.pass(7h);
    {
        const Engine engine(*store, engine_test::rules(), clock.clock());
    }
    ServiceLog again(*store);
    again.begin(start + 30s + 7h, 1min);
    CHECK(again.outages() ==
          std::vector<terms::Outage>{{.from = start + 30s, .until = start + 30s + 7h}});
}

TEST_CASE("a wall clock that jumps is not believed until someone confirms it") {
    HandClock hand;
    ClockGuard guard(hand.clock());
    CHECK(guard.now() == start);
    hand.pass(1h);
    hand.jump(1s);  // slewing
    CHECK(guard.now() == start + 1h + 1s);
    CHECK(guard.is_believed());

    for (const auto off : {Duration{days{300}}, Duration{-3h}}) {
        HandClock jumping;
        ClockGuard guarded(jumping.clock());
        jumping.pass(1min);
        jumping.jump(off);
        CHECK(guarded.now() == start + 1min);
        CHECK_FALSE(guarded.is_believed());
        CHECK(guarded.jump() == off);
        jumping.pass(1min);
        CHECK(guarded.now() == start + 2min);
        guarded.confirm();
        CHECK(guarded.is_believed());
        CHECK(guarded.now() == start + 2min + off);
    }
}

TEST_CASE("no deadline strikes by a clock that jumped") {
    const auto store = store::make_memory_store();
    HandClock clock;
    EngineOptions options;
    options.look_every = 5ms;
    Engine engine(*store, engine_test::rules(), clock.clock(), options);
    for (auto& work : shipped("R1")) engine.run(std::move(work));
    engine.run(seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered}));
    CHECK(engine.clock_offset() == Duration{0});
    clock.jump(days{300});
    CHECK(engine.clock_offset() == Duration{days{300}});
    CHECK(comes_true([&] { return !engine.is_clock_believed(); }));
    CHECK(engine.now() == start);
    bool was_swept = false;
    engine.with_store([&](store::Store& s, Writer&) {
        was_swept = replayed(s, stream_of(place("R1"))).completed.has_value();
    });
    CHECK_FALSE(was_swept);
    clock.pass(days{300});  // nor by what passed since, which nobody knows
    for (int i = 0; i < 10; ++i) {
        std::this_thread::sleep_for(5ms);
        engine.with_store([&](store::Store& s, Writer&) {
            was_swept = was_swept || replayed(s, stream_of(place("R1"))).completed.has_value();
        });
    }
    CHECK_FALSE(was_swept);

    engine.confirm_clock();
    CHECK(comes_true([&] {
        bool is_over = false;
        engine.with_store([&](store::Store& s, Writer&) {
            is_over = replayed(s, stream_of(place("R1"))).completed.has_value();
        });
        return is_over;
    }));
}

}  // namespace holdfast::engine_test
