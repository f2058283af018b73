// Small questions about text from outside: trimming, folding for comparison, UTF-8, digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// Without spaces, tabs, line ends and no-break spaces at both ends.
std::string_view trimmed(std::string_view text);

// For comparison: trimmed, lower case, Latin letters without their accents ("Annulée" is
// "annulee", "März" is "marz"), Cyrillic lower case, every run of spaces one space.
std::string folded(std::string_view text);

// A column's name for comparison: folded, without spaces, '-' and '_'.
std::string header_key(std::string_view text);

// A cell without the `'` that guards against spreadsheets, and trimmed.
std::string_view without_guard(std::string_view cell);

bool is_digits(std::string_view text);  // at least one, nothing else
bool contains(std::string_view text, std::string_view part);

// A whole number in plain digits, from 0 to `max`.
std::optional<std::int64_t> parse_count(std::string_view text, std::int64_t max);

// Quoted for a message: control characters shown as '?', cut after 60 bytes.
std::string shown(std::string_view text);

std::vector<std::string_view> split(std::string_view text, std::string_view separators);

// Joins what is not empty.
std::string joined(const std::vector<std::string_view>& parts, std::string_view between);

// The character that begins at `at` of valid UTF-8, and how many bytes it takes.
struct Character {
    char32_t code = 0;
    std::size_t size = 1;
};
Character character_at(std::string_view text, std::size_t at);

}  // namespace holdfast::formats
