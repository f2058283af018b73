#include "terms/ask.h"
#include "terms/explain.h"
#include "terms/test_support.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

using namespace test;

// One right with everything that can say no, a limit and a default.
Terms world() {
    return terms_of(R"toml(
[[right]]
id = "R"
who = "buyer"
may = "open_dispute"
for = ["not_received"]
when = ["tracking not in delivered", { if = "request has evidence", else = "evidence_required" }]
opens = "paid + 10d"
closes = "paid + 20d"
early = "blocked_until_promise_expires"
times = 1
spent = "already_disputed"
lapse_winner = "seller"
[[limit]]
id = "L"
after = "chargeback"
bars = ["open_dispute", "default.complete"]
says = "one_channel_only"
[[default]]
id = "D"
in = ["shipped"]
unless = ["dispute.open"]
at = "delivered + 7d"
then = { do = "complete" }
winner = "seller"
[[default]]
id = "D2"
at = "paid + 60d"
then = { do = "release" }
[[award]]
id = "W1"
on = "refund"
when = ["item has broken"]
amount = "share(item, 5000)"
[[award]]
id = "W2"
on = "refund"
amount = "item + shipping"
postage = "seller"
)toml");
}

const Instant paid = instant("2021-01-01T00:00:00Z");

Facts good() {
    Facts facts;
    facts.set(Moment::paid, When{paid});
    facts.add_mark(Marks::request, "evidence");
    return facts;
}

Question at(Instant when) { return {.at = when, .reason = Reason::not_received}; }
Instant day_after(int days) { return paid + std::chrono::days{days}; }

std::string told(const Answer& answer) {
    return std::string(answer.allowed ? "yes " : "no ") + std::string(to_string(answer.outcome));
}

}  // namespace

TEST_CASE("a right: every way to say no, and the order in which they are told") {
    struct Row {
        const char* name;
        int day;
        bool chargeback, used, delivered, evidence;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"inside",                    15, false, false, false, true,  "yes open_accepted"},
        {"the first instant",         10, false, false, false, true,  "yes open_accepted"},
        {"too early",                  9, false, false, false, true,  "no blocked_until_promise_expires"},
        {"the last day is over",      20, false, false, false, true,  "no too_late"},
        {"no evidence",               15, false, false, false, false, "no evidence_required"},
        {"too late before evidence",  20, false, false, false, false, "no too_late"},
        {"evidence before too early",  9, false, false, false, false, "no evidence_required"},
        {"used up",                   15, false, true,  false, true,  "no already_disputed"},
        {"used up before too late",   20, false, true,  false, true,  "no already_disputed"},
        {"a limit before all",        20, true,  true,  false, false, "no one_channel_only"},
        {"does not apply",            15, false, false, true,  true,  "no not_eligible"},
        {"does not apply, and late",  20, false, false, true,  true,  "no not_eligible"},
    };
    // clang-format on
    const auto terms = world();
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto facts = good();
        if (row.chargeback) facts.set(Moment::chargeback, When{paid});
        if (row.used) facts.set(Number::disputes, 1);
        if (row.delivered) facts.set(Attribute::tracking, "delivered_signed");
        if (!row.evidence) facts.remove_mark(Marks::request, "evidence");
        CHECK(told(ask(terms, facts, at(day_after(row.day)))) == row.expected);
    }
}

TEST_CASE("windows are half-open, to the millisecond") {
    const auto terms = world();
    const auto facts = good();
    CHECK(!ask(terms, facts, at(day_after(10) - 1ms)).allowed);
    CHECK(ask(terms, facts, at(day_after(10))).allowed);
    CHECK(ask(terms, facts, at(day_after(20) - 1ms)).allowed);
    const auto late = ask(terms, facts, at(day_after(20)));
    CHECK(!late.allowed);
    CHECK(late.winner == Party::seller);
    CHECK(late.opens_at == day_after(10));
    CHECK(late.closes_at == day_after(20));
}

TEST_CASE("an opening that cannot be computed has not come") {
    Facts facts;
    facts.add_mark(Marks::request, "evidence");
    const auto answer = ask(world(), facts, at(paid));
    CHECK(answer.outcome == Outcome::blocked_until_promise_expires);
    CHECK(!answer.opens_at);
}

TEST_CASE("a question meets rights of its reason and of none") {
    const auto terms = world();
    auto question = at(day_after(15));
    question.reason = Reason::not_as_described;
    CHECK(told(ask(terms, good(), question)) == "no not_eligible");
    question.reason.reset();
    CHECK(told(ask(terms, good(), question)) == "no not_eligible");
    question = at(day_after(15));
    question.by = Party::seller;
    CHECK(told(ask(terms, good(), question)) == "no not_eligible");
}

