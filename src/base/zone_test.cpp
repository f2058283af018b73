#include "base/zone.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace holdfast;

namespace {

using std::chrono::days;
using std::chrono::seconds;

Instant at(std::string_view text) { return parse_instant(text).value(); }
LocalTime local(std::string_view text) { return parse_local(text).value(); }
Day day(std::string_view text) { return parse_day(text).value(); }

// One hour forward at 02:00 in March, one hour back at 03:00 in October, as in Paris.
const Zone paris("Paris", 1h, {{at("2026-03-29T01:00:00Z"), 2h}, {at("2026-10-25T01:00:00Z"), 1h}});
// Midnight itself is skipped in spring and repeated in autumn, as in Beirut.
const Zone beirut("Beirut", 2h,
                  {{at("2026-03-28T22:00:00Z"), 3h}, {at("2026-10-24T21:00:00Z"), 2h}});
// West of Greenwich, midnight skipped in October and repeated in February, as in São Paulo.
const Zone sao_paulo("Sao_Paulo", -3h,
                     {{at("2018-11-04T03:00:00Z"), -2h}, {at("2019-02-17T02:00:00Z"), -3h}});
// A whole day is skipped, as in Apia at the end of 2011.
const Zone apia("Apia", -10h, {{at("2011-12-30T10:00:00Z"), 14h}});
// A gap with midnight inside it, from 23:30 to 00:30, as in Toronto in 1919.
const Zone inside("Inside", 0h, {{at("2026-03-28T23:30:00Z"), 1h}});
// A minute after midnight the clock goes back into the day before, as in St. John's until 2011.
const Zone st_johns("St_Johns", 0h, {{at("2026-11-01T00:01:00Z"), -1h}});
const Zone kolkata("Kolkata", 5h + 30min, {});

}  // namespace

