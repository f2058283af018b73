// A customer's dispute at our store beside our claim on the purchase that served the sale.
//
// Two clocks run at once: the dispute must be answered, and the claim filed, each by its own day.
// Whoever looks at either sees both, and acts by the earlier. A dispute that runs has a row of its
// own in the worklist: `answer_due` while it is ours to answer, else `waiting`.
#pragma once

#include "desk/movement.h"
#include "desk/sale.h"
#include "desk/worklist.h"

#include <optional>
#include <span>

namespace holdfast::desk {

// A dispute, an inquiry or a return; refunds and transfers are none.
bool is_dispute(const Movement& movement);
// And it has not ended.
bool is_running_dispute(const Movement& movement);

CustomerDispute customer_dispute_of(const Movement& dispute);

// Until when the first of them must be answered, of those that are ours to answer.
std::optional<Instant> first_answer_due(std::span<const CustomerDispute> disputes);

// A purchase that serves the sale, and whether somebody filed the claim on it by hand.
struct ServedBy {
    WorkItem item;
    bool is_filed = false;
};

// Tells the row of a purchase of the disputes about the sales that it serves.
void tell_disputes(ServedBy& purchase, std::span<const Movement> disputes, Instant now);

// The row of a dispute; of one that has ended: none. `sales` are those that it is about.
WorkItem dispute_item(const Movement& movement, std::span<const Sale> sales,
                      std::span<const ServedBy> purchases, Instant now);

}  // namespace holdfast::desk
