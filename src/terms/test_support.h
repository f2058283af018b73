// For the tests of this folder: a small world with two zones and a calendar, and terms from text.
#pragma once

#include "terms/evaluate.h"
#include "terms/load.h"

#include <doctest/doctest.h>

#include <string>

namespace holdfast::terms::test {

using std::chrono::local_days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

inline Instant instant(std::string_view text) {
    const auto parsed = parse_instant(text);
    VERIFY(parsed.has_value());
    return *parsed;
}
inline Day day(std::string_view text) {
    const auto parsed = parse_day(text);
    VERIFY(parsed.has_value());
    return *parsed;
}

// Los Angeles in 2020 and 2021 and Paris in 2025, with the changes of those years.
inline const Zones& zones() {
    static const auto made = [] {
        Zones all;
        all.add(Zone::utc());
        all.add(Zone("America/Los_Angeles", seconds{-28800},
                     {{instant("2020-03-08T10:00:00Z"), seconds{-25200}},
                      {instant("2020-11-01T09:00:00Z"), seconds{-28800}},
                      {instant("2021-03-14T10:00:00Z"), seconds{-25200}},
                      {instant("2021-11-07T09:00:00Z"), seconds{-28800}}}));
        all.add(Zone("Europe/Paris", seconds{3600},
                     {{instant("2025-03-30T01:00:00Z"), seconds{7200}},
                      {instant("2025-10-26T01:00:00Z"), seconds{3600}}}));
        return all;
    }();
    return made;
}

inline const Calendars& calendars() {
    static const auto made = [] {
        Calendars all;
        all.add(Calendar("test", 2020, 2025, {day("2021-01-18"), day("2025-04-21")}));
        return all;
    }();
    return made;
}

inline LoadOptions options() {
    return {.zones = &zones(), .calendars = &calendars(), .text_of = {}};
}

inline constexpr std::string_view head = R"([terms]
language = 1
id = "t"
programme = "t"
title = "Terms for a test"
zone = "America/Los_Angeles"
)";

inline Terms terms_of(const std::string& clauses, std::string_view start = head) {
    auto loaded = load(std::string(start) + clauses, "t.toml", options());
    if (!loaded)
        for (const auto& error : loaded.error()) MESSAGE(to_string(error));
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
}

// A moment and three tables for what is read and worked out by itself.
inline Terms small_world() {
    return terms_of(R"toml(
[moments]
promise = { is = "promised_by" }
[tables.close]
by = "carrier_class"
express = "23d"
else = "39d"
[tables.bare]
by = "destination"
US = "3d"
[tables.signature]
by = "currency"
USD = 75000
)toml");
}

}  // namespace holdfast::terms::test
