#include "ledger/posting.h"

#include "ledger/test_support.h"

#include <doctest/doctest.h>

using namespace holdfast;
using namespace holdfast::ledger;
using namespace holdfast::ledger::test;
using order::Custody;
using order::test::Life;

namespace {

order::Order captured(Custody custody = Custody::held) {
    auto placement = order::test::lamps();
    placement.seller = party(2);
    placement.custody = custody;
    const order::Events events = {{noon, noon, order::Placed{placement}},
                                  {noon, noon, order::PaymentCaptured{10500}}};
    return order::replay(events);
}

order::Order with(order::Order state, std::vector<order::Event> events) {
    for (auto& event : events) order::evolve(state, {noon, noon, std::move(event)});
    return state;
}

Postings eur(std::vector<std::pair<Account, Minor>> amounts) {
    Postings all;
    for (const auto& [account, amount] : amounts)
        all.push_back({account, Money::of_minor(amount, Currency::eur)});
    return all;
}

const order::Released released{.gross = 10500, .commission = 1050};
const order::RefundIssued from_all{.instruction = {1},
                                   .dispute = {},
                                   .amount = 10500,
                                   .from_held = 1000,
                                   .from_seller = 8100,
                                   .commission = 900,
                                   .from_guarantee = 500,
                                   .parts = {}};
const order::RefundIssued from_held{
    .instruction = {1}, .dispute = {}, .amount = 500, .from_held = 500, .parts = {}};
const order::ChargebackOpened chargeback{.chargeback = {1},
                                         .amount = 10500,
                                         .from_held = 1000,
                                         .from_seller = 8100,
                                         .commission = 900,
                                         .from_guarantee = 500};
const order::Compensated given{
    .instruction = {1}, .dispute = {}, .amount = 300, .from_seller = 100, .from_guarantee = 200};
const order::InstructionSettled arrived{{1}, order::InstructionState::succeeded};
const order::InstructionSettled failed{{1}, order::InstructionState::failed};
const order::ChargebackResolved won{{1}, order::ChargebackState::won};
const order::ChargebackResolved lost{{1}, order::ChargebackState::lost};

}  // namespace

TEST_CASE("what an event of an order moves") {
    using enum Account;
    const auto paid = captured();
    const auto outside = captured(Custody::with_seller);
    const auto most_released = with(paid, {order::Released{.gross = 9500, .commission = 950}});
    const auto told = with(paid, {from_held});
    const auto charged = with(most_released, {chargeback});
    const auto voided =
        with(paid, {order::PaymentAuthorised{700}, order::AuthorisationEnded{700, {{1}}}});
    struct Row {
        const char* name;
        order::Order before;
        order::Event event;
        Postings expected;
        Minor transfer;
    };
    // clang-format off
    const Row rows[] = {
        {"captured",             paid,          order::PaymentCaptured{500}, eur({{buyer, -500}, {escrow, 500}}), 0},
        {"authorised",           paid,          order::PaymentAuthorised{500}, {}, 0},
        {"released",             paid,          released, eur({{escrow, -10500}, {fee, 1050}, {transit, 9450}}), 9450},
        {"released, not here",   outside,       order::Released{10500, 0}, eur({{escrow, -10500}, {seller, 10500}}), 0},
        {"refunded from held",   paid,          from_held, eur({{escrow, -500}, {processor, 500}}), 0},
        {"refunded from all",    most_released, from_all, eur({{escrow, -1000}, {transit, -8100}, {fee, -900}, {guarantee, -500}, {processor, 10500}}), -8100},
        {"compensated",          most_released, given, eur({{transit, -100}, {guarantee, -200}, {processor, 300}}), -100},
        {"void, arrived",        voided,        arrived, {}, 0},
        {"arrived",              told,          arrived, eur({{processor, -500}, {buyer, 500}}), 0},
        {"failed",               told,          failed, {}, 0},
        {"repeated",             with(told, {failed}), order::InstructionRepeated{{1}, {2}}, {}, 0},
        {"good after all",       with(told, {failed}), arrived, eur({{processor, -500}, {buyer, 500}}), 0},
        {"charged back",         most_released, chargeback, eur({{escrow, -1000}, {transit, -8100}, {fee, -900}, {guarantee, -500}, {buyer, 10500}}), -8100},
        {"won",                  charged,       won, eur({{buyer, -10500}, {guarantee, 500}, {escrow, 10000}}), 0},
        {"lost",                 charged,       lost, {}, 0},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const order::Recorded event{noon, noon, row.event};
        CHECK(postings_of(row.before, event) == row.expected);
        const auto carried = transfer_of(key(0).stream, row.before, event);
        CHECK((carried ? carried->amount : 0) == row.transfer);
        if (!carried) continue;
        CHECK(carried->to == party(2));
        CHECK(carried->key == key(row.before.version + 1));
    }
    CHECK_THROWS_AS(postings_of(with(told, {arrived}), {noon, noon, failed}), VerifyFailed);

    const auto cause = [](const order::Order& before, order::Event event) {
        return transfer_of(key(0).stream, before, {noon, noon, std::move(event)})->cause;
    };
    CHECK(cause(paid, released) == TransferCause::release);
    CHECK(cause(most_released, from_all) == TransferCause::refund);
    CHECK(cause(most_released, given) == TransferCause::compensation);
    CHECK(cause(most_released, chargeback) == TransferCause::chargeback);
}

