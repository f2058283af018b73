#include "desk/text.h"

namespace holdfast::desk {
namespace {

constexpr bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string to_minute(Instant at) {
    auto text = holdfast::to_string(at).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

std::string join(std::span<const std::string> parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += between;
        text += part;
    }
    return text;
}

std::set<std::string> title_words(std::string_view text, std::size_t shortest) {
    std::set<std::string> words;
    std::string word;
    for (const char c : to_lower(text) + ' ') {
        if (is_word_byte(c)) {
            word += c;
            continue;
        }
        if (word.size() >= shortest) words.insert(word);
        word.clear();
    }
    return words;
}

}  // namespace holdfast::desk
