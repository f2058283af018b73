// A platform's own countdown against ours: a difference that many orders share means that the rule
// may have changed.
//
// Compared are orders of which the platform said how much time is left, and of which we know the
// ship time and the promised days from elsewhere; what we would only estimate proves nothing. One
// order that differs was extended, or read wrongly; most of them differing the same way is a task
// for a person.
#pragma once

#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "terms/terms.h"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::desk {

struct BothCountdowns {
    Instant platform, ours;
    bool operator==(const BothCountdowns&) const = default;
};

// Nothing where one of the two is not known.
std::optional<BothCountdowns> countdown_of(const Purchase& purchase,
                                           std::span<const Parcel> parcels,
                                           const DeskOptions& options, Instant now,
                                           const terms::Terms& terms);

struct Drift {
    std::string system;  // "aliexpress"
    std::string terms;   // "aliexpress-current"
    std::size_t compared = 0, differing = 0;
    Duration typical{};                 // the middle one; more than zero: the platform's ends later
    std::vector<std::string> examples;  // references, at most three
    bool operator==(const Drift&) const = default;
};

class DriftWatch {
public:
    // So many orders at least, and so many of ten that differ the same way.
    static constexpr std::size_t compared_least = 5, of_ten_least = 8;
    static constexpr Duration tolerance = std::chrono::hours{1};

    void add(const Purchase& purchase, const terms::Terms& terms, const BothCountdowns& countdown);
    std::vector<Drift> found() const;

private:
    struct Seen {
        Duration apart{};
        std::string reference;
    };
    std::map<std::pair<std::string, std::string>, std::vector<Seen>> seen_;  // by system and terms
};

// "aliexpress, under aliexpress-current: the platform's countdown ends 10 d later than ours on 9 of
// 10 orders (3099…): the rule may have changed. …"
std::string sentence_of(const Drift& drift);

}  // namespace holdfast::desk
