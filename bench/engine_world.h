// What the engine's measurements share: the shipped marketplace, one usual life and its clock.
#pragma once

#include "engine/engine.h"
#include "formats/rulebook.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::bench {

using namespace engine;

inline constexpr Instant begin_at{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

// Time runs ten times as fast as the wall's, and both clocks of the guard are read from one: a
// promise of two milliseconds has passed before the second commit after it, and no default is near.
inline constexpr int speed = 10;

inline Clock fast_clock(Instant from) {
    const auto start = std::chrono::steady_clock::now();
    const auto passed = [start] { return (std::chrono::steady_clock::now() - start) * speed; };
    return {.wall = [=] { return from + std::chrono::floor<Duration>(passed()); },
            .monotonic = [=] { return std::chrono::nanoseconds(passed()); }};
}

// Of 30 s of the wall, as the engine's own.
inline EngineOptions fast_options() {
    EngineOptions options;
    options.request_time *= speed;
    options.heartbeat_every *= speed;
    options.outage_least = std::chrono::days{1000};  // a store that was filled saw no outage
    return options;
}

inline const terms::Terms& marketplace() {
    static const auto book = [] {
        auto loaded = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
        if (!loaded) throw std::runtime_error(to_string(loaded.error().front()));
        return std::move(*loaded);
    }();
    const auto* terms = book->find("marketplace");
    if (!terms) throw std::runtime_error("no terms for a marketplace");
    return *terms;
}

inline const RulesBook& rules() {
    static const auto book = [] {
        RulesBook made(std::chrono::minutes{2} * speed);
        made.add(marketplace());
        return made;
    }();
    return book;
}

inline order::PartyId party(std::uint32_t number) {
    order::PartyId id;
    for (std::size_t i = 15; number; number >>= 8U) id.bytes[i--] = number & 0xFFU;
    id.bytes[0] = 1;
    return id;
}

// Two lines and postage: 42.96.
inline constexpr order::Minor price = 4'296;
inline order::Placement placement(std::uint32_t seller, Instant promised_by) {
    order::Placement placed;
    placed.buyer = party(1'000'000);
    placed.seller = party(seller);
    placed.lines = {{.sku = "lamp", .quantity = 2, .unit_price = 1'499},
                    {.sku = "shade", .quantity = 1, .unit_price = 799}};
    placed.shipping = 499;
    placed.commission_basis_points = 800;
    placed.terms = terms::pin_of(marketplace());
    placed.promised_by = promised_by;
    return placed;
}

// As long for every number, so that every life's rows are.
inline std::string reference_of(std::uint64_t number) {
    auto digits = std::to_string(1'000'000'000 + number);
    digits.front() = 'R';
    return digits;
}

// Place, paid, shipped; the promise passes; not received, offer, accepted, refund settled. Then the
// order is over and nothing is held.
enum class Step : std::uint8_t { place, pay, ship, dispute, offer, accept, settle, count_ };
inline constexpr auto steps = static_cast<std::size_t>(Step::count_);

struct Life {
    std::uint64_t number = 0;
    Instant placed_at{};
    store::StreamId stream{};
    std::uint64_t outbox_row = 0;  // of the refund, once it is told
    Step step = Step::place;
    std::chrono::steady_clock::time_point submitted{};
};

inline constexpr Duration promised_in{2};

inline void begin(Life& life, std::uint64_t number, Instant now) {
    life = {.number = number,
            .placed_at = now,
            .stream = order_stream("shop", reference_of(number), now)};
}

// What people ask carries an idempotency key, as the API will demand; what is seen does not.
enum class Keys : std::uint8_t { none, requests };

inline Work work_of(const Life& life, Instant now, Keys keys) {
    const auto ask = [&](order::Party by, order::Request request) {
        return order::Command{.by = by, .request = std::move(request)};
    };
    const auto see = [&](order::Seen seen) { return order::Observation{now, std::move(seen)}; };
    Work work{.stream = life.stream, .what = Tick{}, .received_at = now, .cause = "api"};
    switch (life.step) {
    case Step::place:
        work.what = PlaceOrder{.account = "shop",
                               .reference = reference_of(life.number),
                               .placed_at = life.placed_at,
                               .placement = placement(1, life.placed_at + promised_in)};
        break;
    case Step::pay: work.what = see(order::SeeCaptured{price}); break;
    case Step::ship:
        work.what = see(order::SeeShipped{.lines = {}, .tracking = "LP00012345"});
        break;
    case Step::dispute: work.what = ask(order::Party::buyer, order::OpenDispute{}); break;
    case Step::offer:
        work.what = ask(order::Party::seller,
                        order::MakeOffer{{1}, {.then = {order::Remedy::full_refund, 0}}});
        break;
    case Step::accept: work.what = ask(order::Party::buyer, order::AcceptOffer{{1}}); break;
    case Step::settle:
        work.what = see(order::SeeInstruction{.instruction = {1}});
        work.delivers = {life.outbox_row};
        break;
    case Step::count_: break;
    }
    const bool is_request = !std::holds_alternative<order::Observation>(work.what);
    if (keys == Keys::requests && is_request) {
        work.key = reference_of(life.number) + "-4c1e-9b7a-" +
                   std::to_string(100'000 + static_cast<int>(life.step));
        work.request_hash = hash_of(work.key);
    }
    return work;
}

}  // namespace holdfast::bench
