// Terms that say little or nothing: what holds by nature then, and paths that the shipped terms
// never take.
#include "order/test_support.h"

namespace holdfast::order {
namespace {

using namespace test;

constexpr DisputeNo first{1};
const Instant day6 = noon + days{6};

std::string opening() { return right("O", "buyer", "open_dispute"); }

Life shipped(const terms::Terms& terms, Placement placement = lamps()) {
    Life life(terms, std::move(placement));
    life.paid().shipped();
    return life;
}
Life disputed(const terms::Terms& terms, OpenDispute open = {.reason = Reason::damaged}) {
    auto life = shipped(terms);
    REQUIRE(life.ask(Party::buyer, day6, std::move(open)).has_value());
    return life;
}
Life settled(const terms::Terms& terms, Settlement settlement) {
    auto life = disputed(terms);
    REQUIRE(life.ask(Party::buyer, day6, MakeOffer{first, {settlement}}).has_value());
    REQUIRE(life.ask(Party::seller, day6, AcceptOffer{{1}}).has_value());
    return life;
}

}  // namespace

TEST_CASE("whose act it is by nature, of a dispute and of a return") {
    const auto terms = little(opening());
    auto life = disputed(terms);
    CHECK(code(life.ask(Party::buyer, day6, Respond{first})) == RefusalCode::wrong_role);
    CHECK(life.ask(Party::seller, day6, Respond{first}).has_value());
    CHECK(code(life.ask(Party::platform, day6, SubmitEvidence{first, "photo", Hash{}})) ==
          RefusalCode::wrong_role);
    CHECK(life.ask(Party::buyer, day6, SubmitEvidence{first, "photo", Hash{}}).has_value());
    CHECK(life.ask(Party::seller, day6, SubmitEvidence{first, "photo", Hash{}}).has_value());
    CHECK(code(life.ask(Party::buyer, day6, Extend{3})) == RefusalCode::wrong_role);
    CHECK(life.ask(Party::seller, day6, Extend{3}).has_value());
    CHECK(life.order.promised_by == When(noon + days{33}));

    const auto returning = [&] {
        auto made = settled(terms, {Remedy::return_for_full_refund, 0});
        CHECK(code(made.ask(Party::seller, day6, SendReturn{first, "RT1"})) ==
              RefusalCode::wrong_role);
        REQUIRE(made.ask(Party::buyer, day6, SendReturn{first, "RT1"}).has_value());
        return made;
    };
    auto accepted = returning();
    CHECK(code(accepted.ask(Party::buyer, day6, ReceiveReturn{first})) == RefusalCode::wrong_role);
    REQUIRE(accepted.ask(Party::seller, day6, ReceiveReturn{first}).has_value());
    CHECK(accepted.order.money.refunded == 10500);

    auto contested = returning();
    CHECK(code(contested.ask(Party::buyer, day6, ContestReturn{first})) == RefusalCode::wrong_role);
    REQUIRE(contested.ask(Party::seller, day6, ContestReturn{first}).has_value());
    CHECK(contested.order.dispute(first).phase == DisputePhase::escalated);
    CHECK(contested.order.money.refunded == 0);
}

TEST_CASE("a limit bars what no right speaks of") {
    const auto terms =
        little(opening() + "[[limit]]\nid = \"L\"\nbars = [\"respond\"]\nsays = \"excluded\"\n");
    auto life = disputed(terms);
    const auto refused = life.ask(Party::seller, day6, Respond{first});
    CHECK(code(refused) == RefusalCode::not_granted);
    CHECK(clause(life, refused) == "L");
}

TEST_CASE("a right of the law alone is a right") {
    const auto law =
        little(right("LAW", "buyer", "return_no_fault", "closes = \"shipped + 14d\"\n"));
    const terms::Terms* const laws[] = {&law};
    const auto terms = little(opening());
    const OpenDispute open{.reason = Reason::change_of_mind};

    auto life = shipped(terms);
    life.rules.law = laws;
    REQUIRE(life.ask(Party::buyer, day6, open).has_value());
    CHECK(life.order.dispute(first).phase == DisputePhase::returning);
    auto late = shipped(terms);
    late.rules.law = laws;
    CHECK(code(late.ask(Party::buyer, noon + days{15}, open)) == RefusalCode::not_granted);

    // Without that right a change of mind is a quarrel like another.
    auto without = shipped(terms);
    REQUIRE(without.ask(Party::buyer, day6, open).has_value());
    CHECK(without.order.dispute(first).phase == DisputePhase::negotiating);
}

TEST_CASE("who names no remedy wants one that is granted") {
    struct Row {
        const char* remedies;
        Remedy wanted;
    };
    const Row rows[] = {
        {"", Remedy::full_refund},
        {"remedies = [\"replacement\", \"credit\"]\n", Remedy::replacement},
        {"remedies = [\"coupon\", \"credit\"]\n", Remedy::credit},
    };
    for (const auto& row : rows) {
        CAPTURE(row.remedies);
        const auto terms = little(right("O", "buyer", "open_dispute", row.remedies));
        CHECK(disputed(terms).order.dispute(first).wanted == row.wanted);
    }
    const auto terms = little(opening());
    auto life = shipped(terms);
    CHECK(code(life.ask(Party::buyer, day6,
                        OpenDispute{.wanted = Remedy::cancel_undelivered_part})) ==
          RefusalCode::malformed);  // which part is the sum to tell
}

TEST_CASE("another reason: by nature, by a right of its own, and too late for it") {
    const ModifyDispute change{.dispute = first, .reason = Reason::counterfeit};
    const auto silent = little(opening());
    auto life = disputed(silent);
    REQUIRE(life.ask(Party::buyer, day6, change).has_value());
    CHECK(life.order.dispute(first).reason == Reason::counterfeit);

    const auto timed = little(
        opening() + right("C", "buyer", "change_reason", "closes = \"dispute.opened + 1d\"\n"));
    auto soon = disputed(timed);
    REQUIRE(soon.ask(Party::buyer, day6 + days{1} - milliseconds{1}, change).has_value());
    CHECK(soon.order.dispute(first).reason == Reason::counterfeit);
    auto late = disputed(timed);
    const auto refused = late.ask(Party::buyer, day6 + days{1}, change);
    CHECK(code(refused) == RefusalCode::not_granted);
    CHECK(clause(late, refused) == "C");
    // The reason it has already is no change.
    CHECK(late.ask(Party::buyer, day6 + days{1},
                   ModifyDispute{.dispute = first, .reason = Reason::damaged, .amount = 5})
              .has_value());
}

TEST_CASE("a dispute that names no remedy, as an event may, can be modified") {
    const auto terms = little(opening());
    auto life = shipped(terms);
    const DisputeOpened opened{.dispute = first, .lines = all_lines(life.order), .requested = 100};
    evolve(life.order, {day6, day6, opened});
    const auto decision =
        decide(life.order, life.rules,
               {Party::buyer, ModifyDispute{.dispute = first, .amount = 50}}, day6);
    REQUIRE(decision.has_value());
    const auto* modified = std::get_if<DisputeModified>(&decision->front().event);
    REQUIRE(modified);
    CHECK(!modified->wanted);
    CHECK(modified->requested == 50);
}

TEST_CASE("cancelling where a parcel is on its way, and where the seller's right has ended") {
    const auto silent = little("");
    Life part(silent);
    part.paid();
    REQUIRE(
        part.see(noon + days{1}, SeeShipped{.lines = {{{1}, 1}}, .tracking = "LX1"}).has_value());
    CHECK(code(part.ask(Party::buyer, day6, Cancel{})) == RefusalCode::nothing_unshipped);
    CHECK(code(part.ask(Party::either, day6, Cancel{})) == RefusalCode::wrong_role);
    REQUIRE(part.ask(Party::seller, day6, Cancel{}).has_value());
    CHECK(!part.order.cancelled);  // one lamp is on its way
    CHECK(part.order.money.refunded > 0);

    const auto timed = little(right("C", "seller", "cancel_order", "closes = \"paid + 1d\"\n"));
    Life late(timed);
    late.paid();
    const auto refused = late.ask(Party::seller, day6, Cancel{});
    CHECK(code(refused) == RefusalCode::not_granted);
    CHECK(clause(late, refused) == "C");
}

TEST_CASE("days that nobody may ask for") {
    const auto silent = little("");
    auto life = shipped(silent);
    CHECK(code(life.ask(Party::buyer, day6, RequestExtension{3651})) == RefusalCode::malformed);
    CHECK(life.ask(Party::buyer, day6, RequestExtension{3650}).has_value());
    CHECK(code(life.ask(Party::seller, day6, Extend{-3651})) == RefusalCode::malformed);
    CHECK(code(life.ask(Party::seller, day6, Extend{-3})) == RefusalCode::malformed);
    CHECK(code(life.ask(Party::seller, day6, Extend{0})) == RefusalCode::malformed);
    CHECK(life.order.promised_by == When(noon + days{30}));
}

TEST_CASE("what came after the refund may be kept where nobody may claim it back") {
    const auto silent = little("");
    auto life = shipped(silent);
    REQUIRE(life.ask(Party::seller, day6, Refund{}).has_value());
    life.delivered(day6 + days{1});
    REQUIRE(life.order.arrivals.size() == 1);
    REQUIRE(life.ask(Party::buyer, day6 + days{2}, SettleArrival{{1}, ArrivalChoice::keep})
                .has_value());
    CHECK(life.order.arrivals[0].choice == ArrivalChoice::keep);
}

TEST_CASE("without a default a verdict is carried out at once") {
    const auto terms = little(opening());
    auto life = disputed(terms);
    REQUIRE(life.ask(Party::platform, day6, Escalate{first}).has_value());
    REQUIRE(life.ask(Party::platform, day6,
                     Decide{first,
                            {{Remedy::partial_refund_keep, 700},
                             Party::buyer,
                             {VerdictCode::item_damaged}}})
                .has_value());
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.money.refunded == 700);
}

