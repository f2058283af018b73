#include "http/line.h"

#include <string>

namespace holdfast::http {
namespace {

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::expected<std::optional<std::string_view>, WireFault> line_at(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (!is_control(c) || c == '\t') continue;
        if (c == '\n') return std::unexpected(WireFault::bad_line_end);
        if (c != '\r') return std::unexpected(WireFault::bad_character);
        if (i + 1 == bytes.size()) return std::nullopt;
        if (bytes[i + 1] != '\n') return std::unexpected(WireFault::bad_line_end);
        return bytes.substr(0, i);
    }
    return std::nullopt;
}

std::expected<Header, WireFault> parse_field(std::string_view line) {
    if (line.starts_with(' ') || line.starts_with('\t'))
        return std::unexpected(WireFault::folded_field);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return std::unexpected(WireFault::bad_field);
    return Header{.name = std::string(line.substr(0, colon)),
                  .value = std::string(trimmed(line.substr(colon + 1)))};
}

}  // namespace holdfast::http
