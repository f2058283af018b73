#include "order/test_support.h"

namespace holdfast::order {
namespace {

using namespace test;

constexpr DisputeNo first{1};

Life in_dispute(Reason reason = Reason::not_received, Instant when = noon + days{31}) {
    Life life;
    life.paid().shipped();
    REQUIRE(life.ask(Party::buyer, when, OpenDispute{.reason = reason}).has_value());
    return life;
}

Life about_state() {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    REQUIRE(life.ask(Party::buyer, noon + days{6},
                     OpenDispute{.reason = Reason::damaged,
                                 .wanted = Remedy::partial_refund_keep,
                                 .amount = 3000})
                .has_value());
    return life;
}

}  // namespace

TEST_CASE("on time: the seller is paid 14 days after delivery, less the commission") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    const auto due = next_deadline(life.order, life.rules);
    REQUIRE(due.has_value());
    CHECK(due->legal_at == noon + days{19});
    life.pass(due->legal_at + life.rules.grace - milliseconds{1});
    CHECK_FALSE(life.order.completed.has_value());
    life.pass(due->legal_at + life.rules.grace);
    CHECK(life.order.completed == due->legal_at);
    CHECK(life.order.money.released == 9450);
    CHECK(life.order.money.fees == 1050);
    CHECK(life.order.money.held == 0);
    CHECK_FALSE(next_deadline(life.order, life.rules).has_value());
}

TEST_CASE("not there in time: silence of the seller refunds everything") {
    auto life = in_dispute();
    const auto opened = noon + days{31};
    CHECK(next_deadline(life.order, life.rules)->legal_at == opened + days{5});
    life.pass(opened + days{6});
    CHECK(life.order.money.refunded == 10500);
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.money.held == 0);
    CHECK(life.order.completed.has_value());
    CHECK(life.count("refund_issued") == 1);
}

TEST_CASE("a dispute opens at the promise and no millisecond before") {
    Life life;
    life.paid().shipped();
    REQUIRE(life.see(noon + days{20}, SeeScan{{1}, ScanKind::moving}).has_value());
    const auto promise = noon + days{30};
    const auto early = life.ask(Party::buyer, promise - milliseconds{1}, OpenDispute{});
    CHECK(code(early) == RefusalCode::not_granted);
    CHECK(clause(life, early) == "MP-1");
    CHECK(early.error().opens_at == promise);
    CHECK(life.ask(Party::buyer, promise, OpenDispute{}).has_value());
}

TEST_CASE("between a default's instant and its grace, what would change it is told to wait") {
    auto life = in_dispute();
    const auto strikes = noon + days{36};
    CHECK(life.ask(Party::seller, strikes - milliseconds{1}, Respond{first}).has_value());

    auto late = in_dispute();
    const auto refused = late.ask(Party::seller, strikes, Respond{first});
    CHECK(code(refused) == RefusalCode::default_pending);
    CHECK(refused.error().closes_at == strikes);
    // What does not change it goes through.
    CHECK(late.ask(Party::seller, strikes, LinkUpstream{first, "aliexpress", "30990"}).has_value());
    late.pass(strikes + late.rules.grace);
    CHECK(late.order.money.refunded == 10500);
}

TEST_CASE("offers, counter-offers, and a part refunded while the goods are kept") {
    auto life = about_state();
    const auto day = noon + days{7};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{Remedy::partial_refund_keep, 1000}}})
                .has_value());
    CHECK(code(life.ask(Party::seller, day, AcceptOffer{{1}})) == RefusalCode::own_offer);
    REQUIRE(life.ask(Party::buyer, day, MakeOffer{first, {{Remedy::partial_refund_keep, 2500}}})
                .has_value());
    REQUIRE(life.ask(Party::seller, day, AcceptOffer{{2}}).has_value());
    CHECK(life.order.money.refunded == 2500);
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.offer({1}).state == OfferState::replaced);
    life.pass(noon + days{60});
    CHECK(life.order.money.released == 7200);  // 80.00 less 10 %
    CHECK(life.order.money.fees == 800);
}

