#include "http/trace_context.h"

#include <algorithm>

namespace holdfast::http {
namespace {

constexpr std::size_t text_size = 55;  // "00-" trace id "-" parent id "-" flags

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_hex(std::string_view text) { return std::ranges::all_of(text, is_hex_digit); }
bool is_zero(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '0'; });
}
bool is_odd(char digit) { return std::string_view("13579bdf").contains(digit); }

}  // namespace

std::optional<TraceParent> parse_traceparent(std::string_view text) {
    if (text.size() < text_size || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return std::nullopt;
    const auto version = text.substr(0, 2), trace = text.substr(3, 32),
               parent = text.substr(36, 16), flags = text.substr(53, 2);
    if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags))
        return std::nullopt;
    if (version == "ff" || is_zero(trace) || is_zero(parent)) return std::nullopt;
    const bool has_more = text.size() > text_size;
    if (has_more && (version == "00" || text[text_size] != '-')) return std::nullopt;
    return TraceParent{.trace_id = std::string(trace),
                       .parent_id = std::string(parent),
                       .is_sampled = is_odd(flags[1])};
}

std::string to_string(const TraceParent& trace) {
    return "00-" + trace.trace_id + "-" + trace.parent_id + (trace.is_sampled ? "-01" : "-00");
}

}  // namespace holdfast::http
