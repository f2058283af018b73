// What money an event of an order moves.
//
// Where the money is held here, the seller's part leaves for their party's stream through transit:
// released, less what went back at the seller's cost. Where it is not (custody with_seller or
// outside), the same sums are the seller's own money outside, and nothing is carried anywhere.
#pragma once

#include "base/id.h"
#include "ledger/account.h"
#include "ledger/transfer.h"
#include "order/event.h"
#include "order/order.h"

#include <optional>

namespace holdfast::ledger {

// `before` is the order without the event. Empty where no money moves; sums to zero.
Postings postings_of(const order::Order& before, const order::Recorded& event);

// The account that is the seller's side: transit, or seller where the money is not held here.
Account seller_side(const order::Order& order);

// What of the event has to be carried to the seller's stream. `stream` is the order's own id.
std::optional<Transfer> transfer_of(const IdBytes& stream, const order::Order& before,
                                    const order::Recorded& event);

// What the accounts of an order and its folded money both say, each in its own way.
struct Standing {
    Minor held = 0;
    Minor fees = 0;
    Minor with_seller = 0;   // released, less what the seller gave back; below 0: they advance
    Minor by_guarantee = 0;  // advanced by it
    Minor outside = 0;       // captured, less what is or is about to be back with the buyer
    Minor under_way = 0;     // told to leave and not known to have left
    bool operator==(const Standing&) const = default;
};
Standing standing_of(const Balances& balances);
Standing standing_of(const order::Order& order);

// The accounts sum to zero and say what the order says; anything else is a bug.
void verify_agrees(const Balances& balances, const order::Order& order);

}  // namespace holdfast::ledger
