// Members of an answer: what is not known or not there is left out, nothing is ever null.
#pragma once

#include "base/instant.h"
#include "base/word.h"
#include "terms/facts.h"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <optional>
#include <string_view>

namespace holdfast::api {

inline boost::json::string word(std::string_view text) { return boost::json::string(text); }

inline void put(boost::json::object& out, std::string_view name, Instant at) {
    out[name] = holdfast::to_string(at);
}
inline void put(boost::json::object& out, std::string_view name, std::optional<Instant> at) {
    if (at) put(out, name, *at);
}
inline void put(boost::json::object& out, std::string_view name, const terms::When& when) {
    if (when.known())
        out[name] =
            when.is_day() ? holdfast::to_string(when.day()) : holdfast::to_string(when.instant());
}
inline void put(boost::json::object& out, std::string_view name, const Word& text) {
    if (!text.empty()) out[name] = text.view();
}

}  // namespace holdfast::api
