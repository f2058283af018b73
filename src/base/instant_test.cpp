#include "base/instant.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

using namespace holdfast;

namespace {

constexpr auto none = std::nullopt;

Instant at(std::int64_t milliseconds) { return Instant{Duration{milliseconds}}; }

}  // namespace

// clang-format off
TEST_CASE("instants are read") {
    struct Row { const char* text; std::optional<std::int64_t> expected; };
    const Row rows[] = {
        {"1970-01-01T00:00:00Z",                  0},
        {"1970-01-01T00:00:00.001Z",              1},
        {"1969-12-31T23:59:59.999Z",             -1},
        {"2026-11-23T12:00:00Z",        1795435200000},
        {"2026-11-23T12:00:00.5Z",      1795435200500},
        {"2026-11-23T12:00:00.123456789Z", 1795435200123},
        {"2026-11-23T12:00:00.999999999Z", 1795435200999},
        {"2026-11-23 12:00:00Z",        1795435200000},
        {"2026-11-23t12:00:00z",        1795435200000},
        {"2026-11-23T14:00:00+02:00",   1795435200000},
        {"2026-11-23T14:00:00+0200",    1795435200000},
        {"2026-11-23 07:00:00 -0500",   1795435200000},
        {"2026-11-23T17:30:00.000+05:30", 1795435200000},
        {"2026-11-23T12:00:00-00:00",   1795435200000},
        {"2026-11-24T11:59:00+23:59",   1795435200000},
        {"1900-01-01T00:00:00Z",       -2208988800000},
        {"2999-12-31T23:59:59.999Z",   32503679999999},
        {"2024-02-29T00:00:00Z",        1709164800000},
        {"2000-02-29T00:00:00Z",         951782400000},
        {"2023-02-29T00:00:00Z",        none},
        {"2100-02-29T00:00:00Z",        none},
        {"2026-04-31T00:00:00Z",        none},
        {"2026-00-10T00:00:00Z",        none},
        {"2026-13-10T00:00:00Z",        none},
        {"2026-01-00T00:00:00Z",        none},
        {"1899-12-31T23:59:59Z",        none},
        {"3000-01-01T00:00:00Z",        none},
        {"2026-11-23T24:00:00Z",        none},
        {"2026-11-23T23:60:00Z",        none},
        {"2016-12-31T23:59:60Z",        none},
        {"2026-11-23T12:00:00",         none},
        {"2026-11-23T12:00Z",           none},
        {"2026-11-23",                  none},
        {"2026-11-23T12:00:00.Z",       none},
        {"2026-11-23T12:00:00.1234567890Z", none},
        {"2026-11-23T12:00:00,5Z",      none},
        {"2026-11-23T12:00:00+02",      none},
        {"2026-11-23T12:00:00+2:00",    none},
        {"2026-11-23T12:00:00+24:00",   none},
        {"2026-11-23T12:00:00+02:60",   none},
        {"2026-11-23T12:00:00Z ",       none},
        {" 2026-11-23T12:00:00Z",       none},
        {"2026-11-23T12:00:00  +0200",  none},
        {"2026-11-23T12:00:00 PST",     none},
        {"2026-1-23T12:00:00Z",         none},
        {"26-11-23T12:00:00Z",          none},
        {"+2026-11-23T12:00:00Z",       none},
        {"2026/11/23T12:00:00Z",        none},
        {"2026-11-23T-1:00:00Z",        none},
        {"",                            none},
        {"Z",                           none},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto instant = parse_instant(row.text);
        REQUIRE(instant.has_value() == row.expected.has_value());
        if (instant) CHECK(instant->time_since_epoch().count() == *row.expected);
    }
}

