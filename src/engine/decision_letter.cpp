#include "engine/decision_letter.h"

#include "base/enum_word.h"
#include "base/verify.h"
#include "base/word.h"
#include "engine/case_trace.h"
#include "engine/json_members.h"
#include "engine/plain_words.h"
#include "order/actions.h"
#include "order/evolve.h"
#include "order/facts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

using namespace order;

std::string_view ground(VerdictCode code) {
    switch (code) {
    case VerdictCode::tracking_shows_delivery: return "Tracking shows the delivery.";
    case VerdictCode::no_proof_of_delivery:    return "There is no proof of delivery.";
    case VerdictCode::delivered_late:          return "The goods were delivered late.";
    case VerdictCode::delivered_elsewhere:     return "The goods were delivered elsewhere.";
    case VerdictCode::item_differs:            return "The item differs from its description.";
    case VerdictCode::item_damaged:            return "The item is damaged.";
    case VerdictCode::parts_missing:           return "Parts are missing.";
    case VerdictCode::counterfeit_shown:       return "The item is shown to be counterfeit.";
    case VerdictCode::as_described:            return "The item is as described.";
    case VerdictCode::no_evidence_from_buyer:  return "The buyer showed no evidence.";
    case VerdictCode::no_evidence_from_seller: return "The seller showed no evidence.";
    case VerdictCode::return_not_as_sent_out:  return "What came back is not what was sent out.";
    case VerdictCode::settled_by_terms:        return "The terms settle it.";
    case VerdictCode::new_information:         return "There is new information.";
    case VerdictCode::count_:                  break;
    }
    VERIFY(!"a VerdictCode outside its list");
}

// A moment of another source, which may be known as a day alone.
std::string clock_of(const When& when) {
    return when.is_day() ? holdfast::to_string(when.day()) : engine::clock_of(when.instant());
}

// --- What was relied on

class FactLines {
public:
    FactLines(const Order& order, DisputeNo no) : order_(order), dispute_(order.dispute(no)) {
        for (std::size_t i = 0; i < order.offers.size(); ++i)
            if (order.offers[i].dispute == no) offers_.push_back(&order.offers[i]);
    }

    std::vector<std::string> all() && {
        add_order();
        for (const auto& shipment : order_.shipments) add_shipment(shipment);
        add_dispute();
        for (const auto* offer : offers_) add_offer(*offer);
        for (const auto party : {Party::buyer, Party::seller}) add_evidence(party);
        for (const auto& asked : dispute_.asked) add_asked(asked);
        if (dispute_.back) add_return(*dispute_.back);
        return std::move(lines_);
    }

private:
    void add(std::string line) { lines_.push_back(std::move(line)); }

