#include "order/actions.h"

#include "order/handle.h"
#include "order/money.h"
#include "order/settle.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace holdfast::order {
namespace {

// --- What could be asked

struct Candidate {
    Request request;
    Action::Subject subject = {};
    std::optional<Reason> reason = {};
};

void add_of_order(std::vector<Candidate>& all) {
    all.push_back({Cancel{}});
    all.push_back({DeclineCancel{}});
    all.push_back({RequestExtension{.days = 1}});
    all.push_back({Extend{.days = 1}});
    all.push_back({ConfirmReceipt{}});
    all.push_back({Refund{}});
    all.push_back({Compensate{.amount = 1}});
    all.push_back({PromiseGift{.sku = "gift"}});
    all.push_back({SendMessage{}});  // of a dispute goes through as one of the order does
}

// Goods that no running dispute is about: together, and line by line, since one may have come and
// another not.
void add_disputes(std::vector<Candidate>& all, const Order& order) {
    auto free = all_lines(order);
    for (const auto& dispute : order.disputes)
        if (!dispute.is_closed())
            std::erase_if(free, [&](const LineQuantity& one) {
                return std::ranges::find(dispute.lines, one.line, &LineQuantity::line) !=
                       dispute.lines.end();
            });
    if (free.empty()) return;
    std::vector<Lines> tried{free};
    if (free.size() > 1)
        for (const auto& one : free) tried.push_back({one});
    for (const auto& lines : tried)
        for (std::size_t i = 0; i < terms::count_of<Reason>; ++i) {
            const auto reason = static_cast<Reason>(i);
            all.push_back(
                {OpenDispute{.lines = lines, .reason = reason, .has_evidence = true}, {}, reason});
        }
}

void add_of_dispute(std::vector<Candidate>& all, DisputeNo no) {
    const Plan nothing{};
    Verdict verdict;
    verdict.codes = {VerdictCode::settled_by_terms};
    PrepareReturn prepare;
    prepare.dispute = no;
    const std::vector<Request> requests{
        ModifyDispute{.dispute = no},
        WithdrawDispute{no},
        Respond{no},
        MakeOffer{.dispute = no, .plan = nothing},
        Escalate{no},
        RequestEvidence{.dispute = no, .due_at = Instant::max()},
        SubmitEvidence{.dispute = no, .kind = "other", .content = Hash{}},
        Decide{.dispute = no, .verdict = verdict},
        Appeal{.dispute = no, .has_new_information = true},
        prepare,
        SendReturn{.dispute = no, .tracking = "number"},
        ReceiveReturn{.dispute = no},
        ContestReturn{.dispute = no}};
    for (const auto& request : requests) all.push_back({request, no});
}

std::vector<Candidate> candidates(const Order& order) {
    std::vector<Candidate> all;
    add_of_order(all);
    add_disputes(all, order);
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        const auto no = nth<DisputeNo>(i);
        all.push_back(
            {LinkUpstream{.dispute = no, .system = "system", .reference = "reference"}, no});
        all.push_back({Compensate{.dispute = no, .amount = 1}, no});
        if (!order.disputes[i].is_closed()) add_of_dispute(all, no);
    }
    for (std::size_t i = 0; i < order.offers.size(); ++i)
        if (order.offers[i].state == OfferState::open) {
            const auto no = nth<OfferNo>(i);
            all.push_back({AcceptOffer{no}, no});
            all.push_back({DeclineOffer{no}, no});
        }
    for (std::size_t i = 0; i < order.instructions.size(); ++i)
        if (order.instructions[i].state == InstructionState::failed)
            all.push_back({RepeatInstruction{nth<InstructionNo>(i)}, nth<InstructionNo>(i)});
    for (std::size_t i = 0; i < order.chargebacks.size(); ++i)
        all.push_back({AnswerChargeback{.chargeback = nth<ChargebackNo>(i)}, nth<ChargebackNo>(i)});
    for (const auto& arrival : order.arrivals)
        all.push_back({SettleArrival{.shipment = arrival.shipment}, arrival.shipment});
    return all;
}

// --- What of it goes through

std::optional<DisputeNo> dispute_of(const Order& order, const Action::Subject& subject) {
    if (const auto* dispute = std::get_if<DisputeNo>(&subject)) return *dispute;
    if (const auto* offer = std::get_if<OfferNo>(&subject)) return order.offer(*offer).dispute;
    return std::nullopt;
}

// Where requests are tried. Most change nothing, and the next one is tried in the same draft: an
// order is not copied for each of them.
class Trial {
public:
    Trial(const Order& order, const Rules& rules, Instant now)
        : order_(order), rules_(rules), now_(now) {}

    Draft& draft() {
        if (!draft_ || !draft_->empty()) draft_.emplace(order_, rules_, now_);
        return *draft_;
    }

private:
    const Order& order_;
    const Rules& rules_;
    Instant now_;
    std::optional<Draft> draft_;
};

