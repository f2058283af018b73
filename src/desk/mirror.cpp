#include "desk/mirror.h"

#include "order/facts.h"
#include "order/money.h"

#include "base/money.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

using terms::Moment;

std::optional<SeenTime> time_of(std::optional<Instant> at) {
    return at ? std::optional(SeenTime{.at = *at, .kind = SeenTime::Kind::exact, .or_at = {}})
              : std::nullopt;
}

holdfast::Money sum(const order::Order& order, order::Minor minor) {
    return holdfast::Money::of_minor(minor, order.currency());
}

ParcelStatus status_of(order::ScanKind kind) {
    using order::ScanKind;
    switch (kind) {
    case ScanKind::accepted:
    case ScanKind::moving:             return ParcelStatus::moving;
    case ScanKind::out_for_delivery:   return ParcelStatus::out_for_delivery;
    case ScanKind::pickup_waiting:     return ParcelStatus::pickup_waiting;
    case ScanKind::delivered:
    case ScanKind::delivered_signed:   return ParcelStatus::delivered;
    case ScanKind::returned_to_sender: return ParcelStatus::returning;
    case ScanKind::lost:               return ParcelStatus::lost;
    case ScanKind::damaged:            return ParcelStatus::damaged;
    case ScanKind::customs:
    case ScanKind::refused:
    case ScanKind::exception:          return ParcelStatus::held;
    case ScanKind::count_:             break;
    }
    VERIFY(!"a ScanKind outside its list");
    return ParcelStatus::unknown;
}

// A delivery that stands, else the newest scan; a label where there is none.
ParcelStatus status_of(const order::Shipment& shipment) {
    if (order::delivery_of(shipment)) return ParcelStatus::delivered;
    const auto* newest = order::newest_scan(shipment);
    return newest ? status_of(newest->kind) : ParcelStatus::label_only;
}

ParcelSeen parcel_of(const order::Shipment& shipment, const std::string& system,
                     const std::string& reference) {
    ParcelSeen seen;
    seen.tracking_number = shipment.tracking.view();
    seen.purchase_system = system;
    seen.purchase_reference = reference;
    seen.status = status_of(shipment);
    seen.shipped = time_of(shipment.when);
    for (const auto& scan : shipment.scans)
        if (!scan.withdrawn)
            seen.scans.push_back(
                {.at = *time_of(scan.when), .status = status_of(scan.kind), .text = {}});
    if (const auto* delivery = order::delivery_of(shipment))
        seen.delivered = time_of(delivery->when);
    return seen;
}

Phase phase_of(const order::Order& order) {
    if (order.cancelled) return Phase::cancelled;
    if (order.completed) return Phase::completed;
    if (order.shipments.empty()) return order.paid ? Phase::paid : Phase::unpaid;
    return order::unshipped_lines(order).empty() ? Phase::shipped : Phase::part_shipped;
}

void tell(std::vector<MomentSeen>& told, Moment moment, std::optional<Instant> at) {
    if (at) told.push_back({std::string(terms::to_string(moment)), *at});
}

std::vector<MomentSeen> told_of(const order::Order& order, order::DisputeNo no) {
    const auto& dispute = order.dispute(no);
    std::vector<MomentSeen> told;
    tell(told, Moment::dispute_notified, dispute.notified);
    tell(told, Moment::dispute_modified, dispute.modified);
    tell(told, Moment::dispute_withdrawn, dispute.withdrawn);
    tell(told, Moment::offer_accepted, dispute.accepted);
    tell(told, Moment::escalated, dispute.escalated);
    tell(told, Moment::decided, dispute.decided);
    tell(told, Moment::appealed, dispute.appealed);
    tell(told, Moment::appeal_decided, dispute.appeal_decided);
    if (!dispute.withdrawn) tell(told, Moment::dispute_closed, dispute.closed);
    tell(told, Moment::replacement_agreed, dispute.replacement_agreed);
    tell(told, Moment::replacement_shipped, dispute.replacement_shipped);
    tell(told, Moment::replacement_delivered, dispute.replacement_delivered);
    for (const auto& asked : dispute.asked)
        if (asked.of == order::Party::seller && !asked.answered && !asked.lapsed)
            tell(told, Moment::asked, asked.at);
    std::optional<Instant> offered;
    for (const auto& offer : order.offers)
        if (offer.dispute == no) offered = offer.made_at;
    tell(told, Moment::offer_made, offered);
    if (!dispute.back) return told;
    tell(told, Moment::return_agreed, dispute.back->agreed);
    tell(told, Moment::return_sent, dispute.back->sent);
    if (dispute.back->sent || !dispute.is_closed())
        tell(told, Moment::return_delivered, dispute.back->delivered);
    tell(told, Moment::return_received, order::received_of(dispute));
    tell(told, Moment::return_contested, dispute.back->contested);
    return told;
}

