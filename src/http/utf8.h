// Is it UTF-8? No overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace holdfast::http {

// The bytes of the character at the front of `text`; 0: there is none.
std::size_t utf8_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace holdfast::http
