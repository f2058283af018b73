// The chance that a claim on a supplier is granted, in part or whole, by the claims of this store
// that are decided.
//
// Few claims of one supplier lean on the broader groups behind it: all claims, those on the system,
// those for the same reason there. Each group counts as its own claims and `weight` more that
// went as the next broader group goes. Fewer than `decided_least` claims in all say nothing.
#pragma once

#include "desk/purchase.h"
#include "desk/share.h"
#include "terms/vocabulary.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace holdfast::desk {

struct ClaimChance {
    std::int32_t likely = 0;         // basis points
    std::int32_t low = 0, high = 0;  // of 90 %
    std::uint64_t sample = 0;        // decided claims on the same supplier for the same reason
    std::uint64_t alike = 0;         // on the same system for the same reason
    std::uint64_t all = 0;
    std::string group;  // "Mug House on aliexpress, not_received"
    bool operator==(const ClaimChance&) const = default;
};

// "62 % (41 to 81 %), by 3 decided claims on Mug House on aliexpress, not_received; 14 on the same
// system for it, 90 in all"
std::string to_text(const ClaimChance& chance);

class ClaimHistory {
public:
    static constexpr std::uint64_t decided_least = 5;
    static constexpr double weight = 5;

    void add(const Purchase& purchase);
    // A claim for `reason` on a purchase like this one.
    std::optional<ClaimChance> chance(const Purchase& purchase, terms::Reason reason) const;

private:
    struct Decided {
        std::uint64_t won = 0, all = 0;
    };
    struct Groups {
        std::string system, reason, supplier;  // names of three groups, each within the one before
    };
    static Groups groups_of(const Purchase& purchase, const std::string& reason);
    Decided decided_in(const std::string& group) const;

    std::map<std::string, Decided> decided_;  // by group; of "": all
};

}  // namespace holdfast::desk
