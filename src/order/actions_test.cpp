// What a party is told that it may do. That all which goes through is told is shown by the random
// lives (tests/order_random_suite.cpp).
#include "order/actions.h"
#include "order/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace holdfast::order {
namespace {

using namespace test;
using std::chrono::days;

std::vector<Action> told(const Life& life, Party by, Instant now) {
    return actions(life.order, life.rules, by, now, deadlines(life.order, life.rules));
}

const Action* find(const std::vector<Action>& all, std::string_view request,
                   std::optional<Reason> reason = {}) {
    const auto found = std::ranges::find_if(all, [&](const Action& one) {
        return one.request == request && (!reason || one.reason == reason);
    });
    return found == all.end() ? nullptr : &*found;
}

TEST_CASE("a buyer is told of a right before it opens") {
    Life life;
    life.paid().shipped();
    const auto all = told(life, Party::buyer, noon + days{3});
    const auto* open = find(all, "open_dispute", Reason::not_received);
    REQUIRE(open);
    REQUIRE(open->opens_at);
    CHECK(*open->opens_at > noon + days{3});
    REQUIRE(open->silence);
    CHECK(open->silence->legal_at > *open->opens_at);

    const auto due = *open->opens_at;
    CHECK(life.ask(Party::buyer, due - Duration{1}, OpenDispute{}).error().opens_at == due);
    const auto then = told(life, Party::buyer, due);
    REQUIRE(find(then, "open_dispute", Reason::not_received));
    CHECK(life.ask(Party::buyer, due, OpenDispute{}).has_value());
}

TEST_CASE("each side is told of what is its own to do") {
    Life life;
    life.paid().shipped();
    const auto opened = noon + days{31};
    REQUIRE(life.ask(Party::buyer, opened, OpenDispute{}).has_value());
    REQUIRE(life.ask(Party::seller, opened + days{1},
                     MakeOffer{{1}, {.then = {Remedy::full_refund, 0}}})
                .has_value());
    const auto now = opened + days{2};
    life.pass(now);

    const auto buyer = told(life, Party::buyer, now);
    const auto* accept = find(buyer, "accept_offer");
    REQUIRE(accept);
    CHECK(std::get<OfferNo>(accept->subject) == OfferNo{1});
    CHECK(find(buyer, "withdraw_dispute"));
    CHECK_FALSE(find(buyer, "respond"));
    CHECK_FALSE(find(buyer, "decide"));

    const auto seller = told(life, Party::seller, now);
    CHECK_FALSE(find(seller, "accept_offer"));
    CHECK(find(seller, "make_offer"));
    CHECK_FALSE(find(seller, "withdraw_dispute"));
    CHECK(find(told(life, Party::platform, now), "refund"));
}

TEST_CASE("an order that is not placed offers nothing, and rights name their clause") {
    const Rules rules{.terms = &marketplace()};
    CHECK(actions({}, rules, Party::buyer, noon, {}).empty());
    CHECK(rights({}, rules, noon).empty());

    Life life;
    life.paid().shipped();
    const auto all = rights(life.order, life.rules, noon + days{3});
    const auto right = std::ranges::find_if(all, [](const Right& one) {
        return one.by == Party::buyer && one.verb == terms::Verb::open_dispute &&
               one.reason == Reason::not_received;
    });
    REQUIRE(right != all.end());
    CHECK_FALSE(right->answer.allowed);
    CHECK(right->answer.clause >= 0);
    CHECK(right->is_open(noon + days{3}));
    CHECK_FALSE(right->is_open(*right->answer.opens_at));
}

}  // namespace
}  // namespace holdfast::order
