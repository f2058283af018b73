// What a marketplace that runs Holdfast tells a reseller about one of its orders: the same
// observations that any other platform's file would give, but complete.
//
// So a reseller's forecast and the marketplace's decision come from the same facts, by two ways.
#pragma once

#include "desk/observation.h"
#include "order/order.h"

#include <string>
#include <vector>

namespace holdfast::desk {

// The order as it stands, seen at `seen_at` under `system` and `reference`; its parcels first.
// Times are as the order has them. A parcel without a tracking number cannot be told apart and is
// left out; its shipping is in the order's own times.
std::vector<Observation> observations_of(const order::Order& order, const std::string& system,
                                         const std::string& reference, Instant seen_at);

}  // namespace holdfast::desk
