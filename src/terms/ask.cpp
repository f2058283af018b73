#include "terms/ask.h"

#include "terms/outage.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

Number counter_of(Verb verb) {
    switch (verb) {
    case Verb::appeal:          return Number::appeals;
    case Verb::use_label:       return Number::labels;
    case Verb::claim_credit:    return Number::credits;
    case Verb::extend:          return Number::extensions;
    case Verb::return_no_fault:
    case Verb::send_return:     return Number::returns;
    default:                    return Number::disputes;
    }
}

Outcome yes_of(Verb verb) {
    switch (verb) {
    case Verb::open_dispute:
    case Verb::chargeback:        return Outcome::open_accepted;
    case Verb::escalate:          return Outcome::escalated;
    case Verb::appeal:            return Outcome::appeal_accepted;
    case Verb::extend:            return Outcome::extension_granted;
    case Verb::return_no_fault:   return Outcome::return_then_refund;
    case Verb::claim_credit:      return Outcome::coupon;
    case Verb::use_credit:        return Outcome::coupon_valid;
    case Verb::withdraw_contract: return Outcome::withdrawal_valid;
    case Verb::reject_goods:      return Outcome::refund_full;
    case Verb::prove_delivery:    return Outcome::proof_sufficient;
    case Verb::claim_back:        return Outcome::buyer_owes_return_or_payment;
    case Verb::use_label:         return Outcome::label_given;
    case Verb::send_return:       return Outcome::return_in_time;
    case Verb::modify_dispute:
    case Verb::change_reason:     return Outcome::change_accepted;
    default:                      return Outcome::accepted;
    }
}

bool is_requested_amount(const Terms& terms, std::int32_t amount) {
    if (amount < 0) return false;
    const auto& node = terms.nodes[static_cast<std::size_t>(amount)];
    return node.op == Op::number && node.value == static_cast<std::int64_t>(Number::requested);
}

Outcome yes_of(const Terms& terms, const Clause& fallback) {
    switch (fallback.action) {
    case Action::refund:
        return is_requested_amount(terms, fallback.amount) ? Outcome::refund_as_requested
                                                           : Outcome::refund_full;
    case Action::release:
    case Action::complete:      return Outcome::release_to_seller;
    case Action::escalate:      return Outcome::escalated;
    case Action::close:         return Outcome::case_closed_no_refund;
    case Action::cancel_return: return Outcome::return_terminated;
    case Action::cancel_order:  return Outcome::order_closed_refund;
    case Action::credit:        return Outcome::credit;
    case Action::claw_back:     return Outcome::clawback;
    case Action::count_:        break;
    }
    VERIFY(!"an Action outside its list");
    return Outcome::pending;
}

// The first condition that fails, one without a word before one with; -1 if all hold.
std::int32_t first_failing(const Context& context, const Clause& clause) {
    std::int32_t with_word = -1;
    for (auto i = clause.when.begin; i < clause.when.end; ++i) {
        const auto& condition = context.terms.conditions[i];
        if (holds(context, condition)) continue;
        if (!condition.otherwise) return static_cast<std::int32_t>(i);
        if (with_word < 0) with_word = static_cast<std::int32_t>(i);
    }
    for (auto i = clause.unless.begin; i < clause.unless.end; ++i)
        if (holds(context, context.terms.conditions[i])) return static_cast<std::int32_t>(i);
    return with_word;
}

bool has_word(const Terms& terms, std::int32_t condition) {
    return terms.conditions[static_cast<std::size_t>(condition)].otherwise.has_value();
}

Judgement failed(const Terms& terms, Judgement judgement) {
    const auto& condition = terms.conditions[static_cast<std::size_t>(judgement.failed)];
    judgement.verdict = Verdict::failed_condition;
    judgement.outcome = *condition.otherwise;
    judgement.winner = condition.winner;
    return judgement;
}

Judgement judge_right(const Context& context, const Clause& clause, const Question& question) {
    const auto& terms = context.terms;
    Judgement judgement{.failed = first_failing(context, clause)};
    if (judgement.failed >= 0 && !has_word(terms, judgement.failed)) return judgement;

    judgement.opens_at = bound_of(context, clause.opens);
    judgement.closes_at = bound_of(context, clause.closes);
    if (judgement.closes_at) judgement.closes_at = give_back(context, clause, *judgement.closes_at);
    const auto done = context.facts.number(counter_of(clause.verb)).value_or(0);
    if (clause.times > 0 && done >= clause.times) {
        judgement.verdict = Verdict::spent;
        judgement.outcome = clause.spent;
    } else if (judgement.closes_at && question.at >= *judgement.closes_at) {
        judgement.verdict = Verdict::too_late;
        judgement.outcome = Outcome::too_late;
        judgement.winner = clause.lapse_winner;
    } else if (judgement.failed >= 0) {
        return failed(terms, judgement);
    } else if (clause.opens >= 0 && (!judgement.opens_at || question.at < *judgement.opens_at)) {
        judgement.verdict = Verdict::too_early;
        judgement.outcome = clause.early;
    } else {
        judgement.verdict = Verdict::yes;
        judgement.outcome = clause.says.value_or(yes_of(clause.verb));
        judgement.winner = clause.winner;
    }
    return judgement;
}

