// What the letter of a decision says, and what it does not.
#include "engine/decision_letter.h"

#include "order/test_support.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

using namespace order;
using namespace order::test;

constexpr DisputeNo first{1};
const Instant opened_at = noon + days{40};

// Ten days after the promise, the goods have not come.
Life disputed() {
    Life life;
    life.paid().shipped();
    REQUIRE(
        life.ask(Party::buyer, opened_at, OpenDispute{.wanted = Remedy::full_refund}).has_value());
    return life;
}
Life escalated() {
    auto life = disputed();
    REQUIRE(life.ask(Party::seller, opened_at + days{1}, Respond{first}).has_value());
    REQUIRE(life.ask(Party::buyer, opened_at + days{3}, Escalate{first}).has_value());
    return life;
}
Decide verdict(Settlement settlement, Party winner) {
    return {.dispute = first,
            .verdict = {.settlement = settlement,
                        .winner = winner,
                        .codes = {VerdictCode::no_proof_of_delivery}}};
}

std::vector<Letter> letters(const Life& life) {
    return letters_of(life.events, first, life.rules,
                      [](std::uint64_t) { return DecidedBy::person; });
}
bool says(const std::vector<std::string>& lines, std::string_view text) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.contains(text); });
}

}  // namespace

TEST_CASE("a dispute that nobody decided has no letter") {
    auto life = escalated();
    CHECK(letters(life).empty());
    REQUIRE(life.ask(Party::buyer, opened_at + days{4}, WithdrawDispute{first}).has_value());
    CHECK(letters(life).empty());
}

TEST_CASE("a verdict's letter has facts, rules, grounds, who decided and how to appeal") {
    auto life = escalated();
    const auto decided_at = opened_at + days{4};
    REQUIRE(life.ask(Party::platform, decided_at,
                     verdict({.remedy = Remedy::partial_refund_keep, .amount = 4000}, Party::buyer))
                .has_value());
    const auto all = letters(life);
    REQUIRE(all.size() == 1);
    const auto& letter = all.front();
    CHECK(letter.at == decided_at);
    CHECK(letter.by == DecidedBy::person);
    CHECK(letter.outcome ==
          "The marketplace decided the dispute for the buyer: partial refund keep, 40.00 EUR.");
    CHECK(says(letter.facts, "Parcel LX1 was sent on 2026-01-06 12:00 UTC; no carrier has said"));
    CHECK(says(letter.facts, "(not received) and asks for full refund, 105.00 EUR."));
    CHECK(says(letter.facts, "The seller answered on 2026-02-15 12:00 UTC and does not agree."));
    CHECK(says(letter.facts, "The buyer showed no evidence."));
    REQUIRE(letter.rules.size() == 1);
    CHECK(letter.rules.front().text == life.rules.terms->find(letter.rules.front().clause)->text);
    CHECK(letter.grounds == std::vector<std::string>{"There is no proof of delivery."});
    CHECK(says(letter.appeals, "The buyer may appeal until 2026-02-25 12:00 UTC"));
    CHECK(says(letter.appeals, "The seller may appeal until 2026-02-25 12:00 UTC"));

    const auto text = reasons_of(letter);
    CHECK(text.contains("- " + letter.rules.front().clause + ": " + letter.rules.front().text));
    CHECK(text.contains("A person of the marketplace decided this."));
}

TEST_CASE("what happens after a decision does not change its letter") {
    auto life = escalated();
    REQUIRE(life.ask(Party::platform, opened_at + days{4}, verdict({}, Party::seller)).has_value());
    const auto before = letters(life).front();
    life.delivered(opened_at + days{5});
    REQUIRE(life.ask(Party::buyer, opened_at + days{6},
                     Appeal{.dispute = first, .has_new_information = true})
                .has_value());
    REQUIRE(life.ask(Party::platform, opened_at + days{7},
                     verdict({.remedy = Remedy::full_refund, .amount = 10500}, Party::either))
                .has_value());
    const auto all = letters(life);
    REQUIRE(all.size() == 2);
    CHECK(reasons_of(all[0]) == reasons_of(before));
    CHECK(says(all[1].facts, "the carrier's last word on it is \"delivered\""));
    CHECK(all[1].outcome.contains("for both sides in part"));
    CHECK(says(all[1].appeals, "The terms give no appeal against this."));
}

TEST_CASE("where silence ended a dispute, time decided under a clause") {
    auto life = disputed();
    life.pass(opened_at + days{6});
    const auto all = letters(life);
    REQUIRE(all.size() == 1);
    const auto& letter = all.front();
    CHECK(letter.by == DecidedBy::time);
    CHECK(letter.at == opened_at + days{5});
    CHECK(letter.outcome ==
          "The dispute is closed for the buyer. 105.00 EUR goes back to the buyer.");
    CHECK(letter.rules.back().clause == "MP-26");
    CHECK(says(letter.facts, "The seller neither answered nor made an offer."));
    CHECK(reasons_of(letter).contains("decided automatically"));
}

TEST_CASE("time that carries a verdict out decides nothing anew") {
    auto life = escalated();
    REQUIRE(life.ask(Party::platform, opened_at + days{4}, verdict({}, Party::seller)).has_value());
    life.pass(opened_at + days{30});
    CHECK(life.order.dispute(first).is_closed());
    CHECK(letters(life).size() == 1);
}

TEST_CASE("who decided is known by the cause") {
    CHECK(decided_by("usr_01kjma0fm057ebe6p38y71tzxa") == DecidedBy::person);
    CHECK(decided_by("key_01kjma0fm057ebe6p38y71tzxa") == DecidedBy::program);
    CHECK(decided_by("sandbox:mediator.splitting") == DecidedBy::program);
}

}  // namespace holdfast::engine
