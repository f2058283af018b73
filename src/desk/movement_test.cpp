#include "desk/movement.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace holdfast::desk {
namespace {

using State = MovementSeen::State;

const Instant noon = *parse_instant("2026-11-23T12:00:00Z");

Origin read_at(Instant at, std::string format = "stripe_json") {
    return {.format = std::move(format), .seen_at = at, .file = {}, .line = 0};
}

MovementSeen refund(State state) {
    MovementSeen seen;
    seen.system = "stripe";
    seen.reference = "re_1";
    seen.kind = MovementSeen::Kind::refund;
    seen.state = state;
    seen.amount = Money::of_minor(27'00, Currency::usd);
    return seen;
}

Movement folded(const std::vector<std::pair<MovementSeen, Origin>>& seen) {
    Movement movement;
    for (const auto& [one, origin] : seen) evolve(movement, one, origin);
    return movement;
}

Sale sale(std::string system, std::string reference) {
    Sale one;
    one.system = std::move(system);
    one.reference = std::move(reference);
    return one;
}

}  // namespace

TEST_CASE("the newest word on a refund counts, in whatever order it came") {
    std::vector<std::pair<MovementSeen, Origin>> seen = {
        {refund(State::pending), read_at(noon)},
        {refund(State::made), read_at(noon + 1h)},
        {refund(State::not_made), read_at(noon + 48h)},
    };
    const auto expected = folded(seen);
    CHECK(expected.state->value == State::not_made);
    std::vector<std::size_t> order(seen.size());
    std::iota(order.begin(), order.end(), 0U);
    do {
        Movement movement;
        for (const auto i : order) evolve(movement, seen[i].first, seen[i].second);
        for (const auto i : order) evolve(movement, seen[i].first, seen[i].second);
        CHECK(movement == expected);
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("of two words of one instant the later in a refund's life counts") {
    const auto movement =
        folded({{refund(State::made), read_at(noon)}, {refund(State::pending), read_at(noon)}});
    CHECK(movement.state->value == State::made);
}

TEST_CASE("a movement belongs to a sale by an id, or by the number that people know") {
    auto shop = sale("shopify", "#1054");
    shop.payment_ids = {"ch_1"};
    auto seen = refund(State::made);
    CHECK(belongs_to(folded({{seen, read_at(noon)}}), shop) == Belongs::no);
    seen.sale_reference = "1054";
    CHECK(belongs_to(folded({{seen, read_at(noon)}}), shop) == Belongs::by_reference);
    seen.payment_ids = {"pi_1", "ch_1"};
    CHECK(belongs_to(folded({{seen, read_at(noon)}}), shop) == Belongs::by_id);
    seen.sale_system = "ebay";  // it says whose it is
    CHECK(belongs_to(folded({{seen, read_at(noon)}}), shop) == Belongs::no);
}

TEST_CASE("a movement in a sentence") {
    auto seen = refund(State::pending);
    seen.kind = MovementSeen::Kind::dispute;
    seen.reason = "not_received";
    seen.status = "needs_response";
    seen.our_turn = true;
    seen.answer_by = noon + 24h;
    CHECK(sentence_of(folded({{seen, read_at(noon)}})) ==
          "stripe dispute re_1 of 27.00 USD for not_received: ours to answer until 2026-11-24 "
          "12:00 UTC (needs_response).");
    seen.state = State::made;
    CHECK(sentence_of(folded({{seen, read_at(noon)}})) ==
          "stripe dispute re_1 of 27.00 USD for not_received: the money moved (needs_response).");
    MovementSeen word;
    word.system = "shopify";
    word.reference = "94";
    word.status = "no money moved";
    CHECK(sentence_of(folded({{word, read_at(noon)}})) == "shopify refund 94: no money moved.");
}

}  // namespace holdfast::desk
