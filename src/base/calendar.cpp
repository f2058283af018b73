#include "base/calendar.h"

#include "base/verify.h"

#include <algorithm>
#include <utility>

namespace holdfast {
namespace {

constexpr std::chrono::days one_day{1};

int year_of(Day day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

bool is_weekend(Day day) {
    const std::chrono::weekday weekday{day};
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

}  // namespace

Calendar::Calendar(std::string name, int first_year, int last_year, std::vector<Day> holidays)
    : name_(std::move(name)),
      first_year_(first_year),
      last_year_(last_year),
      holidays_(std::move(holidays)) {
    VERIFY(first_year_ <= last_year_);
    VERIFY(std::ranges::all_of(holidays_, [&](Day day) { return covers(day); }));
    std::ranges::sort(holidays_);
}

Calendar Calendar::weekdays() {
    const auto first = static_cast<int>(std::chrono::year::min());
    const auto last = static_cast<int>(std::chrono::year::max());
    return {"weekdays", first, last, {}};
}

bool Calendar::covers(Day day) const {
    const int year = year_of(day);
    return year >= first_year_ && year <= last_year_;
}

bool Calendar::is_business_day(Day day) const {
    VERIFY(covers(day));
    return !is_weekend(day) && !std::ranges::binary_search(holidays_, day);
}

std::optional<Day> Calendar::add_business_days(Day day, int count) const {
    VERIFY(count >= 0);
    while (count > 0) {
        day += one_day;
        if (!covers(day)) return std::nullopt;
        if (is_business_day(day)) --count;
    }
    return day;
}

std::optional<Day> Calendar::roll(Day day) const {
    while (covers(day)) {
        if (is_business_day(day)) return day;
        day += one_day;
    }
    return std::nullopt;
}

void Calendars::add(Calendar calendar) {
    VERIFY(!find(calendar.name()));
    calendars_.push_back(std::move(calendar));
}

const Calendar* Calendars::find(std::string_view name) const {
    const auto found = std::ranges::find(calendars_, name, &Calendar::name);
    return found == calendars_.end() ? nullptr : &*found;
}

}  // namespace holdfast
