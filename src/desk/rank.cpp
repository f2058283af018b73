// The order of the worklist: money that lapses per hour first.
#include "desk/worklist.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace holdfast::desk {
namespace {

__extension__ using Wide = __int128;

struct Place {
    bool converted = false;
    std::int64_t stake = 0;        // minor units of options.currency, else of its own
    std::optional<Duration> left;  // until the claim closes

    // Money per time, compared without dividing.
    static bool lapses_faster(const Place& a, const Place& b) {
        return static_cast<Wide>(a.stake) * b.left->count() >
               static_cast<Wide>(b.stake) * a.left->count();
    }
};

Place place_of(const WorkItem& item, const Rates& rates, const DeskOptions& options, Instant now) {
    Place place;
    const auto today = Day{std::chrono::floor<std::chrono::days>(now).time_since_epoch()};
    if (item.at_stake) {
        const auto converted = convert_at(rates, *item.at_stake, options.currency, today);
        place.converted = converted.has_value();
        place.stake = converted ? converted->minor() : item.at_stake->minor();
    }
    if (item.closes_at && now < *item.closes_at) place.left = *item.closes_at - now;
    return place;
}

bool ranks_before(const std::pair<Place, WorkItem>& a, const std::pair<Place, WorkItem>& b) {
    const auto& [place_a, item_a] = a;
    const auto& [place_b, item_b] = b;
    if (place_a.converted != place_b.converted) return place_a.converted;
    if (place_a.left.has_value() != place_b.left.has_value()) return place_a.left.has_value();
    if (place_a.converted && place_a.left) {
        if (Place::lapses_faster(place_a, place_b)) return true;
        if (Place::lapses_faster(place_b, place_a)) return false;
    }
    if (place_a.stake != place_b.stake) return place_a.stake > place_b.stake;
    return std::tie(item_a.system, item_a.reference) < std::tie(item_b.system, item_b.reference);
}

}  // namespace

void rank(std::vector<WorkItem>& items, const Rates& rates, const DeskOptions& options,
          Instant now) {
    std::vector<std::pair<Place, WorkItem>> placed;
    placed.reserve(items.size());
    for (auto& item : items) {
        const auto place = place_of(item, rates, options, now);
        placed.emplace_back(place, std::move(item));
    }
    std::ranges::sort(placed, ranks_before);
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = std::move(placed[i].second);
}

}  // namespace holdfast::desk
