#include "ledger/exposure.h"

#include "ledger/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::ledger;
using namespace holdfast::ledger::test;
using order::Remedy;

namespace {

order::Order after(order::Placement placement, std::vector<order::Event> events) {
    order::Order state;
    events.insert(events.begin(), order::Placed{std::move(placement)});
    for (auto& event : events) order::evolve(state, {noon, noon, std::move(event)});
    return state;
}
order::Order after(std::vector<order::Event> events) {
    return after(order::test::lamps(), std::move(events));
}

order::Order outside(std::vector<order::Event> events) {
    auto placement = order::test::lamps();
    placement.custody = order::Custody::with_seller;
    return after(placement, std::move(events));
}

const order::PaymentCaptured paid{10500};
const order::DisputeOpened opened{.dispute = {1}, .lines = {{{1}, 1}}, .requested = 3000};

const order::DisputeOpened second{.dispute = {2}, .lines = {{{2}, 1}}, .requested = 1000};

order::OfferMade offer(std::uint16_t no, Remedy remedy, Minor amount) {
    return {.offer = {no},
            .dispute = {1},
            .by = no == 1 ? order::Party::seller : order::Party::buyer,
            .plan = {.then = {.remedy = remedy, .amount = amount}}};
}
order::OfferMade sleeper(std::uint16_t no) {
    auto made = offer(no, Remedy::partial_refund_keep, 3900);
    made.plan.arrives_by = noon + days{1};
    return made;
}

const order::Decided decided{
    {1},
    {{Remedy::partial_refund_keep, 4100}, order::Party::buyer, {order::VerdictCode::item_damaged}}};

}  // namespace

