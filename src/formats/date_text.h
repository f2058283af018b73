// Dates and times as pages, exports and APIs write them, in nine languages.
//
// A text without a time zone is not one instant: a date, or a time of unknown place, becomes the
// whole interval that it can mean, from its start in the zone furthest ahead of UTC (+14 h) until
// its end in the one furthest behind (-12 h).
#pragma once

#include "base/zone.h"
#include "desk/observation.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdfast::formats {

// Which number of "5/6/2016" is the day, as other rows of a file have proved.
enum class DayOrder { unknown, day_first, month_first };

desk::SeenTime seen_exactly(Instant at);
std::optional<desk::SeenTime> seen_exactly(std::optional<Instant> at);
desk::SeenTime seen_day(Day day);                           // of unknown zone
desk::SeenTime seen_somewhere(LocalTime local);             // a clock of unknown zone
desk::SeenTime seen_in(const Zone& zone, LocalTime local);  // keeps both of a repeated hour

// The same doubt, later by `time`.
desk::SeenTime moved(desk::SeenTime seen, Duration time);

// "Aug 20, 2026", "2 oct. 2026", "20.10.2026", "2026-11-01", "10:31 May. 21 2019",
// "5/31/2016 0:37", "2026-08-20 20:41:00 +0200", "2026-08-20T18:41:00Z".
[[nodiscard]] std::expected<desk::SeenTime, std::string> parse_date_text(
    std::string_view text, DayOrder order = DayOrder::unknown);

// What this one text proves about its file: "31/5/2016" that the day comes first.
DayOrder day_order_of(std::string_view text);

// "2026-08-20 18:05:11" or "20150714020749000-0700" as the supplier's programs write it: on the
// clocks of `zone` unless it says otherwise.
[[nodiscard]] std::expected<desk::SeenTime, std::string> parse_clock_text(std::string_view text,
                                                                          const Zone& zone);

// Seconds or milliseconds since 1970, told apart by their size. Nothing before 2001 or after 2100.
[[nodiscard]] std::expected<Instant, std::string> parse_epoch(std::string_view text);

}  // namespace holdfast::formats
