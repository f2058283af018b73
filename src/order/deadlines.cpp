#include "order/deadlines.h"

#include "base/verify.h"
#include "order/draft.h"
#include "order/facts.h"
#include "order/money.h"
#include "order/settle.h"
#include "terms/ask.h"
#include "terms/outage.h"

#include <algorithm>
#include <utility>

namespace holdfast::order {
namespace {

using terms::Action;
using terms::Clause;
using terms::Moment;
using terms::Stage;
using terms::Waiting;

bool is_about_dispute(Moment moment) {
    switch (moment) {
    case Moment::dispute_opened:
    case Moment::dispute_modified:
    case Moment::dispute_notified:
    case Moment::dispute_answered:
    case Moment::offer_made:
    case Moment::offer_accepted:
    case Moment::return_requested:
    case Moment::return_agreed:
    case Moment::return_tracking_given:
    case Moment::return_sent:
    case Moment::return_delivered:
    case Moment::return_received:
    case Moment::return_contested:
    case Moment::escalated:
    case Moment::asked:
    case Moment::decided:
    case Moment::appealed:
    case Moment::appeal_decided:
    case Moment::replacement_agreed:
    case Moment::replacement_shipped:
    case Moment::replacement_delivered: return true;
    default:                            return false;
    }
}

// Does this default speak of one dispute, or of the order?
bool is_of_dispute(const Clause& clause) {
    for (const auto stage : {Stage::negotiating, Stage::escalated, Stage::decided, Stage::appealed})
        if (clause.in[terms::index_of(stage)]) return true;
    if (clause.waits_for)
        for (const auto who :
             {Waiting::seller, Waiting::buyer, Waiting::platform, Waiting::buyer_return,
              Waiting::seller_return, Waiting::seller_replacement})
            if (*clause.waits_for == who) return true;
    for (std::size_t i = 0; i < clause.at_moments.size(); ++i)
        if (clause.at_moments[i] && is_about_dispute(static_cast<Moment>(i))) return true;
    return false;
}

// When the newest scan was seen here.
std::optional<Instant> newest_sight(const Order& order) {
    std::optional<Instant> newest;
    for (const auto& shipment : order.shipments)
        for (const auto& scan : shipment.scans)
            if (!newest || scan.seen_at > *newest) newest = scan.seen_at;
    return newest;
}

// --- When one default strikes

class Strike {
public:
    Strike(const Order& order, const Rules& rules, std::optional<DisputeNo> dispute)
        : order_(order),
          rules_(rules),
          dispute_(dispute),
          facts_(facts_of(order, rules, {.dispute = dispute}, order.last_at)),
          tracking_(facts_.word(terms::Attribute::tracking)) {}

    std::optional<Instant> of(const Clause& clause) {
        facts_.set(terms::Attribute::tracking, tracking_);
        const terms::Context context{*rules_.terms, facts_, order_.last_at};
        const auto bound = terms::bound_of(context, clause.at);
        if (!bound) return std::nullopt;
        const auto given = terms::give_back(context, clause, *bound);
        if (has_struck(clause, given)) return std::nullopt;
        const auto legal = std::max(given, floor_of(clause));
        if (!holds_at(clause, legal)) return std::nullopt;
        return legal;
    }

private:
    bool has_struck(const Clause& clause, Instant bound) const {
        const auto dispute = dispute_.value_or(DisputeNo{});
        return std::ranges::any_of(order_.struck, [&](const Struck& one) {
            return one.clause.view() == clause.id && one.dispute == dispute &&
                   one.legal_at >= bound;
        });
    }

