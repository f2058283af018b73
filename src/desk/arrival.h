// The chance that a parcel still arrives, from a store's own history of journeys.
//
// Asked of a parcel that has not come by a day, it looks at all those that had not come by that day
// either, with a last scan of the same kind: what became of them (Kaplan and Meier, so that parcels
// still under way count for as long as they were followed; those that never come stay a part of the
// whole). A lane of few journeys leans on the broader ones (all, the same last scan, destination,
// method, origin), the more so the more alike the lanes of this history are. The interval has the
// truth in it nine times of ten.
//
// Chances are basis points. The same history gives the same chances on every machine.
#pragma once

#include "desk/arrival_chance.h"
#include "desk/journey.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace holdfast::desk {

// What is asked about: a journey as far as it is known.
struct Awaited {
    Lane lane;
    std::int32_t days = 0;  // it had not arrived by the end of this day
    LastScan last_scan = LastScan::none;
};
Awaited awaited_of(const Journey& journey);

class ArrivalModel {
public:
    explicit ArrivalModel(std::vector<Journey> history);

    // Of those that had not come by a day either, fewer whose fate is known say nothing.
    static constexpr double journeys_least = 10;

    // That it arrives at all, or within some days of `awaited.days`, 1 or more.
    std::optional<ArrivalChance> chance(const Awaited& awaited,
                                        std::optional<std::int32_t> within_days = {});

private:
    class Landmark;  // all that had not come by a day, sorted out by lane
    using Question = std::tuple<std::int32_t, LastScan, std::int32_t>;

    std::uint32_t number_of(const std::string& text);
    std::uint32_t known_number(const std::string& text) const;

    std::vector<Journey> history_;
    std::map<std::string, std::uint32_t> numbers_;
    std::vector<std::array<std::uint32_t, 3>> lanes_;  // of each journey
    std::map<Question, std::shared_ptr<const Landmark>> landmarks_;
};

// The lowest chance of what is still under way of a purchase, that it arrives at all or by
// `within_days` from `now`. Nothing where nothing is, or where the history is silent.
std::optional<ArrivalChance> arrival_of(ArrivalModel& model, const Purchase& purchase,
                                        std::span<const Parcel> parcels, Instant now,
                                        std::optional<std::int32_t> within_days = {});

}  // namespace holdfast::desk
