#include "base/zone.h"

#include "base/verify.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace holdfast {
namespace {

using std::chrono::days;
using std::chrono::seconds;

// One stretch of time with one offset: [begins_at, ends_at).
struct Stretch {
    Instant begins_at;
    Instant ends_at;
    seconds offset;
};

// The stretches of a zone by number, the one before the first change being 0.
class Stretches {
public:
    Stretches(seconds first, std::span<const Zone::Change> changes)
        : first_(first), changes_(changes) {}

    std::size_t size() const { return changes_.size() + 1; }

    Stretch operator[](std::size_t i) const {
        return {.begins_at = i == 0 ? Instant::min() : changes_[i - 1].at,
                .ends_at = i == changes_.size() ? Instant::max() : changes_[i].at,
                .offset = i == 0 ? first_ : changes_[i - 1].offset};
    }

    std::size_t number_at(Instant at) const {
        const auto after = std::ranges::upper_bound(changes_, at, {}, &Zone::Change::at);
        return static_cast<std::size_t>(after - changes_.begin());
    }

    // No offset reaches a whole day and a half, so no stretch before this one knows `local`.
    std::size_t first_near(LocalTime local) const {
        return number_at(Instant{local.time_since_epoch()} - 36h);
    }

private:
    seconds first_;
    std::span<const Zone::Change> changes_;
};

Instant to_instant(LocalTime local, seconds offset) {
    return Instant{local.time_since_epoch() - offset};
}

}  // namespace

Zone::Zone(std::string name, seconds first, std::vector<Change> changes)
    : name_(std::move(name)), first_(first), changes_(std::move(changes)) {
    const auto is_possible = [](seconds offset) { return offset > -26h && offset < 26h; };
    VERIFY(is_possible(first_));
    VERIFY(std::ranges::all_of(changes_, is_possible, &Change::offset));
    VERIFY(std::ranges::is_sorted(changes_, std::ranges::less_equal{}, &Change::at));
}

seconds Zone::offset_at(Instant at) const {
    const Stretches stretches(first_, changes_);
    return stretches[stretches.number_at(at)].offset;
}

LocalTime Zone::to_local(Instant at) const {
    return LocalTime{at.time_since_epoch() + offset_at(at)};
}

Day Zone::day_of(Instant at) const { return std::chrono::floor<days>(to_local(at)); }

Zone::Instants Zone::to_instants(LocalTime local) const {
    const Stretches stretches(first_, changes_);
    std::optional<Instant> earlier;
    std::optional<Instant> later;
    for (auto i = stretches.first_near(local); i < stretches.size(); ++i) {
        const Stretch stretch = stretches[i];
        const Instant at = to_instant(local, stretch.offset);
        if (at < stretch.begins_at) {
            if (earlier) break;
            // The stretch before had ended when it got here, and this one begins past it.
            const Instant moved = to_instant(local, stretches[i - 1].offset);
            return {Fit::skipped, moved, moved};
        }
        if (at >= stretch.ends_at) continue;
        if (!earlier) earlier = at;
        later = at;
    }
    VERIFY(earlier && later);
    return {*earlier == *later ? Fit::unique : Fit::repeated, *earlier, *later};
}

Instant Zone::start_of(Day day) const {
    const Stretches stretches(first_, changes_);
    for (auto i = stretches.first_near(day); i < stretches.size(); ++i) {
        const Stretch stretch = stretches[i];
        // Where the zone skips midnight, the day begins with the change itself.
        const Instant at = std::max(stretch.begins_at, to_instant(day, stretch.offset));
        if (at < stretch.ends_at) return at;
    }
    VERIFY(!"a day lies past the end of time");
}

Instant Zone::add_civil_days(Instant at, days count) const {
    // The later of two equal wall clocks stays itself.
    if (count == days{0}) return at;
    return to_instants(to_local(at) + count).earlier;
}

void Zones::add(Zone zone) {
    VERIFY(!find(zone.name()));
    zones_.push_back(std::move(zone));
}

const Zone* Zones::find(std::string_view name) const {
    const auto found = std::ranges::find(zones_, name, &Zone::name);
    return found == zones_.end() ? nullptr : &*found;
}

}  // namespace holdfast
