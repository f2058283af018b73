// Why things happened to an order: for what time did by itself, for disputes, appeals and verdicts,
// the clause that they stand on.
#pragma once

#include "order/event.h"
#include "order/order.h"
#include "terms/terms.h"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>

namespace holdfast::engine {

// `before` is the order without the event. Nothing: an event that no clause has to grant.
//
// A request is asked of the pinned terms anew, as it was when it came; what it brought along and no
// event keeps (evidence, new information) is taken as brought where the terms want it.
std::optional<boost::json::object> trace_of(const order::Order& before,
                                            const order::Recorded& event, std::uint64_t seq,
                                            const terms::Terms& terms);

}  // namespace holdfast::engine
