// How parcels came in, by a history of two dozen of them, as a person asks for it.

#include "cli_fixture.h"

#include <cstdint>
#include <string>

namespace holdfast::test {
namespace {

const std::string at = " --at 2026-11-23T12:00:00Z";

std::string order(int n) { return "30990000000007" + std::to_string(10 + n); }
std::string number(int n) { return "LB0001011" + std::to_string(10 + n) + "CN"; }

// All but one left on the first of September. The first 20 came on the 11th to 30th, one went back,
// and three were never seen after the 9th. The last one left twelve days ago.
constexpr int came = 20, all = 25, young = all - 1;

std::string left(int n) { return n == young ? "2026-11-11T08:00:00Z" : "2026-09-01T08:00:00Z"; }

std::string shipments() {
    std::string text =
        "supplier_order_id,shipped_at_utc,commit_days,ship_time_source,tracking_number\n";
    for (int n = 0; n < all; ++n)
        text += order(n) + "," + left(n) + ",90,carrier first scan," + number(n) + "\n";
    return text;
}

json::object event(const std::string& time, const char* text, const char* stage) {
    return {{"time_utc", time}, {"time_iso", time}, {"description", text}, {"stage", stage}};
}

std::string trackings() {
    json::array accepted;
    for (int n = 0; n < all; ++n) {
        const bool has_come = n < came, is_back = n == came;
        const auto last = has_come     ? event("2026-09-" + std::to_string(11 + n) + "T08:00:00Z",
                                               "Delivered", "Delivered")
                          : is_back    ? event("2026-10-20T08:00:00Z", "Returning", "Returning")
                          : n == young ? event("2026-11-19T08:00:00Z", "Departed", "Departure")
                                       : event("2026-09-09T08:00:00Z", "Departed", "Departure");
        const char* status = has_come ? "Delivered" : is_back ? "Exception" : "InTransit";
        const char* more = has_come  ? "Delivered_Other"
                           : is_back ? "Exception_Returning"
                                     : "InTransit_Departure";
        const json::array events{last, event(left(n), "Picked up", "PickedUp")};
        accepted.push_back(
            {{"number", number(n)},
             {"carrier", 3011},
             {"track_info",
              {{"latest_status", {{"status", status}, {"sub_status", more}}},
               {"latest_event", last},
               {"tracking", {{"providers", json::array{json::object{{"events", events}}}}}}}}});
    }
    return json::serialize(
        json::object{{"code", 0}, {"data", {{"accepted", accepted}, {"rejected", json::array{}}}}});
}

void fill(const Folder& folder) {
    folder.write("shipments.csv", shipments());
    folder.write("tracking.json", trackings());
    const auto ran = folder.run("import shipments.csv tracking.json" + at);
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
}

}  // namespace

TEST_CASE("arrival: the lanes of a history, on the screen, as JSON and in a file") {
    const Folder folder;
    fill(folder);
    const auto lanes = json_of(folder.run("arrival --json" + at)).at("lanes").as_array();
    REQUIRE(lanes.size() == 1);
    const auto& lane = lanes.at(0);
    CHECK(lane.at("origin").as_string() == "CN");
    CHECK(lane.at("journeys").as_int64() == all);
    CHECK(lane.at("arrived").as_int64() == came);
    CHECK(lane.at("lost").as_int64() == 1);
    CHECK(lane.at("half_days").as_int64() == 19);
    const auto text = folder.run("arrival" + at);
    CHECK(text.code == 0);
    CHECK(widest_line(text.out) <= 80);
    CHECK(holds(text.out, "9 of 10 by"));
    CHECK(folder.run("arrival --out lanes.csv" + at).code == 0);
    CHECK(holds(read_text(folder.file("lanes.csv")), "half by day"));
}

TEST_CASE("arrival: the chance of one parcel, wherever it is asked for") {
    const Folder folder;
    fill(folder);
    const std::string early = " --at 2026-09-09T12:00:00Z";
    const auto asked = json_of(folder.run("arrival --json " + order(3) + early));
    CHECK(asked.at("purchases").at(0).at("chances").as_array().empty());  // nothing had come yet
    const auto late = json_of(folder.run("arrival --json " + order(young) + at));
    const auto& chances = late.at("purchases").at(0).at("chances").as_array();
    REQUIRE(chances.size() == 5);
    const auto at_all = chances.at(4).at("likely").as_int64();
    for (const auto& one : chances) {
        CHECK(one.at("likely").as_int64() <= at_all);
        CHECK(one.at("low").as_int64() <= one.at("likely").as_int64());
        CHECK(one.at("likely").as_int64() <= one.at("high").as_int64());
    }
    CHECK(chances.at(4).at("within_days").is_null());
    const auto row = json_of(folder.run("scan --json --all" + at));
    bool found = false;
    for (const auto& item : row.at("items").as_array())
        if (item.at("reference").as_string() == order(young)) {
            found = true;
            CHECK(item.at("arrival").at("likely") == chances.at(4).at("likely"));
        } else if (item.at("reference").as_string() == order(0)) {
            CHECK(item.at("arrival").is_null());  // it came
        }
    CHECK(found);
    const auto where = json_of(folder.run("whereis --json " + order(young) + at));
    CHECK(where.at("purchases").at(0).at("arrival").at("sample").as_int64() > 0);
    CHECK(folder.run("arrival 123" + at).code == 5);
}

TEST_CASE("arrival: whether chances came true, and that a short history cannot say") {
    const Folder folder;
    fill(folder);
    const auto found = json_of(folder.run("arrival --json --calibration --within 20" + at));
    CHECK(found.at("within_days").as_int64() == 20);
    CHECK(found.at("tenths").as_array().size() == 10);
    CHECK(holds(folder.run("arrival --calibration --within 365" + at).out, "too short"));
    CHECK(folder.run("arrival --calibration --within 0" + at).code == 2);
}

}  // namespace holdfast::test