Judgement judge_fallback(const Context& context, const Clause& clause, const Question& question) {
    const auto& terms = context.terms;
    Judgement judgement;
    if (clause.in.any() && !clause.in[index_of(order_stage(context.facts))] &&
        !clause.in[index_of(dispute_stage(context.facts))])
        return judgement;
    if (clause.waits_for && !waits_for(context.facts, *clause.waits_for)) return judgement;
    judgement.failed = first_failing(context, clause);
    if (judgement.failed >= 0)
        return has_word(terms, judgement.failed) ? failed(terms, judgement) : judgement;

    judgement.opens_at = bound_of(context, clause.at);
    if (judgement.opens_at) judgement.opens_at = give_back(context, clause, *judgement.opens_at);
    const bool struck = judgement.opens_at && question.at >= *judgement.opens_at;
    judgement.verdict = struck ? Verdict::yes : Verdict::too_early;
    judgement.outcome = struck ? clause.says.value_or(yes_of(terms, clause)) : clause.early;
    if (struck) judgement.winner = clause.winner;
    return judgement;
}

Judgement judge_limit(const Context& context, const Clause& clause, const Question& question) {
    Judgement judgement;
    if (clause.after >= 0) {
        const auto after = bound_of(context, clause.after);
        if (!after || question.at < *after) return judgement;
        judgement.opens_at = after;
    }
    judgement.failed = first_failing(context, clause);
    if (judgement.failed >= 0) return judgement;
    judgement.verdict = Verdict::limited;
    judgement.outcome = clause.says.value_or(Outcome::excluded);
    judgement.winner = clause.winner;
    return judgement;
}

Judgement judge_award(const Context& context, const Clause& clause) {
    Judgement judgement{.failed = first_failing(context, clause)};
    if (judgement.failed >= 0)
        return has_word(context.terms, judgement.failed) ? failed(context.terms, judgement)
                                                         : judgement;
    const auto amount = number_of(context, clause.amount);
    const auto total = context.facts.number(Number::total);
    judgement.verdict = Verdict::yes;
    judgement.winner = clause.winner;
    if (clause.says)
        judgement.outcome = *clause.says;
    else if (clause.topic == Topic::return_postage)
        judgement.outcome = Outcome::return_shipping;
    else
        judgement.outcome =
            amount && total && *amount < *total ? Outcome::refund_partial : Outcome::refund_full;
    return judgement;
}

// Of two verdicts on clauses of one kind, is `a` the one that the answer tells?
bool goes_before(Question::Kind kind, const Judgement& a, const Judgement& b) {
    if (kind == Question::Kind::fallback) {
        // Whichever strikes first, be it struck or still to come.
        const auto timed = [](const Judgement& j) { return j.opens_at.has_value(); };
        if (timed(a) && timed(b)) return *a.opens_at < *b.opens_at;
        if (timed(a) != timed(b)) return timed(a);
    }
    if (a.verdict != b.verdict) return a.verdict < b.verdict;
    switch (a.verdict) {
    case Verdict::yes:
    case Verdict::too_late:  // the window that stays open longest; no end is the longest
        if (!a.closes_at || !b.closes_at) return !a.closes_at && b.closes_at;
        return *a.closes_at > *b.closes_at;
    case Verdict::too_early:  // the one that opens first; one whose opening is unknown comes last
        if (!a.opens_at || !b.opens_at) return a.opens_at.has_value();
        return *a.opens_at < *b.opens_at;
    default: return false;
    }
}

void fill(Answer& answer, const Context& context, std::int32_t index) {
    const auto& clause = *context.terms.clause_at(index);
    answer.clause = index;
    answer.remedies |= clause.remedies;
    if (clause.return_required) answer.return_required = clause.return_required;
    if (clause.postage) answer.return_shipping_paid_by = clause.postage;
    if (clause.funded_by) answer.funded_by = clause.funded_by;
    if (clause.amount >= 0) answer.amount = number_of(context, clause.amount);
    if (clause.award >= 0) {
        const auto of_right = answer.clause;
        fill(answer, context, clause.award);
        answer.clause = of_right;
    }
}

Answer answer_of(const Context& context, const Judgement& judgement, std::int32_t index) {
    Answer answer;
    answer.allowed = judgement.verdict == Verdict::yes;
    answer.outcome = judgement.outcome;
    answer.opens_at = judgement.opens_at;
    answer.closes_at = judgement.closes_at;
    answer.winner = judgement.winner;
    fill(answer, context, index);
    return answer;
}

