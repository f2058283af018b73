// One tracking word (docs/terms-language.md, section 7) for all parcels of a purchase, and why.
//
// With several parcels the worst that is not delivered counts; `delivered` is said only when every
// parcel is.
#pragma once

#include "desk/parcel.h"
#include "desk/purchase.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

struct Tracking {
    std::string_view word = "unknown";
    std::string reason;
    std::optional<Instant> since;        // where the word came by the passing of time: from when on
    std::vector<const Parcel*> parcels;  // of the purchase; a number that changed on the way: once
    std::size_t unseen = 0;              // tracking numbers that no source has followed
    bool all_delivered = false;
    std::optional<ScanAt> last_scan;
    std::optional<ScanAt> delivery_scan;  // the latest of a parcel that is believed delivered
};

// `silent_after`: no scan for this long is no longer normal.
Tracking tracking_of(const Purchase& purchase, std::span<const Parcel> parcels,
                     std::optional<Duration> silent_after, Instant now);

}  // namespace holdfast::desk
