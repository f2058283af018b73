#include "order/deadlines.h"
#include "order/decide.h"
#include "order/door.h"
#include "order/facts.h"
#include "order/money.h"
#include "order/settle.h"

#include "base/money.h"
#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

bool is_sum(Minor amount) { return amount > 0 && amount <= holdfast::Money::max_minor / 4; }

// What comes in on top of what came stays in the range that every sum of the order fits into.
bool is_sum_beside(Minor amount, const Money& money) {
    return is_sum(amount) &&
           amount <= holdfast::Money::max_minor / 2 - money.captured - money.authorised;
}

// --- Payment

bool is_reference(std::string_view text) { return text.empty() || is_processor_name(text); }

Check see(Draft& draft, const SeeAuthorised& seen) {
    if (!is_sum_beside(seen.amount, draft.order().money) || !is_reference(seen.reference))
        return no(RefusalCode::malformed);
    draft.add(
        PaymentAuthorised{.amount = seen.amount, .until = seen.until, .reference = seen.reference});
    return {};
}

// The same capture told again: of a payment that has nothing left to capture, the sum that was.
bool is_known_capture(const Order& order, const SeeCaptured& seen) {
    return !seen.reference.empty() &&
           std::ranges::any_of(order.payments, [&](const ProcessorPayment& one) {
               return one.reference == seen.reference && one.authorised == 0 &&
                      one.captured == seen.amount;
           });
}

Check see(Draft& draft, const SeeCaptured& seen) {
    if (!is_reference(seen.reference)) return no(RefusalCode::malformed);
    if (is_known_capture(draft.order(), seen)) return {};
    if (!is_sum_beside(seen.amount, draft.order().money)) return no(RefusalCode::malformed);
    draft.add(PaymentCaptured{.amount = seen.amount, .reference = seen.reference});
    return {};
}

Check see(Draft& draft, const SeeAuthorisationEnded&) {
    if (draft.order().money.authorised > 0)
        draft.add(AuthorisationEnded{.amount = draft.order().money.authorised});
    return {};
}

// --- Parcels

// Of `lines`, or of all where none is named, what is not on its way yet.
std::expected<Lines, Refusal> parcel_lines(const Order& order, const SeeShipped& seen) {
    if (seen.replaces) {
        if (!has(order.disputes, *seen.replaces)) return no(RefusalCode::unknown_dispute);
        if (!order.dispute(*seen.replaces).replacement_agreed)
            return no(RefusalCode::unknown_dispute);
        return order.dispute(*seen.replaces).lines;
    }
    auto unshipped = unshipped_lines(order);
    if (seen.lines.empty()) return unshipped;
    if (all_lines(order).empty()) return no(RefusalCode::nothing_unshipped);
    auto lines = TRY(need_lines(order, seen.lines));
    for (const auto& part : lines) {
        const auto left = std::ranges::find(unshipped, part.line, &LineQuantity::line);
        if (left == unshipped.end() || left->quantity < part.quantity)
            return no(RefusalCode::quantity_too_large);
    }
    return lines;
}

bool is_known_parcel(const Order& order, const SeeShipped& seen, Instant when) {
    return std::ranges::any_of(order.shipments, [&](const Shipment& one) {
        if (one.replaces != seen.replaces) return false;
        if (!seen.tracking.empty()) return one.tracking == seen.tracking;
        return one.tracking.empty() && one.when == when && one.lines == seen.lines;
    });
}

Check see(Draft& draft, const SeeShipped& seen) {
    if (!is_reference(seen.carrier.view())) return no(RefusalCode::malformed);
    if (is_known_parcel(draft.order(), seen, draft.when())) return {};
    auto lines = TRY(parcel_lines(draft.order(), seen));
    if (lines.empty()) return no(RefusalCode::nothing_unshipped);
    draft.add(Shipped{.shipment = {next_of(draft.order().shipments)},
                      .lines = std::move(lines),
                      .tracking = seen.tracking,
                      .replaces = seen.replaces,
                      .carrier = seen.carrier});
    return {};
}

// Of these goods, what the buyer has back because they had not come: by a dispute that says so, or
// all of it without any dispute that says they had.
Minor refunded_unseen(const Order& order, const LineQuantity& part) {
    const auto& line = order.lines.at(index_of(part.line));
    bool not_come = false, was_there = false;
    for (const auto& dispute : order.disputes) {
        if (!overlap({part}, dispute.lines)) continue;
        if (dispute.reason == Reason::not_received)
            not_come |= dispute.is_closed() && dispute.refunded > 0;
        else
            was_there |= dispute.reason != Reason::late;
    }
    const bool is_whole = line.refunded >= line.placed.unit_price * line.placed.quantity;
    if (!not_come && (was_there || !is_whole)) return 0;
    return std::min(line.refunded, goods_of(order, {part}));
}