// What a question can be about, limits apart; in the order of the file.
const std::vector<std::int32_t>& clauses_for(const Terms& terms, const Question& question) {
    switch (question.kind) {
    case Question::Kind::right:    return terms.rights[index_of(question.verb)];
    case Question::Kind::fallback: return terms.defaults;
    case Question::Kind::award:    break;
    }
    return terms.awards;
}

std::span<const std::int32_t> limits_for(const Terms& terms, const Question& question) {
    switch (question.kind) {
    case Question::Kind::right:    return terms.verb_limits[index_of(question.verb)];
    case Question::Kind::fallback: return terms.action_limits;
    case Question::Kind::award:    break;
    }
    return {};  // a sum is not barred
}

Outcome nothing_applies(const Facts& facts, Question::Kind kind) {
    if (kind != Question::Kind::fallback) return Outcome::not_eligible;
    return dispute_stage(facts) == Stage::negotiating ? Outcome::negotiating : Outcome::pending;
}

}  // namespace

bool concerns(const Clause& clause, const Question& question) {
    const bool of_reason =
        clause.reasons.none() || (question.reason && clause.reasons[index_of(*question.reason)]);
    switch (clause.kind) {
    case Kind::right:
        return question.kind == Question::Kind::right && clause.verb == question.verb &&
               of_reason &&
               (clause.who == question.by ||
                (clause.who == Party::either && question.by != Party::platform));
    case Kind::fallback:
        return question.kind == Question::Kind::fallback &&
               (question.actions.none() || question.actions[index_of(clause.action)]) &&
               (!question.waits_for || clause.waits_for == question.waits_for);
    case Kind::limit:
        if (!of_reason) return false;
        if (question.kind == Question::Kind::right) return clause.bars[index_of(question.verb)];
        return question.kind == Question::Kind::fallback &&
               (question.actions.none() ? clause.bars_actions
                                        : clause.bars_actions & question.actions)
                   .any();
    case Kind::award:
        return question.kind == Question::Kind::award && clause.topic == question.topic &&
               of_reason;
    case Kind::info: return false;
    }
    VERIFY(!"a Kind outside its list");
    return false;
}

Judgement judge(const Terms& terms, const Clause& clause, const Facts& facts,
                const Question& question) {
    const Context context{terms, facts, question.at};
    switch (clause.kind) {
    case Kind::right:    return judge_right(context, clause, question);
    case Kind::fallback: return judge_fallback(context, clause, question);
    case Kind::limit:    return judge_limit(context, clause, question);
    case Kind::award:    return judge_award(context, clause);
    case Kind::info:     break;
    }
    VERIFY(!"information is not judged");
    return {};
}

Answer ask(const Terms& terms, const Facts& facts, const Question& question) {
    const Context context{terms, facts, question.at};
    const auto judged = [&](std::int32_t index) {
        const auto& clause = *terms.clause_at(index);
        return concerns(clause, question) ? judge(terms, clause, facts, question) : Judgement{};
    };
    ActionSet barred;
    std::int32_t limit_index = -1;
    Judgement limit;
    for (const auto index : limits_for(terms, question)) {
        const auto judgement = judged(index);
        if (judgement.verdict != Verdict::limited) continue;
        if (limit_index < 0) {
            limit_index = index;
            limit = judgement;
        }
        barred |= terms.clause_at(index)->bars_actions;
    }
    if (limit_index >= 0 && question.kind == Question::Kind::right)
        return answer_of(context, limit, limit_index);

    Judgement best;
    std::int32_t best_index = -1;
    for (const auto index : clauses_for(terms, question)) {
        const auto& clause = *terms.clause_at(index);
        if (clause.kind == Kind::fallback && barred[index_of(clause.action)]) continue;
        const auto judgement = judged(index);
        if (judgement.verdict == Verdict::not_applicable) continue;
        if (best_index >= 0 && !goes_before(question.kind, judgement, best)) continue;
        best = judgement;
        best_index = index;
        if (question.kind == Question::Kind::award) break;  // read from the top
    }
    if (best_index >= 0) return answer_of(context, best, best_index);
    if (limit_index >= 0) return answer_of(context, limit, limit_index);
    return {.outcome = nothing_applies(facts, question.kind)};
}

Answer ask(const Terms& terms, std::span<const Terms* const> law, const Facts& facts,
           const Question& question) {
    auto answer = ask(terms, facts, question);
    for (const auto* one : law) {
        if (answer.allowed) break;
        auto by_law = ask(*one, facts, question);
        if (!by_law.allowed) continue;
        by_law.law = one;
        answer = by_law;
    }
    return answer;
}

}  // namespace holdfast::terms
