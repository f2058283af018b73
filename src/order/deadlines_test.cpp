// What each default does, to a dispute and to the order, under terms made of that one clause.
#include "order/test_support.h"

namespace holdfast::order {
namespace {

using namespace test;

constexpr DisputeNo first{1};

terms::Terms with(const std::string& clause) {
    return load_terms(R"([terms]
language = 1
id = "one"
programme = "one"
title = "One default"
zone = "UTC"

[sources]
own = { url = "none", date = "2026-11", grade = "primary" }

[[right]]
id = "R"
text = "A dispute may always be opened."
source = "own"
grade = "primary"
who = "buyer"
may = "open_dispute"

[[default]]
id = "D"
text = "By itself."
source = "own"
grade = "primary"
)" + clause);
}

// A dispute about all, for a part; a day later its default strikes.
Life dispute_after(const terms::Terms& terms, bool shipped = true) {
    Life life(terms);
    life.paid();
    if (shipped) life.shipped();
    const auto day = noon + days{2};
    REQUIRE(life.ask(Party::buyer, day,
                     OpenDispute{.wanted = Remedy::partial_refund_keep, .amount = 2000})
                .has_value());
    REQUIRE(next_deadline(life.order, life.rules).has_value());
    CHECK(next_deadline(life.order, life.rules)->legal_at == day + days{1});
    life.pass(day + days{2});
    CHECK(life.order.struck.size() == 1);
    return life;
}

std::string of_dispute(std::string_view action) {
    return "in = [\"negotiating\"]\nat = \"dispute.opened + 1d\"\nthen = { do = \"" +
           std::string(action) + "\" }\n";
}
std::string of_order(std::string_view action) {
    return "at = \"paid + 1d\"\nthen = { do = \"" + std::string(action) + "\" }\n";
}

}  // namespace

TEST_CASE("what a default does to a dispute") {
    struct Row {
        const char* action;
        DisputePhase phase;
        Minor refunded, compensated;
    };
    const Row rows[] = {
        {"refund", DisputePhase::closed, 10500, 0},   {"claw_back", DisputePhase::closed, 10500, 0},
        {"release", DisputePhase::closed, 0, 0},      {"complete", DisputePhase::closed, 0, 0},
        {"close", DisputePhase::closed, 0, 0},        {"cancel_return", DisputePhase::closed, 0, 0},
        {"cancel_order", DisputePhase::closed, 0, 0}, {"escalate", DisputePhase::escalated, 0, 0},
        {"credit", DisputePhase::closed, 0, 2000},
    };
    for (const auto& row : rows) {
        CAPTURE(row.action);
        const auto terms = with(of_dispute(row.action));
        const auto life = dispute_after(terms);
        CHECK(life.order.dispute(first).phase == row.phase);
        CHECK(life.order.money.refunded == row.refunded);
        CHECK(life.order.money.compensated == row.compensated);
        CHECK(life.order.money.advanced_by_guarantee == row.compensated);  // nobody agreed to it
    }
}

TEST_CASE("a dispute about what was never sent ends in its cancellation where terms say so") {
    const auto terms = with(of_dispute("cancel_order"));
    const auto life = dispute_after(terms, /*shipped=*/false);
    CHECK(life.order.cancelled.has_value());
    CHECK(life.order.money.refunded == 10500);
    CHECK(life.order.dispute(first).is_closed());
}

TEST_CASE("a default may name its sum, and is held to what can be refunded") {
    const auto requested = with(
        "in = [\"negotiating\"]\nat = \"dispute.opened + 1d\"\n"
        "then = { do = \"refund\", amount = \"requested\" }\n");
    CHECK(dispute_after(requested).order.money.refunded == 2000);
    const auto too_much = with(
        "in = [\"negotiating\"]\nat = \"dispute.opened + 1d\"\n"
        "then = { do = \"refund\", amount = \"3 x total\" }\n");
    CHECK(dispute_after(too_much).order.money.refunded == 10500);
}

TEST_CASE("what a default does to the order") {
    struct Row {
        const char* action;
        bool completed, cancelled;
        Minor refunded, released;
    };
    const Row rows[] = {
        {"refund", true, false, 10500, 0}, {"claw_back", true, false, 10500, 0},
        {"release", true, false, 0, 9450}, {"complete", true, false, 0, 9450},
        {"close", true, false, 0, 9450},   {"cancel_order", false, true, 10500, 0},
        {"escalate", false, false, 0, 0},  {"cancel_return", false, false, 0, 0},
        {"credit", false, false, 0, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.action);
        const auto terms = with(of_order(row.action));
        Life life(terms);
        life.paid();
        life.pass(noon + days{3});
        CHECK(life.order.completed.has_value() == row.completed);
        CHECK(life.order.cancelled.has_value() == row.cancelled);
        CHECK(life.order.money.refunded == row.refunded);
        CHECK(life.order.money.released == row.released);
        CHECK(life.order.struck.size() <= 1);  // once, even where it changes nothing
        life.pass(noon + days{300});
        CHECK(life.order.struck.size() <= 1);
    }
}

TEST_CASE("a default that reads a moment of a dispute is the dispute's, not the order's") {
    const auto legal = [](const std::string& moment) {
        const auto terms =
            with("at = \"" + moment + " or (paid + 1d)\"\nthen = { do = \"escalate\" }\n");
        Life life(terms);
        life.paid();
        return next_deadline(life.order, life.rules);
    };
    for (const auto* moment : {"dispute.opened",
                               "dispute.modified",
                               "dispute.answered",
                               "offer.made",
                               "offer.accepted",
                               "return.requested",
                               "return.agreed",
                               "return.tracking_given",
                               "return.sent",
                               "return.delivered",
                               "return.received",
                               "return.contested",
                               "escalated",
                               "asked",
                               "decided",
                               "appealed",
                               "appeal_decided",
                               "replacement.agreed",
                               "replacement.shipped",
                               "replacement.delivered"}) {
        CAPTURE(moment);
        CHECK(!legal(moment));
    }
    REQUIRE(legal("shipped").has_value());
    CHECK(legal("shipped")->legal_at == noon + std::chrono::minutes{1} + days{1});
}

TEST_CASE("what rests on the word of a scan gives notice from its sight") {
    struct Row {
        const char* conditions;
        int legal_day;
    };
    const Row rows[] = {
        {"", 21},
        {"when = [\"tracking in in_transit\"]\n", 25},
        {"unless = [\"tracking in delivered\"]\n", 25},
        {"when = [{ any = [\"item has new\", \"tracking in in_transit\"] }]\n", 25},
        {"when = [{ any = [\"item has new\", \"has paid\"] }]\n", 21},
    };
    for (const auto& row : rows) {
        CAPTURE(row.conditions);
        auto terms = with("at = \"shipped + 20d\"\nthen = { do = \"complete\" }\n" +
                          std::string(row.conditions));
        terms.notice = Duration{days{5}};
        Life life(terms);
        life.paid().shipped();
        REQUIRE(life.see(noon + days{20}, SeeScan{{1}, ScanKind::moving}).has_value());
        REQUIRE(next_deadline(life.order, life.rules).has_value());
        CHECK(next_deadline(life.order, life.rules)->legal_at == noon + days{row.legal_day});
    }
}

TEST_CASE("a limit may bar a default") {
    const std::string fallback = "at = \"shipped + 20d\"\nthen = { do = \"complete\" }\n";
    const std::string limit = "[[limit]]\nid = \"L\"\nsays = \"excluded\"\nbars = ";
    const auto strikes = [](const terms::Terms& terms) {
        Life life(terms);
        life.paid().shipped();
        return next_deadline(life.order, life.rules).has_value();
    };
    CHECK(strikes(with(fallback + limit + "[\"default.refund\"]\n")));
    CHECK(strikes(with(fallback + limit + "[\"default.complete\"]\nwhen = [\"item has new\"]\n")));
    CHECK(!strikes(with(fallback + limit + "[\"default.complete\"]\n")));
}

TEST_CASE("a verdict's return that is never sent does not carry the verdict out again") {
    const auto terms = with("at = \"return.agreed + 14d\"\nthen = { do = \"close\" }\n");
    Life life(terms);
    life.paid().shipped();
    const auto day = noon + days{2};
    REQUIRE(life.ask(Party::buyer, day, OpenDispute{}).has_value());
    REQUIRE(life.ask(Party::platform, day, Escalate{first}).has_value());
    REQUIRE(life.ask(Party::platform, day,
                     Decide{first,
                            {{Remedy::return_for_full_refund, 0},
                             Party::buyer,
                             {VerdictCode::item_differs}}})
                .has_value());
    REQUIRE(life.order.dispute(first).phase == DisputePhase::returning);
    life.pass(day + days{15});
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.count("return_agreed") == 1);
    CHECK(life.order.money.refunded == 0);
}

