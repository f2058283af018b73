#include "base/id.h"

#include "base/verify.h"

#include <algorithm>

namespace holdfast {
namespace {

// Crockford's: no i, l, o or u.
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t text_size = 26;  // 130 bits, the first two of them 0

constexpr std::uint8_t no_value = 255;

constexpr auto value_of_char = [] {
    std::array<std::uint8_t, 256> result{};
    result.fill(no_value);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        const auto c = static_cast<unsigned char>(alphabet[i]);
        result[c] = static_cast<std::uint8_t>(i);
        if (c >= 'a') result[c - ('a' - 'A')] = result[c];
    }
    return result;
}();

}  // namespace

std::string to_base32(const IdBytes& bytes) {
    std::string text(text_size, '0');
    std::uint32_t bits = 0;
    int bits_held = 2;
    std::size_t place = 0;
    for (const auto byte : bytes) {
        bits = bits << 8 | byte;
        for (bits_held += 8; bits_held >= 5; bits_held -= 5)
            text[place++] = alphabet[bits >> (bits_held - 5) & 31];
    }
    VERIFY(place == text_size && bits_held == 0);
    return text;
}

std::optional<IdBytes> parse_base32(std::string_view text) {
    if (text.size() != text_size || text[0] > '7') return std::nullopt;

    IdBytes bytes{};
    std::uint32_t bits = 0;
    int bits_held = -2;
    std::size_t place = 0;
    for (const char c : text) {
        const auto value = value_of_char[static_cast<unsigned char>(c)];
        if (value == no_value) return std::nullopt;
        bits = bits << 5 | value;
        bits_held += 5;
        if (bits_held < 8) continue;
        bits_held -= 8;
        bytes[place++] = static_cast<std::uint8_t>(bits >> bits_held & 255);
    }
    VERIFY(place == bytes.size() && bits_held == 0);
    return bytes;
}

IdBytes id_bytes(Instant time, const std::array<std::uint8_t, 10>& rest) {
    const auto milliseconds = time.time_since_epoch().count();
    VERIFY(milliseconds >= 0 && milliseconds < std::int64_t{1} << 48);

    IdBytes bytes{};
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)) & 255);
    std::ranges::copy(rest, bytes.begin() + 6);
    return bytes;
}

Instant time_of(const IdBytes& bytes) {
    Duration::rep milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes[i];
    return Instant{Duration{milliseconds}};
}

}  // namespace holdfast
