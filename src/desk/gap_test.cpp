#include "desk/gap.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

// Sold for 60.00 on the day the purchase was made.
Sale sale_of(const Purchase& purchase, std::optional<std::int64_t> refunded = {}) {
    SaleSeen told;
    told.system = "shopify";
    told.reference = "#1052";
    told.created = purchase.created->value;
    told.paid = purchase.created->value;
    told.total = usd(60'00);
    if (refunded) told.refunded = usd(*refunded);
    Sale sale;
    evolve(sale, told, origin("shopify_csv"));
    return sale;
}

TwoPromiseGap gap_of(const Scenario& scenario, Instant at,
                     std::optional<std::int64_t> refunded = {}, StorePromise promise = {},
                     const terms::Terms& supplier = small_terms(),
                     const terms::Terms* law = nullptr) {
    const auto purchase = purchase_of(scenario.purchase);
    const auto parcels = parcels_of(scenario);
    TwoPromiseGap gap(promise, DeskOptions{}, at);
    gap.add(sale_of(purchase, refunded),
            {.purchase = purchase, .parcels = parcels, .terms = &supplier}, "Fine Things", law);
    return gap;
}

const Instant much_later = now + std::chrono::days{120};

}  // namespace

TEST_CASE("gap: what a customer may still ask when the supplier's window has closed") {
    const auto before = gap_of(scenario_103(), now).rows();
    REQUIRE(before.size() == 1);
    CHECK(before[0].reason == Reason::not_received);
    CHECK_FALSE(before[0].is_over);
    CHECK(before[0].uncovered == usd(41'06));
    CHECK_FALSE(before[0].due_until);  // goods that do not come stay due
    CHECK(before[0].cover_ends > now);
    const auto after = gap_of(scenario_103(), much_later).rows();
    REQUIRE(after.size() == 1);
    CHECK(after[0].is_over);
    CHECK(after[0].cover_ends == before[0].cover_ends);
}

TEST_CASE("gap: none where the customer has had all the money, or nothing was ever bought") {
    CHECK(gap_of(scenario_103(), much_later, 60'00).rows().empty());
    CHECK(gap_of(scenario_105(), much_later).rows().empty());  // cancelled
    CHECK(gap_of(scenario_108(), now).rows().empty());         // unpaid
}

TEST_CASE("gap: the suggested promise leaves three days before the cover ends") {
    const auto gap = gap_of(scenario_103(), now);
    const auto suppliers = gap.suppliers();
    REQUIRE(suppliers.size() == 1);
    CHECK(suppliers[0].seller == "Fine Things");
    CHECK(suppliers[0].coming.at(Currency::usd) == AuditSum{1, 41'06});
    CHECK(suppliers[0].over.empty());
    CHECK(suppliers[0].sample == 1);
    REQUIRE(suppliers[0].delivery_days);
    const auto paid = instant("2026-09-25T05:47:30Z");
    const auto promised = paid + std::chrono::days{*suppliers[0].delivery_days};
    CHECK(gap.rows()[0].cover_ends - promised >= std::chrono::days{3});
    CHECK(gap.rows()[0].cover_ends - promised < std::chrono::days{4});
}

TEST_CASE("gap: delivered goods have none where the terms give no claim for what they are") {
    CHECK(gap_of(scenario_102(), now).rows().empty());
}

TEST_CASE("gap: the end of a customer's right is exact, and does not move with the clock") {
    const auto law = shipped_law("law-eu");
    const auto row_at = [&](Instant at) {
        const auto rows = gap_of(scenario_102(), at, {}, {}, current_terms(), &law).rows();
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].reason == Reason::not_as_described);
        REQUIRE(rows[0].due_until);
        return rows[0];
    };
    const auto end = *row_at(now).due_until;
    CHECK(row_at(now + std::chrono::milliseconds{61'224}).due_until == end);
    CHECK(row_at(much_later).due_until == end);
    const auto purchase = purchase_of(scenario_102().purchase);
    const auto sale = sale_of(purchase);
    const auto what_at = [&](Instant at) {
        return due_of({.reason = Reason::not_as_described,
                       .placed = sale.created->value.at,
                       .paid = sale.paid->value.at,
                       .delivered = instant("2026-09-14T09:41:00Z"),
                       .goods_there = true},
                      &law, at)
            .what;
    };
    CHECK(what_at(end - Duration{1}) != Due::What::nothing);
    CHECK(what_at(end) == Due::What::nothing);
}

}  // namespace holdfast::desk
