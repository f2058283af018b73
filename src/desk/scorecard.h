// Scorecards of suppliers: what they promised and what came, what was claimed of them and won, and
// how long the money took.
//
// Purchases go in one at a time; memory grows with sellers and with what each of them sent. Rates
// are of what is decided; what is open or unclear stands beside them.
#pragma once

#include "base/currency.h"
#include "base/money.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/share.h"
#include "desk/worklist.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::desk {

struct ScoreMoney {
    std::int64_t bought = 0, claimed = 0, received = 0;  // minor units
    bool operator==(const ScoreMoney&) const = default;
};

struct Scorecard {
    std::string system, seller;  // "" where no source names it
    std::uint64_t purchases = 0;
    // Of those with a stated promise whose goods came.
    std::uint64_t in_time = 0, late = 0;
    std::uint64_t lost = 0;     // returned, lost, damaged, or paid for as not received
    std::uint64_t missing = 0;  // the promise is over, and nothing came
    std::optional<std::int32_t> days_to_arrive = {};  // from shipping; the middle one
    std::optional<std::int32_t> days_late = {};       // of the late ones; the middle one
    std::uint64_t claims = 0, open = 0, granted = 0, partly = 0, declined = 0, unclear = 0;
    std::optional<std::int32_t> days_to_money = {};  // from claim to refund; the middle one
    std::map<Currency, ScoreMoney> money = {};
    bool operator==(const Scorecard&) const = default;

    std::uint64_t decided() const { return granted + partly + declined; }
    std::optional<Share> won() const { return share_seen(granted + partly, decided()); }
    std::optional<Share> kept_promise() const {
        return share_seen(in_time, in_time + late + missing);
    }
};

class Scorecards {
public:
    explicit Scorecards(Instant now) : now_(now) {}
    // `filed`: a claim that somebody filed by hand counts as open until a source shows it.
    void add(const WorkItem& item, const Purchase& purchase, std::span<const Parcel> parcels,
             const std::optional<FiledClaim>& filed = {});

    // Those with most purchases first, then by name.
    std::vector<Scorecard> cards() const;

private:
    struct Kept {
        Scorecard card;
        std::vector<std::int32_t> to_arrive, late, to_money;
    };
    void add_arrival(Kept& kept, const WorkItem& item, const Purchase& purchase,
                     std::span<const Parcel> parcels) const;
    static void add_claim(Kept& kept, const WorkItem& item, const Purchase& purchase,
                          const std::optional<FiledClaim>& filed);

    Instant now_;
    std::map<std::pair<std::string, std::string>, Kept> kept_;  // by system and seller
};

}  // namespace holdfast::desk
