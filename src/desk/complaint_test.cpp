#include "desk/complaint.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

Sale sale_of(Money total, std::optional<Money> refunded = {}) {
    SaleSeen told;
    told.system = "shopify";
    told.reference = "#1";
    told.created = seen("2026-09-01T00:00:00Z");
    told.paid = seen("2026-09-02T00:00:00Z");
    told.total = total;
    told.refunded = refunded;
    Sale sale;
    evolve(sale, told, origin("shopify"));
    return sale;
}

Scenario order_with(ParcelStatus status, std::string_view at) {
    auto told = api_order(900, "2026-09-03T00:00:00Z", Phase::shipped, "WAIT_BUYER", 10'00);
    told.paid = seen("2026-09-03T00:00:00Z");
    told.shipped = seen("2026-09-04T00:00:00Z");
    told.commit_days = 90;
    told.tracking_numbers = {"LP900"};
    return {{api(told)}, {tracked(parcel_seen("LP900", status, {{at, status}}))}};
}

ComplaintView view_of(const Scenario& scenario, Reason reason, const Sale& sale,
                      std::size_t sales = 1) {
    const auto purchase = purchase_of(scenario.purchase);
    const auto parcels = parcels_of(scenario);
    const std::vector sides{PurchaseSide{purchase, parcels, &small_terms(), sales}};
    auto found = complaint_of(sale, sides, reason, {}, now);
    REQUIRE(found.has_value());
    return std::move(*found);
}

}  // namespace

