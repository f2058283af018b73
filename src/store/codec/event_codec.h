// How the events of orders and parties are written: a kind, a version and a JSON text.
//
// The kind is the event's name. The text is an object of the event's members; one that has its
// default is left out, and so is `when` where it is the row's `at`: the commonest event is "{}".
// The same event always gives the same bytes. Reading gives absent members their default and passes
// over unknown ones; it refuses names that stand twice and values of a wrong kind.
//
// Events are kept for ever: members are added with the default that their absence means, and never
// renamed, reused or removed; a default that has been written by leaving it out never changes.
// tests/data/event_golden.txt holds all of that fast.
#pragma once

#include "ledger/party_event.h"
#include "order/event.h"
#include "store/codec/observation_codec.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <string_view>

namespace holdfast::store {

NewEvent encode_event(const order::Recorded& recorded);
NewEvent encode_event(const ledger::Recorded& recorded);

[[nodiscard]] std::expected<order::Recorded, DecodeError> decode_order_event(
    Instant at, std::string_view kind, std::int32_t v, std::string_view payload);
[[nodiscard]] std::expected<ledger::Recorded, DecodeError> decode_party_event(
    Instant at, std::string_view kind, std::int32_t v, std::string_view payload);

[[nodiscard]] inline std::expected<order::Recorded, DecodeError> decode_order_event(
    const Event& event) {
    return decode_order_event(event.at, event.kind, event.v, event.payload);
}
[[nodiscard]] inline std::expected<ledger::Recorded, DecodeError> decode_party_event(
    const Event& event) {
    return decode_party_event(event.at, event.kind, event.v, event.payload);
}

}  // namespace holdfast::store
