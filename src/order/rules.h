// What an order is decided under: its pinned terms, the law beside them, and the grace.
#pragma once

#include "base/instant.h"
#include "terms/terms.h"

#include <span>

namespace holdfast::order {

struct Rules {
    const terms::Terms* terms = nullptr;
    std::span<const terms::Terms* const> law = {};
    // A default is carried out this long after its legal instant; longer than the request time-out
    // and the clocks' difference together, so that what came in time is never overtaken.
    Duration grace = std::chrono::minutes{2};
    // Whoever a deadline strikes against is told so long before; zero: nobody is.
    Duration remind_before{};
};

}  // namespace holdfast::order
