#include "desk/held.h"

#include <array>

namespace holdfast::desk {
namespace {

struct Authority {
    std::string_view part;  // of a format's name
    int rank;
};

// The first part that a name has counts. "social" and "details" are the same answer under two
// names.
constexpr std::array authorities = {
    Authority{"given", 90},     Authority{"push", 10},       Authority{"details", 80},
    Authority{"social", 80},    Authority{"issue", 75},      Authority{"order_api", 70},
    Authority{"order_get", 70}, Authority{"commission", 60}, Authority{"account", 50},
    Authority{"tracking", 40},  Authority{"17track", 40},    Authority{"aftership", 40},
    Authority{"exporter", 30},  Authority{"shopper", 20},    Authority{"web", 20},
    Authority{"shipments", 85}, Authority{"api", 70},        Authority{"links", 85},
};
constexpr int unnamed_authority = 35;

}  // namespace

int authority_of(std::string_view format) {
    for (const auto& authority : authorities)
        if (format.find(authority.part) != format.npos) return authority.rank;
    return unnamed_authority;
}

int stage_of(Phase phase) {
    switch (phase) {
    case Phase::unknown:      return 0;
    case Phase::unpaid:       return 1;
    case Phase::paid:         return 2;
    case Phase::part_shipped: return 3;
    case Phase::shipped:      return 4;
    case Phase::delivered:    return 5;
    case Phase::frozen:       return 6;
    case Phase::disputed:     return 7;
    case Phase::completed:    return 8;
    case Phase::cancelled:    return 9;
    }
    return 0;
}

int stage_of(ParcelStatus status) {
    switch (status) {
    case ParcelStatus::unknown:          return 0;
    case ParcelStatus::label_only:       return 1;
    case ParcelStatus::silent:           return 2;
    case ParcelStatus::moving:           return 3;
    case ParcelStatus::pickup_waiting:   return 4;
    case ParcelStatus::out_for_delivery: return 5;
    case ParcelStatus::attempt_failed:   return 6;
    case ParcelStatus::held:             return 7;
    case ParcelStatus::damaged:          return 8;
    case ParcelStatus::lost:             return 9;
    case ParcelStatus::returning:        return 10;
    case ParcelStatus::delivered:        return 11;
    }
    return 0;
}

std::string source_of(const Origin& origin) {
    auto name = origin.format.empty() ? std::string("given") : origin.format;
    if (origin.file.empty()) return name;
    name += ", " + origin.file;
    if (origin.line > 0) name += ':' + std::to_string(origin.line);
    return name;
}

}  // namespace holdfast::desk