// clang-format off
TEST_CASE("an instant's local time") {
    struct Row { const char* name; const Zone& zone; const char* at; const char* expected; };
    const Zone utc = Zone::utc();
    const Row rows[] = {
        {"utc",                  utc,       "2026-01-01T00:00:00Z",     "2026-01-01T00:00:00.000"},
        {"a half hour",          kolkata,   "2026-01-01T00:00:00Z",     "2026-01-01T05:30:00.000"},
        {"winter",               paris,     "2026-01-01T00:00:00Z",     "2026-01-01T01:00:00.000"},
        {"before the gap",       paris,     "2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999"},
        {"after the gap",        paris,     "2026-03-29T01:00:00Z",     "2026-03-29T03:00:00.000"},
        {"before the repeat",    paris,     "2026-10-25T00:59:59.999Z", "2026-10-25T02:59:59.999"},
        {"after it",             paris,     "2026-10-25T01:00:00Z",     "2026-10-25T02:00:00.000"},
        {"past the last change", paris,     "2090-07-01T00:00:00Z",     "2090-07-01T01:00:00.000"},
        {"west",                 sao_paulo, "2019-02-17T01:59:59.999Z", "2019-02-16T23:59:59.999"},
        {"west, an hour again",  sao_paulo, "2019-02-17T02:00:00Z",     "2019-02-16T23:00:00.000"},
        {"before the day gap",   apia,      "2011-12-30T09:59:59.999Z", "2011-12-29T23:59:59.999"},
        {"after the day gap",    apia,      "2011-12-30T10:00:00Z",     "2011-12-31T00:00:00.000"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(to_string(row.zone.to_local(at(row.at))) == row.expected);
        CHECK(row.zone.day_of(at(row.at)) == day(std::string_view(row.expected).substr(0, 10)));
    }
}

TEST_CASE("a local time's instants") {
    using enum Zone::Fit;
    struct Row { const char* name; const Zone& zone; const char* local; Zone::Fit fit; const char* earlier; const char* later; };
    const Row rows[] = {
        {"winter",              paris,    "2026-01-01 01:00:00",     unique,   "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"},
        {"last before the gap", paris,    "2026-03-29 01:59:59.999", unique,   "2026-03-29T00:59:59.999Z", "2026-03-29T00:59:59.999Z"},
        {"the gap begins",      paris,    "2026-03-29 02:00:00",     skipped,  "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"},
        {"in the gap",          paris,    "2026-03-29 02:30:00",     skipped,  "2026-03-29T01:30:00.000Z", "2026-03-29T01:30:00.000Z"},
        {"last in the gap",     paris,    "2026-03-29 02:59:59.999", skipped,  "2026-03-29T01:59:59.999Z", "2026-03-29T01:59:59.999Z"},
        {"after the gap",       paris,    "2026-03-29 03:00:00",     unique,   "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"},
        {"before the repeat",   paris,    "2026-10-25 01:59:59.999", unique,   "2026-10-24T23:59:59.999Z", "2026-10-24T23:59:59.999Z"},
        {"the repeat begins",   paris,    "2026-10-25 02:00:00",     repeated, "2026-10-25T00:00:00.000Z", "2026-10-25T01:00:00.000Z"},
        {"last repeated",       paris,    "2026-10-25 02:59:59.999", repeated, "2026-10-25T00:59:59.999Z", "2026-10-25T01:59:59.999Z"},
        {"after the repeat",    paris,    "2026-10-25 03:00:00",     unique,   "2026-10-25T02:00:00.000Z", "2026-10-25T02:00:00.000Z"},
        {"midnight skipped",    beirut,   "2026-03-29 00:00:00",     skipped,  "2026-03-28T22:00:00.000Z", "2026-03-28T22:00:00.000Z"},
        {"midnight after",      beirut,   "2026-10-25 00:00:00",     unique,   "2026-10-24T22:00:00.000Z", "2026-10-24T22:00:00.000Z"},
        {"23:30 repeated",      beirut,   "2026-10-24 23:30:00",     repeated, "2026-10-24T20:30:00.000Z", "2026-10-24T21:30:00.000Z"},
        {"a day skipped",       apia,     "2011-12-30 12:00:00",     skipped,  "2011-12-30T22:00:00.000Z", "2011-12-30T22:00:00.000Z"},
        {"long before",         paris,    "1950-01-01 00:00:00",     unique,   "1949-12-31T23:00:00.000Z", "1949-12-31T23:00:00.000Z"},
        {"long after",          paris,    "2999-12-31 00:00:00",     unique,   "2999-12-30T23:00:00.000Z", "2999-12-30T23:00:00.000Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto instants = row.zone.to_instants(local(row.local));
        CHECK(instants.fit == row.fit);
        CHECK(to_string(instants.earlier) == row.earlier);
        CHECK(to_string(instants.later) == row.later);
    }
}

TEST_CASE("where a day begins and ends") {
    struct Row { const char* name; const Zone& zone; const char* day; const char* begins; const char* ends; };
    const Row rows[] = {
        {"an ordinary day",         paris,     "2026-01-01", "2025-12-31T23:00:00.000Z", "2026-01-01T23:00:00.000Z"},
        {"23 hours",                paris,     "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"},
        {"25 hours",                paris,     "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"},
        {"29 February",             kolkata,   "2024-02-29", "2024-02-28T18:30:00.000Z", "2024-02-29T18:30:00.000Z"},
        {"midnight skipped",        beirut,    "2026-03-29", "2026-03-28T22:00:00.000Z", "2026-03-29T21:00:00.000Z"},
        {"the day before that",     beirut,    "2026-03-28", "2026-03-27T22:00:00.000Z", "2026-03-28T22:00:00.000Z"},
        {"back from midnight",      beirut,    "2026-10-24", "2026-10-23T21:00:00.000Z", "2026-10-24T22:00:00.000Z"},
        {"midnight skipped, west",  sao_paulo, "2018-11-04", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"},
        {"back at midnight, west",  sao_paulo, "2019-02-16", "2019-02-16T02:00:00.000Z", "2019-02-17T03:00:00.000Z"},
        {"midnight inside the gap", inside,    "2026-03-29", "2026-03-28T23:30:00.000Z", "2026-03-29T23:00:00.000Z"},
        {"back over midnight",      st_johns,  "2026-11-01", "2026-11-01T00:00:00.000Z", "2026-11-02T01:00:00.000Z"},
        {"the day that is not",     apia,      "2011-12-30", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"},
        {"the day after it",        apia,      "2011-12-31", "2011-12-30T10:00:00.000Z", "2011-12-31T10:00:00.000Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(to_string(row.zone.start_of(day(row.day))) == row.begins);
        CHECK(to_string(row.zone.end_of(day(row.day))) == row.ends);
        CHECK(row.zone.day_of(row.zone.start_of(day(row.day))) >= day(row.day));
        CHECK(row.zone.day_of(row.zone.start_of(day(row.day)) - 1ms) < day(row.day));
    }
}

TEST_CASE("civil days keep the wall clock") {
    struct Row { const char* name; const Zone& zone; const char* at; int days; const char* expected; };
    const Row rows[] = {
        {"over spring",          paris, "2026-03-28T11:00:00Z",     1,  "2026-03-29T10:00:00.000Z"},
        {"over autumn",          paris, "2026-10-24T10:00:00Z",     1,  "2026-10-25T11:00:00.000Z"},
        {"into the gap",         paris, "2026-03-28T01:30:00Z",     1,  "2026-03-29T01:30:00.000Z"},
        {"into the repeat",      paris, "2026-10-24T00:30:00Z",     1,  "2026-10-25T00:30:00.000Z"},
        {"back into the repeat", paris, "2026-10-26T01:30:00Z",     -1, "2026-10-25T00:30:00.000Z"},
        {"backwards",            paris, "2026-03-30T10:00:00Z",     -2, "2026-03-28T11:00:00.000Z"},
        {"not at all, later",    paris, "2026-10-25T01:30:00Z",     0,  "2026-10-25T01:30:00.000Z"},
        {"past a month's end",   paris, "2024-02-28T22:59:59.999Z", 1,  "2024-02-29T22:59:59.999Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(to_string(row.zone.add_civil_days(at(row.at), days{row.days})) == row.expected);
    }
}
// clang-format on

TEST_CASE("each instant is among the instants of its local time") {
    for (const auto* zone : {&paris, &beirut, &sao_paulo, &apia, &inside, &st_johns})
        for (const auto& change : zone->changes())
            for (auto offset = -30h * 1; offset <= 30h; offset += 1h) {
                const Instant instant = change.at + offset + 30min;
                const auto instants = zone->to_instants(zone->to_local(instant));
                CHECK(instants.fit != Zone::Fit::skipped);
                CHECK((instants.earlier == instant || instants.later == instant));
            }
}

TEST_CASE("a zone out of order or with an impossible offset is a bug") {
    using Changes = std::vector<Zone::Change>;
    const Instant first = at("2026-01-01T00:00:00Z");
    CHECK_THROWS_AS(Zone("Z", 0h, Changes{{first, 1h}, {first - 1h, 0h}}), VerifyFailed);
    CHECK_THROWS_AS(Zone("Z", 0h, Changes{{first, 1h}, {first, 0h}}), VerifyFailed);
    CHECK_THROWS_AS(Zone("Z", 26h, Changes{}), VerifyFailed);
    CHECK_THROWS_AS(Zone("Z", 0h, Changes{{first, -26h}}), VerifyFailed);
    CHECK_NOTHROW(Zone("Z", 26h - 1s, Changes{}));
}

TEST_CASE("zones by name") {
    Zones zones;
    CHECK(zones.find("Paris") == nullptr);
    zones.add(paris);
    zones.add(kolkata);
    REQUIRE(zones.find("Kolkata"));
    CHECK(zones.find("Kolkata")->offset_at(at("2026-01-01T00:00:00Z")) == seconds{19'800});
    CHECK(zones.find("kolkata") == nullptr);
    CHECK_THROWS_AS(zones.add(paris), VerifyFailed);
}