TEST_CASE("a return: agreed, sent, received, refunded") {
    auto life = about_state();
    const auto day = noon + days{8};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{Remedy::return_for_full_refund, 0}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, day, AcceptOffer{{1}}).has_value());
    CHECK(life.order.dispute(first).phase == DisputePhase::returning);
    CHECK(life.order.dispute(first).back->postage_by == Party::seller);
    CHECK(code(life.ask(Party::seller, day, ReceiveReturn{first})) == RefusalCode::no_return);
    REQUIRE(life.ask(Party::seller, day, PrepareReturn{first, {}, "seller"}).has_value());
    REQUIRE(life.ask(Party::buyer, day + days{3}, SendReturn{first, "RT1"}).has_value());

    SUBCASE("and the seller confirms") {
        REQUIRE(life.ask(Party::seller, day + days{6}, ReceiveReturn{first, Condition::opened})
                    .has_value());
        CHECK(life.order.money.refunded == 10500);
    }
    SUBCASE("and the seller is silent") {
        REQUIRE(life.see(day + days{6}, SeeReturnDelivered{first}).has_value());
        life.pass(day + days{12});
        CHECK(life.order.money.refunded == 10500);
    }
    SUBCASE("and the seller finds something else") {
        REQUIRE(life.see(day + days{6}, SeeReturnDelivered{first}).has_value());
        REQUIRE(life.ask(Party::seller, day + days{7}, ContestReturn{first, Condition::other_item})
                    .has_value());
        CHECK(life.order.dispute(first).phase == DisputePhase::escalated);
        CHECK(life.order.money.refunded == 0);
        REQUIRE(life.ask(Party::platform, day + days{9},
                         Decide{first, {{}, Party::seller, {VerdictCode::return_not_as_sent_out}}})
                    .has_value());
        life.pass(day + days{40});
        CHECK(life.order.money.refunded == 0);
        CHECK(life.order.money.released == 9450);
    }
}

TEST_CASE("a return that is never sent leaves the money with the seller") {
    auto life = about_state();
    const auto day = noon + days{8};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{Remedy::return_for_full_refund, 0}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, day, AcceptOffer{{1}}).has_value());
    life.pass(day + days{15});
    CHECK(life.order.dispute(first).is_closed());
    life.pass(day + days{60});
    CHECK(life.order.money.released == 9450);
}

TEST_CASE("an appeal is decided for good; the verdict waits for it") {
    auto life = about_state();
    REQUIRE(life.ask(Party::buyer, noon + days{10}, Escalate{first}).has_value());
    const auto decided = noon + days{11};
    REQUIRE(life.ask(Party::platform, decided,
                     Decide{first, {{}, Party::seller, {VerdictCode::as_described}}})
                .has_value());
    CHECK(life.order.dispute(first).phase == DisputePhase::decided);
    CHECK(clause(life, life.ask(Party::buyer, decided, Appeal{first})) == "MP-8");
    REQUIRE(life.ask(Party::buyer, decided + days{7} - milliseconds{1},
                     Appeal{first, /*has_new_information=*/true})
                .has_value());
    REQUIRE(life.ask(Party::platform, decided + days{8},
                     Decide{first,
                            {{Remedy::partial_refund_keep, 3000},
                             Party::buyer,
                             {VerdictCode::new_information}}})
                .has_value());
    CHECK(life.order.money.refunded == 3000);
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.dispute(first).decided == decided + days{8});
    CHECK(life.order.dispute(first).appeal_decided == decided + days{8});
}

