// A change in the making: events, and the order as it stands after each of them.
#pragma once

#include "order/evolve.h"
#include "order/rules.h"

#include <algorithm>
#include <utility>

namespace holdfast::order {

class Draft {
public:
    // `at`: recorded; `when`: when it takes effect.
    Draft(const Order& order, const Rules& rules, Instant at, Instant when)
        : order_(order), rules_(rules), at_(std::max(at, order.last_at)), when_(when) {}
    // What takes effect when it is recorded, as a request does.
    Draft(const Order& order, const Rules& rules, Instant at)
        : order_(order), rules_(rules), at_(std::max(at, order.last_at)), when_(at_) {}

    const Order& order() const { return order_; }
    const Rules& rules() const { return rules_; }
    Instant at() const { return at_; }
    Instant when() const { return when_; }

    void add(Event event) {
        events_.push_back({at_, when_, std::move(event)});
        evolve(order_, events_.back());
    }

    bool empty() const { return events_.empty(); }
    Events take() { return std::move(events_); }

private:
    Order order_;
    const Rules& rules_;
    Instant at_, when_;
    Events events_;
};

}  // namespace holdfast::order
