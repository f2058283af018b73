#include "formats/processor_list.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

}  // namespace

TEST_CASE("a processor's list as CSV and as JSON says the same") {
    const std::vector<ListedPayment> expected{
        {"ord_a:instruction:1", eur(4'500), ListedState::succeeded},
        {"pty_b:payout:1", Money::of_minor(500, Currency::jpy), ListedState::pending},
        {"pty_b:payout:2", eur(5), ListedState::failed}};
    const auto csv = parse_processor_list(
        "Amount,Currency,note,Key,State\n"
        "45.00,EUR,,ord_a:instruction:1,succeeded\n"
        "500,JPY,\"a, b\",pty_b:payout:1,pending\n"
        "0.05,EUR,,pty_b:payout:2,failed\n"
        "\n");
    REQUIRE(csv.has_value());
    CHECK(*csv == expected);
    const auto json = parse_processor_list(
        R"( [{"key":"ord_a:instruction:1","amount":4500,"currency":"EUR","state":"succeeded"},
             {"key":"pty_b:payout:1","amount":500,"currency":"JPY","state":"pending"},
             {"key":"pty_b:payout:2","amount":5,"currency":"EUR","state":"failed"}])");
    REQUIRE(json.has_value());
    CHECK(*json == expected);
    CHECK(parse_processor_list("key;amount;currency;state\n")->empty());
    CHECK(parse_processor_list("[]")->empty());
}

TEST_CASE("a list that is not understood to the last row is refused with the place") {
    const std::string header = "key,amount,currency,state\n", good = "a,1.00,EUR,succeeded\n";
    struct Row {
        std::string text;
        std::uint64_t line;
        const char* column;
    };
    const Row rows[] = {
        {"", 0, ""},
        {"key,amount,currency\n", 1, "state"},
        {"key,key,amount,currency,state\n", 1, "key"},
        {header + good + "b,1.005,EUR,succeeded\n", 3, "amount"},
        {header + good + "b,1.00,EURO,succeeded\n", 3, "currency"},
        {header + good + "b,1.00,EUR,paid\n", 3, "state"},
        {header + good + ",1.00,EUR,failed\n", 3, "key"},
        {header + good + "b,1.00,EUR\n", 3, ""},
        {header + good + "b,1.00,EUR,\"failed\n", 3, ""},
        {R"([{"key":"a","amount":"45","currency":"EUR","state":"failed"}])", 0, "/0/amount"},
        {R"([{"key":"a","amount":4.5,"currency":"EUR","state":"failed"}])", 0, "/0/amount"},
        {R"([{"amount":45,"currency":"EUR","state":"failed"}])", 0, "/0/key"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto list = parse_processor_list(row.text);
        REQUIRE_FALSE(list.has_value());
        CHECK(list.error().place.line == row.line);
        CHECK(list.error().place.column == row.column);
        CHECK_FALSE(list.error().reason.empty());
    }
}

}  // namespace holdfast::formats
