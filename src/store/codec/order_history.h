// An order's events as the core has them, out of its history.
#pragma once

#include "order/event.h"
#include "store/store.h"

#include <cstdint>
#include <optional>

namespace holdfast::store {

// Up to this version; nothing: one of them cannot be read.
[[nodiscard]] std::optional<order::Events> events_of_order(const History& history,
                                                           std::uint64_t version);

}  // namespace holdfast::store
