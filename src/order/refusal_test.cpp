// One row per request and refusal: what stands, who asks for what, and the first thing that is
// wrong.
#include "order/test_support.h"

#include <algorithm>
#include <functional>
#include <span>

namespace holdfast::order {
namespace {

using namespace test;
using enum RefusalCode;

constexpr DisputeNo first{1};
constexpr DisputeNo second{2};
const Instant day6 = noon + days{6};

Life paid() {
    Life life;
    life.paid();
    return life;
}
Life shipped() {
    auto life = paid();
    life.shipped();
    return life;
}
Life delivered() {
    auto life = shipped();
    life.delivered(noon + days{5});
    return life;
}
Life completed() {
    auto life = delivered();
    life.pass(noon + days{20});
    return life;
}
Life disputed() {
    auto life = delivered();
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{.reason = Reason::damaged}).has_value());
    return life;
}
Life offered(std::optional<Instant> expires_at = {}) {
    auto life = disputed();
    REQUIRE(life.ask(Party::seller, day6,
                     MakeOffer{first, {{Remedy::partial_refund_keep, 1000}}, expires_at})
                .has_value());
    return life;
}
Life escalated() {
    auto life = disputed();
    REQUIRE(life.ask(Party::platform, day6, Escalate{first}).has_value());
    return life;
}
Life decided() {
    auto life = escalated();
    REQUIRE(life.ask(Party::platform, day6,
                     Decide{first, {{}, Party::seller, {VerdictCode::as_described}}})
                .has_value());
    return life;
}
Life closed() {
    auto life = disputed();
    REQUIRE(life.ask(Party::buyer, day6, WithdrawDispute{first}).has_value());
    return life;
}
Life returning() {
    auto life = offered();
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {{Remedy::return_for_full_refund, 0}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{2}}).has_value());
    return life;
}
std::vector<Hash> files(std::uint8_t count) {
    std::vector<Hash> all(count);
    for (std::uint8_t i = 0; i < count; ++i) all[i] = {i};
    return all;
}
Life refunded() {
    auto life = shipped();
    REQUIRE(life.ask(Party::seller, day6, Refund{}).has_value());
    return life;
}
Life charged_back() {
    auto life = shipped();
    REQUIRE(
        life.see(day6, SeeChargeback{.amount = 500, .evidence_due = day6 + days{2}}).has_value());
    return life;
}
Life failed() {
    auto life = refunded();
    REQUIRE(life.see(day6, SeeInstruction{{1}, InstructionState::failed}).has_value());
    return life;
}

struct Row {
    const char* name;
    std::function<Life()> given;
    Party by;
    Instant now;
    Request request;
    RefusalCode expected;
};

const Verdict nothing_due{{}, Party::seller, {VerdictCode::as_described}};
const Settlement too_much{Remedy::partial_refund_keep, 10501};

