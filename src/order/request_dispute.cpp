#include "order/handle.h"
#include "order/money.h"
#include "order/settle.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using terms::Verb;

bool asks_for_part(std::optional<Remedy> wanted) {
    return wanted == Remedy::partial_refund_keep || wanted == Remedy::cancel_undelivered_part;
}

// What a right to open gives: these remedies (none named: any) and at most this sum.
struct Granted {
    std::vector<Remedy> remedies;
    std::optional<Minor> most;
};

Granted granted_by(const terms::Answer& answer) {
    Granted granted{.remedies = {}, .most = answer.amount};
    for (std::size_t i = 0; i < answer.remedies.size(); ++i)
        if (answer.remedies[i]) granted.remedies.push_back(static_cast<Remedy>(i));
    return granted;
}

bool grants(const Granted& granted, Remedy remedy) {
    return granted.remedies.empty() ||
           std::ranges::find(granted.remedies, remedy) != granted.remedies.end();
}

// What a buyer who names no remedy wants: everything, in the easiest way that is granted.
Remedy remedy_of(std::optional<Remedy> wanted, const Granted& granted) {
    if (wanted) return *wanted;
    for (const auto one : {Remedy::full_refund, Remedy::return_for_full_refund,
                           Remedy::partial_refund_keep, Remedy::replacement})
        if (grants(granted, one)) return one;
    return granted.remedies.front();  // naming none grants all
}

Minor most_of(const Order& order, const Lines& lines, const Granted& granted) {
    return std::min(refundable(order, lines), granted.most.value_or(refundable(order)));
}

// The sum asked for: what was named, else all that these lines can still bring.
std::expected<Minor, Refusal> need_sum(const Order& order, const Lines& lines,
                                       std::optional<Minor> amount, std::optional<Remedy> wanted,
                                       const Granted& granted) {
    const auto most = most_of(order, lines, granted);
    if (most == 0) return no(RefusalCode::nothing_refundable);
    if (!amount && asks_for_part(wanted)) return no(RefusalCode::malformed);
    if (amount && *amount > most) return exceeds(most);
    return amount.value_or(most);
}

// A new reason stands on a right of its own, as if this dispute were not there.
std::expected<Granted, Refusal> need_reason(const Asked& asked, DisputeNo no_of, Reason reason) {
    const auto& rules = asked.draft.rules();
    const auto lines = asked.order().dispute(no_of).lines;
    auto without = asked.order();
    without.dispute(no_of).lines.clear();  // about no goods: no question sees it
    Draft hidden(without, rules, asked.draft.at(), asked.draft.when());
    const Asked anew{hidden, asked.by, asked.received_at};
    return granted_by(TRY(need_right(
        anew, {.verb = Verb::open_dispute, .scope = {.lines = lines}, .reason = reason})));
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
    const auto granted = granted_by(answer);
    if (open.wanted && !grants(granted, *open.wanted)) return no(RefusalCode::remedy_not_offered);
    const auto wanted = remedy_of(open.wanted, granted);
    const auto amount = TRY(need_sum(asked.order(), lines, open.amount, open.wanted, granted));

    const DisputeNo dispute{next_of(asked.order().disputes)};
    asked.draft.add(
        DisputeOpened{.dispute = dispute,
                      .lines = lines,
                      .reason = open.reason,
                      .sub_reason = open.sub_reason,
                      .wanted = wanted,
                      .requested = amount,
                      .tracking = tracking_of(asked.order(), rules, lines, asked.received_at),
                      .granted = granted.remedies,
                      .most = granted.most});
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
    Granted granted{.remedies = dispute.granted, .most = dispute.most};
    if (modify.reason && *modify.reason != dispute.reason) {
        TRY(need_right(asked, {.verb = Verb::change_reason,
                               .scope = {.dispute = modify.dispute},
                               .reason = modify.reason}));
        granted = TRY(need_reason(asked, modify.dispute, *modify.reason));
    }
    const auto wanted = modify.wanted ? modify.wanted : dispute.wanted;
    if (wanted && !grants(granted, *wanted)) return no(RefusalCode::remedy_not_offered);
    const auto most = most_of(asked.order(), dispute.lines, granted);
    const auto requested = modify.amount.value_or(std::min(dispute.requested, most));
    if (requested > most) return exceeds(most);
    asked.draft.add(DisputeModified{.dispute = modify.dispute,
                                    .reason = modify.reason.value_or(dispute.reason),
                                    .wanted = wanted,
                                    .requested = requested,
                                    .granted = granted.remedies,
                                    .most = granted.most});
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
    auto plan = make.plan;
    plan.then = with_sum(asked, make.dispute, plan.then);
    plan.otherwise = with_sum(asked, make.dispute, plan.otherwise);
    TRY(need_right(
        asked,
        {.verb = Verb::offer, .scope = {.dispute = make.dispute}, .amount = plan.then.amount}));
    for (const auto* one : {&plan.then, &plan.otherwise})
        if (const auto most = most_of(asked, make.dispute, *one); one->amount > most)
            return exceeds(most);
    if ((make.expires_at && *make.expires_at <= asked.received_at) ||
        (make.plan.arrives_by && *make.plan.arrives_by <= asked.received_at))
        return no(RefusalCode::due_in_past);
    asked.draft.add(OfferMade{.offer = {next_of(asked.order().offers)},
                              .dispute = make.dispute,
                              .by = asked.by,
                              .plan = plan,
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
