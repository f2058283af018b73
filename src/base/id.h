// Ids: 48 bits of milliseconds and 80 bits that are random or a hash, written as a prefix, an
// underscore and 26 lower-case Crockford base-32 characters ("ord_01k9z6…"). Opaque to clients.
#pragma once

#include "base/instant.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

using IdBytes = std::array<std::uint8_t, 16>;

std::string to_base32(const IdBytes& bytes);                 // 26 characters
std::optional<IdBytes> parse_base32(std::string_view text);  // lower or upper case

// `time` in the first 48 bits, the first 80 bits of `rest` after it.
IdBytes id_bytes(Instant time, const std::array<std::uint8_t, 10>& rest);

Instant time_of(const IdBytes& bytes);  // its first 48 bits

// A Tag names its prefix: struct OrderTag { static constexpr std::string_view prefix = "ord"; };
template <class Tag>
struct Id {
    IdBytes bytes{};
    auto operator<=>(const Id&) const = default;
};

template <class Tag>
std::string to_string(const Id<Tag>& id) {
    return std::string(Tag::prefix) + '_' + to_base32(id.bytes);
}

template <class Tag>
std::optional<Id<Tag>> parse_id(std::string_view text) {
    if (!text.starts_with(Tag::prefix)) return std::nullopt;
    text.remove_prefix(Tag::prefix.size());
    if (!text.starts_with('_')) return std::nullopt;
    const auto bytes = parse_base32(text.substr(1));
    if (!bytes) return std::nullopt;
    return Id<Tag>{*bytes};
}

}  // namespace holdfast
