// The edges of guards and sums: the last that is taken beside the first that is not, the
// smallest sum, and what must stay as it was.
#include "base/money.h"
#include "order/facts.h"
#include "order/quarrel_test_support.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using namespace test;
using enum RefusalCode;
using terms::Moment;
using terms::Number;

Life escalated() {
    auto life = disputed();
    REQUIRE(life.ask(Party::platform, day6, Escalate{first}).has_value());
    return life;
}

const OpenDispute about_lamps{.lines = {{{1}, 2}}};
const OpenDispute about_shade{.lines = {{{2}, 1}}};

Life disputed_twice(const terms::Terms& terms = opening()) {
    auto life = disputed(terms, about_lamps);
    REQUIRE(life.ask(Party::buyer, day6, about_shade).has_value());
    return life;
}

Plan keep(Minor amount) { return {.then = {Remedy::partial_refund_keep, amount}}; }

MakeOffer offer(Minor amount, DisputeNo dispute = first) {
    return {.dispute = dispute, .plan = keep(amount)};
}

Decide decision(Minor amount) {
    return {first,
            {{Remedy::partial_refund_keep, amount}, Party::buyer, {VerdictCode::item_damaged}}};
}

// 2 lamps and a shade as elsewhere, with 3.00 tax and a fee of 2.00: 110.00.
Placement taxed() {
    auto placement = lamps();
    placement.tax = 300;
    placement.fee = 200;
    return placement;
}

bool yes(const Decision& decision) { return decision.has_value(); }

}  // namespace

