// Expressions and conditions of the terms language, from text into the arrays of a Terms.
//
// The grammar is docs/terms-language.md, sections 4 and 5. An error says at which character of the
// text it is, what was found there and what was expected.
#pragma once

#include "terms/terms.h"

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace holdfast::terms {

struct ParseError {
    std::size_t offset = 0;  // in the text, from 0
    std::string message;     // "found \"al\", expected first, last or all"
};

// Appends to terms.nodes; gives the index of the root. Names of moments and tables must be in
// `terms` already. `zones` finds the zone of day(x, "…").
[[nodiscard]] std::expected<std::int32_t, ParseError> parse_time(Terms& terms,
                                                                 std::string_view text,
                                                                 const Zones& zones);
[[nodiscard]] std::expected<std::int32_t, ParseError> parse_amount(Terms& terms,
                                                                   std::string_view text);

// One condition without its `else`; the caller appends it to terms.conditions.
[[nodiscard]] std::expected<Condition, ParseError> parse_condition(Terms& terms,
                                                                   std::string_view text,
                                                                   const Zones& zones);

// "10d", "48h", "30min", "3bd", "6w", "2mo", "2y".
[[nodiscard]] std::expected<Span, ParseError> parse_span(std::string_view text);

// The listed words nearest to what was written, for "did you mean": at most three, quoted.
std::string nearest(std::string_view written, std::span<const std::string_view> words);

}  // namespace holdfast::terms
