#include "ledger/party_decide.h"

#include "ledger/statement.h"
#include "ledger/test_support.h"

#include <doctest/doctest.h>

using namespace holdfast;
using namespace holdfast::ledger;
using namespace holdfast::ledger::test;

namespace {

constexpr auto eur = Currency::eur;

// payable, reserve, deposit, debt, payout
std::array<Minor, 5> stands(const Holder& one, Currency currency = eur) {
    return {one.of(Account::payable, currency), one.of(Account::reserve, currency),
            one.of(Account::deposit, currency), one.of(Account::debt, currency),
            one.of(Account::payout, currency)};
}
using Stands = std::array<Minor, 5>;

}  // namespace

TEST_CASE("a refund after the payout is the seller's debt and netted from what comes next") {
    order::test::Life life(order::test::silence());
    life.paid().shipped();
    REQUIRE(life.ask(order::Party::platform, noon + days{2}, order::Refund{.amount = 500}));
    order::evolve(life.order, {life.order.last_at, life.order.last_at,
                               order::Released{.gross = 10000, .commission = 1000}});
    life.events.push_back({life.order.last_at, life.order.last_at,
                           order::Released{.gross = 10000, .commission = 1000}});

    Holder seller;
    for (const auto& one : transfers_of(life.events)) REQUIRE(seller.see(noon, SeeTransfer{one}));
    CHECK(stands(seller) == Stands{9000, 0, 0, 0, 0});
    REQUIRE(seller.ask(noon, BatchPayout{}));
    REQUIRE(seller.see(noon, SeePayout{{1}}));
    CHECK(stands(seller) == Stands{0, 0, 0, 0, 0});

    REQUIRE(life.ask(order::Party::platform, noon + days{3}, order::Refund{.amount = 4000}));
    const auto back = transfers_of(life.events).back();
    CHECK(back.amount == -3600);  // 4000 less the commission on it
    REQUIRE(seller.see(noon + days{3}, SeeTransfer{back}));
    CHECK(stands(seller) == Stands{0, 0, 0, -3600, 0});
    CHECK(refusal(seller.ask(noon + days{3}, BatchPayout{})) ==
          Refusal{RefusalCode::nothing_payable, 0});

    REQUIRE(seller.see(noon + days{4}, SeeTransfer{transfer(101, 2000)}));
    CHECK(stands(seller) == Stands{0, 0, 0, -1600, 0});
    REQUIRE(seller.see(noon + days{5}, SeeTransfer{transfer(102, 2000)}));
    CHECK(stands(seller) == Stands{400, 0, 0, 0, 0});
    const auto batch = seller.ask(noon + days{5}, BatchPayout{});
    REQUIRE(batch);
    const auto& batched = std::get<PayoutBatched>(batch->front().event);
    CHECK(batched.amount == 400);
    CHECK(batched.items == std::vector<PayoutItem>{{6, 400, key(102)}});

    // What the order's stream sent is what the seller's received.
    Minor sent = 2000 + 2000;
    for (const auto& one : transfers_of(life.events)) sent += one.amount;
    CHECK(seller.of(Account::transit) == -sent);
    CHECK(balances_of(life.events).of(Account::transit) == sent - 4000);
}

