#include "order/evolve.h"

#include "base/verify.h"
#include "order/money.h"

#include <algorithm>
#include <string>
#include <utility>

namespace holdfast::order {
namespace {

using enum DisputePhase;

// Writes one event into the order. One function per event; flat and in the order of event.h.
class Fold {
public:
    Fold(Order& order, const Recorded& recorded)
        : order_(order), money_(order.money), at_(recorded.at), when_(recorded.when) {}

    void operator()(const Placed& event) {
        VERIFY(!order_.placed);
        order_.placed = true;
        order_.placed_at = when_;
        order_.terms_of_sale = event.placement;
        order_.promised_by = event.placement.promised_by;
        for (const auto& line : event.placement.lines) order_.lines.push_back({.placed = line});
    }

    // --- Payment

    void operator()(const PaymentAuthorised& event) {
        if (!event.reference.empty()) payment(event.reference).authorised += event.amount;
        money_.authorised += event.amount;
        money_.authorisation_until = event.until;
        note_paid();
    }
    void operator()(const PaymentCaptured& event) {
        if (!event.reference.empty()) {
            auto& captured = payment(event.reference);
            captured.authorised -= std::min(captured.authorised, event.amount);
            captured.captured += event.amount;
        }
        money_.authorised -= std::min(money_.authorised, event.amount);
        money_.captured += event.amount;
        money_.held += event.amount;
        note_paid();
    }
    void operator()(const AuthorisationEnded& event) {
        money_.authorised = 0;
        money_.authorisation_until = {};
        if (money_.captured < total_of(order_) && !order_.is_over()) {
            order_.paid = {};
            order_.payment_lost = when_;
        }
        if (event.instruction)
            instruct(*event.instruction, InstructionKind::void_authorisation, event.amount);
        for (auto& one : order_.payments) one.authorised = 0;
    }

    // --- Before and while it is shipped

    void operator()(const CancelRequested&) { order_.cancel = CancelAsked{.at = when_}; }
    void operator()(const CancelDeclined&) {
        VERIFY(order_.cancel);
        order_.cancel->answered = when_;
    }
    void operator()(const Cancelled& event) {
        for (const auto& [line, quantity] : event.lines)
            order_.lines.at(index_of(line)).cancelled += quantity;
        if (order_.cancel && !order_.cancel->answered) order_.cancel->answered = when_;
        if (event.whole) order_.cancelled = when_;
    }
    void operator()(const Shipped& event) {
        VERIFY(event.shipment.value == next_of(order_.shipments));
        order_.shipments.push_back({.lines = event.lines,
                                    .tracking = event.tracking,
                                    .when = when_,
                                    .seen_at = at_,
                                    .scans = {},
                                    .replaces = event.replaces,
                                    .carrier = event.carrier});
        if (event.replaces) order_.dispute(*event.replaces).replacement_shipped = when_;
    }
    void operator()(const Scanned& event) {
        auto& shipment = order_.shipments.at(index_of(event.shipment));
        shipment.scans.push_back({.kind = event.kind, .when = when_, .seen_at = at_});
        if (shipment.replaces && is_delivery(event.kind))
            order_.dispute(*shipment.replaces).replacement_delivered = when_;
    }
    void operator()(const ScanWithdrawn& event) {
        auto& scans = order_.shipments.at(index_of(event.shipment)).scans;
        const auto found = std::ranges::find_if(scans.rbegin(), scans.rend(), [&](const Scan& one) {
            return one.kind == event.kind && !one.withdrawn;
        });
        VERIFY(found != scans.rend());
        found->withdrawn = true;
    }
    void operator()(const ExtensionRequested& event) {
        order_.extension_asked = when_;
        order_.extension_days_asked = event.days;
    }
    void operator()(const Extended& event) {
        order_.promised_by = event.promised_by;
        order_.extended = when_;
        order_.extension_asked = {};
        ++order_.extensions;
    }
    void operator()(const ReceiptConfirmed&) { order_.confirmed = when_; }
    void operator()(const Completed&) {
        VERIFY(!order_.is_over());
        order_.completed = when_;
    }

    // --- Money

