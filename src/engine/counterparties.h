// What the counterparties of an order in a sandbox do, and when: functions of the order, its rules
// and its cast, and of nothing else.
//
// They act as anybody does: what decide() refuses, they do not do. What they do follows from where
// the order stands, at delays that docs/api.md tells, and takes its turn with what happens by
// itself: an act of day 3 comes before a default of day 5 however far time jumps at once.
#pragma once

#include "engine/cast.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "order/rules.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

struct Act {
    Instant at{};           // not before the order's newest event
    std::string part;       // "seller.prompt"
    std::string_view does;  // "make_offer": a request's name, or an observation's
    order::Events events;   // never none
};

// What is done before anything happens by itself. `ahead` is deadlines(order, rules).
std::optional<Act> next_act(const order::Order& order, const order::Rules& rules, const Cast& cast,
                            std::span<const order::Due> ahead);

// What is done next if nobody else does anything: time may have to do something first.
std::optional<Act> foreseen_act(const order::Order& order, const order::Rules& rules,
                                const Cast& cast);

// What time and the counterparties have done up to `now`: one change each, in their order.
struct Step {
    std::string part;  // of whom; empty: of time
    order::Events events;
};
// As order::catch_up(), which it is where there is no cast.
std::vector<Step> let_time_pass(const order::Order& order, const order::Rules& rules,
                                const Cast& cast, Instant now,
                                std::span<const terms::Outage> outages,
                                std::vector<order::Due>& ahead);

}  // namespace holdfast::engine
