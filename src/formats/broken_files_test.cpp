// Files as they arrive in a bad state: each is answered with a place and a reason.
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace holdfast::formats {
namespace {

Reading read_broken(std::string_view name) {
    return read_path(std::filesystem::path(HOLDFAST_SOURCE_DIR) / "tests/data/formats" / name);
}

std::string error_of(const Reading& reading) {
    REQUIRE(!reading.result);
    return reading.result.error().reason;
}

// "line column: reason" of every rejected record.
std::vector<std::string> rejects_of(const Reading& reading) {
    std::vector<std::string> rejects;
    rejects.reserve(reading.rejects.size());
    for (const auto& [place, reason] : reading.rejects)
        rejects.push_back(std::to_string(place.line) + " " + place.column + ": " + reason);
    return rejects;
}

}  // namespace

TEST_CASE("a file cut off inside a quoted cell") {
    const auto reading = read_broken("cut_off_quote.csv");
    REQUIRE(reading.result);
    CHECK(reading.observations.size() == 1);
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].first.line == 3);
    CHECK(contains(reading.rejects[0].second, "cut off"));
}

TEST_CASE("a NUL byte in a record, and in the header") {
    const auto reading = read_broken("nul_byte.csv");
    CHECK(reading.observations.size() == 2);
    CHECK(rejects_of(reading) == std::vector<std::string>{"3 Title: a NUL byte"});
    CHECK(error_of(read_broken("nul_in_header.csv")) ==
          "neither CSV nor JSON: a NUL byte at offset 16");
}

TEST_CASE("Latin-1 and UTF-16") {
    const auto latin = read_broken("latin1.csv");
    CHECK(latin.observations.size() == 2);
    REQUIRE(latin.rejects.size() == 1);
    CHECK(latin.rejects[0].first.line == 3);
    CHECK(latin.rejects[0].first.column == "Title");
    CHECK(contains(latin.rejects[0].second, "not UTF-8"));
    CHECK(contains(error_of(read_broken("utf16.csv")), "UTF-16"));
}

TEST_CASE("a formula in a name is text") {
    const auto lines = read_broken("formula_in_name.csv").all<desk::PurchaseSeen>();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].lines[0].title == "=HYPERLINK(x)");
    CHECK(lines[1].lines[0].title == "=cmd|' /C calc'!A0");
}

TEST_CASE("a column that stands twice") {
    const auto reading = read_broken("duplicate_columns.csv");
    REQUIRE(!reading.result);
    CHECK(reading.result.error().place.line == 1);
    CHECK(reading.result.error().place.column == "Order ID");
}

TEST_CASE("a header that lacks a column or two of a kind names them") {
    const auto shopify =
        read_bytes("Name,Financial Status,Total,Created at,Lineitem quantity,Lineitem name\n");
    CHECK(error_of(shopify) == "nearly a Shopify orders export: it has no column \"Currency\"");
    const auto exporter = read_bytes("Order No,Order date,Order Status,Item title\n");
    CHECK(error_of(exporter) ==
          "nearly an AliExpress order exporter: it has no column \"Currency\", \"Total price\"");
    const auto without_id = read_bytes("Order date,Order Status,Currency,Item title,Total price\n");
    CHECK(contains(error_of(without_id), "\"Order Id\" or \"Order number\" or \"Order No\""));
    CHECK(contains(error_of(read_bytes("Order No,Total,Status\n")), "of an unknown kind"));
}

TEST_CASE("sep= before the header names the separator") {
    constexpr std::string_view rows =
        "Name;Financial Status;Currency;Total;Created at;Lineitem quantity;Lineitem name\r\n"
        "#1;paid;USD;5.00;2026-07-01 10:00:00 +0530;1;Mug, Cup, Bowl, Jug, Pot, Pan, Lid\r\n"
        "#2;paid;USD;five;2026-07-01 10:00:00 +0530;1;Mug\r\n";
    for (const std::string lead : {"sep=;\r\n", "SEP=;\n", "\xEF\xBB\xBFsep=;\r\n"}) {
        CAPTURE(lead);
        const auto reading = read_bytes(lead + std::string(rows));
        CHECK(reading.one<desk::SaleSeen>().reference == "#1");
        REQUIRE(reading.rejects.size() == 1);
        CHECK(reading.rejects[0].first.line == 4);
    }
    const auto piped = read_bytes("sep=|\nfrom|to|on|rate\nEUR|USD|2026-08-01|1.10\n");
    CHECK(contains(piped.result.value().description, "separated by \"|\""));
    CHECK(piped.observations.size() == 1);
    CHECK(!read_bytes("sep=;").result);
}