    void operator()(const Released& event) {
        money_.held -= event.gross;
        money_.gross += event.gross;
        money_.fees += event.commission;
        money_.released += event.gross - event.commission;
        order_.released_at = when_;
    }
    void operator()(const RefundIssued& event) {
        take(event.from_held, event.from_seller, event.commission, event.from_guarantee);
        money_.refunded += event.amount;
        if (event.amount > event.parts.excess) order_.refunded_at = when_;
        if (event.dispute) order_.dispute(*event.dispute).refunded += event.amount;
        for (const auto& [line, amount] : event.parts.goods)
            order_.lines.at(index_of(line)).refunded += amount;
        order_.shipping_refunded += event.parts.shipping;
        order_.tax_refunded += event.parts.tax;
        order_.fee_refunded += event.parts.fee;
        instruct(event.instruction, InstructionKind::refund, event.amount);
    }
    void operator()(const Compensated& event) {
        money_.advanced_by_seller += event.from_seller;
        money_.advanced_by_guarantee += event.from_guarantee;
        money_.compensated += event.amount;
        instruct(event.instruction, InstructionKind::compensation, event.amount);
    }
    void operator()(const GiftPromised&) {}
    void operator()(const InstructionSettled& event) {
        auto& told = order_.instructions.at(index_of(event.instruction));
        VERIFY(told.state != InstructionState::succeeded);
        if (told.state != event.state) {
            if (event.state == InstructionState::failed) give_back(told, -told.amount);
            if (told.state == InstructionState::failed) give_back(told, told.amount);
        }
        told.state = event.state;
    }
    void operator()(const InstructionRepeated& event) {
        auto& failed = order_.instructions.at(index_of(event.failed));
        VERIFY(failed.state == InstructionState::failed && !failed.again);
        failed.again = event.instruction;
        const auto [kind, amount, state, again, source] = failed;  // its list grows
        const bool is_refund = kind == InstructionKind::refund;
        instruct(event.instruction, kind, amount, is_refund ? source_of(kind, amount) : source);
    }

    // --- Disputes

