// The terms for a marketplace of one's own: each state's default to the millisecond, that no state
// is without one, and each right's first and last instant. docs/marketplace.md tells why.

#include "rules_fixture.h"

#include <initializer_list>

namespace holdfast::test {
namespace {

using std::chrono::days;
using terms::Facts;
using terms::Kind;
using terms::Moment;
using terms::Number;
using terms::Outcome;
using terms::Party;
using terms::Question;
using terms::Reason;
using terms::Topic;
using terms::Verb;
using terms::Verdict;
using terms::When;
using enum terms::Moment;

const terms::Terms& marketplace() {
    const auto* found = rules().find("marketplace");
    REQUIRE(found);
    return *found;
}

const Instant zero = *parse_instant("2026-03-01T10:00:00.000Z");
Instant day(int count) { return zero + days{count}; }

struct At {
    Moment moment;
    int day;
};

// An order of 100.00 that was placed and promised for day 20, and what happened on which day.
struct Story {
    std::initializer_list<At> happened;
    const char* tracking = "";
    const char* reason = "";
};

Facts facts_of(const Story& story) {
    Facts facts;
    facts.set(placed, When{zero});
    facts.set(promised_by, When{day(20)});
    for (const auto& [moment, count] : story.happened) facts.set(moment, When{day(count)});
    facts.set(terms::Attribute::tracking, story.tracking);
    facts.set(terms::Attribute::dispute_reason, story.reason);
    facts.set(Number::item, 9'000);
    facts.set(Number::shipping, 1'000);
    facts.set(Number::requested, 4'000);
    return facts;
}

std::string id_of(const terms::Answer& answer) {
    if (answer.clause < 0) return "none";
    return marketplace().clauses[static_cast<std::size_t>(answer.clause)].id;
}

// --- Defaults

struct State {
    const char* name;
    Story story;
    const char* clause;
    Duration strikes;  // after zero
    const char* action;
    const char* later = "";  // a default of the same state that would strike after it
};

// clang-format off
const State states[] = {
    {"unpaid", {{}}, "MP-20", days{3}, "cancel_order"},
    {"paid, no day to ship by", {{{paid, 1}}}, "MP-21", days{11}, "cancel_order"},
    {"paid, a day to ship by", {{{paid, 1}, {ship_by, 6}}}, "MP-21", days{6}, "cancel_order"},
    {"a part shipped", {{{paid, 1}, {shipped_first, 2}}, "in_transit"}, "MP-21", days{11}, "cancel_order"},
    {"a part shipped, a dispute runs about it", {{{paid, 1}, {shipped_first, 2}, {dispute_opened, 8}}, "in_transit"}, "MP-21", days{11}, "cancel_order", "MP-26"},
    {"cancellation asked for", {{{paid, 1}, {cancel_requested, 2}}}, "MP-22", days{4}, "cancel_order", "MP-21"},
    {"cancellation declined", {{{paid, 1}, {cancel_requested, 2}, {cancel_answered, 3}}}, "MP-21", days{11}, "cancel_order"},
    {"shipped", {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "in_transit"}, "MP-25", days{50}, "complete"},
    {"shipped, held by customs", {{{paid, 1}, {shipped_all, 3}}, "held_by_customs"}, "MP-25", days{50}, "complete"},
    {"shipped without tracking", {{{paid, 1}, {shipped_all, 3}}, "no_tracking"}, "MP-25", days{50}, "complete"},
    {"shipped, a part delivered", {{{paid, 1}, {shipped_all, 3}, {delivered_first, 9}, {delivered_last, 9}}, "in_transit"}, "MP-25", days{50}, "complete"},
    {"shipped, a part delivered, a part lost", {{{paid, 1}, {shipped_all, 3}, {delivered_first, 9}, {delivered_last, 9}}, "lost_in_transit"}, "MP-25", days{50}, "complete"},
    {"lost", {{{paid, 1}, {shipped_all, 3}}, "lost_in_transit"}, "MP-24", days{27}, "refund", "MP-25"},
    {"on its way back", {{{paid, 1}, {shipped_all, 3}}, "returned_to_sender"}, "MP-24", days{27}, "refund", "MP-25"},
    {"lost, and a dispute about it was withdrawn", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 9}, {dispute_withdrawn, 10}}, "lost_in_transit"}, "MP-24", days{27}, "refund", "MP-25"},
    {"lost, and a dispute about it was settled", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 9}, {offer_accepted, 10}, {dispute_closed, 10}}, "lost_in_transit"}, "MP-25", days{50}, "complete"},
    {"delivered", {{{paid, 1}, {shipped_all, 3}, {delivered_first, 9}, {delivered_last, 12}, {delivered_all, 12}}, "delivered"}, "MP-23", days{26}, "complete"},
    {"delivered, a dispute was withdrawn", {{{paid, 1}, {shipped_all, 3}, {delivered_all, 12}, {dispute_opened, 13}, {dispute_withdrawn, 14}}, "delivered"}, "MP-23", days{26}, "complete"},
    {"negotiating, not answered", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}}}, "MP-26", days{26}, "refund"},
    {"negotiating, changed and not answered since", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {dispute_answered, 22}, {dispute_modified, 24}}}, "MP-26", days{29}, "refund"},
    {"negotiating, answered", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {dispute_answered, 23}}}, "MP-27", days{33}, "escalate"},
    {"negotiating, changed and answered", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {dispute_modified, 22}, {dispute_answered, 23}}}, "MP-27", days{33}, "escalate"},
    {"negotiating, an offer lies there", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {dispute_answered, 23}, {offer_made, 25}}}, "MP-27", days{35}, "escalate"},
    {"escalated", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {dispute_answered, 22}, {escalated, 24}}}, "MP-28", days{38}, "refund"},
    {"escalated, the seller silent", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {escalated, 24}}}, "MP-28", days{38}, "refund"},
    {"decided", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {escalated, 24}, {decided, 30}}}, "MP-29", days{37}, "close"},
    {"appealed", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {escalated, 24}, {decided, 30}, {appealed, 33}}}, "MP-30", days{47}, "close"},
    {"appeal decided", {{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}, {escalated, 24}, {decided, 40}, {appealed, 33}, {appeal_decided, 40}}}, "MP-29", days{40}, "close"},
    {"after completion, negotiating", {{{paid, 1}, {shipped_all, 3}, {delivered_all, 9}, {completed, 23}, {dispute_opened, 25}}}, "MP-26", days{30}, "refund"},
    {"return agreed", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {return_agreed, 23}, {dispute_closed, 23}}}, "MP-31", days{37}, "cancel_return"},
    {"return asked for", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {return_requested, 22}}}, "MP-31", days{36}, "cancel_return"},
    {"return sent", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {return_agreed, 23}, {dispute_closed, 23}, {return_sent, 25}}}, "MP-32", days{70}, "refund"},
    {"return delivered", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {return_agreed, 23}, {dispute_closed, 23}, {return_sent, 25}, {return_delivered, 31}}}, "MP-32", days{36}, "refund"},
    {"return delivered on the last day", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {return_agreed, 23}, {return_sent, 25}, {return_delivered, 69}}}, "MP-32", days{74}, "refund"},
    {"return with tracking alone", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {return_agreed, 23}, {return_tracking_given, 24}}}, "MP-32", days{69}, "refund"},
    {"return contested", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {return_agreed, 23}, {return_sent, 25}, {return_delivered, 31}, {return_contested, 32}, {escalated, 32}}}, "MP-28", days{46}, "refund"},
    {"replacement agreed", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {replacement_agreed, 23}, {dispute_closed, 23}}}, "MP-33", days{33}, "refund"},
    {"replacement shipped", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {replacement_agreed, 23}, {dispute_closed, 23}, {replacement_shipped, 26}}}, "MP-34", days{71}, "refund"},
    {"replacement came", {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {replacement_agreed, 23}, {dispute_closed, 23}, {replacement_shipped, 26}, {replacement_delivered, 33}}}, "MP-35", days{47}, "close"},
};
// clang-format on

