#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::Phase;
using desk::PurchaseSeen;

Money usd(std::int64_t cents) { return Money::of_minor(cents, Currency::usd); }
Instant at(const char* text) { return *parse_instant(text); }

}  // namespace

TEST_CASE("the exporter with a repeated header, line breaks and an order of two rows") {
    const auto reading = read_sample("aliexpress/order_exporter_30col.csv");
    REQUIRE(reading.result);
    CHECK(reading.result->format == "aliexpress_exporter_csv");
    CHECK(reading.result->records == 5);
    CHECK(reading.rejects.empty());
    CHECK(reading.notes.empty());

    const auto orders = reading.all<PurchaseSeen>();
    REQUIRE(orders.size() == 4);
    const auto& lantern = orders[0];
    CHECK(lantern.system == "aliexpress");
    CHECK(lantern.reference == "3099000000000101");
    CHECK(lantern.created == seen_day(*parse_day("2026-08-20")));
    CHECK(lantern.status == "Completed");
    CHECK(lantern.phase == Phase::completed);
    CHECK(lantern.total == usd(22'00));
    CHECK(lantern.store_name == "Demo Lantern Store");
    CHECK(lantern.tracking_numbers == std::vector<std::string>{"LB000101018CN"});
    CHECK(lantern.lines[0].title == "Brass Lantern, Hexagon \"Vintage\" 20cm");
    CHECK(lantern.lines[0].product_id == "1005000000000101");
    CHECK(lantern.lines[0].price == usd(18'90));

    const auto& throws = orders[3];
    CHECK(throws.reference == "3099000000000106");
    CHECK(throws.total == usd(73'00));
    REQUIRE(throws.lines.size() == 2);
    CHECK(throws.lines[1].product_id == "1005000000000107");
    CHECK(throws.tracking_numbers == std::vector<std::string>{"LX000101066CN"});

    const auto& origin = reading.observations[1].origin;
    CHECK(origin.line == 4);  // the record before it took two lines
    CHECK(origin.file == "order_exporter_30col.csv");
    CHECK(origin.seen_at == sample_now);
}

TEST_CASE("the exporter with semicolons, BOM, CRLF and localised texts") {
    const auto reading =
        read_sample("aliexpress/order_exporter_30col_semicolon_bom_crlf_localized.csv",
                    at("2026-11-20T00:00:00Z"));
    REQUIRE(reading.result);
    CHECK(contains(reading.result->description, "separated by \";\""));
    CHECK(reading.result->records == 3);

    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].first.line == 4);
    CHECK(reading.rejects[0].first.column == "Order Id");
    CHECK(contains(reading.rejects[0].second, "damaged by a spreadsheet"));

    const auto orders = reading.all<PurchaseSeen>();
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].total == Money::of_minor(1036'21, Currency::eur));
    CHECK(orders[0].created == seen_day(*parse_day("2026-10-02")));
    CHECK(orders[0].phase == Phase::shipped);
    CHECK(orders[0].status == "En attente de livraison");
    CHECK(orders[1].total == Money::of_minor(11110, Currency::krw));
    CHECK(reading.observations[0].origin.seen_at == at("2026-11-20T00:00:00Z"));
}

TEST_CASE("the shopper inventory as CSV and as JSON") {
    const auto csv = read_sample("aliexpress/shopper_inventory.csv");
    const auto orders = csv.all<PurchaseSeen>();
    REQUIRE(orders.size() == 3);
    CHECK(csv.result->format == "aliexpress_shopper_csv");
    CHECK(orders[0].lines[0].quantity == 2);
    CHECK(orders[0].lines[0].sku == "12000000000000103");
    CHECK(orders[1].lines[0].price == usd(1018'90));
    CHECK(orders[2].lines[0].price == Money::of_minor(129'46, Currency::pln));
    CHECK(orders[2].phase == Phase::cancelled);
    CHECK(!orders[0].total);

    const auto json = read_sample("aliexpress/shopper_inventory.json");
    CHECK(json.result.value().format == "aliexpress_shopper_json");
    const auto order = json.one<PurchaseSeen>();
    CHECK(order.reference == "3099000000000103");
    CHECK(order.lines[0].line_id == "3099000000000113");
    CHECK(order.lines[0].price == usd(19'03));
    // Its two dates are a day apart; the order was made on one of them.
    CHECK(order.created->at == at("2026-09-23T10:00:00Z"));
    CHECK(order.created->or_at == at("2026-09-26T12:00:00Z"));
    CHECK(json.observations[0].origin.seen_at == at("2026-11-23T12:00:00Z"));
}

TEST_CASE("the copy of account data, the only file with end reasons") {
    const auto reading =
        read_sample("aliexpress/account_data_backup_orders.csv", {}, Currency::usd);
    REQUIRE(reading.result);
    CHECK(reading.result->format == "aliexpress_account_csv");
    const auto orders = reading.all<PurchaseSeen>();
    REQUIRE(orders.size() == 3);

    const auto& confirmed = orders[0];
    CHECK(confirmed.reference == "3099000000000101");
    CHECK(confirmed.lines[0].line_id == "3099000000000111");
    CHECK(confirmed.created == seen_exactly(at("2026-08-21T01:05:11Z")));
    CHECK(confirmed.paid == seen_exactly(at("2026-08-21T01:05:40Z")));
    CHECK(confirmed.ended == seen_exactly(at("2026-11-21T03:10:00Z")));
    CHECK(confirmed.completed == confirmed.ended);
    CHECK(confirmed.end_reason == "buyer_accept_goods_timeout");
    CHECK(confirmed.phase == Phase::completed);
    CHECK(confirmed.total == usd(22'00));
    CHECK(confirmed.lines[0].price == usd(18'90));

    CHECK(orders[1].ended == seen_exactly(at("2026-10-31T10:33:10Z")));
    CHECK(!orders[1].completed);
    CHECK(orders[1].phase == Phase::cancelled);
    CHECK(!orders[2].paid);
    CHECK(orders[2].phase == Phase::unpaid);
}

TEST_CASE("cents of no named currency are left out, and told once") {
    const auto reading = read_sample("aliexpress/account_data_backup_orders.csv");
    CHECK(!reading.all<PurchaseSeen>()[0].total);
    REQUIRE(reading.notes.size() == 1);
    CHECK(reading.notes_say("name no currency"));
}

TEST_CASE("a status that we do not know is told once, with its rows") {
    const auto exported = read_bytes(
        "Order Id,Order date,Order Status,Currency,Item title,Total price\n"
        "3099000000000101,2026-10-03,Refunded,USD,Cable,31.00\n"
        "3099000000000101,2026-10-03,Refunded,USD,Cable,31.00\n"
        "3099000000000102,2026-10-03,Shipped,USD,Cable,31.00\n"
        "3099000000000103,2026-10-03,,USD,Cable,31.00\n"
        "3099000000000104,2026-10-03,Gibberish,USD,Cable,31.00\n");
    REQUIRE(exported.notes.size() == 2);
    CHECK(exported.notes[0].first.column == "Order Status");
    CHECK(exported.notes[0].second == "\"Refunded\" is no status we know (2 rows)");
    CHECK(exported.notes[1].second == "\"Gibberish\" is no status we know");

    std::string many = "Order Id,Order date,Order Status,Currency,Item title,Total price\n";
    for (int i = 0; i < 30; ++i)
        many += "3099000000000101,2026-10-03,word " + std::to_string(i) + ",USD,Cable,31.00\n";
    const auto odd = read_bytes(many);
    CHECK(odd.notes.size() == 21);
    CHECK(odd.notes_say("further statuses that we do not know: 10 records"));

    const auto copy = read_bytes(
        "order_id,parent_orderid,gmt_create_order_time,order_status,end_reason\n"
        "3099000000000301,3099000000000300,2026-08-20 18:05:11,FINISH,a_new_reason\n"
        "3099000000000302,3099000000000300,2026-08-20 18:05:11,A_NEW_STATUS,\n");
    REQUIRE(copy.notes.size() == 2);
    CHECK(copy.notes[0].first.column == "end_reason");
    CHECK(copy.notes[1].first.column == "order_status");

    const auto json = read_bytes(
        R"([{"orderId":"3099000000000103","productId":"1005000000000103","orderDate":"2026-09-24",)"
        R"("status":"Gibberish","timestamp":"1795435200000"}])");
    CHECK(json.notes_say("\"Gibberish\" is no status we know"));
}

TEST_CASE("children of one order that ended differently") {
    const auto order =
        read_bytes(
            "order_id,parent_orderid,gmt_create_order_time,order_status,end_reason,"
            "gmt_trade_end_time\n"
            "3099000000000301,3099000000000300,2026-08-20 18:05:11,FINISH,CANCELED,"
            "2026-08-21 00:00:00\n"
            "3099000000000302,3099000000000300,2026-08-20 18:05:11,FINISH,buyer_accept_goods,"
            "2026-09-21 00:00:00\n")
            .one<PurchaseSeen>();
    CHECK(order.phase == Phase::completed);
    CHECK(order.end_reason.empty());
    CHECK(order.ended == seen_exactly(at("2026-09-21T07:00:00Z")));
    CHECK(order.lines[0].phase == Phase::cancelled);
    CHECK(order.lines[1].phase == Phase::completed);
}

TEST_CASE("links and shipments that people give") {
    const auto links = read_sample("scenario/links.csv");
    CHECK(links.result.value().format == "scenario_links_csv");
    const auto all = links.all<desk::LinkSeen>();
    REQUIRE(all.size() == 7);
    CHECK(all[1].sale_reference == "#1051");
    CHECK(all[1].sale_sku == "JW-RUNNER-40");
    CHECK(all[1].sale_quantity == 2);
    CHECK(all[1].purchase_reference == "3099000000000102");
    CHECK(all[1].purchase_product_id == "1005000000000102");
    CHECK(all[1].how == desk::LinkSeen::How::given);

    const auto shipments = read_sample("scenario/shipments.csv");
    CHECK(shipments.result.value().format == "scenario_shipments_csv");
    const auto orders = shipments.all<PurchaseSeen>();
    REQUIRE(orders.size() == 4);
    CHECK(orders[0].shipped == seen_exactly(at("2026-08-23T03:10:00Z")));
    CHECK(orders[0].shipped_basis == "carrier first scan");
    CHECK(orders[0].commit_days == 90);
    REQUIRE(orders[0].promise);
    CHECK(orders[0].promise->at == at("2026-11-21T03:10:00Z"));
    CHECK(orders[0].promise->confidence == desk::Confidence::high);
    CHECK(orders[1].promise->at == at("2026-11-25T00:00:00Z"));
    CHECK(orders[2].promise->at == at("2026-12-18T06:00:00Z"));
    CHECK(!orders[3].promise);
    CHECK(!orders[3].commit_days);
}

TEST_CASE("shipments with other names of columns") {
    const auto reading = read_bytes(
        "order_id;shipped_at;days;tracking\n"
        "3099000000000101;2026-08-23;90;lb 000101018 cn\n"
        "3099000000000102;2026-08-23T03:10:00Z;0;\n"
        "3099000000000103;2026-08-23T03:10:00Z;ninety;\n");
    const auto order = reading.one<PurchaseSeen>();
    CHECK(order.promise->at == at("2026-11-20T10:00:00Z"));  // from the earliest it can mean
    CHECK(order.promise->confidence == desk::Confidence::medium);
    CHECK(order.tracking_numbers == std::vector<std::string>{"LB000101018CN"});
    CHECK(reading.rejects.size() == 2);
}

TEST_CASE("the DSers template holds orders to be placed") {
    const auto reading = read_sample("dsers/place_csv_orders_template.csv");
    REQUIRE(reading.result);
    CHECK(reading.result->format == "dsers_template_csv");
    CHECK(reading.result->records == 2);
    CHECK(contains(reading.result->why_no_orders, "to be placed"));
    CHECK(reading.observations.empty());
}

}  // namespace holdfast::formats
