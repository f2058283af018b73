#include "desk/reversal.h"

#include "desk/recovery.h"
#include "desk/test_support.h"

#include <algorithm>
#include <numeric>

namespace holdfast::desk {
namespace {

using namespace test;

Observation said(Money refunded, Instant at, std::string format = "mapped_csv") {
    auto seen = purchase_seen(order(104));
    seen.refunded = refunded;
    return {origin(std::move(format), at), Seen(seen)};
}

Purchase paid_purchase(std::vector<Observation> refunds) {
    auto told = scenario_104().purchase;
    told.insert(told.end(), refunds.begin(), refunds.end());
    return purchase_of(told);
}

}  // namespace

TEST_CASE("reversals: a source that takes its word back shows one, in whatever order it is read") {
    std::vector<Observation> told = {
        said(usd(31'70), now - days{9}), said(usd(31'70), now - days{8}),
        said(usd(10'00), now - days{3}), said(usd(4'00), now - days{1})};
    std::vector<std::size_t> order(told.size());
    std::iota(order.begin(), order.end(), 0U);
    do {
        std::vector<Observation> shuffled;
        for (const auto i : order) shuffled.push_back(told[i]);
        const auto reversal = reversal_of(paid_purchase(shuffled));
        REQUIRE(reversal);
        CHECK(reversal->came == usd(31'70));
        CHECK(reversal->taken_back == usd(27'70));
        CHECK(reversal->seen_at == now - days{1});
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("reversals: none where nothing was taken back") {
    const auto none = [](std::vector<Observation> told) {
        return !reversal_of(paid_purchase(std::move(told))).has_value();
    };
    CHECK(none({}));
    CHECK(none({said(usd(31'70), now)}));
    CHECK(none({said(usd(10'00), now - days{2}), said(usd(31'70), now)}));  // it grew
    CHECK(none({said(usd(31'70), now), said(usd(10'00), now)}));            // at the same time
    // Two sources that differ.
    CHECK(none({said(usd(31'70), now - days{2}, "holdfast_order"), said(usd(10'00), now)}));
    CHECK(
        none({said(Money::of_minor(3'170, Currency::eur), now - days{2}), said(usd(10'00), now)}));
}

TEST_CASE("reversals: the row of the purchase and the report of what came say so") {
    const auto purchase =
        paid_purchase({said(usd(31'70), now - days{9}), said(usd(0), now - days{1})});
    const auto item =
        desk::assess(purchase, parcels_of(scenario_104()), {}, small_terms(), {}, now);
    CHECK(item.word != WorkWord::recovered);
    CHECK(item.at_stake == usd(31'70));
    REQUIRE(item.reversal);
    CHECK(item.why.find("31.70 USD came back and 31.70 USD of it was taken back again") !=
          std::string::npos);
    Recovery recovery;
    recovery.add(item, purchase);
    const auto& sums = recovery.currencies().at(Currency::usd);
    CHECK(sums.received.minor == 0);
    CHECK(sums.taken_back.minor == 31'70);
    REQUIRE(recovery.reversals().size() == 1);
    CHECK(recovery.reversals().front().reversal == *item.reversal);
}

TEST_CASE("reversals: a claim that was granted is not recovered while its money is gone") {
    auto purchase =
        paid_purchase({said(usd(31'70), now - days{9}), said(usd(1'70), now - days{1})});
    REQUIRE(reversal_of(purchase));
    purchase.end_reason =
        Held<std::string>{"seller_accept_issue_no_goods_return", origin("mapped_csv")};
    const auto item =
        desk::assess(purchase, parcels_of(scenario_104()), {}, small_terms(), {}, now);
    CHECK(item.word == WorkWord::waiting);
    CHECK(item.at_stake == usd(30'00));
}

}  // namespace holdfast::desk