TEST_CASE("a wrong number of fields") {
    const auto reading = read_broken("wrong_field_count.csv");
    CHECK(reading.observations.size() == 2);
    CHECK(rejects_of(reading) ==
          std::vector<std::string>{"3 : it has 3 fields, the header has 12",
                                   "4 : it has 13 fields, the header has 12"});
    CHECK(reading.result.value().records == 4);
}

TEST_CASE("a rejected row leaves no order behind") {
    const auto bought = read_bytes(
        "Order Id,Order date,Order Status,Currency,Item title,Total price\n"
        "3099000000000101,2026-10-03,Shipped,USD,Cable,-31.00\n"
        "3099000000000102,2026-10-03,Shipped,USD,Cable,31.00\n");
    CHECK(rejects_of(bought) ==
          std::vector<std::string>{"2 Total price: an order's total is never below zero"});
    CHECK(bought.one<desk::PurchaseSeen>().reference == "3099000000000102");

    const auto sold = read_bytes(
        "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name\n"
        "#1,paid,USD,five,2026-07-01 10:00:00 +0530,1,Mug\n"
        "#1,,,,,1,Plate\n"
        "#2,paid,USD,6.00,2026-07-01 10:00:00 +0530,1,Cup\n");
    REQUIRE(sold.rejects.size() == 2);
    CHECK(sold.rejects[0].first.column == "Total");
    CHECK(rejects_of(sold)[1] == "3 Name: a further line of an order whose first row is rejected");
    CHECK(sold.one<desk::SaleSeen>().reference == "#2");
}

