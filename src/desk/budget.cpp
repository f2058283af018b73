#include "desk/budget.h"

#include "base/verify.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace holdfast::desk {
namespace {

using std::chrono::days;

bool can_wait_until(const FilingWish& wish, Instant at) {
    return !wish.closes_at || at < *wish.closes_at;
}

// When places are free, earliest first: as many as there are wishes, at most.
std::vector<Instant> places_of(const AccountUse& use, std::uint64_t allowed, std::size_t wanted,
                               std::int32_t held_days, Instant now) {
    if (allowed == 0) return {};
    auto free = use.filed;
    for (auto& one : free) one += days{held_days};
    std::ranges::sort(free);
    std::erase_if(free, [&](Instant at) { return at <= now; });
    // Of more claims than the cap has places, the first to leave make no room.
    if (free.size() > allowed)
        free.erase(free.begin(), free.end() - static_cast<std::ptrdiff_t>(allowed));
    free.insert(free.begin(), static_cast<std::size_t>(allowed) - free.size(), now);
    std::vector<Instant> places;
    for (std::size_t i = 0; i < wanted; ++i) {
        const auto round = static_cast<int>(i / free.size());
        places.push_back(free[i % free.size()] + days{held_days} * round);
    }
    return places;
}

// Whether all of them can be filed in time, those that close first going first.
bool fits(const std::vector<FilingWish>& by_end, const std::vector<Instant>& places) {
    if (by_end.size() > places.size()) return false;
    for (std::size_t i = 0; i < by_end.size(); ++i)
        if (!can_wait_until(by_end[i], places[i])) return false;
    return true;
}

auto place_by_end(const FilingWish& wish) {
    return std::tuple(!wish.closes_at, wish.closes_at, std::string_view(wish.system),
                      std::string_view(wish.reference));
}

// The largest sums first, then those that close first; what has no sum goes last.
bool is_worth_more(const FilingWish& a, const FilingWish& b) {
    const auto minor = [](const FilingWish& one) { return one.worth ? one.worth->minor() : -1; };
    if (minor(a) != minor(b)) return minor(a) > minor(b);
    return place_by_end(a) < place_by_end(b);
}

}  // namespace

FilingPlan plan_filings(const AccountUse& use, std::span<const FilingWish> wishes,
                        const FilingRule& rule, Currency currency, Instant now) {
    VERIFY(rule.days > 0 && rule.cap_basis_points >= 0);
    FilingPlan plan{
        .system = use.system,
        .account = use.account,
        .orders = use.orders,
        .filed = use.filed.size(),
        .allowed = use.orders * static_cast<std::uint64_t>(rule.cap_basis_points) / 10'000,
        .filings = {},
        .lost = Money::zero(currency)};
    for (const auto& wish : wishes)
        if (!wish.worth && wish.stake) plan.without_rate.insert(wish.stake->currency());
    std::vector<FilingWish> by_worth(wishes.begin(), wishes.end());
    std::ranges::sort(by_worth, is_worth_more);
    const auto places = places_of(use, plan.allowed, wishes.size(), rule.days, now);
    // What fits beside what is worth more is taken: sets that can be filed in time are a matroid,
    // so that this loses the least.
    std::vector<FilingWish> taken, left;
    for (auto& wish : by_worth) {
        const auto at = std::ranges::upper_bound(taken, place_by_end(wish), {}, place_by_end);
        const auto place = at - taken.begin();
        taken.insert(at, wish);
        if (fits(taken, places)) continue;
        taken.erase(taken.begin() + place);
        left.push_back(std::move(wish));
    }
    for (std::size_t i = 0; i < taken.size(); ++i)
        plan.filings.push_back({.wish = std::move(taken[i]), .at = places[i]});
    for (auto& wish : left) {
        if (wish.worth)
            plan.lost = plan.lost + *wish.worth;
        else
            ++plan.lost_without_sum;
        plan.filings.push_back({.wish = std::move(wish), .at = std::nullopt});
    }
    return plan;
}

}  // namespace holdfast::desk
