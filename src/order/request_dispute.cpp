#include "order/handle.h"
#include "order/money.h"
#include "order/settle.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using terms::RemedySet;
using terms::Verb;

bool asks_for_part(std::optional<Remedy> wanted) {
    return wanted == Remedy::partial_refund_keep || wanted == Remedy::cancel_undelivered_part;
}

bool grants(const RemedySet& remedies, Remedy remedy) {
    return remedies.none() || remedies[terms::index_of(remedy)];
}

// What a buyer who names no remedy wants: everything, in the easiest way that is granted.
Remedy remedy_of(std::optional<Remedy> wanted, const RemedySet& granted) {
    if (wanted) return *wanted;
    for (const auto one : {Remedy::full_refund, Remedy::return_for_full_refund,
                           Remedy::partial_refund_keep, Remedy::replacement})
        if (grants(granted, one)) return one;
    return Remedy::full_refund;
}

// The sum asked for: what was named, else all that these lines can still bring.
std::expected<Minor, Refusal> need_sum(const Order& order, const Lines& lines,
                                       std::optional<Minor> amount, std::optional<Remedy> wanted,
                                       std::optional<Minor> award) {
    auto most = refundable(order, lines);
    if (award) most = std::min(most, *award);
    if (most == 0) return no(RefusalCode::nothing_refundable);
    if (!amount && asks_for_part(wanted)) return no(RefusalCode::malformed);
    if (amount && *amount > most) return exceeds(most);
    return amount.value_or(most);
}

bool is_in_dispute(const Order& order, const Lines& lines) {
    return std::ranges::any_of(order.disputes, [&](const Dispute& one) {
        return !one.is_closed() && overlap(one.lines, lines);
    });
}

// A change of mind is no quarrel: the right itself gives the return.
Verb verb_for(const Rules& rules, Reason reason) {
    const bool by_right =
        reason == Reason::change_of_mind && speaks_of(rules, Verb::return_no_fault);
    return by_right ? Verb::return_no_fault : Verb::open_dispute;
}

bool is_sum(const Settlement& settlement) {
    if (settlement.amount < 0) return false;
    const bool needs_amount = settlement.remedy == Remedy::partial_refund_keep ||
                              settlement.remedy == Remedy::credit ||
                              settlement.remedy == Remedy::coupon;
    return !needs_amount || settlement.amount > 0;
}

Check need_offer(const Asked& asked, OfferNo no_of) {
    if (!has(asked.order().offers, no_of)) return no(RefusalCode::unknown_offer);
    const auto& offer = asked.order().offer(no_of);
    if (offer.state == OfferState::expired) return no(RefusalCode::offer_expired);
    if (offer.state != OfferState::open) return no(RefusalCode::offer_not_open);
    if (offer.expires_at && asked.received_at >= *offer.expires_at)
        return no(RefusalCode::offer_expired);
    return {};
}

}  // namespace

Check handle(const Asked& asked, const OpenDispute& open) {
    const auto lines = TRY(need_lines(asked.order(), open.lines));
    if (open.amount && *open.amount <= 0) return no(RefusalCode::malformed);
    const auto& rules = asked.draft.rules();
    const auto verb = verb_for(rules, open.reason);
    const auto answer = TRY(need_right(asked, {.verb = verb,
                                               .scope = {.lines = lines},
                                               .reason = open.reason,
                                               .amount = open.amount,
                                               .has_evidence = open.has_evidence}));
    if (is_in_dispute(asked.order(), lines)) return no(RefusalCode::lines_in_dispute);
    if (open.wanted && !grants(answer.remedies, *open.wanted))
        return no(RefusalCode::remedy_not_offered);
    const auto wanted = remedy_of(open.wanted, answer.remedies);
    const auto amount =
        TRY(need_sum(asked.order(), lines, open.amount, open.wanted, answer.amount));

    const DisputeNo dispute{next_of(asked.order().disputes)};
    asked.draft.add(
        DisputeOpened{.dispute = dispute,
                      .lines = lines,
                      .reason = open.reason,
                      .sub_reason = open.sub_reason,
                      .wanted = wanted,
                      .requested = amount,
                      .tracking = tracking_of(asked.order(), rules, lines, asked.received_at)});
    if (verb == Verb::return_no_fault)
        settle(asked.draft, dispute, {.remedy = Remedy::return_for_full_refund, .amount = amount},
               Party::buyer);
    return {};
}

