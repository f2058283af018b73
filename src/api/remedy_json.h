// Remedies as JSON, the same on the command line and over HTTP. What is not known stands as null.
#pragma once

#include "engine/desk_remedies.h"

#include <boost/json.hpp>

namespace holdfast::api {

boost::json::object remedies_json(const engine::RemedyFound& found);

}  // namespace holdfast::api
