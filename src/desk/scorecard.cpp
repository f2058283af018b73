#include "desk/scorecard.h"

#include "desk/claim_end.h"
#include "desk/journey.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace holdfast::desk {
namespace {

std::int32_t days_of(Duration time) {
    const auto days = std::chrono::floor<std::chrono::days>(time).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(days, 0, 100'000));
}

// The lower of two in the middle.
std::optional<std::int32_t> middle_of(std::vector<std::int32_t> days) {
    if (days.empty()) return std::nullopt;
    std::ranges::sort(days);
    return days[(days.size() - 1) / 2];
}

// When all of it had come; nothing while a parcel is missing.
std::optional<Instant> arrived_at(const Purchase& purchase, std::span<const Parcel> parcels) {
    if (parcels.empty())
        return purchase.delivered ? std::optional(purchase.delivered->value.at) : std::nullopt;
    std::optional<Instant> last;
    for (const auto& parcel : parcels) {
        const auto one = delivered_at(parcel);
        if (!one) return std::nullopt;
        last = std::max(last.value_or(one->at.at), one->at.at);
    }
    return last;
}

}  // namespace

void Scorecards::add(const WorkItem& item, const Purchase& purchase,
                     std::span<const Parcel> parcels, const std::optional<FiledClaim>& filed) {
    auto& kept = kept_[{item.system, item.seller}];
    kept.card.system = item.system;
    kept.card.seller = item.seller;
    ++kept.card.purchases;
    if (purchase.total) {
        auto& money = kept.card.money[purchase.total->value.currency()];
        money.bought += purchase.total->value.minor();
    }
    if (const auto came = came_back(purchase))
        kept.card.money[came->currency()].received += came->minor();
    add_arrival(kept, item, purchase, parcels);
    add_claim(kept, item, purchase, filed);
}

void Scorecards::add_arrival(Kept& kept, const WorkItem& item, const Purchase& purchase,
                             std::span<const Parcel> parcels) const {
    const auto journeys = journeys_of(purchase, parcels, now_);
    const bool is_lost = std::ranges::any_of(journeys, &Journey::is_lost);
    for (const auto& one : journeys)
        if (one.arrived_after) kept.to_arrive.push_back(*one.arrived_after);
    kept.card.lost += is_lost;
    if (!item.promised_by || item.promise_estimated) return;
    const auto arrived = arrived_at(purchase, parcels);
    if (arrived && *arrived <= now_) {
        const bool late = *arrived >= *item.promised_by;
        ++(late ? kept.card.late : kept.card.in_time);
        if (late) kept.late.push_back(days_of(*arrived - *item.promised_by));
        return;
    }
    const bool has_come = !journeys.empty() && std::ranges::all_of(journeys, [](const auto& one) {
        return one.arrived_after.has_value();
    });
    if (!journeys.empty() && !has_come && now_ >= *item.promised_by) ++kept.card.missing;
}

void Scorecards::add_claim(Kept& kept, const WorkItem& item, const Purchase& purchase,
                           const std::optional<FiledClaim>& filed) {
    auto& card = kept.card;
    const auto claim = claim_seen(purchase);
    if (!claim && filed && item.word == WorkWord::waiting) {
        ++card.claims;
        ++card.open;
        if (item.at_stake) card.money[item.at_stake->currency()].claimed += item.at_stake->minor();
    }
    if (!claim) return;
    ++card.claims;
    switch (claim->end) {
    case ClaimEnd::open:     ++card.open; break;
    case ClaimEnd::granted:  ++card.granted; break;
    case ClaimEnd::partly:   ++card.partly; break;
    case ClaimEnd::declined: ++card.declined; break;
    case ClaimEnd::unclear:  ++card.unclear; break;
    }
    if (const auto claimed = claimed_of(purchase, *claim))
        card.money[claimed->currency()].claimed += claimed->minor();
    if (claim->opened && purchase.refunded_at && purchase.refunded_at->value.at > *claim->opened)
        kept.to_money.push_back(days_of(purchase.refunded_at->value.at - *claim->opened));
}

std::vector<Scorecard> Scorecards::cards() const {
    std::vector<Scorecard> found;
    for (const auto& [name, kept] : kept_) {
        found.push_back(kept.card);
        found.back().days_to_arrive = middle_of(kept.to_arrive);
        found.back().days_late = middle_of(kept.late);
        found.back().days_to_money = middle_of(kept.to_money);
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &Scorecard::purchases);
    return found;
}

}  // namespace holdfast::desk
