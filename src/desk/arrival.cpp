#include "desk/arrival.h"

#include "base/verify.h"
#include "desk/share.h"
#include "desk/text.h"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <utility>

namespace holdfast::desk {
namespace {

constexpr double whole = 10'000;  // basis points
constexpr double outside = 0.05;  // on either side of the interval

// How unlike lanes are where a history has too few to tell, and the weight of that in parcels.
constexpr double unlike_unknown = 0.05, unlike_weight = 1.0;
constexpr double unlike_least = 0.002, unlike_most = 0.5;
// That unlikeness is itself a guess makes a belief weaker than it says.
constexpr double sureness = 0.92;

// One journey as seen from a landmark: what came of it in the days after.
struct Wait {
    std::int32_t days = 0;  // until it came, else for how long it is known not to have come
    bool arrived = false;
};
constexpr std::int32_t for_ever = std::numeric_limits<std::int32_t>::max();

// What a group of journeys says: a share of arrivals, worth so many parcels of known fate.
struct Tally {
    double arrived = 0, known = 0;
    std::uint64_t count = 0;

    double share() const { return known > 0 ? arrived / known : 0; }
};

using Hazards = std::vector<double>;  // by day of waiting, from 1

class Curve {
public:
    Curve(std::span<const Wait> waits, std::int32_t horizon)
        : arrivals_(static_cast<std::size_t>(horizon) + 1), leaving_(arrivals_) {
        for (const auto& wait : waits) {
            const auto day = static_cast<std::size_t>(std::min(wait.days, horizon));
            const bool counts = wait.arrived && wait.days <= horizon;
            (counts ? arrivals_ : leaving_)[day] += 1;
        }
        waiting_ = static_cast<double>(waits.size());
        known_ = waiting_;
        waiting_ -= arrivals_[0] + leaving_[0];
        for (std::size_t day = 0; day + 1 < leaving_.size(); ++day)
            known_ -= leaving_[day] * (1 - static_cast<double>(day) / horizon);
    }

    // Whoever left halfway is known by half.
    double known() const { return known_; }

    // `visit(arrivals, still waiting)` of each day.
    template <class Visit>
    void each_day(const Visit& visit) const {
        auto waiting = waiting_;
        for (std::size_t day = 1; day < arrivals_.size(); ++day) {
            visit(day, arrivals_[day], waiting);
            waiting -= arrivals_[day] + leaving_[day];
        }
    }

private:
    std::vector<double> arrivals_, leaving_;
    double waiting_ = 0, known_ = 0;
};

// One that never comes stands beside them by half, so that no history makes an arrival certain.
Hazards hazards_of(std::span<const Wait> waits, std::int32_t horizon) {
    Hazards hazards(static_cast<std::size_t>(horizon) + 1);
    Curve(waits, horizon).each_day([&](std::size_t day, double arrivals, double waiting) {
        hazards[day] = arrivals / (waiting + 0.5);
    });
    return hazards;
}

// The more of a group left before its fate was known, the more the days it cannot tell about go as
// `common` does. The share is worth as many parcels as would make it as uncertain (Greenwood), and
// no more than those whose fate is known.
Tally tally_of(std::span<const Wait> waits, std::int32_t horizon, const Hazards& common) {
    Tally tally{.count = waits.size()};
    if (waits.empty()) return tally;
    const Curve curve(waits, horizon);
    const auto borrowed = 1 - curve.known() / static_cast<double>(waits.size());
    double staying = 1, spread = 0;
    curve.each_day([&](std::size_t day, double arrivals, double waiting) {
        const auto all = waiting + borrowed;
        if (all <= 0) return;
        const auto hazard = (arrivals + borrowed * common[day]) / all;
        staying *= std::max(0.0, 1 - hazard);
        if (all > arrivals) spread += arrivals / (all * (all - arrivals));
    });
    tally.known = curve.known();
    const auto variance = staying * staying * spread;
    if (variance > 0) tally.known = std::min(tally.known, staying * (1 - staying) / variance);
    tally.arrived = (1 - staying) * tally.known;
    return tally;
}

// A group without one of its parts.
Tally without(const Tally& group, const Tally& part) {
    Tally rest{.known = std::max(0.0, group.known - part.known)};
    rest.arrived = std::clamp(group.arrived - part.arrived, 0.0, rest.known);
    return rest;
}

// How unlike the parts of a group are: the share of the variance of one parcel's fate that lies
// between parts (0: all alike), by the method of moments over all groups of a level.
class Unlikeness {
public:
    void add(std::span<const Tally> parts) {
        double known = 0, arrived = 0, squares = 0, count = 0;
        for (const auto& part : parts) {
            if (part.known <= 0) continue;
            known += part.known, arrived += part.arrived;
            squares += part.known * part.known, count += 1;
        }
        if (count < 2) return;
        const auto mean = arrived / known;
        const auto variance = mean * (1 - mean);
        for (const auto& part : parts) {
            const auto apart = part.share() - mean;
            excess_ += part.known * apart * apart;
        }
        excess_ -= variance * (count - 1);
        scale_ += variance * (known - squares / known - (count - 1));
    }
    double value() const {
        const auto raw = (excess_ + unlike_unknown * unlike_weight) / (scale_ + unlike_weight);
        return std::clamp(raw, unlike_least, unlike_most);
    }

private:
    double excess_ = 0, scale_ = 0;
};

// What is believed of a share: as if `strength` parcels had been seen.
struct Belief {
    double mean = 0.5, strength = 1;

