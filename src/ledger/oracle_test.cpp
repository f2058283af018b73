// Every sum that is split, shared or converted, against exact arithmetic of any size.
#include "ledger/charge.h"
#include "ledger/test_support.h"

#include <doctest/doctest.h>
#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <array>

using namespace holdfast;
using namespace holdfast::ledger;
using namespace holdfast::ledger::test;
using Big = boost::multiprecision::int256_t;

namespace {

constexpr std::array currencies = {Currency::eur, Currency::jpy, Currency::kwd, Currency::usd};

// `numerator / denominator`, both 0 or more, half to even.
Big half_even(const Big& numerator, const Big& denominator) {
    Big whole = numerator / denominator;
    const Big rest = numerator % denominator * 2;
    if (rest > denominator || (rest == denominator && whole % 2 != 0)) ++whole;
    return whole;
}

// Are `pieces` the largest remainders of `amount` over `weights`?
bool is_largest_remainder(Minor amount, std::span<const Minor> weights,
                          std::span<const Minor> pieces) {
    Big sum = 0, given = 0;
    for (const auto weight : weights) sum += weight;
    std::vector<Big> rests;
    std::vector<bool> up;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Big exact = Big(amount) * weights[i];
        const Big whole = exact / sum;
        if (pieces[i] != whole && pieces[i] != whole + 1) return false;
        rests.push_back(exact % sum);
        up.push_back(pieces[i] != whole);
        given += pieces[i];
    }
    for (std::size_t i = 0; i < rests.size(); ++i)
        for (std::size_t j = 0; j < rests.size(); ++j)
            if (up[i] && !up[j] && (rests[i] < rests[j] || (rests[i] == rests[j] && j < i)))
                return false;
    return given == amount;
}

std::vector<Minor> minors(const std::vector<Money>& pieces) {
    std::vector<Minor> all;
    for (const auto& piece : pieces) all.push_back(piece.minor());
    return all;
}

Currency any_currency(Dice& dice) {
    return currencies[static_cast<std::size_t>(dice.from_to(0, currencies.size() - 1))];
}

order::Order any_order(Dice& dice) {
    order::Order state;
    auto& sale = state.terms_of_sale;
    state.placed = true;
    sale.currency = any_currency(dice);
    const auto most = dice.from_to(0, 3) == 0 ? Money::max_minor / 100 : 99'999;
    const auto lines = dice.from_to(1, 4);
    for (std::int64_t i = 0; i < lines; ++i)
        state.lines.push_back({.placed = {.sku = "x",
                                          .quantity = std::int32_t(dice.from_to(1, 5)),
                                          .unit_price = dice.sum(most)}});
    sale.shipping = dice.sum(most / 10);
    sale.tax = dice.sum(most / 5);
    sale.fee = dice.from_to(0, 3);
    for (const auto& line : state.lines) sale.lines.push_back(line.placed);
    state.money.captured = order::total_of(state);
    state.money.held = state.money.captured;
    return state;
}

// What is left of the goods of `lines`, and of the extras for them, by the rule's own words.
std::vector<Minor> left_by_rule(const order::Order& state, const order::Lines& lines) {
    std::vector<Minor> left;
    Big some = 0, all = 0;
    for (const auto& part : lines) {
        const auto& line = state.lines.at(part.line.value - 1U);
        const auto whole = line.placed.unit_price * line.placed.quantity - line.refunded;
        left.push_back(std::min(line.placed.unit_price * part.quantity, whole));
        some += left.back();
    }
    for (const auto& line : state.lines)
        all += line.placed.unit_price * line.placed.quantity - line.refunded;
    const auto& sale = state.terms_of_sale;
    for (const auto extra : {sale.shipping - state.shipping_refunded, sale.tax - state.tax_refunded,
                             sale.fee - state.fee_refunded})
        left.push_back(some >= all ? extra : static_cast<Minor>(Big(extra) * some / all));
    return left;
}

// Parts as pieces in the order of left_by_rule().
std::vector<Minor> pieces_of(const order::Parts& parts, const order::Lines& lines) {
    std::vector<Minor> pieces;
    for (const auto& part : lines) {
        pieces.push_back(0);
        for (const auto& [line, amount] : parts.goods)
            if (line == part.line) pieces.back() = amount;
    }
    pieces.insert(pieces.end(), {parts.shipping, parts.tax, parts.fee});
    return pieces;
}

