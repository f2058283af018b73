// What the engine's tests share: the shipped marketplace, an order of 45.00 and its usual steps.
#pragma once

#include "engine/writer.h"
#include "formats/rulebook.h"

#include "order/evolve.h"
#include "store/codec/event_codec.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::engine_test {

using namespace engine;
using namespace std::chrono;

constexpr Instant start{sys_days{year{2026} / 3 / 2} + 9h};

inline const terms::Terms& marketplace() {
    static const auto book = [] {
        auto loaded = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
        REQUIRE(loaded.has_value());
        return std::move(*loaded);
    }();
    const auto* found = book->find("marketplace");
    REQUIRE(found != nullptr);
    return *found;
}

inline const RulesBook& rules() {
    static const auto book = [] {
        RulesBook made;
        made.add(marketplace());
        return made;
    }();
    return book;
}

inline order::PartyId party(std::uint8_t number) {
    order::PartyId id;
    id.bytes[15] = number;
    return id;
}

inline order::Placement placement() {
    order::Placement placed;
    placed.buyer = party(1);
    placed.seller = party(2);
    placed.lines = {{.sku = Word("mug"), .quantity = 1, .unit_price = 4'500}};
    placed.commission_basis_points = 800;
    placed.terms = terms::pin_of(marketplace());
    placed.promised_by = start + days{20};
    return placed;
}

inline PlaceOrder place(std::string_view reference, Instant placed_at = start) {
    return {.account = "shop",
            .reference = std::string(reference),
            .placed_at = placed_at,
            .placement = placement()};
}

inline store::StreamId stream_of(const PlaceOrder& order) {
    return order_stream(order.account, order.reference, order.placed_at);
}

inline Work work(const PlaceOrder& order, Instant at = start) {
    return {.stream = stream_of(order), .what = order, .received_at = at};
}
inline Work work(std::string_view reference, order::Party by, order::Request request,
                 Instant at = start) {
    return {.stream = stream_of(place(reference)),
            .what = order::Command{.by = by, .request = std::move(request)},
            .received_at = at,
            .cause = "test"};
}
inline Work seen(std::string_view reference, order::Seen what, Instant at = start) {
    return {.stream = stream_of(place(reference)),
            .what = order::Observation{.when = at, .seen = std::move(what)},
            .received_at = at,
            .cause = "test"};
}
inline Work keyed(Work work, std::string_view key, std::string_view request = "request") {
    work.key = key;
    work.request_hash = hash_of(request);
    return work;
}

// Placed, paid and on its way.
inline std::vector<Work> shipped(std::string_view reference, Instant at = start) {
    return {work(place(reference), at), seen(reference, order::SeeCaptured{.amount = 4'500}, at),
            seen(reference, order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, at + 1h)};
}

inline std::vector<std::string> kinds(store::Store& store, const store::StreamId& stream) {
    std::vector<std::string> names;
    for (const auto& event : store.load(stream).events) names.push_back(event.kind);
    return names;
}

inline order::Order replayed(store::Store& store, const store::StreamId& stream) {
    order::Order order;
    for (const auto& event : store.load(stream).events)
        order::evolve(order, store::decode_order_event(event).value());
    return order;
}

inline order::Minor balance(store::Store& store, const store::StreamId& stream,
                            std::string_view account) {
    for (const auto& entry : store.balances(stream))
        if (entry.account == account) return entry.amount.minor();
    return 0;
}

}  // namespace holdfast::engine_test
