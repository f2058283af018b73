// "Where is my order?" for one sale: state, promise, last scan, what is open, a draft reply.
//
// The reply says what was read and when, and promises nothing that the facts do not hold.
#pragma once

#include "desk/link.h"
#include "desk/parcel.h"
#include "desk/phrases.h"
#include "desk/purchase.h"
#include "desk/sale.h"
#include "desk/search.h"
#include "desk/worklist.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

struct WhereIsAnswer {
    std::string state;                   // a sentence
    std::optional<Instant> promised_by;  // the latest of the purchases still under way
    bool promise_estimated = false;
    std::optional<ArrivalChance>
        arrival;  // that all under way arrives: the lowest of the purchases
    std::optional<Instant> last_scan_at;
    std::string last_scan;           // with its age; empty where there is none
    std::vector<std::string> open;   // "aliexpress 3099…: claim_now until …"
    std::vector<std::string> money;  // what store and processors say of it, a sentence each
    std::string reply;               // a draft to the customer, in the language of the phrases
    DataAge age;
    std::string age_text;
    bool operator==(const WhereIsAnswer&) const = default;
};

// `purchases` are those that the sale's confirmed links name, `items` theirs in any order;
// `parcels` of all of them.
WhereIsAnswer where_is(const Sale& sale, std::span<const Link> links,
                       std::span<const Purchase> purchases, std::span<const Parcel> parcels,
                       std::span<const WorkItem> items, const Phrases& phrases, Instant now);

}  // namespace holdfast::desk