    void add_order() {
        auto line = "The order was placed on " + engine::clock_of(order_.placed_at);
        if (order_.paid) line += " and paid on " + engine::clock_of(*order_.paid);
        if (order_.promised_by.known())
            line += "; delivery was promised by " + clock_of(order_.promised_by);
        add(line + ".");
    }
    void add_shipment(const Shipment& shipment) {
        auto line = std::string(shipment.tracking.empty()
                                    ? std::string("A parcel without a tracking number")
                                    : "Parcel " + std::string(shipment.tracking.view())) +
                    " was sent on " + engine::clock_of(shipment.when);
        if (const auto* scan = newest_scan(shipment))
            line += "; the carrier's last word on it is \"" + spaced(to_string(scan->kind)) +
                    "\", of " + engine::clock_of(scan->when);
        else
            line += "; no carrier has said anything of it";
        add(line + ".");
    }
    void add_dispute() {
        add("The buyer opened the dispute on " + engine::clock_of(dispute_.opened) + " (" +
            spaced(terms::to_string(dispute_.reason)) + ") and asks for " +
            (dispute_.wanted ? spaced(terms::to_string(*dispute_.wanted)) + ", " : "") +
            sum_of(dispute_.requested, order_.currency()) + ".");
        if (dispute_.answered)
            add("The seller answered on " + engine::clock_of(*dispute_.answered) +
                " and does not agree.");
        else if (std::ranges::none_of(
                     offers_, [](const Offer* offer) { return offer->by == Party::seller; }))
            add("The seller neither answered nor made an offer.");
        if (dispute_.escalated)
            add("The dispute came before the marketplace on " +
                engine::clock_of(*dispute_.escalated) + ".");
        if (dispute_.appealed)
            add("An appeal was made on " + engine::clock_of(*dispute_.appealed) + ".");
    }
    void add_offer(const Offer& offer) {
        add("The " + std::string(side(offer.by)) + " offered " +
            plan_of(offer.plan, order_.currency()) + " on " + engine::clock_of(offer.made_at) +
            (offer.state == OfferState::declined  ? "; it was declined."
             : offer.state == OfferState::expired ? "; it expired."
                                                  : "."));
    }
    void add_evidence(Party party) {
        std::string line;
        for (const auto& piece : dispute_.evidence)
            if (piece.by == party)
                line += (line.empty() ? "" : ", ") + spaced(piece.kind.view()) + " on " +
                        engine::clock_of(piece.at);
        const auto who = "The " + std::string(side(party));
        add(line.empty() ? who + " showed no evidence." : who + " showed: " + line + ".");
    }
    void add_asked(const EvidenceAsked& asked) {
        add("The marketplace asked the " + std::string(side(asked.of)) + " for evidence until " +
            engine::clock_of(asked.due_at) +
            (asked.answered ? "; it came."
             : asked.lapsed ? "; none came in time."
                            : "."));
    }
    void add_return(const Return& back) {
        if (back.sent) add("The goods were sent back on " + engine::clock_of(*back.sent) + ".");
        if (back.delivered)
            add("The carrier delivered them to the seller on " + engine::clock_of(*back.delivered) +
                ".");
        if (back.condition)
            add("The seller says of what came back: " + spaced(to_string(*back.condition)) + ".");
    }

    const Order& order_;
    const Dispute& dispute_;
    std::vector<const Offer*> offers_;
    std::vector<std::string> lines_;
};

// --- How to go on

std::vector<std::string> appeals_of(const Order& after, const Rules& rules, DisputeNo no,
                                    bool on_appeal, Instant at) {
    std::vector<std::string> all;
    // On an appeal, or without time that carries it out, the verdict is carried out at once.
    if (!on_appeal && has_default(after, rules, no)) {
        const auto ahead = deadlines(after, rules);
        for (const auto party : {Party::buyer, Party::seller})
            for (const auto& action : actions(after, rules, party, at, ahead)) {
                const auto* about = std::get_if<DisputeNo>(&action.subject);
                if (action.request != Appeal::name || !about || *about != no) continue;
                auto line = "The " + std::string(side(party)) + " may appeal";
                if (action.closes_at) line += " until " + engine::clock_of(*action.closes_at);
                if (action.clause)
                    line += ": " + action.clause->text + " (" + action.clause->id + ")";
                all.push_back(std::move(line));
            }
    }
    if (all.empty()) all.emplace_back("The terms give no appeal against this.");
    all.emplace_back("What the law gives beside these terms, such as a court, stays open.");
    return all;
}

// --- The decisions, as the events go by

class Decisions {
public:
    Decisions(DisputeNo no, const Rules& rules, const DecidedAt& by)
        : no_(no), rules_(rules), by_(by) {}

