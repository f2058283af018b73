#include "desk/parcel.h"

#include "desk/search.h"

#include <algorithm>
#include <ranges>

namespace holdfast::desk {
namespace {

template <class AnyParcel, class Visit>
void each_held(AnyParcel& one, const Visit& visit) {
    visit(one.carrier), visit(one.raw_status), visit(one.last_mile_number), visit(one.status);
    visit(one.shipped), visit(one.delivered), visit(one.expected_by), visit(one.stopped);
}

Parcel without_origins(Parcel parcel) {
    each_held(parcel, [](auto& held) {
        if (held) held->origin = {};
    });
    for (auto& [format, reading] : parcel.readings) reading.origin = {};
    for (auto& [scan, origin] : parcel.scans) origin = {};
    return parcel;
}

// Who tells a time of delivery tells that it is delivered.
ParcelStatus told_status_of(const ParcelSeen& seen) {
    if (seen.status == ParcelStatus::unknown && seen.delivered) return ParcelStatus::delivered;
    return seen.status;
}

void evolve_status(Parcel& parcel, const ParcelSeen& seen, const Origin& origin) {
    const auto status = told_status_of(seen);
    if (status != ParcelStatus::unknown) {
        take(parcel.status, status, origin);
        MaybeHeld<ParcelStatus> reading;
        if (const auto found = parcel.readings.find(origin.format); found != parcel.readings.end())
            reading = found->second;
        take(reading, status, origin);
        parcel.readings.insert_or_assign(origin.format, *reading);
    }
    if (status != ParcelStatus::unknown || seen.stopped) take(parcel.stopped, seen.stopped, origin);
}

void evolve_scans(Parcel& parcel, const std::vector<ScanSeen>& seen, const Origin& origin) {
    for (const auto& scan : seen) {
        auto& newest = parcel.scans.try_emplace(scan, origin).first->second;
        if (sort_key(newest) < sort_key(origin)) newest = origin;
    }
}

ScanAt to_scan_at(const std::pair<const ScanSeen, Origin>& scan) {
    return {scan.first.at, scan.first.status, scan.first.text, scan.second};
}

}  // namespace

void evolve(Parcel& parcel, const ParcelSeen& seen, const Origin& origin) {
    if (parcel.tracking_number.empty()) parcel.tracking_number = seen.tracking_number;
    if (!seen.purchase_reference.empty())
        parcel.purchases.insert({seen.purchase_system, seen.purchase_reference});
    take_text(parcel.carrier, seen.carrier, origin);
    take_text(parcel.raw_status, seen.raw_status, origin);
    take_text(parcel.last_mile_number, seen.last_mile_number, origin);
    take(parcel.shipped, seen.shipped, origin);
    take(parcel.delivered, seen.delivered, origin);
    take(parcel.expected_by, seen.expected_by, origin);
    evolve_status(parcel, seen, origin);
    evolve_scans(parcel, seen.scans, origin);
    parcel.product_ids.insert(seen.product_ids.begin(), seen.product_ids.end());
}

bool same_values(const Parcel& a, const Parcel& b) {
    return without_origins(a) == without_origins(b);
}

ParcelStatus status_of(const Parcel& parcel) {
    if (parcel.status) return parcel.status->value;
    return parcel.scans.empty() ? ParcelStatus::unknown : parcel.scans.rbegin()->first.status;
}

std::optional<ScanAt> first_scan(const Parcel& parcel) {
    const auto found = std::ranges::find_if(parcel.scans, [](const auto& scan) {
        return scan.first.status != ParcelStatus::label_only &&
               scan.first.status != ParcelStatus::unknown;
    });
    return found == parcel.scans.end() ? std::nullopt : std::optional(to_scan_at(*found));
}

std::optional<ScanAt> last_scan(const Parcel& parcel) {
    return parcel.scans.empty() ? std::nullopt : std::optional(to_scan_at(*parcel.scans.rbegin()));
}

std::optional<ScanAt> delivered_at(const Parcel& parcel) {
    if (status_of(parcel) != ParcelStatus::delivered) return std::nullopt;
    if (parcel.delivered)
        return ScanAt{parcel.delivered->value, ParcelStatus::delivered, "delivered",
                      parcel.delivered->origin};
    for (const auto& scan : std::views::reverse(parcel.scans))
        if (scan.first.status == ParcelStatus::delivered) return to_scan_at(scan);
    return std::nullopt;
}

DataAge age_of(const Parcel& parcel) {
    DataAge age;
    each_held(parcel, [&](const auto& held) { age.add(held); });
    for (const auto& [scan, origin] : parcel.scans) age.add(origin.seen_at);
    return age;
}

std::vector<std::string> search_terms(const Parcel& parcel) {
    std::vector<std::string> words{parcel.tracking_number, text_of(parcel.last_mile_number)};
    for (const auto& purchase : parcel.purchases) words.push_back(purchase.reference);
    return search_terms_of(words);
}

}  // namespace holdfast::desk
