#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace holdfast {
namespace {

struct Form {
    unsigned char first_low = 0, first_high = 0;    // of the first byte
    unsigned char second_low = 0, second_high = 0;  // of the second one
    std::size_t size = 1;
};

// The Unicode standard's table of well-formed sequences.
constexpr Form forms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool has_form(std::string_view text, const Form& form) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < form.first_low || byte(0) > form.first_high) return false;
    if (text.size() < form.size) return false;
    if (form.size > 1 && (byte(1) < form.second_low || byte(1) > form.second_high)) return false;
    for (std::size_t i = 2; i < form.size; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return false;
    return true;
}

bool is_ascii_word(const char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return (word & 0x8080808080808080U) == 0;
}

}  // namespace

std::size_t utf8_character(std::string_view text) {
    if (text.empty()) return 0;
    for (const auto& form : forms)
        if (has_form(text, form)) return form.size;
    return 0;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + 8 <= text.size() && is_ascii_word(text.data() + at)) {
            at += 8;
            continue;
        }
        const auto size = utf8_character(text.substr(at));
        if (size == 0) return at;
        at += size;
    }
    return std::nullopt;
}

}  // namespace holdfast
