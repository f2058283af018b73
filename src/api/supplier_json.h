// The reports about suppliers as JSON, the same on the command line and over HTTP. As in
// desk_json.h, what is not known stands as null.
#pragma once

#include "desk/gap.h"
#include "desk/recovery.h"
#include "desk/scorecard.h"

#include <boost/json.hpp>

#include <span>

namespace holdfast::api {

boost::json::array scorecards_json(std::span<const desk::Scorecard> cards);
boost::json::object recovery_json(const desk::Recovery& recovery);
boost::json::object gap_json(const desk::TwoPromiseGap& gap);

}  // namespace holdfast::api
