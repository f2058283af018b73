// A store that others write meanwhile, or that cannot be written: what is decided again, what is
// given up, and what is read again.
#include "engine/courier.h"
#include "engine/engine.h"
#include "engine/sandbox_processor.h"
#include "engine/test_support.h"

#include "store/passing_store.h"

#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <string>

namespace holdfast::engine_test {
namespace {

// Lets the test do something before each write, and counts.
class Watched final : public store::PassingStore {
public:
    using PassingStore::PassingStore;

    std::function<void()> before_write = [] {};
    std::uint64_t others = 0;  // wrote so often
    std::size_t loads = 0, writes = 0, updates = 0;

    std::uint64_t generation() override { return others; }
    store::History load(const store::StreamId& stream) override {
        ++loads;
        return PassingStore::load(stream);
    }
    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all(
        std::span<const store::Change> changes) override {
        ++writes;
        before_write();
        return PassingStore::write_all(changes);
    }
    std::size_t update_outbox(std::span<const store::OutboxUpdate> all) override {
        ++updates;
        return PassingStore::update_outbox(all);
    }
};

struct Bench {
    std::unique_ptr<store::Store> disk = store::make_memory_store();
    Watched store{*disk};
    Writer writer{store, engine_test::rules()};

    Bench() { writer.run(shipped("R1")); }
    Answer run(const Work& work) { return writer.run({&work, 1}).front(); }
    // As another program does it.
    void write_elsewhere() {
        store::Change change{.stream = stream_of(place("R1")), .kind = store::StreamKind::order};
        change.expected_version = disk->load(change.stream).version;
        change.cause = "another";
        change.index = disk->find(change.stream);
        change.events = {store::encode_event(
            order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
        REQUIRE(disk->write(change));
    }
    std::uint64_t version() { return disk->load(stream_of(place("R1"))).version; }
};

Work scan(Instant at = start + 3h) {
    return seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::moving}, at);
}

// A disk that forgets from when it is told to.
struct Forgetful {
    Forgetful() {
        store.before_write = [this] {
            if (is_lost) throw store::StoreLost("the disk forgot");
        };
    }
    std::unique_ptr<store::Store> disk = store::make_memory_store();
    Watched store{*disk};
    std::atomic<bool> is_lost = false;
};

const Clock still{.wall = [] { return start; }, .monotonic = [] { return nanoseconds(0); }};

}  // namespace

TEST_CASE("whoever is overtaken is decided again, three times at most") {
    Bench bench;
    const auto before = bench.version();
    bench.store.writes = 0;
    bench.store.before_write = [&] { bench.write_elsewhere(); };
    CHECK(bench.run(scan()).outcome == Outcome::busy);
    CHECK(bench.store.writes == 3);
    CHECK(bench.writer.counts().conflicts == 3);
    CHECK(bench.version() == before + 3);

    bench.store.before_write = [&, is_first = true]() mutable {
        if (std::exchange(is_first, false)) bench.write_elsewhere();
    };
    CHECK(bench.run(scan()).version == before + 5);
    CHECK(bench.writer.counts().conflicts == 4);
}

TEST_CASE("a key that another program has answered meanwhile has its answer") {
    Bench bench;
    const auto keyed_scan = keyed(scan(), "k");
    Writer other(*bench.disk, engine_test::rules());
    Answer first;
    bench.store.before_write = [&, is_first = true]() mutable {
        if (std::exchange(is_first, false)) first = other.run({&keyed_scan, 1}).front();
    };
    const auto commits = bench.writer.counts().commits;
    const auto answer = bench.run(keyed_scan);
    CHECK(first.outcome == Outcome::done);
    CHECK(answer.outcome == Outcome::replayed);
    CHECK(answer.version == first.version);
    CHECK(bench.version() == first.version);
    CHECK(bench.writer.counts().commits == commits);
    CHECK(bench.writer.counts().replays == 1);
}

TEST_CASE("what others wrote is known before anything is decided on it") {
    Bench bench;
    REQUIRE(bench.writer.make_clock("clk_1", start, start));
    bench.write_elsewhere();
    Writer other(*bench.disk, engine_test::rules());
    REQUIRE(other.advance_clock("clk_1", start + days{2}, start));
    ++bench.store.others;
    auto with_version = scan();
    with_version.if_version = bench.version();
    CHECK(bench.run(with_version).outcome == Outcome::done);
    CHECK(bench.writer.counts().conflicts == 0);
    ++bench.store.others;
    CHECK(bench.writer.advance_clock("clk_1", start + days{1}, start).error() ==
          ClockProblem::backwards);
}

TEST_CASE("what is held in memory is not read again, and what is not there is not held") {
    Bench bench;
    bench.store.loads = 0;
    CHECK(bench.run(scan()).outcome == Outcome::done);
    CHECK(bench.store.loads == 0);
    Work set{.stream = party_stream(party(7)),
             .what = ledger::Command{.request = ledger::SetReserve{.basis_points = 1, .days = 1}},
             .received_at = start};
    set.begins_party = false;
    for (int i = 0; i < 2; ++i) CHECK(bench.run(set).outcome == Outcome::not_found);
    CHECK(bench.store.loads == 2);
}

TEST_CASE("a transfer that arrived is done with, and nothing more is said of its row") {
    Bench bench;
    REQUIRE(bench.run(work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3}))
                .outcome == Outcome::done);
    CHECK(bench.writer.carry(start + days{3}, 9) == 1);
    CHECK(bench.store.updates == 0);
    CHECK(bench.disk->outbox(0, 9).empty());
}

