#include "formats/money_text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

constexpr Currency bdt{50};

std::string read(std::string_view text, Currency currency,
                 DecimalMark mark = DecimalMark::unknown) {
    const auto money = parse_money_text(text, currency, mark);
    return money ? to_string(*money) : "no: " + money.error();
}

bool is_refused(std::string_view text, Currency currency, DecimalMark mark = DecimalMark::unknown) {
    return !parse_money_text(text, currency, mark);
}

}  // namespace

TEST_CASE("amounts in every style") {
    struct Row {
        const char* text;
        Currency currency;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"19.03",               Currency::usd, "19.03 USD"},
        {"78.3",                Currency::usd, "78.30 USD"},
        {"62.0",                Currency::usd, "62.00 USD"},
        {"US $12.34",           Currency::usd, "12.34 USD"},
        {"US $1,018.90",        Currency::usd, "1018.90 USD"},
        {"$1,018",              Currency::usd, "1018.00 USD"},
        {"27,50 €",             Currency::eur, "27.50 EUR"},
        {"1 036,21 €",          Currency::eur, "1036.21 EUR"},
        {"1\u00A0036,21\u00A0€", Currency::eur, "1036.21 EUR"},
        {"1\u202F036,21\u202F€", Currency::eur, "1036.21 EUR"},
        {"€1.018,90",           Currency::eur, "1018.90 EUR"},
        {"€59.50",              Currency::eur, "59.50 EUR"},
        {"1'018.90",            Currency::chf, "1018.90 CHF"},
        {"₩11,110",             Currency::krw, "11110 KRW"},
        {"163056",              Currency::clp, "163056 CLP"},
        {"0.00",                Currency::clp, "0 CLP"},
        {"129,46zł",            Currency::pln, "129.46 PLN"},
        {"৳2,999",              bdt,           "2999.00 BDT"},
        {"1,23,456.78",         Currency::inr, "123456.78 INR"},
        {"1,234,567",           Currency::usd, "1234567.00 USD"},
        {"-1,00 €",             Currency::eur, "-1.00 EUR"},
        {"-€12,00",             Currency::eur, "-12.00 EUR"},
        {"€-12,00",             Currency::eur, "-12.00 EUR"},
        {"12,00-",              Currency::eur, "-12.00 EUR"},
        {"\u221212,00 €",       Currency::eur, "-12.00 EUR"},
        {"(12.00)",             Currency::usd, "-12.00 USD"},
        {"12,-",                Currency::eur, "12.00 EUR"},
        {"0,018",               Currency::kwd, "0.018 KWD"},
        {"12.345,678",          Currency::kwd, "12345.678 KWD"},
        {"USD 5",               Currency::usd, "5.00 USD"},
        {"Rs.500",              Currency::inr, "500.00 INR"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(read(row.text, row.currency) == row.expected);
    }
}

TEST_CASE("what can mean a thousand times as much is settled by the file or refused") {
    CHECK(is_refused("1,018", Currency::kwd));
    CHECK(read("1,018", Currency::kwd, DecimalMark::comma) == "1.018 KWD");
    CHECK(read("1,018", Currency::kwd, DecimalMark::point) == "1018.000 KWD");
    CHECK(read("1.018", Currency::eur, DecimalMark::comma) == "1018.00 EUR");
    CHECK(is_refused("1.018", Currency::eur, DecimalMark::point));  // three decimals in euros
    CHECK(read("11,110", Currency::krw, DecimalMark::comma) == "11110 KRW");
}

TEST_CASE("amounts that make no sense are refused") {
    const char* rows[] = {
        "",       "€",   "abc",  "1.5E+3",         "1,2,3",       "1.00 - 2.00",         "$.50",
        "12.345", "--5", "1..5", "5 EUR and more", "1,23 456,78", "99999999999999999999"};
    for (const auto* text : rows) {
        CAPTURE(text);
        if (std::string_view(text) == "12.345")
            CHECK(read(text, Currency::usd) == "12345.00 USD");
        else
            CHECK(is_refused(text, Currency::usd));
    }
}

TEST_CASE("a symbol is checked against the currency, and $ says nothing") {
    CHECK(is_refused("27,50 €", Currency::usd));
    CHECK(is_refused("US $9.99", Currency::eur));
    CHECK(is_refused("EUR 9.99", Currency::usd));
    CHECK(read("$9.99", Currency::cad) == "9.99 CAD");
    CHECK(read("kr 99", Currency{752}) == "99.00 SEK");
}

TEST_CASE("what programs write has no style") {
    CHECK(parse_decimal("-36.00", Currency::eur) == Money::of_minor(-36'00, Currency::eur));
    CHECK(parse_decimal("62.0", Currency::usd) == Money::of_minor(62'00, Currency::usd));
    CHECK(!parse_decimal("1,018", Currency::usd));
    CHECK(!parse_decimal("1e2", Currency::usd));
    CHECK(!parse_decimal("0.001", Currency::usd));
    CHECK(!parse_decimal("", Currency::usd));
    CHECK(parse_minor("4106", Currency::usd) == Money::of_minor(41'06, Currency::usd));
    CHECK(parse_minor("11110", Currency::krw) == Money::of_minor(11110, Currency::krw));
    CHECK(!parse_minor("41.06", Currency::usd));
    CHECK(!parse_minor("9007199254740992", Currency::usd));
}

TEST_CASE("prices with their decimals apart") {
    CHECK(parse_price_parts("US $19.03|19|03", Currency::usd) ==
          Money::of_minor(19'03, Currency::usd));
    CHECK(parse_price_parts("US $1,018.90|1,018|90", Currency::usd) ==
          Money::of_minor(1018'90, Currency::usd));
    CHECK(parse_price_parts("₩11,110|11110|", Currency::krw) ==
          Money::of_minor(11110, Currency::krw));
    CHECK(!parse_price_parts("US $19.03", Currency::usd));
    CHECK(!parse_price_parts("|", Currency::usd));
    CHECK(!parse_price_parts("a||", Currency::usd));
}

TEST_CASE("an amount tells the style of its file") {
    CHECK(decimal_mark_of("27,50 €") == DecimalMark::comma);
    CHECK(decimal_mark_of("1.018,90") == DecimalMark::comma);
    CHECK(decimal_mark_of("US $1,018.90") == DecimalMark::point);
    CHECK(decimal_mark_of("1,018") == DecimalMark::unknown);
    CHECK(decimal_mark_of("1018") == DecimalMark::unknown);
    CHECK(decimal_mark_of("") == DecimalMark::unknown);
}

TEST_CASE("sums from outside stay within what money holds") {
    const auto most = Money::of_minor(Money::max_minor, Currency::usd);
    CHECK(sum_of({}, most) == most);
    CHECK(!sum_of(most, most));
    CHECK(!sum_of(most, Money::zero(Currency::eur)));
    CHECK(sum_of(most, Money::of_minor(-1, Currency::usd)) ==
          Money::of_minor(Money::max_minor - 1, Currency::usd));
}

}  // namespace holdfast::formats