Question by_itself(Instant at) { return {.kind = Question::Kind::fallback, .at = at}; }

std::string meeting(const Facts& facts, Instant at) {
    std::string ids;
    for (const auto& clause : marketplace().clauses) {
        if (clause.kind != Kind::fallback) continue;
        const auto verdict = terms::judge(marketplace(), clause, facts, by_itself(at)).verdict;
        if (verdict == Verdict::yes || verdict == Verdict::too_early)
            ids += (ids.empty() ? "" : " ") + clause.id;
    }
    return ids;
}

// --- Rights

struct Window {
    const char* name;
    Verb verb;
    Party by;
    std::optional<Reason> reason;
    Story story;
    const char* clause;
    std::optional<int> opens, closes;  // days
};

constexpr auto open = Verb::open_dispute;
constexpr auto buyer = Party::buyer;
constexpr auto seller = Party::seller;

// clang-format off
const Window windows[] = {
    {"not received, on its way", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "in_transit"}, "MP-1", 20, 50},
    {"not received, lost", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}}, "lost_in_transit"}, "MP-1b", 2, 50},
    {"not received, silent", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "silent"}, "MP-1b", 2, 50},
    {"not received, no tracking", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "no_tracking"}, "MP-1c", 13, 50},
    {"not received, a label alone", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "label_only"}, "MP-1c", 13, 50},
    {"not received, says the buyer alone", open, buyer, Reason::not_received, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}, {delivered_last, 9}, {delivered_all, 9}}, "delivered_signed"}, "MP-1d", 9, 23},
    {"late, not there", open, buyer, Reason::late, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "in_transit"}, "MP-2", 20, 50},
    {"late, there", open, buyer, Reason::late, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}, {delivered_last, 25}, {delivered_all, 25}}, "delivered"}, "MP-2b", 25, 39},
    {"not as described", open, buyer, Reason::not_as_described, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}, {delivered_last, 9}, {completed, 23}}}, "MP-3", 2, 39},
    {"damaged, no scan", open, buyer, Reason::damaged, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}, {completed, 50}}}, "MP-3", 2, 65},
    {"wrong, not completed, no scan", open, buyer, Reason::wrong_item, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}}, "MP-3", 2, {}},
    {"damaged, replaced before", open, buyer, Reason::damaged, {{{paid, 1}, {shipped_first, 2}, {delivered_last, 9}, {dispute_opened, 10}, {replacement_agreed, 12}, {dispute_closed, 12}, {replacement_delivered, 20}}}, "MP-3", 2, 50},
    {"parts missing", open, buyer, Reason::missing_parts, {{{paid, 1}, {shipped_first, 2}, {delivered_last, 9}}}, "MP-3b", 2, 39},
    {"counterfeit", open, buyer, Reason::counterfeit, {{{paid, 1}, {shipped_first, 2}, {delivered_last, 9}}}, "MP-3b", 2, 39},
    {"change of mind", Verb::return_no_fault, buyer, Reason::change_of_mind, {{{paid, 1}, {delivered_first, 8}, {delivered_last, 9}}}, "MP-4", 8, 23},
    {"change of mind, no scan", Verb::return_no_fault, buyer, Reason::change_of_mind, {{{paid, 1}, {completed, 50}}}, "MP-4", 50, 64},
    {"modify", Verb::modify_dispute, buyer, {}, {{{dispute_opened, 21}}}, "MP-5", 21, {}},
    {"another reason", Verb::change_reason, buyer, {}, {{{dispute_opened, 21}}}, "MP-5b", 21, {}},
    {"withdraw", Verb::withdraw_dispute, buyer, {}, {{{dispute_opened, 21}, {escalated, 24}}}, "MP-5c", 21, {}},
    {"offer", Verb::offer, seller, {}, {{{dispute_opened, 21}}}, "MP-6", 21, {}},
    {"counter-offer", Verb::offer, buyer, {}, {{{dispute_opened, 21}, {escalated, 24}}}, "MP-6", 21, {}},
    {"accept", Verb::accept, buyer, {}, {{{dispute_opened, 21}, {offer_made, 22}}}, "MP-6b", 22, {}},
    {"decline", Verb::decline, buyer, {}, {{{dispute_opened, 21}, {offer_made, 22}}}, "MP-6c", 22, {}},
    {"respond", Verb::respond, seller, {}, {{{dispute_opened, 21}}}, "MP-6d", 21, {}},
    {"evidence", Verb::submit_evidence, seller, {}, {{{dispute_opened, 21}, {decided, 30}, {appealed, 31}}}, "MP-6e", 21, {}},
    {"escalate", Verb::escalate, seller, {}, {{{dispute_opened, 21}}}, "MP-7", 24, {}},
    {"appeal", Verb::appeal, seller, {}, {{{dispute_opened, 21}, {decided, 30}}}, "MP-8", 30, 37},
    {"send the return", Verb::send_return, buyer, {}, {{{return_agreed, 23}}}, "MP-9", 23, 37},
    {"contest the return", Verb::contest_return, seller, {}, {{{return_agreed, 23}, {return_sent, 24}, {return_delivered, 31}}}, "MP-9b", 31, 36},
    {"contest a return without a scan", Verb::contest_return, seller, {}, {{{return_agreed, 23}, {return_sent, 24}}}, "MP-9b", 31, 69},
    {"confirm the return", Verb::complete_return, seller, {}, {{{return_sent, 24}}}, "MP-9c", 24, {}},
    {"more time", Verb::extend, seller, {}, {{{paid, 1}}}, "MP-10", {}, 20},
    {"cancel", Verb::cancel_order, buyer, {}, {{{paid, 1}}}, "MP-11", 0, {}},
    {"cancel the rest", Verb::cancel_order, seller, {}, {{{paid, 1}, {shipped_first, 2}}}, "MP-11b", 0, {}},
    {"confirm receipt", Verb::confirm_receipt, buyer, {}, {{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}}, "MP-12", 3, {}},
    {"claim back", Verb::claim_back, seller, {}, {{{paid, 1}, {shipped_all, 3}, {refunded, 27}, {delivered_last, 33}}}, "MP-13", 33, 63},
};
// clang-format on