TEST_CASE("a settlement that sleeps: if it arrives by a date, else a refund") {
    auto life = in_dispute();
    const auto day = noon + days{32};
    const auto by = day + days{10};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{}, by, {Remedy::full_refund, 10500}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, day, AcceptOffer{{1}}).has_value());
    CHECK(life.order.dispute(first).phase == DisputePhase::sleeping);

    SUBCASE("it arrives") {
        life.delivered(by - days{1});
        CHECK(life.order.dispute(first).is_closed());
        life.pass(by + days{30});
        CHECK(life.order.money.refunded == 0);
        CHECK(life.order.money.held == 0);
    }
    SUBCASE("it does not, and comes after the refund") {
        life.pass(by + days{4});
        CHECK(life.order.money.refunded == 10500);
        life.delivered(by + days{6});
        REQUIRE(life.order.arrivals.size() == 1);
        CHECK(life.order.arrivals[0].value == 10000);
        CHECK(code(life.ask(Party::buyer, by + days{7}, SettleArrival{{1}, ArrivalChoice::keep})) ==
              RefusalCode::remedy_not_offered);
        REQUIRE(life.ask(Party::buyer, by + days{7}, SettleArrival{{1}, ArrivalChoice::pay})
                    .has_value());
        REQUIRE(life.see(by + days{7}, SeeCaptured{.amount = 10500}).has_value());
        CHECK(life.order.money.held == 0);
        CHECK(life.order.money.released == 9450);
    }
    SUBCASE("the scan is told late, and the notice lets it count") {
        REQUIRE(
            life.see(by + days{1}, by - hours{1}, SeeScan{{1}, ScanKind::delivered}).has_value());
        CHECK(life.order.dispute(first).is_closed());
        CHECK(life.order.money.refunded == 0);
    }
}

TEST_CASE("a chargeback during a dispute: the money leaves once") {
    auto life = in_dispute();
    REQUIRE(life.see(noon + days{32}, SeeChargeback{.amount = 10500}).has_value());
    life.pass(noon + days{60});
    CHECK(life.order.money.charged_back == 10500);
    CHECK(life.order.money.refunded == 0);
    CHECK(life.order.money.held == 0);
    SUBCASE("won: the seller is paid, once the order is complete") {
        REQUIRE(life.see(noon + days{70}, SeeChargebackResolved{{1}, ChargebackState::won})
                    .has_value());
        life.pass(noon + days{200});
        CHECK(life.order.money.held == 0);
        CHECK(life.order.money.released == 9450);
    }
    SUBCASE("lost: nothing more moves") {
        REQUIRE(life.see(noon + days{70}, SeeChargebackResolved{{1}, ChargebackState::lost})
                    .has_value());
        life.pass(noon + days{200});
        CHECK(life.order.completed.has_value());
        CHECK(life.order.money.released == 0);
    }
}

TEST_CASE("a refund after release is the seller's debt, with its commission back") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    life.pass(noon + days{20});
    REQUIRE(life.ask(Party::buyer, noon + days{21},
                     OpenDispute{.lines = {{{2}, 1}}, .reason = Reason::damaged})
                .has_value());
    life.pass(noon + days{40});
    // The shade, 10.00, with its tenth of 5.00 shipping.
    CHECK(life.order.money.refunded == 1050);
    CHECK(life.order.money.advanced_by_seller == 945);
    CHECK(life.order.money.fees == 945);
}

TEST_CASE("paid in parts, shipped in two parcels, one of them lost") {
    Life life;
    const auto day = noon + hours{1};
    REQUIRE(life.see(day, SeeAuthorised{.amount = 10500, .until = noon + days{29}}).has_value());
    CHECK(life.order.paid == day);
    REQUIRE(life.see(day + days{1}, SeeShipped{.lines = {{{1}, 2}}, .tracking = "A"}).has_value());
    REQUIRE(life.see(day + days{1}, SeeCaptured{.amount = 9450}).has_value());
    REQUIRE(life.see(day + days{2}, SeeShipped{.tracking = "B"}).has_value());
    REQUIRE(life.see(day + days{2}, SeeCaptured{.amount = 1050}).has_value());
    CHECK(life.order.money.captured == 10500);
    REQUIRE(life.see(day + days{8}, SeeScan{{1}, ScanKind::delivered}).has_value());
    REQUIRE(life.see(day + days{9}, SeeScan{{2}, ScanKind::lost}).has_value());
    const auto whole = life.ask(Party::buyer, day + days{10},
                                OpenDispute{.lines = {{{1}, 2}}, .reason = Reason::late});
    CHECK(code(whole) == RefusalCode::not_granted);
    REQUIRE(life.ask(Party::buyer, day + days{10}, OpenDispute{.lines = {{{2}, 1}}}).has_value());
    life.pass(day + days{30});
    CHECK(life.order.money.refunded == 1050);
    life.pass(day + days{100});
    CHECK(life.order.money.held == 0);
    CHECK(life.order.money.released == 8505);
}

