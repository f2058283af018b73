// How observations are written into events: a kind, a version and a JSON text.
//
// The same observation always gives the same bytes. What a source left out is left out. Reading
// gives absent members their default and ignores unknown ones; it refuses names that stand twice
// and values of a wrong type. A person's words are never written: a sale carries the hash that the
// store gave for its customer (store.h, person_marks).
//
// Events are kept for ever: members are added here with the default that their absence means, and
// never renamed, reused or removed.
#pragma once

#include "desk/observation.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdfast::store {

struct EncodedObservation {
    std::string_view kind;  // "purchase_seen", "sale_seen", …
    std::int32_t v = 1;
    std::string payload;
};

// `customer_mark` is for a sale only; empty: no customer known.
EncodedObservation encode_observation(const desk::Observation& observation,
                                      std::string_view customer_mark = {});

struct DecodedObservation {
    desk::Observation observation;  // the customer of a sale left empty
    std::string customer_mark;
};

struct DecodeError {
    std::string pointer;  // RFC 6901; empty: the whole event
    std::string problem;  // "is not a time"
    bool operator==(const DecodeError&) const = default;
};

[[nodiscard]] std::expected<DecodedObservation, DecodeError> decode_observation(
    std::string_view kind, std::int32_t v, std::string_view payload);

}  // namespace holdfast::store
