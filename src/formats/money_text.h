// Amounts as pages, exports and APIs write them, in any language's style.
//
// The currency always comes from elsewhere; a symbol is only checked against it, and "$" alone says
// nothing. What can be read in two ways is refused with the reason, never guessed.
#pragma once

#include "base/money.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::formats {

// Which sign stands before the decimals, as other rows of a file have proved.
enum class DecimalMark { unknown, comma, point };

// "US $1,018.90", "1 036,21 €", "₩11,110", "129,46zł", "1,23,456.78", "-€12,00", "-1,00 €".
// A group of three digits after a single mark is thousands where the currency has fewer than three
// decimals; else `mark` must tell.
[[nodiscard]] std::expected<Money, std::string> parse_money_text(
    std::string_view text, Currency currency, DecimalMark mark = DecimalMark::unknown);

// "19.03", "78.3", "-36.00", "62.0": what programs write. No grouping, no symbols, no exponent.
[[nodiscard]] std::expected<Money, std::string> parse_decimal(std::string_view text,
                                                              Currency currency);

// "US $1,018.90|1,018|90", "₩11,110|11110|": the text, its whole part and its decimals.
[[nodiscard]] std::expected<Money, std::string> parse_price_parts(std::string_view text,
                                                                  Currency currency);

// "4106" minor units.
[[nodiscard]] std::expected<Money, std::string> parse_minor(std::string_view text,
                                                            Currency currency);

// Amounts from outside may add up to more than Money holds, or differ in currency: then nothing.
std::optional<Money> sum_of(std::optional<Money> a, Money b);

// What this one text proves about the marks of its file.
DecimalMark decimal_mark_of(std::string_view text);

}  // namespace holdfast::formats