    void operator()(const DisputeOpened& event) {
        VERIFY(event.dispute.value == next_of(order_.disputes));
        Dispute dispute;
        dispute.lines = event.lines;
        dispute.reason = event.reason;
        dispute.sub_reason = event.sub_reason;
        dispute.wanted = event.wanted;
        dispute.requested = event.requested;
        dispute.tracking = event.tracking;
        dispute.granted = event.granted;
        dispute.most = event.most;
        dispute.opened = when_;
        dispute.opened_by = order_.version + 1;
        dispute.changed_at = when_;
        order_.disputes.push_back(std::move(dispute));
    }
    void operator()(const DisputeModified& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.reason = event.reason;
        dispute.wanted = event.wanted;
        dispute.requested = event.requested;
        dispute.granted = event.granted;
        dispute.most = event.most;
        dispute.modified = when_;
    }
    void operator()(const DisputeWithdrawn& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.withdrawn = when_;
        end(dispute);
    }
    void operator()(const DisputeAnswered& event) {
        order_.dispute(event.dispute).answered = when_;
    }
    void operator()(const OfferMade& event) {
        VERIFY(event.offer.value == next_of(order_.offers));
        for (auto& offer : order_.offers)
            if (offer.dispute == event.dispute && offer.by == event.by &&
                offer.state == OfferState::open)
                offer.state = OfferState::replaced;
        order_.offers.push_back({.dispute = event.dispute,
                                 .by = event.by,
                                 .plan = event.plan,
                                 .made_at = when_,
                                 .expires_at = event.expires_at});
        if (event.by == Party::seller) order_.dispute(event.dispute).answered = when_;
    }
    void operator()(const OfferAccepted& event) {
        auto& offer = order_.offers.at(index_of(event.offer));
        offer.state = OfferState::accepted;
        auto& dispute = order_.dispute(offer.dispute);
        dispute.accepted = when_;
        if (offer.plan.arrives_by) {
            dispute.sleeping = event.offer;
            enter(dispute, sleeping);
        }
        close_offers(offer.dispute);
    }
    void operator()(const OfferDeclined& event) {
        order_.offers.at(index_of(event.offer)).state = OfferState::declined;
    }
    void operator()(const OfferExpired& event) {
        order_.offers.at(index_of(event.offer)).state = OfferState::expired;
    }
    void operator()(const SettlementWoke& event) {
        auto& dispute = order_.dispute(event.dispute);
        VERIFY(dispute.phase == sleeping && dispute.sleeping);
        const auto& plan = order_.offer(*dispute.sleeping).plan;
        dispute.sleeping = {};
        if (event.arrived || plan.otherwise.remedy) return;
        dispute.accepted = {};  // all as before, and the seller's turn
        dispute.modified = when_;
        enter(dispute, negotiating);
    }
    void operator()(const Escalated& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.escalated = when_;
        enter(dispute, escalated);
    }
    void operator()(const EvidenceRequested& event) {
        order_.dispute(event.dispute)
            .asked.push_back({.of = event.of, .at = when_, .due_at = event.due_at});
    }
    void operator()(const EvidenceSubmitted& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.evidence.push_back({.no = next_evidence(),
                                    .by = event.by,
                                    .kind = event.kind,
                                    .content = event.content,
                                    .at = when_,
                                    .record = event.record});
        for (auto& asked : dispute.asked)
            if (asked.of == event.by && !asked.lapsed) asked.answered = true;
    }
    void operator()(const EvidenceLapsed& event) {
        for (auto& asked : order_.dispute(event.dispute).asked)
            if (asked.of == event.of && !asked.answered && asked.due_at <= when_)
                asked.lapsed = true;
    }
    void operator()(const Decided& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.verdict = event.verdict;
        if (dispute.phase == appealed) dispute.appeal_decided = when_;
        dispute.decided = when_;
        enter(dispute, decided);
        close_offers(event.dispute);
    }
    void operator()(const Appealed& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.appealed = when_;
        dispute.appeal_decided = {};
        ++dispute.appeals;
        enter(dispute, appealed);
    }
    void operator()(const ReturnAgreed& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.back = Return{.amount = event.amount, .postage_by = event.postage_by};
        dispute.back->agreed = when_;
        dispute.closed = when_;
        close_offers(event.dispute);
        enter(dispute, returning);
    }
    void operator()(const ReturnPrepared& event) {
        auto& way = back(event.dispute);
        way.label = event.label;
        way.address = event.address;
        way.address_by = event.by;
    }
    void operator()(const ReturnSent& event) {
        back(event.dispute).sent = when_;
        back(event.dispute).tracking = event.tracking;
    }
    void operator()(const ReturnDelivered& event) {
        if (!back(event.dispute).sent) back(event.dispute).sent = when_;  // it is there
        back(event.dispute).delivered = when_;
        back(event.dispute).delivered_seen_at = at_;
    }
    void operator()(const ReturnReceived& event) {
        back(event.dispute).received = when_;
        back(event.dispute).condition = event.condition;
    }
    void operator()(const ReturnContested& event) {
        back(event.dispute).contested = when_;
        back(event.dispute).condition = event.condition;
        auto& dispute = order_.dispute(event.dispute);
        dispute.closed = {};  // the quarrel goes on, before the platform
        dispute.accepted = {};
        dispute.decided = {};
        dispute.appealed = {};
        dispute.appeal_decided = {};
    }
    void operator()(const ReplacementAgreed& event) {
        auto& dispute = order_.dispute(event.dispute);
        dispute.replacement_agreed = when_;
        dispute.closed = when_;
        close_offers(event.dispute);
        enter(dispute, replacing);
    }
    void operator()(const DisputeClosed& event) { end(order_.dispute(event.dispute)); }

    // --- Chargebacks, our claims elsewhere, late arrivals, time

