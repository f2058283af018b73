// A journey: one parcel on its way from a supplier to a customer, as a history of arrivals needs
// it.
//
// Days are whole, counted from shipping, and cut: 0 is the first 24 hours. What a journey knows of
// a parcel ends with its newest reading, so a parcel that nobody looked at since is one of which
// nothing more is known, not one that did not arrive.
#pragma once

#include "desk/parcel.h"
#include "desk/purchase.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

// From the narrowest to what is said last: journeys of one lane are the most alike.
struct Lane {
    std::string destination;  // as the purchase has it: ISO 3166 alpha-2
    std::string method;       // "aliexpress: standard shipping", lower case
    std::string origin;       // ISO 3166 alpha-2, of the post that numbered the parcel (UPU S10)
    auto operator<=>(const Lane&) const = default;
};

// What the last scan said on a day of a journey.
enum class LastScan : std::uint8_t {
    none,       // there was none yet
    fresh,      // at most a week ago
    quiet,      // at most three weeks ago
    silent,     // longer ago
    at_hand,    // out for delivery, waiting to be picked up, an attempt failed; at most a week ago
    in_trouble  // returning, lost, damaged, held, given up
};
inline constexpr std::size_t last_scan_count = 6;
std::string_view to_string(LastScan scan);

struct ScanDay {
    std::int32_t day = 0;
    ParcelStatus status = ParcelStatus::unknown;
    bool operator==(const ScanDay&) const = default;
};

struct Journey {
    Lane lane;
    std::int32_t known_days = 0;  // how far it is followed; until now where its end is known
    std::int32_t age_days = 0;    // until now
    std::optional<std::int32_t> arrived_after = {};  // days
    bool is_lost = false;             // returned, lost, damaged, or paid for as not received
    std::vector<ScanDay> scans = {};  // oldest first
    bool operator==(const Journey&) const = default;

    LastScan last_scan(std::int32_t day) const;
};

// "CN" of "LB000101018CN": two letters, nine digits, two letters; empty of other numbers.
std::string origin_of(std::string_view tracking_number);

// One for each parcel that is known to be on its way or was; of a purchase without parcels, its own
// word. None where no source says when it was shipped. A purchase confirmed by hand has arrived by
// then. Nothing from after `now` counts.
std::vector<Journey> journeys_of(const Purchase& purchase, std::span<const Parcel> parcels,
                                 Instant now);

}  // namespace holdfast::desk