TEST_CASE("complaint: sums, days, and what is under way") {
    const auto moving = order_with(ParcelStatus::moving, "2026-11-20T00:00:00Z");
    const auto view = view_of(moving, Reason::not_received, sale_of(usd(100'00), usd(5'00)));
    const auto& complaint = view.complaint;
    CHECK(complaint.paid == Dated{usd(100'00), day("2026-09-02")});
    CHECK(complaint.refunded->amount == usd(5'00));
    CHECK(complaint.under_way);
    CHECK_FALSE(complaint.goods_there);
    CHECK(complaint.wait_until == instant("2026-09-04T00:00:00Z") + days{90});
    REQUIRE(complaint.supplies.size() == 1);
    CHECK(complaint.supplies[0].name == "aliexpress " + order(900));
    CHECK(complaint.supplies[0].cost == Dated{usd(10'00), day("2026-09-03")});
    CHECK_FALSE(complaint.supplies[0].received.has_value());
}

TEST_CASE("complaint: who has the goods") {
    const auto moving = order_with(ParcelStatus::moving, "2026-11-20T00:00:00Z");
    const auto delivered = order_with(ParcelStatus::delivered, "2026-11-10T00:00:00Z");
    const auto returning = order_with(ParcelStatus::returning, "2026-11-10T00:00:00Z");
    const auto lost = order_with(ParcelStatus::lost, "2026-11-10T00:00:00Z");
    // clang-format off
    struct Row { const char* name; const Scenario& scenario; Reason reason; bool there, under_way; };
    const Row rows[] = {
        {"on its way", moving, Reason::not_received, false, true},
        {"late and on its way", moving, Reason::late, false, true},
        {"late and there", delivered, Reason::late, true, false},
        {"damaged, by whoever has it", moving, Reason::damaged, true, false},
        {"a scan, and the customer has nothing", delivered, Reason::not_received, false, false},
        {"on its way back", returning, Reason::not_received, false, false},
        {"lost", lost, Reason::not_received, false, false},
        {"a change of mind before it came", moving, Reason::change_of_mind, false, true},
        {"a change of mind", delivered, Reason::change_of_mind, true, false},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto view = view_of(row.scenario, row.reason, sale_of(usd(100'00)));
        CHECK(view.complaint.goods_there == row.there);
        CHECK(view.due.goods_there == row.there);
        CHECK(view.complaint.under_way == row.under_way);
    }
}

TEST_CASE("complaint: what makes a person look twice") {
    const auto delivered = order_with(ParcelStatus::delivered, "2026-11-10T00:00:00Z");
    const auto view = view_of(delivered, Reason::not_received, sale_of(usd(100'00)), /*sales=*/2);
    REQUIRE(view.doubts.size() == 2);
    CHECK(view.doubts[0].find("serves 2 sales") != std::string::npos);
    CHECK(view.doubts[1].find("delivery scan") != std::string::npos);
}

TEST_CASE("complaint: only about one of two purchases") {
    const auto moving = order_with(ParcelStatus::moving, "2026-11-20T00:00:00Z");
    const auto delivered = order_with(ParcelStatus::delivered, "2026-11-10T00:00:00Z");
    const auto one = purchase_of(moving.purchase), two = purchase_of(delivered.purchase);
    const auto parcels_one = parcels_of(moving), parcels_two = parcels_of(delivered);
    std::vector sides{PurchaseSide{one, parcels_one, &small_terms()},
                      PurchaseSide{two, parcels_two, &small_terms()}};
    const auto sale = sale_of(usd(100'00));
    const auto both = complaint_of(sale, sides, Reason::late, {}, now);
    CHECK_FALSE(both->complaint.goods_there);
    CHECK(both->doubts.size() == 1);
    sides[0].concerned = false;
    const auto second = complaint_of(sale, sides, Reason::late, {}, now);
    CHECK(second->complaint.goods_there);
    CHECK(second->doubts.empty());
    CHECK(second->complaint.supplies[0].claim == ClaimState::none);
    CHECK_FALSE(second->complaint.supplies[0].concerned);
    CHECK(second->complaint.supplies[0].cost == second->complaint.supplies[1].cost);
}

TEST_CASE("complaint: what processors paid back is not offered once more") {
    using Kind = MovementSeen::Kind;
    using State = MovementSeen::State;
    std::vector<Movement> movements;
    const auto tell = [&](std::string reference, Kind kind, State state, Money amount,
                          bool is_test = false) {
        MovementSeen told;
        told.system = "paypal";
        told.reference = std::move(reference);
        told.kind = kind;
        told.state = state;
        told.amount = amount;
        told.test = is_test;
        evolve(movements.emplace_back(), told, origin("paypal"));
    };
    const auto refunded = [&](std::optional<Money> by_store) {
        const auto view =
            complaint_of(sale_of(usd(69'00), by_store), {}, Reason::damaged, {}, now, movements);
        REQUIRE(view);
        CHECK(view->due.all_refunded ==
              (view->complaint.refunded && view->complaint.refunded->amount >= usd(69'00)));
        return view->complaint.refunded ? view->complaint.refunded->amount : usd(0);
    };
    const auto doubts = [&] {
        return complaint_of(sale_of(usd(69'00)), {}, Reason::damaged, {}, now, movements)->doubts;
    };
    CHECK(refunded({}) == usd(0));
    tell("R1", Kind::refund, State::made, usd(39'15));
    CHECK(refunded({}) == usd(39'15));
    CHECK(refunded(usd(39'15)) == usd(39'15));  // the store has heard of it
    CHECK(refunded(usd(50'00)) == usd(50'00));
    CHECK(doubts().size() == 1);
    tell("R2", Kind::refund, State::not_made, usd(10'00));
    tell("R3", Kind::refund, State::made, usd(10'00), /*is_test=*/true);
    tell("C1", Kind::return_of_goods, State::made, usd(39'15));  // led to R1
    CHECK(refunded({}) == usd(39'15));
    tell("R4", Kind::refund, State::pending, usd(29'85));
    CHECK(refunded({}) == usd(69'00));
    tell("R5", Kind::refund, State::made, Money::of_minor(5'00, Currency::eur));
    tell("D1", Kind::dispute, State::pending, usd(69'00));
    CHECK(refunded({}) == usd(69'00));
    REQUIRE(doubts().size() == 3);
    CHECK(holds(doubts()[0], "not counted, being of another currency: paypal refund R5"));
    CHECK(holds(doubts()[1], "may be paid twice: paypal dispute D1"));
    CHECK(holds(doubts()[2], "the store of 0.00 USD: the greater sum counts"));
}

TEST_CASE("complaint: no sum to begin with, and two currencies") {
    Sale sale = sale_of(usd(100'00), Money::of_minor(500, Currency::eur));
    const auto two = complaint_of(sale, {}, Reason::damaged, {}, now);
    REQUIRE_FALSE(two.has_value());
    CHECK(two.error().find("two currencies") != std::string::npos);
    sale.total.reset();
    CHECK_FALSE(complaint_of(sale, {}, Reason::damaged, {}, now).has_value());
    CHECK(complaint_of(sale_of(usd(100'00)), {}, Reason::damaged, {}, now)
              ->complaint.supplies.empty());
    CHECK(complaint_of(sale_of(usd(1'00), usd(1'00)), {}, Reason::damaged, {}, now)
              ->due.all_refunded);
}

}  // namespace holdfast::desk
