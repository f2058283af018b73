// Choices of remedies and what came of them, as JSON, the same on the command line and over HTTP.
#pragma once

#include "engine/desk_choices.h"

#include <boost/json.hpp>

#include <span>

namespace holdfast::api {

boost::json::array choices_json(std::span<const engine::ChoiceSeen> choices);

}  // namespace holdfast::api
