#include "formats/zone_rule.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace holdfast::formats {

using std::chrono::seconds;

namespace {

Instant instant_of(const ZoneRule::Turn& turn, std::chrono::year year, seconds offset) {
    const std::chrono::month month{turn.month};
    const std::chrono::weekday weekday{turn.weekday};
    const std::chrono::sys_days day =
        turn.week == 5 ? year / month / weekday[std::chrono::last]
                       : std::chrono::sys_days{year / month / weekday[turn.week]};
    return Instant{day} + turn.time - offset;
}

}  // namespace

class ZoneRuleReader {
public:
    explicit ZoneRuleReader(std::string_view text) : rest_(text) {}

    bool read(ZoneRule& rule) {
        if (!take_name() || !take_offset(rule.standard_)) return false;
        if (rest_.empty()) return true;

        rule.has_summer_ = true;
        rule.summer_ = rule.standard_ + seconds{3600};
        if (!take_name()) return false;
        if (!rest_.starts_with(',') && !take_offset(rule.summer_)) return false;
        return take(',') && take_turn(rule.begins_) && take(',') && take_turn(rule.ends_) &&
               rest_.empty();
    }

private:
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool take_number(unsigned min, unsigned max, unsigned& number) {
        const auto [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (error != std::errc{}) return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return number >= min && number <= max;
    }

    // "CET" or "<+03>"
    bool take_name() {
        const bool is_quoted = take('<');
        const auto size = rest_.find_first_of(is_quoted ? ">" : "+-,0123456789");
        if (size == 0 || size == std::string_view::npos) return false;
        rest_.remove_prefix(size);
        return !is_quoted || take('>');
    }

    bool take_time(unsigned hours_max, seconds& time) {
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        unsigned hours = 0;
        unsigned minutes = 0;
        unsigned rest = 0;
        if (!take_number(0, hours_max, hours)) return false;
        if (take(':') && !take_number(0, 59, minutes)) return false;
        if (take(':') && !take_number(0, 59, rest)) return false;
        time = seconds{(hours * 60 + minutes) * 60 + rest};
        if (is_negative) time = -time;
        return true;
    }

    // POSIX counts west of Greenwich as positive.
    bool take_offset(seconds& offset) {
        if (!take_time(24, offset)) return false;
        offset = -offset;
        return true;
    }

    bool take_turn(ZoneRule::Turn& turn) {
        if (!take('M') || !take_number(1, 12, turn.month)) return false;
        if (!take('.') || !take_number(1, 5, turn.week)) return false;
        if (!take('.') || !take_number(0, 6, turn.weekday)) return false;
        turn.time = seconds{2 * 3600};
        return !take('/') || take_time(167, turn.time);
    }

    std::string_view rest_;
};

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
    ZoneRule rule;
    if (!ZoneRuleReader(text).read(rule)) return std::nullopt;
    return rule;
}

std::vector<Zone::Change> ZoneRule::changes_in(std::chrono::year year) const {
    if (!has_summer_) return {};
    std::vector<Zone::Change> changes{{instant_of(begins_, year, standard_), summer_},
                                      {instant_of(ends_, year, summer_), standard_}};
    std::ranges::sort(changes, {}, &Zone::Change::at);
    return changes;
}

}  // namespace holdfast::formats