// clang-format off
std::span<const Row> rows() {
    static const Row all[] = {
        {"place twice", paid, Party::platform, day6, Place{lamps()}, already_placed},
        {"cancel, all shipped", shipped, Party::seller, day6, Cancel{}, nothing_unshipped},
        {"cancel, over", completed, Party::buyer, noon + days{21}, Cancel{}, order_over},
        {"cancel, either, over", completed, Party::either, noon + days{21}, Cancel{}, wrong_role},
        {"decline cancel, not asked", paid, Party::seller, day6, DeclineCancel{}, no_cancel_request},
        {"decline cancel, buyer", paid, Party::buyer, day6, DeclineCancel{}, wrong_role},
        {"decline cancel, over", completed, Party::seller, noon + days{21}, DeclineCancel{}, order_over},
        {"ask for no days", shipped, Party::buyer, day6, RequestExtension{0}, malformed},
        {"ask for days, seller", shipped, Party::seller, day6, RequestExtension{1}, wrong_role},
        {"ask for days, over", completed, Party::buyer, noon + days{21}, RequestExtension{1}, order_over},
        {"extend, buyer", shipped, Party::buyer, day6, Extend{1}, wrong_role},
        {"extend, buyer, over", completed, Party::buyer, noon + days{21}, Extend{1}, wrong_role},
        {"extend by an age", shipped, Party::seller, day6, Extend{4000}, malformed},
        {"extend by nothing", shipped, Party::seller, day6, Extend{0}, not_granted},
        {"extend too far", shipped, Party::seller, day6, Extend{31}, not_granted},
        {"extend, too late", shipped, Party::seller, noon + days{30}, Extend{1}, not_granted},
        {"extend, over", completed, Party::seller, noon + days{21}, Extend{1}, order_over},
        {"confirm, nothing sent", paid, Party::buyer, day6, ConfirmReceipt{}, unknown_shipment},
        {"confirm, seller", shipped, Party::seller, day6, ConfirmReceipt{}, wrong_role},
        {"confirm, over", completed, Party::buyer, noon + days{21}, ConfirmReceipt{}, order_over},
        {"dispute, seller", shipped, Party::seller, day6, OpenDispute{}, wrong_role},
        {"dispute, no such line", shipped, Party::buyer, day6, OpenDispute{.lines = {{{3}, 1}}}, unknown_line},
        {"dispute, line 0", shipped, Party::buyer, day6, OpenDispute{.lines = {{{0}, 1}}}, unknown_line},
        {"dispute, line twice", shipped, Party::buyer, day6, OpenDispute{.lines = {{{1}, 1}, {{1}, 1}}}, unknown_line},
        {"dispute, no units", shipped, Party::buyer, day6, OpenDispute{.lines = {{{1}, 0}}}, malformed},
        {"dispute, too many", shipped, Party::buyer, day6, OpenDispute{.lines = {{{1}, 3}}}, quantity_too_large},
        {"dispute for nothing", shipped, Party::buyer, day6, OpenDispute{.amount = 0}, malformed},
        {"dispute too early", shipped, Party::buyer, day6, OpenDispute{}, not_granted},
        {"dispute twice", disputed, Party::buyer, day6, OpenDispute{.reason = Reason::damaged}, not_granted},
        {"dispute, no such remedy", delivered, Party::buyer, day6, OpenDispute{.reason = Reason::damaged, .wanted = Remedy::coupon}, remedy_not_offered},
        {"dispute for too much", delivered, Party::buyer, day6, OpenDispute{.reason = Reason::damaged, .amount = 10501}, amount_exceeds},
        {"dispute for a part, unsaid", delivered, Party::buyer, day6, OpenDispute{.reason = Reason::damaged, .wanted = Remedy::partial_refund_keep}, malformed},
        {"dispute after the refund", refunded, Party::buyer, day6, OpenDispute{.reason = Reason::damaged}, not_granted},
        {"modify, none", delivered, Party::buyer, day6, ModifyDispute{first}, unknown_dispute},
        {"modify to nothing", disputed, Party::buyer, day6, ModifyDispute{.dispute = first, .amount = 0}, malformed},
        {"modify, seller", disputed, Party::seller, day6, ModifyDispute{first}, wrong_role},
        {"modify, escalated", escalated, Party::buyer, day6, ModifyDispute{first}, not_negotiating},
        {"modify, closed", closed, Party::buyer, day6, ModifyDispute{first}, dispute_closed},
        {"modify to too much", disputed, Party::buyer, day6, ModifyDispute{.dispute = first, .amount = 10501}, amount_exceeds},
        {"withdraw, none", delivered, Party::buyer, day6, WithdrawDispute{first}, unknown_dispute},
        {"withdraw, seller", disputed, Party::seller, day6, WithdrawDispute{first}, wrong_role},
        {"withdraw, decided", decided, Party::buyer, day6, WithdrawDispute{first}, not_granted},
        {"withdraw, closed", closed, Party::buyer, day6, WithdrawDispute{first}, dispute_closed},
        {"respond, none", delivered, Party::seller, day6, Respond{first}, unknown_dispute},
        {"respond, buyer", disputed, Party::buyer, day6, Respond{first}, wrong_role},
        {"respond, decided", decided, Party::seller, day6, Respond{first}, not_negotiating},
        {"offer, none", delivered, Party::seller, day6, MakeOffer{first, {}}, unknown_dispute},
        {"offer nothing for something", disputed, Party::seller, day6, MakeOffer{first, {{Remedy::partial_refund_keep, 0}}}, malformed},
        {"offer less than nothing", disputed, Party::seller, day6, MakeOffer{first, {{{}, -1}}}, malformed},
        {"offer nothing, if not there", disputed, Party::seller, day6, MakeOffer{first, {{}, day6 + days{1}, {Remedy::partial_refund_keep, 0}}}, malformed},
        {"offer, platform", disputed, Party::platform, day6, MakeOffer{first, {}}, wrong_role},
        {"offer too much", disputed, Party::seller, day6, MakeOffer{first, {too_much}}, amount_exceeds},
        {"offer until now", disputed, Party::seller, day6, MakeOffer{first, {}, day6}, due_in_past},
        {"offer, arrival now", disputed, Party::seller, day6, MakeOffer{first, {{}, day6}}, due_in_past},
        {"offer, decided", decided, Party::seller, day6, MakeOffer{first, {}}, not_negotiating},
        {"offer, closed", closed, Party::seller, day6, MakeOffer{first, {}}, dispute_closed},
        {"accept, none", disputed, Party::buyer, day6, AcceptOffer{{1}}, unknown_offer},
        {"accept offer 0", [] { return offered(); }, Party::buyer, day6, AcceptOffer{{0}}, unknown_offer},
        {"accept one's own", [] { return offered(); }, Party::seller, day6, AcceptOffer{{1}}, own_offer},
        {"accept at its end", [] { return offered(day6 + hours{1}); }, Party::buyer, day6 + hours{1}, AcceptOffer{{1}}, offer_expired},
        {"accept after its end", [] { return offered(day6 + hours{1}); }, Party::buyer, day6 + hours{2}, AcceptOffer{{1}}, offer_expired},
        {"accept twice", returning, Party::buyer, day6, AcceptOffer{{2}}, offer_not_open},
        {"accept the replaced", returning, Party::buyer, day6, AcceptOffer{{1}}, offer_not_open},
        {"accept, platform", [] { return offered(); }, Party::platform, day6, AcceptOffer{{1}}, wrong_role},
        {"decline one's own", [] { return offered(); }, Party::seller, day6, DeclineOffer{{1}}, own_offer},
        {"decline, none", disputed, Party::buyer, day6, DeclineOffer{{1}}, unknown_offer},
        {"decline twice", returning, Party::buyer, day6, DeclineOffer{{2}}, offer_not_open},
        {"decline, platform", [] { return offered(); }, Party::platform, day6, DeclineOffer{{1}}, wrong_role},
        {"escalate, none", delivered, Party::buyer, day6, Escalate{first}, unknown_dispute},
        {"escalate too early", disputed, Party::buyer, day6, Escalate{first}, not_granted},
        {"escalate twice", escalated, Party::buyer, day6, Escalate{first}, not_negotiating},
        {"escalate, closed", closed, Party::buyer, day6, Escalate{first}, dispute_closed},
        {"ask for evidence, seller", escalated, Party::seller, day6, RequestEvidence{first, Party::buyer, day6 + days{1}}, wrong_role},
        {"ask the platform for evidence", escalated, Party::platform, day6, RequestEvidence{first, Party::platform, day6 + days{1}}, malformed},
        {"ask for evidence, not theirs yet", disputed, Party::platform, day6, RequestEvidence{first, Party::buyer, day6 + days{1}}, not_under_review},
        {"ask for evidence by now", escalated, Party::platform, day6, RequestEvidence{first, Party::buyer, day6}, due_in_past},
        {"evidence of no kind", disputed, Party::buyer, day6, SubmitEvidence{first, {}, {}}, malformed},
        {"evidence, platform", disputed, Party::platform, day6, SubmitEvidence{first, "photo", Hash{}}, wrong_role},
        {"evidence, closed", closed, Party::buyer, day6, SubmitEvidence{first, "photo", Hash{}}, dispute_closed},
        {"decide, buyer", escalated, Party::buyer, day6, Decide{first, nothing_due}, wrong_role},
        {"decide, not theirs yet", disputed, Party::platform, day6, Decide{first, nothing_due}, not_under_review},
        {"decide, none", delivered, Party::platform, day6, Decide{first, nothing_due}, unknown_dispute},
        {"decide, closed", closed, Party::platform, day6, Decide{first, nothing_due}, dispute_closed},
        {"decide less than nothing", escalated, Party::platform, day6, Decide{first, {{Remedy::partial_refund_keep, -1}, Party::buyer, {VerdictCode::item_damaged}}}, malformed},
        {"decide without a reason", escalated, Party::platform, day6, Decide{first, {{}, Party::buyer, {}}}, code_missing},
        {"decide for oneself", escalated, Party::platform, day6, Decide{first, {{}, Party::platform, {VerdictCode::as_described}}}, malformed},
        {"decide too much", escalated, Party::platform, day6, Decide{first, {too_much, Party::buyer, {VerdictCode::item_damaged}}}, amount_exceeds},
        {"decide twice", decided, Party::platform, day6, Decide{first, nothing_due}, not_under_review},
        {"appeal, not decided", escalated, Party::buyer, day6, Appeal{first}, not_under_review},
        {"appeal, none", delivered, Party::buyer, day6, Appeal{first}, unknown_dispute},
        {"appeal, closed", closed, Party::buyer, day6, Appeal{first}, dispute_closed},
        {"appeal with nothing new", decided, Party::buyer, day6, Appeal{first}, not_granted},
        {"appeal, platform", decided, Party::platform, day6, Appeal{first}, wrong_role},
        {"prepare return, buyer", returning, Party::buyer, day6, PrepareReturn{first, {}, "seller"}, wrong_role},
        {"prepare return, none", disputed, Party::seller, day6, PrepareReturn{first, {}, "seller"}, no_return},
        {"send return, no number", returning, Party::buyer, day6, SendReturn{first, {}}, malformed},
        {"send return, none", disputed, Party::buyer, day6, SendReturn{first, "R"}, no_return},
        {"send return, no dispute", delivered, Party::buyer, day6, SendReturn{first, "R"}, unknown_dispute},
        {"send return, seller", returning, Party::seller, day6, SendReturn{first, "R"}, wrong_role},
        {"receive return, not sent", returning, Party::seller, day6, ReceiveReturn{first}, no_return},
        {"contest return, as it was", returning, Party::seller, day6, ContestReturn{first, Condition::as_sent_out}, malformed},
        {"contest return, not sent", returning, Party::seller, day6, ContestReturn{first}, no_return},
        {"refund, buyer", delivered, Party::buyer, day6, Refund{}, wrong_role},
        {"refund nothing", delivered, Party::seller, day6, Refund{.amount = 0}, malformed},
        {"refund too much", delivered, Party::seller, day6, Refund{.amount = 10501}, amount_exceeds},
        {"refund twice", refunded, Party::seller, day6, Refund{}, nothing_refundable},
        {"compensate, buyer", delivered, Party::buyer, day6, Compensate{.amount = 1}, wrong_role},
        {"compensate nothing", delivered, Party::seller, day6, Compensate{.amount = 0}, malformed},
        {"compensate too much", delivered, Party::seller, day6, Compensate{.amount = 2101}, amount_exceeds},
        {"compensate, no such dispute", delivered, Party::seller, day6, Compensate{.dispute = second, .amount = 1}, unknown_dispute},
        {"a message, either side", delivered, Party::either, day6, SendMessage{}, wrong_role},
        {"a message, no such dispute", delivered, Party::buyer, day6, SendMessage{.dispute = first}, unknown_dispute},
        {"a message, files of no dispute", delivered, Party::buyer, day6, SendMessage{.files = {Hash{1}}}, malformed},
        {"a message, a file twice", disputed, Party::buyer, day6, SendMessage{.dispute = first, .files = {Hash{1}, Hash{1}}}, malformed},
        {"a message, too many files", disputed, Party::buyer, day6, SendMessage{.dispute = first, .files = files(11)}, malformed},
        {"a gift of nothing", delivered, Party::seller, day6, PromiseGift{}, malformed},
        {"a gift, buyer", delivered, Party::buyer, day6, PromiseGift{"cable", {}}, wrong_role},
        {"a gift, no such dispute", delivered, Party::seller, day6, PromiseGift{"cable", first}, unknown_dispute},
        {"repeat, none", delivered, Party::platform, day6, RepeatInstruction{{1}}, unknown_instruction},
        {"repeat, pending", refunded, Party::platform, day6, RepeatInstruction{{1}}, not_failed},
        {"repeat, seller", failed, Party::seller, day6, RepeatInstruction{{1}}, wrong_role},
        {"answer chargeback, none", delivered, Party::seller, day6, AnswerChargeback{{1}, {}}, unknown_chargeback},
        {"answer chargeback at its due date", charged_back, Party::seller, day6 + days{2}, AnswerChargeback{{1}, {}}, evidence_not_in_time},
        {"answer chargeback, buyer", charged_back, Party::buyer, day6, AnswerChargeback{{1}, {}}, wrong_role},
        {"link upstream, buyer", disputed, Party::buyer, day6, LinkUpstream{first, "a", "1"}, wrong_role},
        {"link upstream to nothing", disputed, Party::seller, day6, LinkUpstream{first, {}, "1"}, malformed},
        {"link upstream, no number", disputed, Party::seller, day6, LinkUpstream{first, "a", {}}, malformed},
        {"link upstream, no dispute", delivered, Party::seller, day6, LinkUpstream{first, "a", "1"}, unknown_dispute},
        {"settle no arrival", delivered, Party::buyer, day6, SettleArrival{{1}, ArrivalChoice::pay}, no_arrival},
        {"settle arrival, seller", delivered, Party::seller, day6, SettleArrival{{1}, ArrivalChoice::pay}, wrong_role},
        {"at the silent seller's end", disputed, Party::seller, day6 + days{5}, Respond{first}, default_pending},
    };
    return all;
}
// clang-format on

}  // namespace

