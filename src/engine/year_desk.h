// A reseller beside a made year: a store with its sales, and what it bought for them, as imports
// would have left it. Most goods come from one platform outside; what this marketplace sold to the
// reseller is mirrored from its own orders.
//
// All of it is what sources said at the end of the year: claims that lapse today, this week and
// later, claims that lapsed and that were paid, disputes that wait for either side.
#pragma once

#include "order/order.h"
#include "store/store.h"
#include "terms/terms.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// The systems' names, as readers of their files give them.
inline constexpr std::string_view platform_system = "aliexpress", own_system = "holdfast",
                                  shop_system = "shopify";

struct YearDeskOptions {
    std::uint64_t seed = 1;
    std::uint32_t purchases = 1'200;  // at the platform
    Instant end{};
    order::PartyId reseller;  // a buyer of the marketplace
    std::string by = "demo";  // who filed claims and put rows off, as causes name people
};

struct YearDeskCounts {
    std::uint64_t purchases = 0, sales = 0, parcels = 0, filed = 0;
};

// Into the store of the year. Throws StoreDown.
YearDeskCounts make_year_desk(store::Store& store, const YearDeskOptions& options);

}  // namespace holdfast::engine
