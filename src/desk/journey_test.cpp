#include "desk/journey.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

// Sent on 26 September, last scan on 12 October; read at the test's now, 23 November.
Journey journey_of(const Scenario& scenario, Instant at = now) {
    const auto found = journeys_of(purchase_of(scenario.purchase), parcels_of(scenario), at);
    REQUIRE(found.size() == 1);
    return found.front();
}

}  // namespace

TEST_CASE("journeys: a parcel under way is followed until its newest reading") {
    const auto journey = journey_of(scenario_103());
    CHECK(journey.lane.method == "aliexpress");
    CHECK(journey.lane.origin == "CN");
    CHECK(journey.known_days == 58);
    CHECK_FALSE(journey.arrived_after);
    CHECK_FALSE(journey.is_lost);
    CHECK(journey_of(scenario_103(), now + std::chrono::days{30}).known_days == 58);
    CHECK(journey_of(scenario_103(), now - std::chrono::days{30}).known_days == 28);
}

TEST_CASE("journeys: of a delivered one the end is known, also when it is seen much later") {
    const auto journey = journey_of(scenario_102());
    CHECK(journey.arrived_after == 20);
    CHECK(journey.known_days == 90);
    const auto before = journey_of(scenario_102(), instant("2026-09-01T00:00:00Z"));
    CHECK_FALSE(before.arrived_after);
    CHECK(before.scans.size() == 1);
}

TEST_CASE("journeys: a parcel on its way back is lost to the customer") {
    CHECK(journey_of(scenario_104()).is_lost);
}

TEST_CASE("journeys: a purchase that was never shipped makes none") {
    const auto scenario = scenario_107();
    CHECK(journeys_of(purchase_of(scenario.purchase), {}, now).empty());
}

TEST_CASE("journeys: what the last scan says grows quiet, then silent") {
    const Journey journey{.lane = {},
                          .known_days = 90,
                          .age_days = 90,
                          .scans = {{3, ParcelStatus::moving},
                                    {10, ParcelStatus::out_for_delivery},
                                    {60, ParcelStatus::returning}}};
    struct Row {
        std::int32_t day;
        LastScan expected;
    };
    const Row rows[] = {
        {2, LastScan::none},        {3, LastScan::fresh},    {9, LastScan::fresh},
        {10, LastScan::at_hand},    {17, LastScan::at_hand}, {18, LastScan::quiet},
        {31, LastScan::quiet},      {32, LastScan::silent},  {60, LastScan::in_trouble},
        {89, LastScan::in_trouble},
    };
    for (const auto& row : rows) {
        CAPTURE(row.day);
        CHECK(to_string(journey.last_scan(row.day)) == to_string(row.expected));
    }
}

TEST_CASE("journeys: only a number of the world's posts names its origin") {
    CHECK(origin_of("LB000101018CN") == "CN");
    CHECK(origin_of("RX123456789DE") == "DE");
    for (const auto* other : {"YT2600000000000106", "LB00010101CN", "lb000101018cn", ""})
        CHECK(origin_of(other).empty());
}

}  // namespace holdfast::desk
