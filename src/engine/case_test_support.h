// A case as it is taken and written, for the tests of what is found in one.
#pragma once

#include "engine/case_file.h"
#include "engine/json_members.h"
#include "engine/test_support.h"

#include <string>
#include <string_view>
#include <utility>

namespace holdfast::engine_test {

inline const formats::Rulebook& rulebook() {
    static const auto loaded = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
    REQUIRE(loaded.has_value());
    return **loaded;
}

inline Case taken(store::Store& store, const store::StreamId& stream) {
    auto one = take_case(store, stream, rulebook());
    REQUIRE_MESSAGE(one.has_value(), one.error());
    one->made_at = start + days{100};
    one->program = "0.1.0";
    one->time_zone_data = rulebook().zones.version;
    return std::move(*one);
}

inline std::string written(store::Store& store, const Case& one) {
    const auto text = text_of(one, store, HOLDFAST_SOURCE_DIR);
    REQUIRE_MESSAGE(text.has_value(), to_string(text.error()));
    return *text;
}

inline boost::json::value parsed(std::string_view text) {
    auto value = store::parse_strict(text, {});
    REQUIRE(value.has_value());
    return std::move(*value);
}

}  // namespace holdfast::engine_test
