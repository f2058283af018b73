#include "desk/tracking.h"

#include "desk/text.h"

#include <algorithm>
#include <set>

namespace holdfast::desk {
namespace {

// The greater, the worse. What is on its way goes before what nothing is known of: a claim must not
// rest on ignorance of one parcel while another is under way as normal.
struct Finding {
    int severity;
    std::string_view word;
    std::string reason;
    std::optional<Instant> since =
        {};  // the word holds from then on; before, the parcel was on its way
};

bool is_normal(ParcelStatus status) {
    return status == ParcelStatus::moving || status == ParcelStatus::label_only ||
           status == ParcelStatus::out_for_delivery || status == ParcelStatus::attempt_failed;
}

std::string seen_on(const Parcel& parcel) {
    const auto age = age_of(parcel);
    return age.newest ? " (read " + to_minute(*age.newest) + ")" : "";
}

std::optional<Finding> silence_of(const Parcel& parcel, std::optional<Duration> silent_after,
                                  Instant now) {
    const auto scan = last_scan(parcel);
    if (!silent_after || !scan || !is_normal(status_of(parcel))) return std::nullopt;
    const auto since = now - scan->at.at;
    if (since < *silent_after) return std::nullopt;
    return Finding{5, "silent",
                   parcel.tracking_number + ": no scan since " + to_minute(scan->at.at) +
                       ", that is " + holdfast::to_words(since) + "; from " +
                       holdfast::to_words(*silent_after) + " on this is abnormal" + seen_on(parcel),
                   scan->at.at + *silent_after};
}

Finding finding_of(ParcelStatus status) {
    switch (status) {
    case ParcelStatus::lost:             return {9, "lost_in_transit", "lost"};
    case ParcelStatus::returning:        return {8, "returned_to_sender", "on its way back to the sender"};
    case ParcelStatus::damaged:          return {7, "damaged", "damaged"};
    case ParcelStatus::held:             return {6, "exception", "held or refused"};
    case ParcelStatus::silent:           return {5, "silent", "given up by the tracker: no news for long"};
    case ParcelStatus::label_only:       return {4, "label_only", "a label and no scan"};
    case ParcelStatus::moving:           return {3, "in_transit", "on its way"};
    case ParcelStatus::attempt_failed:   return {3, "in_transit", "a delivery was tried and failed"};
    case ParcelStatus::pickup_waiting:   return {2, "pickup_waiting", "waiting to be picked up"};
    case ParcelStatus::out_for_delivery: return {2, "out_for_delivery", "out for delivery"};
    case ParcelStatus::unknown:          return {1, "unknown", "nothing known"};
    case ParcelStatus::delivered:        return {0, "delivered", "delivered"};
    }
    return {1, "unknown", "nothing known"};
}

Finding finding_of(const Parcel& parcel, std::optional<Duration> silent_after, Instant now) {
    if (auto silence = silence_of(parcel, silent_after, now)) return *silence;
    auto finding = finding_of(status_of(parcel));
    finding.reason = parcel.tracking_number + ": " + finding.reason + seen_on(parcel);
    return finding;
}

// A parcel that was handed to another carrier goes on under that carrier's number.
const Parcel* continuation_of(const Parcel& parcel, std::span<const Parcel> parcels) {
    const auto next = text_of(parcel.last_mile_number);
    if (next.empty() || next == parcel.tracking_number) return nullptr;
    for (const auto& other : parcels)
        if (other.tracking_number == next && status_of(other) != ParcelStatus::unknown)
            return &other;
    return nullptr;
}

// A last-mile number that nobody followed is the same parcel under a name that says nothing.
bool is_idle_continuation(const Parcel& parcel, std::span<const Parcel> parcels) {
    return status_of(parcel) == ParcelStatus::unknown &&
           std::ranges::any_of(parcels, [&](const Parcel& other) {
               return text_of(other.last_mile_number) == parcel.tracking_number;
           });
}

bool is_named(const Parcel& parcel, const Purchase& purchase) {
    return purchase.tracking_numbers.contains(parcel.tracking_number) ||
           parcel.purchases.contains({purchase.system, purchase.reference});
}

// Named by the purchase, or what a named parcel goes on as.
bool belongs(const Parcel& parcel, const Purchase& purchase, std::span<const Parcel> parcels) {
    return is_named(parcel, purchase) || std::ranges::any_of(parcels, [&](const Parcel& other) {
               return is_named(other, purchase) && continuation_of(other, parcels) == &parcel;
           });
}

// Two numbers that name each other are one parcel; the first of them stands for it.
bool goes_on_elsewhere(const Parcel& parcel, std::span<const Parcel> parcels) {
    const auto* next = continuation_of(parcel, parcels);
    return next && (continuation_of(*next, parcels) != &parcel || next < &parcel);
}

void choose_parcels(Tracking& tracking, const Purchase& purchase, std::span<const Parcel> parcels) {
    std::set<std::string> accounted;
    for (const auto& parcel : parcels) {
        if (!belongs(parcel, purchase, parcels)) continue;
        accounted.insert(parcel.tracking_number);
        accounted.insert(text_of(parcel.last_mile_number));
        if (!goes_on_elsewhere(parcel, parcels) && !is_idle_continuation(parcel, parcels))
            tracking.parcels.push_back(&parcel);
    }
    for (const auto& number : purchase.tracking_numbers)
        if (!accounted.contains(number)) ++tracking.unseen;
}

void note_scans(Tracking& tracking, const Parcel& parcel) {
    const auto later = [](const std::optional<ScanAt>& a, const std::optional<ScanAt>& b) {
        return b && (!a || b->at.at > a->at.at);
    };
    if (auto scan = last_scan(parcel); later(tracking.last_scan, scan))
        tracking.last_scan = std::move(scan);
    if (auto scan = delivered_at(parcel); later(tracking.delivery_scan, scan))
        tracking.delivery_scan = std::move(scan);
}

}  // namespace

Tracking tracking_of(const Purchase& purchase, std::span<const Parcel> parcels,
                     std::optional<Duration> silent_after, Instant now) {
    Tracking tracking;
    choose_parcels(tracking, purchase, parcels);
    if (tracking.parcels.empty() && tracking.unseen == 0) {
        tracking.word = "no_tracking";
        tracking.reason = "no source names a tracking number";
        return tracking;
    }
    Finding worst{-1, "unknown", {}};
    if (tracking.unseen > 0) worst = {1, "unknown", "a tracking number of which nothing is known"};
    for (const auto* parcel : tracking.parcels) {
        note_scans(tracking, *parcel);
        if (auto finding = finding_of(*parcel, silent_after, now);
            finding.severity > worst.severity)
            worst = std::move(finding);
    }
    tracking.word = worst.word;
    tracking.reason = worst.reason;
    tracking.since = worst.since;
    tracking.all_delivered = worst.severity == 0;
    return tracking;
}

}  // namespace holdfast::desk
