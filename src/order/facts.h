// From an order to the facts that terms are asked about.
//
// What can be late, missing or wrong is a line: a question about some lines sees the parcels that
// carry them, their price with its share of shipping and tax, and the dispute about them.
#pragma once

#include "order/order.h"
#include "order/rules.h"
#include "terms/facts.h"

#include <optional>
#include <utility>

namespace holdfast::order {

struct Scope {
    std::optional<DisputeNo> dispute = {};
    Lines lines = {};  // empty: all of the order, or of the dispute
};

// The lines that a question is about; of an order that is cancelled as a whole, all it had.
Lines lines_of(const Order& order, const Scope& scope);

// The order as it is asked about where the parties are seen to stand like this.
Order with_standing(Order order, const Standing& standing, Instant seen_at);

// The newest scan that stands, and the first delivery; none: nothing.
const Scan* newest_scan(const Shipment& shipment);
const Scan* delivery_of(const Shipment& shipment);
bool has_scan(const Shipment& shipment, ScanKind kind);  // also one that was withdrawn

// The facts as they stand at `at` (silence of a parcel depends on it).
terms::Facts facts_of(const Order& order, const Rules& rules, const Scope& scope, Instant at);

// The tracking word of these lines: of the parcel that is worst off.
Word tracking_of(const Order& order, const Rules& rules, const Lines& lines, Instant at);

// The most that may be given beyond what was paid; nothing where the terms do not speak of it.
std::optional<Minor> compensation_cap(const Order& order, const Rules& rules,
                                      std::optional<DisputeNo> dispute, Instant at);

// When the return of a dispute was received, or was settled without a word of the seller.
std::optional<Instant> received_of(const Dispute& dispute);

// When the last of all parcels with these lines was delivered; none while one is under way.
// First: by the carrier; second: when that was seen here.
std::optional<std::pair<Instant, Instant>> delivered_all(const Order& order, const Lines& lines);

}  // namespace holdfast::order
