#include "order/settle.h"

#include "base/verify.h"
#include "order/facts.h"
#include "order/money.h"
#include "terms/ask.h"

#include <algorithm>

namespace holdfast::order {
namespace {

InstructionNo next_instruction(const Draft& draft) { return {next_of(draft.order().instructions)}; }

terms::Answer award(const Draft& draft, DisputeNo dispute, terms::Topic topic) {
    const auto& rules = draft.rules();
    const auto facts = facts_of(draft.order(), rules, {.dispute = dispute}, draft.when());
    return terms::ask(*rules.terms, facts,
                      {.kind = terms::Question::Kind::award,
                       .at = draft.when(),
                       .reason = draft.order().dispute(dispute).reason,
                       .topic = topic});
}

// Does the operator's guarantee pay for this dispute, rather than the seller?
bool guarantee_pays(const Draft& draft, std::optional<DisputeNo> dispute) {
    if (!dispute) return false;
    const auto answer = award(draft, *dispute, terms::Topic::funding);
    return answer.allowed && answer.funded_by && *answer.funded_by != terms::Funder::seller;
}

void issue_refund(Draft& draft, std::optional<DisputeNo> dispute, const Lines& lines, Minor amount,
                  Parts parts) {
    // What disputes about other goods keep back is not this refund's to spend.
    const auto held = draft.order().money.held - bound(draft.order(), lines);
    const auto from = guarantee_pays(draft, dispute) ? Sources{.guarantee = amount}
                                                     : sources_for(draft.order(), amount, held);
    draft.add(RefundIssued{.instruction = next_instruction(draft),
                           .dispute = dispute,
                           .amount = amount,
                           .from_held = from.held,
                           .from_seller = from.seller,
                           .commission = from.commission,
                           .from_guarantee = from.guarantee,
                           .parts = std::move(parts)});
}

void agree_return(Draft& draft, DisputeNo dispute, Minor amount) {
    const auto postage = award(draft, dispute, terms::Topic::return_postage);
    draft.add(ReturnAgreed{
        .dispute = dispute, .amount = amount, .postage_by = postage.return_shipping_paid_by});
}

void give_credit(Draft& draft, DisputeNo dispute, Minor amount) {
    if (amount <= 0) return;
    // What the parties agreed on is the seller's; a verdict's or a default's is the operator's.
    const bool seller_pays = draft.order().dispute(dispute).accepted.has_value();
    draft.add(Compensated{.instruction = next_instruction(draft),
                          .dispute = dispute,
                          .what = Compensation::coupon,
                          .amount = amount,
                          .from_seller = seller_pays ? amount : 0,
                          .from_guarantee = seller_pays ? 0 : amount});
}

bool has_open_dispute(const Order& order) {
    return std::ranges::any_of(order.disputes,
                               [](const Dispute& dispute) { return !dispute.is_closed(); });
}

bool has_open_chargeback(const Order& order) {
    return std::ranges::any_of(order.chargebacks, [](const Chargeback& one) {
        return one.state == ChargebackState::open || one.state == ChargebackState::answered;
    });
}

// Completed, all of it went back, and nobody is to pay for what came after all.
bool is_paid_back(const Order& order) {
    return order.completed && order.money.refunded > 0 &&
           refundable(order, placed_lines(order)) == 0 &&
           std::ranges::none_of(
               order.arrivals, [](const Arrival& one) { return one.choice == ArrivalChoice::pay; });
}

// Money that came beyond what the order still costs.
void refund_overpaid(Draft& draft) {
    const auto& order = draft.order();
    if (order.is_over() && !is_paid_back(order)) return;
    const auto costs = order.is_over() ? 0 : total_of(order);
    const auto excess = std::min(refundable(order) - costs, order.money.held);
    if (excess > 0) issue_refund(draft, {}, {}, excess, Parts{.goods = {}, .excess = excess});
}

void release(Draft& draft, Minor gross) {
    const auto& money = draft.order().money;
    const auto commission = commission_on(draft.order(), money.gross + gross) - money.fees;
    draft.add(Released{.gross = gross, .commission = commission});
}

void void_authorisation(Draft& draft) {
    draft.add(AuthorisationEnded{.amount = draft.order().money.authorised,
                                 .instruction = next_instruction(draft)});
}

// Nothing is left to refund or to wait for.
bool is_spent(const Order& order) {
    return !order.is_over() && order.money.captured > 0 && order.money.authorised == 0 &&
           order.money.captured >= total_of(order) && refundable(order) == 0 &&
           !has_open_dispute(order) && !has_open_chargeback(order);
}

void refund_cancelled(Draft& draft) {
    const auto& order = draft.order();
    if (has_open_dispute(order)) return;
    const auto amount = std::min(order.money.held, refundable(order));
    if (amount > 0) refund(draft, {}, placed_lines(order), amount);
    if (draft.order().money.held > 0) release(draft, draft.order().money.held);
}

}  // namespace

void refund(Draft& draft, std::optional<DisputeNo> dispute, const Lines& lines, Minor amount) {
    amount = std::min(amount, refundable(draft.order()));
    if (amount <= 0) return;
    issue_refund(draft, dispute, lines, amount, apart(draft.order(), lines, amount));
}

void close(Draft& draft, DisputeNo dispute, Party winner) {
    draft.add(DisputeClosed{.dispute = dispute, .winner = winner});
}

void settle(Draft& draft, DisputeNo dispute, const Settlement& settlement, Party winner) {
    const auto lines = draft.order().dispute(dispute).lines;
    const auto all = refundable(draft.order(), lines);
    const auto amount = settlement.amount > 0 ? std::min(settlement.amount, all) : all;
    if (!settlement.remedy) return close(draft, dispute, winner);
    switch (*settlement.remedy) {
    case Remedy::full_refund:
        refund(draft, dispute, lines, all);
        return close(draft, dispute, winner);
    case Remedy::partial_refund_keep:
    case Remedy::cancel_undelivered_part:
    case Remedy::cancel_whole_return_delivered:
        refund(draft, dispute, lines, amount);
        return close(draft, dispute, winner);
    case Remedy::return_for_full_refund: return agree_return(draft, dispute, amount);
    case Remedy::refund_with_replacement:
        refund(draft, dispute, lines, amount);
        return draft.add(ReplacementAgreed{.dispute = dispute});
    case Remedy::replacement: return draft.add(ReplacementAgreed{.dispute = dispute});
    case Remedy::credit:
    case Remedy::coupon:
        give_credit(draft, dispute, settlement.amount);
        return close(draft, dispute, winner);
    case Remedy::count_: break;
    }
    VERIFY(!"a Remedy outside its list");
}

void carry_out_verdict(Draft& draft, DisputeNo dispute) {
    const auto verdict = draft.order().dispute(dispute).verdict;
    VERIFY(verdict);
    settle(draft, dispute, verdict->settlement, verdict->winner);
}

void wake(Draft& draft, DisputeNo dispute, bool arrived) {
    const auto& sleeping = draft.order().dispute(dispute).sleeping;
    VERIFY(sleeping);
    const auto plan = draft.order().offer(*sleeping).plan;
    draft.add(SettlementWoke{.dispute = dispute, .arrived = arrived});
    if (arrived)
        settle(draft, dispute, plan.then, Party::either);
    else if (plan.otherwise.remedy)
        settle(draft, dispute, plan.otherwise, Party::either);
}

void cancel_unshipped(Draft& draft) {
    const auto lines = unshipped_lines(draft.order());
    if (lines.empty()) return;
    const bool whole = lines == all_lines(draft.order()) && draft.order().shipments.empty();
    const auto amount = whole ? refundable(draft.order()) : refundable(draft.order(), lines);
    refund(draft, {}, lines, amount);
    draft.add(Cancelled{.lines = lines, .whole = whole});
}

void complete(Draft& draft) {
    if (!draft.order().is_over()) draft.add(Completed{});
}

void settle_up(Draft& draft) {
    refund_overpaid(draft);
    if (draft.order().terms_of_sale.custody != Custody::held && draft.order().money.held > 0)
        release(draft, draft.order().money.held);
    if (is_spent(draft.order())) {
        cancel_unshipped(draft);  // nobody sends what has been refunded
        complete(draft);
    }
    if (draft.order().cancelled) refund_cancelled(draft);
    if (draft.order().completed)
        if (const auto free = free_to_release(draft.order()); free > 0) release(draft, free);
    if (draft.order().is_over() && draft.order().money.authorised > 0) void_authorisation(draft);
}

}  // namespace holdfast::order
