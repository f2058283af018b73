#include "base/instant.h"

#include "base/verify.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace holdfast {
namespace {

constexpr int year_least = 1900, year_most = 2999;

using std::chrono::days;
using std::chrono::seconds;

// Takes a text apart from its front. What does not fit leaves the cursor where it was.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool is_done() const { return text_.empty(); }

    bool take(char c) {
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }

    bool take_either(char a, char b) { return take(a) || take(b); }

    // Exactly `count` digits.
    std::optional<int> number(std::size_t count) {
        const auto digits = count_digits(count);
        return digits == count ? std::optional(to_number(digits)) : std::nullopt;
    }

    // From one to nine digits; a tenth is not looked at.
    struct Number {
        int value;
        std::size_t digits;
    };
    std::optional<Number> short_number() {
        const auto digits = count_digits(9);
        if (digits == 0) return std::nullopt;
        return Number{to_number(digits), digits};
    }

private:
    std::size_t count_digits(std::size_t max) const {
        std::size_t count = 0;
        while (count < max && count < text_.size() && text_[count] >= '0' && text_[count] <= '9')
            ++count;
        return count;
    }

    int to_number(std::size_t digits) {
        int value = 0;
        for (const char c : text_.substr(0, digits)) value = value * 10 + (c - '0');
        text_.remove_prefix(digits);
        return value;
    }

    std::string_view text_;
};

std::optional<Day> take_day(Cursor& cursor) {
    const auto year = cursor.number(4);
    if (!year || *year < year_least || *year > year_most || !cursor.take('-')) return std::nullopt;
    const auto month = cursor.number(2);
    if (!month || !cursor.take('-')) return std::nullopt;
    const auto day = cursor.number(2);
    if (!day) return std::nullopt;

    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

// Nothing when a point is not followed by one to nine digits.
std::optional<Duration> take_fraction(Cursor& cursor) {
    if (!cursor.take('.')) return Duration{0};
    const auto fraction = cursor.short_number();
    if (!fraction) return std::nullopt;

    std::int64_t nanoseconds = fraction->value;
    for (auto i = fraction->digits; i < 9; ++i) nanoseconds *= 10;
    return Duration{nanoseconds / 1'000'000};
}

std::optional<Duration> take_time_of_day(Cursor& cursor) {
    const auto hour = cursor.number(2);
    if (!hour || *hour > 23 || !cursor.take(':')) return std::nullopt;
    const auto minute = cursor.number(2);
    if (!minute || *minute > 59 || !cursor.take(':')) return std::nullopt;
    // A leap second has no Instant: UTC as the system clock counts it repeats the one before.
    const auto second = cursor.number(2);
    if (!second || *second > 59) return std::nullopt;
    const auto fraction = take_fraction(cursor);
    if (!fraction) return std::nullopt;

    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second} + *fraction;
}

std::optional<LocalTime> take_local(Cursor& cursor) {
    const auto day = take_day(cursor);
    if (!day) return std::nullopt;
    if (!cursor.take_either('T', 't') && !cursor.take(' ')) return std::nullopt;
    const auto time_of_day = take_time_of_day(cursor);
    if (!time_of_day) return std::nullopt;
    return *day + *time_of_day;
}

std::optional<seconds> take_offset(Cursor& cursor) {
    if (cursor.take_either('Z', 'z')) return seconds{0};
    cursor.take(' ');
    const bool is_west = cursor.take('-');
    if (!is_west && !cursor.take('+')) return std::nullopt;
    const auto hours = cursor.number(2);
    if (!hours || *hours > 23) return std::nullopt;
    cursor.take(':');
    const auto minutes = cursor.number(2);
    if (!minutes || *minutes > 59) return std::nullopt;

    const seconds offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return is_west ? -offset : offset;
}