TEST_CASE("JSON: a record without its number and one whose date cannot be read") {
    struct Row {
        const char* name;
        const char* bytes;
        const char* path;
    };
    // clang-format off
    const Row rows[] = {
        {"a bare number", R"([{"id":1,"number":"1","order_key":"k","line_items":[]},5])", "/1/number"},
        {"no id", R"({"number":"1","order_key":"k","line_items":[]})", "/id"},
        {"a date in UTC", R"({"id":1,"number":"1","order_key":"k","line_items":[],"date_created_gmt":"rubbish"})", "/date_created_gmt"},
        {"when it changed", R"({"id":1,"number":"1","order_key":"k","line_items":[],"date_modified_gmt":"rubbish"})", "/date_modified_gmt"},
        {"a refund", R"({"refunded_payment":true,"amount":"1.00","_links":{"up":[{"href":"https://shop/orders/7"}]}})", "/id"},
        {"Shopify", R"({"orders":[{"id":71000001,"name":"","financial_status":"paid","line_items":[]}]})", "/orders/0/name"},
        {"Shopify's date", R"({"id":71000001,"name":"#1","financial_status":"paid","line_items":[],"created_at":"20.11.2026"})", "/created_at"},
        {"GraphQL", R"({"data":{"orders":{"nodes":[{"name":"#1","displayFinancialStatus":"PAID"}]}}})", "/data/orders/0/id"},
        {"PayPal", R"({"dispute_id":"PP-1","status":"OPEN","create_time":"20.11.2026"})", "/create_time"},
        {"PayPal, in a list", R"({"items":[{"dispute_id":"PP-1","status":"OPEN"},5]})", "/items/1/dispute_id"},
        {"Stripe, in a list", R"({"object":"list","has_more":false,"data":[{"object":"refund","id":"re_1"},5]})", "/data/1/object"},
        {"Amazon", R"({"payload":{"Orders":[{"AmazonOrderId":"1","PurchaseDate":"rubbish"}]}})", "/payload/Orders/0/PurchaseDate"},
        {"eBay", R"({"members":[{"inquiryId":5000000104,"itemId":"110000000106","transactionId":"10000000000106","respondByDate":{"value":"soon"}}]})", "/members/0/respondByDate/value"},
        {"AfterShip", R"({"tracking_number":"LP1","slug":"a","tag":"InTransit","updated_at":"soon"})", "/msg/updated_at"},
        {"17TRACK", R"({"event":"TRACKING_UPDATED","data":{"number":"LP1","track_info":{"time_metrics":{"estimated_delivery_date":{"to":"soon"}}}}})", "/data/track_info/time_metrics/estimated_delivery_date/to"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto reading = read_bytes(row.bytes);
        CHECK(reading.result.has_value());
        REQUIRE(reading.rejects.size() == 1);
        CHECK(reading.rejects[0].first.column == row.path);
        CHECK(reading.observations.size() + 1 == reading.result.value().records);
    }
    const TestFile silent(
        R"([{"id":1,"number":"1","order_key":"k","line_items":[],"total":"5.00"},)"
        R"({"id":2,"number":"2","order_key":"k","line_items":[],"total":"6.00"}])");
    CHECK(read_path(silent.path()).notes_say("left out (2 records): --currency"));
    CHECK(read_path(silent.path(), {}, Currency::eur).all<desk::SaleSeen>()[1].total ==
          Money::of_minor(6'00, Currency::eur));
    // Trackers may expect a parcel on a day, which is no instant.
    const auto expected = read_bytes(
        R"({"tracking_number":"LP1","slug":"a","tag":"InTransit","courier_estimated_delivery_date":)"
        R"({"estimated_delivery_date":"2026-11-25"}})");
    CHECK(!expected.one<desk::ParcelSeen>().expected_by);
}

TEST_CASE("ids that a spreadsheet has damaged") {
    const auto reading = read_broken("damaged_ids.csv");
    CHECK(reading.observations.size() == 1);
    REQUIRE(reading.rejects.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(reading.rejects[i].first.line == i + 2);
        CHECK(reading.rejects[i].first.column == "Order ID");
    }
    CHECK(contains(reading.rejects[0].second, "damaged by a spreadsheet"));
    CHECK(contains(reading.rejects[1].second, "damaged by a spreadsheet"));
    CHECK(read_broken("rounded_ids.csv").notes_say("6 of 7 order ids end in 0"));
    CHECK(!reading.notes_say("end in 0"));
}

TEST_CASE("dates with the day or the month first") {
    const auto settled = read_broken("ambiguous.csv").all<desk::PurchaseSeen>();
    REQUIRE(settled.size() == 2);
    CHECK(to_string(settled[0].created->at + 14h) == "2026-05-06T00:00:00.000Z");
    const auto unsettled = read_broken("ambiguous_unsettled.csv");
    CHECK(unsettled.rejects.size() == 2);
    CHECK(contains(unsettled.rejects[0].second, "nothing in the file settles it"));
}

TEST_CASE("rows of one order that stand apart give an observation each") {
    const auto orders = read_broken("apart.csv").all<desk::PurchaseSeen>();
    REQUIRE(orders.size() == 3);
    CHECK(orders[0].reference == orders[2].reference);
    CHECK(orders[2].lines[0].title == "Plate");
}

TEST_CASE("tabs and lone CRs") {
    const auto reading = read_broken("tabs_cr.csv");
    REQUIRE(reading.result);
    CHECK(contains(reading.result->description, "separated by tabs"));
    REQUIRE(reading.observations.size() == 2);
    CHECK(reading.observations[1].origin.line == 3);
}

TEST_CASE("a JSON number keeps twenty digits, and one with an exponent is no id") {
    CHECK(read_broken("long_number.json").one<desk::PurchaseSeen>().reference ==
          "30990000000000000103");
    const auto reading = read_broken("exponent_id.json");
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].first.column == "/result/order_id");
    CHECK(contains(reading.rejects[0].second, "damaged by a spreadsheet"));
}

TEST_CASE("files that are something else") {
    CHECK(error_of(read_bytes("")) == "the file is empty");
    CHECK(error_of(read_bytes("\xEF\xBB\xBF\r\n")) == "the file is empty");
    CHECK(contains(error_of(read_bytes("PK\x03\x04rest")), "Excel"));
    CHECK(contains(error_of(read_bytes("<html></html>")), "web page"));
    CHECK(contains(error_of(read_bytes("name,colour\nx,y\n")), "\"name, colour\""));
    CHECK(contains(error_of(read_bytes("just some words\n")), "just some words"));
    CHECK(contains(error_of(read_bytes("{\"colour\":1}")), "its members are \"colour\""));
    CHECK(contains(error_of(read_bytes("[]")), "unknown kind"));
    CHECK(contains(error_of(read_path("/nowhere/at/all")), "no such file"));
    CHECK(contains(error_of(read_path("/")), "not a regular file"));
}

TEST_CASE("broken JSON is told with its line") {
    const auto reading = read_bytes("{\n\"a\": 1,\n\"b\": oops\n}");
    CHECK(error_of(reading).starts_with("broken JSON: "));
    CHECK(reading.result.error().place.line == 3);
    CHECK(contains(error_of(read_bytes("{\"a\": \"caf\xE9\"}")), "not UTF-8"));
    CHECK(!read_bytes("{\"a\":1} more").result);
    CHECK(!read_bytes("{\"a\":").result);
    CHECK(!read_bytes(std::string(65, '[') + std::string(65, ']')).result);
    CHECK(!read_bytes(std::string(100'000, '[')).result);
}

TEST_CASE("a JSONP call around a value") {
    const auto reading = read_bytes(
        "mtopjsonp1({\"success\":true,\"module\":[{\"mailNo\":\"ub000101035cn\","
        "\"detailList\":[]}]});");
    CHECK(reading.one<desk::ParcelSeen>().tracking_number == "UB000101035CN");
}

TEST_CASE("large garbage ends quickly and in bounded memory") {
    const std::string header =
        "Order Date,Order ID,Title,Qty,Price,Store,Product ID,SKU ID,Attributes,Price Info,"
        "Currency,Status\n";
    const auto cell = read_bytes(header + "\"Sep 25, 2026\",1,\"" + std::string(5 << 20, 'x'));
    CHECK(contains(error_of(cell), "a cell of more than 1 MiB"));
    CHECK(cell.result.error().place.line == 2);

    CHECK(contains(error_of(read_bytes(std::string(1 << 20, 'x'))), "no header line"));

    std::string noise = header;
    for (int i = 0; i < 5000; ++i) noise += "noise\n";
    const auto reading = read_bytes(noise);
    CHECK(contains(error_of(reading), "1000 records in a row"));
    CHECK(reading.rejects.size() == 1000);
}

TEST_CASE("every sample is answered") {
    std::size_t files = 0;
    const std::filesystem::path samples = std::filesystem::path(HOLDFAST_SOURCE_DIR) / "samples";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(samples)) {
        if (!entry.is_regular_file()) continue;
        ++files;
        CAPTURE(entry.path().string());
        const auto reading = read_path(entry.path());
        // Pages, and the stories of `holdfast play`, are not for import.
        const bool is_story = entry.path().parent_path().filename() == "scenarios";
        const bool readable = entry.path().extension() != ".md" && !is_story;
        CHECK(reading.result.has_value() == readable);
        if (!reading.result) {
            CHECK(!reading.result.error().reason.empty());
            continue;
        }
        CHECK(!reading.result->format.empty());
        CHECK(!reading.result->description.empty());
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        CHECK(hash_file(entry.path()).value() == hash_of(bytes));
        const bool gave_something = !reading.observations.empty() || !reading.rejects.empty();
        CHECK(gave_something == reading.result->why_no_orders.empty());
    }
    CHECK(files > 90);
}

TEST_CASE("progress reaches the end of the file") {
    const auto path =
        std::filesystem::path(HOLDFAST_SOURCE_DIR) / "samples/aliexpress/order_exporter_30col.csv";
    std::uint64_t done = 0;
    Reading reading;
    ReadOptions options;
    options.zones = &sample_zones();
    options.progress = [&](std::uint64_t bytes_done, std::uint64_t bytes_all) {
        done = bytes_done;
        CHECK(bytes_all == 3766);
    };
    CHECK(read_file(path, options, reading));
    CHECK(done == 3766);
}

}  // namespace holdfast::formats
