#include "base/money.h"

#include "base/verify.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace holdfast {
namespace {

// 2^53 times any 64-bit factor fits.
__extension__ using Wide = __int128;

constexpr std::int64_t powers_of_ten[] = {1, 10, 100, 1'000, 10'000};

Wide magnitude(Wide value) { return value < 0 ? -value : value; }

Money of_wide(Wide minor, Currency currency) {
    VERIFY(magnitude(minor) <= Money::max_minor);
    return Money::of_minor(static_cast<std::int64_t>(minor), currency);
}

bool rounds_away(Wide whole, Wide rest, Wide denominator, Rounding rounding) {
    switch (rounding) {
    case Rounding::down: return false;
    case Rounding::half_even:
        return rest * 2 > denominator || (rest * 2 == denominator && whole % 2 != 0);
    case Rounding::up: return rest > 0;
    }
    VERIFY(!"unknown rounding");
}

// Rounds the magnitude, so that a refund rounds exactly as the payment it mirrors.
Wide divide(Wide numerator, Wide denominator, Rounding rounding) {
    const Wide whole = magnitude(numerator) / denominator;
    const Wide rest = magnitude(numerator) % denominator;
    const Wide rounded = whole + (rounds_away(whole, rest, denominator, rounding) ? 1 : 0);
    return numerator < 0 ? -rounded : rounded;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

}  // namespace

Money Money::of_minor(std::int64_t minor, Currency currency) {
    VERIFY(minor >= -max_minor && minor <= max_minor);
    return {minor, currency};
}

Money operator+(Money a, Money b) {
    VERIFY(a.currency_ == b.currency_);
    return Money::of_minor(a.minor_ + b.minor_, a.currency_);
}

Money operator-(Money a, Money b) { return a + -b; }

Money operator-(Money a) { return {-a.minor_, a.currency_}; }

std::strong_ordering operator<=>(Money a, Money b) {
    VERIFY(a.currency_ == b.currency_);
    return a.minor_ <=> b.minor_;
}

Money share_of(Money amount, std::int32_t basis_points, Rounding rounding) {
    const Wide product = Wide{amount.minor()} * basis_points;
    return of_wide(divide(product, 10'000, rounding), amount.currency());
}

std::vector<Money> split(Money amount, std::size_t parts) {
    return split_by(amount, std::vector<std::int64_t>(parts, 1));
}

std::vector<Money> split_by(Money amount, std::span<const std::int64_t> weights) {
    Wide sum = 0;
    for (const auto weight : weights) {
        VERIFY(weight >= 0);
        sum += weight;
    }
    VERIFY(sum > 0);

    struct Piece {
        Wide whole;
        Wide rest;
    };
    std::vector<Piece> pieces;
    pieces.reserve(weights.size());
    Wide left = magnitude(amount.minor());
    for (const auto weight : weights) {
        const Wide product = magnitude(amount.minor()) * weight;
        pieces.push_back({product / sum, product % sum});
        left -= pieces.back().whole;
    }

    std::vector<std::size_t> order(pieces.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](auto i) { return pieces[i].rest; });
    VERIFY(left >= 0 && left <= static_cast<Wide>(order.size()));
    for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++pieces[order[i]].whole;

    std::vector<Money> result;
    result.reserve(pieces.size());
    for (const auto& piece : pieces)
        result.push_back(
            of_wide(amount.minor() < 0 ? -piece.whole : piece.whole, amount.currency()));
    return result;
}

std::expected<Money, MoneyError> parse_money(std::string_view text, Currency currency) {
    const auto dot = text.find('.');
    const auto whole = text.substr(0, dot);
    auto decimals = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (!is_digits(whole)) return std::unexpected(MoneyError::malformed);
    if (dot != std::string_view::npos && !is_digits(decimals))
        return std::unexpected(MoneyError::malformed);

    const auto exponent = static_cast<std::size_t>(exponent_of(currency));
    while (decimals.size() > exponent && decimals.ends_with('0')) decimals.remove_suffix(1);
    if (decimals.size() > exponent) return std::unexpected(MoneyError::too_many_decimals);

    Wide minor = 0;
    const auto take = [&](char digit) {
        minor = std::min<Wide>(minor * 10 + (digit - '0'), Wide{Money::max_minor} + 1);
    };
    std::ranges::for_each(whole, take);
    std::ranges::for_each(decimals, take);
    for (auto i = decimals.size(); i < exponent; ++i) take('0');
    if (minor > Money::max_minor) return std::unexpected(MoneyError::out_of_range);
    return Money::of_minor(static_cast<std::int64_t>(minor), currency);
}

Money convert(Money amount, Currency to, std::int64_t rate_numerator, std::int64_t rate_denominator,
              Rounding rounding) {
    VERIFY(rate_numerator > 0 && rate_denominator > 0);
    const int shift = exponent_of(to) - exponent_of(amount.currency());
    const Wide scale = powers_of_ten[shift > 0 ? shift : 0];
    const Wide denominator = Wide{rate_denominator} * powers_of_ten[shift < 0 ? -shift : 0];

    // Whole and rest are scaled apart: the product of all three could leave 128 bits.
    const Wide product = magnitude(amount.minor()) * rate_numerator;
    const Wide whole = product / denominator;
    const Wide rest = product % denominator;
    VERIFY(whole <= Money::max_minor);
    const Wide scaled_rest = rest * scale;
    Wide minor = whole * scale + scaled_rest / denominator;
    if (rounds_away(minor, scaled_rest % denominator, denominator, rounding)) ++minor;
    return of_wide(amount.minor() < 0 ? -minor : minor, to);
}

std::string_view to_string(MoneyError error) {
    switch (error) {
    case MoneyError::malformed:         return "malformed";
    case MoneyError::too_many_decimals: return "too_many_decimals";
    case MoneyError::out_of_range:      return "out_of_range";
    }
    VERIFY(!"unknown money error");
}

std::string to_string(Money amount) {
    return to_decimal(amount) + ' ' + std::string(code_of(amount.currency()));
}

std::string to_decimal(Money amount) {
    const auto exponent = static_cast<std::size_t>(exponent_of(amount.currency()));
    const bool is_negative = amount.minor() < 0;
    std::string digits = std::to_string(is_negative ? -amount.minor() : amount.minor());
    if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
    if (exponent > 0) digits.insert(digits.size() - exponent, 1, '.');
    return is_negative ? '-' + digits : digits;
}

}  // namespace holdfast
