// When the orders of a made year are placed: more of them towards its end, before Christmas, on
// Sundays and in the evening.
#pragma once

#include "engine/year_chance.h"

#include <cstddef>
#include <vector>

namespace holdfast::engine {

inline constexpr std::chrono::days year_long{365};

// In order, all within the year that ends at `end`.
std::vector<Instant> placing_times(const Chance& chance, std::size_t orders, Instant end);

}  // namespace holdfast::engine
