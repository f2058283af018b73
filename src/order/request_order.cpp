#include "order/handle.h"
#include "order/money.h"
#include "order/settle.h"

#include "base/money.h"
#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using terms::Verb;

// Compensation comes on top of the total: keep well away from the end of the range.
constexpr Minor total_max = holdfast::Money::max_minor / 4;

bool is_sum(Minor amount) { return amount >= 0 && amount <= total_max; }

constexpr std::size_t lines_max = 1000;

bool is_sayable(const When& when) {
    return !when.known() || (when.is_day() ? holdfast::is_sayable(when.day())
                                           : holdfast::is_sayable(when.instant()));
}

// Well-formed: something is bought, for more than nothing, all sums stay in range, and the promise
// is a time that can be said.
bool makes_sense(const Placement& placement) {
    if (placement.lines.empty() || placement.lines.size() > lines_max) return false;
    if (!is_sayable(placement.promised_by)) return false;
    Minor total = 0;
    for (const auto& line : placement.lines) {
        if (line.quantity < 1 || !is_sum(line.unit_price) ||
            line.unit_price > total_max / line.quantity)
            return false;
        total = std::min(total + line.unit_price * line.quantity, total_max + 1);
    }
    for (const auto extra : {placement.shipping, placement.tax, placement.fee}) {
        if (!is_sum(extra)) return false;
        total = std::min(total + extra, total_max + 1);
    }
    return total > 0 && total <= total_max && placement.commission_basis_points >= 0 &&
           placement.commission_basis_points <= 10'000;
}

constexpr std::int32_t extension_days_max = 3650;

When later(const When& when, std::int32_t days) {
    if (when.is_day()) return When(when.day() + std::chrono::days{days});
    return When(when.instant() + std::chrono::days{days});
}

// The buyer has it: disputes that it did not come are over.
void end_disputes_about_arrival(const Asked& asked) {
    for (std::size_t i = 0; i < asked.order().disputes.size(); ++i) {
        const auto& dispute = asked.order().disputes[i];
        if (dispute.is_quarrel() && dispute.reason == Reason::not_received)
            asked.draft.add(DisputeWithdrawn{.dispute = nth<DisputeNo>(i)});
    }
}

// A buyer whom no clause lets cancel asks the seller, and so does one whom a clause sends there.
bool has_to_ask(const Asked& asked, const Refusal& refusal) {
    return !speaks_of(asked.draft.rules(), Verb::cancel_order) ||
           refusal.outcome == terms::Outcome::awaiting_seller_confirmation;
}

Check ask_to_cancel(const Asked& asked) {
    if (!asked.order().shipments.empty()) return no(RefusalCode::nothing_unshipped);
    if (!asked.order().cancel) asked.draft.add(CancelRequested{});
    return {};
}

}  // namespace

Check handle(const Asked& asked, const Place& place) {
    TRY(need_role(asked, {Party::platform}));
    if (!makes_sense(place.placement)) return no(RefusalCode::malformed);
    asked.draft.add(Placed{place.placement});
    return {};
}

Check handle(const Asked& asked, const Cancel&) {
    TRY(need_role(asked, {Party::buyer, Party::seller, Party::platform}));
    TRY(need_running(asked));
    if (unshipped_lines(asked.order()).empty()) return no(RefusalCode::nothing_unshipped);

    if (asked.by == Party::platform) {
        cancel_unshipped(asked.draft);
        return {};
    }
    const auto right = need_right(asked, {.verb = Verb::cancel_order});
    if (!right && asked.by == Party::buyer && has_to_ask(asked, right.error()))
        return ask_to_cancel(asked);
    if (!right) return std::unexpected(right.error());
    cancel_unshipped(asked.draft);
    return {};
}

Check handle(const Asked& asked, const DeclineCancel&) {
    TRY(need_role(asked, {Party::seller}));
    TRY(need_running(asked));
    if (!asked.order().cancel || asked.order().cancel->answered)
        return no(RefusalCode::no_cancel_request);
    asked.draft.add(CancelDeclined{});
    return {};
}

Check handle(const Asked& asked, const RequestExtension& request) {
    TRY(need_role(asked, {Party::buyer}));
    if (request.days <= 0 || request.days > extension_days_max) return no(RefusalCode::malformed);
    TRY(need_running(asked));
    asked.draft.add(ExtensionRequested{.days = request.days});
    return {};
}

