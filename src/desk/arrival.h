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

#include "desk/journey.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace holdfast::desk {

struct ArrivalChance {
    std::int32_t likely = 0;         // basis points
    std::int32_t low = 0, high = 0;  // of 90 %
    std::uint64_t sample = 0;        // journeys of the same lane that had come as far
    std::uint64_t alike = 0;         // with such a last scan, on any lane
    bool operator==(const ArrivalChance&) const = default;
};

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

    // Fewer that had not come by a day either say nothing.
    static constexpr std::size_t journeys_least = 10;

    // That it arrives at all, or within some days of `awaited.days`, 1 or more.
    std::optional<ArrivalChance> chance(const Awaited& awaited,
                                        std::optional<std::int32_t> within_days = {});

    const std::vector<Journey>& history() const { return history_; }

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

// "27 % (12 to 46 %), by 14 parcels of this lane that had come as far, 210 of all lanes"
std::string to_text(const ArrivalChance& chance);

}  // namespace holdfast::desk
