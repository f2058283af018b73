// Sales on eBay and Amazon, and WooCommerce beside its orders.
#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::MovementSeen;
using desk::ParcelSeen;
using desk::SaleSeen;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;
using Texts = std::vector<std::string>;

Instant at(const char* text) { return *parse_instant(text); }
Money usd(std::int64_t minor) { return Money::of_minor(minor, Currency::usd); }
Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

}  // namespace

TEST_CASE("Amazon v0: orders and their items are two answers about one sale") {
    const auto page = read_sample("amazon/orders_v0_getOrders.json");
    CHECK(page.observations[0].origin.seen_at == at("2026-10-04T06:31:00Z"));
    const auto sales = page.all<SaleSeen>();
    REQUIRE(sales.size() == 2);
    CHECK(sales[0].system == "amazon");
    CHECK(sales[0].reference == "902-0000101-0000101");
    CHECK(sales[0].sale_id == "JW-A-1");
    CHECK(sales[0].created == seen_exactly(at("2026-10-02T08:05:44Z")));
    CHECK(sales[0].total == eur(55'80));
    CHECK(sales[0].fulfillment_status == "fulfilled");
    CHECK(sales[0].deliver_by == at("2026-11-10T22:59:59Z"));
    CHECK(!sales[1].total);  // pending
    CHECK(sales[1].fulfillment_status == "pending");
    CHECK(page.notes_say("more pages"));

    const auto items = read_sample("amazon/orders_v0_items.json").one<SaleSeen>();
    CHECK(items.reference == "902-0000101-0000101");
    REQUIRE(items.lines.size() == 1);
    CHECK(items.lines[0].product_id == "B000DEMO01");
    CHECK(items.lines[0].sku == "JW-POUR-SAND");
    CHECK(items.lines[0].quantity == 1);
    CHECK(items.lines[0].price == eur(48'60));
}

TEST_CASE("Amazon v0: the price is of the whole quantity") {
    const auto price_of = [](std::string_view quantity) {
        return read_bytes(R"({"payload":{"AmazonOrderId":"902-1-1","OrderItems":[{"ASIN":"B0",)"
                          R"("QuantityOrdered":)" +
                          std::string(quantity) +
                          R"(,"ItemPrice":{"CurrencyCode":"EUR","Amount":"10.00"}}]}})")
            .one<SaleSeen>()
            .lines[0]
            .price;
    };
    CHECK(price_of("4") == eur(2'50));
    CHECK(!price_of("3"));  // no sum that is true of each
    CHECK(!price_of("0"));
}

TEST_CASE("Amazon 2026-01-01: the sale with its parcel") {
    const auto reading = read_sample("amazon/orders_2026-01-01_search.json");
    const auto sale = reading.one<SaleSeen>();
    CHECK(sale.reference == "902-0000101-0000101");
    CHECK(sale.total == eur(55'80));
    CHECK(sale.deliver_by == at("2026-11-10T22:59:59Z"));
    CHECK(sale.fulfilled == seen_exactly(at("2026-10-04T06:20:00Z")));
    CHECK(sale.tracking_numbers == Texts{"LP000101049CN"});
    CHECK(sale.lines[0].line_id == "40000000000101");
    const auto parcel = reading.one<ParcelSeen>();
    CHECK(parcel.tracking_number == "LP000101049CN");
    CHECK(parcel.status == desk::ParcelStatus::moving);
    CHECK(parcel.carrier == "Cainiao");
}

TEST_CASE("eBay: an inquiry in detail, with ids as texts, and in a search, with ids as numbers") {
    const auto detail = read_sample("ebay/inquiry_detail.json");
    const auto sale = detail.one<SaleSeen>();
    CHECK(sale.system == "ebay");
    CHECK(sale.reference == "110000000104-10000000000104");
    CHECK(sale.total == usd(62'00));
    CHECK(sale.lines[0].price == usd(54'00));
    CHECK(sale.lines[0].quantity == 1);
    CHECK(sale.tracking_numbers == Texts{"LP000101049CN"});
    CHECK(sale.deliver_by == at("2026-11-10T00:00:00Z"));

    const auto inquiry = detail.one<MovementSeen>();
    CHECK(inquiry.reference == "5000000104");
    CHECK(inquiry.kind == Kind::inquiry);
    CHECK(inquiry.state == State::pending);
    CHECK(inquiry.sale_reference == sale.reference);
    CHECK(inquiry.amount == usd(62'00));
    CHECK(inquiry.reason == "not_received");
    CHECK(inquiry.our_turn == false);
    CHECK(inquiry.answer_by == at("2026-11-10T09:00:00Z"));
    CHECK(inquiry.opened == seen_exactly(at("2026-11-05T09:00:00Z")));

    const auto search = read_sample("ebay/inquiry_search.json");
    CHECK(search.one<MovementSeen>() == inquiry);
    CHECK(search.one<SaleSeen>().reference == sale.reference);
    CHECK(search.observations[0].origin.seen_at == at("2026-11-06T10:11:12Z"));
}

TEST_CASE("eBay: a case and a return") {
    const auto one = read_sample("ebay/case_detail.json").one<MovementSeen>();
    CHECK(one.reference == "5000000301");
    CHECK(one.kind == Kind::dispute);
    CHECK(one.reason == "not_received");
    CHECK(one.status == "WAITING_CS");
    CHECK(one.our_turn == false);
    const auto found = read_sample("ebay/case_search.json").one<MovementSeen>();
    CHECK(found.reference == one.reference);
    CHECK(found.sale_reference == one.sale_reference);
    CHECK(found.amount == one.amount);

    const auto back = read_sample("ebay/return_search.json").one<MovementSeen>();
    CHECK(back.reference == "5000000205");
    CHECK(back.kind == Kind::return_of_goods);
    CHECK(back.state == State::pending);
    CHECK(back.reason == "not_as_described");
    CHECK(back.our_turn == true);
    CHECK(back.answer_by == at("2026-11-25T12:00:00Z"));
    CHECK(back.amount == usd(69'00));
    CHECK(back.sale_reference == "110000000106-10000000000106");
}

TEST_CASE("eBay: a record without its sale is rejected with its place") {
    const auto reading = read_bytes(R"({"members":[{"inquiryId":5000000104,"itemId":null}]})");
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].first.column == "/members/0/itemId");
}

TEST_CASE("WooCommerce analytics: three headers, and no sum that a customer never paid") {
    const auto server = read_sample("woocommerce/analytics_orders_server.csv");
    CHECK(server.result.value().format == "woocommerce_analytics_csv");
    CHECK(server.notes_say("net sales"));
    const auto sales = server.all<SaleSeen>();
    REQUIRE(sales.size() == 3);
    CHECK(sales[0].reference == "JW-2051");
    CHECK(sales[0].created == seen_somewhere(*parse_local("2026-09-24 23:10:12")));
    CHECK(sales[0].financial_status == "processing");
    CHECK(sales[0].customer.name == "Priya Vandermolen");
    CHECK(!sales[0].total);
    REQUIRE(sales[1].lines.size() == 2);  // a comma inside a name is none between products
    CHECK(sales[1].lines[0].title == "Brass Lantern, Hexagon");
    CHECK(sales[1].lines[1].title == "Linen Table Runner");
    CHECK(sales[1].lines[1].quantity == 2);
    CHECK(sales[2].customer.name == "=Formula Test");

    CHECK(read_sample("woocommerce/analytics_orders_client.csv").one<SaleSeen>().reference ==
          "JW-2051");
    CHECK(read_sample("woocommerce/analytics_orders_older_header.csv").one<SaleSeen>().reference ==
          "1888");
}

TEST_CASE("WooCommerce's order export with packed items") {
    const auto name = "woocommerce/plugin_customer_order_export_packed.csv";
    const auto reading = read_sample(name, {}, Currency::eur);
    const auto sales = reading.all<SaleSeen>();
    REQUIRE(sales.size() == 2);
    CHECK(sales[0].reference == "JW-2051");
    CHECK(sales[0].sale_id == "2051");
    CHECK(sales[0].total == eur(77'00));
    CHECK(sales[0].refunded == eur(0));
    CHECK(sales[0].created == seen_somewhere(*parse_local("2026-09-24 23:10:00")));
    CHECK(sales[0].customer.email == "priya.vandermolen@example.com");
    CHECK(sales[0].destination == "NL");
    REQUIRE(sales[0].lines.size() == 1);
    CHECK(sales[0].lines[0].product_id == "9203");
    CHECK(sales[0].lines[0].quantity == 2);
    CHECK(sales[0].lines[0].title == "size: One Size, color: Oak");
    CHECK(sales[1].refunded == eur(36'00));
    CHECK(sales[1].lines.size() == 2);

    const auto without = read_sample(name);
    CHECK(!without.all<SaleSeen>()[0].total);
    CHECK(without.notes_say("--currency"));
}

TEST_CASE("a WooCommerce refund by itself names its order in its links") {
    const auto refund = read_sample("woocommerce/refund_create_response.json", {}, Currency::eur)
                            .one<MovementSeen>();
    CHECK(refund.reference == "2051-2090");
    CHECK(refund.sale_system == "woocommerce");
    CHECK(refund.sale_id == "2051");
    CHECK(refund.state == State::made);
    CHECK(refund.amount == eur(36'00));
}

TEST_CASE("a list whose columns every shop chooses asks for a mapping") {
    const auto reading = read_sample("woocommerce/plugin_order_list_decimal_comma.csv");
    CHECK(reading.observations.empty());
    CHECK(contains(reading.result.value().why_no_orders, "mapping"));
}

}  // namespace holdfast::formats
