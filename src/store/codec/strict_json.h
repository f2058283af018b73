// JSON as our events use it: a text with an object on top and no name twice in one object.
#pragma once

#include "store/codec/observation_codec.h"

#include <boost/json/value.hpp>

#include <expected>
#include <string_view>

namespace holdfast::store {

[[nodiscard]] std::expected<boost::json::value, DecodeError> parse_strict(
    std::string_view text, boost::json::storage_ptr storage);

}  // namespace holdfast::store
