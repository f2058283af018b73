#include "desk/search.h"

#include "desk/text.h"

#include <algorithm>

namespace holdfast::desk {

std::string normalise_search(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    std::string plain;
    for (const char c : text)
        if (!is_space(c)) plain += c;
    if (plain.find('@') != plain.npos) return to_lower(plain);
    if (plain.starts_with('#')) plain.erase(0, 1);
    for (auto& c : plain)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return plain;
}

std::vector<std::string> search_terms_of(std::span<const std::string> words) {
    std::vector<std::string> terms;
    terms.reserve(words.size());
    for (const auto& word : words)
        if (auto term = normalise_search(word); !term.empty()) terms.push_back(std::move(term));
    std::ranges::sort(terms);
    const auto repeated = std::ranges::unique(terms);
    terms.erase(repeated.begin(), repeated.end());
    return terms;
}

}  // namespace holdfast::desk
