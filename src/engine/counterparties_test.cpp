#include "engine/counterparties.h"

#include "engine/auditor.h"
#include "engine/test_support.h"
#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <map>

namespace holdfast::engine_test {
namespace {

// An order on a clock of its own, paid at `start`, promised for 20 days later.
struct Play {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};
    store::StreamId stream = stream_of(place("R1"));

    explicit Play(std::string_view cast, bool is_paid = true) {
        REQUIRE(writer.make_clock("clk_1", start, start));
        auto order = place("R1");
        order.clock = "clk_1";
        order.cast = parse_cast(cast).value();
        run(work(order));
        if (is_paid) run(seen("R1", order::SeeCaptured{.amount = 4'500}));
    }
    void run(const Work& work) { REQUIRE(writer.run({&work, 1}).front().outcome == Outcome::done); }
    Outcome ask(order::Party by, order::Request request) {
        const auto one = work("R1", by, std::move(request));
        return writer.run({&one, 1}).front().outcome;
    }
    void advance(Duration by) {
        now_ += by;
        REQUIRE(writer.advance_clock("clk_1", now_, start) == 1);
    }
    order::Order order() { return replayed(*store, stream); }

    // What the counterparties did and what time did: "day part kind", a line each.
    std::string story() {
        std::string text;
        for (const auto& event : store->load(stream).events) {
            const auto part = acted_by(event.cause);
            if (part.empty() && event.cause != "time") continue;
            if (event.kind == "default_struck" || event.kind == "transfer_sent") continue;
            const auto hours_in = floor<hours>(event.at - start).count();
            text += std::to_string(hours_in / 24) + "d" + std::to_string(hours_in % 24) + "h " +
                    std::string(part.empty() ? "time" : part) + " " + event.kind + "\n";
        }
        return text;
    }
    std::string audit() {
        AuditCounts counts;
        while (writer.carry(start, 100) > 0) {
        }
        return find_problem(*store, counts).value_or("");
    }

private:
    Instant now_ = start;
};

}  // namespace

TEST_CASE("a cast is the same again by its text") {
    CHECK(to_string(Cast{}) == "none");
    CHECK(parse_cast("none") == Cast{});
    for (std::size_t i = 0; i < 4; ++i) {
        Cast cast{.buyer = static_cast<BuyerPart>(i),
                  .seller = static_cast<SellerPart>(i),
                  .carrier = static_cast<CarrierPart>(i + 1),
                  .mediator = static_cast<MediatorPart>(i),
                  .processor = static_cast<ProcessorPart>(i % 3)};
        if (cast.carrier == CarrierPart::late) cast.late_days = 60;
        CAPTURE(to_string(cast));
        CHECK(parse_cast(to_string(cast)) == cast);
        CHECK(cast_by(casting_cause(cast, "key_1:x")) == cast);
        CHECK(placed_by(placing_cause("shop", "R:1+2", "", cast)) ==
              PlacedBy{"shop", "R:1+2", "", cast});
        CHECK(placed_by(placing_cause("shop", "R", "clk_1", cast)) ==
              PlacedBy{"shop", "R", "clk_1", cast});
    }
    for (const auto* text : {"", "nobody", "seller", "seller=", "seller=none", "seller=prompt,",
                             "seller=prompt,seller=silent", "judge=fair", "late_days=0",
                             "late_days=61", "late_days=3x", "none,seller=prompt"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_cast(text));
    }
    CHECK_FALSE(placed_by("place+seller=loud:shop:R1"));
    CHECK_FALSE(cast_by("key_1"));
    CHECK(acted_by(acting_cause("seller.prompt")) == "seller.prompt");
    CHECK(acted_by("time").empty());
}

// clang-format off
TEST_CASE("each part is played at its times") {
    struct Row { const char* cast; const char* story; };
    const Row rows[] = {
        {"none",
         "10d0h time refund_issued\n10d0h time cancelled\n"},
        {"seller=silent,carrier=on_time,buyer=silent",
         "10d0h time refund_issued\n10d0h time cancelled\n"},
        {"seller=prompt,carrier=on_time,buyer=accepting",
         "0d20h seller.prompt shipped\n1d2h carrier.on_time scanned\n1d20h carrier.on_time scanned\n"
         "7d20h carrier.on_time scanned\n8d20h buyer.accepting receipt_confirmed\n"
         "8d20h buyer.accepting completed\n8d20h buyer.accepting released\n"},
        {"seller=stubborn,carrier=on_time,buyer=silent",
         "2d0h seller.stubborn shipped\n2d6h carrier.on_time scanned\n3d0h carrier.on_time scanned\n"
         "9d0h carrier.on_time scanned\n23d0h time completed\n23d0h time released\n"},
        {"seller=ships_late,carrier=on_time,buyer=accepting",
         "9d0h seller.ships_late shipped\n9d6h carrier.on_time scanned\n10d0h carrier.on_time scanned\n"
         "16d0h carrier.on_time scanned\n17d0h buyer.accepting receipt_confirmed\n"
         "17d0h buyer.accepting completed\n17d0h buyer.accepting released\n"},
        // Late by 5 days: disputed when the promise is over, offered all, and accepted.
        {"seller=prompt,carrier=late,late_days=5,buyer=disputing",
         "0d20h seller.prompt shipped\n1d2h carrier.late scanned\n1d20h carrier.late scanned\n"
         "20d0h buyer.disputing dispute_opened\n21d0h seller.prompt offer_made\n"
         "21d12h buyer.disputing offer_accepted\n21d12h buyer.disputing refund_issued\n"
         "21d12h buyer.disputing dispute_closed\n21d12h buyer.disputing completed\n"
         "25d0h carrier.late scanned\n25d0h carrier.late arrived_after_refund\n"
         "27d0h buyer.disputing arrival_settled\n"},
        // A seller who says nothing in five days has agreed.
        {"seller=ships_late,carrier=lost,buyer=disputing",
         "9d0h seller.ships_late shipped\n9d6h carrier.lost scanned\n10d0h carrier.lost scanned\n"
         "19d0h carrier.lost scanned\n19d0h buyer.disputing dispute_opened\n"
         "24d0h time refund_issued\n24d0h time dispute_closed\n24d0h time completed\n"},
        {"seller=stubborn,carrier=lost,buyer=disputing,mediator=splitting",
         "2d0h seller.stubborn shipped\n2d6h carrier.lost scanned\n3d0h carrier.lost scanned\n"
         "12d0h carrier.lost scanned\n12d0h buyer.disputing dispute_opened\n"
         "13d0h seller.stubborn dispute_answered\n13d1h seller.stubborn offer_made\n"
         "13d13h buyer.disputing offer_declined\n15d0h buyer.disputing escalated\n"
         "17d0h mediator.splitting decided\n24d0h time refund_issued\n24d0h time dispute_closed\n"
         "50d0h time completed\n50d0h time released\n"},
        {"seller=stubborn,carrier=returned,buyer=appealing,mediator=for_seller",
         "2d0h seller.stubborn shipped\n2d6h carrier.returned scanned\n3d0h carrier.returned scanned\n"
         "12d0h carrier.returned scanned\n12d0h buyer.appealing dispute_opened\n"
         "13d0h seller.stubborn dispute_answered\n13d1h seller.stubborn offer_made\n"
         "13d13h buyer.appealing offer_declined\n15d0h buyer.appealing escalated\n"
         "17d0h mediator.for_seller decided\n18d0h buyer.appealing appealed\n"
         "20d0h mediator.for_seller decided\n20d0h mediator.for_seller dispute_closed\n"
         "50d0h time completed\n50d0h time released\n"},
        {"seller=stubborn,carrier=lost,buyer=disputing,mediator=slow",
         "2d0h seller.stubborn shipped\n2d6h carrier.lost scanned\n3d0h carrier.lost scanned\n"
         "12d0h carrier.lost scanned\n12d0h buyer.disputing dispute_opened\n"
         "13d0h seller.stubborn dispute_answered\n13d1h seller.stubborn offer_made\n"
         "13d13h buyer.disputing offer_declined\n15d0h buyer.disputing escalated\n"
         "16d0h mediator.slow evidence_requested\n19d0h time evidence_lapsed\n"
         "20d0h mediator.slow decided\n27d0h time refund_issued\n27d0h time dispute_closed\n"
         "50d0h time completed\n50d0h time released\n"},
        {"seller=prompt,carrier=delivers_after_refund,buyer=disputing",
         "0d20h seller.prompt shipped\n1d2h carrier.delivers_after_refund scanned\n"
         "1d20h carrier.delivers_after_refund scanned\n20d0h buyer.disputing dispute_opened\n"
         "21d0h seller.prompt offer_made\n21d12h buyer.disputing offer_accepted\n"
         "21d12h buyer.disputing refund_issued\n21d12h buyer.disputing dispute_closed\n"
         "21d12h buyer.disputing completed\n24d12h carrier.delivers_after_refund scanned\n"
         "24d12h carrier.delivers_after_refund arrived_after_refund\n"
         "26d12h buyer.disputing arrival_settled\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.cast);
        Play at_once(row.cast);
        at_once.advance(days{200});
        CHECK(at_once.story() == row.story);
        CHECK(at_once.audit().empty());
        // However the clock gets there.
        Play in_steps(row.cast);
        for (int i = 0; i < 200 * 24 / 7; ++i) in_steps.advance(7h);
        CHECK(in_steps.story() == row.story);
    }
}
// clang-format on

TEST_CASE("a counterparty answers whoever plays the other side") {
    Play play("seller=prompt");
    play.advance(days{2});
    CHECK(play.order().shipments.size() == 1);
    CHECK(play.ask(order::Party::buyer,
                   order::OpenDispute{.reason = order::Reason::damaged,
                                      .wanted = order::Remedy::return_for_full_refund}) ==
          Outcome::done);
    // It is offered at once after a day, and not before.
    play.advance(days{1} - 1ms);
    CHECK(play.order().offers.empty());
    play.advance(1ms);
    REQUIRE(play.order().offers.size() == 1);
    CHECK(play.ask(order::Party::buyer, order::AcceptOffer{{1}}) == Outcome::done);
    play.advance(days{1});
    CHECK(play.order().disputes[0].back->label == Word("seller"));
    CHECK(play.ask(order::Party::buyer,
                   order::SendReturn{.dispute = {1}, .tracking = Word("RR1")}) == Outcome::done);
    const auto came = seen("R1", order::SeeReturnDelivered{{1}}, start + days{5});
    play.run(came);
    play.advance(days{2});
    CHECK(play.order().disputes[0].is_closed());
    CHECK(play.order().money.refunded == 4'500);
    CHECK(play.audit().empty());
}

TEST_CASE("a cancellation is granted by the prompt and declined by the stubborn") {
    for (const auto* cast : {"seller=prompt", "seller=stubborn"}) {
        CAPTURE(cast);
        auto order = place("R1");
        order.clock = "clk_1";
        order.cast = parse_cast(cast).value();
        order.placement.item_marks = {Word("custom_made")};
        const auto store = store::make_memory_store();
        Writer writer(*store, engine_test::rules());
        REQUIRE(writer.make_clock("clk_1", start, start));
        const std::vector works{work(order), seen("R1", order::SeeCaptured{.amount = 4'500}),
                                work("R1", order::Party::buyer, order::Cancel{})};
        for (const auto& answer : writer.run(works)) REQUIRE(answer.outcome == Outcome::done);
        REQUIRE(writer.advance_clock("clk_1", start + days{1}, start));
        const auto now = replayed(*store, stream_of(order));
        const bool is_prompt = cast == std::string_view("seller=prompt");
        CHECK(now.cancelled.has_value() == is_prompt);
        CHECK(now.cancel->answered == start + (is_prompt ? 4h : 12h));
    }
}

TEST_CASE("what is due is done before a request, and after it what the request leads to") {
    Play play("buyer=accepting");
    play.run(seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}));
    play.run(seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered}));
    const auto row = [&] { return play.store->find(play.stream).value(); };
    CHECK_FALSE(row().next_deadline);  // no real time does anything to it
    play.advance(days{1});
    CHECK(play.order().confirmed);
    CHECK(play.ask(order::Party::buyer, order::ConfirmReceipt{}) == Outcome::refused);
}

TEST_CASE("without a clock the counterparties keep to the real time") {
    const auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    auto order = place("R1");
    order.cast = parse_cast("seller=prompt,carrier=on_time,buyer=accepting").value();
    const std::vector works{work(order), seen("R1", order::SeeCaptured{.amount = 4'500})};
    for (const auto& answer : writer.run(works)) REQUIRE(answer.outcome == Outcome::done);
    const auto stream = stream_of(order);
    CHECK(store->due(start + 20h - 1ms, 10).empty());
    REQUIRE(store->due(start + 20h, 10).size() == 1);
    CHECK(writer.sweep(start + 20h, 10) == 1);
    CHECK(replayed(*store, stream).shipments.size() == 1);
    CHECK(writer.sweep(start + 20h, 10) == 0);
    while (writer.sweep(start + days{9}, 10) > 0) {
    }
    CHECK(replayed(*store, stream).completed == start + days{8} + 20h);
    CHECK(writer.set_aside().empty());
}

TEST_CASE("an order's cast can be changed, and is there after a restart") {
    const store_test::Directory directory;
    const auto path = directory.file("store.db");
    const auto stream = stream_of(place("R1"));
    const auto give = [&](Writer& writer, std::string_view cast) {
        const Work work{.stream = stream,
                        .what = GiveCast{parse_cast(cast).value()},
                        .received_at = start + 1h,
                        .cause = "key_1"};
        return writer.run({&work, 1}).front();
    };
    const auto cast_of = [&](Writer& writer) {
        return to_string(std::get<LiveOrder>(writer.look_up(stream).value().value().what).cast);
    };
    {
        const auto store = store::open_sqlite(path);
        Writer writer(*store, engine_test::rules());
        CHECK(give(writer, "seller=prompt").outcome == Outcome::not_found);
        auto order = place("R1");
        order.cast = parse_cast("seller=silent").value();
        writer.run(std::vector{work(order), seen("R1", order::SeeCaptured{.amount = 4'500})});
        CHECK(cast_of(writer) == "seller=silent");
        CHECK(give(writer, "seller=prompt,carrier=late,late_days=9").version == 3);
        CHECK(give(writer, "seller=prompt,carrier=late,late_days=9").version == 3);  // it has it
        CHECK(writer.counts().commits == 3);
    }
    {
        const auto store = store::open_sqlite(path);
        CHECK(store->load(stream).events.back().cause ==
              "cast:seller=prompt,carrier=late,late_days=9:key_1");
        Writer writer(*store, engine_test::rules());
        CHECK(cast_of(writer) == "seller=prompt,carrier=late,late_days=9");
        REQUIRE(store->due(start + 20h, 10).size() == 1);  // it ships
        CHECK(give(writer, "none").version == 4);
        CHECK(store->due(start + 20h, 10).empty());
    }
    {
        const auto store = store::open_sqlite(path);
        Writer writer(*store, engine_test::rules());
        CHECK(cast_of(writer) == "none");
    }
}

TEST_CASE("what is foreseen is what will be done, also behind what time does first") {
    const auto foreseen = [](Play& play) {
        const auto live = std::get<LiveOrder>(play.writer.look_up(play.stream).value()->what);
        const auto rules = engine_test::rules().rules_for(marketplace());
        const auto act = foreseen_act(live.state, rules, live.cast);
        return act ? to_string(act->at) + " " + act->part + " " + std::string(act->does) : "";
    };
    Play play("seller=ships_late,carrier=lost,buyer=disputing");
    CHECK(foreseen(play) == "2026-03-11T09:00:00.000Z seller.ships_late shipped");
    play.advance(days{10});
    CHECK(foreseen(play) == "2026-03-21T09:00:00.000Z carrier.lost scanned");
    play.advance(days{9});
    CHECK(foreseen(play).empty());  // what is left, time does

    // Ten days of silence bring the dispute to the mediator, who then takes two.
    Play later("mediator=splitting");
    later.run(seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}));
    REQUIRE(later.ask(order::Party::buyer,
                      order::OpenDispute{.reason = order::Reason::damaged,
                                         .wanted = order::Remedy::partial_refund_keep,
                                         .amount = 1'001}) == Outcome::done);
    later.advance(1h);
    REQUIRE(later.ask(order::Party::seller, order::Respond{{1}}) == Outcome::done);
    CHECK(foreseen(later) == "2026-03-14T10:00:00.000Z mediator.splitting decide");
    later.advance(days{12});
    REQUIRE(later.order().disputes[0].verdict);
    CHECK(later.order().disputes[0].verdict->settlement.amount == 500);
    CHECK(foreseen(later).empty());
}

}  // namespace holdfast::engine_test
