// How a claim on a purchase ended, and what came of its money.
#pragma once

#include "base/money.h"
#include "desk/purchase.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::desk {

enum class ClaimEnd : std::uint8_t {
    open,
    granted,   // all that was asked for, by the platform's word or by the money that came
    partly,    // some of it came
    declined,  // ended, and nothing came
    unclear,   // there was one, and no source says how it ended
};
std::string_view to_string(ClaimEnd end);

struct ClaimSeen {
    ClaimEnd end = ClaimEnd::unclear;
    std::optional<Money> requested = {};  // of all its disputes; nothing where one names no sum
    std::optional<Instant> opened = {}, ended = {};
};

// Nothing where no claim was made.
std::optional<ClaimSeen> claim_seen(const Purchase& purchase);

// What every report counts as claimed: what was asked for, and the whole order where the claim (or
// one of several) names no sum. Nothing where no source names either.
std::optional<Money> claimed_of(const Purchase& purchase, const ClaimSeen& claim);

// What every report counts as come back: what a source saw come, less what was taken back since.
// That a claim was granted is no money yet. Nothing, or more than zero.
std::optional<Money> came_back(const Purchase& purchase);

}  // namespace holdfast::desk
