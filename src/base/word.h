// A short piece of text held in place: a code word of a programme, a country, a status.
//
// At most 39 bytes, no allocation, cheap to copy and compare. Longer text is not a word:
// to_word() says so, Word::cut() keeps the front of it.
#pragma once

#include "base/verify.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

class Word {
public:
    static constexpr std::size_t max_size = 39;

    constexpr Word() = default;
    constexpr Word(const char* text) : Word(std::string_view(text)) {}  // NOLINT: reads as text
    constexpr Word(std::string_view text) {                             // NOLINT
        if (text.size() > max_size)
            verify_failed("a word has at most 39 bytes", __FILE__, __LINE__);
        size_ = static_cast<std::uint8_t>(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) text_[i] = text[i];
    }
    static constexpr Word cut(std::string_view text) { return Word(text.substr(0, max_size)); }

    constexpr std::string_view view() const { return {text_.data(), size_}; }
    constexpr bool empty() const { return size_ == 0; }

    friend constexpr bool operator==(const Word& a, const Word& b) { return a.view() == b.view(); }
    friend constexpr std::strong_ordering operator<=>(const Word& a, const Word& b) {
        return a.view() <=> b.view();
    }

private:
    std::array<char, max_size> text_{};
    std::uint8_t size_ = 0;
};

// A word of the vocabulary as people read it: "not_received" is "not received".
std::string spaced(std::string_view word);

inline std::optional<Word> to_word(std::string_view text) {
    if (text.size() > Word::max_size) return std::nullopt;
    return Word(text);
}

}  // namespace holdfast
