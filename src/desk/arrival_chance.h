// The chance that a parcel still arrives, as desk/arrival.h finds it and the desk shows it.
#pragma once

#include <cstdint>
#include <string>

namespace holdfast::desk {

struct ArrivalChance {
    std::int32_t likely = 0;         // basis points
    std::int32_t low = 0, high = 0;  // of 90 %
    std::uint64_t sample = 0;        // journeys of the same lane that had come as far
    std::uint64_t alike = 0;         // with such a last scan, on any lane
    bool operator==(const ArrivalChance&) const = default;
};

// "27 % (12 to 46 %), by 14 parcels of this lane that had come as far, 210 of all lanes"
std::string to_text(const ArrivalChance& chance);

}  // namespace holdfast::desk