TEST_CASE("an order at the edge of what makes sense is placed") {
    constexpr Minor most = ::holdfast::Money::max_minor / 4;
    const Rules rules{.terms = &marketplace()};
    const auto place = [&](auto change) {
        auto placement = lamps();
        placement.shipping = 0;
        change(placement);
        return decide({}, rules, {Party::platform, Place{std::move(placement)}}, noon).has_value();
    };
    const auto price = [](Minor amount) {
        return std::vector{PlacedLine{.sku = "gem", .quantity = 1, .unit_price = amount}};
    };
    CHECK(place([](auto& p) { p.lines.resize(1000, p.lines[0]); }));
    CHECK(place([&](auto& p) { p.lines = price(most); }));
    CHECK_FALSE(place([&](auto& p) {
        p.lines = price(most);
        p.shipping = 1;
    }));
    CHECK_FALSE(place([&](auto& p) {
        p.lines = price(most);
        p.lines.push_back(p.lines[0]);
    }));
    const auto last = parse_day("2999-12-31").value();
    CHECK(place([&](auto& p) { p.promised_by = last; }));
    CHECK_FALSE(place([&](auto& p) { p.promised_by = last + std::chrono::days{1}; }));
    CHECK_FALSE(place([&](auto& p) { p.promised_by = Instant{std::chrono::days{400'000}}; }));
    CHECK_FALSE(place([](auto& p) {  // no multiple of the price is in the range
        p.lines[0].quantity = 1 << 30;
        p.lines[0].unit_price = 1LL << 35;
    }));
    CHECK(place([&](auto& p) { p.lines = price(1); }));
    CHECK(place([](auto& p) { p.commission_basis_points = 0; }));
    CHECK(place([](auto& p) { p.commission_basis_points = 10'000; }));
}

TEST_CASE("days: the most, the least, and whose they are before how many") {
    auto life = shipped(silence());
    CHECK(yes(life.ask(Party::seller, day6, Extend{1})));
    CHECK(life.order.promised_by == When(noon + days{31}));
    CHECK(yes(life.ask(Party::seller, day6, Extend{3650})));
    CHECK(code(life.ask(Party::buyer, day6, Extend{-3650})) == wrong_role);
    CHECK(code(life.ask(Party::buyer, day6, Extend{-3651})) == malformed);
    CHECK(yes(life.ask(Party::buyer, day6, RequestExtension{1})));

    auto placement = lamps();
    placement.promised_by = When(Day{std::chrono::year{2026} / 2 / 4});
    auto by_day = shipped(silence(), placement);
    REQUIRE(yes(by_day.ask(Party::seller, day6, Extend{10})));
    CHECK(by_day.order.promised_by == When(Day{std::chrono::year{2026} / 2 / 14}));

    placement.promised_by = When(parse_day("2999-12-30").value());
    auto far = shipped(silence(), placement);
    CHECK(code(far.ask(Party::seller, day6, Extend{2})) == malformed);
    CHECK(yes(far.ask(Party::seller, day6, Extend{1})));

    placement.promised_by = {};
    auto unpromised = shipped(silence(), placement);
    CHECK(code(unpromised.ask(Party::seller, day6, Extend{10})) == malformed);
    auto by_terms = shipped(marketplace(), placement);
    REQUIRE(yes(by_terms.ask(Party::seller, day6, Extend{10})));
    CHECK(by_terms.order.promised_by == When(noon + days{1 + 30 + 10}));
    // A promise that was given counts, whatever the right's own end.
    const auto timed = little(right("E", "seller", "extend", "closes = \"paid + 9d\"\n"));
    auto promised = shipped(timed);
    REQUIRE(yes(promised.ask(Party::seller, day6, Extend{10})));
    CHECK(promised.order.promised_by == When(noon + days{40}));
}

TEST_CASE("who asks the seller to cancel, and who is told no") {
    const auto cancelled = [](const terms::Terms& terms, Party by, Placement placement = lamps()) {
        Life life(terms, std::move(placement));
        life.paid();
        const auto decision = life.ask(by, day6, Cancel{});
        return std::pair{decision.has_value(), life.count("cancel_requested")};
    };
    const auto barred =
        little("[[limit]]\nid = \"L\"\nbars = [\"cancel_order\"]\nsays = \"excluded\"\n");
    CHECK(cancelled(barred, Party::seller) == std::pair{false, 0UZ});
    CHECK(cancelled(barred, Party::buyer) == std::pair{true, 1UZ});
    const auto timed = little(right("C", "buyer", "cancel_order", "closes = \"paid + 1d\"\n"));
    CHECK(cancelled(timed, Party::buyer) == std::pair{false, 0UZ});
    auto custom = lamps();
    custom.item_marks = {"custom_made"};
    CHECK(cancelled(marketplace(), Party::buyer, custom) == std::pair{true, 1UZ});

    Life twice(silence());
    twice.paid();
    REQUIRE(yes(twice.ask(Party::buyer, day6, Cancel{})));
    CHECK(twice.ask(Party::buyer, day6 + hours{1}, Cancel{})->empty());
    REQUIRE(yes(twice.ask(Party::seller, day6 + days{1}, Cancel{})));
    CHECK(twice.order.cancel->answered == day6 + days{1});

    Life declined(silence());
    declined.paid();
    REQUIRE(yes(declined.ask(Party::buyer, day6, Cancel{})));
    REQUIRE(yes(declined.ask(Party::seller, day6, DeclineCancel{})));
    REQUIRE(yes(declined.ask(Party::seller, day6 + days{1}, Cancel{})));
    CHECK(declined.order.cancel->answered == day6);
    CHECK(code(declined.ask(Party::seller, day6 + days{2}, Refund{})) == order_over);
}

TEST_CASE("a line of which some was cancelled has no more than the rest") {
    Life life(silence());
    life.paid();
    REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.lines = {{{1}, 1}}, .tracking = "LX1"})));
    REQUIRE(yes(life.ask(Party::seller, day6, Cancel{})));
    CHECK(code(life.ask(Party::seller, day6, Refund{.lines = {{{1}, 2}}})) == quantity_too_large);
    CHECK(yes(life.ask(Party::seller, day6, Refund{.lines = {{{1}, 1}}})));
}

TEST_CASE("the smallest and the largest sum that a request may name") {
    CHECK(yes(shipped().ask(Party::seller, day6, Refund{.amount = 1})));
    CHECK(yes(shipped().ask(Party::seller, day6, Refund{.amount = 10500})));
    CHECK(disputed(opening(), {.amount = 1}).order.dispute(first).requested == 1);
    CHECK(disputed(opening(), {.amount = 10500}).order.dispute(first).requested == 10500);
    CHECK(yes(disputed().ask(Party::seller, day6, offer(1))));
    CHECK(yes(disputed().ask(Party::seller, day6, offer(10500))));
    CHECK(yes(escalated().ask(Party::platform, day6, decision(10500))));

    auto all_but_one = shipped();
    REQUIRE(yes(all_but_one.ask(Party::seller, day6, Refund{.amount = 10499})));
    auto all = all_but_one;
    CHECK(yes(all_but_one.ask(Party::buyer, day6, OpenDispute{})));
    CHECK(all_but_one.order.dispute(first).requested == 1);
    REQUIRE(yes(all.ask(Party::seller, day6, Refund{.amount = 1})));
    CHECK(code(all.ask(Party::buyer, day6, OpenDispute{})) == nothing_refundable);
    CHECK(code(all.ask(Party::seller, day6, Refund{})) == nothing_refundable);
}

TEST_CASE("compensation: who pays it, up to its cap, and what is left of that") {
    auto life = shipped(marketplace());
    REQUIRE(yes(life.ask(Party::platform, day6, Compensate{.amount = 100})));
    CHECK(life.order.money.advanced_by_guarantee == 100);
    CHECK(life.order.money.advanced_by_seller == 0);
    REQUIRE(yes(life.ask(Party::seller, day6, Compensate{.amount = 1900})));
    CHECK(life.order.money.advanced_by_seller == 1900);
    CHECK(life.order.money.advanced_by_guarantee == 100);
    const auto more = life.ask(Party::seller, day6, Compensate{.amount = 101});
    CHECK(code(more) == amount_exceeds);
    CHECK(more.error().limit == 100);
    CHECK(yes(life.ask(Party::seller, day6, Compensate{.amount = 100})));
    CHECK(yes(life.ask(Party::seller, day6, PromiseGift{"cable", {}})));
    CHECK(code(shipped(silence()).ask(Party::seller, day6, Compensate{.amount = 1})) ==
          amount_exceeds);

    // What an offer gives as a credit has the same cap; money has its own.
    Life open(marketplace());
    open.paid().shipped().delivered(noon + days{5});
    REQUIRE(yes(open.ask(Party::buyer, day6, OpenDispute{.reason = Reason::damaged})));
    for (const auto remedy : {Remedy::credit, Remedy::coupon}) {
        const auto refused =
            open.ask(Party::seller, day6, MakeOffer{first, {.then = {remedy, 2101}}});
        CHECK(code(refused) == amount_exceeds);
        CHECK(refused.error().limit == 2100);
        CHECK(code(open.ask(Party::seller, day6, MakeOffer{first, {.then = {remedy, 0}}})) ==
              malformed);
        CHECK(yes(open.ask(Party::seller, day6, MakeOffer{first, {.then = {remedy, 2100}}})));
    }
}

TEST_CASE("a chargeback is answered before its due date, while it is open") {
    const auto charged = [](std::optional<Instant> due) {
        auto life = shipped();
        REQUIRE(yes(life.see(day6, SeeChargeback{.amount = 500, .evidence_due = due})));
        return life;
    };
    const AnswerChargeback answer{{1}, {}};
    CHECK(yes(charged({}).ask(Party::seller, day6, answer)));
    CHECK(
        yes(charged(day6 + days{2}).ask(Party::seller, day6 + days{2} - milliseconds{1}, answer)));
    for (const auto state : {ChargebackState::won, ChargebackState::lost}) {
        auto life = charged({});
        REQUIRE(yes(life.see(day6, SeeChargebackResolved{{1}, state})));
        CHECK(code(life.ask(Party::seller, day6, answer)) == evidence_not_in_time);
    }
}

TEST_CASE("goods that came after the refund: settled once, and kept when nobody may ask for them") {
    const auto arrived = [] {
        auto life = shipped(marketplace());
        REQUIRE(yes(life.ask(Party::seller, day6, Refund{})));
        life.delivered(noon + days{7});
        REQUIRE(life.order.arrivals.size() == 1);
        return life;
    };
    auto kept = arrived();
    CHECK(code(kept.ask(Party::buyer, noon + days{37} - milliseconds{1},
                        SettleArrival{{1}, ArrivalChoice::keep})) == remedy_not_offered);
    CHECK(yes(kept.ask(Party::buyer, noon + days{37}, SettleArrival{{1}, ArrivalChoice::keep})));
    auto paid = arrived();
    REQUIRE(yes(paid.ask(Party::buyer, day6 + days{2}, SettleArrival{{1}, ArrivalChoice::pay})));
    CHECK(code(paid.ask(Party::buyer, day6 + days{2},
                        SettleArrival{{1}, ArrivalChoice::send_back})) == no_arrival);

    Life apart(silence());
    apart.paid();
    REQUIRE(yes(apart.see(noon + days{1}, SeeShipped{.lines = {{{1}, 2}}, .tracking = "A"})));
    REQUIRE(yes(apart.see(noon + days{1}, SeeShipped{.tracking = "B"})));
    REQUIRE(yes(apart.ask(Party::seller, day6, Refund{})));
    for (const std::uint16_t no : {std::uint16_t{1}, std::uint16_t{2}})
        REQUIRE(yes(apart.see(day6 + days{1}, SeeScan{{no}, ScanKind::delivered})));
    REQUIRE(apart.order.arrivals.size() == 2);
    CHECK(apart.order.arrivals[0].value == 9000);
    CHECK(apart.order.arrivals[1].value == 1000);
    REQUIRE(yes(apart.ask(Party::buyer, day6 + days{2}, SettleArrival{{2}, ArrivalChoice::pay})));
    CHECK_FALSE(apart.order.arrivals[0].choice);
    CHECK(apart.order.arrivals[1].choice == ArrivalChoice::pay);
}

TEST_CASE("goods are in one dispute at a time") {
    auto life = disputed(opening(), about_lamps);
    CHECK(code(life.ask(Party::buyer, day6, OpenDispute{})) == lines_in_dispute);
    CHECK(yes(life.ask(Party::buyer, day6, about_shade)));
    REQUIRE(yes(life.ask(Party::buyer, day6, WithdrawDispute{first})));
    CHECK(yes(life.ask(Party::buyer, day6, about_lamps)));
}

TEST_CASE("what a changed dispute keeps") {
    auto life = disputed(opening(), {.wanted = Remedy::partial_refund_keep, .amount = 2000});
    CHECK(life.order.dispute(first).wanted == Remedy::partial_refund_keep);
    REQUIRE(yes(
        life.ask(Party::buyer, day6, ModifyDispute{.dispute = first, .reason = Reason::damaged})));
    CHECK(life.order.dispute(first).wanted == Remedy::partial_refund_keep);
    CHECK(life.order.dispute(first).requested == 2000);
    REQUIRE(yes(life.ask(Party::seller, day6, Refund{.amount = 9000})));
    REQUIRE(yes(life.ask(Party::buyer, day6,
                         ModifyDispute{.dispute = first, .wanted = Remedy::full_refund})));
    CHECK(life.order.dispute(first).wanted == Remedy::full_refund);
    CHECK(life.order.dispute(first).requested == 1500);
}

TEST_CASE("a limit bars another reason that no right speaks of") {
    const auto terms =
        little(right("O", "buyer", "open_dispute") +
               "[[limit]]\nid = \"L\"\nbars = [\"change_reason\"]\nsays = \"excluded\"\n");
    auto life = disputed(terms);
    const auto refused =
        life.ask(Party::buyer, day6, ModifyDispute{.dispute = first, .reason = Reason::damaged});
    CHECK(code(refused) == not_granted);
    CHECK(clause(life, refused) == "L");
}

TEST_CASE("a limit that is the first clause bars as well") {
    const auto terms = little("[[limit]]\nid = \"L\"\nbars = [\"respond\"]\nsays = \"excluded\"\n" +
                              right("O", "buyer", "open_dispute"));
    auto life = disputed(terms);
    const auto refused = life.ask(Party::seller, day6, Respond{first});
    CHECK(code(refused) == not_granted);
    CHECK(clause(life, refused) == "L");
}

TEST_CASE("terms may ask for what the request says") {
    struct Row {
        const char* condition;
        OpenDispute refused, granted;
    };
    const Row rows[] = {
        {"request has evidence", {}, {.has_evidence = true}},
        {"request.amount <= 100", {.amount = 101}, {.amount = 100}},
        {"request.reason in damaged", {}, {.reason = Reason::damaged}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.condition);
        const auto terms = little(right("O", "buyer", "open_dispute",
                                        "when = [\"" + std::string(row.condition) + "\"]\n"));
        CHECK(code(shipped(terms).ask(Party::buyer, day6, row.refused)) == not_granted);
        CHECK(yes(shipped(terms).ask(Party::buyer, day6, row.granted)));
    }
}

TEST_CASE("the parties go on talking before the platform") {
    CHECK(yes(escalated().ask(Party::seller, day6, Respond{first})));
    CHECK(yes(escalated().ask(Party::seller, day6, offer(500))));
}

TEST_CASE("offers: whose stays open, and until when") {
    auto life = disputed_twice();
    const auto state = [&](std::uint16_t no) { return life.order.offer({no}).state; };
    REQUIRE(yes(life.ask(Party::buyer, day6, offer(2000))));
    CHECK_FALSE(life.order.dispute(first).answered);
    REQUIRE(yes(life.ask(Party::seller, day6, offer(500))));
    CHECK(life.order.dispute(first).answered == day6);
    REQUIRE(yes(life.ask(Party::seller, day6, offer(100, second))));
    REQUIRE(yes(life.ask(Party::buyer, day6, DeclineOffer{{2}})));
    CHECK(life.count("dispute_answered") == 0);  // a no by the buyer is no answer of the seller
    REQUIRE(yes(life.ask(Party::seller, day6, offer(600))));
    CHECK(state(1) == OfferState::open);      // the buyer's
    CHECK(state(2) == OfferState::declined);  // for good
    CHECK(state(3) == OfferState::open);      // about other goods
    REQUIRE(yes(life.ask(Party::seller, day6, offer(700))));
    CHECK(state(4) == OfferState::replaced);
    REQUIRE(yes(life.ask(Party::buyer, day6, AcceptOffer{{5}})));
    CHECK_FALSE(life.order.dispute(first).sleeping);
    CHECK(life.order.dispute(first).refunded == 700);
    CHECK(state(1) == OfferState::replaced);
    CHECK(state(2) == OfferState::declined);
    CHECK(state(3) == OfferState::open);

    auto timed = disputed();
    REQUIRE(yes(timed.ask(Party::seller, day6, MakeOffer{first, keep(500), day6 + hours{1}})));
    CHECK(yes(timed.ask(Party::buyer, day6 + hours{1} - milliseconds{1}, AcceptOffer{{1}})));
}

TEST_CASE("an offer that waits for the goods is accepted before they are due") {
    const auto sleeper = [](Life life) {
        auto plan = keep(500);
        plan.arrives_by = day6 + days{1};
        plan.otherwise = {Remedy::full_refund, 0};
        REQUIRE(yes(life.ask(Party::seller, day6, MakeOffer{first, plan})));
        return life;
    };
    CHECK(code(sleeper(disputed()).ask(Party::buyer, day6 + days{1}, AcceptOffer{{1}})) ==
          due_in_past);
    auto asleep = sleeper(disputed());
    REQUIRE(yes(asleep.ask(Party::buyer, day6 + days{1} - milliseconds{1}, AcceptOffer{{1}})));
    CHECK(asleep.order.dispute(first).phase == DisputePhase::sleeping);
    CHECK(code(asleep.ask(Party::platform, day6 + days{1} - milliseconds{1}, Escalate{first})) ==
          not_negotiating);
    // Goods that are late do not wake what waited for them in time.
    auto late = asleep;
    REQUIRE(yes(late.see(day6 + days{1}, SeeScan{{1}, ScanKind::delivered})));
    CHECK(late.count("settlement_woke") == 0);
    late.pass(day6 + days{2});
    CHECK(late.count("settlement_woke") == 1);
    CHECK(late.order.money.refunded == 10500);

    auto came = disputed();
    came.delivered(day6);
    came = sleeper(came);
    REQUIRE(yes(came.ask(Party::buyer, day6, AcceptOffer{{1}})));
    CHECK(came.order.money.refunded == 500);
    CHECK(came.order.dispute(first).is_closed());
    CHECK(came.order.dispute(first).accepted == day6);
    CHECK_FALSE(came.order.dispute(first).modified);
}

// --- What an event leaves in the order

TEST_CASE("paid is when the sum was there, and stays so") {
    Life life(silence());
    REQUIRE(yes(life.see(noon, SeeCaptured{.amount = 500})));
    CHECK_FALSE(life.order.paid);
    REQUIRE(yes(life.see(noon + hours{1}, SeeAuthorised{.amount = 10000})));
    CHECK(life.order.paid == noon + hours{1});
    REQUIRE(yes(life.see(noon + hours{2}, SeeCaptured{.amount = 4000})));
    CHECK(life.order.money.authorised == 6000);
    REQUIRE(yes(life.see(noon + hours{3}, SeeCaptured{.amount = 6000})));
    CHECK(life.order.money.authorised == 0);
    CHECK(life.order.paid == noon + hours{1});
    REQUIRE(yes(life.see(noon + hours{4}, SeeAuthorised{.amount = 1})));
    REQUIRE(yes(life.see(noon + hours{5}, SeeAuthorisationEnded{})));
    CHECK(life.order.money.authorised == 0);
    CHECK(life.order.paid == noon + hours{1});  // it was captured
    CHECK_FALSE(life.order.payment_lost);
    CHECK(life.order.instructions.empty());

    Life over(silence());
    REQUIRE(yes(over.see(noon, SeeAuthorised{.amount = 10500})));
    REQUIRE(yes(over.ask(Party::platform, noon + hours{1}, Cancel{})));
    CHECK(over.order.money.authorised == 0);
    CHECK(over.order.paid == noon);
    REQUIRE(over.order.instructions.size() == 1);
    CHECK(over.order.instructions[0].kind == InstructionKind::void_authorisation);
    CHECK(over.order.instructions[0].amount == 10500);
}

TEST_CASE("what was paid beyond the total goes back, and is no refund of what was bought") {
    Life life(silence(), taxed());
    REQUIRE(yes(life.see(noon, SeeCaptured{.amount = 11001})));
    CHECK(life.order.money.refunded == 1);
    CHECK_FALSE(life.order.refunded_at);
    CHECK(life.order.money.held == 11000);
    REQUIRE(yes(life.ask(Party::seller, noon, Refund{.lines = {{{1}, 1}}})));
    CHECK(life.order.refunded_at == noon);
    // Of 5.00, 3.00 and 2.00 the part that a lamp has in the goods, rounded down together.
    CHECK(life.order.lines[0].refunded == 4500);
    CHECK(life.order.shipping_refunded == 225);
    CHECK(life.order.tax_refunded == 135);
    CHECK(life.order.fee_refunded == 90);
    REQUIRE(yes(life.ask(Party::seller, noon, Refund{})));
    CHECK(life.order.shipping_refunded == 500);
    CHECK(life.order.tax_refunded == 300);
    CHECK(life.order.fee_refunded == 200);
    CHECK(life.order.money.refunded == 11001);
    CHECK(placed_total_of(life.order) == 11000);
}

TEST_CASE("a replacement is shipped and delivered by its own parcel's word") {
    auto life = disputed();
    REQUIRE(yes(life.ask(Party::seller, day6, MakeOffer{first, {.then = {Remedy::replacement}}})));
    CHECK(code(life.see(day6, SeeShipped{.tracking = "R", .replaces = first})) == unknown_dispute);
    REQUIRE(yes(life.ask(Party::buyer, day6, AcceptOffer{{1}})));
    REQUIRE(yes(life.see(day6, SeeShipped{.tracking = "R", .replaces = first})));
    CHECK(life.order.dispute(first).replacement_shipped == day6);
    REQUIRE(yes(life.see(day6 + days{1}, SeeScan{{2}, ScanKind::moving})));
    CHECK_FALSE(life.order.dispute(first).replacement_delivered);
    REQUIRE(yes(life.see(day6 + days{2}, SeeScan{{1}, ScanKind::delivered})));
    CHECK_FALSE(life.order.dispute(first).replacement_delivered);
    CHECK_FALSE(life.order.dispute(first).is_closed());
    REQUIRE(yes(life.see(day6 + days{3}, SeeScan{{2}, ScanKind::delivered_signed})));
    CHECK(life.order.dispute(first).replacement_delivered == day6 + days{3});
    CHECK(life.order.dispute(first).closed == day6);  // when it was agreed
    CHECK(life.order.arrivals.empty());
}

TEST_CASE("a scan is taken back by its kind, the newest that stands") {
    auto life = shipped();
    for (int day = 2; day < 5; ++day)
        REQUIRE(yes(life.see(noon + days{day}, SeeScan{{1}, ScanKind::moving})));
    REQUIRE(yes(life.see(day6, SeeScan{{1}, ScanKind::customs})));
    const auto withdrawn = [&] {
        std::vector<bool> all;
        for (const auto& scan : life.order.shipments[0].scans) all.push_back(scan.withdrawn);
        return all;
    };
    REQUIRE(yes(life.see(day6, SeeScanWithdrawn{{1}, ScanKind::moving})));
    CHECK(withdrawn() == std::vector{false, false, true, false});
    REQUIRE(yes(life.see(day6, SeeScanWithdrawn{{1}, ScanKind::moving})));
    CHECK(withdrawn() == std::vector{false, true, true, false});
    REQUIRE(yes(life.see(day6, SeeScanWithdrawn{{1}, ScanKind::customs})));
    CHECK(life.see(day6, SeeScanWithdrawn{{1}, ScanKind::customs})->empty());
    CHECK(tracking_of(life.order, life.rules, all_lines(life.order), day6) == "in_transit");
}

TEST_CASE("a dispute that is withdrawn was not closed by anybody") {
    auto life = disputed();
    REQUIRE(yes(life.ask(Party::buyer, day6, WithdrawDispute{first})));
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.dispute(first).withdrawn == day6);
    CHECK_FALSE(life.order.dispute(first).closed);
}

TEST_CASE("evidence lapses for whom it was asked of, when it was due") {
    auto life = escalated();
    const auto ask = [&](Party of, Instant due) {
        REQUIRE(yes(life.ask(Party::platform, day6, RequestEvidence{first, of, due})));
    };
    ask(Party::buyer, day6 + days{1});
    ask(Party::buyer, day6 + days{2});
    ask(Party::seller, day6 + days{1});
    life.pass(day6 + days{1} + life.rules.grace);
    const auto& asked = life.order.dispute(first).asked;
    CHECK(asked[0].lapsed);
    CHECK_FALSE(asked[1].lapsed);
    CHECK(asked[2].lapsed);
    CHECK(life.count("evidence_lapsed") == 2);
    REQUIRE(yes(
        life.ask(Party::buyer, day6 + days{2} - hours{1}, SubmitEvidence{first, "photo", Hash{}})));
    CHECK_FALSE(asked[0].answered);
    CHECK(asked[1].answered);
}

TEST_CASE("a return that is there was sent, at the latest then") {
    const auto returning = [] {
        auto life = disputed();
        REQUIRE(yes(life.ask(Party::seller, day6,
                             MakeOffer{first, {.then = {Remedy::return_for_full_refund}}})));
        REQUIRE(yes(life.ask(Party::buyer, day6, AcceptOffer{{1}})));
        return life;
    };
    auto told = returning();
    REQUIRE(yes(told.ask(Party::buyer, day6 + days{1}, SendReturn{first, "RT1"})));
    REQUIRE(yes(told.see(day6 + days{3}, SeeReturnDelivered{first})));
    CHECK(told.order.dispute(first).back->sent == day6 + days{1});
    CHECK(told.see(day6 + days{4}, SeeReturnDelivered{first})->empty());
    auto untold = returning();
    REQUIRE(yes(untold.see(day6 + days{3}, SeeReturnDelivered{first})));
    CHECK(untold.order.dispute(first).back->sent == day6 + days{3});
    CHECK(code(disputed().see(day6, SeeReturnDelivered{first})) == unknown_dispute);
}

TEST_CASE("a chargeback that is won gives back what it took, the guarantee's part to it") {
    auto life = shipped();
    const auto now = [&](Event event) {
        evolve(life.order, {life.order.last_at, life.order.last_at, std::move(event)});
    };
    now(Released{.gross = 9500, .commission = 950});
    now(ChargebackOpened{.chargeback = {1},
                         .amount = 10500,
                         .from_held = 1000,
                         .from_seller = 8100,
                         .commission = 900,
                         .from_guarantee = 500});
    CHECK(life.order.money.gross == 500);
    now(ChargebackResolved{{1}, ChargebackState::won});
    CHECK(life.order.money.held == 10000);
    CHECK(life.order.money.advanced_by_guarantee == 0);
    CHECK(life.order.money.charged_back == 0);
}

TEST_CASE("what another platform granted adds up, for a dispute that is linked to it") {
    auto life = disputed_twice();
    REQUIRE(yes(life.ask(Party::seller, day6, LinkUpstream{first, "a", "1"})));
    REQUIRE(yes(life.see(day6, SeeUpstreamGranted{first, 300})));
    REQUIRE(yes(life.see(day6, SeeUpstreamGranted{first, 1})));
    CHECK(life.order.dispute(first).upstream_granted == 301);
    CHECK(code(life.see(day6, SeeUpstreamGranted{first, 0})) == malformed);
    CHECK(code(life.see(day6, SeeUpstreamGranted{second, 1})) == unknown_dispute);
}

// --- What is seen

TEST_CASE("what is seen: the smallest and the largest sum, once, and in its quantity") {
    constexpr Minor most = ::holdfast::Money::max_minor / 4;
    Life life(silence());
    CHECK(life.see(noon, SeeAuthorisationEnded{})->empty());
    CHECK(yes(life.see(noon, SeeAuthorised{.amount = 1})));
    CHECK(yes(life.see(noon, SeeAuthorisationEnded{})));
    CHECK(life.order.money.authorised == 0);
    CHECK(yes(life.see(noon, SeeAuthorised{.amount = most})));
    CHECK(code(life.see(noon, SeeAuthorised{.amount = most + 1})) == malformed);

    auto paid = shipped(silence());
    CHECK(code(paid.see(day6, SeeChargeback{.amount = 0})) == malformed);
    CHECK(code(paid.see(day6, SeeChargeback{.amount = 10501})) == malformed);
    REQUIRE(yes(paid.see(day6, SeeChargeback{.amount = 10000})));
    CHECK(code(paid.see(day6, SeeChargeback{.amount = 501})) == malformed);
    CHECK(yes(paid.see(day6, SeeChargeback{.amount = 500})));
    for (const auto state : {ChargebackState::won, ChargebackState::lost})
        CHECK(yes(paid.see(day6, SeeChargebackResolved{{1}, state})));
    CHECK(paid.order.chargebacks[0].state == ChargebackState::won);

    Life parcels(silence());
    parcels.paid();
    const SeeShipped lamp{.lines = {{{1}, 1}}};
    CHECK(code(parcels.see(day6, SeeShipped{.lines = {{{1}, 3}}})) == quantity_too_large);
    REQUIRE(yes(parcels.see(day6, lamp)));
    CHECK(parcels.see(day6, lamp)->empty());  // no number: by when and what
    CHECK(code(parcels.see(day6 + hours{1}, SeeShipped{.lines = {{{1}, 2}}})) ==
          quantity_too_large);
    REQUIRE(yes(parcels.see(day6, SeeShipped{.lines = {{{2}, 1}}})));
    REQUIRE(yes(parcels.see(day6 + hours{1}, lamp)));
    CHECK(parcels.order.shipments.size() == 3);
    CHECK(code(parcels.see(day6 + hours{2}, lamp)) == quantity_too_large);
    CHECK(code(parcels.see(day6 + hours{2}, SeeShipped{})) == nothing_unshipped);
    const SeeScan moving{{1}, ScanKind::moving};
    REQUIRE(yes(parcels.see(day6 + hours{3}, moving)));
    REQUIRE(yes(parcels.see(day6 + hours{4}, moving)));
    REQUIRE(yes(parcels.see(day6 + hours{4}, SeeScan{{1}, ScanKind::customs})));
    CHECK(parcels.order.shipments[0].scans.size() == 3);

    Life cancelled(silence());
    cancelled.paid();
    REQUIRE(yes(cancelled.ask(Party::platform, day6, Cancel{})));
    CHECK(code(cancelled.see(day6, lamp)) == nothing_unshipped);

    auto failed = shipped(silence());
    REQUIRE(yes(failed.ask(Party::seller, day6, Refund{.amount = 5})));
    REQUIRE(yes(failed.see(day6, SeeInstruction{{1}, InstructionState::failed})));
    CHECK(failed.see(day6, SeeInstruction{{1}, InstructionState::failed})->empty());
    CHECK(yes(failed.see(day6, SeeInstruction{{1}, InstructionState::succeeded})));
}

TEST_CASE("goods that come after their refund are told where nobody had said that they came") {
    struct Row {
        const char* name;
        std::optional<OpenDispute> dispute;
        std::optional<Settlement> settled;
        Refund refund;
        Minor value;
    };
    const Settlement full{Remedy::full_refund, 0};
    const auto about = [](Reason reason) { return OpenDispute{.reason = reason}; };
    const Refund none{.lines = {{{2}, 1}}, .amount = 1};  // of other goods
    const Row rows[] = {
        {"all of it, without a dispute", {}, {}, {}, 10000},
        {"all but a unit of the lamps, without a dispute", {}, {}, {.amount = 10499}, 1000},
        {"a dispute that it did not come", OpenDispute{}, full, none, 10000},
        {"a part, by such a dispute", OpenDispute{}, Settlement{Remedy::partial_refund_keep, 1000},
         none, 953},
        {"a dispute about its state", about(Reason::damaged), full, none, 0},
        {"a dispute that it is late", about(Reason::late), full, none, 10000},
        {"a dispute about other goods", OpenDispute{.lines = {{{2}, 1}}, .reason = Reason::damaged},
         Settlement{}, Refund{}, 9000},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = shipped();
        if (row.dispute) {
            REQUIRE(yes(life.ask(Party::buyer, day6, *row.dispute)));
            REQUIRE(yes(life.ask(Party::seller, day6, MakeOffer{first, {.then = *row.settled}})));
            REQUIRE(yes(life.ask(Party::buyer, day6, AcceptOffer{{1}})));
        }
        (void)life.ask(Party::seller, day6, row.refund);
        // Delivered before the money went back: nothing came after it.
        auto before = life;
        REQUIRE(
            yes(before.see(day6 + days{1}, day6 - hours{1}, SeeScan{{1}, ScanKind::delivered})));
        CHECK(before.order.arrivals.empty());
        life.delivered(day6);
        CHECK(life.order.arrivals.size() == (row.value > 0 ? 1 : 0));
        if (!life.order.arrivals.empty()) CHECK(life.order.arrivals[0].value == row.value);
        const auto arrivals = life.order.arrivals;
        REQUIRE(yes(life.see(day6 + days{1}, SeeScan{{1}, ScanKind::delivered_signed})));
        CHECK(life.order.arrivals == arrivals);  // told once
    }
}

// --- What is asked

TEST_CASE("facts of several parcels: the first, the last, and when the last was seen") {
    const auto seen = [](Life& life, int day, int when, Seen what) {
        REQUIRE(yes(life.see(noon + days{day}, noon + days{when}, std::move(what))));
    };
    // Parcel A went first and was told of last, so that neither order is the order of the list.
    for (const bool turned : {false, true}) {
        CAPTURE(turned);
        Life life(silence());
        life.paid();
        const SeeShipped lamps_parcel{.lines = {{{1}, 2}}, .tracking = "A"};
        const SeeShipped shade_parcel{.lines = {{{2}, 1}}, .tracking = "B"};
        const auto facts = [&](Lines lines = {}) {
            return facts_of(life.order, life.rules, {.lines = std::move(lines)},
                            life.order.last_at);
        };
        const auto when = [&](Moment moment) { return facts().at(moment); };
        const auto sight = [&](Moment moment) { return facts().known(moment).seen_at; };
        const auto at_day = [](int day) { return noon + days{day}; };
        if (turned) {
            seen(life, 4, 3, shade_parcel);
            CHECK_FALSE(when(Moment::shipped_last).known());
            seen(life, 5, 2, lamps_parcel);
        } else {
            seen(life, 4, 2, lamps_parcel);
            CHECK_FALSE(when(Moment::shipped_last).known());
            seen(life, 5, 3, shade_parcel);
        }
        CHECK(when(Moment::shipped_first) == When(at_day(2)));
        CHECK(when(Moment::shipped_last) == When(at_day(3)));
        CHECK(when(Moment::shipped_all) == When(at_day(3)));
        CHECK(sight(Moment::shipped_first) == at_day(5));
        CHECK(facts({{{1}, 2}}).at(Moment::shipped_last) == When(at_day(2)));

        const ShipmentNo a{turned ? std::uint16_t{2} : std::uint16_t{1}};
        const ShipmentNo b{turned ? std::uint16_t{1} : std::uint16_t{2}};
        seen(life, 10, 9, SeeScan{a, ScanKind::moving});
        seen(life, 11, 7, SeeScan{b, ScanKind::moving});
        seen(life, 12, 8, SeeScan{a, ScanKind::out_for_delivery});
        CHECK(when(Moment::scanned_first) == When(at_day(7)));
        CHECK(when(Moment::scanned_last) == When(at_day(9)));
        CHECK(sight(Moment::scanned_last) == at_day(12));
        CHECK_FALSE(when(Moment::delivered_first).known());
        CHECK(tracking_of(life.order, life.rules, {{{1}, 2}}, at_day(12)) == "in_transit");

        seen(life, 14, 13, SeeScan{b, ScanKind::delivered});
        CHECK(when(Moment::delivered_first) == When(at_day(13)));
        CHECK_FALSE(when(Moment::delivered_all).known());
        seen(life, 16, 12, SeeScan{a, ScanKind::delivered_signed});
        CHECK(when(Moment::delivered_first) == When(at_day(12)));
        CHECK(when(Moment::delivered_last) == When(at_day(13)));
        CHECK(when(Moment::delivered_all) == When(at_day(13)));
        CHECK(sight(Moment::delivered_all) == at_day(16));
        seen(life, 18, 11, SeeScan{a, ScanKind::delivered});  // earlier, by another word
        CHECK(when(Moment::delivered_first) == When(at_day(11)));
        CHECK(sight(Moment::delivered_first) == at_day(18));
        seen(life, 19, 19, SeeScanWithdrawn{a, ScanKind::delivered});
        CHECK(when(Moment::delivered_first) == When(at_day(12)));
        CHECK(sight(Moment::delivered_first) == at_day(16));
        seen(life, 20, 20, SeeScanWithdrawn{a, ScanKind::delivered_signed});
        CHECK_FALSE(when(Moment::delivered_all).known());
        CHECK(when(Moment::delivered_first) == When(at_day(13)));
        CHECK(when(Moment::scanned_last) == When(at_day(13)));
    }
}

TEST_CASE("the word of a parcel, silent or not") {
    const auto word = [](std::vector<ScanKind> scans, Instant at, const char* tracking = "LX1") {
        Life life(marketplace());  // silent after 30 days
        life.paid();
        REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.tracking = tracking})));
        for (const auto kind : scans) REQUIRE(yes(life.see(noon + days{2}, SeeScan{{1}, kind})));
        return std::string(tracking_of(life.order, life.rules, all_lines(life.order), at).view());
    };
    const auto silent = noon + days{32};
    const auto before = silent - milliseconds{1};
    using enum ScanKind;
    CHECK(word({}, before, "") == "no_tracking");
    CHECK(word({}, before) == "label_only");
    CHECK(word({moving}, before) == "in_transit");
    CHECK(word({moving}, silent) == "silent");
    CHECK(word({out_for_delivery}, before) == "out_for_delivery");
    CHECK(word({out_for_delivery}, silent) == "silent");
    CHECK(word({customs}, silent) == "held_by_customs");
    CHECK(word({delivered}, silent) == "delivered");
    CHECK(word({moving, lost}, before) == "lost_in_transit");  // the later word of one instant
}

