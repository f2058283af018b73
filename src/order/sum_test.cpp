// Where money goes when things end: what is taken, what is given back, by which payment, and what
// writes nothing because nothing is left to do.
#include "base/money.h"
#include "order/quarrel_test_support.h"

#include <limits>

namespace holdfast::order {
namespace {

using namespace test;

void see(Life& life, Instant now, Seen what) {
    REQUIRE(life.see(now, std::move(what)).has_value());
}
void ask(Life& life, Party by, Instant now, Request request) {
    REQUIRE(life.ask(by, now, std::move(request)).has_value());
}
void settle_for(Life& life, DisputeNo dispute, Settlement settlement) {
    ask(life, Party::seller, day6, MakeOffer{dispute, {settlement}});
    ask(life, Party::buyer, day6,
        AcceptOffer{{static_cast<std::uint16_t>(life.order.offers.size())}});
}

Placement of(std::vector<PlacedLine> lines) {
    auto placement = lamps();
    placement.lines = std::move(lines);
    placement.shipping = 0;
    return placement;
}

}  // namespace

TEST_CASE("no sums that would leave the range together make an order") {
    const Rules rules{.terms = &silence()};
    auto placement = lamps();
    placement.shipping = placement.tax = std::numeric_limits<Minor>::max();
    const auto decision = decide({}, rules, {Party::platform, Place{placement}}, noon);
    CHECK(code(decision) == RefusalCode::malformed);
}

TEST_CASE("what has moved nothing writes nothing") {
    Life whole(silence());
    whole.paid();
    ask(whole, Party::platform, day6, Cancel{});
    CHECK(whole.count("refund_issued") == 1);
    CHECK(whole.count("released") == 0);  // all of it went back

    auto spent = shipped();
    ask(spent, Party::seller, day6, Refund{});
    CHECK(spent.order.completed == day6);
    CHECK(spent.count("cancelled") == 0);  // all of it is on its way
    CHECK(spent.count("released") == 0);

    auto confirmed = shipped();
    ask(confirmed, Party::buyer, day6, ConfirmReceipt{});
    see(confirmed, day6, SeeScan{{1}, ScanKind::moving});
    CHECK(confirmed.count("released") == 1);

    auto placement = lamps();
    placement.custody = Custody::with_seller;
    Life elsewhere(silence(), placement);
    elsewhere.paid().shipped();
    CHECK(elsewhere.count("released") == 1);
}

TEST_CASE("receipt confirmed: a dispute that is over stays as it ended") {
    auto life = shipped();
    ask(life, Party::buyer, day6, OpenDispute{});
    ask(life, Party::buyer, day6, WithdrawDispute{first});
    ask(life, Party::buyer, day6 + days{1}, ConfirmReceipt{});
    CHECK(life.count("dispute_withdrawn") == 1);
    CHECK(life.order.dispute(first).withdrawn == day6);
}

TEST_CASE("the least sum is a sum") {
    auto part = shipped();
    ask(part, Party::buyer, day6, OpenDispute{});
    settle_for(part, first, {Remedy::partial_refund_keep, 1});
    CHECK(part.order.money.refunded == 1);

    Life whole(opening(), of({{.sku = "pin", .quantity = 1, .unit_price = 1}}));
    see(whole, noon, SeeCaptured{.amount = 1});
    see(whole, noon, SeeShipped{.tracking = "A"});
    ask(whole, Party::seller, day6, Refund{});
    CHECK(whole.order.completed == day6);
}

TEST_CASE("an order of which only a gift is left is not spent while nothing was paid for it") {
    Life life(opening(), of({{.sku = "lamp", .quantity = 1, .unit_price = 4500},
                             {.sku = "gift", .quantity = 1, .unit_price = 0}}));
    see(life, noon, SeeShipped{.lines = {{{2}, 1}}, .tracking = "A"});
    ask(life, Party::platform, day6, Cancel{});
    CHECK(total_of(life.order) == 0);
    CHECK_FALSE(life.order.is_over());
}

TEST_CASE("a refund takes nothing that other disputes keep back") {
    auto life = shipped();
    ask(life, Party::buyer, day6, OpenDispute{.lines = {{{1}, 2}}, .reason = Reason::damaged});
    ask(life, Party::buyer, day6, ConfirmReceipt{});
    CHECK(life.order.money.held == 9450);
    ask(life, Party::buyer, day6, OpenDispute{.lines = {{{2}, 1}}, .reason = Reason::damaged});
    settle_for(life, second, {Remedy::full_refund, 0});
    CHECK(life.order.money.refunded == 1050);
    CHECK(life.order.money.held == 9450);
    CHECK(life.order.money.advanced_by_seller == 945);
    CHECK(life.order.money.fees == 0);
}

TEST_CASE("of a cancelled order: what a dispute waits for, what comes late, what is left") {
    Life life(opening());
    life.paid();
    ask(life, Party::buyer, day6, OpenDispute{});
    ask(life, Party::platform, day6, Cancel{});
    CHECK(life.order.money.refunded == 10500);
    see(life, day6 + days{1}, SeeCaptured{.amount = 7});
    CHECK(life.order.money.held == 7);
    ask(life, Party::buyer, day6 + days{2}, WithdrawDispute{first});
    CHECK(life.order.money.held == 0);
    CHECK(life.order.money.refunded == 10507);

    // Only what is held here can go back by itself.
    auto placement = lamps();
    placement.custody = Custody::with_seller;
    Life elsewhere(silence(), placement);
    elsewhere.paid();
    ask(elsewhere, Party::platform, day6, Cancel{});
    CHECK(elsewhere.order.money.refunded == 10500);
    see(elsewhere, day6, SeeCaptured{.amount = 5});
    CHECK(elsewhere.order.money.refunded == 10500);
    CHECK(elsewhere.order.money.released == 10505);

    // The guarantee had paid a unit in the seller's stead: that unit is the seller's.
    const auto terms =
        little(right("O", "buyer", "open_dispute") +
               "[[award]]\nid = \"F\"\non = \"funding\"\nfunded_by = \"guarantee\"\n");
    Life funded(terms);
    funded.paid();
    ask(funded, Party::buyer, day6, OpenDispute{});
    settle_for(funded, first, {Remedy::partial_refund_keep, 1});
    ask(funded, Party::platform, day6, Cancel{});
    CHECK(funded.order.money.advanced_by_guarantee == 1);
    CHECK(funded.order.money.held == 0);
    CHECK(funded.order.money.released == 1);
}

TEST_CASE("a whole order that is cancelled is refunded at once, whatever was paid") {
    Life life(silence());
    life.paid();
    ask(life, Party::seller, noon + hours{1}, Refund{.amount = 1000});
    see(life, noon + hours{2}, SeeCaptured{.amount = 1000});  // for the second time
    CHECK(life.order.money.held == 10500);
    ask(life, Party::platform, day6, Cancel{});
    CHECK(life.order.money.refunded == 11500);
    CHECK(life.count("refund_issued") == 2);
}

// --- Which payment

TEST_CASE("payments as their processor knows them") {
    Life named(silence());
    see(named, noon, SeeAuthorised{.amount = 100, .reference = "pi_1"});
    see(named, noon, SeeAuthorised{.amount = 10});  // nobody says of which
    REQUIRE(named.order.payments.size() == 1);
    see(named, noon, SeeCaptured{.amount = 60, .reference = "pi_1"});
    CHECK(named.order.payments[0] == ProcessorPayment{"pi_1", 40, 60, 0});
    see(named, noon, SeeCaptured{.amount = 60, .reference = "pi_1"});
    CHECK(named.order.payments[0] == ProcessorPayment{"pi_1", 0, 120, 0});
}

TEST_CASE("a refund goes the way of the first payment that has enough, else of the one with most") {
    struct Row {
        Minor in_first, in_second, refund;
        const char* source;
    };
    const Row rows[] = {
        {5000, 5500, 5000, "pi_1"}, {5000, 5500, 5001, "pi_2"}, {5000, 3000, 6000, "pi_1"},
        {4000, 4000, 5000, "pi_1"}, {3000, 4000, 5000, "pi_2"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.in_first);
        CAPTURE(row.refund);
        Life life(silence());
        see(life, noon, SeeCaptured{.amount = row.in_first, .reference = "pi_1"});
        see(life, noon, SeeCaptured{.amount = row.in_second, .reference = "pi_2"});
        ask(life, Party::platform, noon, Refund{.amount = row.refund});
        CHECK(life.order.instructions.back().source == row.source);
    }
    // One that is repeated goes the way that has enough then.
    Life life(silence());
    see(life, noon, SeeCaptured{.amount = 5000, .reference = "pi_1"});
    see(life, noon, SeeCaptured{.amount = 5500, .reference = "pi_2"});
    ask(life, Party::platform, noon, Refund{.amount = 3000});
    see(life, noon, SeeInstruction{{1}, InstructionState::failed});
    ask(life, Party::platform, noon, Refund{.amount = 4000});
    CHECK(life.order.instructions.back().source == "pi_1");
    ask(life, Party::platform, noon, RepeatInstruction{{1}});
    CHECK(life.order.instructions.back().source == "pi_2");
}

TEST_CASE("what is voided is what stands authorised, and gives nothing back") {
    Life life(silence());
    see(life, noon, SeeAuthorised{.amount = 1, .reference = "pi_1"});
    see(life, noon, SeeAuthorised{.amount = 500, .reference = "pi_2"});
    see(life, noon, SeeCaptured{.amount = 500, .reference = "pi_2"});
    ask(life, Party::platform, noon, Cancel{});
    const auto& voided = life.order.instructions.back();
    CHECK(voided.kind == InstructionKind::void_authorisation);
    CHECK(voided.amount == 1);
    CHECK(voided.source == "pi_1");
    CHECK(life.order.payments[0].given_back == 0);
    CHECK(life.order.payments[1].given_back == 500);

    Life compensated;  // by the shipped terms, of which a cap is part
    see(compensated, noon, SeeCaptured{.amount = 10500, .reference = "pi_1"});
    see(compensated, noon + days{1}, SeeShipped{.tracking = "A"});
    ask(compensated, Party::platform, day6, Compensate{.amount = 100});
    CHECK(compensated.order.instructions.back().source.empty());
    CHECK(compensated.order.payments[0].given_back == 0);
}

}  // namespace holdfast::order
