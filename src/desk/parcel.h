// A parcel: what one tracking number names, folded from what every source said about it.
//
// Scans only add up. The status is the newest reading, so a correction (delivered, then on its way
// again) takes the delivery back: delivered_at() is empty then, whatever scans there are.
#pragma once

#include "desk/held.h"
#include "desk/observation.h"

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace holdfast::desk {

struct PurchaseKey {
    std::string system, reference;
    auto operator<=>(const PurchaseKey&) const = default;
};

struct ScanOrder {
    bool operator()(const ScanSeen& a, const ScanSeen& b) const {
        const auto key = [](const ScanSeen& scan) {
            return std::tuple(sort_key(scan.at), scan.status, std::string_view(scan.text));
        };
        return key(a) < key(b);
    }
};

struct Parcel {
    std::string tracking_number;
    std::set<PurchaseKey> purchases;
    MaybeHeld<std::string> carrier, raw_status, last_mile_number;
    MaybeHeld<ParcelStatus> status;
    std::map<std::string, Held<ParcelStatus>> readings;  // newest by format
    MaybeHeld<SeenTime> shipped, delivered;
    MaybeHeld<Instant> expected_by;
    MaybeHeld<bool> stopped;
    std::map<ScanSeen, Origin, ScanOrder> scans;  // oldest first; where each was read last
    std::set<std::string> product_ids;
    bool operator==(const Parcel&) const = default;
};

void evolve(Parcel& parcel, const ParcelSeen& seen, const Origin& origin);
bool same_values(const Parcel& a, const Parcel& b);

// The believed status; where no source has a word for it, that of the last scan.
ParcelStatus status_of(const Parcel& parcel);

struct ScanAt {
    SeenTime at;
    ParcelStatus status = ParcelStatus::unknown;
    std::string text;
    Origin origin;
};
std::optional<ScanAt> first_scan(const Parcel& parcel);  // by the carrier: a label is not a scan
std::optional<ScanAt> last_scan(const Parcel& parcel);
// Nothing while the parcel is not believed delivered, or no source says when.
std::optional<ScanAt> delivered_at(const Parcel& parcel);

DataAge age_of(const Parcel& parcel);
std::vector<std::string> search_terms(const Parcel& parcel);

}  // namespace holdfast::desk