TEST_CASE("facts of what was placed, paid, cancelled and refunded") {
    auto placement = taxed();
    placement.ship_by = When(noon + days{3});
    Life life(silence(), placement);
    const auto facts = [&](Lines lines = {}) {
        return facts_of(life.order, life.rules, {.lines = std::move(lines)}, life.order.last_at);
    };
    CHECK(facts().at(Moment::promised_by) == When(noon + days{30}));
    CHECK(facts().at(Moment::ship_by) == When(noon + days{3}));
    CHECK_FALSE(facts().at(Moment::cancel_requested).known());
    CHECK_FALSE(facts().at(Moment::paid).known());
    REQUIRE(yes(life.see(noon, SeeCaptured{.amount = 11000})));
    CHECK(facts().at(Moment::paid) == When(noon));
    REQUIRE(yes(life.ask(Party::buyer, noon + hours{1}, Cancel{})));
    CHECK(facts().at(Moment::cancel_requested) == When(noon + hours{1}));
    CHECK_FALSE(facts().at(Moment::cancel_answered).known());
    CHECK_FALSE(facts().at(Moment::chargeback).known());
    REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.lines = {{{1}, 1}, {{2}, 1}}})));
    CHECK(facts().number(Number::refunded_amount).value_or(0) == 0);
    REQUIRE(yes(life.ask(Party::platform, day6, Cancel{})));  // the other lamp
    CHECK(facts().number(Number::refunded_amount).value_or(0) == 0);
    CHECK_FALSE(facts().at(Moment::refunded).known());
    REQUIRE(yes(life.ask(Party::seller, day6, Refund{.lines = {{{1}, 1}}, .amount = 1})));
    CHECK(facts().number(Number::refunded_amount) == 1);
    CHECK(facts().at(Moment::refunded) == When(day6));
    CHECK(facts({{{2}, 1}}).number(Number::refunded_amount).value_or(0) == 0);
    CHECK(facts({{{2}, 1}}).number(Number::item) == 1000);
    CHECK(facts({{{2}, 1}}).number(Number::shipping) == 50);
    REQUIRE(yes(life.see(day6, SeeChargeback{.amount = 5})));
    CHECK(facts().at(Moment::chargeback) == When(day6));

    Life whole(silence());
    whole.paid();
    REQUIRE(yes(whole.ask(Party::platform, day6, Cancel{})));
    CHECK(facts_of(whole.order, whole.rules, {}, day6).number(Number::refunded_amount) == 10000);
}

