// What is seen and what is known of it: facts of parcels, returns, offers and payments, and what
// an observation does to what waited for it.
#include "base/money.h"
#include "order/facts.h"
#include "order/quarrel_test_support.h"

namespace holdfast::order {
namespace {

using namespace test;
using enum RefusalCode;
using terms::Moment;
using terms::Number;

const OpenDispute about_lamps{.lines = {{{1}, 2}}, .reason = Reason::damaged};
const OpenDispute about_shade{.lines = {{{2}, 1}}, .reason = Reason::damaged};

Life settled(const terms::Terms& terms, OpenDispute open, const Plan& plan) {
    auto life = disputed(terms, std::move(open));
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, plan}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    return life;
}

terms::Facts facts(const Life& life, Scope scope = {}) {
    return facts_of(life.order, life.rules, scope, life.order.last_at);
}
std::string tracking(const Life& life) {
    return std::string(
        tracking_of(life.order, life.rules, all_lines(life.order), life.order.last_at).view());
}

void see(Life& life, Instant now, Seen what) {
    REQUIRE(life.see(now, std::move(what)).has_value());
}

}  // namespace

TEST_CASE("a replacement's parcel says nothing of the sale's own") {
    auto life = settled(opening(), {}, {.then = {Remedy::replacement, 0}});
    see(life, day6,
        SeeShipped{.tracking = "LX1", .replaces = first});  // the carrier's number again
    REQUIRE(life.order.shipments.size() == 2);
    see(life, day6 + days{1}, SeeScan{{2}, ScanKind::lost});
    CHECK(tracking(life) == "label_only");
    CHECK_FALSE(facts(life).at(Moment::scanned_first).known());
}