TEST_CASE("how an order stands is the same in its accounts and in itself") {
    const auto stands = [](Custody custody, std::vector<order::Event> events) {
        auto placement = order::test::lamps();
        placement.custody = custody;
        events.insert(events.begin(), {order::Placed{placement}, order::PaymentCaptured{10500}});
        order::Events recorded;
        for (auto& event : events) recorded.push_back({noon, noon, std::move(event)});
        return standing_of(balances_of(recorded));
    };
    const order::Released most{.gross = 9500, .commission = 950};
    auto second = given;
    second.instruction = {2};
    CHECK(stands(Custody::held, {most, from_all, second}) == Standing{.held = 0,
                                                                      .fees = 50,
                                                                      .with_seller = 350,
                                                                      .by_guarantee = 700,
                                                                      .outside = -300,
                                                                      .under_way = 10800});
    CHECK(stands(Custody::held, {most, chargeback, given}).outside == -300);
    const order::RefundIssued by_seller{
        .instruction = {1}, .dispute = {}, .amount = 300, .from_seller = 300, .parts = {}};
    CHECK(stands(Custody::with_seller, {order::Released{10500, 0}, by_seller, arrived}) ==
          Standing{.with_seller = 10200, .outside = 10200});
}

TEST_CASE("accounts that do not agree with their order are found") {
    const auto paid = captured();
    Balances balances(Currency::eur);
    CHECK_THROWS_AS(verify_agrees(balances, paid), VerifyFailed);
    balances.post(eur({{Account::buyer, -10500}, {Account::escrow, 10500}}));
    CHECK_NOTHROW(verify_agrees(balances, paid));
    balances.post(eur({{Account::fee, 1}, {Account::escrow, -1}}));
    CHECK_THROWS_AS(verify_agrees(balances, paid), VerifyFailed);
    CHECK_THROWS_AS(balances.post({Account::fee, Money::of_minor(1, Currency::usd)}), VerifyFailed);
}

TEST_CASE("an authorisation that ended is no money under way") {
    const auto voided =
        with(captured(), {order::PaymentAuthorised{700}, order::AuthorisationEnded{700, {{1}}},
                          order::InstructionSettled{{1}, order::InstructionState::succeeded}});
    CHECK(standing_of(voided).under_way == 0);
    CHECK(standing_of(voided).outside == 10500);
}

TEST_CASE("postings sum to zero in each currency for itself") {
    const auto one = [](Minor amount, Currency currency) {
        return Posting{Account::transit, Money::of_minor(amount, currency)};
    };
    CHECK(is_zero_sum({}));
    CHECK(is_zero_sum({one(5, Currency::eur), one(7, Currency::jpy), one(-5, Currency::eur),
                       one(-7, Currency::jpy)}));
    CHECK_FALSE(is_zero_sum({one(5, Currency::eur), one(-5, Currency::jpy)}));
    Balances balances(Currency::eur);
    balances.post(Postings{one(5, Currency::eur), one(7, Currency::jpy)});
    CHECK(balances.sum() == 5);
}

TEST_CASE("accounts follow an order through release, refund, chargeback and repetition") {
    Life life(order::test::silence());
    life.paid().shipped().delivered(noon + days{5});
    REQUIRE(life.ask(order::Party::seller, noon + days{6}, order::Refund{.amount = 1234}));
    REQUIRE(life.see(noon + days{7}, order::SeeInstruction{{1}, order::InstructionState::failed}));
    REQUIRE(life.ask(order::Party::platform, noon + days{8}, order::RepeatInstruction{{1}}));
    REQUIRE(life.see(noon + days{8}, order::SeeInstruction{{2}}));
    CHECK(balances_of(life.events).of(Account::processor) == 0);
    REQUIRE(life.see(noon + days{9}, order::SeeChargeback{.amount = 3000}));
    REQUIRE(
        life.see(noon + days{9}, order::SeeChargebackResolved{{1}, order::ChargebackState::won}));
    REQUIRE(life.see(noon + days{9}, order::SeeInstruction{{1}}));  // it had not failed
    const auto balances = balances_of(life.events);
    CHECK(balances.of(Account::processor) == -1234);
    CHECK(balances.of(Account::buyer) == -10500 + 2 * 1234);
}

TEST_CASE("transfers net per party and currency") {
    const std::vector all = {transfer(1, 500),  transfer(2, -200), transfer(3, 90, Currency::jpy),
                             transfer(4, -300), transfer(5, 1),    transfer(6, -1)};
    const std::vector<Net> expected = {
        {party(2), Currency::jpy, 90, 0},
        {party(2), Currency::eur, 501, 501},
    };
    CHECK(net_of(all) == expected);
    CHECK(net_of({}).empty());
}