TEST_CASE(
    "facts of a dispute: the one that runs, else the newest, and what was asked and offered") {
    auto life = disputed_twice();
    const auto facts = [&](Scope scope) {
        return facts_of(life.order, life.rules, scope, life.order.last_at);
    };
    const Scope of_first{.dispute = first};
    const auto asked_for = [&](Lines lines) {
        return facts({.lines = std::move(lines)}).number(Number::requested);
    };
    CHECK(asked_for({{{1}, 1}}) == 9450);
    CHECK(asked_for({{{2}, 1}}) == 1050);
    CHECK(asked_for({}) == 1050);  // the newest of those that run
    CHECK(facts({}).number(Number::disputes) == 2);
    CHECK(facts(of_first).number(Number::disputes) == 1);
    REQUIRE(yes(life.ask(Party::buyer, day6, WithdrawDispute{second})));
    CHECK(asked_for({}) == 9450);
    CHECK_FALSE(facts({.dispute = second}).at(Moment::dispute_closed).known());

    CHECK_FALSE(facts(of_first).number(Number::offered));
    REQUIRE(yes(life.ask(Party::seller, day6, offer(500))));
    CHECK(facts(of_first).number(Number::offered) == 500);
    REQUIRE(yes(life.ask(Party::buyer, day6, DeclineOffer{{1}})));
    CHECK_FALSE(facts(of_first).number(Number::offered));
    CHECK_FALSE(facts(of_first).number(Number::accepted));

    REQUIRE(yes(life.ask(Party::platform, day6, Escalate{first})));
    const auto ask = [&](Party of, Instant due) {
        REQUIRE(
            yes(life.ask(Party::platform, life.order.last_at, RequestEvidence{first, of, due})));
    };
    ask(Party::buyer, day6 + days{1});
    CHECK_FALSE(facts(of_first).at(Moment::asked).known());
    ask(Party::seller, day6 + days{1});
    CHECK(facts(of_first).at(Moment::asked) == When(day6));
    auto answered = life;
    REQUIRE(yes(answered.ask(Party::seller, day6, SubmitEvidence{first, "photo", Hash{}})));
    CHECK_FALSE(facts_of(answered.order, life.rules, of_first, day6).at(Moment::asked).known());
    life.pass(day6 + days{1} + life.rules.grace);
    CHECK_FALSE(facts(of_first).at(Moment::asked).known());

    CHECK_FALSE(facts(of_first).number(Number::decided_amount));
    REQUIRE(yes(life.ask(Party::platform, day6 + days{2}, decision(700))));
    CHECK(facts(of_first).number(Number::decided_amount) == 700);
    CHECK(facts(of_first).at(Moment::dispute_closed) == When(day6 + days{2}));
    CHECK(asked_for({{{1}, 1}}) == 9450);

    auto accepted = disputed();
    REQUIRE(yes(accepted.ask(Party::seller, day6, offer(500))));
    REQUIRE(yes(accepted.ask(Party::buyer, day6, AcceptOffer{{1}})));
    CHECK(facts_of(accepted.order, accepted.rules, of_first, day6).number(Number::accepted) == 500);
}

