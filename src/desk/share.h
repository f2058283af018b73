// A share of few: what was seen, and between which bounds the truth lies nine times of ten.
#pragma once

#include <cstdint>
#include <optional>

namespace holdfast::desk {

struct Share {
    std::int32_t seen = 0;           // basis points
    std::int32_t low = 0, high = 0;  // of 90 % (Jeffreys)
    bool operator==(const Share&) const = default;
};

// `yes` of `all`; nothing of none.
std::optional<Share> share_seen(std::uint64_t yes, std::uint64_t all);

}  // namespace holdfast::desk