TEST_CASE("every request and what is wrong with it") {
    for (const auto& row : rows()) {
        CAPTURE(row.name);
        auto life = row.given();
        life.pass(row.now);
        const auto before = life.order;
        const auto decision = life.ask(row.by, row.now, row.request);
        REQUIRE_FALSE(decision.has_value());
        CHECK(to_string(decision.error().code) == to_string(row.expected));
        CHECK(life.order == before);  // a refusal adds nothing
    }
}

TEST_CASE("an order that makes no sense is not placed") {
    Rules rules{.terms = &marketplace()};
    const auto place = [&](Placement placement, Party by = Party::platform) {
        return code(decide({}, rules, {by, Place{std::move(placement)}}, noon));
    };
    const auto with = [](auto change) {
        auto placement = lamps();
        change(placement);
        return placement;
    };
    CHECK(place(lamps(), Party::buyer) == wrong_role);
    CHECK(place(with([](auto& p) { p.lines.clear(); })) == malformed);
    CHECK(place(with([](auto& p) { p.lines[0].quantity = 0; })) == malformed);
    CHECK(place(with([](auto& p) { p.lines[0].unit_price = -1; })) == malformed);
    CHECK(place(with([](auto& p) {
              p.lines[0].quantity = 2'000'000'000;
              p.lines[0].unit_price = 1LL << 40;
          })) == malformed);
    CHECK(place(with([](auto& p) { p.shipping = -1; })) == malformed);
    CHECK(place(with([](auto& p) { p.tax = 1LL << 52; })) == malformed);
    CHECK(place(with([](auto& p) { p.commission_basis_points = 10'001; })) == malformed);
    CHECK(place(with([](auto& p) { p.commission_basis_points = -1; })) == malformed);
    CHECK(place(with([](auto& p) { p.lines.resize(1001, p.lines[0]); })) == malformed);
    CHECK(place(with([](auto& p) {  // each in range, and not their sum
              p.lines[0] = {.sku = "gem", .quantity = 1, .unit_price = 1LL << 50};
              p.lines[1] = p.lines[0];
          })) == malformed);
    CHECK(place(with([](auto& p) {
              p.lines = {{.sku = "free", .quantity = 1, .unit_price = 0}};
              p.shipping = 0;
          })) == malformed);
    CHECK(code(decide({}, rules, {Party::buyer, Cancel{}}, noon)) == not_placed);
    CHECK(code(observe({}, rules, {noon, SeeCaptured{1}}, noon)) == not_placed);
}

TEST_CASE(
    "an observation that names what is not there is refused; the same again changes nothing") {
    auto life = shipped();
    CHECK(code(life.see(day6, SeeCaptured{.amount = 0})) == malformed);
    CHECK(code(life.see(day6, SeeCaptured{.amount = 1LL << 52})) == malformed);
    CHECK(code(life.see(day6, SeeAuthorised{.amount = -1})) == malformed);
    CHECK(code(life.see(day6, SeeCaptured{.amount = 1, .reference = "pi 1"})) == malformed);
    CHECK(code(life.see(day6, SeeAuthorised{.amount = 1, .reference = std::string(256, 'x')})) ==
          malformed);
    CHECK(code(life.see(day6, SeeScan{{2}, ScanKind::moving})) == unknown_shipment);
    CHECK(code(life.see(day6, SeeScanWithdrawn{{0}, ScanKind::moving})) == unknown_shipment);
    CHECK(code(life.see(day6, SeeShipped{.tracking = "LX2"})) == nothing_unshipped);
    CHECK(code(life.see(day6, SeeShipped{.tracking = "R", .replaces = first})) == unknown_dispute);
    CHECK(code(life.see(day6, SeeReturnDelivered{first})) == unknown_dispute);
    CHECK(code(life.see(day6, SeeInstruction{{1}, InstructionState::failed})) ==
          unknown_instruction);
    CHECK(code(life.see(day6, SeeChargeback{.amount = 10501})) == malformed);
    CHECK(code(life.see(day6, SeeChargebackResolved{{1}, ChargebackState::won})) ==
          unknown_chargeback);
    CHECK(code(life.see(day6, SeeUpstreamGranted{first, 1})) == unknown_dispute);

    const auto scan = SeeScan{{1}, ScanKind::moving};
    REQUIRE(life.see(day6, scan).has_value());
    const auto before = life.order;
    CHECK(life.see(day6 + hours{1}, day6, scan)->empty());
    CHECK(life.see(day6, noon + days{1}, SeeShipped{.tracking = "LX1"})->empty());
    CHECK(life.see(day6, SeeScanWithdrawn{{1}, ScanKind::lost})->empty());
    CHECK(life.see(day6, SeeAuthorisationEnded{})->empty());
    CHECK(life.order == before);

    auto back = charged_back();
    CHECK(code(back.see(day6, SeeChargebackResolved{{1}, ChargebackState::open})) == malformed);
    REQUIRE(back.see(day6, SeeChargebackResolved{{1}, ChargebackState::lost}).has_value());
    CHECK(back.see(day6, SeeChargebackResolved{{1}, ChargebackState::won})->empty());

    auto failure = failed();
    CHECK(code(failure.see(day6, SeeInstruction{{1}, InstructionState::pending})) == malformed);
    REQUIRE(failure.ask(Party::platform, day6, RepeatInstruction{{1}}).has_value());
    CHECK(code(failure.ask(Party::platform, day6, RepeatInstruction{{1}})) == not_failed);
    REQUIRE(failure.see(day6, SeeInstruction{{2}, InstructionState::succeeded}).has_value());
    CHECK(failure.see(day6, SeeInstruction{{2}, InstructionState::failed})->empty());
}

TEST_CASE("every refusal has a word and a sentence of its own") {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count_); ++i) {
        const auto one = static_cast<RefusalCode>(i);
        CHECK(std::ranges::find(words, to_string(one)) == words.end());
        words.push_back(to_string(one));
        CHECK(text_of(one).ends_with("."));
    }
}

TEST_CASE("a verdict and an offer say the sum that is paid, or are refused") {
    struct Row {
        const char* name;
        Settlement settlement;
        std::optional<Minor> said;  // none: malformed
    };
    const Row rows[] = {
        {"nothing", {}, 0},
        {"all of it", {Remedy::full_refund}, 10500},
        {"all of it, said", {Remedy::full_refund, 10500}, 10500},
        {"all of it, whatever is said", {Remedy::full_refund, 1}, 10500},
        {"all of it once it is back", {Remedy::return_for_full_refund}, 10500},
        {"a part once it is back", {Remedy::return_for_full_refund, 9000}, 9000},
        {"a part", {Remedy::partial_refund_keep, 4000}, 4000},
        {"a part of nothing", {Remedy::partial_refund_keep, 0}, {}},
        {"a credit of nothing", {Remedy::credit, 0}, {}},
        {"a coupon of nothing", {Remedy::coupon, 0}, {}},
        {"goods anew", {Remedy::replacement}, 0},
        {"goods anew, and a sum", {Remedy::replacement, 1}, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = escalated();
        const auto answer =
            life.ask(Party::platform, day6,
                     Decide{first, {row.settlement, Party::buyer, {VerdictCode::item_damaged}}});
        auto other = disputed();
        const auto offer = other.ask(Party::seller, day6, MakeOffer{first, {row.settlement}});
        if (!row.said) {
            CHECK(code(answer) == malformed);
            CHECK(code(offer) == malformed);
            continue;
        }
        REQUIRE(answer.has_value());
        CHECK(life.order.dispute(first).verdict->settlement.amount == *row.said);
        REQUIRE(offer.has_value());
        CHECK(other.order.offers[0].plan.then.amount == *row.said);
    }
}

}  // namespace holdfast::order
