// The flip test: whatever an explanation says would turn the answer, turns it.

#include "rules_fixture.h"
#include "terms/explain.h"

namespace holdfast::test {

TEST_CASE("flip test: every fact or instant that explain names flips the answer") {
    int flips = 0;
    int without = 0;
    for (const auto& one : cases()) {
        const auto* terms = rules().find(one.programme);
        if (!terms || !one.question) continue;
        const auto explanation = terms::explain(*terms, one.facts, *one.question);
        CAPTURE(one.id);
        CHECK(explanation.answer.allowed == terms::ask(*terms, one.facts, *one.question).allowed);
        if (explanation.flips.empty()) ++without;
        for (const auto& flip : explanation.flips) {
            auto facts = one.facts;
            auto question = *one.question;
            terms::apply(flip, facts, question);
            const auto after = terms::ask(*terms, facts, question);
            CAPTURE(flip.text);
            CHECK(after.allowed != explanation.answer.allowed);
            CHECK(after.outcome == flip.outcome);
            ++flips;
        }
        // A window's own bound is the plainest flip of all: it must be among them.
        if (explanation.answer.outcome == terms::Outcome::too_early)
            CHECK(!explanation.flips.empty());
    }
    MESSAGE("flips named and tried: " << flips
                                      << "; answers that nothing we know of flips: " << without);
    CHECK(flips > 100);
}

}  // namespace holdfast::test
