#include "desk/parcel.h"
#include "desk/test_support.h"
#include "desk/tracking.h"

namespace holdfast::desk {
namespace {

using namespace test;

constexpr Duration month = days{30};
const Instant first_read = instant("2026-11-20T00:00:00Z");
const Instant second_read = instant("2026-11-22T00:00:00Z");

Observation read_at(Instant at, ParcelSeen seen, std::string format = "17track") {
    return {origin(std::move(format), at), std::move(seen)};
}

ParcelSeen delivered() {
    return parcel_seen("A1", ParcelStatus::delivered,
                       {{"2026-11-01T00:00:00Z", ParcelStatus::moving},
                        {"2026-11-19T00:00:00Z", ParcelStatus::delivered}});
}

Tracking tracking_of_numbers(const std::vector<Parcel>& parcels,
                             std::vector<std::string> unseen = {}) {
    auto seen = purchase_seen("1");
    for (const auto& parcel : parcels) seen.tracking_numbers.push_back(parcel.tracking_number);
    for (auto& number : unseen) seen.tracking_numbers.push_back(std::move(number));
    return tracking_of(purchase_of({{origin("given"), seen}}), parcels, month, now);
}

Parcel parcel_at(std::string number, ParcelStatus status,
                 std::string_view scan = "2026-11-20T00:00:00Z") {
    return parcel_of(
        {read_at(second_read, parcel_seen(std::move(number), status, {{scan, status}}))});
}

ParcelSeen random_parcel(Dice& dice) {
    auto seen = parcel_seen("A1", static_cast<ParcelStatus>(dice.below(12)));
    for (auto count = dice.below(3); count > 0; --count)
        seen.scans.push_back(
            {.at = {now + hours{static_cast<int>(dice.below(3))}, SeenTime::Kind::exact, {}},
             .status = static_cast<ParcelStatus>(dice.below(12)),
             .text = dice.once_in(2) ? "x" : "y"});
    if (dice.once_in(2))
        seen.delivered =
            SeenTime{now + hours{static_cast<int>(dice.below(3))}, SeenTime::Kind::exact, {}};
    seen.stopped = dice.once_in(2);
    if (dice.once_in(2)) seen.purchase_reference = dice.once_in(2) ? "1" : "2";
    return seen;
}

}  // namespace

TEST_CASE("scan corrections") {
    const auto correction =
        parcel_seen("A1", ParcelStatus::moving, {{"2026-11-21T00:00:00Z", ParcelStatus::moving}});
    struct Row {
        const char* name;
        std::vector<Observation> observations;
        ParcelStatus expected;
        bool has_delivery;
    };
    const Row rows[] = {
        {"delivered", {read_at(first_read, delivered())}, ParcelStatus::delivered, true},
        {"delivered, later corrected",
         {read_at(first_read, delivered()), read_at(second_read, correction)},
         ParcelStatus::moving,
         false},
        {"the correction comes first",
         {read_at(second_read, correction), read_at(first_read, delivered())},
         ParcelStatus::moving,
         false},
        {"an older reading loaded later",
         {read_at(second_read, delivered()), read_at(first_read, correction)},
         ParcelStatus::delivered,
         true},
        {"two sources at one time",
         {read_at(first_read, correction), read_at(first_read, delivered())},
         ParcelStatus::delivered,
         true},
        {"nothing known erases nothing",
         {read_at(first_read, delivered()),
          read_at(second_read, parcel_seen("A1", ParcelStatus::unknown))},
         ParcelStatus::delivered,
         true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto parcel = parcel_of(row.observations);
        CHECK(status_of(parcel) == row.expected);
        CHECK(delivered_at(parcel).has_value() == row.has_delivery);
    }
}

TEST_CASE("parcel: scans add up, and the first one is the carrier's") {
    const auto parcel = parcel_of({
        read_at(first_read, parcel_seen("A1", ParcelStatus::moving,
                                        {{"2026-10-02T00:00:00Z", ParcelStatus::moving},
                                         {"2026-10-01T00:00:00Z", ParcelStatus::label_only}})),
        read_at(second_read, parcel_seen("A1", ParcelStatus::moving,
                                         {{"2026-10-05T00:00:00Z", ParcelStatus::moving}})),
    });
    CHECK(parcel.scans.size() == 3);
    CHECK(first_scan(parcel)->at.at == instant("2026-10-02T00:00:00Z"));
    CHECK(last_scan(parcel)->at.at == instant("2026-10-05T00:00:00Z"));
}

TEST_CASE("parcel: random observations in random order give the same state") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        std::vector<Observation> observations;
        for (auto count = 1 + dice.below(6); count > 0; --count)
            observations.push_back(read_at(first_read + hours{static_cast<int>(dice.below(2))},
                                           random_parcel(dice),
                                           dice.once_in(2) ? "17track" : "aftership"));
        const auto expected = parcel_of(observations);
        for (int round = 0; round < 5; ++round) {
            auto shuffled = observations;
            shuffled.push_back(shuffled[dice.below(shuffled.size())]);
            dice.shuffle(shuffled);
            CHECK(parcel_of(shuffled) == expected);
        }
    }
}

