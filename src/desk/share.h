// A share of few: what was seen, and between which bounds the truth lies nine times of ten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace holdfast::desk {

struct Share {
    std::int32_t seen = 0;           // basis points
    std::int32_t low = 0, high = 0;  // of 90 % (Jeffreys)
    bool operator==(const Share&) const = default;
};

// `yes` of `all`; nothing of none.
std::optional<Share> share_seen(std::uint64_t yes, std::uint64_t all);
// Where `yes` and `no` have been seen or are leaned on; together more than 0.
Share share_of_beta(double yes, double no);

// Rounded, for people; basis points are 0 or more.
constexpr std::int64_t percent_of(std::int32_t basis_points) { return (basis_points + 50) / 100; }
std::string to_text(const Share& share);  // "27 % (12 to 46 %)"

}  // namespace holdfast::desk
