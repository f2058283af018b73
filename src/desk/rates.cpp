#include "desk/rates.h"

#include <set>

namespace holdfast::desk {
namespace {

__extension__ using Wide = __int128;

struct Found {
    Day on;
    Rate rate;
};

std::optional<Found> newest_of(const Rates& rates, Currency from, Currency to, Day on) {
    auto after = rates.table.upper_bound({from, to, on});
    if (after == rates.table.begin()) return std::nullopt;
    const auto& [key, held] = *--after;
    if (std::get<0>(key) != from || std::get<1>(key) != to) return std::nullopt;
    return Found{std::get<2>(key), held.value};
}

std::optional<RateUsed> rate_between(const Rates& rates, Currency from, Currency to, Day on) {
    const auto direct = newest_of(rates, from, to, on);
    const auto inverse = newest_of(rates, to, from, on);
    if (direct && (!inverse || direct->on >= inverse->on))
        return RateUsed{from, to, direct->rate, direct->on};
    if (!inverse) return std::nullopt;
    return RateUsed{from, to, {inverse->rate.denominator, inverse->rate.numerator}, inverse->on};
}

constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

// A sum that no Money can hold is no answer rather than a bug: rates come from outside.
std::optional<Money> convert_by(Money amount, Currency to, const Rate& rate) {
    const auto from_unit = power_of_ten(exponent_of(amount.currency()));
    const auto to_unit = power_of_ten(exponent_of(to));
    constexpr auto limit = static_cast<Wide>(Money::max_minor);
    const auto magnitude = static_cast<Wide>(amount.minor() < 0 ? -amount.minor() : amount.minor());
    const auto whole = magnitude * rate.numerator / rate.denominator;
    if (whole > limit || whole * to_unit / from_unit >= limit) return std::nullopt;
    return convert(amount, to, rate.numerator, rate.denominator, Rounding::half_even);
}

struct Path {
    RateUsed first;
    std::optional<RateUsed> second = {};
    Money amount;
};

// Of the currencies that both sides have a rate with, the first by number, so that the answer is
// the same every time.
std::optional<Path> path_over(const Rates& rates, Money amount, Currency to, Day on) {
    std::set<Currency> others;
    for (const auto& [key, held] : rates.table) {
        others.insert(std::get<0>(key));
        others.insert(std::get<1>(key));
    }
    for (const auto via : others) {
        const auto there = rate_between(rates, amount.currency(), via, on);
        const auto on_from_there = rate_between(rates, via, to, on);
        if (!there || !on_from_there) continue;
        const auto halfway = convert_by(amount, via, there->rate);
        if (!halfway) continue;
        const auto whole = convert_by(*halfway, to, on_from_there->rate);
        if (!whole) return std::nullopt;
        return Path{*there, on_from_there, *whole};
    }
    return std::nullopt;
}

std::optional<Path> path_of(const Rates& rates, Money amount, Currency to, Day on) {
    const auto rate = rate_between(rates, amount.currency(), to, on);
    if (!rate) return path_over(rates, amount, to, on);
    const auto whole = convert_by(amount, to, rate->rate);
    if (!whole) return std::nullopt;
    return Path{.first = *rate, .amount = *whole};
}

}  // namespace

void evolve(Rates& rates, const RateSeen& seen, const Origin& origin) {
    if (seen.numerator <= 0 || seen.denominator <= 0) return;
    MaybeHeld<Rate> held;
    const std::tuple key{seen.from, seen.to, seen.on};
    if (const auto found = rates.table.find(key); found != rates.table.end()) held = found->second;
    take(held, Rate{seen.numerator, seen.denominator}, origin);
    rates.table.insert_or_assign(key, *held);
}

bool same_values(const Rates& a, const Rates& b) {
    return std::ranges::equal(a.table, b.table, [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.value == y.second.value;
    });
}

DataAge age_of(const Rates& rates) {
    DataAge age;
    for (const auto& [key, held] : rates.table) age.add(held.origin.seen_at);
    return age;
}

std::optional<Money> convert_at(const Rates& rates, Money amount, Currency to, Day on) {
    if (amount.currency() == to) return amount;
    const auto path = path_of(rates, amount, to, on);
    return path ? std::optional(path->amount) : std::nullopt;
}

std::optional<Conversion> convert_with_rates(const Rates& rates, Money amount, Currency to,
                                             Day on) {
    if (amount.currency() == to) return Conversion{amount, {}};
    const auto path = path_of(rates, amount, to, on);
    if (!path) return std::nullopt;
    Conversion done{path->amount, {path->first}};
    if (path->second) done.rates.push_back(*path->second);
    return done;
}

}  // namespace holdfast::desk
