// What the terms are asked on behalf of a request, and the whole trace of their answer.
#pragma once

#include "order/facts.h"
#include "order/order.h"
#include "terms/explain.h"

#include <cstdint>
#include <optional>

namespace holdfast::order {

struct Wish {
    terms::Verb verb = terms::Verb::open_dispute;
    Scope scope = {};
    std::optional<Reason> reason = {};
    std::optional<std::int64_t> days = {};
    std::optional<Minor> amount = {};
    bool has_evidence = false, has_new_information = false;
};

// The facts of the order, and what the request itself says.
terms::Facts facts_for(const Order& order, const Rules& rules, const Wish& wish, Instant at);

// The trace is of the order's terms; what they refuse, the law beside them may give (Answer::law).
terms::Explanation explain(const Order& order, const Rules& rules, Party by, const Wish& wish,
                           Instant at);

}  // namespace holdfast::order
