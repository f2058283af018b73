#include "desk/arrival_report.h"

#include "desk/arrival.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace holdfast::desk {
namespace {

constexpr std::array<std::int32_t, 6> days_asked = {10, 20, 30, 40, 50, 60};

// What was given and what came, of each tenth.
class Comparison {
public:
    void add(std::int32_t likely, bool comes) {
        const auto tenth = static_cast<std::size_t>(std::min(likely / 1'000, 9));
        ++counts_[tenth];
        given_[tenth] += likely;
        came_[tenth] += comes ? 10'000 : 0;
    }
    void tell(Calibration& found) const {
        std::int64_t apart = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (counts_[i] == 0) continue;
            found.tenths[i] = {.count = static_cast<std::uint64_t>(counts_[i]),
                               .given = static_cast<std::int32_t>(given_[i] / counts_[i]),
                               .came = static_cast<std::int32_t>(came_[i] / counts_[i])};
            apart += std::abs(given_[i] - came_[i]);
            found.count += found.tenths[i].count;
        }
        if (found.count)
            found.error = static_cast<std::int32_t>(apart / static_cast<std::int64_t>(found.count));
    }

private:
    std::array<std::int64_t, 10> counts_{}, given_{}, came_{};
};

void forecast(ArrivalModel& model, const Journey& journey, std::int32_t within_days,
              Comparison& comparison) {
    for (const auto day : days_asked) {
        const bool has_come = journey.arrived_after && *journey.arrived_after <= day;
        if (has_come || journey.known_days < day + within_days) continue;
        const auto chance = model.chance(
            {.lane = journey.lane, .days = day, .last_scan = journey.last_scan(day)}, within_days);
        if (chance)
            comparison.add(chance->likely,
                           journey.arrived_after && *journey.arrived_after <= day + within_days);
    }
}

// By when this part of them had arrived; sorted.
std::int32_t part_of(const std::vector<std::int32_t>& days, std::size_t tenths) {
    return days[(days.size() * tenths - 1) / 10];
}

}  // namespace

std::vector<LaneRow> lanes_of(std::span<const Journey> history) {
    std::map<Lane, LaneRow> rows;
    std::map<Lane, std::vector<std::int32_t>> days;
    for (const auto& one : history) {
        auto& row = rows[one.lane];
        row.lane = one.lane;
        ++row.journeys;
        row.lost += one.is_lost;
        if (!one.arrived_after) continue;
        ++row.arrived;
        days[one.lane].push_back(*one.arrived_after);
    }
    std::vector<LaneRow> found;
    for (auto& [lane, row] : rows) {
        if (auto& its = days[lane]; !its.empty()) {
            std::ranges::sort(its);
            for (std::size_t tenth = 1; tenth <= 10; ++tenth)
                row.tenths.push_back(part_of(its, tenth));
            row.half_days = part_of(its, 5);
            row.most_days = part_of(its, 9);
        }
        found.push_back(row);
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &LaneRow::journeys);
    return found;
}

Calibration calibrate(std::span<const Journey> history, std::int32_t within_days) {
    std::array<std::vector<Journey>, 2> halves;
    for (std::size_t i = 0; i < history.size(); ++i) halves[i % 2].push_back(history[i]);
    Calibration found{.within_days = within_days};
    Comparison comparison;
    for (std::size_t half = 0; half < 2; ++half) {
        ArrivalModel model(halves[1 - half]);
        for (const auto& journey : halves[half]) forecast(model, journey, within_days, comparison);
    }
    comparison.tell(found);
    return found;
}

}  // namespace holdfast::desk
