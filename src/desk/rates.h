// Dated exchange rates: the newest on or before the day counts, never a later one.
#pragma once

#include "base/instant.h"
#include "base/money.h"
#include "desk/held.h"
#include "desk/observation.h"

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace holdfast::desk {

struct Rate {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    bool operator==(const Rate&) const = default;
};

struct Rates {
    // By pair and day, so that the rates of one pair stand together, oldest first.
    std::map<std::tuple<Currency, Currency, Day>, Held<Rate>> table;
    bool operator==(const Rates&) const = default;
};

inline auto sort_key(const Rate& rate) { return std::tuple(rate.numerator, rate.denominator); }

// A rate that is not above 0 is passed over.
void evolve(Rates& rates, const RateSeen& seen, const Origin& origin);
bool same_values(const Rates& a, const Rates& b);
DataAge age_of(const Rates& rates);

// By the rate of the pair, or the inverse of the other way round, whichever is newer, else over one
// common currency; half a minor unit goes to the even one. Nothing where no rate is known.
std::optional<Money> convert_at(const Rates& rates, Money amount, Currency to, Day on);

// One rate that a conversion went by: one `from` was worth `rate` of `to` from the day `on` on.
struct RateUsed {
    Currency from;
    Currency to;
    Rate rate;
    Day on;
    bool operator==(const RateUsed&) const = default;
};

struct Conversion {
    Money amount;
    std::vector<RateUsed> rates;  // none for the same currency, two over a common one
    bool operator==(const Conversion&) const = default;
};

// The same, with the rates it went by.
std::optional<Conversion> convert_with_rates(const Rates& rates, Money amount, Currency to, Day on);

}  // namespace holdfast::desk