// Goods that come although their money went back: seen by all, hidden from nobody.
void note_arrival_after_refund(Draft& draft, ShipmentNo no_of) {
    const auto& order = draft.order();
    const auto& shipment = order.shipments.at(index_of(no_of));
    const bool noted = std::ranges::any_of(
        order.arrivals, [&](const Arrival& one) { return one.shipment == no_of; });
    if (noted || shipment.replaces || !order.refunded_at || *order.refunded_at > draft.when())
        return;
    Minor value = 0;
    for (const auto& part : shipment.lines) value += refunded_unseen(order, part);
    if (value > 0) draft.add(ArrivedAfterRefund{.shipment = no_of, .value = value});
}

// What waited for the goods to come: settlements that sleep, and replacements.
void wake_by_arrival(Draft& draft) {
    for (std::size_t i = 0; i < draft.order().disputes.size(); ++i) {
        const auto no_of = nth<DisputeNo>(i);
        const auto& dispute = draft.order().dispute(no_of);
        if (dispute.phase == DisputePhase::replacing && dispute.replacement_delivered) {
            // At once, unless the terms give the buyer time to look at it.
            if (!has_default(draft.order(), draft.rules(), no_of))
                close(draft, no_of, Party::buyer);
        } else if (dispute.phase == DisputePhase::sleeping) {
            const auto came = delivered_all(draft.order(), dispute.lines);
            const auto by = draft.order().offer(*dispute.sleeping).plan.arrives_by;
            if (came && came->first < *by) wake(draft, no_of, /*arrived=*/true);
        }
    }
}

Check see(Draft& draft, const SeeScan& seen) {
    if (!has(draft.order().shipments, seen.shipment)) return no(RefusalCode::unknown_shipment);
    const auto& scans = draft.order().shipments[index_of(seen.shipment)].scans;
    const bool known = std::ranges::any_of(
        scans, [&](const Scan& one) { return one.kind == seen.kind && one.when == draft.when(); });
    if (known) return {};
    draft.add(Scanned{.shipment = seen.shipment, .kind = seen.kind});
    if (!is_delivery(seen.kind)) return {};
    note_arrival_after_refund(draft, seen.shipment);
    wake_by_arrival(draft);
    return {};
}

Check see(Draft& draft, const SeeScanWithdrawn& seen) {
    if (!has(draft.order().shipments, seen.shipment)) return no(RefusalCode::unknown_shipment);
    const auto& scans = draft.order().shipments[index_of(seen.shipment)].scans;
    const bool there = std::ranges::any_of(
        scans, [&](const Scan& one) { return one.kind == seen.kind && !one.withdrawn; });
    if (there) draft.add(ScanWithdrawn{.shipment = seen.shipment, .kind = seen.kind});
    return {};
}

Check see(Draft& draft, const SeeReturnDelivered& seen) {
    const auto& order = draft.order();
    if (!has(order.disputes, seen.dispute) || !order.dispute(seen.dispute).back)
        return no(RefusalCode::unknown_dispute);
    if (!order.dispute(seen.dispute).back->delivered)
        draft.add(ReturnDelivered{.dispute = seen.dispute});
    return {};
}

// --- Processor and platforms elsewhere

Check see(Draft& draft, const SeeInstruction& seen) {
    const auto& all = draft.order().instructions;
    if (seen.state == InstructionState::pending) return no(RefusalCode::malformed);
    if (!has(all, seen.instruction)) return no(RefusalCode::unknown_instruction);
    // Once succeeded stays so; a failure that turns out well after all is good news.
    const auto state = all[index_of(seen.instruction)].state;
    if (state == seen.state || state == InstructionState::succeeded) return {};
    draft.add(InstructionSettled{.instruction = seen.instruction, .state = seen.state});
    return {};
}

Check see(Draft& draft, const SeeChargeback& seen) {
    const auto& order = draft.order();
    const auto most = order.money.captured - order.money.charged_back;
    if (!is_sum(seen.amount) || seen.amount > most) return no(RefusalCode::malformed);
    const auto from = sources_for(order, seen.amount, order.money.held);
    draft.add(ChargebackOpened{.chargeback = {next_of(order.chargebacks)},
                               .amount = seen.amount,
                               .from_held = from.held,
                               .from_seller = from.seller,
                               .commission = from.commission,
                               .from_guarantee = from.guarantee,
                               .evidence_due = seen.evidence_due});
    return {};
}

