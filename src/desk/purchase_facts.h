// From a purchase and its parcels to facts that terms can be asked about.
//
// What exports leave out is found by a ladder: a stated time, a carrier's scan, an estimate. Every
// fact keeps its source; what the ladder guessed is listed with its reason; what should make a
// person look twice (two instants for one time, sources that disagree) is a doubt.
#pragma once

#include "desk/end_kind.h"
#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "terms/ask.h"
#include "terms/facts.h"
#include "terms/terms.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Estimate {
    terms::Moment moment = terms::Moment::placed;
    Instant at;
    Confidence confidence = Confidence::low;
    std::string reason;
    bool operator==(const Estimate&) const = default;
};

struct FactsOfPurchase {
    terms::Facts facts;
    std::vector<Estimate> estimates;
    std::vector<std::string> doubts;
    std::string tracking_reason;                     // why `tracking` is the word it is
    bool promise_contested = false;                  // sources differ on it by more than an hour
    std::optional<Instant> tracking_since;           // where silence made it that: from when on
    std::optional<ScanAt> last_scan, delivery_scan;  // over all parcels
    DataAge age;                                     // of the purchase and its parcels
    DataAge tracking_age;                            // of its parcels alone

    bool is_estimate(terms::Moment moment) const { return estimate_of(moment) != nullptr; }
    const Estimate* estimate_of(terms::Moment moment) const;  // nullptr: stated, or not known
};

FactsOfPurchase facts_of(const Purchase& purchase, std::span<const Parcel> parcels,
                         const DeskOptions& options, Instant now, const terms::Terms& terms);

// The answer as it is told: a claim that rests on silence opens no earlier than the silence is long
// enough.
terms::Answer with_silence(terms::Answer answer, const terms::Question& question,
                           const FactsOfPurchase& facts);

}  // namespace holdfast::desk
