// Our claim against a supplier, as the facts support it, and the texts that go with it.
//
// A reason that the facts contradict cannot be chosen, and says why. Whether a claim is possible is
// the terms' word (terms::ask), also where a delivery scan stands against it; the scan is stated in
// every claim text. Texts hold only what a source said, with its time; nothing is threatened.
#pragma once

#include "base/money.h"
#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/phrases.h"
#include "desk/purchase.h"
#include "desk/purchase_facts.h"
#include "desk/remedy.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::desk {

struct ReasonCheck {
    terms::Reason reason = terms::Reason::not_received;
    bool supported = false;
    std::string why;  // a sentence, of either
    bool operator==(const ReasonCheck&) const = default;
};

// Each reason for a claim, judged by the facts and by what the customer says; the customer's own
// first. `complaint`: nothing where no customer has said anything.
std::vector<ReasonCheck> check_reasons(const Purchase& purchase, const FactsOfPurchase& facts,
                                       std::optional<terms::Reason> complaint);

struct ClaimOutlook {
    ClaimState state = ClaimState::none;
    std::optional<terms::Reason> complaint;  // of the customer, if there is one
    std::optional<terms::Reason> reason;     // that the claim would give
    std::string why;                         // a sentence: what it rests on, or why there is none
    std::string clause;                      // its id; empty where no clause spoke
    std::optional<Instant> opens_at, closes_at;
    std::optional<Money> amount;  // what is left to claim, and the terms award at most
    std::vector<ReasonCheck> reasons;
    bool estimated = false;  // a date that it rests on was stated by no source
};

// `terms` may be nothing: then no claim is known to be possible.
ClaimOutlook claim_outlook(const Purchase& purchase, std::span<const Parcel> parcels,
                           const terms::Terms* terms, const DeskOptions& options,
                           std::optional<terms::Reason> complaint, Instant now);

// One line of a claim's text. What is not needed for the claim to be true and whole may be left out
// where a form takes less.
struct ClaimLine {
    std::string text;
    bool needed = true;
};
// Empty where no claim is open, or `reason` has no sentence.
std::vector<ClaimLine> claim_lines(const Purchase& purchase, const FactsOfPurchase& facts,
                                   const ClaimOutlook& outlook, terms::Reason reason,
                                   const Phrases& phrases);

// The text to paste into the supplier's form; empty where no claim is open.
std::string claim_text(const Purchase& purchase, const FactsOfPurchase& facts,
                       const ClaimOutlook& outlook, const Phrases& phrases);

// A friendly message that asks the seller for a discount.
std::string discount_message(const Purchase& purchase, const FactsOfPurchase& facts,
                             terms::Reason complaint, const Phrases& phrases);

}  // namespace holdfast::desk