Check see(Draft& draft, const SeeChargebackResolved& seen) {
    const auto& all = draft.order().chargebacks;
    if (!has(all, seen.chargeback)) return no(RefusalCode::unknown_chargeback);
    if (seen.state != ChargebackState::won && seen.state != ChargebackState::lost)
        return no(RefusalCode::malformed);
    const auto state = all[index_of(seen.chargeback)].state;
    if (state == ChargebackState::won || state == ChargebackState::lost) return {};
    draft.add(ChargebackResolved{.chargeback = seen.chargeback, .state = seen.state});
    return {};
}

Check see(Draft& draft, const SeeUpstreamGranted& seen) {
    const auto& order = draft.order();
    if (!has(order.disputes, seen.dispute) ||
        order.dispute(seen.dispute).upstream_reference.empty())
        return no(RefusalCode::unknown_dispute);
    if (!is_sum(seen.amount)) return no(RefusalCode::malformed);
    draft.add(UpstreamGranted{.dispute = seen.dispute, .amount = seen.amount});
    return {};
}

// --- Notices

constexpr std::size_t notices_most = 10'000;  // of one order

Event report_of(const SeeNotice& seen) {
    switch (seen.state) {
    case NoticeState::sent:
        return NoticeSent{.notice = seen.notice, .to = seen.to, .code = seen.code};
    case NoticeState::delivered:
        return NoticeDelivered{.notice = seen.notice, .to = seen.to, .code = seen.code};
    case NoticeState::bounced:
        return NoticeBounced{.notice = seen.notice, .to = seen.to, .code = seen.code};
    case NoticeState::failed:
        return NoticeFailed{.notice = seen.notice, .to = seen.to, .code = seen.code};
    case NoticeState::queued:
    case NoticeState::count_: break;
    }
    VERIFY(!"no report of a notice");
}

bool is_reported(const Notice& notice, NoticeState state) {
    switch (state) {
    case NoticeState::sent:      return notice.sent.has_value();
    case NoticeState::delivered: return notice.delivered.has_value();
    case NoticeState::bounced:   return notice.bounced.has_value();
    case NoticeState::failed:    return notice.failed.has_value();
    case NoticeState::queued:
    case NoticeState::count_:    break;
    }
    VERIFY(!"no report of a notice");
}

bool is_report(NoticeState state) {
    return state != NoticeState::queued && state < NoticeState::count_;
}

Check see(Draft& draft, const SeeNotice& seen) {
    if (!is_report(seen.state)) return no(RefusalCode::malformed);
    const auto& all = draft.order().notices;
    if (!has(all, seen.notice)) return no(RefusalCode::unknown_notice);
    if (!is_reported(all[index_of(seen.notice)], seen.state)) draft.add(report_of(seen));
    return {};
}

Check see(Draft& draft, const SeeTold& seen) {
    const auto& order = draft.order();
    if ((seen.of != Party::buyer && seen.of != Party::seller) || !is_report(seen.state) ||
        seen.by >= NoticeWay::count_ || seen.about < 1 || seen.about > order.version)
        return no(RefusalCode::malformed);
    const auto known = std::ranges::find_if(order.notices, [&](const Notice& one) {
        return one.of == seen.of && one.about == seen.about && one.by == seen.by;
    });
    auto notice = nth<NoticeNo>(static_cast<std::size_t>(known - order.notices.begin()));
    if (known == order.notices.end()) {
        if (order.notices.size() >= notices_most) return no(RefusalCode::malformed);
        notice = {next_of(order.notices)};
        draft.add(NoticeMade{.notice = notice, .of = seen.of, .about = seen.about, .by = seen.by});
    }
    return see(draft, SeeNotice{.notice = notice, .state = seen.state, .code = seen.code});
}

}  // namespace

Decision observe(const Order& order, const Rules& rules, const Observation& observation,
                 Instant received_at) {
    if (!order.placed) return no(RefusalCode::not_placed);
    const auto at = std::max(received_at, order.last_at);
    Draft draft(order, rules, at, std::min(observation.when, at));
    TRY(std::visit([&](const auto& seen) { return see(draft, seen); }, observation.seen));
    if (!draft.empty()) settle_up(draft);
    return draft.take();
}

}  // namespace holdfast::order
