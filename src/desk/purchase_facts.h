// From a purchase and its parcels to facts that terms can be asked about.
//
// What exports leave out is found by a ladder: a stated time, a carrier's scan, an estimate. Every
// fact keeps its source; what the ladder guessed is listed with its reason; what should make a person
// look twice (two instants for one time, sources that disagree) is a doubt.
#pragma once

#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
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
    std::string tracking_reason;  // why `tracking` is the word it is
    std::optional<ScanAt> last_scan, delivery_scan;  // over all parcels
    DataAge age;                  // of the purchase and its parcels
    DataAge tracking_age;         // of its parcels alone

    bool is_estimate(terms::Moment moment) const;
};

FactsOfPurchase facts_of(const Purchase& purchase, std::span<const Parcel> parcels,
                         const DeskOptions& options, Instant now, const terms::Terms& terms);

// How an order ended, by the platform's word.
enum class EndKind : std::uint8_t {
    none,
    confirmed,    // the buyer said that it arrived
    timed_out,    // confirmed by itself: nobody said that it arrived
    refund_due,   // cancelled or refused after payment
    never_paid,
    claim_paid,
    unknown,      // ended, with a word that we do not know
};
EndKind end_kind_of(std::string_view end_reason);

// How the whole order ended: by its own end reason, else by that of its lines where all agree.
EndKind end_kind_of(const Purchase& purchase);

bool was_paid(const Purchase& purchase);

}  // namespace holdfast::desk
