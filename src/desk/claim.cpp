#include "desk/claim.h"

#include "base/word.h"
#include "desk/dispute.h"
#include "desk/stake.h"
#include "desk/text.h"
#include "terms/ask.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Moment;
using terms::Reason;

constexpr std::array faults = {Reason::not_as_described, Reason::damaged, Reason::wrong_item,
                               Reason::missing_parts};

bool is_fault(Reason reason) { return std::ranges::find(faults, reason) != faults.end(); }

std::string words_of(Reason reason) { return spaced(terms::to_string(reason)); }

std::optional<Instant> instant(const FactsOfPurchase& facts, Moment moment) {
    const auto when = facts.facts.at(moment);
    return when.is_instant() ? std::optional(when.instant()) : std::nullopt;
}

// A time that a source stated; an estimate of ours is nothing to tell anybody.
std::optional<Instant> stated(const FactsOfPurchase& facts, Moment moment) {
    return facts.is_estimate(moment) ? std::nullopt : instant(facts, moment);
}

// --- Which reason the facts support

class ReasonChecker {
public:
    ReasonChecker(const Purchase& purchase, const FactsOfPurchase& facts,
                  std::optional<Reason> complaint)
        : purchase_(purchase), facts_(facts), complaint_(complaint) {}

    ReasonCheck check(Reason reason) const {
        if (reason == Reason::not_received) return not_received();
        if (reason == Reason::late) return late();
        if (reason == Reason::change_of_mind)
            return no(reason, "a change of mind is no fault of the supplier's");
        return fault(reason);
    }

private:
    static ReasonCheck yes(Reason reason, std::string why) {
        return {reason, true, std::move(why)};
    }
    static ReasonCheck no(Reason reason, std::string why) {
        return {reason, false, std::move(why)};
    }

    bool customer_has_it() const {
        return complaint_ && complaint_ != Reason::not_received &&
               !(complaint_ == Reason::late && !instant(facts_, Moment::delivered_all));
    }

    // A delivery scan does not contradict it: it is stated, and the terms say what it is worth.
    ReasonCheck not_received() const {
        if (customer_has_it())
            return no(Reason::not_received,
                      "the customer has the goods: the complaint is " + words_of(*complaint_));
        if (end_kind_of(purchase_) == EndKind::confirmed)
            return no(Reason::not_received, "receipt was confirmed to the supplier");
        if (facts_.delivery_scan)
            return if_said("a delivery scan of " + to_minute(facts_.delivery_scan->at.at) +
                           " stands against it");
        if (const auto at = stated(facts_, Moment::delivered_all))
            return if_said("the supplier shows it as delivered on " + to_minute(*at));
        if (const auto* guess = facts_.estimate_of(Moment::delivered_all))
            return if_said("it is " + guess->reason);
        return yes(Reason::not_received, "no delivery is known" + tracking());
    }
    // What only a customer's word can set against a delivery.
    ReasonCheck if_said(const std::string& delivery) const {
        return complaint_ ? yes(Reason::not_received, "the customer says so; " + delivery)
                          : no(Reason::not_received, "no customer says so, and " + delivery);
    }
    std::string tracking() const {
        return facts_.tracking_reason.empty() ? "" : ": " + facts_.tracking_reason;
    }

    ReasonCheck late() const {
        const auto promised = instant(facts_, Moment::promised_by);
        const auto delivered = instant(facts_, Moment::delivered_all);
        if (!delivered) return no(Reason::late, "no delivery is known: late is what has come");
        if (complaint_ == Reason::not_received)
            return no(Reason::late, "the customer says that it did not come");
        if (!promised) return no(Reason::late, "no source says by when it was promised");
        const auto promise = "the promise of " + to_minute(*promised) +
                             (facts_.is_estimate(Moment::promised_by) ? ", an estimate" : "");
        if (const auto* guess = facts_.estimate_of(Moment::delivered_all))
            return no(Reason::late, late_by(*guess, *promised, promise));
        if (*delivered < *promised)
            return no(Reason::late,
                      "it was delivered on " + to_minute(*delivered) + ", before " + promise);
        if (facts_.is_estimate(Moment::promised_by))
            return no(Reason::late, "no source says by when it was promised: " +
                                        to_minute(*promised) + " is an estimate");
        return yes(Reason::late, "delivered on " + to_minute(*delivered) + ", promised by " +
                                     to_minute(*promised));
    }

