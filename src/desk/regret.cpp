#include "desk/regret.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

std::optional<bool> known(const Hindsight& hindsight, Fork fork) {
    switch (fork) {
    case Fork::arrives:       return hindsight.arrived;
    case Fork::claim_granted: return hindsight.claim_granted;
    case Fork::accepted:      return hindsight.accepted;
    case Fork::charged_back:  return hindsight.charged_back;
    }
    return std::nullopt;
}

// The profit that the way came to; nothing where that hangs on what is not known.
std::optional<Money> came_to(const ShownWay& way, const Hindsight& hindsight) {
    for (const auto& outcome : way.outcomes) {
        bool happened = true;
        for (const auto& branch : outcome.when) {
            const auto went = known(hindsight, branch.fork);
            if (went && *went == branch.yes) continue;
            happened = false;
            if (!went) return std::nullopt;
            break;
        }
        if (happened) return outcome.profit;
    }
    return std::nullopt;
}

}  // namespace

std::vector<ShownWay> shown_of(const Remedies& remedies) {
    std::vector<ShownWay> shown;
    for (const auto& way : remedies.ways) {
        if (!way.allowed) continue;
        ShownWay one{.name = way.name, .expected = way.expected, .outcomes = {}};
        for (const auto& outcome : way.outcomes)
            one.outcomes.push_back({.when = outcome.when, .profit = outcome.profit});
        shown.push_back(std::move(one));
    }
    return shown;
}

Regret regret_of(std::span<const ShownWay> shown, std::string_view chosen,
                 const Hindsight& hindsight) {
    Regret found;
    for (const auto& way : shown) {
        const auto profit = came_to(way, hindsight);
        if (!profit) {
            ++found.undecided;
            continue;
        }
        if (way.name == chosen) found.chosen = profit;
        if (found.best && *profit <= *found.best) continue;
        found.best = profit;
        found.best_way = way.name;
    }
    if (found.chosen) found.sum = *found.best - *found.chosen;
    return found;
}

}  // namespace holdfast::desk