TEST_CASE("a store that cannot be written leaves all as it was, and nothing rests for it") {
    Bench bench;
    const auto late = start + days{300};
    bench.store.before_write = [] { throw store::StoreDown("no disk"); };
    const auto answer = bench.run(scan());
    CHECK(answer.outcome == Outcome::unavailable);
    CHECK(answer.problem == "no disk");
    CHECK(bench.writer.do_chores(late, {9, 9}) == Writer::Chores{});
    CHECK(bench.writer.set_aside().empty());
    CHECK(bench.writer.counts().failures == 2);
    bench.store.before_write = [] {};
    CHECK(bench.run(scan()).outcome == Outcome::done);
    CHECK(bench.writer.sweep(late, 9) == 1);
    CHECK(bench.store.updates == 0);  // no row was stuck

    bench.store.before_write = [] { throw store::StoreLost("the disk forgot"); };
    CHECK_THROWS_AS(bench.run(scan(late)), store::StoreLost);
}

TEST_CASE("an end that cannot be recorded now is asked about again, and needs nobody") {
    Bench bench;
    REQUIRE(bench.run(work("R1", order::Party::seller, order::Refund{.amount = 500}, start + 2h))
                .outcome == Outcome::done);
    SandboxProcessor processor;
    DirectPort port(bench.store, bench.writer);
    Courier courier(port, processor);
    bench.store.before_write = [] { throw store::StoreDown("no disk"); };
    CHECK(courier.round(start + 3h, 9) == 1);
    REQUIRE(bench.disk->outbox(0, 9).size() == 1);
    CHECK(bench.disk->outbox(0, 9)[0].state == store::OutboxState::unknown);
    bench.store.before_write = [] {};
    CHECK(courier.round(start + 4h, 9) == 1);
    CHECK(bench.disk->outbox(0, 9).empty());
    CHECK(processor.executed() == 1);
}

TEST_CASE("an index that says too early waits where nothing of the stream is held") {
    Bench bench;
    Writer forgetful(bench.store, engine_test::rules(), {.cached_streams = 0});
    store::Change change{.stream = stream_of(place("R1")), .kind = store::StreamKind::order};
    change.expected_version = bench.version();
    change.index = bench.disk->find(change.stream);
    change.index->next_deadline = start + days{1};
    REQUIRE(bench.disk->write(change));
    CHECK(forgetful.sweep(start + days{2}, 9) == 1);
    CHECK(bench.disk->find(change.stream)->next_deadline == start + days{1});
    CHECK(forgetful.set_aside().empty());
}

TEST_CASE("a disk that no longer keeps what it was told ends the engine as it was set to") {
    Forgetful shop;
    std::promise<std::string> told;
    EngineOptions options;
    options.on_lost = [&](const std::string& problem) { told.set_value(problem); };
    Engine engine(shop.store, engine_test::rules(), still, options);
    shop.is_lost = true;
    engine.submit(work(place("R1")), [](const Answer&) {});
    CHECK(told.get_future().get() == "the disk forgot");
}

TEST_CASE("and otherwise the process") {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(STDERR_FILENO);
        Forgetful shop;
        Engine engine(shop.store, engine_test::rules(), still);
        shop.is_lost = true;
        engine.run(work(place("R1")));
        ::_exit(EXIT_SUCCESS);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == EXIT_FAILURE);
}

}  // namespace holdfast::engine_test
