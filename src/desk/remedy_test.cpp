// The arithmetic of remedies, by hand: each row's comment is the sum.
#include "desk/remedy.h"
#include "desk/test_support.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

const Day today = day("2026-11-23");
const Day bought_on = day("2026-09-01");

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }
Money jpy(std::int64_t minor) { return Money::of_minor(minor, Currency::jpy); }
Money kwd(std::int64_t minor) { return Money::of_minor(minor, Currency::kwd); }
Dated then(Money amount) { return {amount, bought_on}; }
Dated at_once(Money amount) { return {amount, today}; }

// Bought for 10, sold at 100, both in dollars; nothing received, and nothing more is known.
struct Case {
    Complaint complaint{.paid = then(usd(100'00)),
                        .supplies = {{.name = "s", .cost = then(usd(10'00))}}};
    Due due = {};
    Chances chances = {};
    RemedyRules rules = {};
    Currency report = Currency::usd;

    Supply& supply() { return complaint.supplies.front(); }
    Case& with(const std::function<void(Case&)>& change) {
        change(*this);
        return *this;
    }
};
Case plain() { return {}; }
Case granted() {
    return plain().with([](Case& c) { c.supply().claim = ClaimState::granted; });
}
Case claimable() {
    return plain().with([](Case& c) { c.supply().claim = ClaimState::open; });
}
// The parcel is under way and arrives by `basis_points`.
Case under_way(std::optional<std::int32_t> basis_points = {}) {
    return plain().with([&](Case& c) {
        c.complaint.under_way = true;
        c.chances.arrival = basis_points;
    });
}
Case there(Reason reason = Reason::damaged) {
    return plain().with([&](Case& c) {
        c.complaint.reason = reason;
        c.complaint.goods_there = true;
    });
}
// 2.9 % and 0.30 of 100.00: 2.90 + 0.30.
Case with_fee(std::int32_t kept = 10'000) {
    return plain().with([&](Case& c) {
        c.rules.fee_basis_points = 290;
        c.rules.fee_fixed = usd(30);
        c.rules.fee_kept_basis_points = kept;
    });
}
// 2 % take it back through the bank, which then takes 15.00.
Case with_chargeback(Case one) {
    one.rules.chargeback_basis_points = 200;
    one.rules.chargeback_fee = usd(15'00);
    return one;
}
Case offering(Case one, Money part) {
    one.complaint.part = at_once(part);
    return one;
}
// Sold in euros, bought in dollars.
Case in_euros() {
    return plain().with([](Case& c) {
        c.complaint.paid = then(eur(100'00));
        c.report = Currency::eur;
    });
}

Rates table() {
    Rates rates;
    const auto add = [&](Currency from, Currency to, std::string_view on, std::int64_t numerator,
                         std::int64_t denominator) {
        evolve(rates,
               RateSeen{.from = from,
                        .to = to,
                        .on = day(on),
                        .numerator = numerator,
                        .denominator = denominator},
               origin("given"));
    };
    add(Currency::usd, Currency::eur, "2026-08-01", 90, 100);
    add(Currency::usd, Currency::eur, "2026-11-01", 80, 100);
    add(Currency::usd, Currency::jpy, "2026-08-01", 150, 1);
    add(Currency::usd, Currency::kwd, "2026-08-01", 307, 1000);
    return rates;
}

Remedies remedies_of(const Case& one) {
    return desk::remedies_of(one.complaint, one.due, one.chances, one.rules, table(), one.report,
                             now);
}
const Way* find(const Remedies& remedies, std::string_view name) {
    const auto found = std::ranges::find(remedies.ways, name, &Way::name);
    return found == remedies.ways.end() ? nullptr : &*found;
}

struct Row {
    const char* name;
    Case given;
    const char* way;
    std::optional<Money> expected, best, worst;
};
std::optional<Money> none;

void check(const Row& row) {
    CAPTURE(row.name);
    const auto remedies = remedies_of(row.given);
    const auto* way = find(remedies, row.way);
    REQUIRE(way);
    CHECK(way->expected == row.expected);
    CHECK(way->best == row.best);
    CHECK(way->worst == row.worst);
    // The terms of each outcome add up to its profit.
    for (const auto& outcome : way->outcomes) {
        if (!outcome.profit) continue;
        auto sum = Money::zero(row.given.report);
        for (const auto& term : outcome.terms) sum = sum + *term.report;
        CHECK(sum == *outcome.profit);
    }
    // One of the outcomes happens; each chance is rounded by itself.
    if (std::ranges::all_of(way->outcomes,
                            [](const Outcome& one) { return one.chance.has_value(); })) {
        std::int64_t whole = 0;
        for (const auto& outcome : way->outcomes) whole += *outcome.chance;
        CHECK(std::abs(whole - 10'000) <= std::ssize(way->outcomes) / 2);
    }
    // Nothing is said to be missing where everything is known.
    CHECK((way->expected && way->best) == way->missing.empty());
}
Row same(const char* name, Case given, const char* way, Money profit) {
    return {name, std::move(given), way, profit, profit, profit};
}

}  // namespace

// clang-format off
TEST_CASE("remedies: bought for 10, sold at 100") {
    const Row rows[] = {
        // 100 - 10 - 10
        same("resend", plain(), "resend", usd(80'00)),
        // 100 - 10 - 100
        same("refund without the supplier's", plain(), "refund", usd(-10'00)),
        // 100 - 10 - 100 + 10
        same("refund with the supplier's", granted(), "refund", usd(0)),
        // 100 - 10 + 10 - 10
        same("resend after a granted claim", granted(), "resend", usd(90'00)),
        // 100 - 10 - 3
        same("a gift of 3", plain().with([](Case& c) { c.complaint.gift = at_once(usd(3'00)); }), "gift", usd(87'00)),
        // 100 - 10 - 20
        same("20 back", offering(plain(), usd(20'00)), "part_refund", usd(70'00)),
        // 100 - 10 + 10 - 20
        same("20 back, claim granted", offering(granted(), usd(20'00)), "part_refund", usd(80'00)),
        // never more than is left: 100 - 10 - 100
        same("more back than was paid", offering(plain(), usd(500'00)), "part_refund", usd(-10'00)),
        // 100 - 10 - 12
        same("resend at another price", plain().with([](Case& c) { c.complaint.resend = at_once(usd(12'00)); }), "resend", usd(78'00)),
        // 100 - 10 - 0
        same("resend for nothing", plain().with([](Case& c) { c.complaint.resend = at_once(usd(0)); }), "resend", usd(90'00)),
        // 100 - 10 - 5 - 10 - 5
        same("two purchases", plain().with([](Case& c) { c.complaint.supplies.push_back({.name = "t", .cost = then(usd(5'00))}); }), "resend", usd(70'00)),
        // 100 - 10 - 5 - 10: the other one is not sent again
        same("two purchases, one of them concerned", plain().with([](Case& c) { c.complaint.supplies.push_back({.name = "t", .cost = then(usd(5'00)), .concerned = false}); }), "resend", usd(75'00)),
        // 100 - 10 - 5 + 5 - 100
        same("two purchases, one granted", plain().with([](Case& c) { c.complaint.supplies.push_back({.name = "t", .cost = then(usd(5'00)), .claim = ClaimState::granted}); }), "refund", usd(-10'00)),
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: the supplier's refund") {
    const auto received = plain().with([](Case& c) { c.supply().received = at_once(usd(4'00)); });
    const auto rest_open = received; 
    const Row rows[] = {
        // 100 - 10 + 4 - 100
        same("a part received", received, "refund", usd(-6'00)),
        // 100 - 10 + 4 - 10
        same("a part received, resend", received, "resend", usd(84'00)),
        // granted 100 - 10 + 4 + 6 - 100 = 0, declined -6; half and half: -3
        {"the rest still open", Case(received).with([](Case& c) { c.supply().claim = ClaimState::open; c.chances.claim = 5'000; }), "claim_then_refund", usd(-3'00), usd(0), usd(-6'00)},
        // granted 100 - 10 + 10 - 10 = 90, declined 80
        {"open, chance not known", claimable(), "claim_then_resend", none, usd(90'00), usd(80'00)},
        // 0.75 * 90 + 0.25 * 80
        {"open, 75 %", claimable().with([](Case& c) { c.chances.claim = 7'500; }), "claim_then_resend", usd(87'50), usd(90'00), usd(80'00)},
        // granted surely: the declined outcome cannot happen
        same("open, surely granted", claimable().with([](Case& c) { c.chances.claim = 10'000; }), "claim_then_refund", usd(0)),
        // granted surely not: 100 - 10 - 100
        same("open, surely declined", claimable().with([](Case& c) { c.chances.claim = 0; }), "claim_then_refund", usd(-10'00)),
        // granted 100 - 10 + 7 - 100 = -3, declined -10
        {"only 7 can be claimed", claimable().with([](Case& c) { c.supply().claimable = at_once(usd(7'00)); }), "claim_then_refund", none, usd(-3'00), usd(-10'00)},
        // all received: 100 - 10 + 10 - 100, and nothing more to be granted
        same("granted and all received", granted().with([](Case& c) { c.supply().received = at_once(usd(10'00)); }), "refund", usd(0)),
        // without filing it: 100 - 10 - 10
        same("open, and not filed", claimable(), "resend", usd(80'00)),
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: it may still arrive") {
    const Row rows[] = {
        // arrives 100 - 10 = 90, else -10: 0.3 * 90 + 0.7 * -10 = 27 - 7
        {"wait then refund, 30 %", under_way(3'000), "wait_then_refund", usd(20'00), usd(90'00), usd(-10'00)},
        // arrives 90, else 80: 27 + 56
        {"wait then resend, 30 %", under_way(3'000), "wait_then_resend", usd(83'00), usd(90'00), usd(80'00)},
        // no chance invented
        {"wait then refund, not known", under_way(), "wait_then_refund", none, usd(90'00), usd(-10'00)},
        // the sale stands either way, whatever is due: 100 - 10
        same("wait alone", under_way(), "wait", usd(90'00)),
        // it does not hang on arrival: 100 - 10 - 10
        same("resend at once", under_way(), "resend", usd(80'00)),
        // it arrives after the refund, and changes nothing: 100 - 10 - 100
        same("late arrival after the refund", under_way(3'000), "refund", usd(-10'00)),
        // the same with the claim granted before: 100 - 10 + 10 - 100
        same("late arrival, claim granted", under_way(3'000).with([](Case& c) { c.supply().claim = ClaimState::granted; }), "refund", usd(0)),
        // arrives surely: 100 - 10
        same("arrives surely", under_way(10'000), "wait_then_refund", usd(90'00)),
        // arrives 90 (0.3); else granted 0 or declined -10, half and half: 27 - 0.7 * 5 = 23.50
        {"claim while it may arrive", under_way(3'000).with([](Case& c) { c.supply().claim = ClaimState::open; c.chances.claim = 5'000; }), "claim_then_refund", usd(23'50), usd(90'00), usd(-10'00)},
        // one of the two chances is not known
        {"claim, its chance not known", under_way(3'000).with([](Case& c) { c.supply().claim = ClaimState::open; }), "claim_then_refund", none, usd(90'00), usd(-10'00)},
        // arrives surely: the chance of the claim plays no part
        same("arrives surely, claim not known", under_way(10'000).with([](Case& c) { c.supply().claim = ClaimState::open; }), "claim_then_refund", usd(90'00)),
        // resending for nothing leaves 90 either way: known without the chance
        same("arrival makes no difference", under_way().with([](Case& c) { c.complaint.resend = at_once(usd(0)); }), "wait_then_resend", usd(90'00)),
        // 3333 bp of 90.00 and 6667 bp of -10.00: 29.997 - 6.667 = 23.33
        {"a third", under_way(3'333), "wait_then_refund", usd(23'33), usd(90'00), usd(-10'00)},
        // sold at 0.01 for 0: 0.5 * 1 cent, half a cent goes to the even one: 0
        {"half a cent", under_way(5'000).with([](Case& c) { c.complaint.paid = then(usd(1)); c.supply().cost = then(usd(0)); }), "wait_then_refund", usd(0), usd(1), usd(0)},
        // sold at 0.03 for 0: 1.5 cents go to 2
        {"one and a half", under_way(5'000).with([](Case& c) { c.complaint.paid = then(usd(3)); c.supply().cost = then(usd(0)); }), "wait_then_refund", usd(2), usd(3), usd(0)},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: offers") {
    const auto offer = offering(there(), usd(20'00));
    const Row rows[] = {
        // accepted 100 - 10 - 20 = 70, else -10
        {"20 or all back", offer, "part_refund_then_refund", none, usd(70'00), usd(-10'00)},
        // 0.6 * 70 + 0.4 * -10
        {"20 or all back, 60 %", Case(offer).with([](Case& c) { c.chances.accept = 6'000; }), "part_refund_then_refund", usd(38'00), usd(70'00), usd(-10'00)},
        // accepted 70, else sent again 80: 0.6 * 70 + 0.4 * 80
        {"20 or sent again, 60 %", Case(offer).with([](Case& c) { c.chances.accept = 6'000; }), "part_refund_then_resend", usd(74'00), usd(80'00), usd(70'00)},
        // accepted 100 - 10 - 3 = 87, else -10: 0.5 * 77
        {"a gift or all back, 50 %", there().with([](Case& c) { c.complaint.gift = at_once(usd(3'00)); c.chances.accept = 5'000; }), "gift_then_refund", usd(38'50), usd(87'00), usd(-10'00)},
        // what the gift costs was not said: no sum at all
        {"a gift without a cost", there(), "gift", none, none, none},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: returns") {
    const auto returned = there().with([](Case& c) { c.complaint.return_postage = at_once(usd(8'00)); });
    const Row rows[] = {
        // 100 - 10 - 8 - 100
        same("we pay the way", returned, "return", usd(-18'00)),
        // 100 - 10 - 100
        same("the customer pays the way", there(Reason::change_of_mind).with([](Case& c) { c.due.what = Due::What::return_for_refund; c.due.customer_bears_postage = true; }), "return", usd(-10'00)),
        // 100 - 10 + 10 - 8 - 100
        same("we pay the way, claim granted", Case(returned).with([](Case& c) { c.supply().claim = ClaimState::granted; }), "return", usd(-8'00)),
        // the postage was not said
        {"postage not known", there(), "return", none, none, none},
        // accepted 70, else -18: 0.5 * 52
        {"20, else back", offering(Case(returned), usd(20'00)).with([](Case& c) { c.chances.accept = 5'000; }), "part_refund_then_return", usd(26'00), usd(70'00), usd(-18'00)},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: fees, and money that went back before") {
    const auto before = plain().with([](Case& c) { c.complaint.refunded = then(usd(30'00)); });
    const auto fee_before = with_fee(0).with([](Case& c) { c.complaint.refunded = then(usd(50'00)); });
    const Row rows[] = {
        // 100 - 2.90 - 0.30 - 10 - 10
        same("fee, resend", with_fee(), "resend", usd(76'80)),
        // 100 - 3.20 - 10 - 100: kept
        same("fee kept on refund", with_fee(), "refund", usd(-13'20)),
        // 100 - 3.20 - 10 - 100 + 3.20: given back
        same("fee given back on refund", with_fee(0), "refund", usd(-10'00)),
        // kept by half: 100 - 3.20 - 10 - 100 + 1.45 + 0.15
        same("half the fee kept", with_fee(5'000), "refund", usd(-11'60)),
        // 25 % goes back: 100 - 3.20 - 10 - 25 + 0.725 (split 72.5: 73 to the first) + 0.08
        same("fee back in part", offering(with_fee(0), usd(25'00)), "part_refund", usd(62'61)),
        // 100 - 30 - 10 - 70
        same("30 went back before", before, "refund", usd(-10'00)),
        // 100 - 30 - 10 - 10
        same("30 went back before, resend", before, "resend", usd(50'00)),
        // 50 before with 1.45 + 0.15 back, 50 now with 1.45 + 0.15 back: as if at once
        same("fee back in two parts", fee_before, "refund", usd(-10'00)),
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: the chance of a chargeback") {
    const auto gift = with_chargeback(there().with([](Case& c) { c.complaint.gift = at_once(usd(3'00)); }));
    const Row rows[] = {
        // 87; with 2 %: - 100 - 15. 87 - 0.02 * 115
        {"a gift for broken goods", gift, "gift", usd(84'70), usd(87'00), usd(-28'00)},
        // 70; with 2 %: - 80 - 15. 70 - 0.02 * 95
        {"20 back for broken goods", with_chargeback(offering(there(), usd(20'00))), "part_refund", usd(68'10), usd(70'00), usd(-25'00)},
        // who has all the money back takes nothing back
        same("a refund", with_chargeback(plain()), "refund", usd(-10'00)),
        // who has the goods as ordered takes nothing back
        same("a resend", with_chargeback(plain()), "resend", usd(80'00)),
        // who accepted an offer takes nothing back: 70 or -10
        {"an offer", with_chargeback(offering(there(), usd(20'00))), "part_refund_then_refund", none, usd(70'00), usd(-10'00)},
        // waiting: arrives 90 (0.3), else 90 less 2 % of 115: 90 - 0.7 * 2.30 = 88.39
        {"waiting alone, 30 %", with_chargeback(under_way(3'000)), "wait", usd(88'39), usd(90'00), usd(-25'00)},
        // waiting: now it hangs on the arrival
        {"waiting alone, not known", with_chargeback(under_way()), "wait", none, usd(90'00), usd(-25'00)},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("remedies: several currencies") {
    const auto yen = plain().with([](Case& c) { c.complaint.paid = then(jpy(15'000)); c.report = Currency::jpy; });
    const auto dinar = plain().with([](Case& c) { c.complaint.paid = then(kwd(30'700)); c.report = Currency::kwd; });
    const Row rows[] = {
        // 100 EUR - 10 USD at 0.90 - 10 USD at today's 0.80 = 100 - 9 - 8
        same("euros, resend at today's rate", in_euros(), "resend", eur(83'00)),
        // 100 - 9 - 100 + 10 USD at 0.80 = -1: the dollar fell since
        same("euros, refund and claim", in_euros().with([](Case& c) { c.supply().claim = ClaimState::granted; }), "refund", eur(-1'00)),
        // 100 - 9 - 2 USD at 0.80
        same("euros, a gift in dollars", in_euros().with([](Case& c) { c.complaint.gift = at_once(usd(2'00)); }), "gift", eur(89'40)),
        // reported in dollars: 100 EUR / 0.90 = 111.11 - 10 - 100 EUR / 0.80 = 125.00
        same("euros, reported in dollars", in_euros().with([](Case& c) { c.report = Currency::usd; }), "refund", usd(-23'89)),
        // 15000 - 1500 - 1500
        same("yen, no decimals", yen, "resend", jpy(12'000)),
        // 10.01 USD is 1501.5 yen, to the even 1502: 15000 - 1502 - 15000
        same("yen, half a unit", Case(yen).with([](Case& c) { c.supply().cost = then(usd(10'01)); }), "refund", jpy(-1'502)),
        // 30.700 - 3.070 - 3.070
        same("dinars, three decimals", dinar, "resend", kwd(24'560)),
        // 1.25 USD is 0.38375 KWD, to 0.384: 30.700 - 0.384 - 30.700
        same("dinars, rounded", Case(dinar).with([](Case& c) { c.supply().cost = then(usd(1'25)); }), "refund", kwd(-384)),
        // a rate that does not exist: no sum
        {"pounds, no rate", plain().with([](Case& c) { c.report = Currency::gbp; }), "refund", none, none, none},
        // 0.3 * (15000 - 1500) + 0.7 * -1500
        {"yen, expected", Case(yen).with([](Case& c) { c.complaint.under_way = true; c.chances.arrival = 3'000; }), "wait_then_refund", jpy(3'000), jpy(13'500), jpy(-1'500)},
    };
    for (const auto& row : rows) check(row);
}
// clang-format on

TEST_CASE("remedies: each term names its amount, its rate and the rate's day") {
    const auto remedies = remedies_of(in_euros());
    const auto* way = find(remedies, "resend");
    REQUIRE(way);
    REQUIRE(way->outcomes.size() == 1);
    const auto& terms = way->outcomes.front().terms;
    REQUIRE(terms.size() == 3);
    CHECK(terms[0] ==
          SumTerm{.label = "sold", .amount = eur(100'00), .report = eur(100'00), .on = bought_on});
    const RateUsed old_rate{Currency::usd, Currency::eur, {90, 100}, day("2026-08-01")};
    const RateUsed new_rate{Currency::usd, Currency::eur, {80, 100}, day("2026-11-01")};
    CHECK(terms[1] == SumTerm{.label = "bought: s",
                              .amount = usd(-10'00),
                              .report = eur(-9'00),
                              .on = bought_on,
                              .rates = {old_rate}});
    CHECK(terms[2] == SumTerm{.label = "bought again: s",
                              .amount = usd(-10'00),
                              .report = eur(-8'00),
                              .on = today,
                              .rates = {new_rate}});
}

TEST_CASE("remedies: what moves today") {
    auto one = offering(there(), usd(20'00));
    one.complaint.gift = at_once(usd(3'00));
    one.complaint.return_postage = at_once(usd(8'00));
    one.supply().claim = ClaimState::open;
    const auto remedies = remedies_of(one);
    const std::pair<const char*, Money> rows[] = {
        {"resend", usd(-10'00)},
        {"refund", usd(-100'00)},
        {"part_refund", usd(-20'00)},
        {"gift", usd(-3'00)},
        {"return", usd(-8'00)},
        {"claim_then_refund", usd(0)},
        {"part_refund_then_refund", usd(0)},
    };
    for (const auto& [name, cash] : rows) {
        CAPTURE(name);
        const auto* way = find(remedies, name);
        REQUIRE(way);
        CHECK(way->cash_now == cash);
    }
}

TEST_CASE("remedies: less than is due is not allowed, whatever it earns") {
    auto one = offering(there(), usd(20'00));
    one.complaint.gift = at_once(usd(3'00));
    one.due = {.what = Due::What::goods_or_refund, .basis = {"EU-9: two years"}};
    const auto remedies = remedies_of(one);
    for (const auto* name : {"gift", "part_refund", "wait", "claim_then_refund"}) {
        CAPTURE(name);
        const auto* way = find(remedies, name);
        REQUIRE(way);
        CHECK_FALSE(way->allowed);
        CHECK_FALSE(way->reason.empty());
    }
    CHECK(find(remedies, "gift")->reason.find("EU-9") != std::string::npos);
    CHECK(find(remedies, "gift")->best == usd(87'00));  // the sum is shown all the same
    CHECK(find(remedies, "part_refund_then_refund")->allowed);
    CHECK(remedies.ways.front().name == "resend");
    // What is allowed stands before what is not, most profit first.
    bool allowed = true;
    for (const auto& way : remedies.ways) {
        CHECK((allowed || !way.allowed));
        allowed = way.allowed;
    }
}

TEST_CASE("remedies: a part that is all there is left gives what is due") {
    auto one = offering(plain(), usd(70'00));
    one.complaint.refunded = then(usd(30'00));
    CHECK(find(remedies_of(one), "part_refund")->allowed);
    one.complaint.part = at_once(usd(69'99));
    CHECK_FALSE(find(remedies_of(one), "part_refund")->allowed);
}

TEST_CASE("remedies: where nothing is due, everything that can be done is allowed") {
    auto one = offering(there(Reason::late), usd(20'00));
    one.complaint.gift = at_once(usd(3'00));
    one.due.what = Due::What::nothing;
    const auto remedies = remedies_of(one);
    CHECK(find(remedies, "gift")->allowed);
    CHECK(find(remedies, "part_refund")->allowed);
    CHECK_FALSE(find(remedies, "resend")->allowed);  // the goods are there
    CHECK(remedies.ways.front().name == "gift");
}

TEST_CASE("remedies: who does not want the goods is sent no others") {
    for (auto one : {there(Reason::change_of_mind), under_way(), plain()}) {
        one.complaint.reason = Reason::change_of_mind;
        const auto remedies = remedies_of(one);
        const auto* resend = find(remedies, "resend");
        REQUIRE(resend);
        CHECK_FALSE(resend->allowed);
        CHECK(resend->reason ==
              "the customer does not want the goods: there is nothing to send again");
        CHECK(find(remedies, "refund")->allowed);
        CHECK(find(remedies, "part_refund_then_resend") == nullptr);
    }
}

TEST_CASE("remedies: another thing than is due needs the customer's word") {
    auto one = under_way();
    one.due = {.what = Due::What::refund};
    CHECK(find(remedies_of(one), "resend")->condition.find("agrees") != std::string::npos);
    CHECK(find(remedies_of(one), "refund")->condition.empty());
    one.due = {.what = Due::What::goods, .by = now + days{10}};
    CHECK(find(remedies_of(one), "wait_then_refund")->by == now + days{10});
    CHECK(find(remedies_of(one), "resend")->condition.find("arrives after") != std::string::npos);
    one.rules.resend_days = 9;
    CHECK(find(remedies_of(one), "resend")->condition.empty());
}

TEST_CASE("remedies: all refunded, or nothing known of the purchase") {
    auto one = plain();
    one.complaint.refunded = then(usd(100'00));
    one.due.what = Due::What::nothing;
    CHECK_FALSE(find(remedies_of(one), "refund")->allowed);
    one = plain();
    one.complaint.supplies.clear();
    const auto remedies = remedies_of(one);
    const auto* way = find(remedies, "refund");
    CHECK_FALSE(way->best.has_value());
    REQUIRE(way->missing.size() == 1);
    CHECK(way->missing.front().find("purchase") != std::string::npos);
    CHECK(way->cash_now == usd(-100'00));
    CHECK_FALSE(find(remedies, "resend")->cash_now.has_value());
}

TEST_CASE("remedies: the largest sums end in no answer, not in a wrong one") {
    auto one = plain();
    const auto most = Money::of_minor(Money::max_minor, Currency::usd);
    one.complaint.paid = then(most);
    one.supply().cost = then(most);
    CHECK(find(remedies_of(one), "wait")->best == usd(0));
    CHECK(find(remedies_of(one), "resend")->best == -most);
    one.complaint.resend = at_once(most);
    one.complaint.supplies.push_back({.name = "t", .cost = then(most)});
    CHECK_FALSE(find(remedies_of(one), "resend")->best.has_value());
    CHECK_FALSE(find(remedies_of(one), "resend")->missing.empty());
}

TEST_CASE("remedies: an expected profit lies between the worst and the best") {
    Dice dice(20261123);
    for (int i = 0; i < 300; ++i) {
        auto one = under_way(static_cast<std::int32_t>(dice.below(10'001)));
        one.chances.claim = static_cast<std::int32_t>(dice.below(10'001));
        one.chances.accept = static_cast<std::int32_t>(dice.below(10'001));
        one.rules.chargeback_basis_points = static_cast<std::int32_t>(dice.below(10'001));
        one.rules.fee_basis_points = static_cast<std::int32_t>(dice.below(1'000));
        one.rules.fee_kept_basis_points = static_cast<std::int32_t>(dice.below(10'001));
        one.complaint.paid = then(usd(static_cast<std::int64_t>(dice.below(1'000'000))));
        one.supply().cost = then(usd(static_cast<std::int64_t>(dice.below(1'000'000))));
        one.complaint.part = at_once(usd(static_cast<std::int64_t>(dice.below(1'000'000))));
        one.complaint.gift = at_once(usd(static_cast<std::int64_t>(dice.below(1'000))));
        one.supply().claim = dice.once_in(2) ? ClaimState::open : ClaimState::granted;
        for (const auto& way : remedies_of(one).ways) {
            if (way.name == "return" || way.name.ends_with("then_return")) continue;
            CAPTURE(i);
            CAPTURE(way.name);
            REQUIRE(way.expected.has_value());
            CHECK(*way.worst <= *way.expected);
            CHECK(*way.expected <= *way.best);
        }
    }
}

// --- Waiting for some days, another supplier, the part that pays best

TEST_CASE("remedies: each wait of some days is a way of its own, with its own chance") {
    auto one = under_way(5'000).with(
        [](Case& c) { c.chances.arrival_within = {{7, 1'000}, {14, 2'000}}; });
    const auto found = remedies_of(one);
    // Arrives: 90. Else 100 - 10 - 100.
    const auto* week = find(found, "wait_7_days_then_refund");
    REQUIRE(week);
    CHECK(week->expected == usd(0));  // .1 * 90 - .9 * 10
    CHECK(week->by == now + std::chrono::days{7});
    CHECK(find(found, "wait_14_days_then_refund")->expected == usd(10'00));
    CHECK(find(found, "wait_14_days_then_resend")->expected == usd(82'00));  // .2 * 90 + .8 * 80
    CHECK(find(found, "wait_then_refund")->expected == usd(40'00));
    one.complaint.wait_until = now + std::chrono::days{20};
    one.chances.arrival_by_promise = 3'000;
    CHECK(find(remedies_of(one), "wait_then_refund")->expected == usd(20'00));
}

TEST_CASE("remedies: no wait goes beyond the day until which the customer has to") {
    auto one = under_way(5'000).with([](Case& c) {
        c.chances.arrival_within = {{7, 1'000}, {14, 2'000}};
        c.due = {.what = Due::What::goods, .by = now + std::chrono::days{10}};
    });
    const auto found = remedies_of(one);
    CHECK(find(found, "wait_7_days_then_refund"));
    CHECK_FALSE(find(found, "wait_14_days_then_refund"));
}

TEST_CASE("remedies: another supplier is a way where its price is known") {
    CHECK_FALSE(find(remedies_of(plain()), "resend_other"));
    const auto found =
        remedies_of(plain().with([](Case& c) { c.complaint.resend_other = at_once(usd(13'00)); }));
    CHECK(find(found, "resend_other")->expected == usd(77'00));
    CHECK(find(found, "resend_other")->cash_now == usd(-13'00));
}

TEST_CASE("remedies: acceptance goes straight from point to point") {
    const Chances chances{.accept_part = {{1'000, 2'000}, {5'000, 8'000}}};
    struct Row {
        std::int64_t part;
        std::int32_t expected;
    };
    const Row rows[] = {{0, 0},         {5'00, 1'000},  {10'00, 2'000},
                        {30'00, 5'000}, {50'00, 8'000}, {90'00, 8'000}};
    for (const auto& row : rows) {
        CAPTURE(row.part);
        CHECK(accept_of(chances, usd(row.part), usd(100'00)) == row.expected);
    }
    CHECK(accept_of({.accept = 70}, usd(1), usd(100'00)) == 70);
}

TEST_CASE("remedies: the part that pays best is that of looking at each one") {
    Dice dice(20261130);
    int found_some = 0;
    for (int round = 0; round < 25; ++round) {
        CAPTURE(round);
        const auto paid = static_cast<std::int64_t>(150 + dice.below(200));
        auto one = there();
        one.complaint.paid = then(usd(paid));
        one.complaint.supplies.front().cost = then(usd(static_cast<std::int64_t>(dice.below(200))));
        if (dice.once_in(3))
            one.complaint.refunded = then(usd(static_cast<std::int64_t>(1 + dice.below(150))));
        if (dice.once_in(2)) {
            one.rules.fee_basis_points = static_cast<std::int32_t>(dice.below(900));
            one.rules.fee_kept_basis_points = static_cast<std::int32_t>(dice.below(10'001));
        }
        if (dice.once_in(3)) one.report = Currency::eur;
        std::int32_t share = 0;
        for (std::size_t i = 0; i < 1 + dice.below(4); ++i) {
            share += static_cast<std::int32_t>(1 + dice.below(2'500));
            one.chances.accept_part.push_back(
                {share, static_cast<std::int32_t>(dice.below(10'001))});
        }
        const auto chosen = remedies_of(one);
        const auto* way = find(chosen, "part_refund_then_refund");
        const auto no_offer = find(chosen, "refund")->expected;
        REQUIRE(no_offer);
        const auto rest =
            paid - (one.complaint.refunded ? one.complaint.refunded->amount.minor() : 0);
        auto best = no_offer->minor();
        for (std::int64_t part = 1; part < rest; ++part) {
            const auto tried = remedies_of(offering(one, usd(part)));
            best = std::max(best, find(tried, "part_refund_then_refund")->expected->minor());
        }
        if (way && way->part) {
            ++found_some;
            CHECK(std::abs(best - way->expected->minor()) <= 1);
        } else {
            CHECK(best - no_offer->minor() <= 1);
        }
    }
    CHECK(found_some > 10);
}

TEST_CASE(
    "remedies: whatever is known and whatever pays, nothing less than what is due is advised") {
    Dice dice(7);
    const Due::What whats[] = {Due::What::goods, Due::What::goods_or_refund, Due::What::refund,
                               Due::What::return_for_refund};
    const Reason reasons[] = {Reason::not_received, Reason::late, Reason::damaged,
                              Reason::wrong_item};
    for (int round = 0; round < 400; ++round) {
        CAPTURE(round);
        auto one = plain();
        one.complaint.reason = reasons[dice.below(4)];
        one.complaint.goods_there =
            one.complaint.reason != Reason::not_received && !dice.once_in(3);
        one.complaint.under_way = !one.complaint.goods_there && dice.once_in(2);
        one.complaint.paid = then(usd(static_cast<std::int64_t>(1 + dice.below(20'000))));
        one.supply().cost = then(usd(static_cast<std::int64_t>(dice.below(20'000))));
        one.supply().claim = static_cast<ClaimState>(dice.below(3));
        one.due.what = whats[dice.below(4)];
        if (one.due.what == Due::What::goods)
            one.due.by = now + std::chrono::days{static_cast<int>(dice.below(40))};
        one.chances.arrival = static_cast<std::int32_t>(dice.below(10'001));
        one.chances.claim = static_cast<std::int32_t>(dice.below(10'001));
        one.chances.arrival_within = {{7, 2'000}, {14, 9'999}, {30, 10'000}};
        if (dice.once_in(2)) one.chances.accept_part = {{100, 10'000}};
        if (dice.once_in(2)) one.complaint.gift = at_once(usd(1));
        if (dice.once_in(2)) one.complaint.resend_other = at_once(usd(1));
        for (const auto& way : remedies_of(one).ways) {
            if (!way.allowed) continue;
            CAPTURE(way.name);
            const auto last = way.steps.back();
            const bool gives_all = last == Step::refund || last == Step::resend ||
                                   last == Step::resend_other || last == Step::return_goods;
            const bool is_whole = way.steps.size() == 1 && way.part == one.complaint.paid.amount;
            CHECK((gives_all || is_whole));
            if (way.wait_days && one.due.by)
                CHECK(now + std::chrono::days{*way.wait_days} <= *one.due.by);
            const bool sends = last == Step::resend || last == Step::resend_other;
            if (sends && one.due.what == Due::What::refund)
                CHECK(way.condition.contains("only if the customer agrees"));
        }
    }
}

}  // namespace holdfast::desk