terms::Answer ask(const Window& one, Facts facts, Instant at) {
    facts.set(Number::request_days, 10);
    facts.add_mark(terms::Marks::request, "new_information");
    return terms::ask(marketplace(), facts,
                      {.at = at, .by = one.by, .verb = one.verb, .reason = one.reason});
}

terms::Answer may(Verb verb, const Facts& facts, int on,
                  std::optional<Reason> reason = std::nullopt, Party by = buyer) {
    return terms::ask(marketplace(), facts,
                      {.at = day(on), .by = by, .verb = verb, .reason = reason});
}

terms::Answer award(Topic topic, Reason reason, const Facts& facts) {
    return terms::ask(
        marketplace(), facts,
        {.kind = Question::Kind::award, .at = day(30), .reason = reason, .topic = topic});
}

}  // namespace

TEST_CASE("marketplace: every state has its default, and it strikes to the millisecond") {
    for (const auto& state : states) {
        CAPTURE(state.name);
        const auto facts = facts_of(state.story);
        const auto strikes = zero + state.strikes;
        const auto before = terms::ask(marketplace(), facts, by_itself(strikes - 1ms));
        const auto then = terms::ask(marketplace(), facts, by_itself(strikes));
        CHECK(!before.allowed);
        CHECK(then.allowed);
        CHECK(id_of(then) == state.clause);
        CHECK(then.opens_at == strikes);
        CHECK(
            terms::to_string(marketplace().clauses[static_cast<std::size_t>(then.clause)].action) ==
            state.action);

        // Nothing else meets the state but the one that is named to come later.
        std::string expected = state.clause;
        if (*state.later)
            expected = expected < state.later ? expected + ' ' + state.later
                                              : std::string(state.later) + ' ' + expected;
        CHECK(meeting(facts, strikes) == expected);
    }
}