    void learn(double arrived, double known) {
        mean = (mean * strength + arrived) / (strength + known);
        strength += known;
    }
    // Of a part of what it was about.
    void narrow(double unlike) {
        const auto own = 1 / unlike - 1;
        strength = 1 / (1 / (own + 1) + 1 / (strength + 1)) - 1;
        strength = std::max(strength, 0.5);
    }
};

std::int32_t basis_points(double share) {
    return static_cast<std::int32_t>(std::lround(std::clamp(share, 0.0, 1.0) * whole));
}

constexpr std::size_t lane_parts = 3;
using LaneKey = std::array<std::uint32_t, lane_parts>;
constexpr auto any = std::numeric_limits<std::uint32_t>::max();

LaneKey first_of(const LaneKey& lane, std::size_t parts) {
    LaneKey key;
    key.fill(any);
    std::copy_n(lane.begin(), parts, key.begin());
    return key;
}

}  // namespace

// --- All that had not come by a day

class ArrivalModel::Landmark {
public:
    Landmark(std::span<const Journey> history, std::span<const LaneKey> lanes,
             const Question& question)
        : last_scan_(std::get<1>(question)) {
        const auto day = std::get<0>(question);
        for (std::size_t i = 0; i < history.size(); ++i) take(history[i], lanes[i], day);
        auto horizon = std::get<2>(question);
        if (horizon == 0) horizon = longest();
        horizon_ = horizon;
        const auto all = everything();
        known_ = Curve(all, horizon_).known();
        all_hazards_ = hazards_of(all, horizon_);
        for (std::size_t scan = 0; scan < last_scan_count; ++scan)
            scans_[scan] = tally_of(by_scan_[scan], horizon_, all_hazards_);
        sort_out();
        for (auto& one : by_scan_) std::vector<Wait>().swap(one);  // kept for long: sums are enough
        mine_.clear();
    }

    double known() const { return known_; }

