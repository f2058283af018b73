#include "http/header.h"

#include <algorithm>

namespace holdfast::http {
namespace {

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = to_lower(c) >= 'a' && to_lower(c) <= 'z';
    return is_digit || is_letter || others.contains(c);
}

}  // namespace

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
    for (const auto& one : headers)
        if (is_same_name(one.name, name)) return one.value;
    return {};
}

bool is_same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_line(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

bool has_controls(std::string_view text) { return !is_line(text) || text.contains('\t'); }

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::optional<unsigned> hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10U;
    if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A') + 10U;
    return std::nullopt;
}

std::string_view without_parameters(std::string_view value) {
    return trimmed(value.substr(0, value.find(';')));
}

bool lists_token(std::string_view list, std::string_view token) {
    while (true) {
        const auto comma = list.find(',');
        if (is_same_name(trimmed(list.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace holdfast::http