void write_number(char* to, int width, unsigned value) {
    for (int i = width - 1; i >= 0; --i) {
        to[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

std::string day_text(Day day) {
    const std::chrono::year_month_day date{day};
    VERIFY(date.year() >= std::chrono::year{0} && date.year() <= std::chrono::year{9999});
    std::string text = "0000-00-00";
    write_number(&text[0], 4, static_cast<unsigned>(static_cast<int>(date.year())));
    write_number(&text[5], 2, static_cast<unsigned>(date.month()));
    write_number(&text[8], 2, static_cast<unsigned>(date.day()));
    return text;
}

std::string local_text(LocalTime time) {
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text = "T00:00:00.000";
    write_number(&text[1], 2, static_cast<unsigned>(clock.hours().count()));
    write_number(&text[4], 2, static_cast<unsigned>(clock.minutes().count()));
    write_number(&text[7], 2, static_cast<unsigned>(clock.seconds().count()));
    write_number(&text[10], 3, static_cast<unsigned>(clock.subseconds().count()));
    return day_text(day) + text;
}

struct Unit {
    char letter;
    std::string_view word;
    Duration size;
};

constexpr std::array units{
    Unit{'D', "d", days{1}},
    Unit{'H', "h", std::chrono::hours{1}},
    Unit{'M', "min", std::chrono::minutes{1}},
    Unit{'S', "s", seconds{1}},
};

constexpr Duration duration_max = days{1'000'000};

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
    Cursor cursor(text);
    const auto local = take_local(cursor);
    if (!local) return std::nullopt;
    const auto offset = take_offset(cursor);
    if (!offset || !cursor.is_done()) return std::nullopt;
    return Instant{local->time_since_epoch() - *offset};
}

std::optional<LocalTime> parse_local(std::string_view text) {
    Cursor cursor(text);
    const auto local = take_local(cursor);
    return cursor.is_done() ? local : std::nullopt;
}

std::optional<Day> parse_day(std::string_view text) {
    Cursor cursor(text);
    const auto day = take_day(cursor);
    return cursor.is_done() ? day : std::nullopt;
}

std::optional<Duration> parse_duration(std::string_view text) {
    Cursor cursor(text);
    if (!cursor.take('P')) return std::nullopt;

    Duration sum{0};
    bool is_after_t = false;
    bool may_end = false;
    for (const auto& unit : units) {
        if (unit.letter == 'H' && cursor.take('T')) {
            is_after_t = true;
            may_end = false;
        }
        if (unit.letter != 'D' && !is_after_t) break;

        Cursor ahead = cursor;
        const auto number = ahead.short_number();
        if (!number || !ahead.take(unit.letter)) continue;
        cursor = ahead;
        sum += number->value * unit.size;
        may_end = true;
    }
    if (!may_end || !cursor.is_done() || sum > duration_max) return std::nullopt;
    return sum;
}

bool is_sayable(Day day) {
    const auto year = std::chrono::year_month_day{day}.year();
    return year >= std::chrono::year{year_least} && year <= std::chrono::year{year_most};
}

bool is_sayable(Instant at) {
    return is_sayable(Day{std::chrono::floor<std::chrono::days>(at.time_since_epoch())});
}

std::string to_string(Instant at) { return local_text(LocalTime{at.time_since_epoch()}) + 'Z'; }

std::string to_string(Day day) { return day_text(day); }

std::string to_string(LocalTime time) { return local_text(time); }

std::string to_words(Duration time) {
    const bool is_negative = time < Duration{0};
    Duration left = is_negative ? -time : time;
    // Hours read better than "1 d 12 h" until there are two whole days.
    std::size_t first = left < days{2} ? 1 : 0;
    while (first + 1 < units.size() && left < units[first].size) ++first;

    std::string words;
    for (std::size_t i = first; i < units.size() && i < first + 2; ++i) {
        const auto count = left / units[i].size;
        left %= units[i].size;
        if (count == 0) continue;
        if (!words.empty()) words += ' ';
        words += std::to_string(count) + ' ' + std::string(units[i].word);
    }
    if (words.empty()) return "0 s";
    return is_negative ? '-' + words : words;
}

}  // namespace holdfast
