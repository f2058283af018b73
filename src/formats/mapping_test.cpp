#include "formats/mapping.h"

#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::LinkSeen;
using desk::PurchaseSeen;
using desk::SaleSeen;
using Texts = std::vector<std::string>;

constexpr std::string_view orders =
    "Shop order,Ali Order No.,Placed,State,Tracking No.,Item,Qty,Cost,Cur\n"
    "#1051,3099000000000101,2026-08-20,Shipped,UB000101035CN,Lantern,1,22.00,USD\n"
    "#1051,3099000000000101,2026-08-20,Shipped,,Shade,2,3.00,USD\n"
    "#1052,3099000000000103,2026-09-24,Delivered,LP000101049CN,Stool,2,41.06,USD\n";

Mapping orders_mapping() {
    return {.of = Mapping::Of::purchase,
            .system = "aliexpress",
            .sale_system = "shopify",
            .currency = {},
            .dates = {},
            .columns = {{MappedField::reference, "Ali Order No."},
                        {MappedField::sale_reference, "Shop order"},
                        {MappedField::created, "Placed"},
                        {MappedField::status, "State"},
                        {MappedField::tracking_number, "Tracking No."},
                        {MappedField::title, "Item"},
                        {MappedField::quantity, "Qty"},
                        {MappedField::price, "Cost"},
                        {MappedField::currency, "Cur"}}};
}

Reading read_mapped(std::string_view bytes, const Mapping& mapping) {
    const TestFile file(bytes);
    Reading reading;
    ReadOptions options;
    options.zones = &sample_zones();
    options.now = sample_now;
    options.mapping = &mapping;
    reading.result = read_file(file.path(), options, reading);
    return reading;
}

std::expected<MappingProposal, FileError> propose(const std::filesystem::path& path) {
    ReadOptions options;
    options.zones = &sample_zones();
    options.now = sample_now;
    return propose_mapping(path, options);
}