    void operator()(const ChargebackOpened& event) {
        VERIFY(event.chargeback.value == next_of(order_.chargebacks));
        take(event.from_held, event.from_seller, event.commission, event.from_guarantee);
        money_.charged_back += event.amount;
        order_.chargebacks.push_back({.amount = event.amount,
                                      .from_held = event.from_held,
                                      .from_seller = event.from_seller,
                                      .from_guarantee = event.from_guarantee,
                                      .fee_back = event.commission,
                                      .opened = when_,
                                      .evidence_due = event.evidence_due});
    }
    void operator()(const ChargebackAnswered& event) {
        order_.chargebacks.at(index_of(event.chargeback)).state = ChargebackState::answered;
    }
    void operator()(const ChargebackResolved& event) {
        auto& chargeback = order_.chargebacks.at(index_of(event.chargeback));
        chargeback.state = event.state;
        if (event.state != ChargebackState::won) return;
        money_.charged_back -= chargeback.amount;
        money_.advanced_by_guarantee -= chargeback.from_guarantee;
        money_.held += chargeback.amount - chargeback.from_guarantee;
    }
    void operator()(const UpstreamLinked& event) {
        order_.dispute(event.dispute).upstream_system = event.system;
        order_.dispute(event.dispute).upstream_reference = event.reference;
    }
    void operator()(const UpstreamGranted& event) {
        order_.dispute(event.dispute).upstream_granted += event.amount;
    }
    void operator()(const ArrivedAfterRefund& event) {
        order_.arrivals.push_back(
            {.shipment = event.shipment, .value = event.value, .when = when_, .choice = {}});
    }
    void operator()(const ArrivalSettled& event) {
        for (auto& arrival : order_.arrivals)
            if (arrival.shipment == event.shipment) arrival.choice = event.choice;
    }
    void operator()(const DefaultStruck& event) {
        order_.struck.push_back({.clause = event.clause,
                                 .dispute = event.dispute.value_or(DisputeNo{}),
                                 .legal_at = when_});
    }
    void operator()(const OutageGivenBack& event) {
        order_.outages.push_back({.from = event.from, .until = event.until});
    }
    void operator()(const Reminded& event) {
        order_.reminded.push_back({.clause = event.clause,
                                   .dispute = event.dispute.value_or(DisputeNo{}),
                                   .legal_at = event.closes_at});
    }
    void operator()(const Acknowledged&) {}
    void operator()(const MessageSent& event) {
        VERIFY(event.message.value == next_of(order_.messages));
        order_.messages.push_back({.by = event.by,
                                   .to = event.to,
                                   .dispute = event.dispute,
                                   .text = event.text,
                                   .files = event.files,
                                   .at = at_});
    }
    void operator()(const StandingSeen& event) {
        order_.standing = {.since = event.since, .figures = event.figures};
        order_.standing_seen_at = at_;
    }

    // --- Notices