TEST_CASE("defaults: stage, blocker, limit, and the earlier one strikes") {
    const auto terms = world();
    Question question{.kind = Question::Kind::fallback, .at = day_after(30)};
    question.actions.set(index_of(Action::complete));
    question.actions.set(index_of(Action::release));
    auto facts = good();
    CHECK(ask(terms, facts, question).opens_at == day_after(60));  // not shipped: only D2
    facts.set(Moment::shipped_all, When{day_after(1)});
    facts.set(Moment::delivered_last, When{day_after(20)});
    auto answer = ask(terms, facts, question);
    CHECK(told(answer) == "yes release_to_seller");
    CHECK(answer.opens_at == day_after(27));
    CHECK(answer.winner == Party::seller);
    question.at = day_after(27) - 1ms;
    CHECK(told(ask(terms, facts, question)) == "no pending");
    question.at = day_after(30);
    facts.set(Moment::dispute_opened, When{day_after(25)});
    CHECK(ask(terms, facts, question).opens_at == day_after(60));  // blocked: D2 is still to come
    facts.clear(Moment::dispute_opened);
    facts.set(Moment::chargeback, When{day_after(26)});
    CHECK(ask(terms, facts, question).opens_at == day_after(60));  // D is barred
}

TEST_CASE("of two rights, the one that is told") {
    struct Row {
        const char* name;
        const char* first;
        const char* second;
        const char* told;
        const char* id;
    };
    // clang-format off
    const Row rows[] = {
        {"the longer",             "closes = \"paid + 30d\"\n", "closes = \"paid + 40d\"\n", "yes open_accepted", "2"},
        {"the longer comes first", "closes = \"paid + 40d\"\n", "closes = \"paid + 30d\"\n", "yes open_accepted", "1"},
        {"no end is the longest",  "closes = \"paid + 30d\"\n", "",                           "yes open_accepted", "2"},
        {"no end comes first",     "",                           "closes = \"paid + 30d\"\n", "yes open_accepted", "1"},
        {"two without end",        "",                           "",                           "yes open_accepted", "1"},
        {"the later end of two",   "closes = \"paid + 1d\"\n",  "closes = \"paid + 2d\"\n",  "no too_late",       "2"},
        {"the sooner opening",     "opens = \"paid + 30d\"\n",  "opens = \"paid + 20d\"\n",  "no too_early",      "2"},
        {"an unknown opening",     "opens = \"shipped\"\n",     "opens = \"paid + 20d\"\n",  "no too_early",      "2"},
        {"an unknown one last",    "opens = \"paid + 20d\"\n",  "opens = \"shipped\"\n",     "no too_early",      "1"},
        {"two unknown ones",       "opens = \"shipped\"\n",     "opens = \"delivered\"\n",   "no too_early",      "1"},
    };
    // clang-format on
    const std::string right = "[[right]]\nwho = \"buyer\"\nmay = \"open_dispute\"\n";
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto terms =
            terms_of(right + "id = \"1\"\n" + row.first + right + "id = \"2\"\n" + row.second);
        const auto answer = ask(terms, good(), at(day_after(10)));
        CHECK(told(answer) == row.told);
        CHECK(terms.clause_at(answer.clause)->id == row.id);
    }
}

TEST_CASE("a default whose time is unknown comes after one that has a time") {
    const std::string later = "[[default]]\nid = \"D1\"\nat = \"paid + 60d\"\n";
    const std::string unknown = "[[default]]\nid = \"D2\"\nat = \"refunded + 1d\"\n";
    const std::string then = "then = { do = \"complete\" }\n";
    const Question question{.kind = Question::Kind::fallback, .at = day_after(1)};
    for (const auto& text : {later + then + unknown + then, unknown + then + later + then})
        CHECK(ask(terms_of(text), good(), question).opens_at == day_after(60));
    const auto alone = ask(terms_of(unknown + then), good(), question);
    CHECK(told(alone) == "no pending");
    CHECK(!alone.opens_at);
}

TEST_CASE("a default that a limit bars is answered by the limit") {
    const auto terms = terms_of(R"toml(
[[info]]
id = "I"
[[limit]]
id = "L"
bars = ["default.complete"]
says = "one_channel_only"
[[default]]
id = "D"
at = "paid + 1d"
then = { do = "complete" }
)toml");
    const Question question{.kind = Question::Kind::fallback, .at = day_after(2)};
    const auto answer = ask(terms, good(), question);
    CHECK(told(answer) == "no one_channel_only");
    CHECK(terms.clause_at(answer.clause)->id == "L");
    CHECK_THROWS_AS((void)judge(terms, *terms.find("I"), good(), question), VerifyFailed);
}

TEST_CASE("each verb has its yes") {
    struct Row {
        const char* verb;
        const char* told;
    };
    const Row rows[] = {
        {"chargeback", "yes open_accepted"},
        {"use_label", "yes label_given"},
        {"send_return", "yes return_in_time"},
        {"cancel_order", "yes accepted"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.verb);
        const auto terms = terms_of("[[right]]\nid = \"R\"\nwho = \"buyer\"\nmay = \"" +
                                    std::string(row.verb) + "\"\n");
        const auto verb = parse_word<Verb>(row.verb);
        REQUIRE(verb.has_value());
        CHECK(told(ask(terms, good(), {.at = paid, .verb = *verb})) == row.told);
    }
}

