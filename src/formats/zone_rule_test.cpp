#include "formats/zone_rule.h"

#include <doctest/doctest.h>

#include <string>

using namespace holdfast;
using formats::ZoneRule;

namespace {

// "2038-03-28T01:00:00.000Z 7200, …"
std::string words(const std::vector<Zone::Change>& changes) {
    std::string text;
    for (const auto& change : changes) {
        if (!text.empty()) text += ", ";
        text += to_string(change.at) + ' ' + std::to_string(change.offset.count());
    }
    return text;
}

}  // namespace

// clang-format off
TEST_CASE("rules are read") {
    struct Row { const char* zone; const char* text; int year; const char* expected; };
    const Row rows[] = {
        {"Paris",       "CET-1CEST,M3.5.0,M10.5.0/3",              2038, "2038-03-28T01:00:00.000Z 7200, 2038-10-31T01:00:00.000Z 3600"},
        {"Los Angeles", "PST8PDT,M3.2.0,M11.1.0",                  2038, "2038-03-14T10:00:00.000Z -25200, 2038-11-07T09:00:00.000Z -28800"},
        {"Kolkata",     "IST-5:30",                                2038, ""},
        {"Shanghai",    "CST-8",                                   2038, ""},
        {"Apia",        "<+13>-13",                                2038, ""},
        {"Sydney",      "AEST-10AEDT,M10.1.0,M4.1.0/3",            2038, "2038-04-03T16:00:00.000Z 36000, 2038-10-02T16:00:00.000Z 39600"},
        {"Dublin",      "IST-1GMT0,M10.5.0,M3.5.0/1",              2038, "2038-03-28T01:00:00.000Z 3600, 2038-10-31T01:00:00.000Z 0"},
        {"Lord Howe",   "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",    2038, "2038-04-03T15:00:00.000Z 37800, 2038-10-02T15:30:00.000Z 39600"},
        {"Gaza",        "EET-2EEST,M3.4.4/50,M10.4.4/50",          2088, "2088-03-27T00:00:00.000Z 10800, 2088-10-29T23:00:00.000Z 7200"},
        {"Nuuk",        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",         2038, "2038-03-28T01:00:00.000Z -3600, 2038-10-31T01:00:00.000Z -7200"},
        {"in seconds",  "LMT0:09:21",                              2038, ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        const auto rule = ZoneRule::parse(row.text);
        REQUIRE(rule);
        CHECK(words(rule->changes_in(std::chrono::year{row.year})) == row.expected);
    }
}
// clang-format on

TEST_CASE("what is no rule is nothing") {
    for (const auto* text : {
             "",
             "CET",
             "-1",
             "<+03-3",
             "<>-3",
             "CET-25",
             "CET-1:60",
             "CET-1CEST",
             "CET-1CEST,M3.5.0",
             "CET-1CEST,M3.5.0,",
             "CET-1CEST,M13.5.0,M10.5.0",
             "CET-1CEST,M3.0.0,M10.5.0",
             "CET-1CEST,M3.6.0,M10.5.0",
             "CET-1CEST,M3.5.7,M10.5.0",
             "CET-1CEST,M3.5.0/168,M10.5.0",
             "CET-1CEST,M3.5.0,M10.5.0/3 ",
             "CET-1CEST,J60,J300",
             "CET-99999999999999999999",
         }) {
        CAPTURE(text);
        CHECK_FALSE(ZoneRule::parse(text));
    }
}