TEST_CASE("a capture that is told again is the same money") {
    Life life;
    const auto tell = [&](Instant when, Minor amount, const char* reference) {
        REQUIRE(life.see(when, SeeCaptured{.amount = amount, .reference = reference}).has_value());
    };
    tell(noon, 10500, "pi_1");
    tell(noon + hours{1}, 10500, "pi_1");
    CHECK(life.order.money.captured == 10500);
    // Of an authorisation, each part is a capture until nothing is left of it.
    Life parts;
    REQUIRE(parts.see(noon, SeeAuthorised{.amount = 10500, .reference = "pi_1"}).has_value());
    for (int i = 0; i < 2; ++i)
        REQUIRE(parts.see(noon, SeeCaptured{.amount = 5250, .reference = "pi_1"}).has_value());
    CHECK(parts.order.money.captured == 10500);

    // After all went back: the same is no new money, and what is new goes back, too.
    REQUIRE(life.see(noon + days{1}, SeeShipped{}).has_value());
    REQUIRE(life.ask(Party::seller, noon + days{2}, Refund{}).has_value());
    REQUIRE(life.order.completed);
    tell(noon + days{3}, 10500, "pi_1");
    CHECK(life.order.money.captured == 10500);
    tell(noon + days{3}, 10500, "pi_2");
    CHECK(life.order.money.captured == 21000);
    CHECK(life.order.money.refunded == 21000);
    CHECK(life.order.money.released == 0);
    CHECK(life.order.money.held == 0);
}

TEST_CASE("a refund names the payment that has enough left, and gives it back when it fails") {
    Life life;
    REQUIRE(life.see(noon, SeeCaptured{.amount = 4000, .reference = "pi_1"}).has_value());
    REQUIRE(life.see(noon, SeeCaptured{.amount = 6500, .reference = "pi_2"}).has_value());
    const auto refund = [&](Minor amount) {
        REQUIRE(life.ask(Party::platform, noon + hours{1}, Refund{.amount = amount}).has_value());
        return life.order.instructions.back().source;
    };
    CHECK(refund(3000) == "pi_1");
    CHECK(refund(2000) == "pi_2");
    CHECK(refund(1000) == "pi_1");
    CHECK(life.order.payments[0].given_back == 4000);
    const auto settle = [&](InstructionNo no, InstructionState state) {
        REQUIRE(life.see(noon + hours{2}, SeeInstruction{no, state}).has_value());
    };
    settle({1}, InstructionState::failed);
    CHECK(life.order.payments[0].given_back == 1000);
    REQUIRE(life.ask(Party::platform, noon + hours{3}, RepeatInstruction{{1}}).has_value());
    CHECK(life.order.instructions.back().source == "pi_1");
    CHECK(life.order.payments[0].given_back == 4000);
    settle({2}, InstructionState::failed);
    settle({2}, InstructionState::succeeded);  // after all
    CHECK(life.order.payments[1].given_back == 2000);
    CHECK(refund(4500) == "pi_2");
}

TEST_CASE("what is voided is the payment that was authorised, and a repeat voids the same") {
    Life life;
    REQUIRE(life.see(noon, SeeAuthorised{.amount = 10500, .reference = "pi_1"}).has_value());
    REQUIRE(life.ask(Party::buyer, noon + hours{1}, Cancel{}).has_value());
    REQUIRE(life.order.instructions.size() == 1);
    CHECK(life.order.instructions[0].kind == InstructionKind::void_authorisation);
    CHECK(life.order.instructions[0].source == "pi_1");
    REQUIRE(life.see(noon + hours{2}, SeeInstruction{{1}, InstructionState::failed}).has_value());
    REQUIRE(life.ask(Party::platform, noon + hours{3}, RepeatInstruction{{1}}).has_value());
    CHECK(life.order.instructions[1].source == "pi_1");
}

TEST_CASE("a payment that was not named is nobody's source") {
    Life life;
    life.paid();
    REQUIRE(life.ask(Party::platform, noon + hours{1}, Refund{.amount = 100}).has_value());
    CHECK(life.order.payments.empty());
    CHECK(life.order.instructions[0].source.empty());
}

