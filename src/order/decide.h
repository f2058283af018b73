// decide: events, or one refusal. The whole of what a request may do to an order.
//
// Pure: the same order, rules, command and instant give the same answer. `received_at` is the
// server's; an event's time is max(received_at, the newest event's). The order must be caught up
// to `received_at` (deadlines.h). decide() itself answers default_pending between a default's legal
// instant and the end of its grace, where the request would change what that default does.
#pragma once

#include "order/command.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "order/refusal.h"
#include "order/rules.h"

#include <expected>
#include <span>

namespace holdfast::order {

using Decision = std::expected<Events, Refusal>;

[[nodiscard]] Decision decide(const Order& order, const Rules& rules, const Command& command,
                              Instant received_at);
// The same for a caller that has deadlines(order, rules) at hand.
[[nodiscard]] Decision decide(const Order& order, const Rules& rules, const Command& command,
                              Instant received_at, std::span<const Due> ahead);

// Observations are never refused for being inconvenient: a refusal here is one of the first group,
// what makes no sense. What is known already gives no events.
[[nodiscard]] Decision observe(const Order& order, const Rules& rules,
                               const Observation& observation, Instant received_at);

}  // namespace holdfast::order
