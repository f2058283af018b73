#include "desk/claim_chance.h"

#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

// A claim that is decided: all of it came, or nothing.
Purchase decided(int number, std::string seller, std::string reason, bool is_won) {
    auto seen = purchase_seen(order(number));
    seen.store_name = std::move(seller);
    seen.total = usd(20'00);
    if (is_won) seen.refunded = usd(20'00);
    seen.disputes = {{.dispute_id = "d" + std::to_string(number),
                      .line_id = {},
                      .reason = std::move(reason),
                      .status = "finish",
                      .opened = test::seen("2026-10-01T00:00:00Z"),
                      .answered = {},
                      .ended = test::seen("2026-10-09T00:00:00Z"),
                      .requested = usd(20'00),
                      .maximum = {}}};
    return purchase_of({api(seen)});
}

Purchase of(std::string seller) {
    auto seen = purchase_seen(order(999));
    seen.store_name = std::move(seller);
    return purchase_of({api(seen)});
}

void add(ClaimHistory& history, int count, const std::string& seller, const std::string& reason,
         bool is_won) {
    static int number = 100;
    for (int i = 0; i < count; ++i)
        history.add(decided(number++ % 900 + 100, seller, reason, is_won));
}

}  // namespace

TEST_CASE("claim chances: fewer decided claims than five say nothing") {
    ClaimHistory history;
    add(history, 4, "Mug House", "not_received", true);
    CHECK_FALSE(history.chance(of("Mug House"), Reason::not_received));
    add(history, 1, "Mug House", "not_received", true);
    REQUIRE(history.chance(of("Mug House"), Reason::not_received));
}

TEST_CASE("claim chances: what is open or unclear is not counted") {
    ClaimHistory history;
    for (int i = 0; i < 20; ++i) {
        auto seen = purchase_seen(order(100 + i));
        seen.disputes = {{.dispute_id = "d",
                          .line_id = {},
                          .reason = "not_received",
                          .status = "wait_seller_confirm",
                          .opened = {},
                          .answered = {},
                          .ended = {},
                          .requested = usd(1'00),
                          .maximum = {}}};
        history.add(purchase_of({api(seen)}));
    }
    CHECK_FALSE(history.chance(of("Mug House"), Reason::not_received));
}

TEST_CASE("claim chances: few claims lean on broader groups, many stand for themselves") {
    ClaimHistory history;
    add(history, 40, "Others", "not_received", true);
    add(history, 40, "Others", "not_as_described", false);
    add(history, 2, "Few", "not_received", false);
    add(history, 60, "Many", "not_received", false);
    const auto likely = [&](const char* seller, Reason reason) {
        return history.chance(of(seller), reason)->likely;
    };
    const auto unknown = likely("Nobody knows it", Reason::not_received);
    CHECK(likely("Others", Reason::not_received) > 9'000);
    CHECK(likely("Many", Reason::not_received) < 500);
    CHECK(likely("Few", Reason::not_received) < unknown);
    CHECK(likely("Few", Reason::not_received) > likely("Many", Reason::not_received));
    CHECK(likely("Nobody knows it", Reason::not_as_described) < unknown);
    // Damaged goods are what platforms call not as described.
    CHECK(likely("Others", Reason::damaged) == likely("Others", Reason::not_as_described));
    const auto few = *history.chance(of("Few"), Reason::not_received);
    CHECK(few.sample == 2);
    CHECK(few.alike == 102);
    CHECK(few.all == 142);
    CHECK(
        to_text(few).find("by 2 decided claims on Few on aliexpress, not_received; 102 on the same "
                          "system for it, 142 in all") != std::string::npos);
}

TEST_CASE("claim chances: the interval holds the likely chance and narrows with claims") {
    Dice dice(7);
    for (int round = 0; round < 60; ++round) {
        ClaimHistory history;
        const auto won = static_cast<int>(dice.below(12)), lost = static_cast<int>(dice.below(12));
        add(history, 5 + won, "A", "not_received", true);
        add(history, lost, "A", "not_received", false);
        const auto few = *history.chance(of("A"), Reason::not_received);
        CHECK(few.low <= few.likely);
        CHECK(few.likely <= few.high);
        CHECK((few.low >= 0 && few.high <= 10'000));
        for (int i = 0; i < 9; ++i) {
            add(history, 5 + won, "A", "not_received", true);
            add(history, lost, "A", "not_received", false);
        }
        const auto many = *history.chance(of("A"), Reason::not_received);
        CHECK(many.high - many.low < few.high - few.low);
    }
}

}  // namespace holdfast::desk
