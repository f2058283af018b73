// Arrivals as JSON, the same on the command line and over HTTP.
#pragma once

#include "desk/arrival_report.h"
#include "engine/desk_view.h"

#include <boost/json.hpp>

#include <span>

namespace holdfast::api {

boost::json::array lanes_json(std::span<const desk::LaneRow> lanes);
boost::json::object calibration_json(const desk::Calibration& found);

// Within a week, a fortnight, a month, two months, and at all, where the model in use knows it.
boost::json::array chances_json(const engine::DeskView& view, const engine::PurchaseView& purchase);

}  // namespace holdfast::api
