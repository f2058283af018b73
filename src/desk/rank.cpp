// The order of the worklist: money that lapses per hour first.
#include "desk/worklist.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace holdfast::desk {
namespace {

__extension__ using Wide = __int128;

using Placed = std::pair<Urgency, WorkItem>;

std::optional<Duration> left(const Urgency& urgency, Instant now) {
    const auto& ends = urgency.act_by ? urgency.act_by : urgency.closes_at;
    if (!ends || now >= *ends) return std::nullopt;
    return *ends - now;
}

}  // namespace

Urgency urgency_of(const WorkItem& item, const Rates& rates, const DeskOptions& options,
                   Instant now) {
    Urgency urgency{.closes_at = item.closes_at};
    if (item.act_by) urgency.act_by = item.act_by->at;
    if (!item.at_stake) return urgency;
    const auto today = Day{std::chrono::floor<std::chrono::days>(now).time_since_epoch()};
    const auto converted = convert_at(rates, *item.at_stake, options.currency, today);
    urgency.converted = converted.has_value();
    urgency.stake = converted ? converted->minor() : item.at_stake->minor();
    return urgency;
}

bool is_more_urgent(const Urgency& a, const Urgency& b, Instant now) {
    if (a.converted != b.converted) return a.converted;
    const auto left_a = left(a, now), left_b = left(b, now);
    if (left_a.has_value() != left_b.has_value()) return left_a.has_value();
    if (a.converted && left_a) {  // money per time, compared without dividing
        const auto speed_a = static_cast<Wide>(a.stake) * left_b->count();
        const auto speed_b = static_cast<Wide>(b.stake) * left_a->count();
        if (speed_a != speed_b) return speed_a > speed_b;
    }
    return a.stake > b.stake;
}

void rank(std::vector<WorkItem>& items, const Rates& rates, const DeskOptions& options,
          Instant now) {
    std::vector<Placed> placed;
    placed.reserve(items.size());
    for (auto& item : items) {
        const auto urgency = urgency_of(item, rates, options, now);
        placed.emplace_back(urgency, std::move(item));
    }
    std::ranges::sort(placed, [&](const Placed& a, const Placed& b) {
        if (is_more_urgent(a.first, b.first, now)) return true;
        if (is_more_urgent(b.first, a.first, now)) return false;
        return std::tie(a.second.system, a.second.reference) <
               std::tie(b.second.system, b.second.reference);
    });
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = std::move(placed[i].second);
}

}  // namespace holdfast::desk