    ArrivalChance chance(const LaneKey& lane) const {
        Belief belief;
        const auto mine = static_cast<std::size_t>(last_scan_);
        Unlikeness scans;
        scans.add(scans_);
        learn(belief, scans_, scans_[mine], scans.value());
        belief.narrow(scans.value());
        Tally group = scans_[mine];
        for (std::size_t parts = 1; parts <= lane_parts; ++parts) {
            const auto own = tally_at(parts, lane);
            const auto unlike = unlike_[parts - 1];
            learn(belief, siblings(parts, lane), own, unlike, &group);
            belief.narrow(unlike);
            group = own;
        }
        belief.learn(group.arrived, group.known);
        return told(belief, group.count, scans_[mine].count);
    }

private:
    void take(const Journey& journey, const LaneKey& lane, std::int32_t day) {
        Wait wait{.days = journey.known_days - day};
        if (journey.arrived_after) {
            wait = {.days = *journey.arrived_after - day, .arrived = true};
            if (wait.days <= 0) return;  // it had come
        } else if (journey.is_lost) {
            wait.days = for_ever;
        }
        if (wait.days < 0) return;  // not known as far
        const auto scan = journey.last_scan(day);
        by_scan_[static_cast<std::size_t>(scan)].push_back(wait);
        if (scan == last_scan_) mine_[lane].push_back(wait);
    }
    std::vector<Wait> everything() const {
        std::vector<Wait> all;
        for (const auto& one : by_scan_) all.insert(all.end(), one.begin(), one.end());
        return all;
    }
    std::int32_t longest() const {
        std::int32_t most = 1;
        for (const auto& one : by_scan_)
            for (const auto& wait : one)
                if (wait.arrived) most = std::max(most, wait.days);
        return most;
    }

    void sort_out() {
        const auto& mine = by_scan_[static_cast<std::size_t>(last_scan_)];
        const auto hazards = mine.empty() ? all_hazards_ : hazards_of(mine, horizon_);
        for (std::size_t parts = 1; parts <= lane_parts; ++parts) {
            std::map<LaneKey, std::vector<Wait>> groups;
            for (const auto& [lane, waits] : mine_) {
                auto& group = groups[first_of(lane, parts)];
                group.insert(group.end(), waits.begin(), waits.end());
            }
            auto& level = levels_[parts - 1];
            for (const auto& [key, waits] : groups) level[key] = tally_of(waits, horizon_, hazards);
            Unlikeness unlike;
            for (auto one = level.begin(); one != level.end();) {
                const auto parent = first_of(one->first, parts - 1);
                std::vector<Tally> family;
                for (; one != level.end() && first_of(one->first, parts - 1) == parent; ++one)
                    family.push_back(one->second);
                unlike.add(family);
            }
            unlike_[parts - 1] = unlike.value();
        }
    }

    Tally tally_at(std::size_t parts, const LaneKey& lane) const {
        const auto& level = levels_[parts - 1];
        const auto found = level.find(first_of(lane, parts));
        return found == level.end() ? Tally{} : found->second;
    }
    // All that share what is said before the last of `parts`, the lane's own among them.
    std::vector<Tally> siblings(std::size_t parts, const LaneKey& lane) const {
        const auto parent = first_of(lane, parts - 1);
        std::vector<Tally> found;
        for (const auto& [key, tally] : levels_[parts - 1])
            if (first_of(key, parts - 1) == parent) found.push_back(tally);
        return found;
    }

    // What the siblings of a group say of their family. Parcels of one part are alike, so that many
    // of them say less than as many of different parts.
    static void learn(Belief& belief, std::span<const Tally> family, const Tally& own,
                      double unlike, const Tally* together = nullptr) {
        Tally sum;
        double squares = 0;
        for (const auto& one : family) {
            sum.arrived += one.arrived, sum.known += one.known;
            squares += one.known * one.known;
        }
        const auto rest = without(together ? *together : sum, own);
        if (rest.known <= 0) return;
        const auto alike = std::max(0.0, squares - own.known * own.known) / rest.known;
        const auto worth = 1 / (1 + unlike * std::max(0.0, alike - 1));
        belief.learn(rest.arrived * worth, rest.known * worth);
    }