// --- What happens by itself

TEST_CASE("a default is a dispute's by its stage or by who is waited for") {
    const auto strikes = [](const std::string& condition) {
        const auto terms =
            little(right("O", "buyer", "open_dispute") + "[[default]]\nid = \"D\"\n" + condition +
                   "at = \"paid + 1d\"\nthen = { do = \"escalate\" }\n");
        Life life(terms);
        life.paid();
        return next_deadline(life.order, life.rules).has_value();
    };
    CHECK(strikes(""));
    for (const auto* stage : {"negotiating", "escalated", "decided", "appealed"}) {
        CAPTURE(stage);
        CHECK_FALSE(strikes("in = [\"" + std::string(stage) + "\"]\n"));
    }
    CHECK(strikes("in = [\"paid\"]\n"));
    for (const auto* who : {"seller", "buyer", "platform", "buyer_return", "seller_return"}) {
        CAPTURE(who);
        CHECK_FALSE(strikes("waits_for = \"" + std::string(who) + "\"\n"));
    }
}

TEST_CASE("notice is given from the newest sight of any parcel's scan") {
    auto terms = little(
        "[[default]]\nid = \"D\"\nwhen = [\"tracking not in delivered\"]\n"
        "at = \"shipped(first) + 20d\"\nthen = { do = \"complete\" }\n");
    terms.notice = Duration{days{5}};
    Life life(terms);
    life.paid();
    REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.lines = {{{1}, 2}}, .tracking = "A"})));
    REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.tracking = "B"})));
    const auto legal = [&] { return next_deadline(life.order, life.rules)->legal_at; };
    CHECK(legal() == noon + days{21});
    REQUIRE(yes(life.see(noon + days{17}, SeeScan{{2}, ScanKind::moving})));
    CHECK(legal() == noon + days{22});
    REQUIRE(yes(life.see(noon + days{19}, SeeScan{{1}, ScanKind::moving})));
    CHECK(legal() == noon + days{24});
    REQUIRE(yes(life.see(noon + days{20}, SeeScan{{1}, ScanKind::moving})));
    CHECK(legal() == noon + days{25});
}