TEST_CASE("what is taken comes from payable, reserve, deposit and then is debt") {
    struct Row {
        const char* name;
        bool covers;
        Minor amount;
        Stands expected;
    };
    // 900 payable, 100 reserve, 50 deposit
    const Row rows[] = {
        {"part of payable", true, -899, {1, 100, 50, 0, 0}},
        {"all of payable", true, -900, {0, 100, 50, 0, 0}},
        {"some reserve", true, -901, {0, 99, 50, 0, 0}},
        {"all reserve", true, -1000, {0, 0, 50, 0, 0}},
        {"some deposit", true, -1001, {0, 0, 49, 0, 0}},
        {"all deposit", true, -1050, {0, 0, 0, 0, 0}},
        {"debt", true, -1051, {0, 0, 0, -1, 0}},
        {"a deposit that does not cover", false, -1051, {0, 0, 50, -51, 0}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        Holder one;
        REQUIRE(one.ask(noon, SetReserve{.basis_points = 1000, .days = 90}));
        REQUIRE(one.ask(noon, SetDepositCover{row.covers}));
        REQUIRE(one.see(noon, SeeDepositPaid{"d1", eur, 50}));
        REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
        CHECK(stands(one) == Stands{900, 100, 50, 0, 0});
        REQUIRE(one.see(noon, SeeTransfer{transfer(2, row.amount)}));
        CHECK(stands(one) == row.expected);
    }
}

TEST_CASE("each part of the reserve is free when its days are over") {
    Holder one;
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 1000, .days = 10}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1005)}));  // half to even
    REQUIRE(one.see(noon + hours{1}, SeeTransfer{transfer(2, 1015)}));
    CHECK(stands(one) == Stands{905 + 913, 100 + 102, 0, 0, 0});
    REQUIRE(one.ask(noon + hours{1}, SetReserve{.basis_points = 5000, .days = 5}));
    REQUIRE(one.see(noon + hours{2}, SeeTransfer{transfer(3, 200)}));  // is free first
    CHECK(next_deadline(one.book) == noon + hours{2} + days{5});

    one.pass(noon + hours{2} + days{5} - order::test::milliseconds{1});
    CHECK(one.of(Account::reserve) == 302);
    one.pass(noon + hours{2} + days{5});
    CHECK(one.of(Account::reserve) == 202);
    CHECK(next_deadline(one.book) == noon + days{10});
    const auto changes = catch_up(one.book, noon + days{99});
    REQUIRE(changes.size() == 2);
    CHECK(changes[1].front().at == noon + hours{1} + days{10});
    one.pass(noon + days{99});
    CHECK(stands(one) == Stands{2220, 0, 0, 0, 0});
    CHECK_FALSE(next_deadline(one.book));

    // The seller's debt used the reserve that would have been free soonest.
    REQUIRE(one.see(noon + days{100}, SeeTransfer{transfer(4, 100)}));
    REQUIRE(one.see(noon + days{101}, SeeTransfer{transfer(5, 100)}));
    REQUIRE(one.see(noon + days{101}, SeeTransfer{transfer(6, -2390)}));
    CHECK(next_deadline(one.book) == noon + days{106});
    CHECK(stands(one) == Stands{0, 30, 0, 0, 0});
}

TEST_CASE("payouts fly, arrive, fail and come back") {
    Holder one;
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    REQUIRE(one.ask(noon, BatchPayout{.at_least = 1000}));
    CHECK(stands(one) == Stands{0, 0, 0, 0, 1000});
    REQUIRE(one.see(noon, SeeTransfer{transfer(2, -300)}));
    CHECK(stands(one) == Stands{0, 0, 0, -300, 1000});
    REQUIRE(one.see(noon + hours{2}, SeePayout{{1}, PayoutState::failed}));
    CHECK(stands(one) == Stands{700, 0, 0, 0, 0});  // what failed pays the debt first
    CHECK(one.see(noon + hours{3}, SeePayout{{1}, PayoutState::failed})->empty());
    CHECK(one.see(noon + hours{3}, noon + hours{1}, SeePayout{{1}})->empty());  // older news
    CHECK(one.see(noon + hours{3}, noon + hours{2}, SeePayout{{1}})->empty());  // no newer
    REQUIRE(one.see(noon + hours{3}, SeePayout{{1}}));  // it arrived after all
    CHECK(stands(one) == Stands{0, 0, 0, -300, 0});
    CHECK(one.of(Account::bank) == 1000);
    REQUIRE(one.see(noon + hours{4}, SeePayout{{1}, PayoutState::failed}));  // the bank returns it
    CHECK(stands(one) == Stands{700, 0, 0, 0, 0});
    CHECK(one.of(Account::bank) == 0);
    const Recorded unsettled{noon + hours{5}, noon + hours{5},
                             PayoutSettled{.payout = {1}, .state = PayoutState::in_flight}};
    CHECK_THROWS_AS(postings_of(one.book, unsettled), VerifyFailed);
    const auto again = one.ask(noon + hours{5}, BatchPayout{});
    REQUIRE(again);
    Minor sum = 0;
    for (const auto& item : std::get<PayoutBatched>(again->front().event).items) sum += item.amount;
    CHECK(sum == 700);
}

