#include "desk/claim.h"

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

std::string words_of(Reason reason) {
    auto text = std::string(terms::to_string(reason));
    std::ranges::replace(text, '_', ' ');
    return text;
}

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
    ReasonChecker(const Purchase& purchase, const FactsOfPurchase& facts, Reason complaint)
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
        return complaint_ != Reason::not_received &&
               !(complaint_ == Reason::late && !instant(facts_, Moment::delivered_all));
    }

    // A delivery scan does not contradict it: it is stated, and the terms say what it is worth.
    ReasonCheck not_received() const {
        if (customer_has_it())
            return no(Reason::not_received,
                      "the customer has the goods: the complaint is " + words_of(complaint_));
        if (end_kind_of(purchase_) == EndKind::confirmed)
            return no(Reason::not_received, "receipt was confirmed to the supplier");
        if (facts_.delivery_scan)
            return yes(Reason::not_received, "the customer says so; a delivery scan of " +
                                                 to_minute(facts_.delivery_scan->at.at) +
                                                 " stands against it");
        if (const auto at = stated(facts_, Moment::delivered_all))
            return yes(Reason::not_received,
                       "the customer says so; the supplier shows it as "
                       "delivered on " +
                           to_minute(*at));
        return yes(Reason::not_received, "no delivery is known" + tracking());
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
        if (*delivered < *promised)
            return no(Reason::late, "it was delivered on " + to_minute(*delivered) +
                                        ", before the promise of " + to_minute(*promised));
        if (facts_.is_estimate(Moment::delivered_all) || facts_.is_estimate(Moment::promised_by))
            return no(Reason::late, "one of its two dates, promise and delivery, is an estimate");
        return yes(Reason::late, "delivered on " + to_minute(*delivered) + ", promised by " +
                                     to_minute(*promised));
    }

    ReasonCheck fault(Reason reason) const {
        if (complaint_ == Reason::not_received)
            return no(reason, "the customer says that nothing came: nobody has seen the goods");
        const bool wider = reason == Reason::not_as_described && is_fault(complaint_);
        if (reason != complaint_ && !wider)
            return no(reason,
                      "the customer does not say so: the complaint is " + words_of(complaint_));
        const auto tracking = facts_.facts.word(terms::Attribute::tracking).view();
        if (tracking == "returned_to_sender" || tracking == "lost_in_transit")
            return no(reason,
                      "tracking says that it did not reach the customer" + this->tracking());
        return yes(reason,
                   "the customer has the goods and says that they are " + words_of(complaint_));
    }

    const Purchase& purchase_;
    const FactsOfPurchase& facts_;
    Reason complaint_;
};

// --- Where the claim stands

class OutlookFinder {
public:
    OutlookFinder(const Purchase& purchase, const FactsOfPurchase& facts, const terms::Terms& terms,
                  Reason complaint, Instant now)
        : purchase_(purchase), facts_(facts), terms_(terms), complaint_(complaint), now_(now) {}

