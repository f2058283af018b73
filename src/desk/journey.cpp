#include "desk/journey.h"

#include "desk/end_kind.h"
#include "desk/text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace holdfast::desk {
namespace {

constexpr std::array<std::string_view, last_scan_count> words = {"none",   "fresh",   "quiet",
                                                                 "silent", "at_hand", "in_trouble"};
constexpr std::int32_t fresh_days = 7, quiet_days = 21;

std::int32_t days_between(Instant from, Instant to) {
    const auto days = std::chrono::floor<std::chrono::days>(to - from).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(days, 0, 100'000));
}

bool is_at_hand(ParcelStatus status) {
    return status == ParcelStatus::out_for_delivery || status == ParcelStatus::pickup_waiting ||
           status == ParcelStatus::attempt_failed;
}

bool is_trouble(ParcelStatus status) {
    return status == ParcelStatus::returning || status == ParcelStatus::lost ||
           status == ParcelStatus::damaged || status == ParcelStatus::held ||
           status == ParcelStatus::silent;
}

// A parcel of this status does not come any more.
bool is_end(ParcelStatus status) {
    return status == ParcelStatus::returning || status == ParcelStatus::lost ||
           status == ParcelStatus::damaged;
}

std::optional<Instant> shipped_at(const Purchase& purchase, const Parcel* parcel) {
    if (parcel) {
        if (const auto scan = first_scan(*parcel)) return scan->at.at;
        if (parcel->shipped) return parcel->shipped->value.at;
    }
    if (purchase.shipped) return purchase.shipped->value.time.at;
    return std::nullopt;
}

std::optional<Instant> arrived_at(const Purchase& purchase, const Parcel* parcel) {
    if (parcel)
        if (const auto scan = delivered_at(*parcel)) return scan->at.at;
    if (!parcel && purchase.delivered) return purchase.delivered->value.at;
    if (end_kind_of(purchase) != EndKind::confirmed) return std::nullopt;
    if (purchase.completed) return purchase.completed->value.at;
    if (purchase.ended) return purchase.ended->value.at;
    return std::nullopt;
}

bool is_lost(const Purchase& purchase, const Parcel* parcel) {
    return (parcel && is_end(status_of(*parcel))) || end_kind_of(purchase) == EndKind::claim_paid;
}

Lane lane_of(const Purchase& purchase, const Parcel* parcel) {
    const auto method = to_lower(text_of(purchase.ship_method));
    return {.destination = text_of(purchase.destination),
            .method = method.empty() ? purchase.system : purchase.system + ": " + method,
            .origin = parcel ? origin_of(parcel->tracking_number) : ""};
}

std::optional<Journey> journey_of(const Purchase& purchase, const Parcel* parcel, Instant now) {
    const auto shipped = shipped_at(purchase, parcel);
    if (!shipped || *shipped > now) return std::nullopt;
    Journey journey{.lane = lane_of(purchase, parcel)};
    if (const auto arrived = arrived_at(purchase, parcel); arrived && *arrived <= now)
        journey.arrived_after = days_between(*shipped, *arrived);
    journey.is_lost = !journey.arrived_after && is_lost(purchase, parcel);
    const auto age = parcel ? age_of(*parcel) : age_of(purchase);
    const bool has_ended = journey.arrived_after || journey.is_lost;
    const auto known = has_ended ? now : std::min(now, age.newest.value_or(now));
    journey.known_days = days_between(*shipped, known);
    journey.age_days = days_between(*shipped, now);
    if (!parcel) return journey;
    for (const auto& [scan, origin] : parcel->scans)
        if (scan.at.at <= now && scan.status != ParcelStatus::unknown &&
            scan.status != ParcelStatus::label_only)
            journey.scans.push_back({days_between(*shipped, scan.at.at), scan.status});
    return journey;
}

}  // namespace

std::string_view to_string(LastScan scan) { return words.at(static_cast<std::size_t>(scan)); }

LastScan Journey::last_scan(std::int32_t day) const {
    const auto after = std::ranges::upper_bound(scans, day, {}, &ScanDay::day);
    if (after == scans.begin()) return LastScan::none;
    const auto& last = *std::prev(after);
    if (is_trouble(last.status)) return LastScan::in_trouble;
    const auto ago = day - last.day;
    if (ago > quiet_days) return LastScan::silent;
    if (ago > fresh_days) return LastScan::quiet;
    return is_at_hand(last.status) ? LastScan::at_hand : LastScan::fresh;
}

std::string origin_of(std::string_view number) {
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (number.size() != 13 || !std::ranges::all_of(number.substr(0, 2), is_letter) ||
        !std::ranges::all_of(number.substr(2, 9), is_digit) ||
        !std::ranges::all_of(number.substr(11), is_letter))
        return {};
    return std::string(number.substr(11));
}

std::vector<Journey> journeys_of(const Purchase& purchase, std::span<const Parcel> parcels,
                                 Instant now) {
    std::vector<Journey> journeys;
    for (const auto& parcel : parcels)
        if (auto one = journey_of(purchase, &parcel, now)) journeys.push_back(std::move(*one));
    if (!journeys.empty()) return journeys;
    if (auto one = journey_of(purchase, nullptr, now)) journeys.push_back(std::move(*one));
    return journeys;
}

}  // namespace holdfast::desk
