// Is it UTF-8? No overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace holdfast {

// The bytes of the character at the front of `text`; 0: there is none.
std::size_t utf8_character(std::string_view text);

// The first byte that is not UTF-8, if there is one.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

inline bool is_utf8(std::string_view text) { return !find_invalid_utf8(text); }

}  // namespace holdfast
