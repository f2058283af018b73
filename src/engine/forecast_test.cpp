// An order's life played on: by time alone, with one side silent, with goods that come.
#include "engine/forecast.h"

#include "order/test_support.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

using namespace order;
using namespace order::test;

const Instant after_promise = noon + days{31};

Life shipped() {
    Life life;
    life.paid().shipped();
    return life;
}
std::vector<std::string> told(const std::vector<Foreseen>& all) {
    std::vector<std::string> lines;
    for (const auto& one : all)
        for (const auto& event : one.events)
            lines.push_back((one.by.empty() ? "time" : one.by) + " " +
                            std::string(name_of(event.event)));
    return lines;
}
Order end_of(Order order, const std::vector<Foreseen>& all) {
    for (const auto& one : all)
        for (const auto& event : one.events) evolve(order, event);
    return order;
}
bool has(const std::vector<std::string>& lines, std::string_view line) {
    return std::ranges::find(lines, line) != lines.end();
}

}  // namespace

TEST_CASE("time alone does what catch_up does, and what is asked leaves the order as it is") {
    const auto life = shipped();
    const auto before = life.order;
    const auto all = forecast(life.order, life.rules, {}, noon + days{2});
    CHECK(life.order == before);
    auto later = life;
    later.pass(noon + days{400});
    CHECK(end_of(life.order, all).money == later.order.money);
    CHECK(std::ranges::all_of(all, [](const Foreseen& one) { return one.by.empty(); }));
}

TEST_CASE("while the seller is silent the buyer claims, and gets the money by silence") {
    const auto life = shipped();
    const auto all = forecast(life.order, life.rules, {.silent = Silent::seller}, after_promise);
    const auto lines = told(all);
    CHECK(has(lines, "buyer dispute_opened"));
    CHECK(has(lines, "time default_struck"));
    const auto end = end_of(life.order, all);
    CHECK(end.money.refunded == 10500);
    CHECK(end.money.held == 0);
}

TEST_CASE("nobody acts before now, whatever they could have done since") {
    const auto life = shipped();
    const auto now = after_promise + days{3};
    for (const auto silent : {Silent::seller, Silent::buyer})
        for (const auto& one : forecast(life.order, life.rules, {.silent = silent}, now))
            if (!one.by.empty()) CHECK(one.events.front().at >= now);
}

TEST_CASE("goods that come are paid for when the buyer stays silent") {
    const auto life = shipped();
    const auto comes = noon + days{20};
    const auto all = forecast(life.order, life.rules, {.silent = Silent::both, .arrives_at = comes},
                              noon + days{2});
    REQUIRE(!all.empty());
    CHECK(all.front().by == "carrier");
    CHECK(all.front().events.front().when == comes);
    const auto end = end_of(life.order, all);
    CHECK(end.completed.has_value());
    CHECK(end.money.released == 9450);
    CHECK(end.money.fees == 1050);
}

TEST_CASE("an arrival in the past is one now") {
    const auto life = shipped();
    const auto all = forecast(life.order, life.rules, {.silent = Silent::both, .arrives_at = noon},
                              noon + days{2});
    CHECK(all.front().events.front().when == noon + days{2});
}

}  // namespace holdfast::engine
