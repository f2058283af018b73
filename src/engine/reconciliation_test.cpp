#include "engine/reconciliation.h"

#include "engine/outbox_desk.h"
#include "engine/sandbox_processor.h"
#include "engine/test_support.h"

#include <algorithm>
#include <memory>

namespace holdfast::engine_test {
namespace {

std::string key(std::string_view reference, int no) {
    return "ord_" + to_base32(stream_of(place(reference)).bytes) +
           ":instruction:" + std::to_string(no);
}
Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

// R1: refunds of 10.00, executed; of 5.00, open; of 1.00, failed. A payout of R2's seller, open.
struct World {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};

    World() {
        for (const auto* reference : {"R1", "R2"}) writer.run(shipped(reference));
        const auto refund = [](order::Minor amount) {
            return work("R1", order::Party::seller, order::Refund{.amount = amount}, start + 2h);
        };
        run({refund(1'000), refund(500), refund(100),
             work("R2", order::Party::buyer, order::ConfirmReceipt{}, start + days{3})});
        settle(1, true);
        settle(3, false);
        writer.carry(start + days{30}, 10);
        run({{.stream = party_stream(party(2)),
              .what = ledger::Command{.by = order::Party::platform,
                                      .request = ledger::BatchPayout{.currency = Currency::eur}},
              .received_at = start + days{30}}});
    }

    void run(const std::vector<Work>& works) {
        for (const auto& answer : writer.run(works)) {
            CAPTURE(to_string(answer.outcome));
            REQUIRE(answer.outcome == Outcome::done);
        }
    }
    void settle(int no, bool succeeded) {
        auto work =
            ending_of(row_of(no), succeeded ? Fate::succeeded : Fate::failed, start + days{4});
        REQUIRE(work.has_value());
        run({*work});
    }
    store::OutboxRow row_of(int no) {
        std::optional<store::OutboxRow> found;
        each_row(*store, [&](const store::OutboxRow& row) {
            const auto outgoing = outgoing_of(row);
            if (outgoing && outgoing->key == key("R1", no)) found = row;
            return !found;
        });
        REQUIRE(found.has_value());
        return *found;
    }
    std::vector<OurPayment> ours() {
        auto all = payments_of(*store);
        REQUIRE(all.has_value());
        return std::move(*all);
    }
};

}  // namespace

TEST_CASE("our payments come from the streams, done or not") {
    World world;
    const auto ours = world.ours();
    REQUIRE(ours.size() == 4);
    CHECK(std::ranges::is_sorted(ours, {}, [](const OurPayment& one) { return one.outgoing.key; }));
    const auto find = [&](const std::string& of) {
        return *std::ranges::find(ours, of, [](const OurPayment& one) { return one.outgoing.key; });
    };
    CHECK(find(key("R1", 1)).fate == Fate::succeeded);
    CHECK(find(key("R1", 1)).row == 0);
    CHECK(find(key("R1", 2)).fate == Fate::under_way);
    CHECK(find(key("R1", 2)).row > 0);
    CHECK(find(key("R1", 3)).fate == Fate::failed);
    CHECK(ours[3].outgoing.what == Payment::payout);
    CHECK(ours[3].outgoing.key.starts_with("pty_"));
}

TEST_CASE("each difference is told, and what explains itself is not") {
    World world;
    const auto ours = world.ours();
    const auto row = std::to_string(world.row_of(2).no);
    const Listed first{.key = key("R1", 1), .amount = eur(1'000)};
    struct Row {
        const char* name;
        std::vector<Listed> theirs;
        std::string expected;  // empty: none
    };
    // clang-format off
    const Row rows[] = {
        {"only what is executed", {first}, ""},
        {"the open one not heard of, pending or both", {first, {.key = key("R1", 2), .amount = eur(500), .fate = Fate::under_way}}, ""},
        {"a failed one of theirs that we do not know", {first, {.key = "x", .amount = eur(1), .fate = Fate::failed}}, ""},
        {"the failed one failed there too", {first, {.key = key("R1", 3), .amount = eur(100), .fate = Fate::failed}}, ""},
        {"nothing", {}, key("R1", 1) + ": 10.00 EUR executed in our books, unknown to the processor"},
        {"another amount", {{.key = key("R1", 1), .amount = eur(999)}}, key("R1", 1) + ": 10.00 EUR in our books, 9.99 EUR at the processor"},
        {"another currency", {{.key = key("R1", 1), .amount = Money::of_minor(1'000, Currency::usd)}}, key("R1", 1) + ": 10.00 EUR in our books, 10.00 USD at the processor"},
        {"twice", {first, first}, key("R1", 1) + ": listed twice"},
        {"told after the backup", {first, {.key = key("R1", 4), .amount = eur(50)}}, key("R1", 4) + ": 0.50 EUR at the processor, not in our books"},
        {"executed there, open here", {first, {.key = key("R1", 2), .amount = eur(500)}}, key("R1", 2) + ": open in our books, executed at the processor; `holdfast outbox settle " + row + " --succeeded` if that is right"},
        {"failed there, open here", {first, {.key = key("R1", 2), .amount = eur(500), .fate = Fate::failed}}, key("R1", 2) + ": open in our books, failed at the processor; `holdfast outbox settle " + row + " --failed` if that is right"},
        {"executed there, failed here", {first, {.key = key("R1", 3), .amount = eur(100)}}, key("R1", 3) + ": failed in our books, executed at the processor"},
        {"failed there, executed here", {{.key = key("R1", 1), .amount = eur(1'000), .fate = Fate::failed}}, key("R1", 1) + ": executed in our books, failed at the processor"},
        {"pending there, executed here", {{.key = key("R1", 1), .amount = eur(1'000), .fate = Fate::under_way}}, key("R1", 1) + ": executed in our books, still pending at the processor"},
    };
    // clang-format on
    for (const auto& one : rows) {
        CAPTURE(one.name);
        const auto differences = find_differences(ours, one.theirs);
        CHECK(differences ==
              (one.expected.empty() ? std::vector<std::string>{} : std::vector{one.expected}));
    }
}

TEST_CASE("what a courier and a processor did is explained to the unit") {
    World world;
    SandboxProcessor processor;
    DirectPort port(*world.store, world.writer);
    Courier(port, processor).round(start + days{31}, 10);
    auto theirs = processor.list().value();
    theirs.push_back({.key = key("R1", 1), .amount = eur(1'000)});  // executed before it was there
    CHECK(find_differences(world.ours(), theirs).empty());
}

TEST_CASE("a row is tried again: what may have been sent is asked about first") {
    World world;
    auto row = world.row_of(2);
    const auto state_after = [&](store::OutboxState state) {
        row.state = state;
        row.attempts = 9;
        const auto update = retry_of(row, start + days{40});
        REQUIRE(update.has_value());
        CHECK(update->due == start + days{40});
        CHECK(update->attempts == 0);
        return update->state;
    };
    using store::OutboxState;
    CHECK(state_after(OutboxState::pending) == OutboxState::pending);
    CHECK(state_after(OutboxState::unknown) == OutboxState::unknown);
    CHECK(state_after(OutboxState::needs_attention) == OutboxState::unknown);
    CHECK(state_after(OutboxState::failed) == OutboxState::unknown);
    row.item.kind = transfer_kind;
    CHECK(state_after(OutboxState::needs_attention) == OutboxState::pending);
    CHECK_FALSE(ending_of(row, Fate::succeeded, start).has_value());
    row.item = {.kind = std::string(payout_kind), .payload = "no", .due = {}};
    CHECK_FALSE(retry_of(row, start).has_value());
    CHECK_FALSE(ending_of(row, Fate::succeeded, start).has_value());

    const auto no = world.row_of(2).no;
    CHECK(find_row(*world.store, no)->no == no);
    CHECK_FALSE(find_row(*world.store, 0).has_value());
    CHECK_FALSE(find_row(*world.store, no + 100).has_value());
}

}  // namespace holdfast::engine_test
