// Small steps through JSON that somebody else may have written: what is not there or of another
// kind is nothing, never an error.
#pragma once

#include "store/codec/strict_json.h"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::engine {

// The member, or null.
const boost::json::value& member(const boost::json::object& object, std::string_view name);
const boost::json::value& member(const boost::json::value& value, std::string_view name);
std::string_view text_in(const boost::json::value& value);               // empty: it is none
std::optional<std::uint64_t> count_in(const boost::json::value& value);  // a whole number from 0
std::optional<std::int64_t> number_in(const boost::json::value& value);

// A JSON pointer to the first place where two values differ; nothing: they are the same.
std::optional<std::string> find_difference(const boost::json::value& one,
                                           const boost::json::value& other);

}  // namespace holdfast::engine
