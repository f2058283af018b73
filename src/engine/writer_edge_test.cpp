// The edges of the writer's guards: what it refuses, what it leaves unwritten, and what it finds in
// a store that others have written.
#include "engine/outbox_text.h"
#include "engine/test_support.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

struct Bench {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};

    Answer run(const Work& work) { return writer.run({&work, 1}).front(); }
    order::Order order(std::string_view reference) {
        return replayed(*store, stream_of(place(reference)));
    }
};

// A change of a stream that no engine made, and that says nothing.
store::Change meddling(store::Store& store, std::string_view reference) {
    const auto stream = stream_of(place(reference));
    store::Change change{.stream = stream, .kind = store::StreamKind::order};
    change.expected_version = store.load(stream).version;
    change.cause = "meddling";
    change.index = store.find(stream);
    change.events = {store::encode_event(
        order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
    return change;
}

Work to_seller(ledger::Request request, Instant at = start) {
    return {.stream = party_stream(party(2)),
            .what = ledger::Command{.request = std::move(request)},
            .received_at = at};
}
Work transfer(std::uint64_t seq, order::Minor amount, Currency currency = Currency::eur) {
    const ledger::Transfer transfer{
        .key = {.seq = seq}, .to = party(2), .currency = currency, .amount = amount};
    return {.stream = party_stream(party(2)),
            .what = ledger::Observation{.when = start, .seen = ledger::SeeTransfer{transfer}},
            .received_at = start};
}

store::OutboxItem transfer_row(std::uint64_t seq, order::Minor amount) {
    return {std::string(transfer_kind),
            encode(ledger::Transfer{.key = {.seq = seq}, .to = party(2), .amount = amount}), start};
}

// Cannot be caught up any more: an event of it cannot be read.
void spoil(Bench& bench, std::string_view reference) {
    auto change = meddling(*bench.store, reference);
    change.events = {{.at = start + 2h, .kind = "scanned", .v = 1, .payload = "{"}};
    REQUIRE(bench.store->write(change));
    bench.writer.forget_all();
}

// Of the orders that something happened to behind that position, in its order.
std::string references_of(store::Store& store, std::uint64_t position) {
    std::string references;
    for (const auto& event : store.feed(position, 999)) {
        const auto reference = store.find(event.stream)->reference + " ";
        if (!references.ends_with(reference)) references += reference;
    }
    return references;
}

const order::SeeScan delivered{.shipment = {1}, .kind = order::ScanKind::delivered};

}  // namespace

TEST_CASE("an account is a word that nothing else can be read from") {
    const auto placed_by = [](const std::string& account) {
        Bench bench;
        auto order = place("R1");
        order.account = account;
        return bench.run(work(order)).outcome;
    };
    CHECK(placed_by("a shop") == Outcome::done);
    CHECK(placed_by("") == Outcome::damaged);
    CHECK(placed_by("a:b") == Outcome::damaged);
    CHECK(placed_by("a\x1f") == Outcome::damaged);
}

TEST_CASE("what is refused leaves no trace, and a stream that is not there none in memory") {
    Bench bench;
    auto empty = place("R1");
    empty.placement.lines.clear();
    const auto refused = bench.run(work(empty));
    CHECK(refused.outcome == Outcome::refused);
    CHECK(bench.writer.counts().refusals == 1);
    CHECK(bench.run(work("R2", order::Party::buyer, order::ConfirmReceipt{})).outcome ==
          Outcome::not_found);
    CHECK(bench.run(work(place("R2"))).outcome == Outcome::done);
    CHECK(bench.writer.counts().refusals == 1);
    CHECK(bench.store->search(clock_term(""), /*prefix=*/false, 9).empty());
    CHECK(bench.run(work(place("R2", start + 1h))).outcome == Outcome::reference_taken);
    CHECK(bench.writer.counts().conflicts == 0);  // nobody else wrote
    CHECK(bench.writer.counts().commits == 1);
    CHECK(bench.writer.counts().events == 1);

    REQUIRE(bench.writer.make_clock("clk_1", start, start));
    const Work tick{.stream = store::stream_id_of(store::StreamKind::system, "clock", "", "clk_1"),
                    .what = Tick{},
                    .received_at = start};
    CHECK(bench.run(tick).outcome == Outcome::not_found);
}

TEST_CASE("what is only not now, and what is an answer") {
    CHECK(is_passing(Outcome::busy));
    CHECK(is_passing(Outcome::unavailable));
    for (const auto outcome : {Outcome::done, Outcome::refused, Outcome::damaged})
        CHECK_FALSE(is_passing(outcome));
}

TEST_CASE("an order whose terms are not there rests, by that word") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    const RulesBook none;
    Writer without(*bench.store, none);
    const auto pay = seen("R1", order::SeeCaptured{.amount = 1}, start + 2h);
    CHECK(without.run({&pay, 1}).front().outcome == Outcome::terms_unknown);
    CHECK(without.sweep(start + days{300}, 10) == 1);
    REQUIRE(without.set_aside().size() == 1);
    CHECK(without.set_aside().begin()->second.why == "terms_unknown");
}

