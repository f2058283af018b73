// What a history of journeys shows: its lanes, and whether the chances given on it come true.
#pragma once

#include "desk/journey.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::desk {

struct LaneRow {
    Lane lane;
    std::uint64_t journeys = 0, arrived = 0, lost = 0;  // the rest is still under way
    std::optional<std::int32_t> half_days, most_days;   // by when half, and nine of ten, of those
                                                        // that arrived had
    std::vector<std::int32_t> tenths;  // by when each tenth of those had; empty: none arrived
    bool operator==(const LaneRow&) const = default;
};

// The lanes with most journeys first.
std::vector<LaneRow> lanes_of(std::span<const Journey> history);

// Those that were given a chance of this tenth, and what became of them.
struct CalibrationRow {
    std::uint64_t count = 0;
    std::int32_t given = 0, came = 0;  // basis points: what was given at the mean, and what came
    bool operator==(const CalibrationRow&) const = default;
};

struct Calibration {
    std::int32_t within_days = 0;
    std::array<CalibrationRow, 10> tenths = {};
    std::uint64_t count = 0;
    std::int32_t error = 0;  // basis points: how far given and come are apart, over all rows
};

// Halves the history, lets each half forecast the other, and compares: of every journey at 10, 20,
// … 60 days on its way, whether it came within `within_days`. Journeys that were not followed as
// far are left out.
Calibration calibrate(std::span<const Journey> history, std::int32_t within_days);

}  // namespace holdfast::desk
