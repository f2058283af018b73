// Evidence on the wire: what a request may say, and how it is shown.
#include "api/evidence_view.h"
#include "order/evolve.h"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::string>;

const IdBytes order_bytes = *parse_base32("01kjma0fm057ebe6p38y71tzxa");
const std::string content(64, '0');

struct Read {
    order::SubmitEvidence submit;
    Lines faults;
};

Read read(const std::string& text) {
    Reading reading;
    const auto body = json::parse(text).as_object();
    Members members(body, "", reading);
    Read read{.submit = read_evidence(members, {.stream = order_bytes, .number = 2}), .faults = {}};
    members.done();
    for (const auto& fault : reading.faults)
        read.faults.push_back(fault.pointer + " " + fault.code);
    return read;
}

std::string thing(std::string_view prefix, std::uint64_t number) {
    return thing_id(prefix, order_bytes, number);
}

}  // namespace

TEST_CASE("evidence: what is wrong is named by its place") {
    const auto file = R"("content":")" + content + "\"";
    struct Row {
        std::string body;
        Lines faults;
    };
    const Row rows[] = {
        {R"({"kind":"photo",)" + file + "}", {}},
        {"{}", {"/kind missing"}},
        {"{" + file + "}", {"/kind missing"}},
        {R"({"kind":"hearsay",)" + file + "}", {"/kind invalid"}},
        {R"({"kind":"photo"})", {"/content missing"}},
        {R"({"kind":"photo","content":"0"})", {"/content invalid"}},
        {R"({"kind":"photo",)" + file + R"(,"record":{"carrier":"dhl","reference":"r"}})",
         {"/record/carrier not_fitting", "/record/reference not_fitting"}},
        {R"({"kind":"tracking",)" + file + "}",
         {"/content not_fitting", "/record/tracking_number missing"}},
        {R"({"kind":"signature"})", {"/record/delivered_at missing"}},
        {R"({"kind":"tracking","record":{"tracking_number":"R R"}})",
         {"/record/tracking_number invalid"}},
        {R"({"kind":"tracking","record":{"tracking_number":""}})",
         {"/record/tracking_number too_short"}},
        {R"({"kind":"tracking","record":{"tracking_number":"R","note":"?"}})",
         {"/record/note unknown"}},
        {R"({"kind":"tracking","record":[]})", {"/record wrong_type"}},
        {R"({"kind":"tracking","record":{"tracking_number":"R","shipment_id":"dsp_1"}})",
         {"/record/shipment_id invalid"}},
        {R"({"kind":"police_report","record":{"reference":"a b"}})", {"/record/reference invalid"}},
        {R"({"kind":"invoice","record":{"amount":{"amount":0,"currency":"EUR"}}})",
         {"/record/amount/amount too_small"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.body);
        CHECK(read(row.body).faults == row.faults);
    }
}

TEST_CASE("evidence: every member is read, and shown as it was sent") {
    const auto sent = json::parse(
        R"({"carrier":"dhl","tracking_number":"RR1","delivered_at":"2026-03-09T09:30:00.000Z","shipment_id":")" +
        thing("shp", 3) + "\"}");
    const auto delivery =
        read(R"({"kind":"proof_of_delivery","record":)" + json::serialize(sent) + "}");
    CHECK(delivery.faults.empty());
    CHECK(delivery.submit.dispute == order::DisputeNo{2});
    CHECK(delivery.submit.kind == Word("proof_of_delivery"));
    CHECK_FALSE(delivery.submit.content);
    CHECK(delivery.submit.record.shipment == order::ShipmentNo{3});
    CHECK(json::value(record_view(order_bytes, Currency::eur, delivery.submit.record)) == sent);

    const auto sum = json::parse(R"({"amount":{"amount":500,"currency":"EUR"},"instruction_id":")" +
                                 thing("ins", 1) + R"(","reference":"re_1"})");
    const auto refund =
        read(R"({"kind":"refund_confirmation","record":)" + json::serialize(sum) + "}");
    CHECK(refund.faults.empty());
    CHECK(json::value(record_view(order_bytes, Currency::eur, refund.submit.record)) == sum);
    const auto sent_at =
        json::parse(R"({"tracking_number":"R","shipped_at":"2026-03-09T09:30:00.000Z"})");
    const auto tracking = read(R"({"kind":"tracking","record":)" + json::serialize(sent_at) + "}");
    CHECK(json::value(record_view(order_bytes, Currency::eur, tracking.submit.record)) == sent_at);

    // What is another order's is nothing of this one.
    const auto other = read(R"({"kind":"tracking","record":{"tracking_number":"R",)"
                            R"("shipment_id":"shp_01kjma0fm057ebe6p38y71tzxb_1"}})");
    CHECK(other.submit.record.shipment == order::ShipmentNo{0});
}

TEST_CASE("evidence: a claim that differs is shown with what is known") {
    const Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} +
                       std::chrono::hours{12}};
    order::Placement placement;
    placement.lines = {{.sku = "lamp", .quantity = 1, .unit_price = 4500}};
    engine::LiveOrder live;
    const auto fold = [&](order::Event event) {
        order::evolve(live.state, {.at = noon, .when = noon, .event = std::move(event)});
    };
    fold(order::Placed{placement});
    fold(order::Shipped{.shipment = {1}, .lines = {{{1}, 1}}, .tracking = "RR1", .carrier = "dhl"});
    fold(order::Scanned{.shipment = {1}, .kind = order::ScanKind::delivered});
    fold(order::DisputeOpened{.dispute = {1}, .lines = {{{1}, 1}}});
    fold(order::EvidenceSubmitted{.dispute = {1}, .kind = "note", .content = hash_of("a note")});
    const order::EvidenceRecord claim{.carrier = "ups",
                                      .delivered_at = noon + std::chrono::hours{1}};
    fold(order::EvidenceSubmitted{
        .dispute = {1},
        .by = order::Party::seller,
        .kind = "proof_of_delivery",
        .content = order::content_of(order::EvidenceKind::proof_of_delivery, claim),
        .record = claim});
    const order::Rules rules;
    const SeenTexts addresses;
    const auto shown = evidence_view(
        {.id = order_bytes, .live = live, .rules = rules, .ahead = {}, .addresses = addresses},
        order::DisputeNo{1});
    REQUIRE(shown.size() == 2);
    const auto& old = shown.at(0).as_object();
    CHECK(old.at("id").as_string() == thing("evd", 1));
    CHECK(old.at("kind").as_string() == "note");
    CHECK(old.at("has_file").as_bool());
    CHECK_FALSE(old.contains("record"));
    CHECK_FALSE(old.contains("differs_from_order"));
    const auto& claimed = shown.at(1).as_object();
    CHECK(claimed.at("id").as_string() == thing("evd", 2));
    CHECK_FALSE(claimed.at("has_file").as_bool());
    CHECK(claimed.at("record") ==
          json::parse(R"({"carrier":"ups","delivered_at":"2026-01-05T13:00:00.000Z"})"));
    CHECK(claimed.at("differs_from_order") ==
          json::parse(R"({"carrier":"dhl","delivered_at":"2026-01-05T12:00:00.000Z"})"));
}

}  // namespace holdfast::api
