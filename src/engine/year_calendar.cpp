#include "engine/year_calendar.h"

#include <algorithm>
#include <array>

namespace holdfast::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;

// January first, and Sunday first: how much is bought, in hundredths of the usual.
constexpr std::array<int, 12> months{84, 80, 90, 92, 95, 92, 86, 84, 96, 108, 158, 176};
constexpr std::array<int, 7> weekdays{122, 106, 98, 96, 97, 92, 100};
constexpr std::array<int, 24> day_hours{3, 2, 1, 1, 1, 2, 3, 4,  5,  6,  6, 6,
                                        7, 6, 6, 6, 7, 8, 9, 11, 12, 11, 8, 5};

int weight_of(std::chrono::sys_days day, std::int64_t nth) {
    const auto month = static_cast<unsigned>(std::chrono::year_month_day(day).month());
    const auto weekday = std::chrono::weekday(day).c_encoding();
    const auto growth = 85 + 30 * nth / year_long.count();
    return static_cast<int>(months[month - 1] * weekdays[weekday] / 100 * growth);
}

}  // namespace

std::vector<Instant> placing_times(const Chance& chance, std::size_t orders, Instant end) {
    const auto begin = end - year_long;
    const auto first = std::chrono::floor<days>(begin);
    std::vector<int> weights;
    for (std::int64_t i = 0; i <= year_long.count(); ++i)
        weights.push_back(weight_of(first + days{i}, i));
    std::vector<Instant> times;
    for (std::uint64_t i = 0; times.size() < orders; ++i) {
        const auto one = chance.of(i);
        const Instant at = first + days{one.weighed(weights, "day")} +
                           hours{one.weighed(day_hours, "hour")} +
                           one.time(Duration{0}, hours{1} - std::chrono::seconds{1}, "minute");
        if (at >= begin && at < end) times.push_back(at);
    }
    std::ranges::sort(times);
    return times;
}

}  // namespace holdfast::engine
