#include "order/door.h"

#include "order/money.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using terms::Verb;

// By nature, where the terms are silent: whose act is it?
bool is_own_act(Verb verb, Party by) {
    switch (verb) {
    case Verb::confirm_receipt:
    case Verb::modify_dispute:
    case Verb::change_reason:
    case Verb::withdraw_dispute:
    case Verb::send_return:      return by == Party::buyer;
    case Verb::extend:
    case Verb::respond:
    case Verb::complete_return:
    case Verb::contest_return:
    case Verb::cancel_order:     return by == Party::seller;
    case Verb::offer:
    case Verb::accept:
    case Verb::decline:
    case Verb::submit_evidence:  return by == Party::buyer || by == Party::seller;
    default:                     return false;
    }
}

template <class F>
bool any_terms(const Rules& rules, F&& is) {
    return is(*rules.terms) ||
           std::ranges::any_of(rules.law, [&](const terms::Terms* law) { return is(*law); });
}

bool is_for(const Rules& rules, Verb verb, Party by) {
    return any_terms(rules, [&](const terms::Terms& terms) {
        return std::ranges::any_of(terms.rights[terms::index_of(verb)], [&](std::int32_t index) {
            const auto who = terms.clause_at(index)->who;
            return who == by || (who == Party::either && by != Party::platform);
        });
    });
}

void add_request(terms::Facts& facts, const Wish& wish) {
    if (wish.days) facts.set(terms::Number::request_days, *wish.days);
    if (wish.amount) facts.set(terms::Number::request_amount, *wish.amount);
    if (wish.has_evidence) facts.add_mark(terms::Marks::request, "evidence");
    if (wish.has_new_information) facts.add_mark(terms::Marks::request, "new_information");
    if (wish.reason)
        facts.set(terms::Attribute::request_reason, Word(terms::to_string(*wish.reason)));
}

}  // namespace

terms::Facts facts_for(const Order& order, const Rules& rules, const Wish& wish, Instant at) {
    auto facts = facts_of(order, rules, wish.scope, at);
    add_request(facts, wish);
    return facts;
}

terms::Explanation explain(const Order& order, const Rules& rules, Party by, const Wish& wish,
                           Instant at) {
    const auto facts = facts_for(order, rules, wish, at);
    const terms::Question question{.at = at, .by = by, .verb = wish.verb, .reason = wish.reason};
    auto explanation = terms::explain(*rules.terms, facts, question);
    explanation.answer = terms::ask(*rules.terms, rules.law, facts, question);
    return explanation;
}

std::unexpected<Refusal> exceeds(Minor limit) {
    return std::unexpected(Refusal{.code = RefusalCode::amount_exceeds, .limit = limit});
}

Check need_role(const Asked& asked, std::initializer_list<Party> roles) {
    if (std::ranges::find(roles, asked.by) == roles.end()) return no(RefusalCode::wrong_role);
    return {};
}

Check need_running(const Asked& asked) {
    if (asked.order().is_over()) return no(RefusalCode::order_over);
    return {};
}

Check need_dispute(const Asked& asked, DisputeNo dispute) {
    if (!has(asked.order().disputes, dispute)) return no(RefusalCode::unknown_dispute);
    return {};
}

Check need_quarrel(const Asked& asked, DisputeNo dispute) {
    TRY(need_dispute(asked, dispute));
    if (!asked.order().dispute(dispute).is_quarrel()) return no(RefusalCode::dispute_closed);
    return {};
}

Check need_negotiation(const Asked& asked, DisputeNo dispute) {
    TRY(need_quarrel(asked, dispute));
    const auto phase = asked.order().dispute(dispute).phase;
    if (phase != DisputePhase::negotiating && phase != DisputePhase::escalated)
        return no(RefusalCode::not_negotiating);
    return {};
}

std::expected<Lines, Refusal> need_lines(const Order& order, const Lines& lines) {
    auto all = all_lines(order);
    if (all.empty()) return no(RefusalCode::order_over);  // all is cancelled
    if (lines.empty()) return all;
    for (auto i = lines.begin(); i != lines.end(); ++i) {
        if (i->quantity <= 0) return no(RefusalCode::malformed);
        if (!has(order.lines, i->line)) return no(RefusalCode::unknown_line);
        if (std::any_of(lines.begin(), i,
                        [&](const LineQuantity& one) { return one.line == i->line; }))
            return no(RefusalCode::unknown_line);
        const auto& line = order.lines[index_of(i->line)];
        if (i->quantity > line.placed.quantity - line.cancelled)
            return no(RefusalCode::quantity_too_large);
    }
    return lines;
}

bool speaks_of(const Rules& rules, Verb verb) {
    return any_terms(rules, [&](const terms::Terms& terms) { return terms.speaks_of(verb); });
}

std::expected<terms::Answer, Refusal> need_right(const Asked& asked, const Wish& wish) {
    const auto& rules = asked.draft.rules();
    const bool spoken = speaks_of(rules, wish.verb);
    if (spoken ? !is_for(rules, wish.verb, asked.by) : !is_own_act(wish.verb, asked.by))
        return no(RefusalCode::wrong_role);

    const auto facts = facts_for(asked.order(), rules, wish, asked.received_at);
    const auto answer = terms::ask(
        *rules.terms, rules.law, facts,
        {.at = asked.received_at, .by = asked.by, .verb = wish.verb, .reason = wish.reason});
    if (answer.allowed || (!spoken && answer.clause < 0)) {
        if (asked.granted) *asked.granted = answer;
        return answer;
    }
    return std::unexpected(Refusal{.code = RefusalCode::not_granted,
                                   .outcome = answer.outcome,
                                   .clause = answer.clause,
                                   .opens_at = answer.opens_at,
                                   .closes_at = answer.closes_at});
}

Minor compensation_left(const Asked& asked, std::optional<DisputeNo> dispute) {
    const auto cap =
        compensation_cap(asked.order(), asked.draft.rules(), dispute, asked.received_at);
    return std::max<Minor>(0, cap.value_or(0) - asked.order().money.compensated);
}

Minor most_of(const Asked& asked, DisputeNo dispute, const Settlement& settlement) {
    if (settlement.remedy == Remedy::credit || settlement.remedy == Remedy::coupon)
        return compensation_left(asked, dispute);
    return refundable(asked.order(), asked.order().dispute(dispute).lines);
}

bool is_sum(const Settlement& settlement) {
    const bool needs_amount = settlement.remedy == Remedy::partial_refund_keep ||
                              settlement.remedy == Remedy::credit ||
                              settlement.remedy == Remedy::coupon;
    return settlement.amount >= 0 && (!needs_amount || settlement.amount > 0);
}

Settlement with_sum(const Asked& asked, DisputeNo dispute, Settlement settlement) {
    if (!settlement.remedy) return settlement;
    const auto most = most_of(asked, dispute, settlement);
    switch (*settlement.remedy) {
    case Remedy::full_refund: settlement.amount = std::max(settlement.amount, most); break;
    case Remedy::return_for_full_refund:
    case Remedy::refund_with_replacement:
    case Remedy::cancel_undelivered_part:
    case Remedy::cancel_whole_return_delivered:
        if (settlement.amount == 0) settlement.amount = most;
        break;
    case Remedy::replacement:         settlement.amount = 0; break;
    case Remedy::partial_refund_keep:
    case Remedy::credit:
    case Remedy::coupon:
    case Remedy::count_:              break;
    }
    return settlement;
}

}  // namespace holdfast::order
