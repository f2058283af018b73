// The currencies of ISO 4217 with the number of decimals of their minor unit.
//
// The value of an enumerator is the ISO numeric code. Source of codes and exponents: ISO 4217
// list one (2026). Funds, precious metals and test codes are left out: nobody is paid in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast {

// Named here are the ones our code speaks of; every other one is reached by parse_currency().
enum class Currency : std::uint16_t {
    // clang-format off
    aud = 36, brl = 986, cad = 124, chf = 756, clp = 152, cny = 156, eur = 978, gbp = 826,
    inr = 356, jpy = 392, krw = 410, kwd = 414, myr = 458, php = 608, pln = 985, usd = 840,
    // clang-format on
};

// "EUR" or "eur"; anything that is not a current ISO 4217 code is nothing.
std::optional<Currency> parse_currency(std::string_view code);

// "EUR". A Currency that no table row has is a bug.
std::string_view code_of(Currency currency);

// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
int exponent_of(Currency currency);

}  // namespace holdfast