std::string column_of(const Mapping& mapping, MappedField field) {
    const auto found = mapping.columns.find(field);
    return found == mapping.columns.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("a mapping reads purchases with their lines and the sales they were bought for") {
    const auto reading = read_mapped(orders, orders_mapping());
    CHECK(reading.result.value().format == "mapped_csv");
    CHECK(reading.rejects.empty());
    const auto purchases = reading.all<PurchaseSeen>();
    REQUIRE(purchases.size() == 2);
    CHECK(purchases[0].system == "aliexpress");
    CHECK(purchases[0].reference == "3099000000000101");
    CHECK(purchases[0].created == seen_day(*parse_day("2026-08-20")));
    CHECK(purchases[0].phase == desk::Phase::shipped);
    CHECK(purchases[0].tracking_numbers == Texts{"UB000101035CN"});
    REQUIRE(purchases[0].lines.size() == 2);
    CHECK(purchases[0].lines[1].title == "Shade");
    CHECK(purchases[0].lines[1].quantity == 2);
    CHECK(purchases[0].lines[0].price == Money::of_minor(22'00, Currency::usd));
    CHECK(purchases[1].status == "Delivered");
    const auto links = reading.all<LinkSeen>();
    REQUIRE(links.size() == 3);
    CHECK(links[2].sale_reference == "#1052");
    CHECK(links[2].purchase_reference == "3099000000000103");
}

TEST_CASE("a list of WooCommerce's with a decimal comma, read by a mapping") {
    const Mapping mapping{.of = Mapping::Of::sale,
                          .system = "woocommerce",
                          .sale_system = "shopify",
                          .currency = Currency::eur,
                          .dates = {},
                          .columns = {{MappedField::reference, "Order ID"},
                                      {MappedField::created, "Order Date"},
                                      {MappedField::status, "Order Status"},
                                      {MappedField::name, "Customer Name"},
                                      {MappedField::total, "Order Total"}}};
    Reading reading;
    ReadOptions options;
    options.zones = &sample_zones();
    options.now = sample_now;
    options.mapping = &mapping;
    reading.result =
        read_file(HOLDFAST_SOURCE_DIR "/samples/woocommerce/plugin_order_list_decimal_comma.csv",
                  options, reading);
    const auto sales = reading.all<SaleSeen>();
    REQUIRE(sales.size() == 2);
    CHECK(sales[0].reference == "2051");
    CHECK(sales[0].total == Money::of_minor(77'00, Currency::eur));
    CHECK(sales[1].total == Money::of_minor(1018'90, Currency::eur));
    CHECK(sales[1].customer.name == "Marta Lindqvist");
    CHECK(sales[1].created == seen_somewhere(*parse_local("2026-08-20 20:41:00")));
}

TEST_CASE("amounts without a currency are told, and --currency is of those alone") {
    auto mapping = orders_mapping();
    mapping.columns.erase(MappedField::currency);
    constexpr std::string_view rows =
        "Shop order,Ali Order No.,Placed,State,Tracking No.,Item,Qty,Cost\n"
        "#1,3099000000000101,2026-08-20,Shipped,,Lantern,1,$ 5.50\n"
        "#2,3099000000000102,2026-08-20,Shipped,,Lantern,1,$ 5.50\n";
    const auto without = read_mapped(rows, mapping);
    REQUIRE(without.notes.size() == 1);
    CHECK(without.notes[0].first.column == "Cost");
    CHECK(without.notes[0].second ==
          "the amounts name no currency and are left out (2 rows): --currency says which one they "
          "are in");
    CHECK(!without.all<PurchaseSeen>()[0].lines[0].price);
    mapping.currency = Currency::usd;
    CHECK(read_mapped(rows, mapping).notes.empty());

    constexpr std::string_view exported =
        "Order Id,Order date,Order Status,Currency,Item title,Total price\n"
        "3099000000000101,2026-10-03,Shipped,,Cable,31.00\n"
        "3099000000000102,2026-10-03,Shipped,USD,Cable,31.00\n";
    CHECK(read_bytes(exported).notes_say("name no currency and are left out:"));
    const TestFile file(exported);
    const auto given = read_path(file.path(), {}, Currency::eur);
    CHECK(given.notes.empty());
    const auto bought = given.all<PurchaseSeen>();
    REQUIRE(bought.size() == 2);
    CHECK(bought[0].total == Money::of_minor(31'00, Currency::eur));
    CHECK(bought[1].total == Money::of_minor(31'00, Currency::usd));

    const TestFile shop(
        "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,"
        "Lineitem price\n"
        "#1,paid,,5.00,2026-07-01 10:00:00 +0530,1,Mug,5.00\n"
        "#1,,,,,1,Plate,6.00\n");
    const auto silent = read_path(shop.path());
    REQUIRE(silent.notes.size() == 1);
    CHECK(contains(silent.notes[0].second, "(2 rows)"));
    const auto sold = read_path(shop.path(), {}, Currency::eur).one<SaleSeen>();
    CHECK(sold.total == Money::of_minor(5'00, Currency::eur));
    CHECK(sold.lines[1].price == Money::of_minor(6'00, Currency::eur));
}

TEST_CASE("what a mapping cannot read is told with its place") {
    const auto damaged = read_mapped(
        "Ali Order No.,Shop order,Placed,State,Tracking No.,Item,Qty,Cost,Cur\n"
        "3.099E+15,#1,2026-08-20,Shipped,,Lamp,1,1.00,USD\n"
        "3099000000000101,#1,2026-08-20,Shipped,,Lamp,many,1.00,USD\n"
        ",#1,2026-08-20,Shipped,,Lamp,1,1.00,USD\n",
        orders_mapping());
    CHECK(damaged.observations.empty());
    REQUIRE(damaged.rejects.size() == 3);
    CHECK(damaged.rejects[0].first.column == "Ali Order No.");
    CHECK(contains(damaged.rejects[0].second, "damaged by a spreadsheet"));
    CHECK(damaged.rejects[1].first.column == "Qty");
    CHECK(contains(damaged.rejects[2].second, "no order"));

    const auto other = read_mapped("Order,Total\n1,2\n", orders_mapping());
    REQUIRE(!other.result);
    CHECK(other.result.error().reason == "the header has no column \"Ali Order No.\"");
}

TEST_CASE("which number of a date is the day, where the file does not prove it") {
    constexpr std::string_view rows =
        "Ali Order No.,Placed\n3099000000000101,03/10/2026\n3099000000000102,03/11/2026\n";
    auto mapping = orders_mapping();
    mapping.columns = {{MappedField::reference, "Ali Order No."}, {MappedField::created, "Placed"}};
    const auto unsettled = read_mapped(rows, mapping);
    REQUIRE(unsettled.rejects.size() == 2);
    CHECK(contains(unsettled.rejects[0].second,
                   "the mapping can, above [columns]: dates = \"day_first\""));
    mapping.dates = DayOrder::day_first;
    CHECK(read_mapped(rows, mapping).all<PurchaseSeen>()[0].created ==
          seen_day(*parse_day("2026-10-03")));
    mapping.dates = DayOrder::month_first;
    CHECK(read_mapped(rows, mapping).all<PurchaseSeen>()[0].created ==
          seen_day(*parse_day("2026-03-10")));
    // One date that can be read in one way only goes before what the mapping says.
    const auto proved = std::string(rows) + "3099000000000103,25/11/2026\n";
    CHECK(read_mapped(proved, mapping).all<PurchaseSeen>()[0].created ==
          seen_day(*parse_day("2026-10-03")));

    const auto known_kind = read_bytes(
        "Order Id,Order date,Order Status,Currency,Item title,Total price\n"
        "3099000000000101,03/10/2026,Shipped,USD,Cable,31.00\n");
    REQUIRE(known_kind.rejects.size() == 1);
    CHECK(contains(known_kind.rejects[0].second, "a mapping can (import --propose"));
}

TEST_CASE("a file may lack what a mapping names, but the order's number") {
    const auto reading = read_mapped(
        "Ali Order No.,Item\n3099000000000101,Lamp\n"
        "3099000000000102,Lamp\n",
        orders_mapping());
    CHECK(reading.all<PurchaseSeen>().size() == 2);
    REQUIRE(reading.notes.size() == 1);
    CHECK(reading.notes[0].second ==
          "the header has no column \"Placed\", \"State\", \"Cur\", \"Tracking No.\", \"Shop "
          "order\", \"Qty\", \"Cost\", which the mapping names");
}

TEST_CASE("a mapping is proposed from header and values") {
    const TestFile file(orders);
    const auto proposal = propose(file.path());
    REQUIRE(proposal);
    const auto& mapping = proposal->mapping;
    CHECK(mapping.of == Mapping::Of::purchase);
    CHECK(mapping.system == "aliexpress");
    CHECK(column_of(mapping, MappedField::reference) == "Ali Order No.");
    CHECK(column_of(mapping, MappedField::status) == "State");
    CHECK(column_of(mapping, MappedField::tracking_number) == "Tracking No.");
    CHECK(column_of(mapping, MappedField::title) == "Item");
    CHECK(column_of(mapping, MappedField::quantity) == "Qty");
    CHECK(column_of(mapping, MappedField::total) == "Cost");
    CHECK(column_of(mapping, MappedField::currency) == "Cur");  // by its values alone
    CHECK(!proposal->guesses.empty());
    CHECK(column_of(mapping, MappedField::sale_reference) == "Shop order");
    CHECK(column_of(mapping, MappedField::created) == "Placed");
    CHECK(proposal->left_out.empty());

    const auto list =
        propose(HOLDFAST_SOURCE_DIR "/samples/woocommerce/plugin_order_list_decimal_comma.csv");
    REQUIRE(list);
    CHECK(list->mapping.of == Mapping::Of::sale);
    CHECK(column_of(list->mapping, MappedField::reference) == "Order ID");
    CHECK(column_of(list->mapping, MappedField::created) == "Order Date");
    CHECK(column_of(list->mapping, MappedField::total) == "Order Total");
    CHECK(column_of(list->mapping, MappedField::name) == "Customer Name");
    CHECK(list->left_out == Texts{"Payment Method"});
}

TEST_CASE("values decide where a name would mislead") {
    const TestFile file(
        "Order,Total,Amount,Contact\n"
        "A-1,sum,12.50,ann@example.com\n"
        "A-2,sum,13.50,bob@example.com\n");
    const auto proposal = propose(file.path());
    REQUIRE(proposal);
    CHECK(column_of(proposal->mapping, MappedField::total) == "Amount");
    CHECK(column_of(proposal->mapping, MappedField::email) == "Contact");
}

TEST_CASE("a proposal says why it is of sales, and why a column is left out") {
    const TestFile file(
        "Order No;Order Date;Shop Order;Amount;Cost;Colour;Shipped on;Empty\n"
        "CJ-1001;03/09/2026;#2001;1.234,50;1,00;red;05/09/2026;\n"
        "CJ-1002;25/09/2026;#2002;99,90;1,00;red;soon;\n"
        "CJ-1003;13/10/2026;#2003;12,00;1,00;red;15/10/2026;\n");
    const auto proposal = propose(file.path());
    REQUIRE(proposal);
    CHECK(proposal->mapping.of == Mapping::Of::sale);
    CHECK(contains(proposal->why_of, "write of = \"purchase\""));
    CHECK(proposal->left_out == Texts{"Shop Order", "Cost", "Colour", "Shipped on", "Empty"});
    CHECK(proposal->why_left_out == Texts{"its name is not known", "total is \"Amount\"",
                                          "its name is not known", "1 of 3 values is no date",
                                          "it is empty in the first rows"});
    const auto bought = propose(TestFile(orders).path());
    REQUIRE(bought);
    CHECK(contains(bought->why_of, "\"Ali Order No.\" holds ids"));
}

TEST_CASE("a proposal takes no column twice, and no person for an order") {
    const TestFile people("name,id,total\nAna Ruiz,1001,12.00\nBen Lee,1002,9.50\n");
    const auto by_id = propose(people.path());
    REQUIRE(by_id);
    CHECK(column_of(by_id->mapping, MappedField::reference) == "id");
    const TestFile twice("order,total,total\n1001,12.00,10.00\n1002,9.50,9.00\n");
    const auto without = propose(twice.path());
    REQUIRE(without);
    CHECK(column_of(without->mapping, MappedField::total).empty());
    CHECK(without->left_out == Texts{"total", "total"});
}

TEST_CASE("nothing is proposed for what is no table of orders") {
    CHECK(!propose(TestFile("colour,size\nred,1\n").path()));
    CHECK(!propose(TestFile("one column\n1\n").path()));
    CHECK(!propose(TestFile(std::string_view("a,b\0c,d\n", 8)).path()));
    CHECK(!propose("/nowhere/at/all"));
}

TEST_CASE("a mapping is its text, and a text that makes no sense is told with its key") {
    auto mapping = orders_mapping();
    mapping.currency = Currency::eur;
    mapping.dates = DayOrder::month_first;
    mapping.columns[MappedField::title] = "An \"item\"\\\n";
    CHECK(parse_mapping(to_text(mapping)).value() == mapping);

    struct Row {
        const char* text;
        const char* says;
    };
    const Row rows[] = {
        {"of = \"order\"", "of: expected"},
        {"of = \"sale\"", "system: expected"},
        {"of = \"sale\"\nsystem = \"My Shop\"", "system: expected"},
        {"of = \"sale\"\nsystem = \"shop\"", "columns: is missing"},
        {"of = \"sale\"\nsystem = \"shop\"\n[columns]\ntotal = \"T\"", "columns.reference"},
        {"of = \"sale\"\nsystem = \"shop\"\n[columns]\ncolour = \"C\"", "columns.colour"},
        {"of = \"sale\"\nsystem = \"shop\"\n[columns]\nreference = \"a\"\ntotal = \"A\"", "twice"},
        {"of = \"sale\"\nsystem = \"shop\"\n[columns]\nreference = \"a|b\"", "'|'"},
        {"of = \"sale\"\nsystem = \"shop\"\n[columns]\nreference = 1", "columns.reference"},
        {"of = \"sale\"\nsystem = \"shop\"\ncurrency = \"EURO\"", "currency"},
        {"of = \"sale\"\nsystem = 1", "system: is not a text"},
        {"of = \"sale\"\nsystem = \"shop\"\ndates = \"unknown\"", "dates: expected"},
        {"colour = \"red\"", "colour: is not known"},
        {"of =", "line 1"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto parsed = parse_mapping(row.text);
        REQUIRE(!parsed);
        CHECK(contains(parsed.error(), row.says));
    }
}

}  // namespace holdfast::formats