    // A guess is the latest that the delivery can have been: it may clear the goods of being late,
    // and can never show that they were.
    static std::string late_by(const Estimate& guess, Instant promised,
                               const std::string& promise) {
        return guess.reason +
               (guess.at < promised
                    ? "; at the latest on " + to_minute(guess.at) + ", before " + promise
                    : ", so whether it came before " + promise + " is not known");
    }

    ReasonCheck fault(Reason reason) const {
        if (complaint_ == Reason::not_received)
            return no(reason, "the customer says that nothing came: nobody has seen the goods");
        if (!complaint_) return no(reason, "no customer says so");
        const bool wider = reason == Reason::not_as_described && is_fault(*complaint_);
        if (reason != complaint_ && !wider)
            return no(reason,
                      "the customer does not say so: the complaint is " + words_of(*complaint_));
        const auto tracking = facts_.facts.word(terms::Attribute::tracking).view();
        if (tracking == "returned_to_sender" || tracking == "lost_in_transit")
            return no(reason,
                      "tracking says that it did not reach the customer" + this->tracking());
        return yes(reason,
                   "the customer has the goods and says that they are " + words_of(*complaint_));
    }

    const Purchase& purchase_;
    const FactsOfPurchase& facts_;
    std::optional<Reason> complaint_;
};

// --- Where the claim stands

class OutlookFinder {
public:
    OutlookFinder(const Purchase& purchase, const FactsOfPurchase& facts, const terms::Terms& terms,
                  std::optional<Reason> complaint, Instant now)
        : purchase_(purchase),
          facts_(facts),
          terms_(terms),
          complaint_(complaint),
          now_(now),
          stake_(stake_of(purchase)) {}

    ClaimOutlook find() {
        found_.complaint = complaint_;
        found_.amount = stake_.open;
        found_.reasons = check_reasons(purchase_, facts_, complaint_);
        if (!find_settled() && !find_running()) find_new();
        return found_;
    }

private:
    void say(ClaimState state, std::string why) {
        found_.state = state;
        found_.why = std::move(why);
    }

    bool find_settled() {
        if (is_known_unpaid(purchase_)) return say(ClaimState::none, "it was never paid"), true;
        const auto& refunded = purchase_.refunded;
        if (refunded && purchase_.total &&
            refunded->value.currency() == purchase_.total->value.currency() &&
            refunded->value >= purchase_.total->value)
            return say(ClaimState::none, "the supplier has refunded all of it"), true;
        const auto kind = end_kind_of(purchase_);
        if (kind == EndKind::claim_paid)
            return say(ClaimState::granted,
                       "the claim was granted: " + text_of(purchase_.end_reason)),
                   true;
        if (kind == EndKind::refund_due)
            return say(ClaimState::granted, "cancelled after payment (" +
                                                text_of(purchase_.end_reason) +
                                                "): the refund is due"),
                   true;
        const bool cancelled = purchase_.progress && purchase_.progress->value == Phase::cancelled;
        if (cancelled && !was_paid(purchase_))
            return say(ClaimState::none,
                       "it was cancelled, and no source says whether it was paid"),
                   true;
        return false;
    }

    bool find_running() {
        const auto dispute = dispute_of(purchase_);
        if (dispute.open) {
            if (dispute.requested) found_.amount = dispute.requested;
            say(ClaimState::open,
                "a dispute runs" +
                    (dispute.opened ? " since " + to_minute(dispute.opened->value.at)
                                    : std::string{}) +
                    (dispute.requested ? ", for " + to_string(*dispute.requested) : std::string{}));
            return true;
        }
        if (purchase_.disputes.empty()) return false;
        say(ClaimState::none, "a dispute on it has ended: look at how before another is opened");
        return true;
    }

    // The customer's own reason first; a fault may also go by the wider not_as_described. Where
    // nobody has complained, what the dates say by themselves.
    bool is_wanted(Reason reason) const {
        if (!complaint_) return reason == Reason::not_received || reason == Reason::late;
        return reason == complaint_ ||
               (is_fault(*complaint_) && reason == Reason::not_as_described) ||
               (complaint_ == Reason::late && reason == Reason::not_received);
    }

    void find_new() {
        std::string refused;
        for (const auto& check : found_.reasons) {
            if (!is_wanted(check.reason)) continue;
            if (!check.supported) {
                if (refused.empty()) refused = words_of(check.reason) + ": " + check.why;
                continue;
            }
            if (ask(check)) return;
            if (refused.empty()) refused = found_.why;
        }
        say(ClaimState::none, refused);
    }