    // Not before the state it waits for began, nor before its anchor was seen, and notice given.
    Instant floor_of(const Clause& clause) const {
        auto floor = order_.placed_at;
        if (dispute_)
            floor = order_.dispute(*dispute_).changed_at;
        else
            for (const auto& dispute : order_.disputes)
                if (!dispute.is_quarrel()) floor = std::max(floor, dispute.changed_at);
        if (!dispute_ && order_.payment_lost) floor = std::max(floor, *order_.payment_lost);

        const auto notice = rules_.terms->notice.value_or(Duration{});
        for (std::size_t i = 0; i < clause.all_moments.size(); ++i) {
            const auto moment = static_cast<Moment>(i);
            if (!clause.all_moments[i] || !facts_.at(moment).is_instant()) continue;
            const auto seen_at = facts_.known(moment).seen_at;
            if (seen_at > facts_.at(moment).instant()) floor = std::max(floor, seen_at + notice);
        }
        // What rests on the word of a scan gives notice from its sight.
        if (clause.asks_tracking)
            if (const auto seen_at = newest_sight(order_))
                floor = std::max(floor, *seen_at + notice);
        return floor;
    }

    // Judged as it will stand then: silence of a parcel, and conditions on the instant. Of the
    // facts, tracking alone depends on when they are asked.
    bool holds_at(const Clause& clause, Instant legal) {
        facts_.set(terms::Attribute::tracking,
                   tracking_of(order_, rules_, lines_of(order_, {.dispute = dispute_}), legal));
        const terms::Question then{.kind = terms::Question::Kind::fallback, .at = legal};
        if (terms::judge(*rules_.terms, clause, facts_, then).verdict != terms::Verdict::yes)
            return false;
        return std::ranges::none_of(rules_.terms->action_limits, [&](std::int32_t index) {
            const auto& limit = *rules_.terms->clause_at(index);
            return limit.bars_actions[terms::index_of(clause.action)] &&
                   terms::judge(*rules_.terms, limit, facts_, then).verdict ==
                       terms::Verdict::limited;
        });
    }

