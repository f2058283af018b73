#include "desk/customer_dispute.h"

#include "desk/test_support.h"
#include "desk/text.h"

namespace holdfast::desk {
namespace {

using namespace test;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;

Movement dispute(std::optional<Instant> answer_by, bool ours = true, State state = State::pending,
                 Kind kind = Kind::dispute) {
    MovementSeen seen;
    seen.system = "stripe";
    seen.reference = "du_1";
    seen.kind = kind;
    seen.state = state;
    seen.amount = usd(94'90);
    seen.answer_by = answer_by;
    seen.our_turn = ours;
    Movement movement;
    evolve(movement, seen, origin("stripe_json"));
    return movement;
}

ServedBy claim(WorkWord word, std::optional<Instant> opens, std::optional<Instant> closes,
               bool is_filed = false) {
    ServedBy purchase{.item = {}, .is_filed = is_filed};
    purchase.item.word = word;
    purchase.item.system = "aliexpress";
    purchase.item.reference = order(104);
    purchase.item.opens_at = opens;
    purchase.item.closes_at = closes;
    purchase.item.next_step = "Open a dispute.";
    return purchase;
}

Sale sale_1051() {
    Sale sale;
    sale.system = "shopify";
    sale.reference = "#1051";
    return sale;
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("customer disputes: a claim and a dispute are acted on by the earlier of their clocks") {
    struct Row {
        std::optional<Instant> answer_by, closes_at;
        std::optional<Instant> act_by;
    };
    const auto soon = now + days{2}, later = now + days{9}, past = now - days{1};
    const Row rows[] = {
        {soon, later, soon},
        {later, soon, soon},
        {past, soon, soon},
        {soon, std::nullopt, soon},
        {past, past, {}},
        {std::nullopt, later, later},
        {now, later, later},  // the instant itself is too late
        {now + std::chrono::milliseconds{1}, later, now + std::chrono::milliseconds{1}},
    };
    for (const auto& row : rows) {
        CAPTURE(&row - rows);
        auto purchase = claim(WorkWord::claim_now, now - days{9}, row.closes_at);
        const auto of_customer = dispute(row.answer_by);
        tell_disputes(purchase, {&of_customer, 1}, now);
        const auto& item = purchase.item;
        REQUIRE(item.disputes.size() == 1);
        CHECK(item.act_by.has_value() == row.act_by.has_value());
        if (row.act_by) CHECK(item.act_by->at == *row.act_by);
        CHECK(holds(item.next_step, "Act by") == row.act_by.has_value());
        const auto sale = sale_1051();
        const auto own = claim(WorkWord::claim_now, now - days{9}, row.closes_at);
        const auto its = dispute_item(of_customer, {&sale, 1}, {&own, 1}, now);
        CHECK(its.act_by == item.act_by);
    }
}

TEST_CASE("customer disputes: both clocks are named, and a claim that opens too late is said") {
    auto purchase = claim(WorkWord::claim_now, now - days{1}, now + days{12});
    const auto of_customer = dispute(now + days{3});
    tell_disputes(purchase, {&of_customer, 1}, now);
    CHECK(
        purchase.item.next_step ==
        "Open a dispute. Act by 2026-11-26 12:00 UTC: the customer's stripe dispute du_1 must be "
        "answered by 2026-11-26 12:00 UTC; the claim on aliexpress 3099000000000104 must be filed "
        "by 2026-12-05 12:00 UTC.");
    auto early = claim(WorkWord::waiting, now + days{5}, now + days{20});
    tell_disputes(early, {&of_customer, 1}, now);
    REQUIRE(early.item.act_by);
    CHECK(early.item.act_by->at == now + days{3});
    CHECK(holds(early.item.act_by->why, "opens on 2026-11-28"));
}

TEST_CASE("customer disputes: where no claim is left to file, only the answer counts") {
    for (const auto& one : {claim(WorkWord::missed, now - days{9}, now - days{1}),
                            claim(WorkWord::claim_now, now - days{9}, now + days{1}, true)}) {
        auto purchase = one;
        const auto of_customer = dispute(now + days{3});
        tell_disputes(purchase, {&of_customer, 1}, now);
        CHECK_FALSE(purchase.item.act_by);
        CHECK(purchase.item.next_step == "Open a dispute.");
        const auto sale = sale_1051();
        const auto item = dispute_item(of_customer, {&sale, 1}, {&one, 1}, now);
        REQUIRE(item.act_by);
        CHECK(item.act_by->at == now + days{3});
        CHECK(holds(item.next_step, "No claim upstream can be filed now"));
    }
}

TEST_CASE("customer disputes: one that runs is a row, ours to answer or not") {
    const auto sale = sale_1051();
    const auto ours = dispute_item(dispute(now + days{3}), {&sale, 1}, {}, now);
    CHECK(ours.word == WorkWord::answer_due);
    CHECK(ours.is_dispute);
    CHECK(ours.at_stake == usd(94'90));
    CHECK(ours.countdown == Countdown{now + days{3}, "answer is due"});
    CHECK(ours.title == "The customer's dispute about #1051");
    CHECK(holds(ours.next_step, "Answer stripe dispute du_1 before 2026-11-26 12:00 UTC."));
    CHECK(holds(ours.next_step, "No purchase is linked"));
    const auto late = dispute_item(dispute(now - days{1}), {&sale, 1}, {}, now);
    CHECK(late.word == WorkWord::answer_due);
    CHECK(holds(late.next_step, "was due on 2026-11-22"));
    const auto theirs = dispute_item(dispute(now + days{3}, false), {}, {}, now);
    CHECK(theirs.word == WorkWord::waiting);
    CHECK(holds(theirs.next_step, "No sale is known"));
    for (const auto state : {State::ended, State::made, State::not_made})
        CHECK(dispute_item(dispute(now + days{3}, true, state), {}, {}, now).word ==
              WorkWord::none);
}

TEST_CASE("customer disputes: refunds and transfers are none") {
    for (const auto kind : {Kind::refund, Kind::transfer, Kind::payment})
        CHECK_FALSE(is_running_dispute(dispute(now, true, State::pending, kind)));
    for (const auto kind : {Kind::dispute, Kind::inquiry, Kind::return_of_goods})
        CHECK(is_running_dispute(dispute(now, true, State::pending, kind)));
}

}  // namespace holdfast::desk
