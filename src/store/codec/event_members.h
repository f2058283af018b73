// The members of what events are made of, by the names they have on disk.
//
// An event lists its own in fields(); what stands inside events is listed here. for_members() gives
// both alike, for reading and for writing. Names are kept for ever: members are added, never
// renamed or reused.
#pragma once

#include "ledger/party_event.h"
#include "order/event.h"

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace holdfast::store {

// T or const T: one list of members serves reading and writing. Every list takes its struct apart
// by all its members, so that one added there does not compile until it is named here.
template <class T, class U>
concept Of = std::same_as<std::remove_const_t<T>, U>;

template <class F, Of<order::LineQuantity> T>
void members(F&& f, T& of) {
    auto& [line, quantity] = of;
    f("line", line);
    f("quantity", quantity);
}

template <class F, Of<order::PlacedLine> T>
void members(F&& f, T& of) {
    auto& [sku, quantity, unit_price] = of;
    f("sku", sku);
    f("quantity", quantity);
    f("unit_price", unit_price);
}

template <class F, Of<order::Settlement> T>
void members(F&& f, T& of) {
    auto& [remedy, amount] = of;
    f("remedy", remedy);
    f("amount", amount);
}

template <class F, Of<order::Plan> T>
void members(F&& f, T& of) {
    auto& [then, arrives_by, otherwise] = of;
    f("then", then);
    f("arrives_by", arrives_by);
    f("otherwise", otherwise);
}

template <class F, Of<order::Verdict> T>
void members(F&& f, T& of) {
    auto& [settlement, winner, codes] = of;
    f("settlement", settlement);
    f("winner", winner);
    f("codes", codes);
}

template <class F, Of<order::Parts> T>
void members(F&& f, T& of) {
    auto& [goods, shipping, tax, fee, excess] = of;
    f("goods", goods);
    f("shipping", shipping);
    f("tax", tax);
    f("fee", fee);
    f("excess", excess);
}

template <class F, Of<order::EvidenceRecord> T>
void members(F&& f, T& of) {
    auto& [shipment, carrier, tracking_number, shipped_at, delivered_at, refund, reference,
           amount] = of;
    f("shipment", shipment);
    f("carrier", carrier);
    f("tracking_number", tracking_number);
    f("shipped_at", shipped_at);
    f("delivered_at", delivered_at);
    f("refund", refund);
    f("reference", reference);
    f("amount", amount);
}

template <class F, Of<terms::Pin> T>
void members(F&& f, T& of) {
    auto& [terms_id, content_hash] = of;
    f("terms_id", terms_id);
    f("content_hash", content_hash);
}

template <class F, Of<order::Placement> T>
void members(F&& f, T& of) {
    auto& [buyer, seller, currency, lines, shipping, tax, fee, commission_basis_points, custody,
           decider, terms, promised_by, ship_by, attributes, numbers, item_marks] = of;
    f("buyer", buyer);
    f("seller", seller);
    f("currency", currency);
    f("lines", lines);
    f("shipping", shipping);
    f("tax", tax);
    f("fee", fee);
    f("commission_basis_points", commission_basis_points);
    f("custody", custody);
    f("decider", decider);
    f("terms", terms);
    f("promised_by", promised_by);
    f("ship_by", ship_by);
    f("attributes", attributes);
    f("numbers", numbers);
    f("item_marks", item_marks);
}

template <class T>
concept HasFields = requires(const T& of) { of.fields([](std::string_view, const auto&) {}); };

// Calls f(name, member) for every member of `of`, in the order of their list.
template <class T, class F>
void for_members(T& of, F&& f) {
    if constexpr (!HasFields<T>) {
        members(f, of);
    } else if constexpr (std::is_const_v<T>) {
        of.fields(f);
    } else {
        // fields() sees its event as const. This one is not: writing to its members is fine.
        of.fields([&]<class M>(std::string_view name, const M& member) {
            f(name, const_cast<M&>(member));
        });
    }
}

template <class T>
concept HasMembers =
    requires(T& of) { members([](std::string_view, auto&) {}, of); } || HasFields<T>;

// An event as it stands on disk: its own members, and its time where that differs from the row's.
template <class E>
struct Payload {
    Instant& when;
    E& event;
};

template <class F, class E>
void members(F&& f, const Payload<E>& of) {
    f("when", of.when);
    for_members(of.event, f);
}

}  // namespace holdfast::store