TEST_CASE("deposits, fines, debts paid and written off") {
    Holder one;
    REQUIRE(one.see(noon, SeeDepositPaid{"d1", eur, 500}));
    CHECK(one.see(noon, SeeDepositPaid{"d1", eur, 500})->empty());
    REQUIRE(one.ask(noon, Fine{eur, 200, "R7", FineReason::false_tracking}));
    CHECK(stands(one) == Stands{0, 0, 500, -200, 0});
    CHECK(one.of(Account::fines) == 200);
    REQUIRE(one.ask(noon, ReturnDeposit{eur, 300}));
    CHECK(stands(one) == Stands{100, 0, 200, 0, 0});
    REQUIRE(one.ask(noon, Fine{eur, 400, "R7"}));
    REQUIRE(one.see(noon, SeeDebtPaid{"p1", eur, 50}));
    CHECK(stands(one) == Stands{0, 0, 200, -250, 0});
    const auto before = one.book;
    const auto gone = one.ask(noon, WriteOffDebt{eur, 200, party(9)});
    REQUIRE(gone);
    CHECK(stands(one) == Stands{0, 0, 200, -50, 0});
    const auto carried = transfer_of(key(0).stream, before, gone->front());
    REQUIRE(carried);
    CHECK(carried->amount == -200);
    CHECK(carried->key == key(before.version + 1));
    CHECK(carried->to == party(9));
    REQUIRE(one.see(noon, SeeDebtPaid{"p2", eur, 80}));
    CHECK(stands(one) == Stands{30, 0, 200, 0, 0});

    Holder guarantor;
    REQUIRE(guarantor.see(noon, SeeTransfer{*carried}));
    CHECK(guarantor.of(Account::debt) == -200);
    CHECK(guarantor.of(Account::transit) + one.of(Account::transit) == 0);
}

TEST_CASE("currencies stand for themselves") {
    Holder one;
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, -100, Currency::jpy)}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(2, 100, Currency::kwd)}));
    CHECK(one.of(Account::debt, Currency::jpy) == -100);
    CHECK(one.of(Account::payable, Currency::kwd) == 100);
    REQUIRE(one.ask(noon, BatchPayout{.currency = Currency::kwd}));
    CHECK(one.of(Account::payout, Currency::kwd) == 100);
}

