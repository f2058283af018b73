// Words for people and for comparing: instants to the minute, lower case, the words of a title.
#pragma once

#include "base/instant.h"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::desk {

std::string to_lower(std::string_view text);  // ASCII letters; other bytes stay
std::string to_minute(Instant at);            // "2026-11-25 00:00 UTC"
std::string join(std::span<const std::string> parts, std::string_view between);

// Letters and digits in a row, lower case, of `shortest` or more bytes.
std::set<std::string> title_words(std::string_view text, std::size_t shortest = 3);

}  // namespace holdfast::desk