TEST_CASE("only evidence that nobody answered lapses") {
    const auto terms = with(of_order("escalate"));
    Life life(terms);
    life.paid().shipped();
    const auto day = noon + days{2};
    REQUIRE(life.ask(Party::buyer, day, OpenDispute{}).has_value());
    REQUIRE(life.ask(Party::platform, day, Escalate{first}).has_value());
    const auto ask = [&](Party of, Instant due) {
        REQUIRE(life.ask(Party::platform, day, RequestEvidence{first, of, due}).has_value());
    };
    ask(Party::seller, day + days{1});
    ask(Party::buyer, day + days{1});
    REQUIRE(life.ask(Party::seller, day, SubmitEvidence{first, "photo", Hash{}}).has_value());
    ask(Party::seller, day + days{2});
    life.pass(day + days{3});
    const auto& asked = life.order.dispute(first).asked;
    REQUIRE(asked.size() == 3);
    CHECK((asked[0].answered && !asked[0].lapsed));
    CHECK((!asked[1].answered && asked[1].lapsed));
    CHECK((!asked[2].answered && asked[2].lapsed));
    CHECK(life.count("evidence_lapsed") == 2);
}

TEST_CASE("a pending credit is the same whatever number its instruction will have") {
    const auto terms = with(of_dispute("credit"));
    Life life(terms);
    life.paid().shipped();
    const auto day = noon + days{2};
    REQUIRE(
        life.ask(Party::buyer, day,
                 OpenDispute{
                     .lines = {{{1}, 2}}, .wanted = Remedy::partial_refund_keep, .amount = 2000})
            .has_value());
    const auto strikes = day + days{1};
    CHECK(code(life.ask(Party::buyer, strikes, ModifyDispute{.dispute = first, .amount = 100})) ==
          RefusalCode::default_pending);
    REQUIRE(
        life.ask(Party::seller, strikes, Refund{.lines = {{{2}, 1}}, .amount = 300}).has_value());
    life.pass(strikes + life.rules.grace);
    CHECK(life.order.money.compensated == 2000);
    CHECK(life.order.money.refunded == 300);
}