    bool ask(const ReasonCheck& check) {
        const terms::Question question{.at = now_,
                                       .by = terms::Party::buyer,
                                       .verb = terms::Verb::open_dispute,
                                       .reason = check.reason};
        const auto answer =
            with_silence(terms::ask(terms_, facts_.facts, question), question, facts_);
        found_.reason = check.reason;
        found_.clause.clear();
        if (answer.clause >= 0) found_.clause = terms_.clause_at(answer.clause)->id;
        found_.opens_at = answer.opens_at;
        found_.closes_at = answer.closes_at;
        found_.amount = claimable(stake_, answer.amount);
        found_.estimated =
            facts_.is_estimate(Moment::promised_by) || facts_.is_estimate(Moment::shipped_all) ||
            facts_.is_estimate(Moment::completed) || facts_.is_estimate(Moment::delivered_all);
        const auto by = found_.clause.empty() ? std::string(" (no clause speaks of it)")
                                              : " (" + found_.clause + ")";
        if (answer.allowed) {
            say(ClaimState::open, words_of(check.reason) + ": " + check.why + by);
            return true;
        }
        found_.why = words_of(check.reason) + ": the terms say " +
                     std::string(terms::to_string(answer.outcome)) + by;
        if (answer.opens_at && now_ < *answer.opens_at)
            found_.why += ", it opens on " + to_minute(*answer.opens_at);
        if (answer.closes_at && now_ >= *answer.closes_at)
            found_.why += ", it closed on " + to_minute(*answer.closes_at);
        return false;
    }

    const Purchase& purchase_;
    const FactsOfPurchase& facts_;
    const terms::Terms& terms_;
    std::optional<Reason> complaint_;
    Instant now_;
    Stake stake_;
    ClaimOutlook found_;
};

// --- Texts

// A claim or a message in one language: only what a source said, and every delivery scan.
class Statement {
public:
    Statement(const Purchase& purchase, const FactsOfPurchase& facts, const Phrases& phrases)
        : purchase_(purchase), facts_(facts), phrases_(phrases) {}

    // The order by its number, and by its title where it has one.
    std::string about(Phrase plain, Phrase titled) const {
        const auto title = title_of(purchase_);
        return title.empty()
                   ? phrases_.say(plain, {{"order", purchase_.reference}})
                   : phrases_.say(titled, {{"order", purchase_.reference}, {"title", title}});
    }

    // What the recipient says, or else the dates; empty of a reason that has no sentence.
    std::string says(Reason reason, bool is_said) const {
        if (reason == Reason::not_received && !is_said)
            return phrases_.say(Phrase::claim_says_no_delivery);
        if (reason == Reason::not_received && facts_.delivery_scan)
            return phrases_.say(Phrase::claim_says_not_received_scan);
        const auto* const found = std::ranges::find(reasons, reason, &ReasonPhrases::reason);
        return found == reasons.end() ? std::string{} : phrases_.say(found->says);
    }
    std::string name(Reason reason) const {
        const auto* const found = std::ranges::find(reasons, reason, &ReasonPhrases::reason);
        return found == reasons.end() ? std::string{} : phrases_.say(found->name);
    }

    // What is known of its way, a line each.
    std::vector<ClaimLine> way() const {
        constexpr std::array told = {
            std::pair{Moment::paid, Phrase::claim_paid},
            std::pair{Moment::shipped_all, Phrase::claim_shipped},
            std::pair{Moment::promised_by, Phrase::claim_promised},
        };
        std::vector<ClaimLine> lines;
        for (const auto& [moment, phrase] : told)
            if (const auto at = stated(facts_, moment))
                lines.push_back({at_time(phrase, *at), /*needed=*/false});
        for (const auto& number : purchase_.tracking_numbers)
            lines.push_back(
                {phrases_.say(Phrase::claim_tracking, {{"number", number}}), /*needed=*/false});
        if (const auto& scan = facts_.last_scan)
            lines.push_back({scan->text.empty() ? at_time(Phrase::claim_last_scan, scan->at.at)
                                                : phrases_.say(Phrase::claim_last_scan_text,
                                                               {{"time", to_minute(scan->at.at)},
                                                                {"text", scan->text}}),
                             /*needed=*/false});
        if (facts_.delivery_scan)
            lines.push_back({at_time(Phrase::claim_delivery_scan, facts_.delivery_scan->at.at)});
        else if (const auto at = stated(facts_, Moment::delivered_all))
            lines.push_back({at_time(Phrase::claim_shown_delivered, *at)});
        return lines;
    }

private:
    struct ReasonPhrases {
        Reason reason;
        Phrase name, says;
    };
    static constexpr std::array reasons = {
        ReasonPhrases{Reason::not_received, Phrase::claim_name_not_received,
                      Phrase::claim_says_not_received},
        ReasonPhrases{Reason::late, Phrase::claim_name_late, Phrase::claim_says_late},
        ReasonPhrases{Reason::damaged, Phrase::claim_name_damaged, Phrase::claim_says_damaged},
        ReasonPhrases{Reason::wrong_item, Phrase::claim_name_wrong_item,
                      Phrase::claim_says_wrong_item},
        ReasonPhrases{Reason::missing_parts, Phrase::claim_name_missing_parts,
                      Phrase::claim_says_missing_parts},
        ReasonPhrases{Reason::not_as_described, Phrase::claim_name_not_as_described,
                      Phrase::claim_says_not_as_described},
        ReasonPhrases{Reason::change_of_mind, Phrase::claim_name_change_of_mind,
                      Phrase::claim_says_change_of_mind},
    };

