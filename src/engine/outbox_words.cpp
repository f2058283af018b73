#include "engine/outbox_words.h"

#include <algorithm>
#include <array>

namespace holdfast::engine {
namespace {

constexpr std::array<std::string_view, 5> words{"", "pending", "unknown", "failed",
                                                "needs_attention"};

}  // namespace

std::string_view word_of(store::OutboxState state) {
    return words.at(static_cast<std::size_t>(state));
}

std::optional<store::OutboxState> parse_outbox_state(std::string_view word) {
    const auto found = std::ranges::find(words, word);
    if (word.empty() || found == words.end()) return std::nullopt;
    return static_cast<store::OutboxState>(found - words.begin());
}

}  // namespace holdfast::engine