TEST_CASE("a default strikes once for each dispute, and again when its moment has moved") {
    const auto of_dispute = little(right("O", "buyer", "open_dispute") +
                                   "[[default]]\nid = \"D\"\nin = [\"negotiating\"]\n"
                                   "at = \"dispute.opened + 1d\"\nthen = { do = \"escalate\" }\n");
    auto two = disputed_twice(of_dispute);
    two.pass(day6 + days{2});
    CHECK(two.order.dispute(first).phase == DisputePhase::escalated);
    CHECK(two.order.dispute(second).phase == DisputePhase::escalated);

    const auto of_order =
        little("[[default]]\nid = \"D\"\nat = \"extended + 1d\"\nthen = { do = \"credit\" }\n");
    auto life = shipped(of_order);
    for (const int day : {6, 10}) {
        REQUIRE(yes(life.ask(Party::seller, noon + days{day}, Extend{1})));
        life.pass(noon + days{day + 3});
    }
    CHECK(life.count("default_struck") == 2);
}

TEST_CASE("what time does to money that was only authorised, and to offers that stand") {
    auto life = disputed();
    REQUIRE(yes(life.ask(Party::seller, day6, MakeOffer{first, keep(5), day6 + days{1}})));
    REQUIRE(next_deadline(life.order, life.rules));
    REQUIRE(yes(life.ask(Party::buyer, day6, DeclineOffer{{1}})));
    CHECK_FALSE(next_deadline(life.order, life.rules));
    REQUIRE(yes(life.ask(Party::seller, day6, offer(6))));
    CHECK_FALSE(next_deadline(life.order, life.rules));

    Life authorised(silence());
    REQUIRE(yes(authorised.see(noon, SeeAuthorised{.amount = 1})));
    CHECK_FALSE(next_deadline(authorised.order, authorised.rules));
    REQUIRE(yes(authorised.see(noon, SeeAuthorised{.amount = 1, .until = noon + days{2}})));
    CHECK(next_deadline(authorised.order, authorised.rules)->legal_at == noon + days{2});
    REQUIRE(yes(authorised.see(noon, SeeCaptured{.amount = 1})));
    CHECK(authorised.order.money.authorised == 1);
    CHECK(next_deadline(authorised.order, authorised.rules)->legal_at == noon + days{2});
    REQUIRE(yes(authorised.see(noon, SeeCaptured{.amount = 1})));
    CHECK_FALSE(next_deadline(authorised.order, authorised.rules));

    auto asked = escalated();
    REQUIRE(yes(
        asked.ask(Party::platform, day6, RequestEvidence{first, Party::buyer, noon + days{9}})));
    REQUIRE(yes(asked.ask(Party::platform, day6, decision(10))));
    CHECK(asked.order.dispute(first).is_closed());
    CHECK_FALSE(next_deadline(asked.order, asked.rules));
}

