#include "base/money.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace holdfast;

namespace {

constexpr auto eur = Currency::eur;
constexpr auto jpy = Currency::jpy;
constexpr auto kwd = Currency::kwd;
constexpr auto usd = Currency::usd;
constexpr auto max = Money::max_minor;

Money euros(std::int64_t minor) { return Money::of_minor(minor, eur); }

std::vector<std::int64_t> minors(const std::vector<Money>& pieces) {
    std::vector<std::int64_t> result;
    for (const auto piece : pieces) result.push_back(piece.minor());
    return result;
}

}  // namespace

TEST_CASE("money is added, subtracted, negated and compared") {
    CHECK(euros(1) + euros(2) == euros(3));
    CHECK(euros(1) - euros(2) == euros(-1));
    CHECK(-euros(5) == euros(-5));
    CHECK(-euros(0) == euros(0));
    CHECK(euros(max) + euros(-max) == euros(0));
    CHECK(euros(1) < euros(2));
    CHECK(euros(-max) < euros(max));
    CHECK(euros(5) != Money::of_minor(5, usd));
    CHECK(euros(1).is_positive());
    CHECK_FALSE(euros(0).is_positive());
    CHECK_FALSE(euros(-1).is_positive());
    CHECK(Money::zero(eur).is_zero());
}