Check handle(const Asked& asked, const Extend& extend) {
    if (extend.days < -extension_days_max || extend.days > extension_days_max)
        return no(RefusalCode::malformed);
    TRY(need_role(asked, {Party::seller}));
    TRY(need_running(asked));
    const auto right = TRY(need_right(asked, {.verb = Verb::extend, .days = extend.days}));
    // Longer only, whatever a file forgot to say: a promise is never taken back.
    if (extend.days <= 0) return no(RefusalCode::malformed);
    // Where no date was given, the one that the terms count by is lengthened.
    auto promise = asked.order().promised_by;
    if (!promise.known() && right.closes_at) promise = When(*right.closes_at);
    if (!promise.known()) return no(RefusalCode::malformed);
    promise = later(promise, extend.days);
    if (!is_sayable(promise)) return no(RefusalCode::malformed);
    asked.draft.add(Extended{.days = extend.days, .promised_by = promise});
    return {};
}

Check handle(const Asked& asked, const ConfirmReceipt&) {
    TRY(need_running(asked));
    if (asked.order().shipments.empty()) return no(RefusalCode::unknown_shipment);
    TRY(need_right(asked, {.verb = Verb::confirm_receipt}));
    asked.draft.add(ReceiptConfirmed{});
    end_disputes_about_arrival(asked);
    complete(asked.draft);
    return {};
}

Check handle(const Asked& asked, const Refund& request) {
    TRY(need_role(asked, {Party::seller, Party::platform}));
    const auto lines = TRY(need_lines(asked.order(), request.lines));
    if (request.amount && *request.amount <= 0) return no(RefusalCode::malformed);
    const auto most = refundable(asked.order(), lines);
    if (most == 0) return no(RefusalCode::nothing_refundable);
    if (request.amount && *request.amount > most) return exceeds(most);
    refund(asked.draft, {}, lines, request.amount.value_or(most));
    return {};
}

Check handle(const Asked& asked, const Compensate& request) {
    TRY(need_role(asked, {Party::seller, Party::platform}));
    if (request.amount <= 0) return no(RefusalCode::malformed);
    if (request.dispute) TRY(need_dispute(asked, *request.dispute));
    const auto most = compensation_left(asked, request.dispute);
    if (request.amount > most) return exceeds(most);
    const bool by_seller = asked.by == Party::seller;
    asked.draft.add(Compensated{.instruction = {next_of(asked.order().instructions)},
                                .dispute = request.dispute,
                                .what = request.what,
                                .amount = request.amount,
                                .from_seller = by_seller ? request.amount : 0,
                                .from_guarantee = by_seller ? 0 : request.amount});
    return {};
}

Check handle(const Asked& asked, const PromiseGift& gift) {
    TRY(need_role(asked, {Party::seller}));
    if (gift.sku.empty()) return no(RefusalCode::malformed);
    if (gift.dispute) TRY(need_dispute(asked, *gift.dispute));
    asked.draft.add(GiftPromised{.sku = gift.sku, .dispute = gift.dispute});
    return {};
}

Check handle(const Asked& asked, const RepeatInstruction& repeat) {
    TRY(need_role(asked, {Party::platform}));
    const auto& all = asked.order().instructions;
    if (!has(all, repeat.instruction)) return no(RefusalCode::unknown_instruction);
    const auto& failed = all[index_of(repeat.instruction)];
    if (failed.state != InstructionState::failed || failed.again)
        return no(RefusalCode::not_failed);
    asked.draft.add(
        InstructionRepeated{.failed = repeat.instruction, .instruction = {next_of(all)}});
    return {};
}

Check handle(const Asked& asked, const AnswerChargeback& answer) {
    TRY(need_role(asked, {Party::seller, Party::platform}));
    const auto& all = asked.order().chargebacks;
    if (!has(all, answer.chargeback)) return no(RefusalCode::unknown_chargeback);
    const auto& chargeback = all[index_of(answer.chargeback)];
    const bool in_time = !chargeback.evidence_due || asked.received_at < *chargeback.evidence_due;
    if (chargeback.state == ChargebackState::won || chargeback.state == ChargebackState::lost ||
        !in_time)
        return no(RefusalCode::evidence_not_in_time);
    asked.draft.add(ChargebackAnswered{.chargeback = answer.chargeback, .content = answer.content});
    return {};
}

Check handle(const Asked& asked, const SettleArrival& settle) {
    TRY(need_role(asked, {Party::buyer}));
    const auto& all = asked.order().arrivals;
    const auto found = std::ranges::find(all, settle.shipment, &Arrival::shipment);
    if (found == all.end() || found->choice) return no(RefusalCode::no_arrival);
    if (settle.choice == ArrivalChoice::keep) {
        // What the seller may claim back cannot be kept for nothing.
        const Asked seller{asked.draft, Party::seller, asked.received_at};
        if (need_right(seller, {.verb = Verb::claim_back}))
            return no(RefusalCode::remedy_not_offered);
    }
    asked.draft.add(ArrivalSettled{.shipment = settle.shipment, .choice = settle.choice});
    return {};
}

}  // namespace holdfast::order