TEST_CASE("an authorisation that expires leaves the order unpaid, and it is cancelled") {
    Life life;
    REQUIRE(life.see(noon, SeeAuthorised{.amount = 10500, .until = noon + days{5}}).has_value());
    life.pass(noon + days{5} + hours{1});
    CHECK(life.order.cancelled == noon + days{5});
    SUBCASE("and a capture that comes all the same goes back") {
        REQUIRE(life.see(noon + days{6}, SeeCaptured{.amount = 10500}).has_value());
        CHECK(life.order.money.refunded == 10500);
        CHECK(life.order.money.held == 0);
    }
}

TEST_CASE("not shipped in time: cancelled and refunded by itself") {
    Life life;
    life.paid();
    CHECK(next_deadline(life.order, life.rules)->legal_at ==
          noon + days{10} + std::chrono::minutes{1});
    life.pass(noon + days{11});
    CHECK(life.order.cancelled.has_value());
    CHECK(life.order.money.refunded == 10500);
}

TEST_CASE("cancelling: by right before shipping, by asking where terms are silent") {
    Life life;
    life.paid();
    SUBCASE("by the buyer") {
        REQUIRE(life.ask(Party::buyer, noon + days{1}, Cancel{}).has_value());
        CHECK(life.order.money.refunded == 10500);
    }
    SUBCASE("after a parcel went out there is nothing to cancel") {
        life.shipped();
        CHECK(code(life.ask(Party::buyer, noon + days{2}, Cancel{})) ==
              RefusalCode::nothing_unshipped);
    }
    Life silent(silence());
    REQUIRE(silent.ask(Party::buyer, noon + days{1}, Cancel{}).has_value());
    CHECK(silent.order.cancel.has_value());
    CHECK_FALSE(silent.order.cancelled.has_value());
    REQUIRE(silent.ask(Party::seller, noon + days{2}, DeclineCancel{}).has_value());
    CHECK(code(silent.ask(Party::seller, noon + days{2}, DeclineCancel{})) ==
          RefusalCode::no_cancel_request);
    REQUIRE(silent.ask(Party::seller, noon + days{2}, Cancel{}).has_value());
    CHECK(silent.order.cancelled.has_value());
}

TEST_CASE("the promise only gets longer, and rights move along") {
    Life life;
    life.paid().shipped();
    REQUIRE(life.see(noon + days{25}, SeeScan{{1}, ScanKind::moving}).has_value());
    REQUIRE(life.ask(Party::buyer, noon + days{26}, RequestExtension{10}).has_value());
    CHECK(code(life.ask(Party::buyer, noon + days{26}, Extend{10})) == RefusalCode::wrong_role);
    CHECK(clause(life, life.ask(Party::seller, noon + days{26}, Extend{-1})) == "MP-10");
    REQUIRE(life.ask(Party::seller, noon + days{26}, Extend{10}).has_value());
    CHECK(life.order.promised_by == When(noon + days{40}));
    CHECK(code(life.ask(Party::buyer, noon + days{31}, OpenDispute{})) == RefusalCode::not_granted);
    REQUIRE(life.ask(Party::seller, noon + days{31}, Extend{10}).has_value());
    const auto third = life.ask(Party::seller, noon + days{31}, Extend{10});
    CHECK(third.error().outcome == terms::Outcome::extension_used);
}

TEST_CASE("receipt confirmed while disputes run: one about arrival ends, one about state goes on") {
    auto life = in_dispute();
    REQUIRE(life.ask(Party::buyer, noon + days{32}, ConfirmReceipt{}).has_value());
    CHECK(life.order.dispute(first).withdrawn.has_value());
    CHECK(life.order.money.released == 9450);

    auto state = about_state();
    REQUIRE(state.ask(Party::buyer, noon + days{7}, ConfirmReceipt{}).has_value());
    CHECK(state.order.completed.has_value());
    CHECK(state.order.money.held == 10500);  // all its lines are in dispute
    state.pass(noon + days{30});
    CHECK(state.order.money.refunded == 3000);
    CHECK(state.order.money.held == 0);
    CHECK(state.order.money.released == 6750);
}

