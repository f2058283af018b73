// A year of a marketplace, made from a seed: some thousand buyers, sellers of several kinds, their
// orders and all that follows from them, up to an instant.
//
// Everything goes through the writer with its own time, as it would in a year: what is asked may be
// refused, what time does by itself strikes when it is due. So the books balance and the streams
// are whole, and what is under way at the end stands as it would. The same seed, end and terms give
// the same events; only the keys of the people's marks are chance.
#pragma once

#include "engine/rules_book.h"
#include "order/order.h"
#include "store/store.h"
#include "terms/terms.h"

#include <cstdint>
#include <functional>
#include <string>

namespace holdfast::engine {

struct YearOptions {
    std::uint64_t seed = 1;
    std::uint32_t orders = 20'000;
    Instant end{};  // everything is before it
    // Of how much of the year is made; may be empty.
    std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
};

struct YearCounts {
    std::uint64_t orders = 0, buyers = 0, sellers = 0, disputes = 0, open_disputes = 0;
    std::uint64_t under_way = 0;       // orders that have not ended
    order::PartyId reseller;           // a buyer; see year_desk.h
    order::PartyId a_seller, a_buyer;  // of a dispute that waits for the seller
};

// Into a store that has no orders yet; `terms` is what they pin, and among `rules`. Throws
// StoreDown.
YearCounts make_year(store::Store& store, const RulesBook& rules, const terms::Terms& terms,
                     const YearOptions& options);

}  // namespace holdfast::engine
