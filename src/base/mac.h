// What systems sign each other's messages with: HMAC-SHA256, and bytes as base64 and hex (RFC 2104,
// 4648), by libsodium.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

using Mac = std::array<std::uint8_t, 32>;

// Of the parts one after the other; a key of any length.
Mac mac_of(std::span<const std::uint8_t> key, std::initializer_list<std::string_view> parts);
Mac mac_of(std::string_view key, std::initializer_list<std::string_view> parts);
bool is_same(const Mac& mac, std::span<const std::uint8_t> other);  // in constant time

std::string base64_of(std::span<const std::uint8_t> bytes);
// Text as base64_of() writes it, of at most `most` bytes.
std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text, std::size_t most);
// Two digits a byte, in either case; one byte or more.
std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text);

}  // namespace holdfast
