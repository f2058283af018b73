#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::MovementSeen;
using desk::SaleSeen;

Money usd(std::int64_t cents) { return Money::of_minor(cents, Currency::usd); }
Instant at(const char* text) { return *parse_instant(text); }

Reading read_shopify(std::string_view name) { return read_sample("shopify/" + std::string(name)); }

const SaleSeen& find(const std::vector<SaleSeen>& sales, std::string_view reference) {
    for (const auto& sale : sales)
        if (sale.reference == reference) return sale;
    FAIL("no such sale");
    return sales.front();
}

}  // namespace

TEST_CASE("the orders export of Shopify") {
    const auto reading = read_shopify("orders_export.csv");
    REQUIRE(reading.result);
    CHECK(reading.result->format == "shopify_orders_csv");
    CHECK(reading.result->records == 8);
    CHECK(reading.rejects.empty());
    CHECK(reading.notes.empty());
    const auto sales = reading.all<SaleSeen>();
    REQUIRE(sales.size() == 6);

    const auto& mat = find(sales, "#1056");
    CHECK(mat.sale_id == "7100000001056");
    CHECK(mat.created == seen_exactly(at("2026-11-22T08:00:05Z")));
    CHECK(!mat.paid);
    CHECK(mat.financial_status == "pending");
    CHECK(mat.total == usd(54'00));
    CHECK(mat.customer.name == "Ravi Echeverria");
    CHECK(mat.customer.address == "Av. de Muestra 100, Depto 4, 8320000, Santiago, RM, CL");
    CHECK(mat.destination == "CL");

    const auto& throws = find(sales, "#1055");
    CHECK(throws.created == seen_exactly(at("2026-09-10T13:30:00Z")));
    CHECK(throws.total == usd(133'20));
    CHECK(throws.refunded == usd(62'10));
    REQUIRE(throws.lines.size() == 2);
    CHECK(throws.lines[0].sku == "JW-THROW-GREY");
    CHECK(throws.lines[0].phase == desk::Phase::shipped);
    CHECK(throws.lines[1].sku == "JW-THROW-GREEN");
    CHECK(throws.lines[1].price == usd(69'00));

    const auto& lantern = find(sales, "#1051");
    CHECK(lantern.paid == seen_exactly(at("2026-08-20T18:41:02Z")));
    CHECK(lantern.fulfilled == seen_exactly(at("2026-08-23T03:31:40Z")));
    CHECK(lantern.refunded == usd(0));
    CHECK(lantern.lines[1].quantity == 2);
    CHECK(lantern.customer.email == "marta.lindqvist@example.com");
}

TEST_CASE("the export with the words of the help page") {
    const auto reading = read_shopify("orders_export_help_header_bom_crlf.csv");
    const auto sales = reading.all<SaleSeen>();
    REQUIRE(sales.size() == 4);
    CHECK(reading.rejects.empty());
    const auto& rupees = find(sales, "#1047");
    CHECK(rupees.total == Money::of_minor(123456'78, Currency::inr));
    CHECK(rupees.cancelled == seen_exactly(at("2026-07-02T05:30:00Z")));
    CHECK(rupees.customer.phone == "+911100000007");
    const auto& pesos = find(sales, "#1046");
    CHECK(pesos.total == Money::of_minor(163056, Currency::clp));
    CHECK(pesos.refunded == pesos.total);
    CHECK(find(sales, "#1055").lines.size() == 2);
}

TEST_CASE("a line away from its order is an observation of its own") {
    const auto reading = read_bytes(
        "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name\n"
        "#1,paid,USD,5.00,2026-07-01 10:00:00 +0530,1,Mug\n"
        "#2,paid,USD,6.00,2026-07-01 10:00:00 +0530,1,Cup\n"
        "#1,,,,,1,Plate\n");
    const auto sales = reading.all<SaleSeen>();
    REQUIRE(sales.size() == 3);
    CHECK(sales[2].reference == "#1");
    CHECK(sales[2].lines[0].title == "Plate");
    CHECK(reading.notes_say("away from its order"));
}

TEST_CASE("a webhook body is the order itself") {
    const auto reading = read_shopify("webhook_orders_create_1051.body.json");
    CHECK(reading.result.value().format == "shopify_order_json");
    const auto sale = reading.one<SaleSeen>();
    CHECK(sale.reference == "#1051");
    CHECK(sale.sale_id == "7100000001051");
    CHECK(sale.total == usd(94'90));
    CHECK(!sale.presentment_total);
    CHECK(sale.refunded == usd(0));
    CHECK(sale.fulfillment_status.empty());
    CHECK(!sale.test);
    CHECK(sale.lines[0].line_id == "16100000000001");
    CHECK(sale.lines[1].price == usd(24'50));
    CHECK(reading.observations[0].origin.seen_at == at("2026-08-20T18:41:00Z"));
}

TEST_CASE("an order paid in another currency, with properties as an object") {
    const auto reading = read_shopify("order_1053_presentment_eur_properties_object.json");
    const auto sale = reading.one<SaleSeen>();
    CHECK(sale.total == usd(62'00));
    CHECK(sale.presentment_total == Money::of_minor(55'80, Currency::eur));
    CHECK(sale.tracking_numbers == std::vector<std::string>{"LP000101049CN"});
    const auto parcel = reading.one<desk::ParcelSeen>();
    CHECK(parcel.raw_status == "failure");
    CHECK(parcel.status == desk::ParcelStatus::held);
}

TEST_CASE("an order with a refund that moved money and two parcels") {
    const auto sale =
        read_shopify("order_1055_partially_refunded_two_tracking_numbers.json").one<SaleSeen>();
    CHECK(sale.refunded == usd(62'10));
    CHECK(sale.total == usd(133'20));
    CHECK(sale.fulfilled == seen_exactly(at("2026-09-15T04:02:11Z")));
    CHECK(sale.tracking_numbers == std::vector<std::string>{"LX000101066CN", "YT2600000000000106"});
    CHECK(read_shopify("order_1052_fulfilled_company_null.json").one<SaleSeen>().customer.phone ==
          "+13125550103");
}

TEST_CASE("orders by GraphQL") {
    const auto reading = read_shopify("graphql_orders_page.json");
    CHECK(reading.result.value().format == "shopify_graphql_orders");
    const auto sale = reading.one<SaleSeen>();
    CHECK(sale.reference == "#1052");
    CHECK(sale.sale_id == "7100000001052");
    CHECK(sale.total == usd(78'30));
    CHECK(sale.financial_status == "paid");
    CHECK(sale.lines[0].line_id == "16100000000003");
    CHECK(sale.tracking_numbers == std::vector<std::string>{"UB000101035CN"});
    CHECK(sale.refunded == usd(0));
    CHECK(reading.notes_say("more pages"));
}

TEST_CASE("a refund does not prove that money moved") {
    for (const auto* name :
         {"refunds_create_webhook_no_money_moved.json", "refund_create_response_1054.json",
          "graphql_refund_create_response.json"}) {
        CAPTURE(name);
        const auto reading = read_shopify(name);
        CHECK(reading.result.value().format == "shopify_refund_json");
        const auto refund = reading.one<MovementSeen>();
        CHECK(refund.kind == MovementSeen::Kind::refund);
        CHECK(refund.state != MovementSeen::State::made);
    }
    const auto pending = read_shopify("refund_create_response_1054.json").one<MovementSeen>();
    CHECK(pending.state == MovementSeen::State::pending);
    CHECK(pending.amount == usd(27'00));

    // One refund is not the sum of all, and it does not know what people call its order.
    const auto reading = read_path(HOLDFAST_SOURCE_DIR "/tests/data/formats/refund_success.json");
    const auto moved = reading.one<MovementSeen>();
    CHECK(moved.system == "shopify");
    CHECK(moved.reference == "940000001057");
    CHECK(moved.sale_id == "7100000001054");
    CHECK(moved.sale_reference.empty());
    CHECK(moved.state == MovementSeen::State::made);
    CHECK(moved.amount == usd(27'00));
    CHECK(moved.opened == seen_exactly(*parse_instant("2026-11-23T12:05:00Z")));
    CHECK(reading.notes_say("one refund of order 7100000001054: import the order itself"));
}

TEST_CASE("requests and refusals hold no orders, and say what they are") {
    struct Row {
        const char* name;
        const char* format;
        const char* says;
    };
    const Row rows[] = {
        {"graphql_refund_create_request.json", "shopify_request", "a request"},
        {"refund_create_request_1054.json", "shopify_refund_json", "no refund was made"},
        {"refund_calculate_request_1054.json", "shopify_request", "a request"},
        {"refund_calculate_response_1054.json", "shopify_refund_json", "no refund was made"},
        {"graphql_refund_create_user_error.json", "shopify_error", "too many items"},
        {"graphql_throttled.json", "shopify_error", "wait, then ask again"},
        {"rest_error_401_string_errors.json", "shopify_error", "token is not valid"},
        {"rest_error_422_refund_too_large.json", "shopify_error", "exceeds"},
        {"webhook_orders_create_1051.headers.txt", "http_headers", "another file"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto reading = read_shopify(row.name);
        CHECK(reading.observations.empty());
        CHECK(reading.result.value().format == row.format);
        CHECK(contains(reading.result.value().why_no_orders, row.says));
    }
}

TEST_CASE("an order of WooCommerce") {
    const auto reading = read_sample("woocommerce/order_2051_with_refund_summaries.json");
    const auto sale = reading.one<SaleSeen>();
    CHECK(sale.system == "woocommerce");
    CHECK(sale.reference == "JW-2051");
    CHECK(sale.created == seen_exactly(at("2026-09-24T21:10:12Z")));
    CHECK(sale.total == Money::of_minor(77'00, Currency::eur));
    CHECK(sale.refunded == Money::of_minor(41'00, Currency::eur));
    CHECK(sale.tracking_numbers == std::vector<std::string>{"UB000101035CN"});
    CHECK(reading.observations[0].origin.seen_at == at("2026-11-23T12:20:00Z"));
}

}  // namespace holdfast::formats
