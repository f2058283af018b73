// The filing budget as JSON, the same on the command line and over HTTP.
#pragma once

#include "desk/budget.h"

#include <boost/json.hpp>

#include <span>

namespace holdfast::api {

boost::json::object filing_json(std::span<const desk::FilingPlan> plans,
                                const desk::FilingRule& rule);

}  // namespace holdfast::api
