#include "ledger/statement.h"

#include "ledger/test_support.h"

#include <doctest/doctest.h>

using namespace holdfast;
using namespace holdfast::ledger;
using namespace holdfast::ledger::test;

namespace {

Holder busy(std::uint64_t seed) {
    Dice dice(seed);
    Holder one;
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 777, .days = 3}));
    for (std::uint64_t step = 1; step <= 60; ++step) {
        const auto now = noon + hours{6} * static_cast<int>(step);
        const auto amount = dice.from_to(-500, 900);
        REQUIRE(one.see(now, SeeTransfer{transfer(step, amount == 0 ? 1 : amount)}));
        if (step % 10 == 0 && one.ask(now, BatchPayout{}))
            REQUIRE(one.see(now, SeePayout{{static_cast<std::uint32_t>(one.book.payouts.size())}}));
    }
    return one;
}

}  // namespace

TEST_CASE("a statement names every line between its balances") {
    Holder one;
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    REQUIRE(one.see(noon + hours{1}, noon, SeeTransfer{transfer(2, -300)}));
    REQUIRE(one.ask(noon + hours{2}, BatchPayout{}));
    REQUIRE(one.see(noon + hours{3}, SeePayout{{1}}));
    const auto all = statement_of(one.events, Currency::eur, noon + hours{1}, noon + hours{3});
    CHECK(all.opening_balance() == 1000);
    CHECK(all.closing_balance() == 700);
    const std::vector<Line> expected = {
        {2, noon + hours{1}, noon, "transfer_received", key(2), {}, Account::payable, -300},
        {3,
         noon + hours{2},
         noon + hours{2},
         "payout_batched",
         {},
         PayoutNo{1},
         Account::payable,
         -700},
        {3,
         noon + hours{2},
         noon + hours{2},
         "payout_batched",
         {},
         PayoutNo{1},
         Account::payout,
         700},
    };
    CHECK(all.lines == expected);

    const auto empty = statement_of(one.events, Currency::eur, noon + days{1}, noon + days{1});
    CHECK(empty.opening_balance() == 0);
    CHECK(empty.lines.empty());
    CHECK(statement_of(one.events, Currency::jpy, noon, noon + days{9}).lines.empty());
    CHECK(statement_of({}, Currency::eur, noon, noon + days{9}).closing_balance() == 0);
}

TEST_CASE("statements follow on each other without a gap") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const auto one = busy(seed);
        std::size_t lines = 0;
        Minor balance = 0;
        for (int day = 0; day < 20; ++day) {
            const auto from = noon + days{day};
            const auto part = statement_of(one.events, Currency::eur, from, from + days{1});
            CHECK(part.opening_balance() == balance);
            balance = part.closing_balance();
            lines += part.lines.size();
        }
        const auto whole = statement_of(one.events, Currency::eur, noon, noon + days{20});
        CHECK(whole.closing_balance() == balance);
        CHECK(whole.lines.size() == lines);
        CHECK(balance == own_balance(one.book.find_purse(Currency::eur)->balances));
    }
}

TEST_CASE("an order's money by party, with its fees") {
    auto placement = order::test::lamps();
    const order::Events events = {
        {noon, noon, order::Placed{placement}},
        {noon, noon, order::PaymentCaptured{10500}},
        {noon, noon, order::Released{.gross = 10000, .commission = 1000}},
        {noon, noon,
         order::RefundIssued{.instruction = {1},
                             .dispute = {},
                             .amount = 2500,
                             .from_held = 300,
                             .from_seller = 1800,
                             .commission = 200,
                             .from_guarantee = 200,
                             .parts = {}}},
        {noon, noon, order::InstructionSettled{{1}}},
    };
    const auto all = statement_of(events);
    CHECK(all.buyer == OrderShare{.got = 2500, .gave = 10500});
    CHECK(all.seller == OrderShare{.got = 10200, .gave = 3000, .fees = 800});
    CHECK(all.platform == OrderShare{.got = 1000, .gave = 400, .fees = 800});
    CHECK(all.held == 200);
    CHECK(all.seller.net() == 9000 - 1800);
    CHECK(all.lines.size() == 1 + 3 + 5 + 2);
    CHECK(all.lines.front().seq == 2);  // after it was placed
    CHECK(all.lines.back().seq == 5);

    placement.custody = order::Custody::with_seller;
    const auto outside = statement_of(order::Events{
        {noon, noon, order::Placed{placement}},
        {noon, noon, order::PaymentCaptured{10500}},
        {noon, noon, order::Released{.gross = 10500, .commission = 0}},
    });
    CHECK(outside.seller == OrderShare{.got = 10500});
    CHECK(outside.lines.back().account == Account::seller);
    const auto least = statement_of(order::Events{{noon, noon, order::Placed{placement}},
                                                  {noon, noon, order::PaymentCaptured{1}},
                                                  {noon, noon, order::Released{.gross = 1}}});
    CHECK(least.buyer == OrderShare{.gave = 1});
    CHECK(least.seller == OrderShare{.got = 1});
    CHECK(statement_of(std::span<const order::Recorded>{}).lines.empty());
}
