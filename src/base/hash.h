// Hashes: BLAKE2b-256 and its keyed form, by libsodium.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

using Hash = std::array<std::uint8_t, 32>;

Hash hash_of(std::string_view bytes);
// Keyed; key of 16 to 64 bytes.
Hash keyed_hash(std::string_view bytes, std::span<const std::uint8_t> key);
std::string to_hex(std::span<const std::uint8_t> bytes);  // lower case
std::optional<Hash> parse_hash(std::string_view hex);     // as to_hex() writes it

// Hashes what arrives in pieces, for files that do not fit in memory.
class Hasher {
public:
    Hasher();
    void add(std::string_view bytes);
    Hash finish();  // once

private:
    alignas(64) std::array<std::uint8_t, 384> state_{};
};

}  // namespace holdfast