TEST_CASE("an award that says why not, and one of an order of unknown total") {
    const auto terms = terms_of(R"toml(
[[award]]
id = "W"
on = "refund"
when = [{ if = "has destination", else = "evidence_required" }]
amount = "shipping"
)toml");
    const Question question{.kind = Question::Kind::award};
    Facts facts;
    CHECK(told(ask(terms, facts, question)) == "no evidence_required");
    facts.set(Attribute::destination, "US");
    facts.set(Number::shipping, 250);
    CHECK(told(ask(terms, facts, question)) == "yes refund_full");  // as far as anyone knows
    facts.set(Number::item, 1000);
    CHECK(told(ask(terms, facts, question)) == "yes refund_partial");
}

TEST_CASE("awards are read from the top") {
    const auto terms = world();
    const Question question{.kind = Question::Kind::award};
    Facts facts;
    facts.set(Number::item, 1000);
    facts.set(Number::shipping, 250);
    const auto whole = ask(terms, facts, question);
    CHECK(whole.amount == 1250);
    CHECK(whole.outcome == Outcome::refund_full);
    CHECK(whole.return_shipping_paid_by == Party::seller);
    facts.add_mark(Marks::item, "broken");
    const auto part = ask(terms, facts, question);
    CHECK(part.amount == 500);
    CHECK(part.outcome == Outcome::refund_partial);
}

TEST_CASE("law stands beside the terms and cannot be shortened") {
    const auto terms = world();
    const auto law = terms_of(
        "[[right]]\nid = \"LAW\"\nwho = \"buyer\"\nmay = \"open_dispute\"\nopens = "
        "\"paid\"\ncloses = \"paid + 30d\"\n");
    const Terms* laws[] = {&law};
    const auto by_law = ask(terms, laws, good(), at(day_after(25)));
    CHECK(by_law.allowed);
    CHECK(by_law.law == laws[0]);
    const auto by_terms = ask(terms, laws, good(), at(day_after(15)));
    CHECK(by_terms.allowed);
    CHECK(!by_terms.law);
    const auto neither = ask(terms, laws, good(), at(day_after(35)));
    CHECK(!neither.allowed);
    CHECK(!neither.law);
}

TEST_CASE("an explanation tries what each condition reads") {
    struct Row {
        const char* condition;
        const char* flip;
        const char* fact;
    };
    // Each fails as it stands; the flip is the first that makes it hold.
    const Row rows[] = {
        {"total <= 100", "if total were 99", "total"},
        {"count(appeals) == 5", "if appeals were 5", "appeals"},
        {"after paid + 5d", "from 2021-01-06T00:00:00.000Z", "paid"},
        {"after shipped", "if shipped(all) came now", "shipped(all)"},
        {"before completed", "", "completed"},
        {"lacks currency", "if currency were not known", "currency"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.condition);
        const auto terms =
            terms_of("[[right]]\nid = \"R\"\nwho = \"buyer\"\nmay = \"open_dispute\"\nwhen = [\"" +
                     std::string(row.condition) + "\"]\n");
        auto facts = good();
        facts.set(Number::item, 1000);
        facts.set(Attribute::currency, "USD");
        const auto explanation = explain(terms, facts, at(day_after(1)));
        CHECK(!explanation.answer.allowed);
        REQUIRE(explanation.clauses.size() == 1);
        CHECK(std::ranges::count(explanation.clauses[0].facts, row.fact, &FactLine::name) == 1);
        const auto* first = explanation.flips.empty() ? "" : explanation.flips[0].text.c_str();
        CHECK(std::string(first) == row.flip);
    }
}

TEST_CASE("an explanation says the same as the answer, and its flips flip") {
    const auto terms = world();
    auto facts = good();
    const auto seen = facts.source("order.csv:2");
    facts.set(Moment::paid, When{paid}, {seen, day_after(1)});
    const auto question = at(day_after(9));
    const auto explanation = explain(terms, facts, question);
    CHECK(explanation.answer.outcome == Outcome::blocked_until_promise_expires);
    REQUIRE(!explanation.clauses.empty());
    CHECK(terms.clauses[static_cast<std::size_t>(explanation.clauses[0].clause)].id == "R");
    CHECK(explanation.clauses[0].opens == "paid + 10d");
    const auto fact = std::ranges::find(explanation.clauses[0].facts, "paid", &FactLine::name);
    REQUIRE(fact != explanation.clauses[0].facts.end());
    CHECK(fact->source == "order.csv:2");
    CHECK(fact->seen_at == day_after(1));
    REQUIRE(!explanation.flips.empty());
    CHECK(explanation.flips[0].text == "from " + holdfast::to_string(day_after(10)));
    for (const auto& flip : explanation.flips) {
        auto changed = facts;
        auto asked = question;
        apply(flip, changed, asked);
        CAPTURE(flip.text);
        CHECK(ask(terms, changed, asked).allowed != explanation.answer.allowed);
    }
}

}  // namespace holdfast::terms