TEST_CASE("a stream that cannot be read is named, and rests by what is wrong with it") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    auto change = meddling(*bench.store, "R1");
    change.events = {
        {.at = start + 2h, .kind = "scanned", .v = 1, .payload = R"({"shipment":"x"})"}};
    REQUIRE(bench.store->write(change));
    bench.writer.forget_all();
    const auto answer = bench.run(seen("R1", order::SeeCaptured{.amount = 1}, start + 3h));
    CHECK(answer.outcome == Outcome::damaged);
    CHECK(answer.problem.find("event 4 (scanned)/shipment: ") != std::string::npos);
    const auto found = bench.writer.look_up(change.stream);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error() == answer.problem);
    CHECK(bench.writer.sweep(start + days{300}, 10) == 1);
    CHECK(bench.writer.set_aside().at(change.stream).why == answer.problem);
}

TEST_CASE("what changes nothing commits nothing, unless a row is done with") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    REQUIRE(bench.run(work("R1", order::Party::seller, order::Refund{.amount = 1}, start + 2h))
                .outcome == Outcome::done);
    REQUIRE(bench.run(seen("R1", order::SeeInstruction{.instruction = {1}}, start + 3h)).outcome ==
            Outcome::done);
    const auto rows = bench.store->outbox(0, 9);
    REQUIRE(rows.size() == 1);
    const auto version = bench.order("R1").version;
    const auto commits = bench.writer.counts().commits;

    auto again = seen("R1", order::SeeInstruction{.instruction = {1}}, start + 4h);
    CHECK(bench.run(again).version == version);
    CHECK(bench.writer.counts().commits == commits);
    CHECK(bench.store->outbox(0, 9).size() == 1);
    again.delivers = {rows[0].no};
    const auto answer = bench.run(again);
    CHECK(answer.version == version);
    CHECK(answer.first_seq == 0);
    CHECK(bench.writer.counts().commits == commits + 1);
    CHECK(bench.store->outbox(0, 9).empty());
}

TEST_CASE("what a key stands on where nothing else is written is of the time that it was said") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    const auto known =
        seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, start + 5h);
    REQUIRE(bench.run(keyed(known, "k")).outcome == Outcome::done);
    const auto events = bench.store->load(stream_of(place("R1"))).events;
    CHECK(events.back().kind == "acknowledged");
    CHECK(events.back().at == start + 5h);
}

TEST_CASE("an outage is given back to an order that nothing is due of, but not to one of a clock") {
    Bench bench;
    REQUIRE(bench.writer.make_clock("clk_1", start, start));
    auto by_clock = place("R2");
    by_clock.clock = "clk_1";
    bench.writer.run(shipped("R1"));
    REQUIRE(bench.run(work(by_clock)).outcome == Outcome::done);
    bench.writer.set_outages({{.from = start + days{1}, .until = start + days{2}}});
    REQUIRE(bench.writer.advance_clock("clk_1", start + days{3}, start + days{3}) == 1);
    const auto look = [](std::string_view reference) {
        return seen(reference, order::SeeAuthorisationEnded{}, start + days{3});
    };
    CHECK(bench.run(look("R1")).outcome == Outcome::done);
    CHECK(bench.run(look("R2")).outcome == Outcome::done);
    CHECK(bench.order("R1").outages.size() == 1);
    CHECK(bench.order("R2").outages.empty());
}

