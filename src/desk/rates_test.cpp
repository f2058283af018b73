#include "desk/rates.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

RateSeen rate(Currency from, Currency to, std::string_view on, std::int64_t numerator,
              std::int64_t denominator = 1) {
    return {
        .from = from, .to = to, .on = day(on), .numerator = numerator, .denominator = denominator};
}
Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

Rates table() {
    Rates rates;
    evolve(rates, rate(Currency::eur, Currency::usd, "2026-01-01", 11, 10), origin("given"));
    evolve(rates, rate(Currency::eur, Currency::usd, "2026-06-01", 12, 10), origin("given"));
    evolve(rates, rate(Currency::usd, Currency::jpy, "2026-01-01", 150), origin("given"));
    evolve(rates, rate(Currency::usd, Currency::brl, "2026-01-01", 0), origin("given"));
    return rates;
}

}  // namespace

TEST_CASE("rates: the newest on or before the day, the inverse, and one hop") {
    struct Row {
        const char* name;
        Money amount;
        Currency to;
        std::string_view on;
        std::optional<Money> expected;
    };
    const Row rows[] = {
        {"the same currency", eur(100), Currency::eur, "2020-01-01", eur(100)},
        {"before the first", eur(1000), Currency::usd, "2025-12-31", std::nullopt},
        {"on the day", eur(1000), Currency::usd, "2026-01-01", usd(1100)},
        {"the day before the next", eur(1000), Currency::usd, "2026-05-31", usd(1100)},
        {"the next", eur(1000), Currency::usd, "2026-06-01", usd(1200)},
        {"inverse", usd(1200), Currency::eur, "2026-07-01", eur(1000)},
        {"one hop", eur(1000), Currency::jpy, "2026-01-01", Money::of_minor(1650, Currency::jpy)},
        {"one hop back", Money::of_minor(1650, Currency::jpy), Currency::eur, "2026-01-01",
         eur(1000)},
        {"no rate", usd(1), Currency::pln, "2026-07-01", std::nullopt},
        {"a rate of 0 is none", usd(1), Currency::brl, "2026-07-01", std::nullopt},
        {"negative", eur(-1000), Currency::usd, "2026-06-01", usd(-1200)},
        {"zero", eur(0), Currency::usd, "2026-06-01", usd(0)},
        {"too large to hold", eur(Money::max_minor), Currency::usd, "2026-06-01", std::nullopt},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(convert_at(table(), row.amount, row.to, day(row.on)) == row.expected);
    }
}

TEST_CASE("rates: the newer reading of one day counts, in any order") {
    const auto first = rate(Currency::eur, Currency::usd, "2026-01-01", 11, 10);
    const auto second = rate(Currency::eur, Currency::usd, "2026-01-01", 13, 10);
    Rates a, b;
    evolve(a, first, origin("given", now)), evolve(a, second, origin("given", now + days{1}));
    evolve(b, second, origin("given", now + days{1})), evolve(b, first, origin("given", now));
    CHECK(a == b);
    CHECK(convert_at(a, eur(1000), Currency::usd, day("2026-02-01")) == usd(1300));
    CHECK(age_of(a).newest == now + days{1});
}

TEST_CASE("rates: a conversion names the rates it went by") {
    const auto on = day("2026-07-01");
    const auto same = convert_with_rates(table(), eur(1000), Currency::eur, on);
    REQUIRE(same.has_value());
    CHECK(*same == Conversion{eur(1000), {}});
    const RateUsed there{Currency::eur, Currency::usd, {12, 10}, day("2026-06-01")};
    const RateUsed further{Currency::usd, Currency::jpy, {150, 1}, day("2026-01-01")};
    const auto direct = convert_with_rates(table(), eur(1000), Currency::usd, on);
    REQUIRE(direct.has_value());
    CHECK(*direct == Conversion{usd(1200), {there}});
    const auto hop = convert_with_rates(table(), eur(1000), Currency::jpy, on);
    REQUIRE(hop.has_value());
    CHECK(*hop == Conversion{Money::of_minor(1800, Currency::jpy), {there, further}});
    const auto back = convert_with_rates(table(), usd(1200), Currency::eur, on);
    REQUIRE(back.has_value());
    CHECK(*back ==
          Conversion{eur(1000), {{Currency::usd, Currency::eur, {10, 12}, day("2026-06-01")}}});
    CHECK_FALSE(convert_with_rates(table(), eur(1), Currency::brl, on).has_value());
}

}  // namespace holdfast::desk
