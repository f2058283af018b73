#include "desk/arrival.h"
#include "desk/arrival_report.h"
#include "desk/test_support.h"

#include <array>
#include <cmath>

namespace holdfast::desk {
namespace {

using namespace test;

// A lane as it really is: the part that never comes, and how long the rest takes (log-logistic).
struct True {
    double lost = 0.05, scale = 20, shape = 5;

    double still_waits(double days) const { return 1 / (1 + std::pow(days / scale, shape)); }
    double arrives_after(double days) const {
        const auto under_way = (1 - lost) * still_waits(days);
        return under_way / (under_way + lost);
    }
};

double part(Dice& dice) { return (static_cast<double>(dice.below(1'000'000)) + 0.5) / 1e6; }

// About 0, mostly within 1: a sum of three even ones.
double spread(Dice& dice) { return part(dice) + part(dice) + part(dice) - 1.5; }

std::string named(const char* kind, std::size_t number) { return kind + std::to_string(number); }

struct World {
    std::vector<Lane> lanes;
    std::vector<True> truths;
    std::vector<Journey> history;
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

std::optional<double> days_to_come(Dice& dice, const True& truth) {
    if (part(dice) < truth.lost) return std::nullopt;
    const auto u = part(dice);
    return truth.scale * std::pow(u / (1 - u), 1 / truth.shape);
}

// Followed for a while: some parcels left yesterday.
Journey journey_on(Dice& dice, const Lane& lane, const True& truth) {
    Journey journey{.lane = lane, .known_days = static_cast<std::int32_t>(dice.below(240))};
    const auto days = days_to_come(dice, truth);
    if (days && *days < journey.known_days)
        journey.arrived_after = static_cast<std::int32_t>(*days);
    return journey;
}

World world_of(Dice& dice, std::size_t most_per_lane) {
    World world;
    std::array<double, 5> by_method{}, slower{};
    for (auto& one : by_method) one = 1.4 * spread(dice);
    for (auto& one : slower) one = 0.4 * spread(dice);
    for (std::size_t to = 0; to < 5; ++to) {
        const auto by_destination = 1.2 * spread(dice);
        for (std::size_t method = 0; method < by_method.size(); ++method)
            for (std::size_t from = 0; from < 3; ++from) {
                const True truth{.lost = logistic(-2.6 + by_destination + by_method[method] +
                                                  0.5 * spread(dice)),
                                 .scale = 20 * std::exp(slower[method] + 0.15 * spread(dice)),
                                 .shape = 5};
                const Lane lane{named("D", to), named("method ", method), named("O", from)};
                world.lanes.push_back(lane);
                world.truths.push_back(truth);
                const auto count = dice.below(most_per_lane + 1);
                for (std::size_t i = 0; i < count; ++i)
                    world.history.push_back(journey_on(dice, lane, truth));
            }
    }
    return world;
}

double covered(std::uint64_t seed, std::size_t most_per_lane) {
    Dice dice(seed);
    std::size_t asked = 0, held = 0;
    for (int round = 0; round < 8; ++round) {
        const auto world = world_of(dice, most_per_lane);
        ArrivalModel model(world.history);
        for (std::size_t i = 0; i < world.lanes.size(); ++i)
            for (const std::int32_t day : {10, 18, 25, 35}) {
                const auto truth = 10'000 * world.truths[i].arrives_after(day + 1);
                const auto chance = model.chance({.lane = world.lanes[i], .days = day});
                if (!chance) continue;
                ++asked;
                held += chance->low <= truth && truth <= chance->high;
            }
    }
    return static_cast<double>(held) / static_cast<double>(asked);
}

// A carrier's scans: every few days while a parcel moves, of a lost one for some time only.
void add_scans(Dice& dice, Journey& journey, const std::optional<double>& comes) {
    const auto quiet_after =
        comes ? static_cast<std::int32_t>(*comes) : static_cast<std::int32_t>(5 + dice.below(20));
    for (auto day = static_cast<std::int32_t>(dice.below(4)); day < quiet_after;
         day += 2 + static_cast<std::int32_t>(dice.below(9)))
        journey.scans.push_back({day, ParcelStatus::moving});
    if (comes && quiet_after > 0 && !dice.once_in(4))
        journey.scans.push_back({quiet_after - 1, ParcelStatus::out_for_delivery});
    if (!comes && dice.once_in(4))
        journey.scans.push_back({quiet_after + 3, ParcelStatus::returning});
}

// What was given to parcels of all ages and lanes, and what became of them: over all tenths, how
// far the two are apart.
double calibration_error(std::uint64_t seed, std::size_t parcels) {
    Dice dice(seed);
    auto world = world_of(dice, /*most_per_lane=*/0);
    const auto one_more = [&](std::size_t lane, std::optional<double>& comes) {
        const auto& truth = world.truths[lane];
        comes = days_to_come(dice, truth);
        Journey journey{.lane = world.lanes[lane],
                        .known_days = static_cast<std::int32_t>(dice.below(240))};
        if (comes && *comes < journey.known_days)
            journey.arrived_after = static_cast<std::int32_t>(*comes);
        add_scans(dice, journey, comes);
        return journey;
    };
    std::optional<double> comes;
    for (std::size_t i = 0; i < parcels; ++i)
        world.history.push_back(one_more(dice.below(world.lanes.size()), comes));
    ArrivalModel model(world.history);
    std::array<double, 10> given{}, came{};
    double asked = 0, apart = 0;
    for (std::size_t i = 0; i < parcels; ++i) {
        const auto journey = one_more(dice.below(world.lanes.size()), comes);
        const auto day = static_cast<std::int32_t>(5 + dice.below(55));
        if (comes && *comes < day + 1) continue;
        const auto chance =
            model.chance({.lane = journey.lane, .days = day, .last_scan = journey.last_scan(day)});
        if (!chance) continue;
        const auto tenth = static_cast<std::size_t>(std::min(chance->likely / 1'000, 9));
        given[tenth] += chance->likely;
        came[tenth] += comes ? 10'000 : 0;
        ++asked;
    }
    for (std::size_t i = 0; i < given.size(); ++i) apart += std::abs(given[i] - came[i]);
    return apart / asked;
}

Journey journey_in(std::string destination, std::int32_t known_days,
                   std::optional<std::int32_t> arrived_after) {
    return {.lane = {.destination = std::move(destination), .method = "post", .origin = ""},
            .known_days = known_days,
            .arrived_after = arrived_after};
}

}  // namespace

TEST_CASE("arrival: the interval has the truth in it nine times of ten, on lanes of any size") {
    const std::size_t most_per_lane[] = {12, 60, 300};
    for (const auto most : most_per_lane)
        for (const std::uint64_t seed : {41, 42, 43}) {
            CAPTURE(most);
            CAPTURE(seed);
            const auto part_covered = covered(seed, most);
            CHECK(part_covered >= 0.85);
            CHECK(part_covered <= 0.95);
        }
}

TEST_CASE("arrival: of those given a chance of 30 %, 30 % come") {
    for (const std::uint64_t seed : {51, 52, 53}) {
        CAPTURE(seed);
        CHECK(calibration_error(seed, 10'000) < 300);
    }
}

TEST_CASE("arrival: without censoring and other lanes, it is the share of those that came later") {
    std::vector<Journey> history;
    for (int i = 0; i < 400; ++i) history.push_back(journey_in("US", 300, 12));
    for (int i = 0; i < 300; ++i) history.push_back(journey_in("US", 300, 40));
    for (int i = 0; i < 100; ++i) history.push_back(journey_in("US", 300, std::nullopt));
    ArrivalModel model(history);
    const auto chance =
        model.chance({.lane = {.destination = "US", .method = "post", .origin = ""}, .days = 20});
    REQUIRE(chance);
    CHECK(std::abs(chance->likely - 7'500) < 40);
    CHECK(chance->low < 7'400);
    CHECK(chance->high > 7'600);
    CHECK(chance->sample == 400);
    CHECK(chance->alike == 400);
}

TEST_CASE("arrival: parcels still under way count for as long as they were followed") {
    std::vector<Journey> history;
    for (int i = 0; i < 100; ++i) history.push_back(journey_in("US", 300, 30));
    for (int i = 0; i < 100; ++i) history.push_back(journey_in("US", 300, std::nullopt));
    ArrivalModel model(history);
    const Awaited asked{.lane = {.destination = "US", .method = "post", .origin = ""}, .days = 10};
    const auto before = model.chance(asked);
    for (int i = 0; i < 1'000; ++i) history.push_back(journey_in("US", 12, std::nullopt));
    ArrivalModel with_young(history);
    const auto after = with_young.chance(asked);
    REQUIRE(before);
    REQUIRE(after);
    CHECK(std::abs(before->likely - after->likely) < 300);
    CHECK(after->sample == 1'200);
}

TEST_CASE("arrival: more time gives no smaller chance, and later parcels a smaller one") {
    Dice dice(7);
    const auto world = world_of(dice, 60);
    ArrivalModel model(world.history);
    const auto likely = [&](std::int32_t days, std::optional<std::int32_t> within) {
        return model.chance({.lane = world.lanes[3], .days = days}, within)->likely;
    };
    CHECK(likely(20, 5) <= likely(20, 15));
    CHECK(likely(20, 15) <= likely(20, 60));
    CHECK(likely(60, std::nullopt) < likely(15, std::nullopt));
}

TEST_CASE("arrival: of a lane without history the broader ones speak, with less certainty") {
    Dice dice(8);
    const auto world = world_of(dice, 200);
    ArrivalModel model(world.history);
    const auto known = model.chance({.lane = world.lanes[0], .days = 15});
    const auto strange = model.chance(
        {.lane = {.destination = "elsewhere", .method = "?", .origin = ""}, .days = 15});
    REQUIRE(known);
    REQUIRE(strange);
    CHECK(strange->sample == 0);
    CHECK(strange->high - strange->low > known->high - known->low);
}

TEST_CASE("arrival: a history in which nothing came as far says nothing") {
    ArrivalModel none({});
    CHECK_FALSE(none.chance({}));
    ArrivalModel young({journey_in("US", 5, std::nullopt), journey_in("US", 40, 9)});
    CHECK_FALSE(young.chance({.lane = {}, .days = 20}));
}

TEST_CASE("arrival: one half of a history forecasts the other") {
    Dice dice(9);
    const auto world = world_of(dice, 260);
    const auto found = calibrate(world.history, 30);
    CHECK(found.within_days == 30);
    CHECK(found.count > 2'000);
    CHECK(found.error < 300);
    std::uint64_t rows = 0;
    for (const auto& row : found.tenths) rows += row.count;
    CHECK(rows == found.count);
}

TEST_CASE("arrival: a lane's row has its journeys and by when they came") {
    std::vector<Journey> history;
    for (std::int32_t day = 1; day <= 10; ++day) history.push_back(journey_in("US", 99, day));
    history.push_back(journey_in("US", 7, std::nullopt));
    history.push_back(journey_in("DE", 99, std::nullopt));
    history.back().is_lost = true;
    const auto rows = lanes_of(history);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].lane.destination == "US");
    CHECK(rows[0].journeys == 11);
    CHECK(rows[0].arrived == 10);
    CHECK(rows[0].lost == 0);
    CHECK(rows[0].half_days == 5);
    CHECK(rows[0].most_days == 9);
    CHECK(rows[0].tenths == std::vector<std::int32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(rows[1].tenths.empty());
    CHECK(rows[1].lost == 1);
    CHECK_FALSE(rows[1].half_days);
}

TEST_CASE("arrival: a chance is told with its interval and what it rests on") {
    const ArrivalChance chance{
        .likely = 2'740, .low = 1'249, .high = 4'650, .sample = 1, .alike = 9};
    CHECK(to_text(chance) ==
          "27 % (12 to 47 %), by 1 parcel of this lane that had come as far, 9 of all lanes");
}

}  // namespace holdfast::desk
