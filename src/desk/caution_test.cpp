// Where little is known, the desk must not say more than that.

#include "desk/audit.h"
#include "desk/purchase_facts.h"
#include "desk/stake.h"
#include "desk/test_support.h"
#include "desk/tracking.h"
#include "desk/whereis.h"

#include <doctest/doctest.h>

namespace holdfast::desk {
namespace {

using namespace test;

WorkItem assessed(const Purchase& purchase, const std::vector<Parcel>& parcels) {
    return assess(purchase, parcels, {}, current_terms(), {}, now);
}

PurchaseSeen shipped_order(std::string_view shipped) {
    auto seen = purchase_seen("3099000000000900");
    seen.created = test::seen(shipped);
    seen.paid = test::seen(shipped);
    seen.shipped = test::seen(shipped);
    seen.commit_days = 60;
    seen.phase = Phase::shipped;
    seen.status = "WAIT_BUYER_ACCEPT_GOODS";
    seen.total = usd(5000);
    return seen;
}

}  // namespace

TEST_CASE("a parcel that another carrier took over is followed") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    seen.tracking_numbers = {"A"};
    const auto purchase = purchase_of({api(seen)});
    auto first = parcel_seen("A", ParcelStatus::moving);
    first.last_mile_number = "B";
    auto second = parcel_seen("B", ParcelStatus::delivered);
    second.delivered = test::seen("2026-11-01T10:00:00Z");
    const std::vector<Parcel> parcels{parcel_of({tracked(first)}), parcel_of({tracked(second)})};
    CHECK(tracking_of(purchase, parcels, std::nullopt, now).word == "delivered");
    CHECK(assessed(purchase, parcels).word == WorkWord::none);

    // Two numbers that name each other are one parcel on its way, not none.
    auto back = parcel_seen("B", ParcelStatus::moving);
    back.last_mile_number = "A";
    const std::vector<Parcel> both{parcel_of({tracked(first)}), parcel_of({tracked(back)})};
    CHECK(tracking_of(purchase, both, std::nullopt, now).word == "in_transit");
}

TEST_CASE("a claim that rests on silence opens when the silence is long enough") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    seen.tracking_numbers = {"A"};
    auto parcel = parcel_seen("A", ParcelStatus::moving);
    parcel.scans = {{test::seen("2026-10-12T12:00:00Z"), ParcelStatus::moving, "departed"}};
    const auto item = assessed(purchase_of({api(seen)}), {parcel_of({tracked(parcel)})});
    CHECK(item.word == WorkWord::claim_now);
    CHECK(item.opens_at == instant("2026-11-11T12:00:00Z"));
}

TEST_CASE("sources that differ on the promise are told") {
    auto computed = shipped_order("2026-07-01T00:00:00Z");
    computed.promise = PromiseSeen{instant("2026-08-30T00:00:00Z"), Confidence::high, "given"};
    auto stated = purchase_seen("3099000000000900");
    stated.promise = PromiseSeen{instant("2026-12-20T00:00:00Z"), Confidence::high, "countdown"};
    const auto purchase = purchase_of({{origin("given", now), computed},
                                       {origin("aliexpress_details_api", now - days{2}), stated}});
    const auto item = assessed(purchase, {});
    CHECK(item.word == WorkWord::missed);
    CHECK(item.next_step.find("Sources differ") != std::string::npos);
    CHECK(!item.doubts.empty());
}

TEST_CASE("after a dispute has ended no other is advised") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    DisputeSeen dispute;
    dispute.dispute_id = "7";
    dispute.status = "finish";
    dispute.opened = test::seen("2026-10-20T00:00:00Z");
    dispute.ended = test::seen("2026-11-08T00:00:00Z");
    dispute.requested = usd(2500);
    seen.disputes = {dispute};
    seen.in_dispute = false;
    const auto item = assessed(purchase_of({api(seen)}), {});
    CHECK(item.word == WorkWord::waiting);
    CHECK(item.next_step.find("Open a dispute") == std::string::npos);
}