std::optional<Action> try_out(Trial& trial, const Rules& rules, Party by, Instant now,
                              const Candidate& candidate) {
    terms::Answer granted;
    const Asked asked{trial.draft(), by, now, &granted};
    const auto check =
        std::visit([&](const auto& request) { return handle(asked, request); }, candidate.request);
    Action action{
        .request = std::visit([](const auto& request) { return request.name; }, candidate.request),
        .reason = candidate.reason,
        .subject = candidate.subject};
    if (check) {
        action.clause = clause_of(rules, granted);
        action.opens_at = granted.opens_at;
        action.closes_at = granted.closes_at;
        return action;
    }
    const auto& refusal = check.error();
    action.clause = rules.terms->clause_at(refusal.clause);  // a law only ever says yes
    // Each clause has its own word for what comes too early; other refusals have an instant, too.
    if (!action.clause || refusal.outcome != action.clause->early || !refusal.opens_at ||
        *refusal.opens_at <= now)
        return std::nullopt;
    action.opens_at = refusal.opens_at;
    action.closes_at = refusal.closes_at;
    return action;
}

}  // namespace

std::vector<Action> actions(const Order& order, const Rules& rules, Party by, Instant now,
                            std::span<const Due> ahead, const std::optional<Standing>& standing) {
    std::vector<Action> all;
    if (!order.placed) return all;
    const auto is_told = [&](Reason reason) {
        return std::ranges::any_of(all, [&](const Action& one) {
            return one.reason == reason && (!one.opens_at || *one.opens_at <= now);
        });
    };
    std::optional<Order> opened;
    if (standing) opened = with_standing(order, *standing, now);
    Trial usual(order, rules, now), opening(opened ? *opened : order, rules, now);
    for (const auto& candidate : candidates(order)) {
        if (candidate.reason && is_told(*candidate.reason)) continue;
        const bool opens = std::holds_alternative<OpenDispute>(candidate.request);
        auto action = try_out(opens ? opening : usual, rules, by, now, candidate);
        if (!action) continue;
        const auto dispute = dispute_of(order, action->subject);
        if (const auto* due = next_of(ahead, dispute)) action->silence = *due;
        // What is open now takes the place of what opens later for other goods.
        if (action->reason)
            std::erase_if(all, [&](const Action& one) { return one.reason == action->reason; });
        all.push_back(*std::move(action));
    }
    return all;
}

const terms::Clause* clause_of(const Rules& rules, const terms::Answer& answer) {
    return (answer.law ? answer.law : rules.terms)->clause_at(answer.clause);
}

bool Right::is_open(const Rules& rules, Instant now) const {
    const auto* clause =
        clause_of(rules, answer);  // each has its own word for what comes too early
    return answer.allowed ||
           (clause && answer.outcome == clause->early && answer.opens_at && *answer.opens_at > now);
}

bool is_asked_with_standing(terms::Verb verb) {
    return verb == terms::Verb::open_dispute || verb == terms::Verb::return_no_fault;
}

std::vector<Right> rights(const Order& order, const Rules& rules, Instant now,
                          const std::optional<Standing>& standing) {
    std::vector<Right> all;
    if (!order.placed) return all;
    const auto facts = facts_of(order, rules, {}, now);
    const auto facts_now =
        standing ? facts_of(with_standing(order, *standing, now), rules, {}, now) : facts;
    const auto add = [&](Party by, terms::Verb verb, std::optional<Reason> reason) {
        const bool is_known = std::ranges::any_of(all, [&](const Right& one) {
            return one.by == by && one.verb == verb && one.reason == reason;
        });
        if (is_known) return;
        all.push_back(
            {.by = by,
             .verb = verb,
             .reason = reason,
             .answer = terms::ask(*rules.terms, rules.law,
                                  is_asked_with_standing(verb) ? facts_now : facts,
                                  {.at = now, .by = by, .verb = verb, .reason = reason})});
    };
    const auto add_of = [&](const terms::Clause& clause) {
        if (clause.kind != terms::Kind::right) return;
        for (const auto by : {Party::buyer, Party::seller, Party::platform}) {
            const bool either = clause.who == Party::either && by != Party::platform;
            if (clause.who != by && !either) continue;
            if (clause.reasons.none()) add(by, clause.verb, std::nullopt);
            for (std::size_t i = 0; i < terms::count_of<Reason>; ++i)
                if (clause.reasons[i]) add(by, clause.verb, static_cast<Reason>(i));
        }
    };
    std::ranges::for_each(rules.terms->clauses, add_of);
    for (const auto* law : rules.law) std::ranges::for_each(law->clauses, add_of);
    return all;
}

}  // namespace holdfast::order
