// What ends things and moves money, whoever decided it: a party, the platform, or time.
#pragma once

#include "order/draft.h"

#include <optional>

namespace holdfast::order {

// Up to `amount` goes back for `lines`, as far as it can be refunded; nothing where nothing can.
void refund(Draft& draft, std::optional<DisputeNo> dispute, const Lines& lines, Minor amount);

// Ends the quarrel as the settlement says: at once, or over a return or a replacement.
void settle(Draft& draft, DisputeNo dispute, const Settlement& settlement, Party winner);

void close(Draft& draft, DisputeNo dispute, Party winner);
void carry_out_verdict(Draft& draft, DisputeNo dispute);

// The accepted settlement that slept: the goods arrived in time, or did not.
void wake(Draft& draft, DisputeNo dispute, bool arrived);

// Takes what is not shipped out of the order and refunds it; the whole if nothing was shipped.
void cancel_unshipped(Draft& draft);

void complete(Draft& draft);

// What follows from any change: money that nothing holds any more goes to the seller when the order
// is complete, back to the buyer when it is cancelled; what was paid too much goes back.
void settle_up(Draft& draft);

}  // namespace holdfast::order
