#include "desk/regret.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

ShownWay way(const char* name, std::vector<ShownOutcome> outcomes) {
    return {.name = name, .expected = {}, .outcomes = std::move(outcomes)};
}

const std::vector<ShownWay> shown = {
    way("wait_then_refund",
        {{{{Fork::arrives, true}}, usd(90'00)}, {{{Fork::arrives, false}}, usd(-10'00)}}),
    way("refund", {{{}, usd(-10'00)}}),
    way("claim_then_resend",
        {{{{Fork::arrives, true}}, usd(90'00)},
         {{{Fork::arrives, false}, {Fork::claim_granted, true}}, usd(85'00)},
         {{{Fork::arrives, false}, {Fork::claim_granted, false}}, usd(75'00)}}),
};

}  // namespace

TEST_CASE("regret: each way comes to the outcome that happened") {
    const auto came = regret_of(shown, "refund", {.arrived = true});
    CHECK(came.chosen == usd(-10'00));
    CHECK(came.best == usd(90'00));
    CHECK(came.best_way == "wait_then_refund");
    CHECK(came.sum == usd(100'00));
    CHECK(came.undecided == 0);
    const auto lost =
        regret_of(shown, "wait_then_refund", {.arrived = false, .claim_granted = true});
    CHECK(lost.best_way == "claim_then_resend");
    CHECK(lost.sum == usd(95'00));
}

TEST_CASE("regret: the best choice has none") {
    CHECK(regret_of(shown, "wait_then_refund", {.arrived = true}).sum == usd(0));
}

TEST_CASE("regret: what is not known yet is not guessed") {
    const auto nothing = regret_of(shown, "wait_then_refund", {});
    CHECK_FALSE(nothing.sum);
    CHECK(nothing.undecided == 2);
    CHECK(nothing.best_way == "refund");
    const auto lost = regret_of(shown, "refund", {.arrived = false});
    CHECK(lost.undecided == 1);
    CHECK(lost.sum == usd(0));
}

}  // namespace holdfast::desk