    const Order& order_;
    const Rules& rules_;
    std::optional<DisputeNo> dispute_;
    terms::Facts facts_;
    Word tracking_;  // as it stands; `facts_` has it as it will
};

void add_clauses(std::vector<Due>& all, const Order& order, const Rules& rules,
                 std::optional<DisputeNo> dispute) {
    Strike strike(order, rules, dispute);
    for (const auto index : rules.terms->defaults) {
        const auto& clause = *rules.terms->clause_at(index);
        if (is_of_dispute(clause) != dispute.has_value()) continue;
        if (const auto legal = strike.of(clause))
            all.push_back({.kind = Due::Kind::clause,
                           .legal_at = *legal,
                           .clause = index,
                           .dispute = dispute});
    }
}

// Instants that an event told.
void add_told(std::vector<Due>& all, const Order& order, const Rules& rules) {
    const auto notice = rules.terms->notice.value_or(Duration{});
    for (std::size_t i = 0; i < order.offers.size(); ++i) {
        const auto& offer = order.offers[i];
        if (offer.state == OfferState::open && offer.expires_at)
            all.push_back({.kind = Due::Kind::offer,
                           .legal_at = *offer.expires_at,
                           .dispute = offer.dispute,
                           .offer = nth<OfferNo>(i)});
    }
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        const auto& dispute = order.disputes[i];
        if (dispute.phase == DisputePhase::sleeping)
            // A carrier may tell of an arrival late.
            all.push_back({.kind = Due::Kind::settlement,
                           .legal_at = *order.offer(*dispute.sleeping).plan.arrives_by + notice,
                           .dispute = nth<DisputeNo>(i)});
        if (dispute.is_closed()) continue;
        for (const auto& asked : dispute.asked)
            if (!asked.answered && !asked.lapsed)
                all.push_back({.kind = Due::Kind::evidence,
                               .legal_at = asked.due_at,
                               .dispute = nth<DisputeNo>(i)});
    }
    if (order.money.authorised > 0 && order.money.authorisation_until)
        all.push_back({.kind = Due::Kind::authorisation,
                       .legal_at = std::max(*order.money.authorisation_until, order.placed_at)});
}

// --- What it does

Minor amount_of(const Draft& draft, const Clause& clause, std::optional<DisputeNo> dispute,
                Minor most) {
    if (clause.amount < 0) return most;
    const auto facts = facts_of(draft.order(), draft.rules(), {.dispute = dispute}, draft.when());
    const terms::Context context{*draft.rules().terms, facts, draft.when()};
    return std::clamp<Minor>(terms::number_of(context, clause.amount).value_or(most), 0, most);
}

Party winner_of(const Clause& clause, Party otherwise) { return clause.winner.value_or(otherwise); }

void strike_dispute(Draft& draft, const Clause& clause, DisputeNo no) {
    const auto& dispute = draft.order().dispute(no);
    switch (clause.action) {
    case Action::refund:
    case Action::claw_back: {
        const auto lines = dispute.lines;
        const auto most = dispute.phase == DisputePhase::returning
                              ? return_due(draft.order(), no)
                              : refundable(draft.order(), lines);
        refund(draft, no, lines, amount_of(draft, clause, no, most));
        return close(draft, no, winner_of(clause, Party::buyer));
    }
    case Action::escalate: return draft.add(Escalated{.dispute = no});
    case Action::close:
        if (dispute.verdict && dispute.phase != DisputePhase::returning &&
            dispute.phase != DisputePhase::replacing)
            return carry_out_verdict(draft, no);
        return close(draft, no, winner_of(clause, Party::seller));
    case Action::release:
    case Action::complete:
    case Action::cancel_return: return close(draft, no, winner_of(clause, Party::seller));
    case Action::cancel_order:
        cancel_unshipped(draft);
        return close(draft, no, winner_of(clause, Party::buyer));
    case Action::credit: {
        const auto most = dispute.requested;
        return settle(draft, no,
                      {.remedy = Remedy::credit, .amount = amount_of(draft, clause, no, most)},
                      winner_of(clause, Party::buyer));
    }
    case Action::count_: break;
    }
    VERIFY(!"an Action outside its list");
}

void strike_order(Draft& draft, const Clause& clause) {
    switch (clause.action) {
    case Action::refund:
    case Action::claw_back: {
        const auto lines = all_lines(draft.order());
        const auto most = refundable(draft.order());
        refund(draft, {}, lines, amount_of(draft, clause, {}, most));
        return complete(draft);
    }
    case Action::release:
    case Action::complete:
    case Action::close:         return complete(draft);
    case Action::cancel_order:  return cancel_unshipped(draft);
    case Action::escalate:
    case Action::cancel_return:
    case Action::credit:        return;  // recorded as struck; no dispute to act on
    case Action::count_:        break;
    }
    VERIFY(!"an Action outside its list");
}

void carry_out(Draft& draft, const Due& due) {
    switch (due.kind) {
    case Due::Kind::clause: {
        const auto& clause = *draft.rules().terms->clause_at(due.clause);
        draft.add(DefaultStruck{.clause = Word::cut(clause.id), .dispute = due.dispute});
        if (due.dispute) return strike_dispute(draft, clause, *due.dispute);
        return strike_order(draft, clause);
    }
    case Due::Kind::offer:
        draft.add(DefaultStruck{.clause = "offer", .dispute = due.dispute});
        return draft.add(OfferExpired{.offer = due.offer});
    case Due::Kind::settlement:
        draft.add(DefaultStruck{.clause = "settlement", .dispute = due.dispute});
        return wake(draft, *due.dispute, /*arrived=*/false);
    case Due::Kind::evidence: {
        draft.add(DefaultStruck{.clause = "evidence", .dispute = due.dispute});
        for (const auto party : {Party::buyer, Party::seller})
            if (std::ranges::any_of(draft.order().dispute(*due.dispute).asked,
                                    [&](const EvidenceAsked& asked) {
                                        return asked.of == party && !asked.answered &&
                                               !asked.lapsed && asked.due_at <= due.legal_at;
                                    }))
                draft.add(EvidenceLapsed{.dispute = *due.dispute, .of = party});
        return;
    }
    case Due::Kind::authorisation:
        draft.add(DefaultStruck{.clause = "authorisation", .dispute = {}});
        return draft.add(AuthorisationEnded{.amount = draft.order().money.authorised});
    }
    VERIFY(!"a Due outside its list");
}

bool is_at_opening(const terms::Terms& terms, std::int32_t node) {
    const auto& step = terms.nodes[static_cast<std::size_t>(node)];
    if (step.op == terms::Op::named)
        return is_at_opening(terms, terms.moments[static_cast<std::size_t>(step.value)].expression);
    return step.op == terms::Op::moment &&
           static_cast<Moment>(step.value) == Moment::dispute_opened;
}

// The first outage since the order was placed that has ended and is not given back yet. An order
// that is over is given it as well: its buyer may still have a right to dispute.
const terms::Outage* next_outage(const Order& order, Instant now,
                                 std::span<const terms::Outage> outages) {
    const terms::Outage* next = nullptr;
    for (const auto& outage : outages) {
        const bool given = std::ranges::find(order.outages, outage) != order.outages.end();
        if (given || outage.until > now || outage.until <= order.placed_at) continue;
        if (!next || outage.from < next->from) next = &outage;
    }
    return next;
}

// What happens by itself next, up to `now`: an outage given back, or a default carried out. One
// that was carried out before the service went down knows nothing of the outage.
Events next_change(const Order& order, const Rules& rules, Instant now,
                   std::span<const terms::Outage> outages, const Due* due) {
    const auto* outage = next_outage(order, now, outages);
    if (outage && (!due || due->legal_at + rules.grace > outage->from)) {
        Draft draft(order, rules, outage->until, outage->until);
        draft.add(OutageGivenBack{.from = outage->from, .until = outage->until});
        return draft.take();
    }
    if (!due || due->legal_at + rules.grace > now) return {};
    Draft draft(order, rules, due->legal_at + rules.grace, due->legal_at);
    carry_out(draft, *due);
    settle_up(draft);
    return draft.take();
}

}  // namespace