TEST_CASE("an outage gives back what it took of a window") {
    auto life = in_dispute();
    const auto strikes = noon + days{36};
    const terms::Outage outage{strikes - hours{5}, strikes - hours{1}};
    life.pass(strikes - hours{1}, {outage});
    CHECK(life.order.outages.size() == 1);
    CHECK(next_deadline(life.order, life.rules)->legal_at == strikes + hours{4});
    CHECK(
        life.ask(Party::seller, strikes + hours{4} - milliseconds{1}, Respond{first}).has_value());
}

TEST_CASE("a delivery that is told late completes the order only after notice") {
    Life life;
    life.paid().shipped();
    const auto told = noon + days{25};
    REQUIRE(life.see(told, noon + days{5}, SeeScan{{1}, ScanKind::delivered}).has_value());
    CHECK(next_deadline(life.order, life.rules)->legal_at == told + days{3});
}

TEST_CASE("a loss that is told after its day refunds after notice, not in the past") {
    Life life;
    life.paid().shipped();
    const auto told = noon + days{45};
    REQUIRE(life.see(told, SeeScan{{1}, ScanKind::lost}).has_value());
    CHECK(next_deadline(life.order, life.rules)->legal_at == told + days{3});
    life.pass(told + days{4});
    CHECK(life.order.money.refunded == 10500);
}

TEST_CASE("a refund by the seller during a dispute comes from what the dispute keeps back") {
    auto life = about_state();
    REQUIRE(life.ask(Party::seller, noon + days{7}, Refund{.amount = 4000}).has_value());
    CHECK(life.order.money.advanced() == 0);
    CHECK(life.order.money.held == 6500);
}

TEST_CASE("where the money never was here, the seller pays refunds in full and there is no fee") {
    auto placement = lamps();
    placement.custody = Custody::with_seller;
    Life life(marketplace(), placement);
    life.paid();
    CHECK(life.order.money.released == 10500);
    REQUIRE(life.ask(Party::seller, noon + days{1}, Refund{.amount = 500}).has_value());
    CHECK(life.order.money.advanced_by_seller == 500);
    CHECK(life.order.money.fees == 0);
}