TEST_CASE("without a default a replacement that is there ends its dispute") {
    const auto terms = little(opening());
    auto life = settled(terms, {Remedy::replacement, 0});
    CHECK(life.order.dispute(first).phase == DisputePhase::replacing);
    REQUIRE(life.see(day6 + days{1}, SeeShipped{.tracking = "LX2", .replaces = first}).has_value());
    CHECK(life.order.dispute(first).phase == DisputePhase::replacing);
    REQUIRE(life.see(day6 + days{5}, SeeScan{{2}, ScanKind::delivered}).has_value());
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.money.refunded == 0);
}

TEST_CASE("who funds a refund: the seller, unless the terms name another") {
    struct Row {
        const char* funded_by;
        Minor from_guarantee;
    };
    const Row rows[] = {
        {"", 0},
        {"funded_by = \"seller\"\n", 0},
        {"funded_by = \"platform\"\n", 4000},
        {"funded_by = \"guarantee\"\n", 4000},
        {"funded_by = \"guarantee\"\n"  // by an award that does not hold
         "when = [{ if = \"count(appeals) > 0\", else = \"not_eligible\" }]\n",
         0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.funded_by);
        const auto terms =
            little(opening() + "[[award]]\nid = \"F\"\non = \"funding\"\n" + row.funded_by);
        const auto life = settled(terms, {Remedy::partial_refund_keep, 4000});
        CHECK(life.order.money.refunded == 4000);
        CHECK(life.order.money.advanced_by_guarantee == row.from_guarantee);
        CHECK(life.order.money.held == 6500 + row.from_guarantee);
    }
}