    void operator()(const NoticeMade& event) {
        VERIFY(event.notice.value == next_of(order_.notices));
        VERIFY(event.about >= 1 && event.about <= order_.version);
        order_.notices.push_back(
            {.of = event.of, .about = event.about, .by = event.by, .made_at = when_});
    }
    void operator()(const NoticeSent& event) { report(event).sent = when_; }
    void operator()(const NoticeDelivered& event) {
        auto& notice = report(event);
        notice.delivered = when_;
        notice.delivered_seen_at = at_;
        note_told(notice);
    }
    void operator()(const NoticeBounced& event) {
        auto& notice = report(event);
        notice.bounced = when_;
        note_told(notice);
    }
    void operator()(const NoticeFailed& event) { report(event).failed = when_; }

private:
    EvidenceNo next_evidence() const {
        std::size_t count = 0;
        for (const auto& dispute : order_.disputes) count += dispute.evidence.size();
        return nth<EvidenceNo>(count);
    }
    // Paid is when the sum was there, by authorisation or capture; never moved by later captures.
    void note_paid() {
        if (order_.paid || money_.captured + money_.authorised < total_of(order_)) return;
        order_.paid = when_;
        order_.paid_seen_at = at_;
    }
    void take(Minor held, Minor seller, Minor commission, Minor guarantee) {
        money_.held -= held;
        money_.advanced_by_seller += seller;
        money_.gross -= seller + commission;
        money_.fees -= commission;
        money_.advanced_by_guarantee += guarantee;
    }
    void instruct(InstructionNo no, InstructionKind kind, Minor amount) {
        instruct(no, kind, amount, source_of(kind, amount));
    }
    void instruct(InstructionNo no, InstructionKind kind, Minor amount, std::string source) {
        VERIFY(no.value == next_of(order_.instructions));
        order_.instructions.push_back(
            {.kind = kind, .amount = amount, .source = std::move(source)});
        give_back(order_.instructions.back(), amount);
    }
    template <class Report>
    Notice& report(const Report& event) {
        auto& notice = order_.notices.at(index_of(event.notice));
        if (!event.to.empty()) notice.to = event.to;
        notice.code = event.code;
        return notice;
    }
    // The seller's clock for a dispute runs from when it was known here that they had been told:
    // what is reported late takes no time from them, and what came back after all told them
    // nothing.
    void note_told(const Notice& about) {
        if (about.of != Party::seller) return;
        for (auto& dispute : order_.disputes) {
            if (dispute.opened_by != about.about) continue;
            dispute.notified = {};
            for (const auto& one : order_.notices)
                if (one.of == about.of && one.about == about.about && one.is_told())
                    dispute.notified =
                        std::min(dispute.notified.value_or(Instant::max()), one.delivered_seen_at);
        }
    }
    ProcessorPayment& payment(const std::string& reference) {
        auto& all = order_.payments;
        const auto found = std::ranges::find(all, reference, &ProcessorPayment::reference);
        return found != all.end() ? *found : all.emplace_back(ProcessorPayment{reference});
    }
    // A refund goes back the way of the first payment that has enough left; if none has, of the one
    // with the most, whose processor will say what it thinks of that.
    std::string source_of(InstructionKind kind, Minor amount) const {
        const ProcessorPayment* best = nullptr;
        const auto left = [](const ProcessorPayment& one) { return one.captured - one.given_back; };
        for (const auto& one : order_.payments) {
            if (kind == InstructionKind::void_authorisation) {
                if (one.authorised > 0) best = &one;
            } else if (kind == InstructionKind::refund) {
                if (!best || (left(*best) < amount && left(one) > left(*best))) best = &one;
            }
        }
        return best ? best->reference : std::string();
    }
    void give_back(const Instruction& told, Minor amount) {
        if (told.kind == InstructionKind::refund && !told.source.empty())
            payment(told.source).given_back += amount;
    }
    void enter(Dispute& dispute, DisputePhase phase) {
        dispute.phase = phase;
        dispute.changed_at = when_;
    }
    void end(Dispute& dispute) {
        VERIFY(dispute.phase != closed);
        if (!dispute.closed && !dispute.withdrawn) dispute.closed = when_;
        enter(dispute, closed);
        close_offers(nth<DisputeNo>(static_cast<std::size_t>(&dispute - order_.disputes.data())));
    }
    void close_offers(DisputeNo dispute) {
        for (auto& offer : order_.offers)
            if (offer.dispute == dispute && offer.state == OfferState::open)
                offer.state = OfferState::replaced;
    }
    Return& back(DisputeNo no) {
        auto& dispute = order_.dispute(no);
        VERIFY(dispute.back);
        return *dispute.back;
    }

    Order& order_;
    Money& money_;
    Instant at_, when_;
};

}  // namespace

bool is_balanced(const Money& money) {
    const bool sums = money.captured + money.advanced() == money.held + money.released +
                                                               money.refunded + money.compensated +
                                                               money.fees + money.charged_back;
    for (const auto part : {money.authorised, money.captured, money.advanced_by_seller,
                            money.advanced_by_guarantee, money.held, money.released, money.refunded,
                            money.compensated, money.fees, money.charged_back, money.gross})
        if (part < 0) return false;
    return sums;
}

void evolve(Order& order, const Recorded& recorded) {
    VERIFY(recorded.at >= order.last_at);
    VERIFY(order.placed || std::holds_alternative<Placed>(recorded.event));
    Fold fold(order, recorded);
    std::visit(fold, recorded.event);
    order.last_at = recorded.at;
    ++order.version;
    VERIFY(is_balanced(order.money));
}

Order replay(std::span<const Recorded> events) {
    Order order;
    for (const auto& event : events) evolve(order, event);
    return order;
}

}  // namespace holdfast::order
