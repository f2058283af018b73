#include "base/currency.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <string>

using namespace holdfast;

// clang-format off
TEST_CASE("currencies by code") {
    struct Row { const char* code; int number; int exponent; };
    const Row rows[] = {
        {"AED", 784, 2},  // the first row
        {"ZWG", 924, 2},  // the last row
        {"EUR", 978, 2},
        {"eur", 978, 2},
        {"eUr", 978, 2},
        {"USD", 840, 2},
        {"ALL",   8, 2},
        {"JPY", 392, 0},
        {"KRW", 410, 0},
        {"CLP", 152, 0},
        {"ISK", 352, 0},
        {"UGX", 800, 0},
        {"VND", 704, 0},
        {"XPF", 953, 0},
        {"KWD", 414, 3},
        {"BHD",  48, 3},
        {"IQD", 368, 3},
        {"TND", 788, 3},
        {"UYW", 927, 4},
        {"HUF", 348, 2},  // no coins left, but ISO counts fillér
        {"MGA", 969, 2},  // fifths, which ISO counts as hundredths
        {"XCG", 532, 2},  // since 2025, for ANG
        {"SLE", 925, 2},
        {"VED", 926, 2},
        {"VES", 928, 2},
    };
    for (const auto& row : rows) {
        CAPTURE(row.code);
        const auto currency = parse_currency(row.code);
        REQUIRE(currency);
        CHECK(static_cast<int>(*currency) == row.number);
        CHECK(exponent_of(*currency) == row.exponent);
    }
}
// clang-format on

TEST_CASE("what is no current currency is nothing") {
    // clang-format off
    for (const auto* code :
         {"", "E", "EU", "EURO", "EUR ", " EUR", "E R", "978", "$", "AAA", "ZZZ", "\xe2\x82\xac",
          "DEM", "HRK", "ANG", "ZWL", "XAU", "XTS", "XXX", "XDR", "CLF", "CHE"}) {
        // clang-format on
        CAPTURE(code);
        CHECK_FALSE(parse_currency(code));
    }
}

TEST_CASE("every code leads back to itself") {
    int count = 0;
    std::string code = "AAA";
    for (code[0] = 'A'; code[0] <= 'Z'; ++code[0])
        for (code[1] = 'A'; code[1] <= 'Z'; ++code[1])
            for (code[2] = 'A'; code[2] <= 'Z'; ++code[2])
                if (const auto currency = parse_currency(code)) {
                    CHECK(code_of(*currency) == code);
                    ++count;
                }
    CHECK(count == 156);
}

TEST_CASE("the named currencies have the codes of their names") {
    CHECK(code_of(Currency::aud) == "AUD");
    CHECK(code_of(Currency::brl) == "BRL");
    CHECK(code_of(Currency::cad) == "CAD");
    CHECK(code_of(Currency::chf) == "CHF");
    CHECK(code_of(Currency::clp) == "CLP");
    CHECK(code_of(Currency::cny) == "CNY");
    CHECK(code_of(Currency::eur) == "EUR");
    CHECK(code_of(Currency::gbp) == "GBP");
    CHECK(code_of(Currency::inr) == "INR");
    CHECK(code_of(Currency::jpy) == "JPY");
    CHECK(code_of(Currency::krw) == "KRW");
    CHECK(code_of(Currency::kwd) == "KWD");
    CHECK(code_of(Currency::myr) == "MYR");
    CHECK(code_of(Currency::php) == "PHP");
    CHECK(code_of(Currency::pln) == "PLN");
    CHECK(code_of(Currency::usd) == "USD");
}

TEST_CASE("a number that no currency has is a bug") {
    CHECK_THROWS_AS(code_of(Currency{0}), VerifyFailed);
    CHECK_THROWS_AS(code_of(Currency{999}), VerifyFailed);
    CHECK_THROWS_AS(exponent_of(Currency{1000}), VerifyFailed);
    CHECK_THROWS_AS(exponent_of(Currency{65535}), VerifyFailed);
}
