#include "formats/date_text.h"

#include "base/try.h"
#include "base/verify.h"
#include "formats/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace holdfast::formats {
namespace {

using desk::SeenTime;
using std::chrono::days;
using std::chrono::hours;

constexpr hours furthest_ahead{14};
constexpr hours furthest_behind{12};

Instant as_utc(LocalTime local) { return Instant{local.time_since_epoch()}; }

std::unexpected<std::string> no(std::string_view text, std::string_view why) {
    return std::unexpected(fmt::format("the date {} {}", shown(text), why));
}

// Names of one month in English, French, German, Spanish, Italian, Portuguese, Dutch and Polish
// (both cases), folded.
constexpr std::string_view month_names[12] = {
    "january janvier januar janner enero gennaio janeiro januari styczen stycznia",
    "february fevrier februar feber febrero febbraio fevereiro februari luty lutego",
    "march mars marz maerz mrz marzo marco maart mrt marzec marca",
    "april avril abril aprile kwiecien kwietnia",
    "may mai mayo maggio maio mei maj maja",
    "june juin juni junio giugno junho czerwiec czerwca",
    "july juillet juli julio luglio julho lipiec lipca",
    "august aout agosto augustus sierpien sierpnia",
    "september septembre septiembre settembre setembro wrzesien wrzesnia",
    "october octobre oktober octubre ottobre outubro pazdziernik pazdziernika",
    "november novembre noviembre novembro listopad listopada",
    "december decembre dezember diciembre dicembre dezembro grudzien grudnia",
};

struct MonthName {
    std::string_view name;
    unsigned month;
};

std::vector<MonthName> all_month_names() {
    std::vector<MonthName> all;
    for (unsigned month = 1; month <= 12; ++month)
        for (const auto name : split(month_names[month - 1], " ")) all.push_back({name, month});
    return all;
}

// A name or the first three or more letters of one, where only one month begins like that.
std::optional<unsigned> month_of(std::string_view word) {
    static const auto names = all_month_names();
    if (word.size() < 3) return std::nullopt;
    std::optional<unsigned> found;
    for (const auto& [name, month] : names) {
        if (!name.starts_with(word)) continue;
        if (found && *found != month) return std::nullopt;
        found = month;
    }
    return found;
}

// Words that stand in dates and mean nothing by themselves.
bool is_filler(std::string_view word) {
    static constexpr std::string_view fillers[] = {"de", "del", "of", "the", "le", "at", "um", "a",
                                                   "o",  "r",   "er", "st",  "nd", "rd", "th"};
    return std::ranges::find(fillers, word) != std::end(fillers);
}

// What a text was made of: numbers and words in their order, and one clock time.
struct Pieces {
    std::vector<std::string_view> numbers;
    std::vector<std::string_view> words;
    std::optional<std::chrono::seconds> clock;
    char mark = ' ';  // what stood between the first two numbers
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string_view take_while(std::string_view& text, bool (*belongs)(char)) {
    const auto* end = std::ranges::find_if_not(text, belongs);
    const auto taken = text.substr(0, static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(taken.size());
    return taken;
}

// "10:31" or "10:31:05", its first number already taken.
std::optional<std::chrono::seconds> take_clock(std::string_view hour, std::string_view& text) {
    std::int64_t parts[3] = {parse_count(hour, 23).value_or(-1), -1, 0};
    for (int i = 1; i < 3 && text.starts_with(':'); ++i) {
        text.remove_prefix(1);
        const auto number = take_while(text, is_digit);
        parts[i] = number.size() == 2 ? parse_count(number, 59).value_or(-1) : -1;
    }
    if (std::ranges::any_of(parts, [](auto part) { return part < 0; })) return std::nullopt;
    return std::chrono::seconds{(parts[0] * 60 + parts[1]) * 60 + parts[2]};
}

// Nothing where the text has a broken or a second clock time.
std::optional<Pieces> pieces_of(std::string_view text) {
    Pieces pieces;
    char mark = ' ';
    while (!text.empty()) {
        if (is_digit(text.front())) {
            const auto number = take_while(text, is_digit);
            if (text.starts_with(':')) {
                if (pieces.clock) return std::nullopt;
                pieces.clock = take_clock(number, text);
                if (!pieces.clock) return std::nullopt;
                continue;
            }
            if (pieces.numbers.size() == 1) pieces.mark = mark;
            pieces.numbers.push_back(number);
        } else if (is_letter(text.front())) {
            const auto word = take_while(text, is_letter);
            if (!is_filler(word)) pieces.words.push_back(word);
        } else {
            mark = text.front();
            if (!contains(" .,/-'", text.substr(0, 1))) return std::nullopt;
            text.remove_prefix(1);
        }
    }
    return pieces;
}

// Applies and removes a word "am" or "pm".
bool take_half_of_day(Pieces& pieces) {
    for (auto word = pieces.words.begin(); word != pieces.words.end(); ++word) {
        if (*word != "am" && *word != "pm") continue;
        if (!pieces.clock || *pieces.clock >= hours{13}) return false;
        const bool is_twelve = *pieces.clock >= hours{12};
        if (*word == "pm" && !is_twelve) *pieces.clock += hours{12};
        if (*word == "am" && is_twelve) *pieces.clock -= hours{12};
        pieces.words.erase(word);
        return true;
    }
    return true;
}

std::optional<Day> day_from(std::string_view y, std::int64_t month, std::string_view d) {
    const auto year = y.size() == 4 ? parse_count(y, 2099) : std::nullopt;
    const auto day = d.size() <= 2 ? parse_count(d, 31) : std::nullopt;
    if (!year || *year < 1990 || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

std::int64_t month_number(std::string_view text) { return parse_count(text, 12).value_or(0); }

// "Aug 20 2026", "20 August 2026", "2026 Aug 20".
std::optional<Day> named_day(const Pieces& pieces) {
    if (pieces.words.size() != 1 || pieces.numbers.size() != 2) return std::nullopt;
    const auto month = month_of(pieces.words[0]);
    if (!month) return std::nullopt;
    const bool year_first = pieces.numbers[0].size() == 4;
    return day_from(pieces.numbers[year_first ? 0 : 1], *month, pieces.numbers[year_first ? 1 : 0]);
}

// Of "5/6/2016" both readings, as far as each is a date; equal where they agree.
struct Readings {
    std::optional<Day> day_first;
    std::optional<Day> month_first;
};

Readings numbered_day(const Pieces& pieces) {
    if (!pieces.words.empty() || pieces.numbers.size() != 3) return {};
    const auto& n = pieces.numbers;
    if (n[0].size() == 4) {
        const auto day = day_from(n[0], month_number(n[1]), n[2]);
        return {day, day};
    }
    const auto day_first = day_from(n[2], month_number(n[1]), n[0]);
    if (pieces.mark == '.') return {day_first, {}};  // nobody writes a month first with points
    return {day_first, day_from(n[2], month_number(n[0]), n[1])};
}

std::expected<Day, std::string> settled(std::string_view text, const Readings& readings,
                                        DayOrder order) {
    const auto& [day_first, month_first] = readings;
    if (!day_first && !month_first) return no(text, "is no date we can read");
    if (!day_first) return *month_first;
    if (!month_first || *day_first == *month_first) return *day_first;
    if (order == DayOrder::day_first) return *day_first;
    if (order == DayOrder::month_first) return *month_first;
    return no(text, "can be read with the day or the month first: nothing in the file settles it");
}

std::expected<SeenTime, std::string> parse_pieces(std::string_view text, DayOrder order) {
    const std::string plain = folded(text);
    auto pieces = pieces_of(plain);
    if (!pieces || !take_half_of_day(*pieces)) return no(text, "is no date we can read");
    auto day = named_day(*pieces);
    if (!day) day = TRY(settled(text, numbered_day(*pieces), order));
    if (!pieces->clock) return seen_day(*day);
    return seen_somewhere(LocalTime{*day} + *pieces->clock);
}

}  // namespace

SeenTime seen_exactly(Instant at) { return {.at = at, .kind = SeenTime::Kind::exact, .or_at = {}}; }
std::optional<SeenTime> seen_exactly(std::optional<Instant> at) {
    return at ? std::optional(seen_exactly(*at)) : std::nullopt;
}

SeenTime seen_day(Day day) {
    const LocalTime starts{day};
    return {.at = as_utc(starts) - furthest_ahead,
            .kind = SeenTime::Kind::date_only,
            .or_at = as_utc(starts) + days{1} + furthest_behind};
}

SeenTime seen_somewhere(LocalTime local) {
    return {.at = as_utc(local) - furthest_ahead,
            .kind = SeenTime::Kind::date_only,
            .or_at = as_utc(local) + furthest_behind};
}

SeenTime seen_in(const Zone& zone, LocalTime local) {
    const auto fit = zone.to_instants(local);
    switch (fit.fit) {
    case Zone::Fit::unique:   return seen_exactly(fit.earlier);
    case Zone::Fit::skipped:  return {fit.earlier, SeenTime::Kind::skipped_hour, {}};
    case Zone::Fit::repeated: return {fit.earlier, SeenTime::Kind::repeated_hour, fit.later};
    }
    verify_failed("a fit of a local time", __FILE__, __LINE__);
}

SeenTime moved(SeenTime seen, Duration time) {
    seen.at += time;
    if (seen.or_at) *seen.or_at += time;
    return seen;
}

std::expected<SeenTime, std::string> parse_date_text(std::string_view text, DayOrder order) {
    text = trimmed(text);
    if (text.size() > 64) return no(text, "is no date we can read");
    if (const auto at = parse_instant(text)) return seen_exactly(*at);
    if (const auto local = parse_local(text)) return seen_somewhere(*local);
    if (const auto day = parse_day(text)) return seen_day(*day);
    return parse_pieces(text, order);
}

DayOrder day_order_of(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 64) return DayOrder::unknown;
    const std::string plain = folded(text);
    auto pieces = pieces_of(plain);
    if (!pieces || !take_half_of_day(*pieces) || pieces->mark == '.') return DayOrder::unknown;
    const auto readings = numbered_day(*pieces);
    if (readings.day_first && !readings.month_first) return DayOrder::day_first;
    if (readings.month_first && !readings.day_first) return DayOrder::month_first;
    return DayOrder::unknown;
}

std::expected<SeenTime, std::string> parse_clock_text(std::string_view text, const Zone& zone) {
    text = trimmed(text);
    if (const auto local = parse_local(text)) return seen_in(zone, *local);
    if (const auto at = parse_instant(text)) return seen_exactly(*at);
    if (text.size() == 22 && is_digits(text.substr(0, 17))) {
        const std::string t(text);
        const auto at = parse_instant(t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) +
                                      "T" + t.substr(8, 2) + ":" + t.substr(10, 2) + ":" +
                                      t.substr(12, 2) + "." + t.substr(14, 3) + t.substr(17));
        if (at) return seen_exactly(*at);
    }
    return no(text, "is not like 2026-08-20 18:05:11");
}

std::expected<Instant, std::string> parse_epoch(std::string_view text) {
    constexpr std::int64_t first_seconds = 978'307'200;  // 2001
    constexpr std::int64_t end_seconds = 4'102'444'800;  // 2100
    const auto number = parse_count(text, end_seconds * 1000);
    if (number && *number >= first_seconds && *number < end_seconds)
        return Instant{std::chrono::seconds{*number}};
    if (number && *number >= first_seconds * 1000) return Instant{Duration{*number}};
    return no(text, "is no time since 1970");
}

}  // namespace holdfast::formats
