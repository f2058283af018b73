// Orders played by whatever cast: however far time jumps at once, and whatever somebody asks
// between two jumps, the money adds up, the story is the same, and every order ends.
//
// HOLDFAST_LONG=<number of orders> runs more than the usual.

#include "order_random.h"

#include "engine/counterparties.h"

#include <cstdlib>

namespace holdfast::test {
namespace {

using namespace std::chrono;

constexpr Instant begin{sys_days{year{2026} / 1 / 30}};

template <class Part>
std::optional<Part> some_part(Random& random) {
    return random.chance(75) ? std::optional(random.any<Part>()) : std::nullopt;
}

engine::Cast some_cast(Random& random) {
    engine::Cast cast{.buyer = some_part<engine::BuyerPart>(random),
                      .seller = some_part<engine::SellerPart>(random),
                      .carrier = some_part<engine::CarrierPart>(random),
                      .mediator = some_part<engine::MediatorPart>(random)};
    if (cast.carrier == engine::CarrierPart::late)
        cast.late_days = static_cast<std::int32_t>(random.between(1, 60));
    return cast;
}

order::Placement some_placement(Random& random) {
    order::Placement placement;
    placement.buyer.bytes[15] = 1;
    placement.seller.bytes[15] = 2;
    for (auto i = random.between(1, 3); i > 0; --i)
        placement.lines.push_back({.sku = "mug",
                                   .quantity = static_cast<std::int32_t>(random.between(1, 3)),
                                   .unit_price = random.between(1, 9'000)});
    placement.shipping = random.below(700);
    placement.tax = random.below(900);
    placement.commission_basis_points = static_cast<std::int32_t>(random.below(2'000));
    placement.terms = terms::pin_of(marketplace_terms());
    if (random.chance(70)) placement.promised_by = begin + hours{random.between(1, 60 * 24)};
    if (random.chance(30)) placement.ship_by = begin + hours{random.between(1, 20 * 24)};
    if (random.chance(20)) placement.item_marks = {Word("custom_made")};
    return placement;
}

// An order that is placed, and mostly paid.
World placed_by(std::uint64_t seed) {
    Random random(seed);
    World world;
    static_cast<void>(world.decide(
        {.by = terms::Party::platform, .request = order::Place{some_placement(random)}}, begin));
    if (random.chance(95))
        static_cast<void>(world.observe(
            {.when = begin,
             .seen = order::SeeCaptured{.amount = order::placed_total_of(world.order)}},
            begin));
    return world;
}

std::size_t pass(World& world, const engine::Cast& cast, Instant now) {
    auto ahead = order::deadlines(world.order, world.rules);
    const auto steps =
        engine::let_time_pass(world.order, world.rules, cast, now, world.outages, ahead);
    std::size_t acts = 0;
    for (const auto& step : steps) {
        world.apply(step.events);
        if (!step.part.empty()) ++acts;
    }
    if (ahead != order::deadlines(world.order, world.rules))
        world.fail("what is said to be ahead differs from the deadlines");
    return acts;
}

std::string what_is_left(const order::Order& order) {
    if (!order.is_over()) return "the order is not over";
    if (has_open_dispute(order)) return "a dispute is open";
    if (order.money.held != 0) return "money is held";
    return {};
}

std::uint64_t count_of_orders() {
    const auto* many = std::getenv("HOLDFAST_LONG");
    if (many) return std::strtoull(many, nullptr, 10);
    return 1'500;
}

}  // namespace

TEST_CASE("whatever the cast, an order ends with balanced books, the same by any steps") {
    constexpr auto long_enough = days{600};
    std::map<std::string, int> played;
    for (std::uint64_t seed = 1; seed <= count_of_orders(); ++seed) {
        CAPTURE(seed);
        Random random(seed * 7);
        const auto cast = some_cast(random);
        CAPTURE(engine::to_string(cast));
        auto at_once = placed_by(seed), in_steps = placed_by(seed);
        const auto acts = pass(at_once, cast, begin + long_enough);
        CHECK(acts < 60);
        for (auto now = begin; now < begin + long_enough; now += hours{random.between(1, 400)})
            pass(in_steps, cast, now);
        pass(in_steps, cast, begin + long_enough);
        CHECK(at_once.error.empty());
        CHECK(in_steps.error.empty());
        CHECK(what_is_left(at_once.order).empty());
        CHECK(at_once.events == in_steps.events);
        for (const auto& event : at_once.events) ++played[std::string(name_of(event.event))];
    }
    for (const auto* kind : {"shipped", "arrived_after_refund", "arrival_settled", "appealed",
                             "decided", "offer_accepted", "offer_declined", "escalated",
                             "evidence_requested", "receipt_confirmed"}) {
        CAPTURE(kind);
        CHECK(played[kind] > 0);
    }
}

TEST_CASE("whatever somebody asks of an order with a cast, it ends with balanced books") {
    for (std::uint64_t seed = 1; seed <= count_of_orders() / 3; ++seed) {
        CAPTURE(seed);
        Random random(seed * 11);
        const auto cast = some_cast(random);
        CAPTURE(engine::to_string(cast));
        auto world = placed_by(seed);
        auto now = begin;
        for (int i = 0; i < 12; ++i) {
            now += hours{random.between(1, 24 * 9)};
            pass(world, cast, now);
            static_cast<void>(world.decide(Chooser(random, world, now).command(), now));
        }
        // Longer than any promise that was lengthened meanwhile.
        pass(world, cast, now + days{1'500});
        CHECK(world.error.empty());
        CHECK(what_is_left(world.order).empty());
    }
}

}  // namespace holdfast::test
