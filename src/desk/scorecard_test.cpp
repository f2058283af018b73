#include "desk/scorecard.h"
#include "desk/audit.h"
#include "desk/claim_end.h"
#include "desk/recovery.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

// A purchase of 20.00 that was promised by 1 November and sent on 1 September.
struct Bought {
    Purchase purchase;
    std::vector<Parcel> parcels;
    WorkItem item;

    Bought& with_parcel(ParcelStatus status, std::string_view last_scan) {
        parcels.push_back(parcel_of({tracked(
            parcel_seen("LB000101018CN", status,
                        {{"2026-09-01T00:00:00Z", ParcelStatus::moving}, {last_scan, status}}))}));
        return *this;
    }
    Bought& with_claim(std::string_view status, std::optional<std::string_view> ended,
                       std::optional<std::int64_t> came, std::string_view came_at = {}) {
        auto told = purchase_seen(purchase.reference);
        DisputeSeen dispute;
        dispute.dispute_id = "1";
        dispute.status = status;
        dispute.opened = seen("2026-11-02T00:00:00Z");
        dispute.requested = usd(20'00);
        if (ended) dispute.ended = seen(*ended);
        told.disputes = {dispute};
        told.in_dispute = !ended;
        if (came) told.refunded = usd(*came);
        if (!came_at.empty()) told.refunded_at = seen(came_at);
        evolve(purchase, told, origin("aliexpress_issue_api"));
        return *this;
    }
};

Bought bought(int number) {
    auto told = api_order(number, "2026-08-31T00:00:00Z", Phase::shipped, "SHIPPED", 20'00);
    told.paid = seen("2026-08-31T00:00:00Z");
    Bought one{.purchase = purchase_of({api(told)}), .parcels = {}, .item = {}};
    one.item.system = one.purchase.system;
    one.item.reference = one.purchase.reference;
    one.item.seller = "Fine Things";
    one.item.promised_by = instant("2026-11-01T00:00:00Z");
    return one;
}

Scorecard card_of(const std::vector<Bought>& all) {
    Scorecards cards(now);
    for (const auto& one : all) cards.add(one.item, one.purchase, one.parcels);
    const auto found = cards.cards();
    REQUIRE(found.size() == 1);
    return found.front();
}

Recovery recovery_of(const std::vector<Bought>& all) {
    Recovery recovery;
    for (const auto& one : all) recovery.add(one.item, one.purchase);
    return recovery;
}

}  // namespace

TEST_CASE("scorecards: promise against arrival") {
    const auto card =
        card_of({bought(1).with_parcel(ParcelStatus::delivered, "2026-09-21T00:00:00Z"),
                 bought(2).with_parcel(ParcelStatus::delivered, "2026-11-11T00:00:00Z"),
                 bought(3).with_parcel(ParcelStatus::moving, "2026-09-11T00:00:00Z"),
                 bought(4).with_parcel(ParcelStatus::returning, "2026-10-01T00:00:00Z")});
    CHECK(card.seller == "Fine Things");
    CHECK(card.purchases == 4);
    CHECK(card.in_time == 1);
    CHECK(card.late == 1);
    CHECK(card.missing == 2);
    CHECK(card.lost == 1);
    CHECK(card.days_late == 10);
    CHECK(card.days_to_arrive == 20);
    CHECK(card.kept_promise()->seen == 2'500);
}

TEST_CASE(
    "scorecards: an estimated promise is nobody's word, and is not held against the supplier") {
    auto one = bought(1).with_parcel(ParcelStatus::delivered, "2026-11-11T00:00:00Z");
    one.item.promise_estimated = true;
    CHECK(card_of({one}).late == 0);
    CHECK_FALSE(card_of({one}).kept_promise());
}

TEST_CASE("scorecards: claims by how they ended, and the days until their money") {
    const auto card = card_of(
        {bought(1), bought(2).with_claim("processing", {}, {}),
         bought(3).with_claim("finish", "2026-11-10T00:00:00Z", 20'00, "2026-11-12T00:00:00Z"),
         bought(4).with_claim("finish", "2026-11-10T00:00:00Z", 5'00, "2026-11-22T00:00:00Z"),
         bought(5).with_claim("finish", "2026-11-10T00:00:00Z", {})});
    CHECK(card.claims == 4);
    CHECK(card.open == 1);
    CHECK(card.granted == 1);
    CHECK(card.partly == 1);
    CHECK(card.declined == 1);
    CHECK(card.decided() == 3);
    CHECK(card.won()->seen == 6'667);
    CHECK(card.won()->low < 6'667);
    CHECK(card.days_to_money == 10);
    CHECK(card.money.at(Currency::usd) ==
          ScoreMoney{.bought = 100'00, .claimed = 80'00, .received = 25'00});
}

TEST_CASE("reports: a claim that was filed by hand runs until a source says what became of it") {
    auto one = bought(901);
    one.item.word = WorkWord::waiting;
    one.item.at_stake = usd(20'00);
    const FiledClaim filed{now, "C1"};
    const auto reports = [&] {
        Scorecards cards(now);
        cards.add(one.item, one.purchase, one.parcels, filed);
        Recovery recovery;
        recovery.add(one.item, one.purchase, filed);
        const auto found = recovery.currencies().find(Currency::usd);
        return std::pair(cards.cards().front(), found == recovery.currencies().end()
                                                    ? AuditSum{}
                                                    : found->second.hoped_for);
    };
    CHECK(reports().first.claims == 1);
    CHECK(reports().first.open == 1);
    CHECK(reports().first.money.at(Currency::usd).claimed == 20'00);
    CHECK(reports().second == AuditSum{1, 20'00});
    one.with_claim("processing", {}, {});  // the platform shows it now: it is the same claim
    CHECK(reports().first.claims == 1);
    CHECK(reports().second == AuditSum{1, 20'00});
}

TEST_CASE("recovery: what is owed, for how long, and what came") {
    auto granted =
        bought(1).with_claim("finish", "2026-11-10T00:00:00Z", 15'00, "2026-11-12T00:00:00Z");
    auto ended = purchase_seen(granted.purchase.reference);
    ended.end_reason = "seller_accept_issue_no_goods_return";
    evolve(granted.purchase, ended, origin("aliexpress_order_api"));
    auto cancelled = bought(2);
    auto end = purchase_seen(cancelled.purchase.reference);
    end.phase = Phase::cancelled;
    end.end_reason = "seller_send_goods_timeout";
    end.ended = seen("2026-09-20T00:00:00Z");
    evolve(cancelled.purchase, end, origin("aliexpress_order_api"));
    const auto recovery =
        recovery_of({granted, cancelled, bought(3).with_claim("processing", {}, {}), bought(4)});
    const auto& sums = recovery.currencies().at(Currency::usd);
    CHECK(sums.hoped_for == AuditSum{1, 20'00});
    CHECK(sums.expected == AuditSum{2, 40'00});
    CHECK(sums.received == AuditSum{1, 15'00});
    CHECK(sums.owed == AuditSum{2, 25'00});
    CHECK(sums.received_by_month.at("2026-11") == AuditSum{1, 15'00});
    const auto owed = recovery.owed();
    REQUIRE(owed.size() == 2);
    CHECK(owed[0].why == "cancelled after payment");
    CHECK(owed[0].rest == usd(20'00));
    CHECK(owed[1].rest == usd(5'00));
    CHECK(owed[1].since == instant("2026-11-10T00:00:00Z"));
}

TEST_CASE("recovery: lines that were cancelled are owed, also while a claim on the others runs") {
    const auto add = [](Recovery& recovery, const Scenario& scenario,
                        std::optional<std::int64_t> came) {
        auto purchase = purchase_of(scenario.purchase);
        auto told = purchase_seen(purchase.reference);
        if (came) told.refunded = usd(*came);
        evolve(purchase, told, origin("aliexpress_order_api"));
        const auto parcels = parcels_of(scenario);
        recovery.add(assess(purchase, parcels, {}, current_terms(), {}, now), purchase);
    };
    Recovery recovery;
    add(recovery, scenario_106(), {});
    const auto& sums = recovery.currencies().at(Currency::usd);
    CHECK(sums.hoped_for == AuditSum{1, 39'00});
    CHECK(sums.expected == AuditSum{1, 34'00});
    CHECK(sums.owed == AuditSum{1, 34'00});
    REQUIRE(recovery.owed().size() == 1);
    CHECK(recovery.owed()[0].why.starts_with("cancelled after payment: "));
    add(recovery, scenario_106(), 10'00);  // less what came
    CHECK(sums.expected == AuditSum{2, 68'00});
    CHECK(sums.owed == AuditSum{2, 58'00});
    add(recovery, scenario_106(), 34'00);
    CHECK(sums.owed == AuditSum{2, 58'00});
}

TEST_CASE("reports: one sum came back and one was claimed, whichever of them is asked") {
    auto one =
        bought(1).with_claim("finish", "2026-11-10T00:00:00Z", 20'00, "2026-11-12T00:00:00Z");
    auto nameless = bought(2);  // the platform granted it, and nobody named a sum
    auto told = purchase_seen(nameless.purchase.reference);
    told.end_reason = "seller_response_issue_timeout";
    evolve(nameless.purchase, told, origin("aliexpress_order_api"));
    auto part = bought(3).with_claim("finish", "2026-11-10T00:00:00Z", 5'00);
    const std::vector<Bought> all{one, nameless, part};
    Audit audit(now);
    for (const auto& each : all) audit.add(each.item, each.purchase);
    const auto card = card_of(all).money.at(Currency::usd);
    const auto recovered = recovery_of(all).currencies().at(Currency::usd);
    CHECK(card.claimed == 60'00);
    CHECK(card.received == 25'00);
    CHECK(recovered.received == AuditSum{2, 25'00});
    CHECK(audit.totals().currencies.at(Currency::usd).recovered == recovered.received);
}

TEST_CASE("shares: the bounds hold what was seen and never leave 0 to 100 %") {
    CHECK_FALSE(share_seen(0, 0));
    for (std::uint64_t all = 1; all < 60; ++all)
        for (std::uint64_t yes = 0; yes <= all; ++yes) {
            const auto share = *share_seen(yes, all);
            CHECK(0 <= share.low);
            CHECK(share.low <= share.seen);
            CHECK(share.seen <= share.high);
            CHECK(share.high <= 10'000);
        }
    CHECK(share_seen(0, 5)->low == 0);
    CHECK(share_seen(5, 5)->high == 10'000);
}

}  // namespace holdfast::desk
