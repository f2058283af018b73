#include "base/mac.h"

#include <sodium.h>

namespace holdfast {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

static_assert(sizeof(Mac) == crypto_auth_hmacsha256_BYTES);

Mac mac_of(std::span<const std::uint8_t> key, std::initializer_list<std::string_view> parts) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    for (const auto part : parts)
        crypto_auth_hmacsha256_update(&state, bytes_of(part).data(), part.size());
    Mac mac{};
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

Mac mac_of(std::string_view key, std::initializer_list<std::string_view> parts) {
    return mac_of(bytes_of(key), parts);
}

bool is_same(const Mac& mac, std::span<const std::uint8_t> other) {
    return other.size() == mac.size() && sodium_memcmp(mac.data(), other.data(), mac.size()) == 0;
}

std::string base64_of(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the end of a C string
    return text;
}

std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text, std::size_t most) {
    std::vector<std::uint8_t> bytes(most);
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                          &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 2);
    if (bytes.empty()) return std::nullopt;  // sodium takes no null pointer
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                       &end) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    return bytes;
}

}  // namespace holdfast
