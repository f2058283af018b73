// How a time zone goes on after the last change that its compiled file lists: for ever at one
// offset, or by two changes a year.
//
// Compiled files list changes up to 2037 at most and end with this rule, which the tz library
// leaves unread: "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX.1-2017, 8.3, TZ; hours up to 167 as in RFC
// 8536). Days are weekdays of a month; POSIX's two kinds of numbered days, which no zone uses, are
// not read.
#pragma once

#include "base/zone.h"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::formats {

class ZoneRule {
public:
    static std::optional<ZoneRule> parse(std::string_view text);

    // The two changes of `year`, in order of time; none where the zone keeps one offset.
    std::vector<Zone::Change> changes_in(std::chrono::year year) const;

    // 03:00 on the last Sunday of October: month 10, week 5, weekday 0, 3 h.
    struct Turn {
        unsigned month = 0;
        unsigned week = 0;  // 5: the last
        unsigned weekday = 0;
        std::chrono::seconds time{};
    };

private:
    friend class ZoneRuleReader;

    std::chrono::seconds standard_{};
    std::chrono::seconds summer_{};
    bool has_summer_ = false;
    Turn begins_;
    Turn ends_;
};

}  // namespace holdfast::formats