    void see(const Recorded& event) {
        ++seq_;
        if (const auto* opened = std::get_if<DisputeOpened>(&event.event))
            if (opened->dispute == no_) see_opened(event);
        if (const auto* struck = std::get_if<DefaultStruck>(&event.event))
            if (struck->dispute == no_) see_struck(event, struck->clause);
        const auto* decided = std::get_if<Decided>(&event.event);
        const auto* closed = std::get_if<DisputeClosed>(&event.event);
        const bool is_decided = decided && decided->dispute == no_;
        const bool is_lapsed =
            closed && closed->dispute == no_ && struck_ && struck_at_ == event.when;
        if (!is_decided && !is_lapsed) return evolve(order_, event);
        Letter letter{.seq = seq_, .at = event.when, .outcome = {}};
        letter.facts = FactLines(order_, no_).all();
        if (opening_) letter.rules.push_back(*opening_);
        const bool on_appeal = order_.dispute(no_).phase == DisputePhase::appealed;
        evolve(order_, event);
        if (is_decided)
            put_verdict(letter, decided->verdict);
        else
            put_lapse(letter, *closed);
        letter.appeals = appeals_of(order_, rules_, no_, on_appeal, event.at);
        letters_.push_back(std::move(letter));
    }
    std::vector<Letter> all() && { return std::move(letters_); }

private:
    void see_opened(const Recorded& event) {
        const auto trace = trace_of(order_, event, seq_, *rules_.terms);
        // Where the law gave it and the terms did not, no clause of theirs did.
        if (trace && trace->at("granted").as_bool())
            opening_ = LetterRule{std::string(text_in(trace->at("clause"))),
                                  std::string(text_in(trace->at("text")))};
    }
    // A default of the terms alone decides: what an event told, and what carries a verdict out, do
    // not.
    void see_struck(const Recorded& event, const Word& clause) {
        struck_ = order_.dispute(no_).phase == DisputePhase::decided
                      ? nullptr
                      : rules_.terms->find(clause.view());
        struck_at_ = event.when;
    }
    void put_verdict(Letter& letter, const Verdict& verdict) const {
        letter.by = by_(seq_);
        letter.outcome = verdict_of(verdict, order_.currency());
        for (const auto code : verdict.codes) letter.grounds.emplace_back(ground(code));
    }
    void put_lapse(Letter& letter, const DisputeClosed& closed) const {
        const auto refunded = order_.dispute(no_).refunded;
        letter.by = DecidedBy::time;
        letter.outcome =
            closed.winner == Party::either
                ? "The dispute is closed."
                : "The dispute is closed for the " + std::string(side(closed.winner)) + ".";
        letter.outcome +=
            refunded > 0 ? " " + sum_of(refunded, order_.currency()) + " goes back to the buyer."
                         : " Nothing goes back to the buyer.";
        letter.rules.push_back({struck_->id, struck_->text});
        letter.grounds.emplace_back("The time that the terms give ran out on " +
                                    engine::clock_of(letter.at) + ".");
    }

    DisputeNo no_;
    const Rules& rules_;
    const DecidedAt& by_;
    Order order_;
    std::uint64_t seq_ = 0;
    std::optional<LetterRule> opening_;  // the right that the dispute was opened by
    const terms::Clause* struck_ = nullptr;
    Instant struck_at_{};
    std::vector<Letter> letters_;
};

std::string_view how(DecidedBy by) {
    switch (by) {
    case DecidedBy::person: return "A person of the marketplace decided this.";
    case DecidedBy::program:
        return "The marketplace's own system sent this decision. Whether a person made it is not "
               "known here.";
    case DecidedBy::time:
        return "This was decided automatically, under the terms. No person decided it.";
    case DecidedBy::count_: break;
    }
    VERIFY(!"a DecidedBy outside its list");
}

std::string listed(std::string_view head, const std::vector<std::string>& lines) {
    if (lines.empty()) return {};
    std::string text = std::string(head) + "\n";
    for (const auto& line : lines) text += "- " + line + "\n";
    return text + "\n";
}

}  // namespace

std::string_view to_string(DecidedBy value) {
    return enum_word(std::array<std::string_view, 3>{"person", "program", "time"}, value);
}

DecidedBy decided_by(std::string_view cause) {
    return cause.starts_with("usr_") ? DecidedBy::person : DecidedBy::program;
}

std::vector<Letter> letters_of(const order::Events& events, order::DisputeNo dispute,
                               const order::Rules& rules, const DecidedAt& by) {
    Decisions decisions(dispute, rules, by);
    for (const auto& event : events) decisions.see(event);
    return std::move(decisions).all();
}

std::string reasons_of(const Letter& letter) {
    std::vector<std::string> rules;
    for (const auto& rule : letter.rules) rules.push_back(rule.clause + ": " + rule.text);
    return listed("What was relied on:", letter.facts) + listed("The rules:", rules) +
           listed("The grounds:", letter.grounds) + "How it was decided:\n" +
           std::string(how(letter.by)) + "\n\n" + listed("If you do not agree:", letter.appeals);
}

}  // namespace holdfast::engine
