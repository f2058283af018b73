#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::ParcelSeen;
using desk::ParcelStatus;

Instant at(const char* text) { return *parse_instant(text); }

Reading read_tracker(std::string_view name) { return read_sample("tracking/" + std::string(name)); }

}  // namespace

TEST_CASE("AfterShip: a parcel that went back") {
    const auto reading = read_tracker("aftership_tracking_update.body.json");
    CHECK(reading.result.value().format == "aftership");
    CHECK(reading.observations[0].origin.seen_at == at("2026-11-15T07:02:11Z"));
    const auto parcel = reading.one<ParcelSeen>();
    CHECK(parcel.tracking_number == "LP000101049CN");
    CHECK(parcel.purchase_reference == "3099000000000104");
    CHECK(parcel.status == ParcelStatus::returning);
    CHECK(parcel.raw_status == "Exception_011");
    CHECK(parcel.carrier == "cainiao");
    CHECK(parcel.last_mile_number == "3SDEMO0000104");
    CHECK(parcel.shipped == seen_somewhere(*parse_local("2026-10-04T14:00:00")));
    CHECK(!parcel.delivered);
    CHECK(!parcel.stopped);
    REQUIRE(parcel.scans.size() == 3);
    CHECK(parcel.scans[1].at == seen_exactly(at("2026-11-08T08:30:00Z")));
    CHECK(parcel.scans[1].status == ParcelStatus::attempt_failed);
    CHECK(parcel.scans[2].at == seen_day(*parse_day("2026-11-15")));  // midnight of no zone
    CHECK(parcel.scans[2].status == ParcelStatus::returning);
}

TEST_CASE("AfterShip: delivered") {
    const auto parcel =
        read_tracker("aftership_delivered_date_only_variants.json").one<ParcelSeen>();
    CHECK(parcel.status == ParcelStatus::delivered);
    CHECK(parcel.delivered == seen_exactly(at("2026-09-14T09:41:00Z")));
    CHECK(parcel.purchase_reference.empty());  // its order_id is the store's
    CHECK(parcel.stopped);
}

TEST_CASE("17TRACK: a parcel that went back, with a new number at the last carrier") {
    const auto reading = read_tracker("17track_updated_exception_returned.body.json");
    CHECK(reading.result.value().format == "17track");
    CHECK(reading.observations[0].origin.seen_at == at("2026-11-23T11:00:00Z"));
    const auto parcel = reading.one<ParcelSeen>();
    CHECK(parcel.purchase_reference == "3099000000000104");
    CHECK(parcel.status == ParcelStatus::returning);
    CHECK(parcel.shipped == seen_exactly(at("2026-10-04T06:00:00Z")));
    CHECK(parcel.carrier == "Cainiao");
    CHECK(parcel.last_mile_number == "3SDEMO0000104");
    REQUIRE(parcel.scans.size() == 3);
    CHECK(parcel.scans[0].at == seen_exactly(at("2026-11-15T07:00:00Z")));
    CHECK(parcel.scans[0].status == ParcelStatus::returning);
    CHECK(parcel.scans[1].status == ParcelStatus::attempt_failed);
}

TEST_CASE("17TRACK: a place as an object, a time without zone") {
    const auto parcel = read_tracker("17track_updated_delivered_location_object_missing_zone.json")
                            .one<ParcelSeen>();
    CHECK(parcel.status == ParcelStatus::delivered);
    CHECK(parcel.delivered == seen_exactly(at("2026-09-14T09:41:00Z")));
    CHECK(parcel.shipped == seen_day(*parse_day("2026-08-24")));
    CHECK(parcel.scans[0].text == "Delivered, Stockholm, SE");
    CHECK(parcel.scans[1].at == seen_day(*parse_day("2026-08-24")));
}