order::Lines any_lines(Dice& dice, const order::Order& state) {
    order::Lines lines;
    for (std::size_t i = 0; i < state.lines.size(); ++i)
        if (dice.from_to(0, 2) > 0)
            lines.push_back({{static_cast<std::uint16_t>(i + 1)},
                             std::int32_t(dice.from_to(1, state.lines[i].placed.quantity))});
    return lines.empty() ? order::all_lines(state) : lines;
}

void note(order::Order& state, const order::Parts& parts, Minor amount) {
    for (const auto& [line, part] : parts.goods) state.lines.at(line.value - 1U).refunded += part;
    state.shipping_refunded += parts.shipping;
    state.tax_refunded += parts.tax;
    state.fee_refunded += parts.fee;
    state.money.refunded += amount;
    state.money.held -= amount;
}

}  // namespace

TEST_CASE("shares and commissions are never off by a unit") {
    Dice dice(1);
    int wrong = 0;
    order::Order state;
    for (int i = 0; i < many; ++i) {
        const auto amount = dice.sum(Money::max_minor);
        const auto points = std::int32_t(dice.from_to(0, 10'000));
        state.terms_of_sale.currency = any_currency(dice);
        state.terms_of_sale.commission_basis_points = points;
        const Big exact = Big(amount) * points;
        wrong += Big(order::commission_on(state, amount)) != half_even(exact, 10'000);
        const auto money = Money::of_minor(amount, state.currency());
        wrong += Big(share_of(money, points, Rounding::down).minor()) != exact / 10'000;
        wrong += Big(share_of(money, points, Rounding::up).minor()) != (exact + 9'999) / 10'000;
        wrong += share_of(-money, points, Rounding::half_even).minor() !=
                 -order::commission_on(state, amount);
    }
    CHECK(wrong == 0);
}

TEST_CASE("pieces are the largest remainders, exactly") {
    Dice dice(2);
    int wrong = 0;
    for (int i = 0; i < many; ++i) {
        std::vector<Minor> weights(static_cast<std::size_t>(dice.from_to(1, 7)));
        for (auto& weight : weights)
            weight = dice.from_to(0, 3) == 0 ? 0 : dice.sum(Money::max_minor);
        if (std::ranges::count(weights, 0) == std::ssize(weights)) weights.front() = 1;
        const auto amount = dice.sum(Money::max_minor);
        const auto money = Money::of_minor(amount, any_currency(dice));
        const auto pieces = minors(split_by(money, weights));
        wrong += !is_largest_remainder(amount, weights, pieces);
    }
    CHECK(wrong == 0);
}

TEST_CASE("a refund comes apart as the rule says, and refunds in any order make the whole") {
    Dice dice(3);
    int wrong = 0, cases = 0;
    while (cases < many) {
        auto state = any_order(dice);
        for (int step = 0; step < 10; ++step, ++cases) {
            const auto lines = step < 9 ? any_lines(dice, state) : order::all_lines(state);
            const auto most = order::refundable(state, lines);
            if (most == 0) continue;
            const auto amount = step < 9 ? dice.from_to(1, most) : most;
            const auto parts = order::apart(state, lines, amount);
            wrong += parts.excess != 0;
            wrong +=
                !is_largest_remainder(amount, left_by_rule(state, lines), pieces_of(parts, lines));
            note(state, parts, amount);
        }
        const auto& sale = state.terms_of_sale;
        wrong += state.shipping_refunded != sale.shipping || state.tax_refunded != sale.tax ||
                 state.fee_refunded != sale.fee || state.money.held != 0;
        for (const auto& line : state.lines)
            wrong += line.refunded != line.placed.unit_price * line.placed.quantity;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a refund goes back at its charge's rate, and the whole comes to the charge") {
    Dice dice(4);
    int wrong = 0, cases = 0;
    while (cases < many) {
        const auto booked = 1 + dice.sum(Money::max_minor - 1);
        const auto charged = 1 + dice.sum(Money::max_minor - 1);
        const Charge charge{Money::of_minor(charged, any_currency(dice)),
                            Money::of_minor(booked, any_currency(dice))};
        Minor before = 0;
        Big back = 0;
        for (int step = 0; step < 10; ++step, ++cases) {
            const auto refund =
                step < 9 ? dice.from_to(0, (booked - before) / 3 + 1) % (booked - before + 1)
                         : booked - before;
            const auto part = refund_in_charge_currency(charge, before, refund);
            wrong += part.minor() < 0 || part.currency() != charge.charged.currency();
            before += refund;
            back += part.minor();
            wrong += back != half_even(Big(charged) * before, booked);
        }
        wrong += back != charged;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a refund in the charge's currency: rows") {
    const auto jpy = [](Minor minor) { return Money::of_minor(minor, Currency::jpy); };
    const Charge charge{jpy(1601), Money::of_minor(10'00, Currency::usd)};
    CHECK(refund_in_charge_currency(charge, 0, 10'00) == jpy(1601));
    CHECK(refund_in_charge_currency(charge, 0, 5'00) == jpy(800));  // 800.5, half to even
    CHECK(refund_in_charge_currency(charge, 5'00, 5'00) == jpy(801));
    CHECK(refund_in_charge_currency(charge, 10'00, 0) == jpy(0));
    CHECK_THROWS_AS(refund_in_charge_currency(charge, 10'00, 1), VerifyFailed);
    CHECK_THROWS_AS(refund_in_charge_currency(charge, -1, 1), VerifyFailed);
    CHECK_THROWS_AS(refund_in_charge_currency({jpy(1), Money::zero(Currency::usd)}, 0, 0),
                    VerifyFailed);
}

TEST_CASE("ten refunds in any order equal the whole: parts, commission and sources") {
    Dice dice(5);
    for (int life = 0; life < many / 500; ++life) {
        CAPTURE(life);
        auto placement = order::test::lamps();
        placement.currency = any_currency(dice);
        placement.commission_basis_points = std::int32_t(dice.from_to(0, 3000));
        placement.tax = dice.from_to(0, 999);
        const order::Rules rules{.terms = &order::test::silence()};
        order::Events events = {{noon, noon, order::Placed{placement}}};
        auto state = order::replay(events);
        const auto take = [&](const order::Decision& decision) {
            REQUIRE(decision.has_value());
            for (const auto& event : *decision) {
                order::evolve(state, event);
                events.push_back(event);
            }
        };
        const auto total = order::total_of(state);
        take(order::observe(state, rules, {noon, order::SeeCaptured{total}}, noon));
        const auto gross = dice.from_to(0, total);
        if (gross > 0)
            take(order::Events{
                {noon, noon, order::Released{gross, order::commission_on(state, gross)}}});
        const auto others = total - gross;
        for (int step = 0; step < 10 && order::refundable(state) > 0; ++step) {
            const auto lines = step < 9 ? any_lines(dice, state) : order::Lines{};
            const auto most =
                order::refundable(state, lines.empty() ? order::all_lines(state) : lines);
            if (most == 0) continue;
            const auto amount = step < 9 ? dice.from_to(1, std::max<Minor>(1, most / 3)) : most;
            take(order::decide(
                state, rules,
                {order::Party::platform, order::Refund{.lines = lines, .amount = amount}}, noon));
        }
        order::Parts sum;
        Minor held = 0, seller = 0, commission = 0;
        for (const auto& event : events)
            if (const auto* refund = std::get_if<order::RefundIssued>(&event.event)) {
                held += refund->from_held;
                seller += refund->from_seller;
                commission += refund->commission;
                sum.shipping += refund->parts.shipping;
                sum.tax += refund->parts.tax;
                CHECK(refund->from_guarantee == 0);
                CHECK(refund->parts.excess == 0);
            }
        CHECK(state.money.refunded == total);
        CHECK(held == others);
        CHECK(commission == order::commission_on(state, gross));
        CHECK(seller == gross - commission);
        CHECK(sum.shipping == placement.shipping);
        CHECK(sum.tax == placement.tax);
        for (const auto& line : state.lines)
            CHECK(line.refunded == line.placed.unit_price * line.placed.quantity);
        const auto balances = balances_of(events);
        CHECK(balances.of(Account::fee) == 0);
        CHECK(balances.of(Account::transit) == 0);
        CHECK(balances.of(Account::processor) == total);
    }
}
