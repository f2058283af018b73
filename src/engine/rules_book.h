// The terms that orders are pinned to, and the law beside them, as one value for the engine.
#pragma once

#include "order/order.h"
#include "order/rules.h"
#include "terms/choose.h"

#include <deque>
#include <vector>

namespace holdfast::engine {

class RulesBook {
public:
    // `grace` is longer than the request time-out and the clocks' difference together.
    explicit RulesBook(Duration grace = order::Rules{}.grace, Duration remind_before = {})
        : grace_(grace), remind_before_(remind_before) {}

    void add(terms::Terms terms) { editions_.push_back(std::move(terms)); }
    void add_law(terms::Terms law);

    // The very text that the order was placed under; none if this program was not given it.
    const terms::Terms* find(const terms::Pin& pin) const;

    order::Rules rules_for(const terms::Terms& terms) const {
        return {.terms = &terms, .law = law_, .grace = grace_, .remind_before = remind_before_};
    }
    Duration grace() const { return grace_; }

private:
    Duration grace_, remind_before_;
    std::deque<terms::Terms> editions_;  // they stay where they are
    std::deque<terms::Terms> laws_;
    std::vector<const terms::Terms*> law_;
};

}  // namespace holdfast::engine
