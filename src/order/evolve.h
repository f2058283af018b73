// evolve: what an event makes of an order. Never refuses; an event that cannot follow is a bug or
// a damaged history and fails a VERIFY. The money's identity is verified after each event.
#pragma once

#include "order/event.h"
#include "order/order.h"

#include <span>

namespace holdfast::order {

void evolve(Order& order, const Recorded& recorded);
Order replay(std::span<const Recorded> events);

// captured + advanced = held + released + refunded + compensated + fees + charged back, each >= 0.
bool is_balanced(const Money& money);

}  // namespace holdfast::order