TEST_CASE("a reminder is written when time is looked at, not with what somebody asks") {
    RulesBook reminding(order::Rules{}.grace, 48h);
    reminding.add(engine_test::marketplace());
    const auto store = store::make_memory_store();
    Writer writer(*store, reminding);
    writer.run(shipped("R1"));
    const auto open = work("R1", order::Party::buyer, order::OpenDispute{}, start + days{21});
    REQUIRE(writer.run({&open, 1}).front().outcome == Outcome::done);
    const auto look = seen("R1", order::SeeAuthorisationEnded{}, start + days{24} + 1h);
    REQUIRE(writer.run({&look, 1}).front().outcome == Outcome::done);
    CHECK(replayed(*store, stream_of(place("R1"))).reminded.empty());
    const Work early{.stream = look.stream, .what = Tick{}, .received_at = start + days{24} + 1h};
    REQUIRE(writer.run({&early, 1}).front().outcome == Outcome::done);
    CHECK(writer.counts().reminders == 1);
    REQUIRE(writer.run({&early, 1}).front().outcome == Outcome::done);
    CHECK(writer.counts().reminders == 1);
}

TEST_CASE("the sweep is for orders and parties, and a party's reserve is freed by it") {
    Bench bench;
    REQUIRE(bench.run(to_seller(ledger::SetReserve{.basis_points = 1'000, .days = 10})).outcome ==
            Outcome::done);
    REQUIRE(bench.run(transfer(1, 1'000)).outcome == Outcome::done);
    const auto seller = party_stream(party(2));
    CHECK(balance(*bench.store, seller, "reserve") == 100);
    const Work tick{.stream = seller, .what = Tick{}, .received_at = start + days{1}};
    CHECK(bench.run(tick).outcome == Outcome::done);

    // Something else of the store that has a deadline of its own.
    store::Change purchase{
        .stream = store::stream_id_of(store::StreamKind::purchase, "shop", "", "P1"),
        .kind = store::StreamKind::purchase};
    purchase.events = {{.at = start, .kind = "bought", .v = 1, .payload = "{}"}};
    purchase.cause = "import";
    purchase.index = store::IndexRow{
        .stream = purchase.stream, .kind = purchase.kind, .seen_at = start, .next_deadline = start};
    REQUIRE(bench.store->write(purchase));
    CHECK(bench.writer.sweep(start + days{10} - 1ms, 9) == 0);
    CHECK(bench.writer.sweep(start + days{10}, 9) == 1);
    CHECK(balance(*bench.store, seller, "reserve") == 0);
    CHECK(bench.writer.set_aside().empty());
}

TEST_CASE("reserves of two currencies that are freed at one instant are freed each in its own") {
    Bench bench;
    REQUIRE(bench.run(to_seller(ledger::SetReserve{.basis_points = 1'000, .days = 10})).outcome ==
            Outcome::done);
    REQUIRE(bench.run(transfer(1, 1'000)).outcome == Outcome::done);
    REQUIRE(bench.run(transfer(2, 500, Currency::usd)).outcome == Outcome::done);
    REQUIRE(
        bench
            .run(
                {.stream = party_stream(party(2)), .what = Tick{}, .received_at = start + days{10}})
            .outcome == Outcome::done);
    std::string payable;
    for (const auto& entry : bench.store->balances(party_stream(party(2))))
        if (entry.account == "payable") payable += to_string(entry.amount) + " ";
    CHECK(payable == "10.00 EUR 5.00 USD ");
}

TEST_CASE("an index that says too early is set right") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    const auto right = bench.store->find(stream_of(place("R1")))->next_deadline;
    REQUIRE(right > start + days{2});
    auto change = meddling(*bench.store, "R1");
    change.index->next_deadline = start + days{1};
    REQUIRE(bench.store->write(change));
    bench.writer.forget_all();
    CHECK(bench.writer.sweep(start + days{2}, 9) == 1);
    CHECK(bench.store->find(change.stream)->next_deadline == right);
    CHECK(bench.writer.set_aside().empty());
    CHECK(bench.writer.sweep(start + days{2}, 9) == 0);
}

TEST_CASE("every order of a clock meets its time, and a clock may be moved to where it stands") {
    Bench bench;
    REQUIRE(bench.writer.make_clock("clk_1", start, start));
    for (const auto* reference : {"R1", "R2", "R3"}) {
        auto order = place(reference);
        order.clock = "clk_1";
        REQUIRE(bench.run(work(order)).outcome == Outcome::done);
    }
    CHECK(bench.writer.advance_clock("clk_1", start, start) == 3);
    const auto clock = store::stream_id_of(store::StreamKind::system, "clock", "", "clk_1");
    CHECK(bench.store->load(clock).version == 1);  // it did not move
    CHECK(bench.writer.advance_clock("clk_1", start + days{4}, start) == 3);
    for (const auto* reference : {"R1", "R2", "R3"})
        CHECK(bench.order(reference).cancelled == start + days{3});  // not paid: MP-20
    CHECK(bench.writer.counts().reminders == 0);
}

TEST_CASE("a transfer that its party refuses waits for a person, the others arrive") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    auto change = meddling(*bench.store, "R1");
    change.outbox = {transfer_row(1, 500), transfer_row(1, 501), transfer_row(2, 300)};
    REQUIRE(bench.store->write(change));
    CHECK(bench.writer.carry(start + 3h, 9) == 3);
    CHECK(balance(*bench.store, party_stream(party(2)), "payable") == 800);
    const auto rows = bench.store->outbox(0, 9);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].state == store::OutboxState::needs_attention);
    CHECK(rows[0].problem == "refused");
    CHECK(rows[0].attempts == 1);
    CHECK(bench.writer.carry(start + 3h, 9) == 0);
}

TEST_CASE("of works that were taken together each answer belongs to its own") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    auto change = meddling(*bench.store, "R1");
    change.outbox = {transfer_row(1, 500), transfer_row(1, 501)};
    REQUIRE(bench.store->write(change));
    const auto late = start + days{300};
    const auto done = bench.writer.do_chores(late, {9, 9});
    CHECK(done == Writer::Chores{.streams = 1, .transfers = 2});
    std::string problems;
    for (const auto& row : bench.store->outbox(0, 9))
        if (row.state == store::OutboxState::needs_attention)
            problems += row.item.payload + " " + row.problem;
    CHECK(problems == transfer_row(1, 501).payload + " refused");
}

TEST_CASE("a party that was only refused something is not known") {
    Bench bench;
    REQUIRE(bench.run(to_seller(ledger::LiftHold{})).outcome == Outcome::refused);
    auto set = to_seller(ledger::SetReserve{.basis_points = 1, .days = 1});
    set.begins_party = false;
    CHECK(bench.run(set).outcome == Outcome::not_found);
    set.begins_party = true;
    CHECK(bench.run(set).outcome == Outcome::done);
    // It is known by what is in the store.
    Writer fresh(*bench.store, engine_test::rules());
    set.begins_party = false;
    CHECK(fresh.run({&set, 1}).front().outcome == Outcome::done);
}

TEST_CASE("an order of a clock that is not there cannot be judged") {
    Bench bench;
    store::Change change{.stream = stream_of(place("R1")), .kind = store::StreamKind::order};
    change.cause = placing_cause("shop", "R1", "clk_9");
    change.events = {store::encode_event(order::Recorded{
        .at = start, .when = start, .event = order::Placed{.placement = placement()}})};
    REQUIRE(bench.store->write(change));
    const auto answer = bench.run(seen("R1", order::SeeCaptured{.amount = 1}));
    CHECK(answer.outcome == Outcome::damaged);
    CHECK(answer.problem == "its clock is not there");
    CHECK(bench.store->load(change.stream).version == 1);
}

TEST_CASE("an order of a clock has no deadline in real time") {
    Bench bench;
    REQUIRE(bench.writer.make_clock("clk_1", start, start));
    auto by_clock = place("R1");
    by_clock.clock = "clk_1";
    REQUIRE(bench.run(work(by_clock)).outcome == Outcome::done);
    REQUIRE(bench.run(work(place("R2"))).outcome == Outcome::done);
    CHECK_FALSE(bench.store->find(stream_of(by_clock))->next_deadline);
    CHECK(bench.store->find(stream_of(place("R2")))->next_deadline);
}

TEST_CASE("an order that was only placed is an order like any other") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    REQUIRE(bench.run(work("R1", order::Party::seller, order::Refund{.amount = 1}, start + 2h))
                .outcome == Outcome::done);
    const auto rows = bench.store->outbox(0, 9);
    REQUIRE(rows.size() == 1);
    const auto placed = bench.run(work(place("R2")));
    CHECK(placed.version == 1);
    CHECK(placed.events.empty());  // nobody wanted to know
    CHECK(bench.writer.look_up(stream_of(place("R2")))->has_value());
    CHECK_FALSE(bench.writer.look_up(stream_of(place("R3")))->has_value());
    auto nothing = seen("R2", order::SeeAuthorisationEnded{});
    nothing.delivers = {rows[0].no};
    CHECK(bench.run(nothing).version == 1);
    CHECK(bench.store->outbox(0, 9).empty());
}

TEST_CASE("what says nothing of a party that is not there ends no row") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    REQUIRE(bench.run(work("R1", order::Party::seller, order::Refund{.amount = 1}, start + 2h))
                .outcome == Outcome::done);
    auto nothing = to_seller(ledger::SetDepositCover{false});
    nothing.delivers = {bench.store->outbox(0, 9).at(0).no};
    const auto answer = bench.run(nothing);
    CHECK(answer.outcome == Outcome::done);
    CHECK(answer.version == 0);
    CHECK(bench.writer.counts().conflicts == 0);
    CHECK(bench.store->outbox(0, 9).size() == 1);
    CHECK_FALSE(bench.store->find(nothing.stream));
}

TEST_CASE("at the very instant at which a deadline is carried out it goes before what is asked") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    REQUIRE(bench.run(seen("R1", delivered, start + days{5})).outcome == Outcome::done);
    const auto due = bench.store->find(stream_of(place("R1")))->next_deadline.value();
    const auto look = [&](Instant at) {
        REQUIRE(bench.run(seen("R1", order::SeeAuthorisationEnded{}, at)).outcome == Outcome::done);
        return bench.order("R1").completed.has_value();
    };
    CHECK_FALSE(look(due - 1ms));
    CHECK(look(due));
}

TEST_CASE("streams that rest take no other's place in the sweep") {
    Bench bench;
    bench.writer.run(shipped("R0"));
    bench.writer.run(shipped("R1", start + 1h));
    spoil(bench, "R0");
    const auto late = start + days{300};
    CHECK(bench.writer.sweep(late, 1) == 1);
    REQUIRE(bench.writer.set_aside().contains(stream_of(place("R0"))));
    CHECK(bench.writer.sweep(late, 0) == 0);
    CHECK(bench.writer.sweep(late, 1) == 1);
    CHECK(bench.writer.set_aside().size() == 1);
}

TEST_CASE("what is longest overdue is done first, as long as all that is due is done at once") {
    const auto done_by = [](bool one_rests, std::size_t limit) {
        Bench bench;
        for (const auto* reference : {"R0", "R1", "R2", "R3"}) {
            bench.writer.run(shipped(reference));
            const auto came = start + days{5} + minutes{reference[1] - '0'};
            REQUIRE(bench.run(seen(reference, delivered, came)).outcome == Outcome::done);
        }
        const auto due = bench.store->find(stream_of(place("R0")))->next_deadline.value();
        if (one_rests) {
            spoil(bench, "R0");
            REQUIRE(bench.writer.sweep(due, 9) == 1);
        }
        const auto before = bench.store->feed_end();
        bench.writer.sweep(due + 5min, limit);
        return references_of(*bench.store, before);
    };
    CHECK(done_by(/*one_rests=*/false, 5) == "R0 R1 R2 R3 ");
    CHECK(done_by(/*one_rests=*/false, 4) == "R3 R2 R0 R1 ");
    CHECK(done_by(/*one_rests=*/true, 4) == "R1 R2 R3 ");
}

}  // namespace holdfast::engine_test
