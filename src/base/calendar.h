// Business days: Monday to Friday without the holidays of a named calendar.
//
// A calendar knows which years it lists. Counting past them gives nothing, never a guess.
#pragma once

#include "base/instant.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

class Calendar {
public:
    // `holidays` in any order; each between `first_year` and `last_year`, both listed in full.
    Calendar(std::string name, int first_year, int last_year, std::vector<Day> holidays);
    // Monday to Friday, no holidays, every year.
    static Calendar weekdays();

    const std::string& name() const { return name_; }
    bool covers(Day day) const;
    bool is_business_day(Day day) const;  // of a day that is covered

    // The `count`th business day after `day` (count 0 or more; 0 is `day` itself), or nothing
    // when the calendar does not reach that far.
    std::optional<Day> add_business_days(Day day, int count) const;

    // `day` if it is a business day, else the next one.
    std::optional<Day> roll(Day day) const;

private:
    std::string name_;
    int first_year_;
    int last_year_;
    std::vector<Day> holidays_;  // sorted
};

class Calendars {
public:
    void add(Calendar calendar);
    const Calendar* find(std::string_view name) const;  // "weekdays" is always there

private:
    std::vector<Calendar> calendars_{Calendar::weekdays()};
};

}  // namespace holdfast