std::vector<Due> deadlines(const Order& order, const Rules& rules) {
    std::vector<Due> all;
    if (!order.placed) return all;
    if (!order.is_over()) add_clauses(all, order, rules, {});
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        const auto phase = order.disputes[i].phase;
        if (phase != DisputePhase::closed && phase != DisputePhase::sleeping)
            add_clauses(all, order, rules, nth<DisputeNo>(i));
    }
    add_told(all, order, rules);
    std::ranges::stable_sort(all, {}, &Due::legal_at);
    return all;
}

const Due* next_of(std::span<const Due> ahead, std::optional<DisputeNo> dispute) {
    const Due* first = nullptr;
    for (const auto& due : ahead) {
        if (due.dispute != dispute) continue;
        if (due.kind == Due::Kind::clause) return &due;
        if (!first) first = &due;
    }
    return first;
}

std::optional<Due> next_deadline(const Order& order, const Rules& rules) {
    const auto all = deadlines(order, rules);
    if (all.empty()) return std::nullopt;
    return all.front();
}

namespace {

std::optional<Party> waited_for(terms::Waiting waiting) {
    switch (waiting) {
    case Waiting::seller:
    case Waiting::seller_return:
    case Waiting::seller_cancel:
    case Waiting::seller_shipment:
    case Waiting::seller_replacement:
    case Waiting::shop:               return Party::seller;
    case Waiting::buyer:
    case Waiting::buyer_return:
    case Waiting::payment:            return Party::buyer;
    case Waiting::platform:           return Party::platform;
    case Waiting::count_:             break;
    }
    VERIFY(!"a Waiting outside its list");
}

// Whoever is waited for; else whoever gets nothing by it.
std::optional<Party> loser_of(const Clause& clause) {
    if (clause.waits_for) return waited_for(*clause.waits_for);
    switch (clause.action) {
    case Action::refund:
    case Action::claw_back:
    case Action::credit:
    case Action::cancel_order:  return Party::seller;
    case Action::release:
    case Action::complete:
    case Action::close:
    case Action::cancel_return: return Party::buyer;
    case Action::escalate:      return std::nullopt;
    case Action::count_:        break;
    }
    VERIFY(!"an Action outside its list");
}

std::optional<Reminded> reminder_of(const Order& order, const Rules& rules, const Due& due) {
    Reminded reminded{.clause = {}, .dispute = due.dispute, .closes_at = due.legal_at};
    std::optional<Party> of;
    switch (due.kind) {
    case Due::Kind::clause: {
        const auto& clause = *rules.terms->clause_at(due.clause);
        reminded.clause = Word::cut(clause.id);
        of = loser_of(clause);
        break;
    }
    case Due::Kind::offer:
        reminded.clause = "offer";
        of = order.offer(due.offer).by == Party::buyer ? Party::seller : Party::buyer;
        break;
    case Due::Kind::evidence:
        reminded.clause = "evidence";
        for (const auto& asked : order.dispute(*due.dispute).asked)
            if (!asked.answered && !asked.lapsed && asked.due_at == due.legal_at) of = asked.of;
        break;
    case Due::Kind::settlement:
    case Due::Kind::authorisation: break;
    }
    if (!of) return std::nullopt;
    reminded.of = *of;
    return reminded;
}

}  // namespace

