// What can still be refunded for which goods, where a refund comes from, and the seller's share.
#pragma once

#include "order/order.h"

#include <optional>
#include <vector>

namespace holdfast::order {

// floor(amount x some / all); the whole amount where some >= all.
Minor part_of(Minor amount, Minor some, Minor all);

// Price of the goods, without shipping, tax and fee.
Minor goods_of(const Order& order, const Lines& lines);
Minor placed_total_of(const Order& order);
Minor total_of(const Order& order);  // of all that is not cancelled

// All lines with what is left of them uncancelled.
Lines all_lines(const Order& order);
Lines placed_lines(const Order& order);  // the cancelled units too
Lines unshipped_lines(const Order& order);
bool overlap(const Lines& a, const Lines& b);

// The most that can go back to the buyer: what was captured, less what went back or was charged
// back. Of `lines`: their price not yet refunded, and their share of shipping, tax and fee.
Minor refundable(const Order& order);
Minor refundable(const Order& order, const Lines& lines);
// What a dispute asks for, as far as it can be refunded, and when that last changed.
Minor asked_sum(const Order& order, const Dispute& dispute);
Instant asked_at(const Dispute& dispute);

// A refund of `amount` for `lines`, apart. Over many refunds in any order the parts add up to what
// was paid, exactly.
Parts apart(const Order& order, const Lines& lines, Minor amount);

// What the return of this dispute brings at its end: what was agreed, as far as it can be refunded.
Minor return_due(const Order& order, DisputeNo no);

// Held money that disputes which are not over keep back, but for those about `lines`: what goes
// back for goods in dispute is what their dispute keeps.
Minor bound(const Order& order, const Lines& lines = {});
Minor free_to_release(const Order& order);

// The commission on `gross`, 0 where the money never was here: telescopes, so that parts in any
// order cost what the whole does.
Minor commission_on(const Order& order, Minor gross);

struct Sources {
    Minor held = 0, seller = 0, commission = 0, guarantee = 0;
};
// Where `amount` comes from: up to `held` of what is held, then the seller up to what they were
// paid (with the commission on it given back), then what else is held, then the guarantee.
Sources sources_for(const Order& order, Minor amount, Minor held);

}  // namespace holdfast::order
