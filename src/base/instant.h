// Points in time: Instant, a UTC time to the millisecond, and Day, a civil date of no zone.
//
// The two never mix by themselves. A Day becomes an Instant only through a Zone (base/zone.h),
// where it begins and where it ends. Adding 24 h to an Instant is elapsed time; adding a day to a
// Day is the calendar's.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Day = std::chrono::local_days;
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

using namespace std::chrono_literals;

// RFC 3339 with Z or an offset ("+02:00", "+0200", also after a space), "T" or a space between, up
// to nine decimals (cut to milliseconds), years 1900 to 2999, no leap second. A text without zone
// is nothing: see parse_local().
std::optional<Instant> parse_instant(std::string_view text);

// "2026-08-20 18:05:11" or with "T", decimals allowed, no zone.
std::optional<LocalTime> parse_local(std::string_view text);

std::optional<Day> parse_day(std::string_view text);  // "2026-02-28"

// Is it a time that a text can say and these functions read back, years 1900 to 2999? Whatever
// comes from outside as a number is asked this before it is kept.
bool is_sayable(Instant at);
bool is_sayable(Day day);

// An ISO 8601 duration of days, hours, minutes and seconds, up to a million days: "P14D", "PT36H",
// "P1DT12H". No fractions, weeks, months or signs.
std::optional<Duration> parse_duration(std::string_view text);

std::string to_string(Instant at);      // "2026-11-23T12:00:00.000Z"
std::string to_string(Day day);         // "2026-11-23"
std::string to_string(LocalTime time);  // "2026-11-23T12:00:00.000"

// "2 d 3 h", "36 h", "-5 min": the two largest of days, hours, minutes and seconds, cut; hours up
// to two days, and what is 0 left out.
std::string to_words(Duration time);

}  // namespace holdfast