    std::string at_time(Phrase phrase, Instant at) const {
        return phrases_.say(phrase, {{"time", to_minute(at)}});
    }

    const Purchase& purchase_;
    const FactsOfPurchase& facts_;
    const Phrases& phrases_;
};

}  // namespace

std::vector<ReasonCheck> check_reasons(const Purchase& purchase, const FactsOfPurchase& facts,
                                       std::optional<Reason> complaint) {
    const ReasonChecker checker(purchase, facts, complaint);
    std::vector<ReasonCheck> checks;
    if (complaint) checks.push_back(checker.check(*complaint));
    for (const auto reason : {Reason::not_received, Reason::late, Reason::not_as_described,
                              Reason::damaged, Reason::wrong_item, Reason::missing_parts})
        if (reason != complaint) checks.push_back(checker.check(reason));
    return checks;
}

ClaimOutlook claim_outlook(const Purchase& purchase, std::span<const Parcel> parcels,
                           const terms::Terms* terms, const DeskOptions& options,
                           std::optional<Reason> complaint, Instant now) {
    if (!terms) {
        ClaimOutlook none;
        none.why = "no edition of the programme's terms covers the day of this order";
        return none;
    }
    const auto facts = facts_of(purchase, parcels, options, now, *terms);
    return OutlookFinder(purchase, facts, *terms, complaint, now).find();
}

std::vector<ClaimLine> claim_lines(const Purchase& purchase, const FactsOfPurchase& facts,
                                   const ClaimOutlook& outlook, Reason reason,
                                   const Phrases& phrases) {
    const Statement statement(purchase, facts, phrases);
    const auto sentence = statement.says(reason, outlook.complaint.has_value());
    if (outlook.state != ClaimState::open || sentence.empty()) return {};
    std::vector<ClaimLine> lines{
        {statement.about(Phrase::claim_order, Phrase::claim_order_titled)},
        {phrases.say(Phrase::claim_reason, {{"reason", statement.name(reason)}})},
        {"", /*needed=*/false},
        {sentence},
        {"", /*needed=*/false}};
    for (auto& line : statement.way()) lines.push_back(std::move(line));
    if (!outlook.amount) return lines;
    lines.push_back({"", /*needed=*/false});
    lines.push_back({phrases.say(Phrase::claim_amount, {{"amount", to_string(*outlook.amount)}})});
    return lines;
}

std::string claim_text(const Purchase& purchase, const FactsOfPurchase& facts,
                       const ClaimOutlook& outlook, const Phrases& phrases) {
    if (!outlook.reason) return {};
    std::string text;
    for (const auto& line : claim_lines(purchase, facts, outlook, *outlook.reason, phrases))
        text += line.text + "\n";
    return text;
}

std::string discount_message(const Purchase& purchase, const FactsOfPurchase& facts,
                             Reason complaint, const Phrases& phrases) {
    const Statement statement(purchase, facts, phrases);
    auto text = phrases.say(Phrase::claim_discount_hello) + "\n\n" +
                statement.about(Phrase::claim_discount_order, Phrase::claim_discount_order_titled) +
                '\n' + statement.says(complaint, /*is_said=*/true) + "\n\n";
    for (const auto& line : statement.way()) text += line.text + '\n';
    return text + '\n' + phrases.say(Phrase::claim_discount_ask) + '\n';
}

}  // namespace holdfast::desk