TEST_CASE("what is asked of a book and refused") {
    Holder one;
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    REQUIRE(one.ask(noon, HoldPayouts{HoldReason::legal_order}));
    REQUIRE(one.see(noon, SeeDepositPaid{"d1", eur, 500}));
    const auto version = one.book.version;
    using enum RefusalCode;
    const auto platform = order::Party::platform;
    struct Row {
        const char* name;
        order::Party by;
        Request request;
        Refusal expected;
    };
    // clang-format off
    const Row rows[] = {
        {"a seller",             order::Party::seller, BatchPayout{}, {wrong_role}},
        {"a buyer",              order::Party::buyer, HoldPayouts{}, {wrong_role}},
        {"held",                 platform, BatchPayout{}, {held}},
        {"at least nothing",     platform, BatchPayout{.at_least = 0}, {malformed}},
        {"held twice",           platform, HoldPayouts{HoldReason::legal_order}, {already_held}},
        {"not held for this",    platform, LiftHold{HoldReason::new_seller}, {unknown_hold}},
        {"no reason to hold",    platform, HoldPayouts{HoldReason::count_}, {malformed}},
        {"no reason to fine",    platform, Fine{eur, 1, "R1", FineReason::count_}, {malformed}},
        {"no days",              platform, SetReserve{100, 0}, {malformed}},
        {"least of all, no days", platform, SetReserve{1, 0}, {malformed}},
        {"less than nothing",    platform, SetReserve{-1, 1}, {malformed}},
        {"days gone by",         platform, SetReserve{100, -1}, {malformed}},
        {"more than all",        platform, SetReserve{10'001, 1}, {malformed}},
        {"too long",             platform, SetReserve{100, 3651}, {malformed}},
        {"no clause",            platform, Fine{eur, 1, ""}, {malformed}},
        {"no fine",              platform, Fine{eur, 0, "R1"}, {malformed}},
        {"no such debt",         platform, WriteOffDebt{eur, 1, party(9)}, {amount_exceeds, 0}},
        {"nothing written off",  platform, WriteOffDebt{eur, 0, party(9)}, {malformed}},
        {"nobody bears it",      platform, WriteOffDebt{eur, 1, {}}, {malformed}},
        {"more than deposited",  platform, ReturnDeposit{eur, 501}, {amount_exceeds, 500}},
        {"out of range",         platform, ReturnDeposit{eur, Money::max_minor}, {malformed}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(refusal(one.ask(noon, row.request, row.by)) == row.expected);
    }
    CHECK(refusal(one.see(noon, SeePayout{{1}})).code == unknown_payout);
    CHECK(refusal(one.see(noon, SeePayout{{0}})).code == unknown_payout);
    CHECK(refusal(one.see(noon, SeePayout{{1}, PayoutState::in_flight})).code == malformed);
    CHECK(refusal(one.see(noon, SeeTransfer{transfer(1, 999)})).code == duplicate_transfer);
    CHECK(refusal(one.see(noon, SeeTransfer{transfer(2, 0)})).code == malformed);
    CHECK(refusal(one.see(noon, SeeTransfer{transfer(0, 5)})).code == malformed);
    CHECK(refusal(one.see(noon, SeeDepositPaid{"d1", eur, 501})).code == duplicate_payment);
    CHECK(refusal(one.see(noon, SeeDepositPaid{"", eur, 5})).code == malformed);
    CHECK(refusal(one.see(noon, SeeDepositPaid{"d2", eur, 0})).code == malformed);
    CHECK(refusal(one.see(noon, SeeDebtPaid{"", eur, 5})).code == malformed);
    CHECK(refusal(one.see(noon, SeeDebtPaid{"d2", eur, 0})).code == malformed);
    CHECK(refusal(one.see(noon, SeeDebtPaid{"d1", eur, 501})).code == duplicate_payment);
    CHECK(one.see(noon, SeeDebtPaid{"d1", eur, 500})->empty());     // the processor's reference
    CHECK(one.see(noon, SeeTransfer{transfer(1, 1000)})->empty());  // the same again
    CHECK(one.book.version == version);

    REQUIRE(one.ask(noon, LiftHold{HoldReason::legal_order}));
    CHECK(refusal(one.ask(noon, BatchPayout{.at_least = 1001})) == Refusal{nothing_payable, 1000});
    CHECK(one.ask(noon, BatchPayout{.at_least = 1000}));
}

TEST_CASE("no sum is taken that could lead out of the range") {
    Holder one;
    const auto most = Money::max_minor / 4;
    CHECK(refusal(one.see(noon, SeeDepositPaid{"d0", eur, most + 1})).code ==
          RefusalCode::malformed);
    REQUIRE(one.see(noon, SeeDepositPaid{"d1", eur, most}));
    REQUIRE(one.see(noon, SeeDepositPaid{"d2", eur, most}));
    CHECK(refusal(one.see(noon, SeeDepositPaid{"d3", eur, most})).code == RefusalCode::malformed);
    REQUIRE(one.see(noon, SeeDepositPaid{"d3", Currency::jpy, most}));
    CHECK(one.of(Account::deposit) == 2 * most);
    CHECK(one.see(noon, SeeDepositPaid{"d4", eur, 1}));
    CHECK(refusal(one.see(noon, SeeDepositPaid{"d5", eur, 1})).code == RefusalCode::malformed);

    // What came is in two accounts, where it came from in one.
    Holder other;
    REQUIRE(other.ask(noon, SetReserve{.basis_points = 5000, .days = 90}));
    REQUIRE(other.see(noon, SeeTransfer{transfer(1, most)}));
    REQUIRE(other.see(noon, SeeTransfer{transfer(2, most)}));
    CHECK(refusal(other.see(noon, SeeTransfer{transfer(3, most)})).code == RefusalCode::malformed);
}

TEST_CASE("nothing is kept back any more, and the deposit's rule is said once") {
    Holder one;
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 1000, .days = 10}));
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 0, .days = 0}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    CHECK(stands(one) == Stands{1000, 0, 0, 0, 0});
    REQUIRE(one.ask(noon, SetDepositCover{true}));
    CHECK(one.ask(noon, SetDepositCover{true})->empty());
    const auto received = one.see(noon, SeeTransfer{transfer(2, 1000)});
    REQUIRE(received);
    CHECK_FALSE(std::get<TransferReceived>(received->front().event).reserved_until);
}

