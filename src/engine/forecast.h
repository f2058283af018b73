// What becomes of an order from now on, if somebody stays silent or a parcel comes: its life played
// on by the code that decides it. Nothing of it has happened and nothing is written.
//
// Whoever is not silent acts as the counterparties of a sandbox do (counterparties.h): a buyer
// claims what did not come and takes what is enough, a seller ships and offers what was asked for.
// The marketplace decides nothing by itself; what its silence brings, the terms say.
#pragma once

#include "engine/counterparties.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

enum class Silent : std::uint8_t { both, seller, buyer, count_ };
std::string_view to_string(Silent value);

struct Assumed {
    Silent silent = Silent::both;
    std::optional<Instant> arrives_at = {};  // what is under way; in the past: now
};

struct Foreseen {
    std::string by;  // "buyer", "seller", "carrier"; empty: time
    order::Events events;
};

// In the order in which it happens, to the end; `order` is caught up to `now`.
std::vector<Foreseen> forecast(const order::Order& order, const order::Rules& rules,
                               const Assumed& assumed, Instant now);

}  // namespace holdfast::engine