Check handle(const Asked& asked, const ModifyDispute& modify) {
    if (modify.amount && *modify.amount <= 0) return no(RefusalCode::malformed);
    TRY(need_quarrel(asked, modify.dispute));
    const auto& dispute = asked.order().dispute(modify.dispute);
    if (dispute.phase != DisputePhase::negotiating) return no(RefusalCode::not_negotiating);
    TRY(need_right(asked, {.verb = Verb::modify_dispute,
                           .scope = {.dispute = modify.dispute},
                           .amount = modify.amount}));
    if (modify.reason && *modify.reason != dispute.reason &&
        speaks_of(asked.draft.rules(), Verb::change_reason))
        TRY(need_right(asked, {.verb = Verb::change_reason,
                               .scope = {.dispute = modify.dispute},
                               .reason = modify.reason}));
    const auto wanted = modify.wanted ? modify.wanted : dispute.wanted;
    const auto most = refundable(asked.order(), dispute.lines);
    if (modify.amount && *modify.amount > most) return exceeds(most);
    asked.draft.add(DisputeModified{.dispute = modify.dispute,
                                    .reason = modify.reason.value_or(dispute.reason),
                                    .wanted = wanted,
                                    .requested = modify.amount.value_or(dispute.requested)});
    return {};
}

Check handle(const Asked& asked, const WithdrawDispute& withdraw) {
    TRY(need_quarrel(asked, withdraw.dispute));
    TRY(need_right(asked,
                   {.verb = Verb::withdraw_dispute, .scope = {.dispute = withdraw.dispute}}));
    asked.draft.add(DisputeWithdrawn{.dispute = withdraw.dispute});
    return {};
}

Check handle(const Asked& asked, const Respond& respond) {
    TRY(need_negotiation(asked, respond.dispute));
    TRY(need_right(asked, {.verb = Verb::respond, .scope = {.dispute = respond.dispute}}));
    asked.draft.add(DisputeAnswered{.dispute = respond.dispute});
    return {};
}

Check handle(const Asked& asked, const MakeOffer& make) {
    if (!is_sum(make.plan.then) || !is_sum(make.plan.otherwise)) return no(RefusalCode::malformed);
    TRY(need_negotiation(asked, make.dispute));
    TRY(need_right(asked, {.verb = Verb::offer,
                           .scope = {.dispute = make.dispute},
                           .amount = make.plan.then.amount}));
    for (const auto* one : {&make.plan.then, &make.plan.otherwise})
        if (const auto most = most_of(asked, make.dispute, *one); one->amount > most)
            return exceeds(most);
    if ((make.expires_at && *make.expires_at <= asked.received_at) ||
        (make.plan.arrives_by && *make.plan.arrives_by <= asked.received_at))
        return no(RefusalCode::due_in_past);
    asked.draft.add(OfferMade{.offer = {next_of(asked.order().offers)},
                              .dispute = make.dispute,
                              .by = asked.by,
                              .plan = make.plan,
                              .expires_at = make.expires_at});
    return {};
}

Check handle(const Asked& asked, const AcceptOffer& accept) {
    TRY(need_offer(asked, accept.offer));
    const auto offer = asked.order().offer(accept.offer);
    if (asked.by == offer.by) return no(RefusalCode::own_offer);
    TRY(need_right(asked, {.verb = Verb::accept, .scope = {.dispute = offer.dispute}}));
    if (offer.plan.arrives_by && asked.received_at >= *offer.plan.arrives_by)
        return no(RefusalCode::due_in_past);
    asked.draft.add(OfferAccepted{.offer = accept.offer});
    if (!offer.plan.arrives_by)
        settle(asked.draft, offer.dispute, offer.plan.then, Party::either);
    else if (const auto came =
                 delivered_all(asked.order(), asked.order().dispute(offer.dispute).lines))
        wake(asked.draft, offer.dispute, /*arrived=*/came->first < *offer.plan.arrives_by);
    return {};
}

Check handle(const Asked& asked, const DeclineOffer& decline) {
    TRY(need_offer(asked, decline.offer));
    const auto& offer = asked.order().offer(decline.offer);
    if (asked.by == offer.by) return no(RefusalCode::own_offer);
    TRY(need_right(asked, {.verb = Verb::decline, .scope = {.dispute = offer.dispute}}));
    const auto dispute = offer.dispute;
    asked.draft.add(OfferDeclined{.offer = decline.offer});
    // A no to the buyer's offer is an answer to the buyer.
    if (asked.by == Party::seller) asked.draft.add(DisputeAnswered{.dispute = dispute});
    return {};
}

Check handle(const Asked& asked, const LinkUpstream& link) {
    TRY(need_role(asked, {Party::seller, Party::platform}));
    if (link.system.empty() || link.reference.empty()) return no(RefusalCode::malformed);
    TRY(need_dispute(asked, link.dispute));
    asked.draft.add(UpstreamLinked{
        .dispute = link.dispute, .system = link.system, .reference = link.reference});
    return {};
}

}  // namespace holdfast::order
