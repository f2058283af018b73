// The shift test: a rule has no memory of the calendar. All instants of a worked case moved by
// whole weeks give an answer that is moved alike, wherever no clock change and no holiday comes
// between.

#include "rules_fixture.h"

#include <algorithm>

namespace holdfast::test {
namespace {

using std::chrono::days;
using terms::Moment;
using terms::When;

constexpr int weeks_max = 60;

struct Stretch {
    Instant first, last;
};

Instant instant_of(const terms::Terms& terms, When when) {
    return when.is_day() ? terms.zone->end_of(when.day()) : when.instant();
}

// From the earliest to the latest instant that the case or its answer speaks of.
Stretch stretch_of(const terms::Terms& terms, const formats::WorkedCase& one,
                   const terms::Answer& answer) {
    Stretch stretch{one.question->at, one.question->at};
    const auto widen = [&](Instant at) {
        stretch.first = std::min(stretch.first, at);
        stretch.last = std::max(stretch.last, at);
    };
    for (std::size_t i = 0; i < terms::count_of<Moment>; ++i) {
        const auto when = one.facts.at(static_cast<Moment>(i));
        if (!when.known()) continue;
        widen(instant_of(terms, when));
        if (when.is_day()) widen(terms.zone->start_of(when.day()));
    }
    if (answer.opens_at) widen(*answer.opens_at);
    if (answer.closes_at) widen(*answer.closes_at);
    return stretch;
}

bool changes_clock(const Zone& zone, const Stretch& one) {
    return std::ranges::any_of(zone.changes(), [&](const Zone::Change& change) {
        return change.at > one.first && change.at <= one.last;
    });
}

bool has_holiday(const formats::Rulebook& rules, const terms::Terms& terms,
                 const formats::WorkedCase& one, const Stretch& stretch) {
    const auto& named = one.facts.word(terms::Attribute::holidays);
    const auto* calendar = rules.calendars.find(named.empty() ? terms.calendar : named.view());
    REQUIRE(calendar);
    for (auto day = terms.zone->day_of(stretch.first);
         day <= terms.zone->day_of(stretch.last) + days{3}; day += days{1}) {
        const std::chrono::weekday weekday{std::chrono::sys_days{day.time_since_epoch()}};
        const bool workday = weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
        if (!calendar->covers(day) || (workday && !calendar->is_business_day(day))) return true;
    }
    return false;
}

// Is the shift one that the rule cannot see?
bool is_fair(const formats::Rulebook& rules, const terms::Terms& terms,
             const formats::WorkedCase& one, const Stretch& from, Duration shift) {
    const Stretch to{from.first + shift, from.last + shift};
    if (changes_clock(*terms.zone, from) || changes_clock(*terms.zone, to)) return false;
    if (std::ranges::any_of(terms.zones, [&](const Zone* zone) {
            return changes_clock(*zone, from) || changes_clock(*zone, to);
        }))
        return false;
    // A move into the other half of the year moves midnight by an hour, which a Day among the facts
    // shows and an Instant does not.
    if (terms.zone->offset_at(from.first) != terms.zone->offset_at(to.first)) return false;
    return !one.uses_calendar ||
           (!has_holiday(rules, terms, one, from) && !has_holiday(rules, terms, one, to));
}

terms::Facts moved(terms::Facts facts, Duration shift) {
    for (std::size_t i = 0; i < terms::count_of<Moment>; ++i) {
        const auto moment = static_cast<Moment>(i);
        const auto when = facts.at(moment);
        if (when.is_instant()) facts.set(moment, When{when.instant() + shift});
        if (when.is_day()) facts.set(moment, When{when.day() + std::chrono::floor<days>(shift)});
    }
    return facts;
}

std::optional<Instant> moved(std::optional<Instant> at, Duration shift) {
    return at ? std::optional(*at + shift) : std::nullopt;
}

}  // namespace

TEST_CASE("shift test: weeks later or earlier, the answer moves alike") {
    int compared = 0;
    int left_out = 0;
    for (const auto& one : cases()) {
        const auto* terms = rules().find(one.programme);
        if (!terms || !one.question) continue;
        const auto answer = terms::ask(*terms, one.facts, *one.question);
        const auto stretch = stretch_of(*terms, one, answer);
        for (int weeks = -weeks_max; weeks <= weeks_max; ++weeks) {
            const Duration shift = days{7 * weeks};
            if (!is_fair(rules(), *terms, one, stretch, shift)) {
                ++left_out;
                continue;
            }
            auto question = *one.question;
            question.at += shift;
            const auto later = terms::ask(*terms, moved(one.facts, shift), question);
            CAPTURE(one.id);
            CAPTURE(weeks);
            CHECK(later.allowed == answer.allowed);
            CHECK(later.outcome == answer.outcome);
            CHECK(later.opens_at == moved(answer.opens_at, shift));
            CHECK(later.closes_at == moved(answer.closes_at, shift));
            CHECK(later.amount == answer.amount);
            CHECK(later.winner == answer.winner);
            ++compared;
        }
    }
    MESSAGE("shifted answers compared: "
            << compared << ", left out for a clock change or a holiday: " << left_out);
    CHECK(compared > 1000);
}

}  // namespace holdfast::test
