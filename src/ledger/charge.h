// A payment that the buyer saw in another currency than the order is kept in.
//
// What goes back goes back at the charge's own rate, never at today's: refunds in any order and
// number come to the charged sum exactly when the whole is refunded, to the minor unit.
#pragma once

#include "base/money.h"
#include "order/order.h"

namespace holdfast::ledger {

struct Charge {
    Money charged;  // what the buyer was charged, in their currency; above 0
    Money booked;   // what the order counts for it, in the order's currency; above 0
    bool operator==(const Charge&) const = default;
};

// What a refund of `refund` of the booked sum is in the buyer's currency, when `refunded_before` of
// it has gone back already: what both are together, less what was. Rounded half to even, on the sum
// of all refunds. Both in minor units of the booked currency, 0 or more, together at most `booked`.
Money refund_in_charge_currency(const Charge& charge, order::Minor refunded_before,
                                order::Minor refund);

}  // namespace holdfast::ledger