std::optional<Reminder> next_reminder(const Order& order, const Rules& rules,
                                      std::span<const Due> ahead) {
    if (rules.remind_before <= Duration{}) return std::nullopt;
    for (const auto& due : ahead) {
        const auto at = due.legal_at - rules.remind_before;
        // A window shorter than that was told of when it opened.
        if (at <= (due.dispute ? order.dispute(*due.dispute).changed_at : order.placed_at))
            continue;
        const auto reminded = reminder_of(order, rules, due);
        if (!reminded) continue;
        const Struck told{.clause = reminded->clause,
                          .dispute = due.dispute.value_or(DisputeNo{}),
                          .legal_at = due.legal_at};
        if (std::ranges::find(order.reminded, told) == order.reminded.end())
            return Reminder{.at = at, .event = *reminded};
    }
    return std::nullopt;
}

Events remind(const Order& order, const Rules& rules, Instant now, std::span<const Due> ahead) {
    const auto next = next_reminder(order, rules, ahead);
    if (!next || next->at > now || next->event.closes_at <= now) return {};
    const auto at = std::max(now, order.last_at);
    return {{.at = at, .when = at, .event = next->event}};
}

void strike_at_once(Draft& draft, DisputeNo dispute) {
    const auto& terms = *draft.rules().terms;
    const auto is_at_once = [&](std::int32_t index) {
        return is_at_opening(terms, terms.clause_at(index)->at);
    };
    if (std::ranges::none_of(terms.defaults, is_at_once)) return;
    const auto all = deadlines(draft.order(), draft.rules());
    const auto found = std::ranges::find_if(all, [&](const Due& due) {
        return due.kind == Due::Kind::clause && due.dispute == dispute && is_at_once(due.clause) &&
               due.legal_at <= draft.when();
    });
    if (found != all.end()) carry_out(draft, *found);
}

bool has_default(const Order& order, const Rules& rules, DisputeNo dispute) {
    return std::ranges::any_of(deadlines(order, rules), [&](const Due& due) {
        return due.kind == Due::Kind::clause && due.dispute == dispute;
    });
}

std::vector<Events> catch_up(const Order& order, const Rules& rules, Instant now,
                             std::span<const terms::Outage> outages) {
    auto ahead = deadlines(order, rules);
    return catch_up(order, rules, now, outages, ahead);
}

std::vector<Events> catch_up(const Order& order, const Rules& rules, Instant now,
                             std::span<const terms::Outage> outages, std::vector<Due>& ahead) {
    std::vector<Events> changes;
    if (!order.placed) return changes;
    const auto next = [&](const Order& state) {
        return next_change(state, rules, now, outages, ahead.empty() ? nullptr : &ahead.front());
    };
    auto change = next(order);
    if (change.empty()) return changes;
    for (auto state = order; !change.empty(); change = next(state)) {
        VERIFY(changes.size() < 1000);  // every default ends a state
        for (const auto& event : change) evolve(state, event);
        ahead = deadlines(state, rules);
        changes.push_back(std::move(change));
    }
    return changes;
}

}  // namespace holdfast::order