TEST_CASE("of a cancelled order the seller keeps what the guarantee paid in their stead") {
    const auto terms =
        little(opening() + "[[award]]\nid = \"F\"\non = \"funding\"\nfunded_by = \"guarantee\"\n");
    Life life(terms);
    life.paid();
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{}).has_value());
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {{Remedy::partial_refund_keep, 1000}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    REQUIRE(life.ask(Party::platform, day6, Cancel{}).has_value());
    CHECK(life.order.cancelled == day6);
    CHECK(life.order.money.refunded == 10500);
    CHECK(life.order.money.advanced_by_guarantee == 1000);
    CHECK(life.order.money.held == 0);
    CHECK(life.order.money.released == 900);  // 10.00 less 10 %
}

TEST_CASE("where only a replacement was sent, the rest is cancelled in part") {
    const auto terms = little(opening());
    Life life(terms);
    life.paid();
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{}).has_value());
    REQUIRE(
        life.ask(Party::seller, day6, MakeOffer{first, {{Remedy::replacement, 0}}}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    REQUIRE(life.see(day6, SeeShipped{.tracking = "LX2", .replaces = first}).has_value());
    REQUIRE(life.ask(Party::platform, day6, Cancel{}).has_value());
    CHECK(!life.order.cancelled);
    CHECK(life.order.money.refunded == 10500);
    CHECK(all_lines(life.order).empty());
}

TEST_CASE("what was said when the order was placed is asked by the terms") {
    const auto terms = little(right("O", "buyer", "open_dispute",
                                    "when = [\"destination in US\", \"ordered_quantity > 2\"]\n"));
    auto placement = lamps();
    CHECK(code(shipped(terms, placement).ask(Party::buyer, day6, OpenDispute{})) ==
          RefusalCode::not_granted);
    placement.attributes = {{terms::Attribute::destination, "US"}};
    placement.numbers = {{terms::Number::ordered_quantity, 2}};
    CHECK(code(shipped(terms, placement).ask(Party::buyer, day6, OpenDispute{})) ==
          RefusalCode::not_granted);
    placement.numbers = {{terms::Number::ordered_quantity, 3}};
    CHECK(shipped(terms, placement).ask(Party::buyer, day6, OpenDispute{}).has_value());
}

TEST_CASE("an order without any deadline is given its outages back") {
    const auto silent = little("");
    auto life = shipped(silent);
    const terms::Outage early{noon + days{2}, noon + days{3}};
    const terms::Outage later{noon + days{4}, noon + days{5}};
    REQUIRE(!next_deadline(life.order, life.rules));
    life.pass(day6, {early, later});
    CHECK(life.order.outages == std::vector{early, later});
    auto other = shipped(silent);
    other.pass(day6, {later, early});
    CHECK(other.order.outages == life.order.outages);
}

TEST_CASE("money out of balance is seen") {
    CHECK(is_balanced({.captured = 5, .held = 5}));
    CHECK_FALSE(is_balanced({.captured = 5, .held = 4}));
    CHECK_FALSE(is_balanced({.held = -1, .released = 1}));
}

}  // namespace holdfast::order
