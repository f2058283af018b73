// Who is to be told of what happened: whoever is asked something by it, or loses by silence from
// then on, or is given or refused what they waited for.
#pragma once

#include "order/event.h"

#include <cstdint>

namespace holdfast::order {

struct Hearers {
    bool buyer = false, seller = false;
    bool operator==(const Hearers&) const = default;
};

// `after`: the order once the event has happened.
Hearers hearers_of(const Order& after, const Event& event);

// The notices to make of one change, whose events begin with number `first` and led to `after`: one
// for each party, about the first event that is for them.
Events notices_of(const Order& after, const Events& change, std::uint64_t first);

}  // namespace holdfast::order