TEST_CASE("a delivery counts from its first scan, whichever was told first") {
    struct Row {
        const char* name;
        std::vector<std::pair<int, ScanKind>> scans;  // days, as they are told
        int delivered_day;
        const char* word;
    };
    using enum ScanKind;
    const Row rows[] = {
        {"in order", {{7, delivered}, {8, delivered_signed}}, 7, "delivered"},
        {"the later one first", {{8, delivered_signed}, {7, delivered}}, 7, "delivered"},
        {"two at one instant", {{7, delivered}, {7, delivered_signed}}, 7, "delivered"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = shipped();
        for (const auto& [day, kind] : row.scans)
            REQUIRE(life.see(noon + days{9}, noon + days{day}, SeeScan{{1}, kind}).has_value());
        CHECK(facts(life).at(Moment::delivered_first) == When(noon + days{row.delivered_day}));
        CHECK(tracking(life) == row.word);
    }
}

TEST_CASE("a scan that was taken back is no first and no last") {
    auto life = shipped();
    see(life, noon + days{2}, SeeScan{{1}, ScanKind::moving});
    see(life, noon + days{3}, SeeScan{{1}, ScanKind::out_for_delivery});
    see(life, noon + days{4}, SeeScan{{1}, ScanKind::customs});
    see(life, day6, SeeScanWithdrawn{{1}, ScanKind::moving});
    see(life, day6, SeeScanWithdrawn{{1}, ScanKind::customs});
    CHECK(facts(life).at(Moment::scanned_first) == When(noon + days{3}));
    CHECK(facts(life).at(Moment::scanned_last) == When(noon + days{3}));
    CHECK(facts(life).known(Moment::scanned_last).seen_at == noon + days{3});
}

TEST_CASE("where a part is not shipped, not all is delivered") {
    Life life(opening());
    life.paid();
    see(life, noon + days{1}, SeeShipped{.lines = {{{1}, 2}}, .tracking = "A"});
    see(life, noon + days{5}, SeeScan{{1}, ScanKind::delivered});
    CHECK(facts(life).at(Moment::delivered_first) == When(noon + days{5}));
    CHECK_FALSE(facts(life).at(Moment::delivered_all).known());
    CHECK_FALSE(delivered_all(life.order, all_lines(life.order)));
    CHECK(delivered_all(life.order, {{{1}, 2}}));
}

TEST_CASE("a return that was settled without the seller's word counts as received when it was") {
    const auto terms = little(
        right("O", "buyer", "open_dispute") +
        "[[default]]\nid = \"A\"\nat = \"return.delivered + 5d\"\nthen = { do = \"refund\" }\n"
        "[[default]]\nid = \"B\"\nwaits_for = \"buyer_return\"\nat = \"return.agreed + 14d\"\n"
        "then = { do = \"cancel_return\" }\n");
    const auto agreed =
        settled(terms, {.reason = Reason::damaged}, {.then = {Remedy::return_for_full_refund, 0}});
    const auto received = [](const Life& life) {
        CHECK(life.order.dispute(first).is_closed());
        return facts(life, {.dispute = first}).at(Moment::return_received);
    };
    auto silent = agreed;
    REQUIRE(silent.ask(Party::buyer, day6 + days{1}, SendReturn{first, "RT1"}).has_value());
    see(silent, day6 + days{3}, SeeReturnDelivered{first});
    CHECK_FALSE(facts(silent, {.dispute = first}).at(Moment::return_received).known());
    silent.pass(day6 + days{9});
    CHECK(silent.order.money.refunded == 10500);
    CHECK(received(silent) == When(day6 + days{8}));

    auto confirmed = agreed;
    REQUIRE(confirmed.ask(Party::buyer, day6 + days{1}, SendReturn{first, "RT1"}).has_value());
    REQUIRE(confirmed.ask(Party::seller, day6 + days{2}, ReceiveReturn{first}).has_value());
    CHECK(received(confirmed) == When(day6 + days{2}));

    auto never_sent = agreed;
    never_sent.pass(day6 + days{15});
    CHECK_FALSE(received(never_sent).known());
}

TEST_CASE("facts are of the dispute that is asked about, else of the newest about these goods") {
    auto life = disputed(opening(), {.amount = 100});
    REQUIRE(life.ask(Party::buyer, day6, WithdrawDispute{first}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{.amount = 200}).has_value());
    const auto asked_for = [&](Scope scope) {
        return facts(life, scope).number(Number::requested);
    };
    CHECK(asked_for({}) == 200);
    CHECK(asked_for({.dispute = first}) == 100);
    CHECK(asked_for({.dispute = second}) == 200);
    REQUIRE(life.ask(Party::buyer, day6, WithdrawDispute{second}).has_value());
    CHECK(asked_for({}) == 200);  // both are over

    auto two = disputed(opening(), about_lamps);
    REQUIRE(two.ask(Party::buyer, day6, about_shade).has_value());
    const Plan plan{.then = {Remedy::partial_refund_keep, 500}};
    REQUIRE(two.ask(Party::seller, day6, MakeOffer{first, plan}).has_value());
    CHECK(facts(two, {.dispute = first}).number(Number::offered) == 500);
    CHECK_FALSE(facts(two, {.dispute = second}).number(Number::offered));
    CHECK_FALSE(facts(two, {.dispute = second}).at(Moment::offer_made).known());
}

TEST_CASE("what an award that does not hold would have given is no cap") {
    const auto terms =
        little(right("O", "buyer", "open_dispute") +
               "[[award]]\nid = \"C\"\non = \"compensation\"\namount = \"100\"\n"
               "when = [{ if = \"count(disputes) > 0\", else = \"not_eligible\" }]\n");
    const auto before = shipped(terms);
    CHECK_FALSE(compensation_cap(before.order, before.rules, {}, day6));
    const auto after = disputed(terms);
    CHECK(compensation_cap(after.order, after.rules, first, day6) == 100);
}

// --- What an observation does

TEST_CASE("all that comes in stays in the range, captured and authorised together") {
    constexpr Minor quarter = ::holdfast::Money::max_minor / 4;
    Life captured(silence());
    see(captured, noon, SeeCaptured{.amount = quarter});
    see(captured, noon, SeeCaptured{.amount = quarter});
    CHECK(code(captured.see(noon, SeeCaptured{.amount = 2})) == malformed);
    see(captured, noon, SeeCaptured{.amount = 1});
    CHECK(code(captured.see(noon, SeeCaptured{.amount = 1})) == malformed);

    Life both(silence());
    see(both, noon, SeeCaptured{.amount = quarter});
    see(both, noon, SeeAuthorised{.amount = quarter});
    CHECK(code(both.see(noon, SeeAuthorised{.amount = 2})) == malformed);
    CHECK(both.see(noon, SeeAuthorised{.amount = 1}).has_value());
}

TEST_CASE("a parcel is known by its number, else by when it went and what is in it") {
    Life life(silence());
    life.paid();
    const SeeShipped one_lamp{.lines = {{{1}, 1}}};
    see(life, day6, SeeShipped{.lines = {{{1}, 1}}, .tracking = "A"});
    see(life, day6, one_lamp);  // at the same time as one that has a number
    CHECK(life.order.shipments.size() == 2);
    // Of a line that is on its way as a whole nothing is left, whatever follows it in the order.
    CHECK(code(life.see(day6 + hours{1}, one_lamp)) == quantity_too_large);
}

TEST_CASE("goods that come after their refund: what a dispute had said of them") {
    struct Row {
        const char* name;
        Settlement settled;
        Refund refund;
        Minor value;
    };
    const Refund of_a_lamp{.lines = {{{1}, 1}}, .amount = 1000};
    const Refund none{.amount = 0};  // is refused
    const Row rows[] = {
        {"settled for nothing", {}, of_a_lamp, 0},
        {"settled for the least", {Remedy::partial_refund_keep, 1}, none, 1},
        {"not over yet: a replacement is to come", {Remedy::refund_with_replacement, 500}, none, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = settled(opening(), {}, {.then = row.settled});
        (void)life.ask(Party::seller, day6, row.refund);
        life.delivered(day6 + days{1});
        CHECK(life.order.arrivals.size() == (row.value > 0 ? 1 : 0));
        if (row.value > 0) CHECK(life.order.arrivals.at(0).value == row.value);
    }

    // A replacement that comes was not refunded, nor does a scan on its way bring anything.
    auto replaced = settled(opening(), {}, {.then = {Remedy::replacement, 0}});
    see(replaced, day6, SeeShipped{.tracking = "R", .replaces = first});
    REQUIRE(replaced.ask(Party::seller, day6, Refund{}).has_value());
    see(replaced, day6 + days{1}, SeeScan{{1}, ScanKind::moving});
    CHECK(replaced.order.arrivals.empty());
    see(replaced, day6 + days{2}, SeeScan{{2}, ScanKind::delivered});
    CHECK(replaced.order.arrivals.empty());
    CHECK(replaced.order.dispute(first).is_closed());
    // Its dispute is over; another scan does not end it again.
    see(replaced, day6 + days{3}, SeeScan{{1}, ScanKind::delivered});
    CHECK(replaced.count("dispute_closed") == 1);
    CHECK(replaced.order.arrivals.size() == 1);
}

TEST_CASE("a settlement that sleeps wakes when all has come, and as it was agreed") {
    Life life(opening());
    life.paid();
    see(life, noon + days{1}, SeeShipped{.lines = {{{1}, 2}}, .tracking = "A"});
    see(life, noon + days{1}, SeeShipped{.lines = {{{2}, 1}}, .tracking = "B"});
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{}).has_value());
    const auto by = day6 + days{9};
    const Plan plan{.then = {Remedy::partial_refund_keep, 500}, .arrives_by = by};
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, plan}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    see(life, day6 + days{1}, SeeScan{{1}, ScanKind::delivered});
    CHECK(life.order.dispute(first).phase == DisputePhase::sleeping);
    see(life, day6 + days{2}, SeeScan{{2}, ScanKind::delivered});
    CHECK(life.order.dispute(first).is_closed());
    CHECK(life.order.money.refunded == 500);
    CHECK(life.order.dispute(first).accepted == day6);  // it was what they had agreed on
    CHECK_FALSE(life.order.dispute(first).modified);

    auto otherwise = plan;
    otherwise.otherwise = {Remedy::full_refund, 0};
    auto late = settled(opening(), {}, otherwise);
    late.pass(by + days{1});
    CHECK(late.order.money.refunded == 10500);
    CHECK(late.order.dispute(first).accepted == day6);
    CHECK_FALSE(late.order.dispute(first).modified);
}

TEST_CASE("how a processor may name a thing of its own") {
    CHECK_FALSE(is_processor_name(""));
    CHECK(is_processor_name("!"));
    CHECK(is_processor_name("~"));
    CHECK_FALSE(is_processor_name(" "));
    CHECK_FALSE(is_processor_name("\x7f"));
    CHECK(is_processor_name(std::string(255, 'x')));
    CHECK_FALSE(is_processor_name(std::string(256, 'x')));
}

}  // namespace holdfast::order