TEST_CASE("leaving the range and mixing currencies are bugs") {
    CHECK_NOTHROW(Money::of_minor(max, eur));
    CHECK_NOTHROW(Money::of_minor(-max, eur));
    CHECK_THROWS_AS(Money::of_minor(max + 1, eur), VerifyFailed);
    CHECK_THROWS_AS(Money::of_minor(-max - 1, eur), VerifyFailed);
    CHECK_THROWS_AS(Money::of_minor(INT64_MIN, eur), VerifyFailed);
    CHECK_THROWS_AS(euros(max) + euros(1), VerifyFailed);
    CHECK_THROWS_AS(euros(-max) - euros(1), VerifyFailed);
    CHECK_THROWS_AS(euros(max) + euros(max), VerifyFailed);
    CHECK_THROWS_AS(euros(1) + Money::of_minor(1, usd), VerifyFailed);
    CHECK_THROWS_AS(euros(1) - Money::of_minor(1, usd), VerifyFailed);
    CHECK_THROWS_AS((void)(euros(1) < Money::of_minor(1, usd)), VerifyFailed);
    CHECK_THROWS_AS(share_of(euros(max), 10'001, Rounding::down), VerifyFailed);
}

// clang-format off
TEST_CASE("a share of an amount") {
    struct Row { const char* name; std::int64_t amount; std::int32_t points; std::int64_t down, half_even, up; };
    const Row rows[] = {
        {"nothing of it",          1000,      0,     0,       0,       0},
        {"all of it",              1000, 10'000,  1000,    1000,    1000},
        {"exact",                  1000,  2'500,   250,     250,     250},
        {"below half",             1001,  2'500,   250,     250,     251},
        {"half, even below",       1002,  2'500,   250,     250,     251},
        {"half, even above",       1006,  2'500,   251,     252,     252},
        {"above half",             1003,  2'500,   250,     251,     251},
        {"of nothing",                0,  2'500,     0,       0,       0},
        {"the smallest part",         1,      1,     0,       0,       1},
        {"a debit mirrors",       -1003,  2'500,  -250,    -251,    -251},
        {"a negative half",       -1002,  2'500,  -250,    -250,    -251},
        {"more than all",          1000, 15'000,  1500,    1500,    1500},
        {"a negative share",       1003, -2'500,  -250,    -251,    -251},
        {"all of the largest",      max, 10'000,   max,     max,     max},
        {"nearly all of it",        max,  9'999, 9'006'298'534'815'516, 9'006'298'534'815'517, 9'006'298'534'815'517},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(share_of(euros(row.amount), row.points, Rounding::down).minor() == row.down);
        CHECK(share_of(euros(row.amount), row.points, Rounding::half_even).minor() == row.half_even);
        CHECK(share_of(euros(row.amount), row.points, Rounding::up).minor() == row.up);
    }
}

TEST_CASE("an amount in equal pieces") {
    struct Row { const char* name; std::int64_t amount; std::size_t parts; std::vector<std::int64_t> expected; };
    const Row rows[] = {
        {"one piece",              100, 1, {100}},
        {"even",                   100, 4, {25, 25, 25, 25}},
        {"the rest goes first",    100, 3, {34, 33, 33}},
        {"more pieces than cents",   2, 3, {1, 1, 0}},
        {"nothing",                  0, 2, {0, 0}},
        {"a debit mirrors",       -100, 3, {-34, -33, -33}},
        {"the largest",            max, 2, {4'503'599'627'370'496, 4'503'599'627'370'495}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(minors(split(euros(row.amount), row.parts)) == row.expected);
    }
    CHECK_THROWS_AS(split(euros(1), 0), VerifyFailed);
}

TEST_CASE("an amount by weights") {
    using Weights = std::vector<std::int64_t>;
    struct Row { const char* name; std::int64_t amount; Weights weights; std::vector<std::int64_t> expected; };
    const Row rows[] = {
        {"in proportion",             100, {1, 3},                {25, 75}},
        {"largest remainder",         100, {2, 5, 2},             {22, 56, 22}},
        {"a tie goes to the earlier",   1, {1, 1},                {1, 0}},
        {"two ties",                    2, {1, 1, 1},             {1, 1, 0}},
        {"the later is larger",         1, {1, 2},                {0, 1}},
        {"a weight of zero",          101, {0, 1, 1},             {0, 51, 50}},
        {"only one counts",            99, {0, 0, 7},             {0, 0, 99}},
        {"nothing to give",             0, {1, 2},                {0, 0}},
        {"a debit mirrors",          -100, {2, 5, 2},             {-22, -56, -22}},
        {"the largest of all",        max, {INT64_MAX, INT64_MAX}, {4'503'599'627'370'496, 4'503'599'627'370'495}},
        {"a weight beside a giant",   max, {1, INT64_MAX},        {0, max}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(minors(split_by(euros(row.amount), row.weights)) == row.expected);
    }
    CHECK_THROWS_AS(split_by(euros(1), Weights{}), VerifyFailed);
    CHECK_THROWS_AS(split_by(euros(1), Weights{0, 0}), VerifyFailed);
    CHECK_THROWS_AS(split_by(euros(1), Weights{2, -1}), VerifyFailed);
}

TEST_CASE("money is read from text") {
    using E = MoneyError;
    struct Row { const char* text; Currency currency; std::expected<std::int64_t, E> expected; };
    const auto no = [](E error) { return std::unexpected(error); };
    const Row rows[] = {
        {"12.99",               eur, 1299},
        {"12.9",                eur, 1290},
        {"12",                  eur, 1200},
        {"0",                   eur, 0},
        {"0.00",                eur, 0},
        {"0.01",                eur, 1},
        {"007.50",              eur, 750},
        {"5.000",               eur, 500},
        {"5.0000000000000000",  eur, 500},
        {"12.990",              eur, 1299},
        {"12.999",              eur, no(E::too_many_decimals)},
        {"0.001",               eur, no(E::too_many_decimals)},
        {"1.234",               kwd, 1234},
        {"1.2345",              kwd, no(E::too_many_decimals)},
        {"163056",              jpy, 163056},
        {"163056.00",           jpy, 163056},
        {"163056.5",            jpy, no(E::too_many_decimals)},
        {"90071992547409.91",   eur, max},
        {"90071992547409.92",   eur, no(E::out_of_range)},
        {"9007199254740991",    jpy, max},
        {"9007199254740992",    jpy, no(E::out_of_range)},
        {"99999999999999999999999999999999999999999999999999", eur, no(E::out_of_range)},
        {"0000000000000000000000000000000000000000000000000001", eur, 100},
        {"",                    eur, no(E::malformed)},
        {".",                   eur, no(E::malformed)},
        {".5",                  eur, no(E::malformed)},
        {"5.",                  eur, no(E::malformed)},
        {"1.2.3",               eur, no(E::malformed)},
        {"-1",                  eur, no(E::malformed)},
        {"+1",                  eur, no(E::malformed)},
        {"1e2",                 eur, no(E::malformed)},
        {"1,50",                eur, no(E::malformed)},
        {"1,234.50",            eur, no(E::malformed)},
        {" 1",                  eur, no(E::malformed)},
        {"1 ",                  eur, no(E::malformed)},
        {"12.99 EUR",           eur, no(E::malformed)},
        {"x.999",               eur, no(E::malformed)},
        {"\xd9\xa1",            eur, no(E::malformed)},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto money = parse_money(row.text, row.currency);
        REQUIRE(money.has_value() == row.expected.has_value());
        if (money) {
            CHECK(money->minor() == *row.expected);
            CHECK(money->currency() == row.currency);
        } else {
            CHECK(money.error() == row.expected.error());
        }
    }
}

TEST_CASE("money is converted at a rate of major units") {
    using enum Rounding;
    struct Row { const char* name; std::int64_t minor; Currency from, to; std::int64_t up, down; Rounding rounding; std::int64_t expected; };
    const Row rows[] = {
        {"the same currency",             1299, eur, eur, 1,           1,       half_even, 1299},
        {"1.0837",                       10000, eur, usd, 10837,       10000,   half_even, 10837},
        {"into fewer decimals",           1000, eur, jpy, 16250,       100,     half_even, 1625},
        {"out of fewer decimals",         1625, jpy, eur, 100,         16250,   half_even, 1000},
        {"into more decimals",            1000, eur, kwd, 335,         1000,    half_even, 3350},
        {"from three to none",            1234, kwd, jpy, 500,         1,       half_even, 617},
        {"half to even, kept",              50, eur, jpy, 1,           1,       half_even, 0},
        {"half to even, raised",           150, eur, jpy, 1,           1,       half_even, 2},
        {"down",                           199, eur, jpy, 1,           1,       down,      1},
        {"up",                             101, eur, jpy, 1,           1,       up,        2},
        {"a debit mirrors",               -101, eur, jpy, 1,           1,       up,       -2},
        {"nothing",                          0, eur, jpy, 1,           1,       up,        0},
        {"the smallest at a tiny rate",      1, eur, usd, 1,           INT64_MAX, up,      1},
        {"the largest stays",              max, eur, usd, INT64_MAX,   INT64_MAX, half_even, max},
        {"a huge rate to three decimals",  max, jpy, kwd, INT64_MAX - 1, INT64_MAX, down, -1},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto amount = Money::of_minor(row.minor, row.from);
        if (row.expected == -1) {
            CHECK_THROWS_AS(convert(amount, row.to, row.up, row.down, row.rounding), VerifyFailed);
            continue;
        }
        CHECK(convert(amount, row.to, row.up, row.down, row.rounding) == Money::of_minor(row.expected, row.to));
    }
    CHECK_THROWS_AS(convert(euros(1), usd, 0, 1, down), VerifyFailed);
    CHECK_THROWS_AS(convert(euros(1), usd, 1, 0, down), VerifyFailed);
    CHECK_THROWS_AS(convert(euros(max), usd, 2, 1, down), VerifyFailed);
}

TEST_CASE("money is written") {
    struct Row { std::int64_t minor; Currency currency; const char* expected; };
    const Row rows[] = {
        {1299,   eur,           "12.99 EUR"},
        {-5,     usd,           "-0.05 USD"},
        {5,      usd,           "0.05 USD"},
        {100,    usd,           "1.00 USD"},
        {0,      eur,           "0.00 EUR"},
        {163056, Currency::clp, "163056 CLP"},
        {0,      jpy,           "0 JPY"},
        {-7,     jpy,           "-7 JPY"},
        {1,      kwd,           "0.001 KWD"},
        {max,    eur,           "90071992547409.91 EUR"},
        {-max,   eur,           "-90071992547409.91 EUR"},
    };
    for (const auto& row : rows) {
        const auto amount = Money::of_minor(row.minor, row.currency);
        CHECK(to_string(amount) == row.expected);
        CHECK(to_decimal(amount) + ' ' + std::string(code_of(row.currency)) == row.expected);
    }
    CHECK(to_string(MoneyError::malformed) == "malformed");
    CHECK(to_string(MoneyError::too_many_decimals) == "too_many_decimals");
    CHECK(to_string(MoneyError::out_of_range) == "out_of_range");
}
// clang-format on
