// A column mapping as JSON, the same on the command line and over HTTP.
#pragma once

#include "formats/mapping.h"

#include <boost/json.hpp>

namespace holdfast::api {

boost::json::object mapping_json(const formats::Mapping& mapping);

}  // namespace holdfast::api