TEST_CASE("an outage ends after the order was placed, and before now") {
    auto life = shipped(silence());
    const terms::Outage at_placing{noon - days{1}, noon};
    const terms::Outage just_after{noon - days{1}, noon + milliseconds{1}};
    life.pass(day6, {at_placing});
    CHECK(life.order.outages.empty());
    life.pass(day6, {just_after});
    CHECK(life.order.outages.size() == 1);
    const terms::Outage running{noon + days{7}, noon + days{8}};
    life.pass(running.until - milliseconds{1}, {running});
    CHECK(life.order.outages.size() == 1);
    life.pass(running.until, {running});
    CHECK(life.order.outages.size() == 2);
}

TEST_CASE("a default is carried out before an outage only if its grace was over when that began") {
    const auto terms =
        little("[[default]]\nid = \"D\"\nat = \"paid + 1d\"\nthen = { do = \"complete\" }\n");
    const auto carried_out = noon + std::chrono::minutes{1} + days{1};
    const auto first_event = [&](Instant from) {
        Life life(terms);
        life.paid().shipped();
        const auto before = life.events.size();
        life.pass(from + days{9}, {{from, from + days{2}}});
        return std::string(name_of(life.events.at(before).event));
    };
    const auto grace = Rules{}.grace;
    REQUIRE(grace > Duration{0});
    CHECK(first_event(carried_out + grace) == "default_struck");
    CHECK(first_event(carried_out + grace - milliseconds{1}) == "outage_given_back");
}

TEST_CASE("nothing happens by itself to an order that is not placed") {
    const Rules rules{.terms = &marketplace()};
    const terms::Outage outage{noon, noon + days{1}};
    CHECK(catch_up({}, rules, noon + days{99}, {&outage, 1}).empty());
    CHECK(deadlines({}, rules).empty());
}

// --- Money