TEST_CASE("what an order may still cost") {
    // One lamp with its share of shipping: 4500 + 225.
    struct Row {
        const char* name;
        order::Order order;
        Minor open, credit, replacement, at_most;
        Bearers would_bear;
    };
    using order::Released;
    // clang-format off
    const Row rows[] = {
        {"nothing yet",       after({}), 0, 0, 0, 0, {}},
        {"paid",              after({paid}), 0, 0, 0, 0, {}},
        {"a dispute",         after({paid, opened}), 3000, 0, 0, 3000, {.seller = 2700, .fees = 300}},
        {"a larger offer",    after({paid, opened, offer(1, Remedy::partial_refund_keep, 3500)}), 3500, 0, 0, 3500, {.seller = 3150, .fees = 350}},
        {"the least offer",   after({paid, opened, offer(1, Remedy::partial_refund_keep, 1)}), 3000, 0, 0, 3000, {.seller = 2700, .fees = 300}},
        {"never beyond all",  after({paid, opened, offer(1, Remedy::partial_refund_keep, 9999)}), 4725, 0, 0, 4725, {.seller = 4253, .fees = 472}},
        {"the largest",       after({paid, opened, offer(1, Remedy::partial_refund_keep, 100), offer(2, Remedy::full_refund, 0)}), 4725, 0, 0, 4725, {.seller = 4253, .fees = 472}},
        {"a replacement",     after({paid, opened, offer(1, Remedy::replacement, 0)}), 3000, 0, 4500, 7500, {.seller = 2700, .fees = 300}},
        {"a credit",          after({paid, opened, offer(1, Remedy::coupon, 700)}), 3000, 700, 0, 3700, {.seller = 2700, .fees = 300}},
        {"declined",          after({paid, opened, offer(1, Remedy::full_refund, 0), order::OfferDeclined{{1}}}), 3000, 0, 0, 3000, {.seller = 2700, .fees = 300}},
        {"released",          after({paid, opened, Released{10500, 1050}}), 3000, 0, 0, 3000, {.seller = 2700, .fees = 300}},
        {"a return",          after({paid, opened, order::ReturnAgreed{{1}, 4000}}), 4000, 0, 0, 4000, {.seller = 3600, .fees = 400}},
        {"a return for less", after({paid, opened, order::ReturnAgreed{{1}, 2000}}), 2000, 0, 0, 2000, {.seller = 1800, .fees = 200}},
        {"replacing",         after({paid, opened, order::ReplacementAgreed{{1}}}), 4725, 0, 4500, 9225, {.seller = 4253, .fees = 472}},
        {"replaced",          after({paid, opened, order::ReplacementAgreed{{1}}, order::Shipped{.shipment = {1}, .lines = {{{1}, 1}}, .replaces = order::DisputeNo{1}}}), 4725, 0, 0, 4725, {.seller = 4253, .fees = 472}},
        {"capped by the whole", after({paid, opened, second, order::ChargebackOpened{.chargeback = {1}, .amount = 7000, .from_held = 7000}}), 3500, 0, 0, 3500, {.seller = 3150, .fees = 350}},
        {"a return offered",  after({paid, opened, offer(1, Remedy::return_for_full_refund, 0)}), 4725, 0, 0, 4725, {.seller = 4253, .fees = 472}},
        {"a part cancelled",  after({paid, opened, offer(1, Remedy::cancel_undelivered_part, 3100)}), 3100, 0, 0, 3100, {.seller = 2790, .fees = 310}},
        {"all cancelled",     after({paid, opened, offer(1, Remedy::cancel_whole_return_delivered, 3200)}), 3200, 0, 0, 3200, {.seller = 2880, .fees = 320}},
        {"money and goods",   after({paid, opened, offer(1, Remedy::refund_with_replacement, 3300)}), 3300, 0, 4500, 7800, {.seller = 2970, .fees = 330}},
        {"a store credit",    after({paid, opened, offer(1, Remedy::credit, 600)}), 3000, 600, 0, 3600, {.seller = 2700, .fees = 300}},
        {"about other goods", after({paid, opened, second, offer(1, Remedy::full_refund, 0)}), 5725, 0, 0, 5725, {.seller = 5153, .fees = 572}},
        {"it sleeps",         after({paid, opened, sleeper(1), order::OfferAccepted{{1}}}), 3900, 0, 0, 3900, {.seller = 3510, .fees = 390}},
        {"another slept on",  after({paid, opened, offer(1, Remedy::full_refund, 0), sleeper(2), order::OfferAccepted{{2}}}), 3900, 0, 0, 3900, {.seller = 3510, .fees = 390}},
        {"decided",           after({paid, opened, order::Escalated{{1}}, decided}), 4100, 0, 0, 4100, {.seller = 3690, .fees = 410}},
        {"decided: a return", after({paid, opened, order::Escalated{{1}}, decided, order::ReturnAgreed{{1}, 4000}}), 4000, 0, 0, 4000, {.seller = 3600, .fees = 400}},
        {"decided, carried out", after({paid, opened, order::Escalated{{1}}, decided, order::DisputeClosed{{1}}}), 0, 0, 0, 0, {}},
        {"closed",            after({paid, opened, order::DisputeClosed{{1}}}), 0, 0, 0, 0, {}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto got = exposure_of(row.order);
        CHECK(got.open == row.open);
        CHECK(got.credit == row.credit);
        CHECK(got.replacement == row.replacement);
        CHECK(got.at_most == row.at_most);
        CHECK(got.would_bear == row.would_bear);
        CHECK(got.would_bear.sum() == got.open);
        CHECK(got.disputes.size() ==
              row.order.disputes.size() - static_cast<std::size_t>(std::ranges::count_if(
                                              row.order.disputes, &order::Dispute::is_closed)));
        const auto other = exposure_of(row.order, {.compensation = 800, .guarantee_pays = true});
        CHECK(other.would_bear == Bearers{.guarantee = row.open});
        CHECK(other.at_most == row.open + row.replacement + 800);
    }
}

TEST_CASE("what an order has cost, and who bore it") {
    const auto state =
        after({paid, order::Released{10000, 1000},
               order::RefundIssued{.instruction = {1},
                                   .dispute = {},
                                   .amount = 2500,
                                   .from_held = 500,
                                   .from_seller = 1620,
                                   .commission = 180,
                                   .from_guarantee = 200,
                                   .parts = {}},
               order::Compensated{.instruction = {2},
                                  .dispute = {},
                                  .amount = 300,
                                  .from_seller = 100,
                                  .from_guarantee = 200},
               order::InstructionSettled{{1}, order::InstructionState::failed},
               order::InstructionRepeated{{1}, {3}}, order::InstructionSettled{{3}},
               order::InstructionSettled{{1}},
               order::ChargebackOpened{.chargeback = {1}, .amount = 900, .from_guarantee = 900}});
    const auto got = exposure_of(state, {.compensation = 1000});
    CHECK(got.captured == 10500);
    CHECK(got.refunded == 2500);
    CHECK(got.compensated == 300);
    CHECK(got.charged_back == 900);
    CHECK(got.chargebacks_open == 900);
    CHECK(got.twice == 2500);
    CHECK(got.compensation_left == 700);
    CHECK(got.refundable == 10500 - 2500 - 900);
    // Commission on the 10500, less that on the 8200 which the seller still has.
    CHECK(got.borne ==
          Bearers{.seller = 2500 + 300 + 900 - 1300 - 230, .fees = 230, .guarantee = 1300});
}

TEST_CASE("where the money does not run through us, nothing falls away of a commission") {
    const auto got = exposure_of(outside({paid, opened}));
    CHECK(got.open == 3000);
    CHECK(got.would_bear == Bearers{.seller = 3000});
    CHECK(Bearers{.seller = 1, .fees = 20, .guarantee = 300}.sum() == 321);
}

TEST_CASE("chargebacks count as open until they are won or lost") {
    const order::ChargebackOpened charged{.chargeback = {1}, .amount = 900, .from_held = 900};
    const auto open = [&](std::vector<order::Event> events) {
        events.insert(events.begin(), {paid, charged});
        return exposure_of(after(events)).chargebacks_open;
    };
    CHECK(open({}) == 900);
    CHECK(open({order::ChargebackAnswered{{1}, {}}}) == 900);
    CHECK(open({order::ChargebackResolved{{1}, order::ChargebackState::lost}}) == 0);
    CHECK(open({order::ChargebackResolved{{1}, order::ChargebackState::won}}) == 0);
}

TEST_CASE("what left twice, and what went as a replacement") {
    const order::RefundIssued refund{
        .instruction = {1}, .dispute = {}, .amount = 500, .from_held = 500, .parts = {}};
    const auto failed = [](std::uint16_t no) {
        return order::InstructionSettled{{no}, order::InstructionState::failed};
    };
    const auto arrived = [](std::uint16_t no) { return order::InstructionSettled{{no}}; };
    const auto twice = [&](std::vector<order::Event> events) {
        events.insert(events.begin(),
                      {paid, refund, failed(1), order::InstructionRepeated{{1}, {2}}});
        return exposure_of(after(events)).twice;
    };
    CHECK(twice({}) == 0);
    CHECK(twice({arrived(2)}) == 0);
    CHECK(twice({arrived(1)}) == 0);  // the second is on its way
    CHECK(twice({arrived(2), arrived(1)}) == 500);
    CHECK(twice({failed(2), order::InstructionRepeated{{2}, {3}}, arrived(1)}) == 0);
    CHECK(twice({failed(2), order::InstructionRepeated{{2}, {3}}, arrived(1), arrived(3)}) == 500);

    const auto sent = after(
        {paid, order::Shipped{.shipment = {1}, .lines = {{{2}, 1}}, .replaces = {}}, opened,
         order::ReplacementAgreed{{1}},
         order::Shipped{.shipment = {2}, .lines = {{{1}, 1}}, .replaces = order::DisputeNo{1}}});
    CHECK(exposure_of(sent).replaced == 4500);
}

TEST_CASE("what a seller may owe, netted against what is kept of them") {
    const auto state = after({paid, opened, order::Released{9000, 900}});
    CHECK(from_released(state) == 1350);  // 3000, of it 1500 held, less the commission on the rest
    CHECK(from_released(state, {.guarantee_pays = true}) == 0);
    CHECK(from_released(outside({paid, opened, order::Released{9000, 0}})) == 0);

    Holder seller;
    REQUIRE(seller.ask(noon, SetReserve{1000, 30}));
    REQUIRE(seller.ask(noon, SetDepositCover{true}));
    REQUIRE(seller.see(noon, SeeDepositPaid{"d", Currency::eur, 300}));
    REQUIRE(seller.see(noon, SeeTransfer{transfer(1, 1000)}));
    CHECK(cover_of(seller.book, Currency::eur, 1350) ==
          Cover{.owed = 1350, .payable = 900, .reserve = 100, .deposit = 300, .uncovered = 50});
    CHECK(cover_of(seller.book, Currency::eur, 0) == Cover{});
    REQUIRE(seller.ask(noon, SetDepositCover{false}));
    CHECK(cover_of(seller.book, Currency::eur, 1350) ==
          Cover{.owed = 1350, .payable = 900, .reserve = 100, .uncovered = 350});
    REQUIRE(seller.ask(noon, SetDepositCover{true}));
    REQUIRE(seller.see(noon, SeeTransfer{transfer(2, -1400)}));
    CHECK(cover_of(seller.book, Currency::eur, 10) == Cover{.owed = 110, .uncovered = 110});
}