TEST_CASE("17TRACK: nothing known, no longer followed, asked for several") {
    const auto nothing = read_tracker("17track_notfound_latest_event_null.json").one<ParcelSeen>();
    CHECK(nothing.status == ParcelStatus::unknown);
    CHECK(nothing.scans.empty());
    CHECK(!nothing.stopped);

    const auto stopped = read_tracker("17track_stopped.json").one<ParcelSeen>();
    CHECK(stopped.stopped);
    CHECK(stopped.purchase_reference == "3099000000000101");

    const auto several = read_tracker("17track_gettrackinfo_accepted_rejected.json");
    const auto parcel = several.one<ParcelSeen>();
    CHECK(parcel.tracking_number == "UB000101035CN");
    CHECK(parcel.status == ParcelStatus::moving);
    CHECK(parcel.scans[0].at == seen_exactly(at("2026-10-12T12:00:00Z")));
    REQUIRE(several.rejects.size() == 2);
    CHECK(several.rejects[0].first.column == "/data/rejected/0");
    CHECK(contains(several.rejects[0].second, "LX000101066CN"));
    CHECK(several.result.value().records == 3);
}

TEST_CASE("Cainiao's page data") {
    const auto reading = read_tracker("cainiao_detail_unofficial.json");
    CHECK(reading.result.value().format == "cainiao_detail");
    const auto parcels = reading.all<ParcelSeen>();
    REQUIRE(parcels.size() == 2);
    CHECK(parcels[0].status == ParcelStatus::moving);
    CHECK(parcels[0].raw_status == "DELIVERING");
    CHECK(parcels[0].scans[1].at == seen_exactly(at("2026-09-26T00:00:00Z")));
    CHECK(parcels[0].expected_by == at("2026-11-12T00:00:00Z"));
    CHECK(parcels[1].status == ParcelStatus::unknown);
}

TEST_CASE("the table of states") {
    struct Row {
        const char* aftership_tag;
        const char* aftership_subtag;
        const char* track17;
        ParcelStatus expected;
    };
    // clang-format off
    const Row rows[] = {
        {"Pending",            "Pending_001",            "NotFound_InvalidCode",        ParcelStatus::unknown},
        {"InfoReceived",       "InfoReceived_001",       "InfoReceived",                ParcelStatus::label_only},
        {"InTransit",          "InTransit_007",          "InTransit_CustomsProcessing", ParcelStatus::moving},
        {"OutForDelivery",     "OutForDelivery_001",     "OutForDelivery_Other",        ParcelStatus::out_for_delivery},
        {"AvailableForPickup", "AvailableForPickup_001", "AvailableForPickup_Other",    ParcelStatus::pickup_waiting},
        {"AttemptFail",        "AttemptFail_003",        "DeliveryFailure_NoBody",      ParcelStatus::attempt_failed},
        {"Delivered",          "Delivered_005",          "Delivered_Other",             ParcelStatus::delivered},
        {"Exception",          "Exception_010",          "Exception_Returning",         ParcelStatus::returning},
        {"Exception",          "Exception_011",          "Exception_Returned",          ParcelStatus::returning},
        {"Exception",          "Exception_013",          "Exception_Lost",              ParcelStatus::lost},
        {"Exception",          "Exception_012",          "Exception_Damage",            ParcelStatus::damaged},
        {"Exception",          "Exception_004",          "Exception_Held",              ParcelStatus::held},
        {"Exception",          "Exception_018",          "Exception_Rejected",          ParcelStatus::held},
        {"Expired",            "Expired_001",            "Expired_Other",               ParcelStatus::silent},
        {"SomethingNew",       "SomethingNew_001",       "SomethingNew_Other",          ParcelStatus::unknown},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.track17);
        const auto aftership =
            read_bytes(std::string(R"({"tracking_number":"A1","slug":"x","tag":")") +
                       row.aftership_tag + R"(","subtag":")" + row.aftership_subtag + R"("})");
        CHECK(aftership.one<ParcelSeen>().status == row.expected);
        const auto track17 = read_bytes(
            std::string(R"({"event":"TRACKING_UPDATED","data":{"number":"A1","track_info":)") +
            R"({"latest_status":{"sub_status":")" + row.track17 + R"("}}}})");
        CHECK(track17.one<ParcelSeen>().status == row.expected);
    }
}

TEST_CASE("a number with a wrong check digit is told, not refused") {
    const auto reading =
        read_bytes(R"({"tracking_number":"RR123456789CN","slug":"x","tag":"Pending"})");
    CHECK(reading.one<ParcelSeen>().tracking_number == "RR123456789CN");
    CHECK(reading.notes_say("check digit"));
}

}  // namespace holdfast::formats