    static ArrivalChance told(const Belief& belief, std::uint64_t sample, std::uint64_t alike) {
        const auto strength = sureness * belief.strength;
        const auto a = std::max(1e-6, belief.mean * strength);
        const auto b = std::max(1e-6, (1 - belief.mean) * strength);
        return {.likely = basis_points(belief.mean),
                .low = basis_points(boost::math::ibeta_inv(a, b, outside)),
                .high = basis_points(boost::math::ibetac_inv(a, b, outside)),
                .sample = sample,
                .alike = alike};
    }

    LastScan last_scan_;
    std::int32_t horizon_ = 1;
    double known_ = 0;  // of how many the fate is known
    std::array<std::vector<Wait>, last_scan_count> by_scan_;
    std::map<LaneKey, std::vector<Wait>> mine_;  // of the last scan asked about
    Hazards all_hazards_;
    std::array<Tally, last_scan_count> scans_;
    std::array<std::map<LaneKey, Tally>, lane_parts> levels_;
    std::array<double, lane_parts> unlike_{};
};

// --- The model

Awaited awaited_of(const Journey& journey) {
    return {.lane = journey.lane,
            .days = journey.known_days,
            .last_scan = journey.last_scan(journey.known_days)};
}

std::uint32_t ArrivalModel::number_of(const std::string& text) {
    return numbers_.emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
}

// A word that the history does not have is like none that it has.
std::uint32_t ArrivalModel::known_number(const std::string& text) const {
    const auto found = numbers_.find(text);
    return found == numbers_.end() ? any - 1 : found->second;
}

ArrivalModel::ArrivalModel(std::vector<Journey> history) : history_(std::move(history)) {
    lanes_.reserve(history_.size());
    for (const auto& one : history_)
        lanes_.push_back({number_of(one.lane.destination), number_of(one.lane.method),
                          number_of(one.lane.origin)});
}

std::optional<ArrivalChance> ArrivalModel::chance(const Awaited& awaited,
                                                  std::optional<std::int32_t> within_days) {
    VERIFY(!within_days || *within_days > 0);
    const Question question{awaited.days, awaited.last_scan, within_days.value_or(0)};
    auto& landmark = landmarks_[question];
    if (!landmark) landmark = std::make_shared<const Landmark>(history_, lanes_, question);
    if (landmark->known() < journeys_least) return std::nullopt;
    auto found =
        landmark->chance({known_number(awaited.lane.destination), known_number(awaited.lane.method),
                          known_number(awaited.lane.origin)});
    if (!within_days) return found;
    // Each horizon has its own likeness of lanes; none makes a part more likely than the whole.
    const auto at_all = chance(awaited);
    if (!at_all) return std::nullopt;
    found.likely = std::min(found.likely, at_all->likely);
    found.low = std::min(found.low, at_all->low);
    found.high = std::min(found.high, at_all->high);
    return found;
}

// What is not known since the newest reading is not known to have failed: from there on it counts.
std::optional<ArrivalChance> arrival_of(ArrivalModel& model, const Purchase& purchase,
                                        std::span<const Parcel> parcels, Instant now,
                                        std::optional<std::int32_t> within_days) {
    if (purchase.progress && purchase.progress->value == Phase::cancelled) return std::nullopt;
    std::optional<ArrivalChance> lowest;
    for (const auto& journey : journeys_of(purchase, parcels, now)) {
        if (journey.arrived_after || journey.is_lost) continue;
        auto within = within_days;
        if (within) *within += journey.age_days - journey.known_days;
        const auto chance = model.chance(awaited_of(journey), within);
        if (!chance) return std::nullopt;
        if (!lowest || chance->likely < lowest->likely) lowest = chance;
    }
    return lowest;
}

std::string to_text(const ArrivalChance& chance) {
    return to_text(Share{chance.likely, chance.low, chance.high}) + ", by " +
           std::to_string(chance.sample) + (chance.sample == 1 ? " parcel" : " parcels") +
           " of this lane that had come as far, " + std::to_string(chance.alike) + " of all lanes";
}

}  // namespace holdfast::desk
