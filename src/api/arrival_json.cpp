#include "api/arrival_json.h"

#include "api/desk_json.h"

#include <array>

namespace holdfast::api {

namespace json = boost::json;

json::array lanes_json(std::span<const desk::LaneRow> lanes) {
    const auto days = [](const std::optional<std::int32_t>& value) {
        return value ? json::value(*value) : json::value();
    };
    json::array rows;
    for (const auto& row : lanes) {
        json::array tenths;
        for (const auto tenth : row.tenths) tenths.emplace_back(tenth);
        rows.push_back({{"destination", row.lane.destination},
                        {"method", row.lane.method},
                        {"origin", row.lane.origin},
                        {"journeys", row.journeys},
                        {"arrived", row.arrived},
                        {"lost", row.lost},
                        {"half_days", days(row.half_days)},
                        {"most_days", days(row.most_days)},
                        {"tenths_days", tenths}});
    }
    return rows;
}

json::object calibration_json(const desk::Calibration& found) {
    json::array rows;
    for (const auto& row : found.tenths)
        rows.push_back({{"count", row.count}, {"given", row.given}, {"came", row.came}});
    return {{"within_days", found.within_days},
            {"count", found.count},
            {"error", found.error},
            {"tenths", rows}};
}

json::array chances_json(const engine::DeskView& view, const engine::PurchaseView& purchase) {
    constexpr std::array<std::int32_t, 4> days_asked = {7, 14, 30, 60};
    json::array rows;
    const auto add = [&](std::optional<std::int32_t> within) {
        const auto chance = view.arrival_of(purchase, within);
        if (!chance) return;
        auto row = arrival_json(chance).as_object();
        row["within_days"] = within ? json::value(*within) : json::value();
        rows.push_back(std::move(row));
    };
    for (const auto days : days_asked) add(days);
    add({});
    return rows;
}

}  // namespace holdfast::api
