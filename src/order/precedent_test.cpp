// Which disputes are like one another, and how each ended.
#include "order/precedent.h"
#include "order/quarrel_test_support.h"

namespace holdfast::order {
namespace {

using namespace test;

Precedent past(Minor requested, int day = 0) {
    Precedent made{.tracking = "delivered", .requested = requested, .terms_id = "little"};
    made.ending = Ending{.by = EndedBy::decision, .given = Given::nothing};
    made.at = noon + days{day};
    return made;
}

Precedent ended(const Life& life) { return precedent_of(life.order, first); }

// A seller who does not answer within five days has agreed.
const terms::Terms& quarrels() {
    static const auto made =
        little(right("O", "buyer", "open_dispute") + right("W", "buyer", "withdraw_dispute") +
               right("F", "seller", "offer") + right("A", "buyer", "accept") + R"toml(
[[default]]
id = "N"
text = "A seller who does not answer has agreed."
waits_for = "seller"
at = "dispute.opened + 5d"
then = { do = "refund", amount = "requested" }
)toml");
    return made;
}

}  // namespace

TEST_CASE(
    "like is what has the reason, currency and tracking in common, and half to twice the sum") {
    struct Row {
        const char* name;
        Precedent other;
        bool is_like;
    };
    auto other_reason = past(1000), other_currency = past(1000), other_tracking = past(1000),
         open = past(1000);
    other_reason.reason = Reason::late;
    other_currency.currency = Currency::usd;
    other_tracking.tracking = "lost";
    open.ending = {};
    const Row rows[]{{"the same", past(1000), true},
                     {"half", past(500), true},
                     {"less than half", past(499), false},
                     {"twice", past(2000), true},
                     {"more than twice", past(2001), false},
                     {"nothing was asked for", past(0), false},
                     {"another reason", other_reason, false},
                     {"another currency", other_currency, false},
                     {"another word of the carrier's", other_tracking, false},
                     {"not over", open, false}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(like(past(1000), std::vector{row.other}).size() == (row.is_like ? 1 : 0));
    }
}

TEST_CASE("the nearest come first: by traits, then by sum, then the newest") {
    auto one_trait_less = past(1000, 9), two_less = past(1000, 9);
    one_trait_less.escalated = true;
    two_less.terms_id = "others";
    two_less.seller_evidence = true;
    const std::vector all{two_less,     one_trait_less, past(1200, 9),
                          past(900, 1), past(1100, 2),  past(1000, 0)};
    CHECK(like(past(1000), all) == std::vector<std::size_t>{5, 4, 3, 2, 1, 0});
    CHECK(shared(past(1000), two_less) == std::array{false, true, true, false});
}

TEST_CASE("how a dispute ended") {
    SUBCASE("it has not") { CHECK(!ended(disputed(quarrels())).ending); }
    SUBCASE("withdrawn") {
        auto life = disputed(quarrels());
        REQUIRE(life.ask(Party::buyer, day6 + days{1}, WithdrawDispute{first}).has_value());
        CHECK(ended(life).ending == Ending{EndedBy::withdrawal, Given::nothing});
    }
    SUBCASE("agreed, for a part") {
        auto life = disputed(quarrels());
        const Settlement some{.remedy = Remedy::partial_refund_keep, .amount = 3000};
        REQUIRE(life.ask(Party::seller, day6 + days{1},
                         MakeOffer{.dispute = first, .plan = {.then = some}, .expires_at = {}})
                    .has_value());
        REQUIRE(life.ask(Party::buyer, day6 + days{2}, AcceptOffer{{1}}).has_value());
        CHECK(ended(life).ending == Ending{EndedBy::agreement, Given::under_half});
        CHECK(ended(life).refunded == 3000);
    }
    SUBCASE("by silence, for all of it") {
        auto life = disputed(quarrels());
        life.pass(day6 + days{6});
        CHECK(ended(life).ending == Ending{EndedBy::silence, Given::all});
        CHECK(!ended(life).escalated);
    }
    SUBCASE("decided, for half") {
        static const auto terms =
            little(right("O", "buyer", "open_dispute") + right("E", "buyer", "escalate"));
        auto life = disputed(terms);
        REQUIRE(life.ask(Party::buyer, day6 + days{1}, Escalate{first}).has_value());
        const auto half = life.order.dispute(first).requested / 2;
        REQUIRE(life.ask(Party::platform, day6 + days{2},
                         Decide{.dispute = first,
                                .verdict = {.settlement = {.remedy = Remedy::partial_refund_keep,
                                                           .amount = half},
                                            .winner = Party::buyer,
                                            .codes = {VerdictCode::item_damaged}}})
                    .has_value());
        CHECK(ended(life).ending == Ending{EndedBy::decision, Given::half_or_more});
        CHECK(ended(life).escalated);
    }
}

}  // namespace holdfast::order
