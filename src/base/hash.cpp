#include "base/hash.h"

#include "base/verify.h"

#include <sodium.h>

#include <new>

namespace holdfast {
namespace {

// Picks the fastest code for this processor; before that, libsodium is only slower, never wrong.
void prepare() {
    static const bool is_ready = sodium_init() >= 0;
    VERIFY(is_ready);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Hash hash_with(std::string_view bytes, std::span<const std::uint8_t> key) {
    prepare();
    Hash hash;
    const int failed = crypto_generichash(hash.data(), hash.size(), bytes_of(bytes), bytes.size(),
                                          key.data(), key.size());
    VERIFY(!failed);
    return hash;
}

}  // namespace

Hash hash_of(std::string_view bytes) { return hash_with(bytes, {}); }

Hash keyed_hash(std::string_view bytes, std::span<const std::uint8_t> key) {
    VERIFY(key.size() >= crypto_generichash_KEYBYTES_MIN);
    VERIFY(key.size() <= crypto_generichash_KEYBYTES_MAX);
    return hash_with(bytes, key);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<Hash> parse_hash(std::string_view hex) {
    constexpr auto value_of = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    Hash hash;
    if (hex.size() != 2 * hash.size()) return std::nullopt;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const int high = value_of(hex[2 * i]), low = value_of(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        hash[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return hash;
}

Hasher::Hasher() {
    static_assert(sizeof(crypto_generichash_state) <= sizeof state_);
    static_assert(alignof(crypto_generichash_state) <= alignof(Hasher));
    prepare();
    auto* state = new (state_.data()) crypto_generichash_state;
    VERIFY(crypto_generichash_init(state, nullptr, 0, sizeof(Hash)) == 0);
}

void Hasher::add(std::string_view bytes) {
    auto* state = std::launder(reinterpret_cast<crypto_generichash_state*>(state_.data()));
    VERIFY(crypto_generichash_update(state, bytes_of(bytes), bytes.size()) == 0);
}

Hash Hasher::finish() {
    auto* state = std::launder(reinterpret_cast<crypto_generichash_state*>(state_.data()));
    Hash hash;
    VERIFY(crypto_generichash_final(state, hash.data(), hash.size()) == 0);
    return hash;
}

}  // namespace holdfast
