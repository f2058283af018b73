// What the API answers about an order is a file that the desk reads: it finds there what the order
// itself would tell (desk/mirror.h), whatever happened to it.
#include "api/order_view.h"
#include "api/wire_id.h"
#include "desk/mirror.h"
#include "formats/sample_reader.h"
#include "order/deadlines.h"

#include "order_random.h"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace holdfast::test {
namespace {

const IdBytes order_bytes{1, 2, 3};

std::string page_of(const World& world, Instant now) {
    engine::LiveOrder live;
    live.state = world.order;
    live.reference = "R-1";
    const auto ahead = order::deadlines(world.order, world.rules);
    const api::SeenTexts addresses;
    const api::OrderSeen seen{.id = order_bytes,
                              .live = live,
                              .rules = world.rules,
                              .ahead = ahead,
                              .addresses = addresses,
                              .reader = order::Party::buyer,
                              .now = now};
    return boost::json::serialize(api::order_view(seen, api::Detail::whole));
}

// Told in another order it is the same; a sum that was paid too much and went back is in the API's
// own figure of refunds and not in the mirror's.
std::vector<desk::Seen> comparable(std::vector<desk::Observation> all, bool is_overpaid) {
    std::vector<desk::Seen> seen;
    for (auto& one : all) {
        if (auto* purchase = std::get_if<desk::PurchaseSeen>(&one.seen)) {
            for (auto& dispute : purchase->disputes) std::ranges::sort(dispute.told);
            if (is_overpaid) purchase->refunded = {};
        }
        seen.push_back(std::move(one.seen));
    }
    return seen;
}

void compare(const World& world, Instant now) {
    const auto reference = api::order_id(order_bytes);
    const auto page = page_of(world, now);
    const auto read = formats::read_bytes(page);
    CAPTURE(page);
    REQUIRE(read.result.has_value());
    REQUIRE(read.result->format == "holdfast_order_json");
    REQUIRE(read.rejects.empty());
    const auto& money = world.order.money;
    const bool is_overpaid = money.captured > order::placed_total_of(world.order);
    const auto told = desk::observations_of(world.order, "holdfast", reference, now);
    const auto ours = comparable(read.observations, is_overpaid);
    const auto theirs = comparable(told, is_overpaid);
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) CHECK(ours[i] == theirs[i]);
}

}  // namespace

TEST_CASE("the desk finds in the API's answer what the order itself would tell") {
    std::uint64_t pages = 0;
    const std::uint64_t orders = is_sanitized ? 40 : 300;
    for (std::uint64_t seed = 1; seed <= orders; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        World world;
        Instant now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
        for (int step = 0; step < 25; ++step) {
            now = later_instant(random, world, now);
            world.pass(now);
            Chooser chooser(random, world, now);
            if (world.order.placed && random.chance(45)) {
                auto seen = chooser.observation();
                if (auto* shipped = std::get_if<order::SeeShipped>(&seen.seen))
                    shipped->tracking = Word("T" + std::to_string(step));
                world.observe(seen, now);
            } else {
                world.decide(chooser.command(), now);
            }
            world.pass(now);
            if (!world.order.placed) continue;
            compare(world, now);
            ++pages;
        }
        REQUIRE(world.error.empty());
    }
    MESSAGE(orders << " orders, " << pages << " pages read");
    CHECK(pages > orders * 10);
}

TEST_CASE("a page of orders is read like each of them") {
    const std::string order = R"({"object":"order","id":"ord_01kjma0fm057ebe6p38y71tzxa",
        "waits_for":["payment"],"state":"placed","placed_at":"2026-03-01T09:00:00.000Z",
        "currency":"EUR","total":{"amount":500,"currency":"EUR"},"lines":[{"line":1,"quantity":1,
        "unit_price":{"amount":500,"currency":"EUR"},"cancelled":0,
        "refunded":{"amount":0,"currency":"EUR"}}],"shipments":[],"disputes":[]})";
    auto other = order;
    other.replace(other.find("500"), 3, "-50");
    const auto page = R"({"data":[)" + order + "," + other + R"(],"has_more":false})";
    const auto read = formats::read_bytes(page);
    REQUIRE(read.result.has_value());
    CHECK(read.result->records == 2);
    CHECK(read.one<desk::PurchaseSeen>().phase == desk::Phase::unpaid);
    REQUIRE(read.rejects.size() == 1);
    CHECK(read.rejects[0].first.column == "/data/1/total");
}

}  // namespace holdfast::test
