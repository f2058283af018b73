#include "api/secret.h"

#include <array>
#include <cstdint>
#include <span>

namespace holdfast::api {
namespace {

std::string base32(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const auto byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 5; count -= 5) text += alphabet[bits >> (count - 5) & 31U];
        bits &= 0xFFU;
    }
    return text;
}

}  // namespace

std::string make_secret(std::string_view prefix, const store::Random& random) {
    std::array<std::uint8_t, 20> bytes{};
    random(bytes);
    return std::string(prefix) + base32(bytes);
}

IdBytes make_id(Instant now, const store::Random& random) {
    std::array<std::uint8_t, 10> rest{};
    random(rest);
    return id_bytes(now, rest);
}

}  // namespace holdfast::api