TEST_CASE("where the terms are silent, an act belongs to the party whose it is by nature") {
    const auto terms = with(of_order("escalate"));
    const auto open = [&] {
        Life life(terms);
        life.paid().shipped();
        REQUIRE(life.ask(Party::buyer, noon + days{2}, OpenDispute{}).has_value());
        return life;
    };
    const auto day = noon + days{3};
    auto offers = open();
    CHECK(code(offers.ask(Party::platform, day, MakeOffer{first, {}})) == RefusalCode::wrong_role);
    REQUIRE(
        offers.ask(Party::buyer, day, MakeOffer{first, {{Remedy::full_refund, 0}}}).has_value());
    CHECK(code(offers.ask(Party::seller, day, Escalate{first})) == RefusalCode::wrong_role);
    REQUIRE(offers.ask(Party::seller, day, DeclineOffer{{1}}).has_value());
    CHECK(offers.order.dispute(first).answered == day);
    REQUIRE(
        offers.ask(Party::buyer, day, MakeOffer{first, {{Remedy::refund_with_replacement, 500}}})
            .has_value());
    REQUIRE(offers.ask(Party::seller, day, AcceptOffer{{2}}).has_value());
    CHECK(offers.order.money.refunded == 500);
    CHECK(offers.order.dispute(first).phase == DisputePhase::replacing);

    auto changes = open();
    CHECK(code(changes.ask(Party::seller, day, ModifyDispute{.dispute = first, .amount = 1})) ==
          RefusalCode::wrong_role);
    REQUIRE(
        changes.ask(Party::buyer, day, ModifyDispute{.dispute = first, .amount = 1}).has_value());
    REQUIRE(changes.ask(Party::buyer, day, WithdrawDispute{first}).has_value());

    auto confirms = open();
    CHECK(code(confirms.ask(Party::seller, day, ConfirmReceipt{})) == RefusalCode::wrong_role);
    REQUIRE(confirms.ask(Party::buyer, day, ConfirmReceipt{}).has_value());
    CHECK(confirms.order.money.released == 9450);
}