TEST_CASE("marketplace: what is over waits for nothing") {
    const Story ended[] = {
        {{{paid, 1}, {cancelled, 2}}},
        {{{cancelled, 2}}},
        {{{paid, 1}, {shipped_all, 3}, {completed, 20}}, "delivered"},
        {{{paid, 1}, {shipped_first, 3}, {completed, 20}}, "in_transit"},
        {{{paid, 1}, {shipped_all, 3}, {completed, 20}, {dispute_opened, 21}, {dispute_closed, 30}},
         "lost_in_transit"},
    };
    for (const auto& story : ended) CHECK(meeting(facts_of(story), day(400)) == "");
}

TEST_CASE("marketplace: a default asks for money as it was asked for") {
    const auto silent =
        terms::ask(marketplace(), facts_of({{{paid, 1}, {shipped_all, 3}, {dispute_opened, 21}}}),
                   by_itself(day(26)));
    CHECK(silent.outcome == Outcome::refund_as_requested);
    CHECK(silent.amount == 4'000);
    CHECK(silent.winner == buyer);
    const auto gone =
        terms::ask(marketplace(), facts_of({{{paid, 1}, {shipped_all, 3}}, "lost_in_transit"}),
                   by_itself(day(27)));
    CHECK(gone.outcome == Outcome::refund_full);
    CHECK(gone.amount == 10'000);
}

TEST_CASE("marketplace: every right's first and last instant") {
    for (const auto& one : windows) {
        CAPTURE(one.name);
        const auto facts = facts_of(one.story);
        const auto first = one.opens ? day(*one.opens) : zero;
        const auto inside = ask(one, facts, first);
        CHECK(inside.allowed);
        CHECK(id_of(inside) == one.clause);
        CHECK(inside.opens_at == (one.opens ? std::optional(first) : std::nullopt));
        if (one.opens) CHECK(!ask(one, facts, first - 1ms).allowed);
        CHECK(inside.closes_at == (one.closes ? std::optional(day(*one.closes)) : std::nullopt));
        if (one.closes) {
            CHECK(ask(one, facts, day(*one.closes) - 1ms).allowed);
            CHECK(ask(one, facts, day(*one.closes)).outcome == Outcome::too_late);
        } else {
            CHECK(ask(one, facts, day(1000)).allowed);
        }
    }
}

TEST_CASE("marketplace: without a delivery date thirty days from shipping count") {
    auto facts = facts_of({{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "in_transit"});
    facts.clear(promised_by);
    CHECK(may(open, facts, 40, Reason::not_received).opens_at == day(33));
    CHECK(terms::ask(marketplace(), facts, by_itself(day(40))).opens_at == day(63));
}

TEST_CASE("marketplace: what is said no to, and with which word") {
    const auto sent = facts_of({{{paid, 1}, {shipped_first, 2}, {shipped_all, 3}}, "in_transit"});
    CHECK(may(open, sent, 19, Reason::not_received).outcome ==
          Outcome::blocked_until_promise_expires);
    CHECK(may(open, sent, 19, Reason::late).outcome == Outcome::not_late);
    CHECK(may(open, sent, 50, Reason::late).winner == seller);
    CHECK(may(Verb::cancel_order, sent, 4).outcome == Outcome::not_eligible);

    auto custom = facts_of({{{paid, 1}, {delivered_first, 8}, {delivered_last, 8}}});
    custom.add_mark(terms::Marks::item, "custom_made");
    CHECK(may(Verb::return_no_fault, custom, 9).outcome == Outcome::excluded);
    CHECK(may(Verb::cancel_order, custom, 2).outcome == Outcome::awaiting_seller_confirmation);

    auto decision = facts_of({{{paid, 1}, {dispute_opened, 21}, {decided, 30}}});
    CHECK(may(Verb::appeal, decision, 31).outcome == Outcome::no_new_information);
    decision.set(Number::appeals, 1);
    CHECK(may(Verb::appeal, decision, 31).outcome == Outcome::appeal_used);

    auto longer = facts_of({{{paid, 1}}});
    for (const auto& [asked_days, outcome] :
         {std::pair{0, Outcome::extension_must_lengthen}, std::pair{31, Outcome::excluded},
          std::pair{30, Outcome::extension_granted}}) {
        longer.set(Number::request_days, asked_days);
        CHECK(may(Verb::extend, longer, 2, {}, seller).outcome == outcome);
    }
    longer.set(Number::extensions, 2);
    CHECK(may(Verb::extend, longer, 2, {}, seller).outcome == Outcome::extension_used);
    CHECK(may(Verb::extend, longer, 2).outcome == Outcome::not_eligible);  // a buyer only asks
    CHECK(may(Verb::chargeback, sent, 30, Reason::not_received).outcome == Outcome::not_eligible);
}

TEST_CASE("marketplace: limits") {
    const Story base{{{paid, 1}, {shipped_first, 2}, {delivered_last, 9}}, "delivered"};
    auto facts = facts_of(base);
    facts.set(dispute_opened, When{day(10)});
    CHECK(may(open, facts, 11, Reason::damaged).outcome == Outcome::dispute_open);

    SUBCASE("a withdrawn dispute may be opened again, twice") {
        facts.set(dispute_withdrawn, When{day(11)});
        facts.set(Number::disputes, 2);
        CHECK(may(open, facts, 12, Reason::damaged).allowed);
        facts.set(Number::disputes, 3);
        CHECK(may(open, facts, 12, Reason::damaged).outcome == Outcome::already_disputed);
    }
    SUBCASE("an accepted offer is final for its dispute") {
        facts.set(offer_accepted, When{day(11)});
        facts.set(Number::accepted, 2'000);
        const auto answer = may(Verb::modify_dispute, facts, 12);
        CHECK(answer.outcome == Outcome::already_settled);
        CHECK(answer.amount == 2'000);
        CHECK(may(open, facts, 12, Reason::damaged).outcome == Outcome::already_settled);
        facts.set(dispute_opened, When{day(13)});  // about something else: the acceptance is older
        CHECK(may(Verb::modify_dispute, facts, 14).allowed);
    }
    SUBCASE("what was settled about lateness leaves the goods' state open") {
        facts.set(terms::Attribute::dispute_reason, "late");
        facts.set(dispute_closed, When{day(11)});
        CHECK(may(open, facts, 12, Reason::late).outcome == Outcome::already_settled);
        CHECK(may(open, facts, 12, Reason::damaged).allowed);
        CHECK(may(open, facts, 12, Reason::not_received).allowed);
        facts.set(terms::Attribute::dispute_reason, "not_received");
        CHECK(may(open, facts, 12, Reason::not_received).outcome == Outcome::already_settled);
        CHECK(may(open, facts, 12, Reason::late).outcome == Outcome::already_settled);
        CHECK(may(open, facts, 12, Reason::damaged).allowed);
    }
    SUBCASE("a closed dispute about the goods' state is not opened again, unless replaced") {
        facts.set(terms::Attribute::dispute_reason, "damaged");
        facts.set(dispute_closed, When{day(11)});
        CHECK(may(open, facts, 12, Reason::damaged).outcome == Outcome::already_settled);
        facts.set(replacement_agreed, When{day(11)});
        facts.set(replacement_delivered, When{day(20)});
        CHECK(may(open, facts, 21, Reason::damaged).allowed);
    }
    SUBCASE("nothing after a full refund, or after the order was cancelled") {
        facts.set(dispute_closed, When{day(11)});
        facts.set(Number::refunded_amount, 9'000);
        CHECK(may(open, facts, 12, Reason::counterfeit).outcome == Outcome::already_compensated);
        auto off = facts_of(base);
        off.set(cancelled, When{day(2)});
        CHECK(may(open, off, 12, Reason::not_received).outcome == Outcome::case_closed);
    }
}

TEST_CASE("marketplace: sums, and who pays") {
    auto facts = facts_of({{{paid, 1}, {shipped_first, 2}, {delivered_all, 25}}});
    CHECK(award(Topic::refund, Reason::late, facts).amount == 5'000);
    CHECK(award(Topic::refund, Reason::damaged, facts).amount == 4'000);
    CHECK(award(Topic::refund, Reason::damaged, facts).outcome == Outcome::refund_partial);
    facts.set(Number::requested, 10'000);
    const auto broken = award(Topic::refund, Reason::damaged, facts);
    CHECK(broken.amount == 10'000);
    CHECK(broken.return_required == true);
    CHECK(broken.return_shipping_paid_by == seller);
    const auto fake = award(Topic::refund, Reason::counterfeit, facts);
    CHECK(fake.amount == 10'000);
    CHECK(fake.return_required == false);
    CHECK(award(Topic::return_postage, Reason::wrong_item, facts).return_shipping_paid_by ==
          seller);
    CHECK(award(Topic::return_postage, Reason::change_of_mind, facts).return_shipping_paid_by ==
          buyer);
    CHECK(award(Topic::funding, Reason::damaged, facts).funded_by == terms::Funder::seller);
    CHECK(award(Topic::compensation, Reason::damaged, facts).amount == 2'000);
}

TEST_CASE("marketplace: an outage gives time back, and the head is as documented") {
    auto facts = facts_of({{{paid, 1}, {shipped_all, 3}, {delivered_all, 9}}, "delivered"});
    facts.add_outage(day(10), day(12));
    CHECK(terms::ask(marketplace(), facts, by_itself(day(24))).opens_at == day(25));
    CHECK(marketplace().notice == Duration{days{3}});
    CHECK(marketplace().silent_after == Duration{days{30}});
}

}  // namespace holdfast::test
