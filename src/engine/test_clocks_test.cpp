#include "engine/test_support.h"

#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

Work place_on(std::string_view clock, std::string_view reference) {
    auto order = place(reference);
    order.clock = clock;
    return work(order);
}

std::vector<Work> shipped_on(std::string_view clock, std::string_view reference) {
    auto works = shipped(reference);
    works[0] = place_on(clock, reference);
    return works;
}

}  // namespace

TEST_CASE("orders of a clock live by it, and all others by the real time") {
    const auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    REQUIRE(writer.make_clock("clk_1", start + 2h, start));
    CHECK_FALSE(writer.make_clock("clk_1", start, start));
    for (const auto& answer : writer.run(shipped_on("clk_1", "R1")))
        CHECK(answer.outcome == Outcome::done);
    writer.run(shipped("R2"));
    const auto order_of = [&](std::string_view reference) {
        return replayed(*store, stream_of(place(reference)));
    };

    // No real time does anything to it, however long.
    CHECK(store->due(start + days{3000}, 10).size() == 1);
    while (writer.sweep(start + days{3000}, 10) > 0) {
    }
    CHECK(order_of("R2").completed);
    CHECK_FALSE(order_of("R1").completed);

    // Advanced over the promise: the buyer may dispute, which in real time is far too early.
    CHECK(writer.advance_clock("clk_1", start + days{21}, start + 3h) == 1);
    const auto dispute = work("R1", order::Party::buyer, order::OpenDispute{}, start + 4h);
    CHECK(writer.run({&dispute, 1}).front().outcome == Outcome::done);
    CHECK(order_of("R1").last_at == start + days{21});

    // Silence of the seller for 5 days, and what follows, in one step and at its legal instants.
    CHECK(writer.advance_clock("clk_1", start + days{60}, start + 5h) == 1);
    const auto order = order_of("R1");
    CHECK(order.disputes[0].is_closed());
    CHECK(order.refunded_at == start + days{26});
    // What has to leave, leaves in real time.
    const auto rows = store->outbox_due(instruction_kind, start + 5h, 10);
    CHECK(rows.size() == 1);

    CHECK(writer.advance_clock("clk_1", start + days{59}, start + 6h).error() ==
          ClockProblem::backwards);
    CHECK(writer.advance_clock("clk_2", start + days{59}, start + 6h).error() ==
          ClockProblem::not_found);
    CHECK(writer.run(std::vector{place_on("clk_2", "R3")}).front().outcome == Outcome::not_found);
}

TEST_CASE("a clock and its orders are the same after a restart") {
    const store_test::Directory directory;
    const auto path = directory.file("store.db");
    {
        const auto store = store::open_sqlite(path);
        Writer writer(*store, engine_test::rules());
        REQUIRE(writer.make_clock("clk_1", start, start));
        writer.run(shipped_on("clk_1", "R1"));
        REQUIRE(writer.advance_clock("clk_1", start + days{21}, start + 1h));
    }
    {
        const auto store = store::open_sqlite(path);
        Writer writer(*store, engine_test::rules());
        const auto found = writer.look_up(stream_of(place("R1"))).value().value();
        CHECK(std::get<LiveOrder>(found.what).clock == "clk_1");
        CHECK(std::get<LiveOrder>(found.what).account == "shop");
        CHECK(std::get<LiveOrder>(found.what).reference == "R1");
        const auto dispute = work("R1", order::Party::buyer, order::OpenDispute{}, start + 2h);
        CHECK(writer.run({&dispute, 1}).front().outcome == Outcome::done);
        CHECK(writer.advance_clock("clk_1", start + days{60}, start + 3h) == 1);
        CHECK(replayed(*store, stream_of(place("R1"))).refunded_at == start + days{26});
    }
}

TEST_CASE("the cause of a placing says who placed what, and by which clock") {
    CHECK(placed_by(placing_cause("shop", "R:1")) == PlacedBy{"shop", "R:1", ""});
    CHECK(placed_by(placing_cause("shop", "", "clk_1")) == PlacedBy{"shop", "", "clk_1"});
    CHECK_FALSE(placed_by("time"));
    CHECK_FALSE(placed_by("place"));
    CHECK_FALSE(placed_by("placement:a:b"));
    CHECK_FALSE(placed_by("place:shop"));
}

TEST_CASE("a clock knows how often it was set, and is not moved behind another's back") {
    const auto store = store::make_memory_store();
    TestClocks one(*store), other(*store);
    CHECK(one.version("clk_1") == 0);
    CHECK_FALSE(one.find("clk_1"));
    REQUIRE(one.make("clk_1", start, start));
    CHECK(one.version("clk_1") == 1);
    CHECK(other.find("clk_1") == start);
    CHECK_FALSE(other.make("clk_1", start + 1h, start));
    one.advance("clk_1", start + 1h, start);
    CHECK(one.version("clk_1") == 2);
    CHECK_THROWS_AS(other.advance("clk_1", start + 2h, start), store::StoreDown);
    CHECK(other.find("clk_1") == start + 1h);
    other.advance("clk_1", start + 2h, start);
    CHECK(other.version("clk_1") == 3);
}

TEST_CASE("a clock whose events cannot be read shows nothing, and says which") {
    const auto store = store::make_memory_store();
    REQUIRE(TestClocks(*store).make("clk_1", start, start));
    store::Change change{
        .stream = store::stream_id_of(store::StreamKind::system, "clock", "", "clk_1"),
        .kind = store::StreamKind::system,
        .expected_version = 1};
    change.events = {
        {.at = start, .kind = "clock_advanced", .v = 1, .payload = R"({"shows":"noon"})"}};
    change.cause = "meddling";
    REQUIRE(store->write(change));
    CHECK_THROWS_WITH_AS(TestClocks(*store).find("clk_1"),
                         doctest::Contains("the clock clk_1, event 2"), store::StoreDown);
}

}  // namespace holdfast::engine_test
