#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::ParcelSeen;
using desk::ParcelStatus;
using desk::Phase;
using desk::PurchaseSeen;

Money usd(std::int64_t cents) { return Money::of_minor(cents, Currency::usd); }
Instant at(const char* text) { return *parse_instant(text); }

PurchaseSeen read_order(std::string_view name) {
    const auto reading = read_sample("aliexpress/" + std::string(name));
    CHECK(reading.result.value().format == "aliexpress_order_api");
    CHECK(reading.rejects.empty());
    return reading.one<PurchaseSeen>();
}

std::string why(std::string_view name) {
    const auto reading = read_sample("aliexpress/" + std::string(name));
    CHECK(reading.observations.empty());
    return reading.result.value().why_no_orders;
}

}  // namespace

TEST_CASE("an order that ended by itself") {
    const auto order = read_order("ds_order_get_3099000000000101_finish_autoconfirmed.json");
    CHECK(order.reference == "3099000000000101");
    CHECK(order.created == seen_exactly(at("2026-08-21T01:05:11Z")));
    CHECK(order.paid == seen_exactly(at("2026-08-21T01:05:40Z")));
    CHECK(order.status == "FINISH");
    CHECK(order.phase == Phase::completed);
    CHECK(order.end_reason == "buyer_accept_goods_timeout");
    CHECK(order.total == usd(22'00));
    CHECK(order.ship_method == "CAINIAO_STANDARD");
    CHECK(order.store_name == "Demo Lantern Store");
    CHECK(order.lines[0].product_id == "1005000000000101");
    CHECK(order.lines[0].price == usd(18'90));
    CHECK(!order.ended);
    CHECK(!order.completed);
    CHECK(!order.promise);
}

TEST_CASE("FINISH has three meanings") {
    CHECK(read_order("ds_order_get_3099000000000102_finish_delivered.json").phase ==
          Phase::completed);
    const auto never = read_order("ds_order_get_3099000000000105_seller_never_shipped.json");
    CHECK(never.phase == Phase::cancelled);
    CHECK(never.end_reason == "seller_send_goods_timeout");
    CHECK(never.created == seen_exactly(at("2026-10-20T10:33:03Z")));
    CHECK(never.tracking_numbers.empty());
}

TEST_CASE("a single child as an object instead of a list") {
    const auto order = read_order("ds_order_get_3099000000000103_single_child_as_object.json");
    REQUIRE(order.lines.size() == 1);
    CHECK(order.lines[0].quantity == 2);
    CHECK(order.lines[0].phase == Phase::shipped);
    CHECK(order.tracking_numbers == std::vector<std::string>{"UB000101035CN"});
    CHECK(order.created == seen_exactly(at("2026-09-25T05:47:30Z")));
    CHECK(!order.paid);
}

TEST_CASE("children of which one was cancelled") {
    const auto order = read_order("ds_order_get_3099000000000106_mixed_children_one_canceled.json");
    CHECK(order.phase == Phase::shipped);
    CHECK(order.end_reason.empty());
    REQUIRE(order.lines.size() == 2);
    CHECK(order.lines[0].phase == Phase::shipped);
    CHECK(order.lines[1].phase == Phase::cancelled);
    CHECK(order.lines[1].end_reason == "CANCELED");
    CHECK(order.total == usd(73'00));
}

TEST_CASE("an order created in the repeated hour keeps both instants") {
    const auto order = read_order("ds_order_get_3099000000000107_dst_ambiguous_time.json");
    CHECK(order.created->kind == desk::SeenTime::Kind::repeated_hour);
    CHECK(order.created->at == at("2026-11-01T08:30:00Z"));
    CHECK(order.created->or_at == at("2026-11-01T09:30:00Z"));
    CHECK(order.phase == Phase::paid);
}

TEST_CASE("an unpaid order lapses at a known time") {
    const auto order = read_order("ds_order_get_3099000000000108_unpaid.json");
    CHECK(order.phase == Phase::unpaid);
    CHECK(order.pay_before == seen_exactly(at("2026-12-05T04:15:00Z")));
}

TEST_CASE("an answer without its order's id") {
    const auto named = read_sample("aliexpress/ds_order_get_3099000000000104_shipped_eur.json");
    CHECK(named.notes_say("3099000000000104 is taken from the file's name"));

    const auto nameless = read_sample("aliexpress/ds_order_get_flat_simplified.json");
    CHECK(nameless.result.value().format == "aliexpress_order_api");
    CHECK(nameless.observations.empty());
    REQUIRE(nameless.rejects.size() == 1);
    CHECK(contains(nameless.rejects[0].second, "holds no order id"));

    const auto inside =
        read_bytes(R"({"result":{"order_id":3099000000000103,"gmt_create":"2026-09-24 22:47:30",)"
                   R"("order_status":"finish","child_order_list":{}}})");
    CHECK(inside.one<PurchaseSeen>().phase == Phase::unknown);
    CHECK(inside.notes.empty());
}

TEST_CASE("details tell what is left of the current step") {
    const auto read = [](std::string_view name) {
        return read_sample("aliexpress/social_order_details_" + std::string(name),
                           at("2026-11-23T12:00:00Z"));
    };
    const auto left = read("3099000000000103_36h_left.json").one<PurchaseSeen>();
    CHECK(left.reference == "3099000000000103");
    CHECK(left.promise->at == at("2026-11-25T00:00:00Z"));
    CHECK(left.promise->confidence == desk::Confidence::high);
    CHECK(left.promise->basis == "answer time + rest of 129600000 ms");
    CHECK(left.can_extend == true);
    CHECK(left.in_dispute == false);
    CHECK(left.tracking_numbers == std::vector<std::string>{"UB000101035CN"});
    CHECK(left.lines.empty());

    const auto overdue = read("3099000000000101_overdue_negative.json");
    CHECK(overdue.one<PurchaseSeen>().promise->at == at("2026-11-21T03:10:00Z"));
    CHECK(overdue.notes.empty());

    const auto issue = read("3099000000000106_in_issue_null_time.json").one<PurchaseSeen>();
    CHECK(!issue.promise);
    CHECK(issue.in_dispute == true);
    CHECK(issue.status == "WAIT_BUYER_ACCEPT_GOODS");
    CHECK(issue.can_extend == false);

    CHECK(read_sample("aliexpress/social_order_details_3099000000000103_36h_left.json")
              .notes_say("the rest counts from the time of the answer"));
}

TEST_CASE("the same rest means another deadline in another step") {
    const auto read = [](std::string_view status) {
        return read_bytes(R"({"result":{"order_id":"3099000000000103","status":")" +
                          std::string(status) +
                          R"(","creation_time":"2026-09-24 22:47:30",)"
                          R"("over_time_milliseconds":3600000}})")
            .one<PurchaseSeen>();
    };
    const auto deadline = seen_exactly(at("2026-11-23T13:00:00Z"));
    CHECK(read("PLACE_ORDER_SUCCESS").pay_before == deadline);
    CHECK(read("WAIT_SELLER_SEND_GOODS").ship_by == deadline);
    CHECK(read("WAIT_BUYER_ACCEPT_GOODS").promise->at == deadline.at);
    const auto other = read("FUND_PROCESSING");
    CHECK(!other.pay_before);
    CHECK(!other.ship_by);
    CHECK(!other.promise);
}

TEST_CASE("the commission list") {
    const auto reading = read_sample("aliexpress/commission_orders_page1.json", {}, Currency::usd);
    CHECK(reading.result.value().format == "aliexpress_commission_list");
    const auto orders = reading.all<PurchaseSeen>();
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].total == usd(41'06));
    CHECK(orders[0].phase == Phase::paid);
    CHECK(orders[0].lines[0].line_id == "3099000000000113");
    CHECK(orders[0].destination == "US");
    CHECK(!orders[0].completed);
    CHECK(orders[1].completed == seen_exactly(at("2026-09-15T09:10:00Z")));
    CHECK(orders[1].phase == Phase::completed);
    CHECK(read_sample("aliexpress/commission_orders_page1.json").notes_say("name no currency"));
}

TEST_CASE("a dispute as the seller sees it") {
    const auto reading = read_sample("aliexpress/issue_detail_seller_side.json");
    CHECK(reading.result.value().format == "aliexpress_issue_api");
    const auto order = reading.one<PurchaseSeen>();
    CHECK(order.reference == "3099000000000106");
    CHECK(order.in_dispute == true);
    CHECK(order.phase == Phase::disputed);
    REQUIRE(order.disputes.size() == 1);
    const auto& dispute = order.disputes[0];
    CHECK(dispute.dispute_id == "6600000000000001");
    CHECK(dispute.line_id == "3099000000000116");
    CHECK(dispute.reason == "not_received");
    CHECK(dispute.opened == seen_exactly(at("2026-11-10T12:05:06Z")));
    CHECK(dispute.requested == usd(39'00));
    CHECK(dispute.maximum == usd(39'00));
    CHECK(!dispute.answered);
    CHECK(!dispute.ended);
}

TEST_CASE("an answer's status that we do not know is told") {
    const auto order =
        read_bytes(R"({"result":{"gmt_create":"2026-09-24 10:00:00","order_status":"A_NEW_STATUS",)"
                   R"("order_id":"3099000000000103"}})");
    REQUIRE(order.notes.size() == 1);
    CHECK(order.notes[0].first.column == "/result/order_status");
    CHECK(order.notes[0].second == "\"A_NEW_STATUS\" is no status we know");
    CHECK(read_bytes(R"({"result":{"creation_time":"2026-09-24 10:00:00","show_status":"",)"
                     R"("status":"A_NEW_STATUS","order_id":"3099000000000103"}})")
              .notes_say("is no status we know"));
    CHECK(read_bytes(R"({"message_type":53,"timestamp":"1795435200000",)"
                     R"("data":{"orderId":"3099000000000103","orderStatus":"OrderMoved"}})")
              .notes_say("\"OrderMoved\" is no status we know"));
}

TEST_CASE("a push message is a hint with its own time") {
    const auto reading = read_sample("aliexpress/push_dropshipper_order_status_update.json");
    CHECK(reading.result.value().format == "aliexpress_push");
    CHECK(reading.one<PurchaseSeen>().phase == Phase::shipped);
    CHECK(reading.observations[0].origin.seen_at == at("2026-09-26T00:00:05Z"));
    CHECK(reading.notes_say("only a hint"));
}

TEST_CASE("the order page's own data") {
    const auto reading = read_sample("aliexpress/web_order_list_capture.json");
    CHECK(reading.result.value().format == "aliexpress_web_list");
    const auto orders = reading.all<PurchaseSeen>();
    REQUIRE(orders.size() == 3);
    CHECK(orders[0].total == usd(41'06));
    CHECK(orders[0].created == seen_day(*parse_day("2026-09-25")));
    CHECK(orders[1].total == Money::of_minor(22'00, Currency::eur));
    CHECK(orders[1].lines[0].price == Money::of_minor(18'90, Currency::eur));
    CHECK(orders[2].total == Money::of_minor(11110, Currency::krw));
    CHECK(orders[2].phase == Phase::cancelled);

    const auto empty = read_bytes(R"({"data":{"data":{"pc_om_list_body_1":{"fields":{}}}}})");
    CHECK(contains(empty.result.value().why_no_orders, "signed out"));
}

TEST_CASE("refusals of the gateway say what to do") {
    CHECK(contains(why("ds_order_get_error_not_owner.json"), "another account"));
    CHECK(contains(why("gateway_error_bad_token.json"), "IllegalAccessToken"));
    CHECK(contains(why("gateway_error_bad_token.json"), "sign in again"));
    CHECK(contains(why("gateway_error_no_wrapper.json"), "IncompleteSignature"));
    CHECK(contains(why("gateway_error_rate_limit.json"), "wait 1 s"));
    const auto inside = read_bytes(
        R"({"aliexpress_trade_ds_order_get_response":{"rsp_code":"404","rsp_msg":"no order"}})");
    CHECK(inside.result.value().format == "aliexpress_error");
    CHECK(contains(inside.result.value().why_no_orders, "404 (no order)"));
    CHECK(read_sample("aliexpress/request_trade_ds_order_get.http").result.value().format ==
          "http_request");
}

TEST_CASE("tracking of an order with one parcel") {
    const auto reading = read_sample("aliexpress/ds_tracking_3099000000000103_wrapped.json");
    CHECK(reading.result.value().format == "aliexpress_tracking_api");
    const auto parcel = reading.one<ParcelSeen>();
    CHECK(parcel.tracking_number == "UB000101035CN");
    CHECK(parcel.purchase_system == "aliexpress");
    CHECK(parcel.purchase_reference == "3099000000000103");
    CHECK(parcel.status == ParcelStatus::moving);
    CHECK(parcel.expected_by == at("2026-11-09T00:00:00Z"));
    CHECK(parcel.product_ids == std::vector<std::string>{"1005000000000103"});
    REQUIRE(parcel.scans.size() == 4);
    CHECK(parcel.scans[0].at == seen_exactly(at("2026-10-12T12:00:00Z")));
    CHECK(parcel.scans[3].status == ParcelStatus::label_only);  // the order's own entry
}

TEST_CASE("two parcels, one of them listed twice") {
    const auto reading =
        read_sample("aliexpress/ds_tracking_3099000000000106_flat_two_packages.json");
    const auto parcels = reading.all<ParcelSeen>();
    REQUIRE(parcels.size() == 2);
    CHECK(parcels[0].tracking_number == "LX000101066CN");
    CHECK(parcels[0].scans.size() == 1);
    CHECK(parcels[0].status ==
          ParcelStatus::moving);  // "delivered to local carrier" is no delivery
    CHECK(parcels[1].tracking_number == "YT2600000000000106");
    CHECK(parcels[1].purchase_reference == "3099000000000106");
    CHECK(reading.notes_say("free text"));
}

TEST_CASE("no tracking yet is no error") {
    CHECK(contains(why("ds_tracking_not_found.json"), "TRACKING DATA NOT FOUND"));
    CHECK(contains(why("ds_tracking_empty_lines.json"), "no parcel"));
}

TEST_CASE("the older tracking answer has clocks of unknown places") {
    const auto reading = read_sample("aliexpress/logistics_ds_trackinginfo_query_legacy.json");
    CHECK(reading.result.value().format == "aliexpress_tracking_legacy");
    const auto parcel = reading.one<ParcelSeen>();
    CHECK(parcel.tracking_number == "RR000101021CN");
    CHECK(parcel.status == ParcelStatus::delivered);
    CHECK(parcel.delivered == seen_somewhere(*parse_local("2026-09-14 11:41:00")));
    CHECK(parcel.delivered->at == at("2026-09-13T21:41:00Z"));
    CHECK(parcel.delivered->or_at == at("2026-09-14T23:41:00Z"));
    CHECK(parcel.scans.size() == 2);
}

}  // namespace holdfast::formats
