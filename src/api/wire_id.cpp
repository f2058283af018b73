#include "api/wire_id.h"

#include <charconv>

namespace holdfast::api {

std::string thing_id(std::string_view prefix, const IdBytes& stream, std::uint64_t number) {
    return std::string(prefix) + "_" + to_base32(stream) + "_" + std::to_string(number);
}

std::optional<ThingId> parse_thing(std::string_view prefix, std::string_view text,
                                   std::uint64_t most) {
    const auto line = text.rfind('_');
    if (line == std::string_view::npos) return std::nullopt;
    const auto stream = parse_prefixed(prefix, text.substr(0, line));
    const auto digits = text.substr(line + 1);
    std::uint64_t number = 0;
    const auto* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, number);
    if (!stream || error != std::errc() || end != last || digits.starts_with('0') || number > most)
        return std::nullopt;
    return ThingId{.stream = *stream, .number = number};
}

std::string order_id(const IdBytes& stream) { return "ord_" + to_base32(stream); }
std::string party_id(const IdBytes& stream) { return "pty_" + to_base32(stream); }

std::optional<IdBytes> parse_prefixed(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || text.size() != prefix.size() + 27) return std::nullopt;
    text.remove_prefix(prefix.size());
    if (text.front() != '_') return std::nullopt;
    text.remove_prefix(1);
    const auto bytes = parse_base32(text);
    if (!bytes || to_base32(*bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace holdfast::api
