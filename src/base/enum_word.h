// The spelling of an enumerator by a table of its words, for enums that end in `count_`.
#pragma once

#include "base/verify.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace holdfast {

template <class E, std::size_t N>
std::string_view enum_word(const std::array<std::string_view, N>& words, E value) {
    static_assert(N == static_cast<std::size_t>(E::count_));
    VERIFY(value < E::count_);
    return words[static_cast<std::size_t>(value)];
}

}  // namespace holdfast