TEST_CASE("a sleeping settlement that says nothing for the worst case leaves all as it was") {
    Life life;
    life.paid().shipped();
    const auto day = noon + days{31};
    REQUIRE(life.ask(Party::buyer, day, OpenDispute{}).has_value());
    const auto by = day + days{9};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{}, by, {}}}).has_value());
    REQUIRE(life.ask(Party::buyer, day, AcceptOffer{{1}}).has_value());
    life.pass(by + days{3} + life.rules.grace);  // the notice of three days
    CHECK(life.order.dispute(first).phase == DisputePhase::negotiating);
    // The seller's five days begin anew, from the legal instant.
    CHECK(next_deadline(life.order, life.rules)->legal_at == by + days{8});
    life.pass(by + days{9});
    CHECK(life.order.money.refunded == 10500);
}

TEST_CASE("each outage since an order was placed is given back once, the order over or not") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    const terms::Outage before{noon - days{2}, noon - days{1}};
    const terms::Outage within{noon + days{6}, noon + days{7}};
    const terms::Outage after{noon + days{40}, noon + days{41}};
    life.pass(noon + days{50}, {after, within, before});
    CHECK(life.order.outages == std::vector{within, after});
    CHECK(life.order.completed == noon + days{20});  // 14 days and the one that was eaten
    const auto version = life.order.version;
    life.pass(noon + days{51}, {after, within, before});
    CHECK(life.order.version == version);
}

TEST_CASE("a buyer who confirmed is given back the hours that an outage took of their dispute") {
    const auto confirmed = [] {
        Life life;
        life.paid().shipped().delivered(noon + days{5});
        REQUIRE(life.ask(Party::buyer, noon + days{6}, ConfirmReceipt{}).has_value());
        REQUIRE(life.order.is_over());
        return life;
    };
    const OpenDispute wrong{.reason = Reason::not_as_described};
    // The last instant at which the dispute is still taken, found by asking.
    auto last = noon + days{7};
    for (auto step = Duration{days{64}}; step > Duration{0}; step /= 2)
        while (confirmed().ask(Party::buyer, last + step, wrong).has_value()) last += step;
    REQUIRE(last > noon + days{8});

    const terms::Outage outage{last - hours{5}, last + hours{20}};
    auto life = confirmed();
    life.pass(outage.until, {outage});
    auto late = life;
    CHECK(life.ask(Party::buyer, outage.until + hours{4}, wrong).has_value());
    CHECK_FALSE(late.ask(Party::buyer, outage.until + hours{6}, wrong).has_value());
}

}  // namespace holdfast::order
