#include "desk/budget.h"
#include "desk/test_support.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

using namespace test;
using std::chrono::days;

Instant in(int days_from_now) { return now + days{days_from_now}; }

FilingWish wish(int number, std::int64_t cents, std::optional<int> closes_in) {
    return {.system = "aliexpress",
            .reference = order(number),
            .worth = usd(cents),
            .closes_at = closes_in ? std::optional(in(*closes_in)) : std::nullopt};
}

FilingPlan plan(const AccountUse& use, const std::vector<FilingWish>& wishes,
                FilingRule rule = {.cap_basis_points = 200, .days = 90}) {
    return plan_filings(use, wishes, rule, Currency::usd, now);
}

// Every way of choosing, by places that open when the claims of before have been forgotten.
std::int64_t least_lost(std::vector<Instant> places, const std::vector<FilingWish>& wishes) {
    auto least = INT64_MAX;
    for (unsigned chosen = 0; chosen < (1U << wishes.size()); ++chosen) {
        std::vector<FilingWish> taken;
        std::int64_t lost = 0;
        for (std::size_t i = 0; i < wishes.size(); ++i)
            if ((chosen >> i) & 1U)
                taken.push_back(wishes[i]);
            else
                lost += wishes[i].worth->minor();
        std::ranges::sort(taken, {}, [](const FilingWish& one) { return *one.closes_at; });
        bool fits = taken.size() <= places.size();
        for (std::size_t i = 0; fits && i < taken.size(); ++i)
            fits = places[i] < *taken[i].closes_at;
        if (fits) least = std::min(least, lost);
    }
    return least;
}

}  // namespace

TEST_CASE("budget: within the cap all is filed at once, what closes first on top") {
    const auto found = plan({.system = "s", .account = "a", .orders = 100, .filed = {}},
                            {wish(1, 10'00, 20), wish(2, 30'00, 5)});
    CHECK(found.allowed == 2);
    REQUIRE(found.filings.size() == 2);
    CHECK(found.filings[0].wish.reference == order(2));
    for (const auto& one : found.filings) CHECK(one.at == now);
    CHECK(found.lost == usd(0));
}

TEST_CASE("budget: what can wait waits for a place that an old claim frees") {
    const auto found =
        plan({.system = "s", .account = "a", .orders = 100, .filed = {in(-80), in(-10)}},
             {wish(1, 10'00, 8), wish(2, 5'00, 30)});
    CHECK(found.filed == 2);
    REQUIRE(found.filings.size() == 2);
    CHECK(found.filings[0].wish.reference == order(2));
    CHECK(found.filings[0].at == in(10));
    CHECK(found.filings[1].wish.reference == order(1));
    CHECK_FALSE(found.filings[1].at);  // it closes two days too early
    CHECK(found.lost == usd(10'00));
}

TEST_CASE("budget: more claims than the cap has places give no place before they are below it") {
    const auto found =
        plan({.system = "s", .account = "a", .orders = 50, .filed = {in(-80), in(-70), in(-60)}},
             {wish(1, 10'00, std::nullopt)});
    CHECK(found.allowed == 1);
    CHECK(found.filings[0].at == in(30));
}

TEST_CASE("budget: a sum that no rate compares goes last, and its currency is named") {
    auto euros = wish(1, 0, 5);
    euros.worth.reset();
    euros.stake = Money::of_minor(1'234'56, Currency::eur);
    auto nothing = wish(2, 0, 5);
    nothing.worth.reset();
    const auto found = plan({.system = "s", .account = "a", .orders = 50, .filed = {}},
                            {euros, nothing, wish(3, 10'00, 9)});
    CHECK(found.allowed == 1);
    CHECK(found.filings[0].wish.reference == order(3));
    CHECK(found.lost_without_sum == 2);
    CHECK(found.without_rate == std::set{Currency::eur});
}

TEST_CASE("budget: a cap of nothing files nothing, and says what that costs") {
    auto without_sum = wish(2, 1, 9);
    without_sum.worth.reset();
    const auto found = plan({.system = "s", .account = "a", .orders = 49, .filed = {}},
                            {wish(1, 7'00, std::nullopt), without_sum});
    CHECK(found.allowed == 0);
    CHECK(found.lost == usd(7'00));
    CHECK(found.lost_without_sum == 1);
}

TEST_CASE("budget: no plan that keeps the cap loses less") {
    Dice dice(11);
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        AccountUse use{.system = "s", .account = "a", .orders = 50 * dice.below(5), .filed = {}};
        for (std::size_t i = 0; i < dice.below(5); ++i)
            use.filed.push_back(in(-static_cast<int>(dice.below(90))));
        std::vector<FilingWish> wishes;
        for (std::size_t i = 0; i < dice.below(8); ++i)
            wishes.push_back(wish(static_cast<int>(i), static_cast<std::int64_t>(1 + dice.below(9)),
                                  static_cast<int>(1 + dice.below(120))));
        const auto found = plan(use, wishes);
        std::vector<Instant> places;
        auto held = use.filed;
        std::ranges::sort(held);
        while (held.size() > found.allowed) held.erase(held.begin());
        for (int again = 0; again < 3; ++again)
            for (std::size_t i = 0; i < found.allowed; ++i) {
                const auto unused = found.allowed - held.size();
                const auto first = i < unused ? now : held[i - unused] + days{90};
                places.push_back(first + days{90} * again);
            }
        std::ranges::sort(places);
        CHECK(found.lost.minor() == least_lost(places, wishes));
        for (const auto& one : found.filings)
            if (one.at) CHECK(*one.at < *one.wish.closes_at);
    }
}

}  // namespace holdfast::desk