TEST_CASE("what an order comes to, with all that was added to the goods") {
    Life life(silence(), taxed());
    CHECK(total_of(life.order) == 11000);
    CHECK(placed_total_of(life.order) == 11000);
    REQUIRE(yes(life.see(noon, SeeCaptured{.amount = 11000})));
    CHECK(refundable(life.order, placed_lines(life.order)) == 11000);
    CHECK(refundable(life.order, {{{1}, 1}}) == 4500 + 225 + 135 + 90);
    REQUIRE(yes(life.ask(Party::seller, noon, Refund{.lines = {{{2}, 1}}})));
    CHECK(life.order.money.refunded == 1000 + 50 + 30 + 20);
    CHECK(refundable(life.order, placed_lines(life.order)) == 9900);
    CHECK(refundable(life.order, {{{2}, 1}}) == 0);
    CHECK(refundable(life.order, {{{1}, 2}}) == 9900);

    const auto one = apart(life.order, {{{1}, 2}}, 1);
    CHECK(one.goods == std::vector<std::pair<LineNo, Minor>>{{{1}, 1}});
    CHECK(one.excess == 0);
    const auto beyond = apart(life.order, {{{1}, 2}}, 9901);
    CHECK(beyond.excess == 1);
    CHECK(beyond.shipping == 450);
    CHECK(beyond.tax == 270);
    CHECK(beyond.fee == 180);
    const auto only_excess = apart(life.order, {{{2}, 1}}, 7);
    CHECK(only_excess.excess == 7);
    CHECK(only_excess.goods.empty());
    // A line of which nothing is left has no part in it.
    const auto both = apart(life.order, {{{1}, 2}, {{2}, 1}}, 9900);
    CHECK(both.goods == std::vector<std::pair<LineNo, Minor>>{{{1}, 9000}});
}

TEST_CASE("what disputes keep back is theirs") {
    auto life = disputed_twice();
    CHECK(bound(life.order) == 10500);
    CHECK(free_to_release(life.order) == 0);
    CHECK(bound(life.order, {{{1}, 2}}) == 1050);
    CHECK(bound(life.order, {{{2}, 1}}) == 9450);
    REQUIRE(yes(life.ask(Party::buyer, day6, WithdrawDispute{first})));
    CHECK(bound(life.order) == 1050);
    CHECK(free_to_release(life.order) == 9450);
}

TEST_CASE("where a refund comes from: what it may take of the held, the seller, the rest, others") {
    const auto order = [](std::vector<Event> events) {
        auto life = shipped();
        for (auto& event : events)
            evolve(life.order, {life.order.last_at, life.order.last_at, std::move(event)});
        return life.order;
    };
    const auto most_released = order({Released{.gross = 9000, .commission = 900}});
    struct Row {
        Minor amount, may_take;
        Sources expected;
    };
    const Row rows[] = {
        {1000, 1500, {.held = 1000}},
        {1500, 1500, {.held = 1500}},
        {1501, 1500, {.held = 1500, .seller = 1}},
        {1510, 1500, {.held = 1500, .seller = 9, .commission = 1}},
        {1000, 0, {.seller = 900, .commission = 100}},
        {9700, 600, {.held = 700, .seller = 8100, .commission = 900}},
        {10500, 0, {.held = 1500, .seller = 8100, .commission = 900}},
        {10600, 200, {.held = 1500, .seller = 8100, .commission = 900, .guarantee = 100}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.amount);
        CAPTURE(row.may_take);
        const auto from = sources_for(most_released, row.amount, row.may_take);
        CHECK(from.held == row.expected.held);
        CHECK(from.seller == row.expected.seller);
        CHECK(from.commission == row.expected.commission);
        CHECK(from.guarantee == row.expected.guarantee);
    }
}

TEST_CASE("a return brings what was agreed, as far as that can go back") {
    auto life = disputed();
    REQUIRE(yes(life.ask(Party::seller, day6,
                         MakeOffer{first, {.then = {Remedy::return_for_full_refund, 4000}}})));
    REQUIRE(yes(life.ask(Party::buyer, day6, AcceptOffer{{1}})));
    CHECK(return_due(life.order, first) == 4000);
    REQUIRE(yes(life.ask(Party::seller, day6, Refund{.amount = 9000})));
    CHECK(return_due(life.order, first) == 1500);
}

// --- Settling up

TEST_CASE("an order that is spent is over, unless something may still come") {
    const auto spent = [](auto before) {
        auto life = shipped(silence());
        before(life);
        REQUIRE(yes(life.ask(Party::seller, day6, Refund{})));
        return life.order.completed.has_value();
    };
    CHECK(spent([](Life&) {}));
    CHECK_FALSE(
        spent([](Life& life) { REQUIRE(yes(life.see(day6, SeeAuthorised{.amount = 1}))); }));
    for (const bool answered : {false, true}) {
        CAPTURE(answered);
        CHECK_FALSE(spent([&](Life& life) {
            REQUIRE(yes(life.see(day6, SeeChargeback{.amount = 500})));
            if (answered) REQUIRE(yes(life.ask(Party::seller, day6, AnswerChargeback{{1}, {}})));
        }));
    }
    CHECK(spent([](Life& life) {
        REQUIRE(yes(life.see(day6, SeeChargeback{.amount = 500})));
        REQUIRE(yes(life.see(day6, SeeChargebackResolved{{1}, ChargebackState::lost})));
    }));
    // Nothing was paid, or not all: what is due may still come.
    Life unpaid(silence());
    REQUIRE(yes(unpaid.see(noon, SeeAuthorised{.amount = 5})));
    CHECK_FALSE(unpaid.order.is_over());
    Life part(silence());
    REQUIRE(yes(part.see(noon, SeeCaptured{.amount = 500})));
    REQUIRE(yes(part.ask(Party::seller, noon, Refund{})));
    CHECK_FALSE(part.order.is_over());
    auto open = disputed();
    REQUIRE(yes(open.ask(Party::seller, day6, Refund{})));
    CHECK_FALSE(open.order.is_over());
}

TEST_CASE("what is cancelled in part was never shipped") {
    Life life(silence());
    life.paid();
    REQUIRE(yes(life.see(noon + days{1}, SeeShipped{.lines = {{{1}, 2}, {{2}, 1}}})));
    CHECK(code(life.ask(Party::platform, day6, Cancel{})) == nothing_unshipped);
    Life part(silence());
    part.paid();
    REQUIRE(yes(part.see(noon + days{1}, SeeShipped{.lines = {{{1}, 2}}})));
    REQUIRE(yes(part.ask(Party::platform, day6, Cancel{})));
    CHECK_FALSE(part.order.cancelled);
    CHECK(part.order.money.refunded == 1050);
    CHECK(part.order.lines[1].cancelled == 1);
    Life whole(silence());
    whole.paid();
    REQUIRE(yes(whole.ask(Party::platform, day6, Cancel{})));
    CHECK(whole.order.cancelled == day6);
    CHECK(whole.order.money.refunded == 10500);
    CHECK(whole.count("cancelled") == 1);
}

TEST_CASE("money that comes for an order that is over") {
    Life life(silence());
    REQUIRE(yes(life.ask(Party::platform, noon, Cancel{})));
    REQUIRE(yes(life.see(noon + days{1}, SeeCaptured{.amount = 1})));
    CHECK(life.order.money.refunded == 1);
    CHECK(life.order.money.held == 0);
    REQUIRE(yes(life.see(noon + days{1}, SeeAuthorised{.amount = 1})));
    CHECK(life.order.money.authorised == 0);
    CHECK(life.count("authorisation_ended") == 1);

    // Where it never was here, all that comes goes on to the seller at once.
    auto placement = lamps();
    placement.custody = Custody::with_seller;
    Life outside(silence(), placement);
    REQUIRE(yes(outside.see(noon, SeeCaptured{.amount = 1})));
    CHECK(outside.order.money.released == 1);
    CHECK(outside.order.money.fees == 0);

    // Completed: the commission of the whole, in whatever parts it came.
    auto confirmed = shipped(silence());
    REQUIRE(yes(confirmed.ask(Party::buyer, day6, ConfirmReceipt{})));
    CHECK(confirmed.order.money.fees == 1050);
    REQUIRE(yes(confirmed.see(day6, SeeCaptured{.amount = 1})));
    CHECK(confirmed.order.money.released == 9451);
    CHECK(confirmed.order.money.fees == 1050);
    REQUIRE(yes(confirmed.see(day6, SeeCaptured{.amount = 9})));
    CHECK(confirmed.order.money.fees == 1051);
}

}  // namespace holdfast::order
