#include "http/body.h"

#include "http/line.h"

#include "base/try.h"

#include <algorithm>
#include <optional>

namespace holdfast::http {
namespace {

constexpr std::size_t size_digits_max = 16;
constexpr std::size_t extension_bytes_max = 4'096;  // of all chunks together
constexpr std::size_t trailer_bytes_max = 8'192;

// Takes the hexadecimal number off the front of `text`.
std::optional<std::uint64_t> take_size(std::string_view& text) {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    for (; digits < text.size(); ++digits) {
        const auto value = hex_value(text[digits]);
        if (!value) break;
        if (digits == size_digits_max) return std::nullopt;
        size = size << 4U | *value;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return size;
}

std::size_t token_end(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_token(text.substr(end, 1))) ++end;
    return end;
}

// Past the closing quote; 0: there is none.
std::size_t quoted_end(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return i + 1;
        if (text[i] == '\\') ++i;
    }
    return 0;
}

// *( ";" name [ "=" value ] ), without white space: nobody needs it there.
bool are_extensions(std::string_view text) {
    while (!text.empty()) {
        if (text[0] != ';') return false;
        text.remove_prefix(1);
        const auto name = token_end(text);
        if (name == 0) return false;
        text.remove_prefix(name);
        if (!text.starts_with('=')) continue;
        text.remove_prefix(1);
        const auto value = text.starts_with('"') ? quoted_end(text) : token_end(text);
        if (value == 0) return false;
        text.remove_prefix(value);
    }
    return true;
}

}  // namespace

BodyReader::BodyReader(const Head& head, std::uint64_t bytes_max) : bytes_left_(bytes_max) {
    if (!head.has_body()) return;
    place_ = head.is_chunked ? Place::chunk_line : Place::counted;
    left_ = head.content_length.value_or(0);
}

std::expected<BodyReader::Step, WireFault> BodyReader::next(std::string_view bytes) {
    if (is_too_large()) return std::unexpected(WireFault::body_too_large);
    switch (place_) {
    case Place::counted:    return take_piece(bytes, Place::end);
    case Place::chunk_line: return read_chunk_line(bytes);
    case Place::chunk:      return take_piece(bytes, Place::chunk_end);
    case Place::chunk_end:  return read_chunk_end(bytes);
    case Place::trailer:    return read_trailer(bytes);
    case Place::end:        break;
    }
    return Step{};
}

BodyReader::Step BodyReader::take_piece(std::string_view bytes, Place after) {
    const auto piece = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), left_));
    left_ -= piece.size();
    bytes_left_ -= piece.size();
    if (left_ == 0) place_ = after;
    return {.used = piece.size(), .piece = piece};
}

BodyReader::Stepped BodyReader::read_chunk_line(std::string_view bytes) {
    const auto found = line_at(bytes);
    if (!found) return std::unexpected(WireFault::bad_chunk);
    const auto line_bytes = *found ? (*found)->size() : bytes.size();
    if (extension_bytes_ + line_bytes > extension_bytes_max + size_digits_max + 1)
        return std::unexpected(WireFault::bad_chunk);
    if (!*found) return Step{};

    auto line = **found;
    const auto size = take_size(line);
    extension_bytes_ += line.size();
    if (!size || !are_extensions(line)) return std::unexpected(WireFault::bad_chunk);
    if (*size > bytes_left_) return std::unexpected(WireFault::body_too_large);
    left_ = *size;
    place_ = left_ == 0 ? Place::trailer : Place::chunk;
    return Step{.used = line_bytes + 2};
}

BodyReader::Stepped BodyReader::read_chunk_end(std::string_view bytes) {
    constexpr std::string_view end = "\r\n";
    if (!bytes.starts_with(end.substr(0, bytes.size())))
        return std::unexpected(WireFault::bad_chunk);
    if (bytes.size() < end.size()) return Step{};
    place_ = Place::chunk_line;
    return Step{.used = end.size()};
}

BodyReader::Stepped BodyReader::read_trailer(std::string_view bytes) {
    const auto line = line_at(bytes);
    if (!line) return std::unexpected(WireFault::bad_trailer);
    const auto line_bytes = *line ? (*line)->size() + 2 : bytes.size();
    if (trailer_bytes_ + line_bytes > trailer_bytes_max)
        return std::unexpected(WireFault::bad_trailer);
    if (!*line) return Step{};
    trailer_bytes_ += line_bytes;
    if ((*line)->empty())
        place_ = Place::end;
    else if (!parse_field(**line))
        return std::unexpected(WireFault::bad_trailer);
    return Step{.used = line_bytes};
}

}  // namespace holdfast::http