    ClaimOutlook find() {
        found_.amount = stake_of(purchase_).open;
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
        if (!was_paid(purchase_)) return say(ClaimState::none, "it was never paid"), true;
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

    // The customer's own reason first; a fault may also go by the wider not_as_described.
    void find_new() {
        std::string refused;
        for (const auto& check : found_.reasons) {
            const bool wanted =
                check.reason == complaint_ ||
                (is_fault(complaint_) && check.reason == Reason::not_as_described) ||
                (complaint_ == Reason::late && check.reason == Reason::not_received);
            if (!wanted) continue;
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
        const auto answer = terms::ask(terms_, facts_.facts,
                                       {.at = now_,
                                        .by = terms::Party::buyer,
                                        .verb = terms::Verb::open_dispute,
                                        .reason = check.reason});
        found_.reason = check.reason;
        found_.clause.clear();
        if (answer.clause >= 0) found_.clause = terms_.clause_at(answer.clause)->id;
        found_.opens_at = answer.opens_at;
        found_.closes_at = answer.closes_at;
        found_.estimated = facts_.is_estimate(Moment::promised_by) ||
                           facts_.is_estimate(Moment::shipped_all) ||
                           facts_.is_estimate(Moment::completed);
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
    Reason complaint_;
    Instant now_;
    ClaimOutlook found_;
};

// --- Texts

std::string order_line(const Purchase& purchase) {
    const auto title = title_of(purchase);
    return "order " + purchase.reference + (title.empty() ? "" : " (" + title + ")");
}

// What is known of its way, a line each. A delivery scan is always said.
std::vector<ClaimLine> fact_lines(const Purchase& purchase, const FactsOfPurchase& facts) {
    constexpr std::array told = {
        std::pair{Moment::paid, "Paid"},
        std::pair{Moment::shipped_all, "Shipped"},
        std::pair{Moment::promised_by, "Promised by"},
    };
    std::vector<ClaimLine> lines;
    for (const auto& [moment, label] : told)
        if (const auto at = stated(facts, moment))
            lines.push_back({std::string(label) + ": " + to_minute(*at), /*needed=*/false});
    for (const auto& number : purchase.tracking_numbers)
        lines.push_back({"Tracking number: " + number, /*needed=*/false});
    if (facts.last_scan)
        lines.push_back({"Last scan: " + to_minute(facts.last_scan->at.at) +
                             (facts.last_scan->text.empty() ? "" : ", " + facts.last_scan->text),
                         /*needed=*/false});
    if (facts.delivery_scan)
        lines.push_back(
            {"A delivery scan of " + to_minute(facts.delivery_scan->at.at) + " exists."});
    else if (const auto at = stated(facts, Moment::delivered_all))
        lines.push_back({"Shown as delivered: " + to_minute(*at)});
    return lines;
}

std::string sentence_of(Reason reason, const FactsOfPurchase& facts) {
    switch (reason) {
    case Reason::not_received:
        return facts.delivery_scan
                   ? "The carrier shows a delivery, and the recipient says that the goods were not "
                     "received."
                   : "The recipient says that the goods were not received.";
    case Reason::late:             return "The goods came after the promised date.";
    case Reason::damaged:          return "The recipient says that the goods arrived damaged.";
    case Reason::wrong_item:       return "The recipient says that a wrong item arrived.";
    case Reason::missing_parts:    return "The recipient says that parts are missing.";
    case Reason::not_as_described: return "The recipient says that the goods are not as described.";
    case Reason::change_of_mind:   return "The recipient changed their mind about the goods.";
    case Reason::counterfeit:
    case Reason::refund_overdue:
    case Reason::count_:           break;
    }
    return {};
}

}  // namespace

std::vector<ReasonCheck> check_reasons(const Purchase& purchase, const FactsOfPurchase& facts,
                                       Reason complaint) {
    const ReasonChecker checker(purchase, facts, complaint);
    std::vector<ReasonCheck> checks{checker.check(complaint)};
    for (const auto reason : {Reason::not_received, Reason::late, Reason::not_as_described,
                              Reason::damaged, Reason::wrong_item, Reason::missing_parts})
        if (reason != complaint) checks.push_back(checker.check(reason));
    return checks;
}

ClaimOutlook claim_outlook(const Purchase& purchase, std::span<const Parcel> parcels,
                           const terms::Terms* terms, const DeskOptions& options, Reason complaint,
                           Instant now) {
    if (!terms) {
        ClaimOutlook none;
        none.why = "no edition of the programme's terms covers the day of this order";
        return none;
    }
    const auto facts = facts_of(purchase, parcels, options, now, *terms);
    return OutlookFinder(purchase, facts, *terms, complaint, now).find();
}

std::vector<ClaimLine> claim_lines(const Purchase& purchase, const FactsOfPurchase& facts,
                                   const ClaimOutlook& outlook, Reason reason) {
    const auto sentence = sentence_of(reason, facts);
    if (outlook.state != ClaimState::open || sentence.empty()) return {};
    std::vector<ClaimLine> lines{{"Claim for " + order_line(purchase)},
                                 {"Reason: " + words_of(reason)},
                                 {"", /*needed=*/false},
                                 {sentence},
                                 {"", /*needed=*/false}};
    for (auto& line : fact_lines(purchase, facts)) lines.push_back(std::move(line));
    if (!outlook.amount) return lines;
    lines.push_back({"", /*needed=*/false});
    lines.push_back({"We ask for a refund of " + to_string(*outlook.amount) + "."});
    return lines;
}

std::string claim_text(const Purchase& purchase, const FactsOfPurchase& facts,
                       const ClaimOutlook& outlook) {
    if (!outlook.reason) return {};
    std::string text;
    for (const auto& line : claim_lines(purchase, facts, outlook, *outlook.reason))
        text += line.text + "\n";
    return text;
}

std::string discount_message(const Purchase& purchase, const FactsOfPurchase& facts,
                             Reason complaint) {
    std::string text = "Hello,\n\nwe write about our " + order_line(purchase) + ".\n" +
                       sentence_of(complaint, facts) + "\n\n";
    for (const auto& line : fact_lines(purchase, facts)) text += line.text + "\n";
    return text +
           "\nWe would like to find a good solution with you. Could you help us with a discount on "
           "this order, or refund a part of it?\n\nThank you, and kind regards\n";
}

}  // namespace holdfast::desk
