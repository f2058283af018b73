#include "base/calendar.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <limits>

using namespace holdfast;

namespace {

Day day(std::string_view text) { return parse_day(text).value(); }

// Good Friday, Easter Monday, 1 May and Christmas; New Year 2027 too, and nothing after.
const Calendar calendar("test", 2026, 2027,
                        {day("2026-12-25"), day("2026-04-03"), day("2026-04-06"), day("2026-05-01"),
                         day("2027-01-01"), day("2027-12-31")});
const Calendar weekdays = Calendar::weekdays();

}  // namespace

// clang-format off
TEST_CASE("business days") {
    struct Row { const char* day; bool of_weekdays; bool of_calendar; };
    const Row rows[] = {
        {"2026-04-02", true,  true},   // Thursday
        {"2026-04-03", true,  false},  // Good Friday
        {"2026-04-04", false, false},  // Saturday
        {"2026-04-05", false, false},  // Sunday
        {"2026-04-06", true,  false},  // Easter Monday
        {"2026-04-07", true,  true},
        {"2026-01-01", true,  true},   // not listed
        {"2027-12-31", true,  false},  // the last day known
    };
    for (const auto& row : rows) {
        CAPTURE(row.day);
        CHECK(weekdays.is_business_day(day(row.day)) == row.of_weekdays);
        CHECK(calendar.is_business_day(day(row.day)) == row.of_calendar);
    }
}

TEST_CASE("business days are added") {
    struct Row { const char* name; const Calendar& calendar; const char* day; int count; const char* expected; };
    const Row rows[] = {
        {"none",                    weekdays, "2026-04-02", 0,  "2026-04-02"},
        {"none from a Sunday",      weekdays, "2026-04-05", 0,  "2026-04-05"},
        {"the next",                weekdays, "2026-04-02", 1,  "2026-04-03"},
        {"over a weekend",          weekdays, "2026-04-03", 1,  "2026-04-06"},
        {"from a Saturday",         weekdays, "2026-04-04", 1,  "2026-04-06"},
        {"three weeks",             weekdays, "2026-04-02", 15, "2026-04-23"},
        {"over 29 February",        weekdays, "2024-02-28", 2,  "2024-03-01"},
        {"over Easter",             calendar, "2026-04-02", 1,  "2026-04-07"},
        {"into and over Easter",    calendar, "2026-04-01", 2,  "2026-04-07"},
        {"over the year's end",     calendar, "2026-12-31", 1,  "2027-01-04"},
        {"the last that is known",  calendar, "2027-12-29", 1,  "2027-12-30"},
        {"past what is known",      calendar, "2027-12-29", 2,  ""},
        {"none past it",            calendar, "2028-01-03", 0,  "2028-01-03"},
        {"from past it",            calendar, "2028-01-03", 1,  ""},
        {"from before it",          calendar, "2025-12-30", 1,  ""},
        {"from the day before it",  calendar, "2025-12-31", 1,  "2026-01-01"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto result = row.calendar.add_business_days(day(row.day), row.count);
        CHECK((result ? to_string(*result) : "") == row.expected);
    }
    CHECK_THROWS_AS((void)weekdays.add_business_days(day("2026-04-02"), -1), VerifyFailed);
    CHECK_FALSE(calendar.add_business_days(day("2026-04-02"), std::numeric_limits<int>::max()));
}

TEST_CASE("a day is rolled to a business day") {
    struct Row { const char* name; const Calendar& calendar; const char* day; const char* expected; };
    const Row rows[] = {
        {"a business day stays", weekdays, "2026-04-03", "2026-04-03"},
        {"Saturday",             weekdays, "2026-04-04", "2026-04-06"},
        {"a holiday",            calendar, "2026-04-03", "2026-04-07"},
        {"past what is known",   calendar, "2027-12-31", ""},
        {"from past it",         calendar, "2028-01-03", ""},
        {"from before it",       calendar, "2025-12-31", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto result = row.calendar.roll(day(row.day));
        CHECK((result ? to_string(*result) : "") == row.expected);
    }
}
// clang-format on

TEST_CASE("a calendar knows the years it lists") {
    CHECK(calendar.covers(day("2026-01-01")));
    CHECK(calendar.covers(day("2027-12-31")));
    CHECK_FALSE(calendar.covers(day("2025-12-31")));
    CHECK_FALSE(calendar.covers(day("2028-01-01")));
    CHECK(weekdays.covers(day("1900-01-01")));
    CHECK(weekdays.covers(day("2999-12-31")));
    CHECK_THROWS_AS((void)calendar.is_business_day(day("2028-01-01")), VerifyFailed);
    CHECK_THROWS_AS(Calendar("bad", 2026, 2027, {day("2028-01-01")}), VerifyFailed);
    CHECK_THROWS_AS(Calendar("bad", 2027, 2026, {}), VerifyFailed);
}

TEST_CASE("calendars by name") {
    Calendars calendars;
    CHECK(calendars.find("weekdays"));
    CHECK(calendars.find("test") == nullptr);
    calendars.add(calendar);
    REQUIRE(calendars.find("test"));
    CHECK(calendars.find("test")->name() == "test");
    CHECK_THROWS_AS(calendars.add(calendar), VerifyFailed);
    CHECK_THROWS_AS(calendars.add(Calendar::weekdays()), VerifyFailed);
}