TEST_CASE("tracking: the word of one parcel") {
    struct Row {
        ParcelStatus status;
        std::string_view scan;
        std::string_view expected;
    };
    const Row rows[] = {
        {ParcelStatus::moving, "2026-11-20T00:00:00Z", "in_transit"},
        {ParcelStatus::moving, "2026-10-24T12:00:00.001Z", "in_transit"},
        {ParcelStatus::moving, "2026-10-24T12:00:00Z", "silent"},  // 30 days to the millisecond
        {ParcelStatus::label_only, "2026-11-20T00:00:00Z", "label_only"},
        {ParcelStatus::label_only, "2026-10-01T00:00:00Z", "silent"},
        {ParcelStatus::out_for_delivery, "2026-11-20T00:00:00Z", "out_for_delivery"},
        {ParcelStatus::out_for_delivery, "2026-10-01T00:00:00Z", "silent"},
        {ParcelStatus::pickup_waiting, "2026-11-20T00:00:00Z", "pickup_waiting"},
        {ParcelStatus::attempt_failed, "2026-11-20T00:00:00Z", "in_transit"},
        {ParcelStatus::delivered, "2026-10-01T00:00:00Z", "delivered"},
        {ParcelStatus::returning, "2026-11-20T00:00:00Z", "returned_to_sender"},
        {ParcelStatus::lost, "2026-11-20T00:00:00Z", "lost_in_transit"},
        {ParcelStatus::damaged, "2026-11-20T00:00:00Z", "damaged"},
        {ParcelStatus::held, "2026-11-20T00:00:00Z", "exception"},
        {ParcelStatus::silent, "2026-11-20T00:00:00Z", "silent"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expected);
        const auto tracking = tracking_of_numbers({parcel_at("A1", row.status, row.scan)});
        CHECK(tracking.word == row.expected);
        CHECK_FALSE(tracking.reason.empty());
    }
    CHECK(tracking_of_numbers({}).word == "no_tracking");
    CHECK(tracking_of_numbers({}, {"A1"}).word == "unknown");
}

TEST_CASE("several parcels") {
    const auto one = [](std::string number, ParcelStatus status) {
        return parcel_at(std::move(number), status);
    };
    using enum ParcelStatus;
    CHECK(tracking_of_numbers({one("A1", ParcelStatus::delivered), one("A2", moving)}).word ==
          "in_transit");
    CHECK_FALSE(
        tracking_of_numbers({one("A1", ParcelStatus::delivered), one("A2", moving)}).all_delivered);
    CHECK(tracking_of_numbers(
              {one("A1", ParcelStatus::delivered), one("A2", ParcelStatus::delivered)})
              .word == "delivered");
    CHECK(tracking_of_numbers({one("A1", moving), one("A2", returning)}).word ==
          "returned_to_sender");
    CHECK(tracking_of_numbers({one("A1", lost), one("A2", returning)}).word == "lost_in_transit");
    // One number is followed by nobody: it is not delivered, and on its way is more than unknown.
    CHECK(tracking_of_numbers({one("A1", ParcelStatus::delivered)}, {"A2"}).word == "unknown");
    CHECK(tracking_of_numbers({one("A1", moving)}, {"A2"}).word == "in_transit");
}

TEST_CASE("several parcels: a number that changed on the way is one parcel") {
    auto first =
        parcel_seen("A1", ParcelStatus::moving, {{"2026-11-01T00:00:00Z", ParcelStatus::moving}});
    first.last_mile_number = "B1";
    const auto begun = parcel_of({read_at(second_read, first)});
    CHECK(tracking_of_numbers({begun, parcel_at("B1", ParcelStatus::delivered)}).word ==
          "delivered");
    CHECK(tracking_of_numbers({begun}, {"B1"}).word == "in_transit");
}

}  // namespace holdfast::desk