TEST_CASE("the most that may be kept back, given back and written off") {
    Holder one;
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 10'000, .days = 3650}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    CHECK(stands(one) == Stands{0, 1000, 0, 0, 0});
    REQUIRE(one.see(noon, SeeDepositPaid{"d1", eur, 500}));
    REQUIRE(one.ask(noon, ReturnDeposit{eur, 500}));
    CHECK(stands(one) == Stands{500, 1000, 0, 0, 0});
    REQUIRE(one.see(noon, SeeTransfer{transfer(2, -1700)}));
    CHECK(stands(one) == Stands{0, 0, 0, -200, 0});
    REQUIRE(one.ask(noon, WriteOffDebt{eur, 200, party(9)}));
    CHECK(stands(one) == Stands{0, 0, 0, 0, 0});
    CHECK(Spread{.payable = 1, .reserve = 20, .deposit = 300, .debt = 4000}.sum() == 4321);
}

TEST_CASE("where payouts go is said once, and may be taken back") {
    Holder one;
    REQUIRE(one.ask(noon, SetPayoutAccount{"acct_1"}));
    CHECK(one.book.payout_account == "acct_1");
    CHECK(one.ask(noon, SetPayoutAccount{"acct_1"})->empty());
    CHECK(refusal(one.ask(noon, SetPayoutAccount{"acct\n2"})).code == RefusalCode::malformed);
    REQUIRE(one.ask(noon, SetPayoutAccount{""}));
    CHECK(one.book.payout_account.empty());
}

TEST_CASE("parts of the reserve in two currencies are free in their order") {
    Holder one;
    REQUIRE(one.ask(noon, SetReserve{.basis_points = 1000, .days = 10}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(1, 1000)}));
    REQUIRE(one.see(noon, SeeTransfer{transfer(2, 500, Currency::jpy)}));
    REQUIRE(one.see(noon + hours{1}, SeeTransfer{transfer(3, 2000)}));
    const auto changes = catch_up(one.book, noon + days{11});
    REQUIRE(changes.size() == 2);  // one for each instant
    CHECK(changes[0].size() == 2);
    CHECK(changes[1].size() == 1);
    one.pass(noon + days{11});
    CHECK(one.of(Account::payable) == 3000);
    CHECK(one.of(Account::payable, Currency::jpy) == 500);
}

TEST_CASE("only a debt written off is carried to another's stream") {
    Holder one;
    const auto before = one.book;
    const auto received = one.see(noon, SeeTransfer{transfer(1, 1000)});
    REQUIRE(received);
    CHECK_FALSE(transfer_of(key(0).stream, before, received->front()));
}