TEST_CASE("a dispute that was read as ended and later runs again is open") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    DisputeSeen ended;
    ended.dispute_id = "7";
    ended.status = "canceled_issue";
    ended.ended = test::seen("2026-11-08T00:00:00Z");
    seen.disputes = {ended};
    auto later = seen;
    later.disputes[0].status = "processing";
    later.disputes[0].ended.reset();
    const auto purchase = purchase_of({{origin("aliexpress_issue_api", now - days{2}), seen},
                                       {origin("aliexpress_issue_api", now), later}});
    CHECK(is_disputed(purchase));
}

TEST_CASE("a completed order that nobody followed is not counted as lapsed") {
    auto seen = shipped_order("2026-03-01T00:00:00Z");
    seen.phase = Phase::completed;
    seen.status = "Finished";
    const auto purchase = purchase_of({api(seen)});
    const auto item = assessed(purchase, {});
    CHECK(item.word == WorkWord::none);
    Audit audit(now);
    audit.add(item, purchase);
    CHECK(audit.totals().currencies.empty());

    // Where the platform itself says that a timer confirmed it, nobody received it.
    seen.end_reason = "buyer_accept_goods_timeout";
    CHECK(assessed(purchase_of({api(seen)}), {}).word == WorkWord::missed);
}

TEST_CASE("lines that were received or cancelled are not at stake") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    seen.lines = {line_seen("1", 1, 4000, "buyer_accept_goods"),
                  line_seen("2", 1, 1000, "cancel_order_close_trade")};
    const auto stake = stake_of(purchase_of({api(seen)}));
    CHECK(stake.open == usd(0));
    CHECK(stake.cancelled == usd(1000));

    // A cancelled line is worth its price; postage stays with what was sent.
    seen.total = usd(7300);
    seen.lines = {line_seen("1", 1, 3400), line_seen("2", 1, 3400, "CANCELED")};
    const auto part = stake_of(purchase_of({api(seen)}));
    CHECK(part.open == usd(3900));
    CHECK(part.cancelled == usd(3400));
}

TEST_CASE("parcels that are delivered, one of them by a scan alone") {
    auto seen = shipped_order("2026-10-01T00:00:00Z");
    seen.tracking_numbers = {"A", "B"};
    auto by_scan = parcel_seen("A", ParcelStatus::unknown);
    by_scan.scans = {{test::seen("2026-11-01T10:00:00Z"), ParcelStatus::delivered, "Delivered"}};
    const auto without_time = parcel_seen("B", ParcelStatus::delivered);
    const std::vector<Parcel> parcels{parcel_of({tracked(by_scan)}),
                                      parcel_of({tracked(without_time)})};
    const auto purchase = purchase_of({api(seen)});
    const auto found = facts_of(purchase, parcels, {}, now, current_terms());
    const auto delivered = found.facts.at(terms::Moment::delivered_last);
    if (delivered.known()) CHECK(delivered.instant() > instant("2026-10-01T00:00:00Z"));
    CHECK(assessed(purchase, parcels).word != WorkWord::claim_now);
}

TEST_CASE("a shipped order without any date says what is missing") {
    auto seen = purchase_seen("3099000000000901");
    seen.phase = Phase::shipped;
    seen.status = "Awaiting delivery";
    seen.total = usd(5000);
    const auto item = assessed(purchase_of({api(seen)}), {});
    CHECK(item.word == WorkWord::waiting);
    CHECK(item.next_step.find("dates") != std::string::npos);
}

TEST_CASE("a sale that the store sent is not told to be unsent") {
    SaleSeen seen;
    seen.system = "shopify";
    seen.reference = "#1052";
    seen.fulfillment_status = "fulfilled";
    seen.tracking_numbers = {"UB000101035CN"};
    const auto sale = fold<Sale, SaleSeen>({{origin("shopify_order_json"), seen}});
    const auto answer = where_is(sale, {}, {}, {}, {}, phrases(), now);
    CHECK(answer.reply.find("has not been sent") == std::string::npos);
    CHECK(answer.reply.find("UB000101035CN") != std::string::npos);
}

}  // namespace holdfast::desk
