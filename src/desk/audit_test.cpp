#include "desk/audit.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

WorkItem item_of(WorkWord word, Money stake, std::optional<Duration> left = {},
                 std::string seller = "Lantern Store") {
    WorkItem item;
    item.word = word;
    item.at_stake = stake;
    item.terms_id = "t";
    item.seller = std::move(seller);
    if (left) item.closes_at = now + *left;
    return item;
}

Purchase known() {
    auto seen = purchase_seen("1");
    seen.phase = Phase::shipped;
    return purchase_of({api(seen)});
}

}  // namespace

TEST_CASE("audit: every word goes to its sum") {
    Audit audit(now);
    audit.add(item_of(WorkWord::claim_now, usd(1000), days{3}), known());
    audit.add(item_of(WorkWord::closing_soon, usd(200), days{3} + Duration{1}), known());
    audit.add(item_of(WorkWord::answer_due, usd(30), days{31}), known());
    audit.add(item_of(WorkWord::missed, usd(500), -days{30}), known());
    audit.add(item_of(WorkWord::missed, usd(600), -days{60}, "Other Store"), known());
    audit.add(item_of(WorkWord::waiting, usd(7)), known());
    audit.add(item_of(WorkWord::ask_extension, usd(8)), known());
    audit.add(item_of(WorkWord::none, usd(0)), known());
    audit.add(item_of(WorkWord::missed, Money::of_minor(5, Currency::eur)), known());
    WorkItem nothing_known;
    nothing_known.word = WorkWord::waiting;
    audit.add(nothing_known, Purchase{});

    const auto& totals = audit.totals();
    const auto& sums = totals.currencies.at(Currency::usd);
    CHECK(totals.purchases == 10);
    CHECK(totals.settled == 1);
    CHECK(totals.unknown == 1);
    CHECK(sums.open_now == AuditSum{3, 1230});
    CHECK(sums.closing_3_days == AuditSum{1, 1000});
    CHECK(sums.closing_7_days == AuditSum{2, 1200});
    CHECK(sums.closing_30_days == AuditSum{2, 1200});
    CHECK(sums.lapsed == AuditSum{2, 1100});
    CHECK(sums.lapsed_by_month.at("2026-10") == AuditSum{1, 500});
    CHECK(sums.lapsed_by_month.at("2026-09") == AuditSum{1, 600});
    CHECK(sums.waiting == AuditSum{2, 15});
    CHECK(totals.currencies.at(Currency::eur).lapsed_by_month.at("unknown") == AuditSum{1, 5});
    const auto top = top_sellers(sums.lapsed_by_seller, 1);
    REQUIRE(top.size() == 1);
    CHECK(top[0].first == "Other Store");
}

TEST_CASE("audit: the scenario") {
    Audit audit(now);
    for (const auto& scenario : scenarios())
        audit.add(test::assess(scenario, current_terms()), purchase_of(scenario.purchase));
    const auto& totals = audit.totals();
    const auto& sums = totals.currencies.at(Currency::usd);
    CHECK(totals.purchases == 8);
    CHECK(totals.settled == 2);
    CHECK(sums.open_now == AuditSum{3, 2200 + 4106 + 3170});
    CHECK(sums.waiting == AuditSum{3, 1149 + 3900 + 1425});
    CHECK(totals.age.newest == now);
}

TEST_CASE("audit: what was recovered is what came back") {
    auto seen = purchase_seen("1");
    seen.total = usd(1000);
    seen.refunded = usd(1000);
    seen.phase = Phase::shipped;
    Audit audit(now);
    const Scenario scenario{{api(seen)}, {}};
    audit.add(test::assess(scenario, current_terms()), purchase_of(scenario.purchase));
    CHECK(audit.totals().currencies.at(Currency::usd).recovered == AuditSum{1, 1000});
    // A part that came counts whatever the word of the rest is; a claim that was granted and whose
    // money nobody saw does not.
    seen.reference = "2";
    seen.refunded = usd(400);
    audit.add(item_of(WorkWord::missed, usd(600)), purchase_of({api(seen)}));
    auto granted = purchase_seen("3");
    granted.total = usd(1000);
    granted.end_reason = "seller_accept_issue_no_goods_return";
    audit.add(item_of(WorkWord::recovered, usd(0)), purchase_of({api(granted)}));
    CHECK(audit.totals().currencies.at(Currency::usd).recovered == AuditSum{2, 1400});
    CHECK(audit.totals().currencies.at(Currency::usd).lapsed == AuditSum{1, 600});
}

}  // namespace holdfast::desk
