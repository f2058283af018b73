// An exact amount of one currency, counted in its minor unit (cents, yen, fils).
//
// Money never rounds by itself: an operation that could lose a unit takes the rounding rule or
// hands out the remainder. Mixing currencies or leaving the range is a bug and fails a VERIFY;
// amounts from outside come in through parse_money(), which says no politely.
#pragma once

#include "base/currency.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

// Of the magnitude: down is towards zero, up away from it, and a refund rounds as its payment did.
enum class Rounding { down, half_even, up };

class Money {
public:
    // What every JSON reader holds exactly; adding two cannot overflow.
    static constexpr std::int64_t max_minor = 9'007'199'254'740'991;  // 2^53 - 1

    static Money of_minor(std::int64_t minor, Currency currency);
    static Money zero(Currency currency) { return of_minor(0, currency); }

    std::int64_t minor() const { return minor_; }
    Currency currency() const { return currency_; }
    bool is_positive() const { return minor_ > 0; }
    bool is_zero() const { return minor_ == 0; }

    friend Money operator+(Money a, Money b);
    friend Money operator-(Money a, Money b);
    friend Money operator-(Money a);
    friend bool operator==(Money, Money) = default;  // another currency is simply not equal
    friend std::strong_ordering operator<=>(Money a, Money b);  // another currency is a bug

private:
    Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}

    std::int64_t minor_;
    Currency currency_;
};

// The part of `amount` that `basis_points` (hundredths of a percent) stands for.
Money share_of(Money amount, std::int32_t basis_points, Rounding rounding);

// `amount` in `parts` (1 or more) pieces that differ by at most one minor unit and add up to it.
std::vector<Money> split(Money amount, std::size_t parts);

// `amount` in pieces proportional to `weights` (each 0 or more, their sum above 0) by largest
// remainder; ties go to the earlier piece. The pieces add up to `amount` exactly.
std::vector<Money> split_by(Money amount, std::span<const std::int64_t> weights);

enum class MoneyError { malformed, too_many_decimals, out_of_range };

// "12.99" in eur is 1299 cents; "12.9" and "12" are fine too. No sign, exponent, grouping or
// locale. Zeros beyond the minor unit lose nothing and are accepted: "5.000" in eur is 500.
[[nodiscard]] std::expected<Money, MoneyError> parse_money(std::string_view text,
                                                           Currency currency);

// `amount` in another currency at `rate_numerator / rate_denominator` major units of the target
// for one major unit of the source; both above 0.
Money convert(Money amount, Currency to, std::int64_t rate_numerator, std::int64_t rate_denominator,
              Rounding rounding);

std::string_view to_string(MoneyError error);
std::string to_string(Money amount);   // "12.99 EUR", "-0.05 USD", "163056 CLP"
std::string to_decimal(Money amount);  // the same without the code

}  // namespace holdfast