TEST_CASE("local times are read") {
    struct Row { const char* text; const char* expected; };
    const Row rows[] = {
        {"2026-08-20 18:05:11",      "2026-08-20T18:05:11.000"},
        {"2026-08-20T18:05:11",      "2026-08-20T18:05:11.000"},
        {"2026-08-20 18:05:11.25",   "2026-08-20T18:05:11.250"},
        {"2024-02-29 23:59:59.999",  "2024-02-29T23:59:59.999"},
        {"1900-01-01 00:00:00",      "1900-01-01T00:00:00.000"},
        {"2026-08-20 18:05:11Z",     ""},
        {"2026-08-20 18:05:11+0200", ""},
        {"2026-08-20 18:05",         ""},
        {"2026-08-20",               ""},
        {"2026-08-20  18:05:11",     ""},
        {"2026-08-20 18:05:11 ",     ""},
        {"2025-02-29 00:00:00",      ""},
        {"",                         ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto local = parse_local(row.text);
        CHECK((local ? to_string(*local) : "") == row.expected);
    }
}

TEST_CASE("days are read") {
    struct Row { const char* text; const char* expected; };
    const Row rows[] = {
        {"2026-02-28",           "2026-02-28"},
        {"2024-02-29",           "2024-02-29"},
        {"1900-01-01",           "1900-01-01"},
        {"2999-12-31",           "2999-12-31"},
        {"2026-02-29",           ""},
        {"1900-02-29",           ""},
        {"2026-06-31",           ""},
        {"3000-01-01",           ""},
        {"1899-12-31",           ""},
        {"2026-2-28",            ""},
        {"20260228",             ""},
        {"2026-02-28T00:00:00Z", ""},
        {"28.02.2026",           ""},
        {"",                     ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto day = parse_day(row.text);
        CHECK((day ? to_string(*day) : "") == row.expected);
    }
}

TEST_CASE("a time that can be said is read back, one beyond is known before") {
    const auto least = parse_day("1900-01-01").value(), most = parse_day("2999-12-31").value();
    for (const auto day : {least, most}) CHECK(parse_day(to_string(day)) == day);
    CHECK(is_sayable(least));
    CHECK(is_sayable(most));
    for (const auto day : {least - std::chrono::days{1}, most + std::chrono::days{1}}) {
        CHECK_FALSE(is_sayable(day));
        CHECK_FALSE(parse_day(to_string(day)));
    }
    const auto first = parse_instant("1900-01-01T00:00:00.000Z").value();
    const auto last = parse_instant("2999-12-31T23:59:59.999Z").value();
    CHECK(is_sayable(first));
    CHECK(is_sayable(last));
    CHECK_FALSE(is_sayable(first - 1ms));
    CHECK_FALSE(is_sayable(last + 1ms));
}

TEST_CASE("durations are read") {
    struct Row { const char* text; std::optional<Duration> expected; };
    const Row rows[] = {
        {"P14D",              14 * 24h},
        {"PT36H",             36h},
        {"P1DT12H",           36h},
        {"PT90M",             90min},
        {"PT15S",             15s},
        {"P1DT2H3M4S",        26h + 3min + 4s},
        {"PT1H4S",            1h + 4s},
        {"P0D",               0s},
        {"PT0S",              0s},
        {"P014D",             14 * 24h},
        {"P1000000D",         24'000'000h},
        {"P1000001D",         none},
        {"P1000000DT1S",      none},
        {"PT999999999S",      999'999'999s},
        {"PT1000000000S",     none},
        {"P",                 none},
        {"PT",                none},
        {"P1DT",              none},
        {"P1",                none},
        {"14D",               none},
        {"P-1D",              none},
        {"-P1D",              none},
        {"P1.5D",             none},
        {"PT0.5S",            none},
        {"P2W",               none},
        {"P1M",               none},
        {"P1Y",               none},
        {"P36H",              none},
        {"PT1D",              none},
        {"PT1M1H",            none},
        {"PT1H1H",            none},
        {"P1DT1HT1M",         none},
        {"p14d",              none},
        {"P14D ",             none},
        {"",                  none},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_duration(row.text) == row.expected);
    }
}

TEST_CASE("times are written and read back") {
    struct Row { std::int64_t at; const char* expected; };
    const Row rows[] = {
        {1795435200000,  "2026-11-23T12:00:00.000Z"},
        {1795435200007,  "2026-11-23T12:00:00.007Z"},
        {0,              "1970-01-01T00:00:00.000Z"},
        {-1,             "1969-12-31T23:59:59.999Z"},
        {951868799999,   "2000-02-29T23:59:59.999Z"},
        {-2208988800000, "1900-01-01T00:00:00.000Z"},
        {32503679999999, "2999-12-31T23:59:59.999Z"},
    };
    for (const auto& row : rows) {
        CHECK(to_string(at(row.at)) == row.expected);
        CHECK(parse_instant(row.expected) == at(row.at));
    }
    CHECK(to_string(at(253402300799999)) == "9999-12-31T23:59:59.999Z");
    CHECK_THROWS_AS(to_string(at(253402300800000)), VerifyFailed);
}

TEST_CASE("durations in words") {
    struct Row { Duration time; const char* expected; };
    const Row rows[] = {
        {51h,                 "2 d 3 h"},
        {48h,                 "2 d"},
        {48h - 1ms,           "47 h 59 min"},
        {36h,                 "36 h"},
        {36h + 5min,          "36 h 5 min"},
        {48h + 59min,         "2 d"},
        {400 * 24h + 23h,     "400 d 23 h"},
        {90min,               "1 h 30 min"},
        {1h + 59s,            "1 h"},
        {60min - 1s,          "59 min 59 s"},
        {5min,                "5 min"},
        {-5min,               "-5 min"},
        {-51h,                "-2 d 3 h"},
        {59s + 999ms,         "59 s"},
        {1s,                  "1 s"},
        {999ms,               "0 s"},
        {-999ms,              "0 s"},
        {0ms,                 "0 s"},
    };
    for (const auto& row : rows) CHECK(to_words(row.time) == row.expected);
}
// clang-format on
