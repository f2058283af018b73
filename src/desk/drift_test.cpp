#include "desk/drift.h"

#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

// Shipped on 1 October with 60 days promised; the platform's answer of 1 November says what is
// left of `platform_days`.
Purchase order_of(int number, std::optional<int> platform_days, bool is_shipped = true) {
    auto told = api_order(number, "2026-09-28T00:00:00Z", Phase::shipped, "SHIPPED", 1000);
    std::vector<Observation> all{api(told)};
    if (is_shipped) {
        auto given = purchase_seen(told.reference);
        given.shipped = test::seen("2026-10-01T00:00:00Z");
        given.shipped_basis = "given";
        given.commit_days = 60;
        all.push_back(test::given(given));
    }
    if (platform_days) {
        auto left = purchase_seen(told.reference);
        left.promise = {.at = instant("2026-10-01T00:00:00Z") + days{*platform_days},
                        .confidence = Confidence::high,
                        .basis = "answer time + rest"};
        all.push_back({origin("aliexpress_details_api", instant("2026-11-01T00:00:00Z")), left});
    }
    return purchase_of(all);
}

std::optional<BothCountdowns> countdown(const Purchase& purchase) {
    return countdown_of(purchase, {}, {}, now, small_terms());
}

DriftWatch watched(const std::vector<std::optional<int>>& platform_days) {
    DriftWatch watch;
    int number = 300;
    for (const auto& one : platform_days) {
        const auto purchase = order_of(++number, one);
        if (const auto both = countdown(purchase)) watch.add(purchase, small_terms(), *both);
    }
    return watch;
}

}  // namespace

TEST_CASE("two countdowns are compared where both are known") {
    const auto both = countdown(order_of(301, 70));
    REQUIRE(both);
    CHECK(both->ours == instant("2026-11-30T00:00:00Z"));
    CHECK(both->platform == instant("2026-12-10T00:00:00Z"));
    CHECK(!countdown(order_of(301, std::nullopt)));              // the platform told none
    CHECK(!countdown(order_of(301, 70, /*is_shipped=*/false)));  // an estimate proves nothing
}

TEST_CASE("a difference that most orders share is a task, and a few are none") {
    struct Row {
        const char* name;
        std::vector<std::optional<int>> platform_days;
        std::size_t differing;  // 0: no task
    };
    const Row rows[] = {
        {"all agree", {60, 60, 60, 60, 60, 60}, 0},
        {"all differ", {70, 70, 70, 70, 70}, 5},
        {"too few to say", {70, 70, 70, 70}, 0},
        {"one was extended", {60, 60, 60, 60, 70}, 0},
        {"eight of ten", {70, 70, 70, 70, 70, 70, 70, 70, 60, 60}, 8},
        {"seven of ten", {70, 70, 70, 70, 70, 70, 70, 60, 60, 60}, 0},
        {"in both ways", {70, 70, 70, 50, 50, 50}, 0},
        {"what is not told does not count", {70, 70, 70, 70, std::nullopt, std::nullopt}, 0},
        {"earlier than ours", {50, 50, 50, 50, 50}, 5},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto found = watched(row.platform_days).found();
        CHECK(found.size() == (row.differing > 0 ? 1U : 0U));
        if (!found.empty()) CHECK(found[0].differing == row.differing);
    }
}

TEST_CASE("the task says how far apart, on how many orders, and which") {
    const auto later = watched({70, 70, 70, 71, 71, 60}).found();
    REQUIRE(later.size() == 1);
    CHECK(later[0].typical == days{10});
    CHECK(sentence_of(later[0]).starts_with(
        "aliexpress, under " + small_terms().id +
        ": the platform's countdown ends 10 d later than ours on 5 of 6 orders (" + order(301) +
        ", " + order(302) + ", " + order(303) + "): the rule may have changed"));
    const auto earlier = watched({50, 50, 50, 50, 50}).found();
    CHECK(sentence_of(earlier.at(0)).find("ends 10 d earlier than ours") != std::string::npos);
}

}  // namespace holdfast::desk
