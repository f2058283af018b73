#include "engine/standing.h"

#include "engine/courier.h"
#include "engine/sandbox_processor.h"
#include "engine/test_support.h"
#include "engine/work_counters.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

struct Bench {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    WorkCounters counters;
    Writer writer{*store, engine_test::rules(), {.observer = &counters}};
    SandboxProcessor processor;
    DirectPort port{*store, writer};
    Courier courier{port, processor};

    void run(const std::vector<Work>& works) {
        for (const auto& answer : writer.run(works)) REQUIRE(answer.outcome == Outcome::done);
    }
    void refund() {
        run(shipped("R1"));
        run({work("R1", order::Party::seller, order::Refund{.amount = 1'000}, start + 2h)});
        writer.carry(start + 2h, 10);
    }
    std::uint64_t count(MoneyState state, Instant now) {
        return read_standing(*store, now).instructions.at(static_cast<std::size_t>(state));
    }
    void mark(store::OutboxState state) {
        const auto row = store->outbox(0, 1).at(0);
        const store::OutboxUpdate update{.no = row.no, .lease = row.lease, .state = state};
        REQUIRE(store->update_outbox({&update, 1}) == 1);
    }
};

}  // namespace

TEST_CASE("the sweeper lags by what should have struck first") {
    Bench bench;
    CHECK(read_standing(*bench.store, start).sweeper_lag == Duration{0});
    bench.run(shipped("R1"));
    const auto due = bench.store->find(stream_of(place("R1")))->next_deadline.value();
    CHECK(read_standing(*bench.store, due - 1ms).sweeper_lag == Duration{0});
    CHECK(read_standing(*bench.store, due + 90min).sweeper_lag == 90min);
    bench.writer.sweep(due + 90min, 10);
    CHECK(read_standing(*bench.store, due + 90min).sweeper_lag < 90min);
}

TEST_CASE("money is counted by how it stands until it is settled, and aged by when it was told") {
    Bench bench;
    CHECK(read_standing(*bench.store, start).outbox_oldest_age == Duration{0});
    bench.refund();
    CHECK(bench.count(MoneyState::pending, start + 2h) == 1);
    CHECK(read_standing(*bench.store, start + 5h).outbox_oldest_age == 3h);
    CHECK(read_standing(*bench.store, start + 5h).unknown_oldest_age == Duration{0});

    bench.processor.script(Script::execute_and_break);
    bench.courier.round(start + 3h, 10);
    CHECK(bench.count(MoneyState::unknown, start + 3h) == 1);
    CHECK(read_standing(*bench.store, start + 4h).unknown_oldest_age == 2h);

    bench.courier.round(start + 4h, 10);
    CHECK(read_standing(*bench.store, start + 4h).outbox_oldest_age == Duration{0});
    CHECK(bench.count(MoneyState::unknown, start + 4h) == 0);
}

TEST_CASE("what was accepted is under way, and what waits for a person is not on its way") {
    Bench bench;
    bench.refund();
    bench.processor.script(Script::accept);
    bench.courier.round(start + 3h, 10);
    CHECK(bench.count(MoneyState::under_way, start + 3h) == 1);
    CHECK(read_standing(*bench.store, start + 4h).unknown_oldest_age == Duration{0});
    CHECK(read_standing(*bench.store, start + 4h).outbox_oldest_age == 2h);

    bench.mark(store::OutboxState::needs_attention);
    CHECK(bench.count(MoneyState::needs_attention, start + 4h) == 1);
    CHECK(read_standing(*bench.store, start + 4h).outbox_oldest_age == Duration{0});
    bench.mark(store::OutboxState::failed);
    CHECK(bench.count(MoneyState::failed, start + 4h) == 1);
}

TEST_CASE("money of an order on a test clock is aged by the real time") {
    Bench bench;
    REQUIRE(bench.writer.make_clock("clk_1", start - days{300}, start));
    auto placing = place("R1");
    placing.clock = "clk_1";
    auto works = shipped("R1");
    works[0].what = placing;
    bench.run(works);
    bench.run({work("R1", order::Party::seller, order::Refund{.amount = 1'000}, start + 2h)});
    CHECK(read_standing(*bench.store, start + 5h).outbox_oldest_age == 3h);
    CHECK(read_standing(*bench.store, start + 1h).outbox_oldest_age == Duration{0});
}

TEST_CASE("balanced books have no imbalance") {
    Bench bench;
    bench.refund();
    CHECK(ledger_imbalance(*bench.store) == 0);
}

TEST_CASE("every transaction is timed, a batch without changes is none") {
    Bench bench;
    const auto commits = [&] {
        std::uint64_t sum = 0;
        for (const auto count : bench.counters.commits().counts) sum += count;
        return sum;
    };
    bench.run(shipped("R1"));
    CHECK(commits() == 1);
    bench.writer.sweep(start, 10);
    CHECK(commits() == 1);

    WorkCounters counters;
    const auto first = WorkCounters::bounds.front(), last = WorkCounters::bounds.back();
    for (const auto time : {nanoseconds(first), first + 1ns, nanoseconds(last), last + 1ns})
        counters.committed(time);
    const auto seen = counters.commits();
    CHECK(seen.counts[0] == 1);
    CHECK(seen.counts[1] == 1);
    CHECK(seen.counts[WorkCounters::bounds.size() - 1] == 1);
    CHECK(seen.counts[WorkCounters::bounds.size()] == 1);
    CHECK(seen.sum == 2 * (first + last) + 2ns);
}

TEST_CASE("a work is called by what it asks for") {
    CHECK(command_of(Work{.stream = {}, .what = Tick{}}) == "time");
    CHECK(command_of(work(place("R1"))) == order::Place::name);
    CHECK(command_of(work("R1", order::Party::seller, order::Refund{})) == "refund");
    CHECK(command_of(work("R1", order::Party::buyer, order::SettleArrival{})) ==
          order::SettleArrival::name);
    CHECK(command_of(seen("R1", order::SeeAuthorised{})) == order::SeeAuthorised::name);
    CHECK(command_of(seen("R1", order::SeeUpstreamGranted{})) == order::SeeUpstreamGranted::name);
    const auto of_party = [](auto what) {
        return command_of(Work{.stream = {}, .what = std::move(what)});
    };
    CHECK(of_party(ledger::Command{.request = ledger::HoldPayouts{}}) == "hold_payouts");
    CHECK(of_party(ledger::Command{.request = ledger::BeginBooks{}}) == "begin_books");
    CHECK(of_party(ledger::Observation{.seen = ledger::SeeTransfer{}}) ==
          ledger::SeeTransfer::name);
    CHECK(of_party(ledger::Observation{.seen = ledger::SeeDebtPaid{}}) ==
          ledger::SeeDebtPaid::name);
}

}  // namespace holdfast::engine_test