TEST_CASE("a credit that the parties agree on is the seller's, and capped") {
    auto life = about_state();
    CHECK(
        code(life.ask(Party::seller, noon + days{7}, MakeOffer{first, {{Remedy::coupon, 2101}}})) ==
        RefusalCode::amount_exceeds);
    REQUIRE(life.ask(Party::seller, noon + days{7}, MakeOffer{first, {{Remedy::coupon, 2000}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, noon + days{7}, AcceptOffer{{1}}).has_value());
    CHECK(life.order.money.compensated == 2000);
    CHECK(life.order.money.advanced_by_seller == 2000);
    CHECK(life.order.dispute(first).is_closed());
}

TEST_CASE("a changed dispute stays within what its right grants") {
    Life life;
    life.paid().shipped().delivered(noon + days{32});
    const auto day = noon + days{33};
    CHECK(code(life.ask(Party::buyer, day,
                        OpenDispute{.reason = Reason::late,
                                    .wanted = Remedy::partial_refund_keep,
                                    .amount = 5251})) == RefusalCode::amount_exceeds);
    REQUIRE(
        life.ask(Party::buyer, day,
                 OpenDispute{
                     .reason = Reason::late, .wanted = Remedy::partial_refund_keep, .amount = 1000})
            .has_value());
    CHECK(code(life.ask(Party::buyer, day,
                        ModifyDispute{.dispute = first, .wanted = Remedy::full_refund})) ==
          RefusalCode::remedy_not_offered);
    const auto more = life.ask(Party::buyer, day, ModifyDispute{.dispute = first, .amount = 5251});
    CHECK(code(more) == RefusalCode::amount_exceeds);
    CHECK(more.error().limit == 5250);  // MP-51: half
    REQUIRE(
        life.ask(Party::buyer, day, ModifyDispute{.dispute = first, .amount = 5250}).has_value());
    // Another reason stands on a right of its own, with its own remedies; or on none.
    REQUIRE(life.ask(Party::buyer, day,
                     ModifyDispute{.dispute = first,
                                   .reason = Reason::damaged,
                                   .wanted = Remedy::return_for_full_refund,
                                   .amount = 10500})
                .has_value());
    CHECK(life.order.dispute(first).requested == 10500);
    CHECK(code(life.ask(Party::buyer, day,
                        ModifyDispute{.dispute = first, .reason = Reason::refund_overdue})) ==
          RefusalCode::not_granted);
}

TEST_CASE("goods that come after a refund are told, whatever the refund was for") {
    Life lost;
    lost.paid().shipped();
    REQUIRE(lost.see(noon + days{10}, SeeScan{{1}, ScanKind::lost}).has_value());
    lost.pass(noon + days{40});
    CHECK(lost.order.money.refunded == 10500);
    lost.delivered(noon + days{50});
    REQUIRE(lost.order.arrivals.size() == 1);
    CHECK(lost.order.arrivals[0].value == 10000);

    Life given;
    given.paid().shipped();
    REQUIRE(given.ask(Party::seller, noon + days{5}, Refund{}).has_value());
    given.delivered(noon + days{8});
    CHECK(given.order.arrivals.size() == 1);

    // A part back, and the goods as agreed: nothing to tell.
    Life part;
    part.paid().shipped();
    REQUIRE(part.ask(Party::seller, noon + days{5}, Refund{.amount = 2000}).has_value());
    part.delivered(noon + days{8});
    CHECK(part.order.arrivals.empty());
}

TEST_CASE("evidence has a due date, and goodwill a cap") {
    auto life = about_state();
    REQUIRE(life.ask(Party::platform, noon + days{7}, Escalate{first}).has_value());
    const auto due = noon + days{9};
    REQUIRE(life.ask(Party::platform, noon + days{7}, RequestEvidence{first, Party::seller, due})
                .has_value());
    REQUIRE(
        life.ask(Party::buyer, noon + days{8}, SubmitEvidence{first, "photo", Hash{}}).has_value());
    life.pass(due + hours{1});
    CHECK(life.count("evidence_lapsed") == 1);

    const auto more = life.ask(Party::seller, noon + days{10}, Compensate{.amount = 2101});
    CHECK(code(more) == RefusalCode::amount_exceeds);
    CHECK(more.error().limit == 2100);
    REQUIRE(life.ask(Party::seller, noon + days{10}, Compensate{.amount = 2100}).has_value());
    CHECK(life.order.money.compensated == 2100);
    CHECK(life.order.money.advanced_by_seller == 2100);
}

TEST_CASE("a replacement: agreed, sent, delivered; or never sent, and refunded") {
    auto life = about_state();
    const auto day = noon + days{8};
    REQUIRE(life.ask(Party::seller, day, MakeOffer{first, {{Remedy::replacement, 0}}}).has_value());
    REQUIRE(life.ask(Party::buyer, day, AcceptOffer{{1}}).has_value());
    SUBCASE("never sent") {
        life.pass(day + days{11});
        CHECK(life.order.money.refunded == 3000);
    }
    SUBCASE("sent") {
        REQUIRE(
            life.see(day + days{2}, SeeShipped{.tracking = "R1", .replaces = first}).has_value());
        REQUIRE(life.see(day + days{9}, SeeScan{{2}, ScanKind::delivered}).has_value());
        life.pass(day + days{60});
        CHECK(life.order.dispute(first).is_closed());
        CHECK(life.order.money.refunded == 0);
        CHECK(life.order.money.held == 0);
    }
}

TEST_CASE("a scan that the carrier takes back moves the clock, not a right that was used") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    REQUIRE(life.ask(Party::buyer, noon + days{6}, OpenDispute{}).has_value());  // MP-1d
    REQUIRE(life.see(noon + days{7}, SeeScanWithdrawn{{1}, ScanKind::delivered}).has_value());
    CHECK_FALSE(life.order.dispute(first).is_closed());
    REQUIRE(life.ask(Party::buyer, noon + days{8}, WithdrawDispute{first}).has_value());
    CHECK(code(life.ask(Party::buyer, noon + days{9}, OpenDispute{})) == RefusalCode::not_granted);
}

}  // namespace holdfast::order