TEST_CASE("a book that is not sound is seen") {
    const auto balances = [](std::initializer_list<std::pair<Account, Minor>> amounts) {
        Balances made(eur);
        for (const auto& [account, amount] : amounts)
            made.post({account, Money::of_minor(amount, eur)});
        return made;
    };
    using enum Account;
    CHECK(is_sound(balances({{payable, 5}, {bank, -5}})));
    CHECK(is_sound(balances({{debt, -5}, {bank, 5}})));
    CHECK_FALSE(is_sound(balances({{payable, -5}, {bank, 5}})));
    CHECK_FALSE(is_sound(balances({{debt, 1}, {bank, -1}})));
    CHECK_FALSE(is_sound(balances({{payable, 5}, {bank, -4}})));
    CHECK_FALSE(is_sound(balances({{debt, 5}, {bank, -5}})));
    CHECK_FALSE(is_sound(balances({{debt, -5}, {payable, 5}})));
    CHECK_FALSE(is_sound(balances({{debt, -5}, {reserve, 5}})));

    Holder holder;
    REQUIRE(holder.ask(noon, SetReserve{.basis_points = 1000, .days = 10}));
    REQUIRE(holder.see(noon, SeeTransfer{transfer(1, 1000)}));
    REQUIRE(holder.ask(noon, BatchPayout{}));
    REQUIRE(holder.see(noon, SeeTransfer{transfer(2, 1000)}));
    const auto broken = [&](auto change) {
        auto book = holder.book;
        change(book);
        return !is_sound(book);
    };
    CHECK(broken(
        [](PartyBook& book) { book.purses[0].balances.post({bank, Money::of_minor(1, eur)}); }));
    CHECK(broken([](PartyBook& book) { book.purses[0].reserved.front().left += 1; }));
    CHECK(broken([](PartyBook& book) { book.purses[0].items.front().amount += 1; }));
    CHECK(broken([](PartyBook& book) { book.payouts[0].amount += 1; }));
    CHECK_FALSE(broken([](PartyBook& book) { book.payouts.push_back({Currency::jpy, 7}); }));
}

TEST_CASE("any history of a book adds up, and its statements do") {
    Dice dice(20'261'124);
    for (int life = 0; life < many / 20'000; ++life) {
        CAPTURE(life);
        Holder one;
        auto now = noon;
        for (std::uint32_t step = 1; step <= 150; ++step) {
            now += hours{dice.from_to(0, 30)};
            const auto currency = dice.from_to(0, 3) == 0 ? Currency::jpy : eur;
            const auto amount = dice.from_to(1, 2000);
            const PayoutNo payout{static_cast<std::uint32_t>(dice.from_to(1, 9))};
            const auto name = std::to_string(step);
            switch (dice.from_to(0, 14)) {
            case 0: (void)one.ask(now, BatchPayout{currency}); break;
            case 1: (void)one.see(now, SeePayout{payout}); break;
            case 2: (void)one.see(now, SeePayout{payout, PayoutState::failed}); break;
            case 3:
                (void)one.ask(now, SetReserve{std::int32_t(amount), 1 + std::int32_t(step) % 20});
                break;
            case 4:  (void)one.ask(now, Fine{currency, amount, "R1"}); break;
            case 5:  (void)one.see(now, SeeDepositPaid{Word(name), currency, amount}); break;
            case 6:  (void)one.see(now, SeeDebtPaid{Word(name), currency, amount}); break;
            case 7:  (void)one.ask(now, ReturnDeposit{currency, amount}); break;
            case 8:  (void)one.ask(now, WriteOffDebt{currency, amount, party(9)}); break;
            case 9:  (void)one.ask(now, SetDepositCover{amount % 2 == 0}); break;
            case 14: (void)one.ask(now, SetPayoutAccount{"acct_" + name}); break;
            case 10: (void)one.see(now, SeeTransfer{transfer(step, -amount, currency)}); break;
            default: (void)one.see(now, SeeTransfer{transfer(step, amount, currency)}); break;
            }
        }
        REQUIRE(replay(one.events) == one.book);
        for (const auto currency : {eur, Currency::jpy}) {
            const auto until = noon + hours{dice.from_to(0, 3000)};
            CHECK_NOTHROW((void)statement_of(one.events, currency, noon + days{20},
                                             std::max(until, noon + days{20})));
        }
    }
}