DisputeSeen dispute_of(const order::Order& order, order::DisputeNo no) {
    const auto& dispute = order.dispute(no);
    DisputeSeen seen;
    seen.dispute_id = std::to_string(no.value);
    seen.reason = terms::to_string(dispute.reason);
    seen.status = order::to_string(dispute.phase);
    seen.opened = time_of(dispute.opened);
    seen.answered = time_of(dispute.answered);
    seen.ended = time_of(dispute.withdrawn ? dispute.withdrawn : dispute.closed);
    seen.requested = sum(order, dispute.requested);
    seen.tracking = dispute.tracking.view();
    seen.told = told_of(order, no);
    // Says of itself that all is told, even before anything happened.
    tell(seen.told, Moment::dispute_opened, dispute.opened);
    return seen;
}

void add_times(PurchaseSeen& seen, const order::Order& order) {
    seen.created = time_of(order.placed_at);
    seen.paid = time_of(order.paid);
    seen.completed = time_of(order.completed);
    seen.ended = time_of(order.cancelled ? order.cancelled : order.completed);
    if (order.promised_by.is_instant())
        seen.promise = PromiseSeen{.at = order.promised_by.instant(),
                                   .confidence = Confidence::given,
                                   .basis = "told by the marketplace"};
    for (const auto& shipment : order.shipments) {
        if (shipment.replaces) continue;
        if (!seen.shipped || shipment.when > seen.shipped->at)
            seen.shipped = time_of(shipment.when);
        if (!shipment.tracking.empty())
            seen.tracking_numbers.emplace_back(shipment.tracking.view());
    }
    seen.shipped_basis = "told by the marketplace";
}

// A line that was cancelled before it was sent is neither in the total nor in what came back: it is
// not bought.
void add_lines(PurchaseSeen& seen, const order::Order& order) {
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        const auto& line = order.lines[i];
        const bool is_cancelled = line.cancelled == line.placed.quantity;
        if (is_cancelled && !order.cancelled) continue;
        LineSeen one;
        one.line_id = std::to_string(i + 1);
        one.sku = line.placed.sku.view();
        one.quantity = line.placed.quantity;
        one.price = sum(order, line.placed.unit_price);
        if (is_cancelled) one.phase = Phase::cancelled;
        seen.lines.push_back(std::move(one));
    }
}

// Of what is bought; what was paid too much, or was cancelled before it was sent, is no refund of
// it.
order::Minor refunded_of(const order::Order& order) {
    order::Minor goods = 0;
    for (const auto& line : order.lines)
        goods += std::max<order::Minor>(
            0, line.refunded - (order.cancelled ? 0 : line.placed.unit_price * line.cancelled));
    if (goods == 0) return 0;
    return goods + order.shipping_refunded + order.tax_refunded + order.fee_refunded;
}

PurchaseSeen purchase_of(const order::Order& order, const std::string& system,
                         const std::string& reference) {
    PurchaseSeen seen;
    seen.system = system;
    seen.reference = reference;
    add_times(seen, order);
    add_lines(seen, order);
    seen.store_name = to_string(order.terms_of_sale.seller);
    for (const auto& [key, value] : order.terms_of_sale.attributes)
        if (key == terms::Attribute::destination) seen.destination = value.view();
    seen.phase = phase_of(order);
    seen.status = to_string(seen.phase);
    seen.total =
        sum(order, order.cancelled ? order::placed_total_of(order) : order::total_of(order));
    if (const auto refunded = refunded_of(order); refunded > 0) {
        seen.refunded = sum(order, refunded);
        seen.refunded_at = time_of(order.refunded_at);
    }
    bool quarrel = false;
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        const auto no = order::nth<order::DisputeNo>(i);
        quarrel |= order.disputes[i].is_quarrel();
        seen.disputes.push_back(dispute_of(order, no));
    }
    seen.in_dispute = quarrel;
    return seen;
}

}  // namespace

std::vector<Observation> observations_of(const order::Order& order, const std::string& system,
                                         const std::string& reference, Instant seen_at) {
    const Origin origin{.format = "holdfast", .seen_at = seen_at, .file = {}, .line = 0};
    std::vector<Observation> all;
    for (const auto& shipment : order.shipments)
        if (!shipment.tracking.empty() && !shipment.replaces)
            all.push_back({origin, parcel_of(shipment, system, reference)});
    all.push_back({origin, purchase_of(order, system, reference)});
    return all;
}

}  // namespace holdfast::desk
