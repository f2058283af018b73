// All words of an enum, once: what to_string() says of each enumerator, in their order.
#pragma once

#include "base/verify.h"
#include "terms/vocabulary.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>

namespace holdfast::store {

template <class E>
constexpr std::size_t enumerators = [] {
    if constexpr (std::same_as<E, terms::Party>)
        return static_cast<std::size_t>(terms::Party::either) + 1;
    else
        return static_cast<std::size_t>(E::count_);
}();

template <class E>
const auto& words() {
    static const auto all = [] {
        std::array<std::string_view, enumerators<E>> result;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = to_string(static_cast<E>(i));
        return result;
    }();
    return all;
}

template <class E>
std::string_view word_of(E value) {
    const auto i = static_cast<std::size_t>(value);
    VERIFY(i < enumerators<E>);
    return words<E>()[i];
}

template <class E>
std::optional<E> find_enumerator(std::string_view word) {
    const auto& all = words<E>();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i] == word) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace holdfast::store
