// A clause in a few words: who may do what, or what happens by itself.
#pragma once

#include "terms/terms.h"

#include <bitset>
#include <cstddef>
#include <string>

namespace holdfast::terms {

// The words of what is in a set, apart by commas.
template <class E, std::size_t N>
std::string words_of_set(const std::bitset<N>& set) {
    std::string text;
    for (std::size_t i = 0; i < N; ++i)
        if (set[i]) text += (text.empty() ? "" : ", ") + std::string(to_string(static_cast<E>(i)));
    return text;
}

std::string headline(const Clause& clause);  // "buyer may open_dispute for not_received"

}  // namespace holdfast::terms
