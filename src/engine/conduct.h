// How a party behaved, read from its orders: what the store has written, and what a caller knows
// beyond it.
//
// Orders are found by search terms for their buyer and their seller. Of a party with very many,
// the newest are read.
#pragma once

#include "engine/rules_book.h"
#include "order/conduct.h"
#include "order/order.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// Finds the orders in which the party is the buyer, or the seller.
std::string party_term(order::PartyId party, bool as_buyer);

// What has happened and is not written yet.
struct Unwritten {
    // Orders that begin with this term, beside those that are written.
    std::function<std::vector<store::StreamId>(std::string_view term)> begun = {};
    // Puts more events of an order behind those that are written.
    std::function<void(const store::StreamId& order, order::Events& events)> add = {};
};

struct ConductOf {
    static constexpr std::size_t orders_most = 1'000;  // the newest, of those in the span

    std::vector<store::StreamId> orders = {};   // the newest first
    std::vector<order::Conduct> conducts = {};  // of each
    bool is_cut = false;                        // there may be more
    std::uint64_t unread = 0;                   // damaged, or their terms are not loaded
};

// Of the orders that were placed in [since, until].
ConductOf conduct_of(store::Store& store, const RulesBook& rules, order::PartyId party,
                     bool as_buyer, Instant since, Instant until, const Unwritten& unwritten = {});

// What the terms of an order ask of its parties, at `now` of its clock; none: they ask nothing.
std::optional<order::Standing> standing_of(store::Store& store, const RulesBook& book,
                                           const order::Rules& rules,
                                           const order::Placement& placement, Instant now,
                                           const Unwritten& unwritten = {});

}  // namespace holdfast::engine
