#include "engine/test_support.h"

#include "engine/outbox_text.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

struct Bench {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};

    Answer run(const Work& work) { return writer.run({&work, 1}).front(); }
    std::vector<Answer> run(const std::vector<Work>& works) { return writer.run(works); }
    order::Order order(std::string_view reference) {
        return replayed(*store, stream_of(place(reference)));
    }
};

const order::RefusalCode* refusal_of(const Answer& answer) {
    const auto* refusal = std::get_if<order::Refusal>(&answer.refusal);
    return refusal ? &refusal->code : nullptr;
}

}  // namespace

TEST_CASE("works of one batch build on each other") {
    Bench bench;
    const auto answers = bench.run(shipped("R1"));
    for (const auto& answer : answers) CHECK(answer.outcome == Outcome::done);
    CHECK(answers[0].first_seq == 1);
    CHECK(answers[2].version > answers[1].version);
    CHECK(bench.writer.counts().batches == 1);

    const auto order = bench.order("R1");
    CHECK(order.version == answers[2].version);
    CHECK(order.money.held == 4'500);
    CHECK(order.shipments.size() == 1);
    CHECK(balance(*bench.store, stream_of(place("R1")), "escrow") == 4'500);
    CHECK(balance(*bench.store, stream_of(place("R1")), "buyer") == -4'500);
}

TEST_CASE("the folded stream is what its events replay to") {
    Bench bench;
    bench.run(shipped("R1"));
    const auto stream = stream_of(place("R1"));
    const auto live = bench.writer.look_up(stream).value().value();
    CHECK(std::get<LiveOrder>(live.what).state == replayed(*bench.store, stream));

    Writer fresh(*bench.store, engine_test::rules());
    const auto loaded = fresh.look_up(stream).value().value();
    CHECK(std::get<LiveOrder>(loaded.what).state == std::get<LiveOrder>(live.what).state);
    CHECK(std::get<LiveOrder>(loaded.what).account == "shop");
    CHECK(std::get<LiveOrder>(loaded.what).reference == "R1");
    CHECK(loaded.requests == live.requests);
}

TEST_CASE("a refusal writes nothing of its own") {
    Bench bench;
    bench.run(shipped("R1"));
    const auto before = kinds(*bench.store, stream_of(place("R1")));
    const auto answer =
        bench.run(work("R1", order::Party::seller, order::OpenDispute{}, start + 2h));
    CHECK(answer.outcome == Outcome::refused);
    REQUIRE(refusal_of(answer));
    CHECK(*refusal_of(answer) == order::RefusalCode::wrong_role);
    CHECK(kinds(*bench.store, stream_of(place("R1"))) == before);
}

TEST_CASE("what time did before a refusal stays") {
    Bench bench;
    bench.run(shipped("R1"));
    bench.run(seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered},
                   start + days{5}));
    const auto answer =
        bench.run(work("R1", order::Party::buyer, order::OpenDispute{}, start + days{300}));
    CHECK(answer.outcome == Outcome::refused);
    const auto order = bench.order("R1");
    CHECK(order.completed.has_value());
    CHECK(order.version == answer.version);
    const auto history = bench.store->load(stream_of(place("R1")));
    CHECK(history.events.back().cause == "time");
}

TEST_CASE("the same key and request is one effect and one receipt") {
    Bench bench;
    const auto placing = keyed(work(place("R1")), "k1");
    const auto first = bench.run(placing);
    CHECK(first.outcome == Outcome::done);
    bench.run(seen("R1", order::SeeCaptured{.amount = 4'500}));

    auto again = bench.run(placing);
    CHECK(again.outcome == Outcome::replayed);
    CHECK(again.version == first.version);
    CHECK(again.first_seq == first.first_seq);
    CHECK(bench.run(keyed(work(place("R1")), "k1", "another")).outcome == Outcome::key_reused);

    // After a restart the store knows it, and within one batch the batch does.
    Writer fresh(*bench.store, engine_test::rules());
    CHECK(fresh.run({&placing, 1}).front().outcome == Outcome::replayed);
    const auto pay = keyed(seen("R2", order::SeeCaptured{.amount = 4'500}), "k2");
    const auto answers = bench.run({work(place("R2")), pay, pay});
    CHECK(answers[1].outcome == Outcome::done);
    CHECK(answers[2].outcome == Outcome::replayed);
    CHECK(answers[2].version == answers[1].version);
    CHECK(bench.order("R2").money.captured == 4'500);
}

TEST_CASE("a key that changed nothing is answered the same way for ever") {
    Bench bench;
    bench.run(shipped("R1"));
    const auto known = keyed(
        seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, start + 1h), "k1");
    const auto first = bench.run(known);
    CHECK(first.outcome == Outcome::done);
    CHECK(kinds(*bench.store, stream_of(place("R1"))).back() == "acknowledged");
    CHECK(bench.order("R1").shipments.size() == 1);
    bench.run(seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::moving}));
    const auto again = bench.run(known);
    CHECK(again.outcome == Outcome::replayed);
    CHECK(again.version == first.version);
    CHECK(again.first_seq == first.first_seq);
    auto other = known;
    other.request_hash = hash_of("another");
    CHECK(bench.run(other).outcome == Outcome::key_reused);

    // Without a key nothing is written.
    const auto before = bench.order("R1").version;
    CHECK(bench.run(seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, start + 1h))
              .version == before);
}

TEST_CASE("a reference belongs to one order, whichever program places it") {
    Bench bench;
    Writer other(*bench.store, engine_test::rules());
    CHECK(bench.run(work(place("R1"))).outcome == Outcome::done);
    const auto late = work(place("R1", start + 1h));
    CHECK(other.run({&late, 1}).front().outcome == Outcome::reference_taken);
    CHECK(bench.store->load(late.stream).version == 0);

    // What builds on an order that was not placed is told that there is none.
    auto pay = seen("R2", order::SeeCaptured{.amount = 4'500});
    pay.stream = stream_of(place("R2", start + 1h));
    const auto answers = bench.run({work(place("R2")), work(place("R2", start + 1h)), pay});
    CHECK(answers[0].outcome == Outcome::done);
    CHECK(answers[1].outcome == Outcome::reference_taken);
    CHECK(answers[2].outcome == Outcome::not_found);
}

// Appends an event that cannot follow to what is stored, as a fault of a program or of a disk may.
void spoil(store::Store& store, std::string_view reference) {
    const auto stream = stream_of(place(reference));
    store::Change change{.stream = stream,
                         .kind = store::StreamKind::order,
                         .expected_version = store.load(stream).version};
    change.events = {
        store::encode_event(order::Recorded{.at = start + days{1},
                                            .when = start + days{1},
                                            .event = order::Released{.gross = 1'000'000}})};
    change.index = store.find(stream);
    REQUIRE(store.write(change));
}

TEST_CASE("a stream that cannot follow is named and holds up no other") {
    Bench bench;
    for (const auto* reference : {"R1", "R2", "R3"}) bench.run(shipped(reference));
    spoil(*bench.store, "R2");
    bench.writer.forget_all();
    const auto scan = [](std::string_view reference) {
        return seen(reference, order::SeeScan{.shipment = {1}, .kind = order::ScanKind::moving},
                    start + days{2});
    };
    const auto batches = bench.writer.counts().batches;
    const auto answers =
        bench.run({scan("R1"), scan("R2"), scan("R3"), work(place("R4")), scan("R2"), scan("R1")});
    CHECK(bench.writer.counts().batches == batches + 3);  // each other stream's works together
    CHECK(answers[0].outcome == Outcome::done);
    CHECK(answers[1].outcome == Outcome::damaged);
    CHECK(answers[1].problem.find("must hold") != std::string::npos);
    CHECK(answers[2].outcome == Outcome::done);
    CHECK(answers[3].outcome == Outcome::done);
    CHECK(answers[4].outcome == Outcome::damaged);
    CHECK(bench.writer.counts().failed_checks == 2);
    CHECK(bench.order("R3").shipments[0].scans.size() == 1);
    CHECK_FALSE(bench.writer.look_up(stream_of(place("R2"))));

    // Time does its work on the others, and tries this one again later.
    const auto late = start + days{300};
    while (bench.store->due(late, 10).size() > 1) REQUIRE(bench.writer.sweep(late, 10) > 0);
    CHECK(bench.writer.sweep(late, 10) == 0);
    REQUIRE(bench.writer.set_aside().size() == 1);
    CHECK(bench.writer.set_aside().begin()->first == stream_of(place("R2")));
    CHECK(bench.writer.sweep(late + set_aside_for - 1ms, 10) == 0);
    CHECK(bench.writer.sweep(late + set_aside_for, 10) == 1);
}

TEST_CASE("a payment beyond all range is refused, and the order stays whole") {
    Bench bench;
    bench.run(work(place("R1")));
    const auto quarter = seen("R1", order::SeeCaptured{.amount = Money::max_minor / 4});
    CHECK(bench.run(quarter).outcome == Outcome::done);
    CHECK(bench.run(quarter).outcome == Outcome::done);
    const auto answer = bench.run(quarter);
    CHECK(answer.outcome == Outcome::refused);
    REQUIRE(refusal_of(answer));
    CHECK(*refusal_of(answer) == order::RefusalCode::malformed);
    CHECK(bench.order("R1").money.captured == Money::max_minor / 4 * 2);
}

TEST_CASE("a party that was only refused something is no stream") {
    Bench bench;
    Work lift{.stream = party_stream(party(7)),
              .what = ledger::Command{.request = ledger::LiftHold{}},
              .received_at = start};
    CHECK(bench.run(lift).outcome == Outcome::refused);
    const auto found = bench.writer.look_up(lift.stream);
    REQUIRE(found);
    CHECK_FALSE(found->has_value());
}

TEST_CASE("a party begins with what was done for it, unless it has to be known") {
    Bench bench;
    Work set{.stream = party_stream(party(7)),
             .what = ledger::Command{.request = ledger::SetReserve{.basis_points = 1, .days = 1}},
             .received_at = start};
    set.begins_party = false;
    CHECK(bench.run(set).outcome == Outcome::not_found);
    set.begins_party = true;
    CHECK(bench.run(set).outcome == Outcome::done);
    set.begins_party = false;
    CHECK(bench.run(set).outcome == Outcome::done);
}

TEST_CASE("who wants to know is told of the events, and when the key comes again of the same") {
    Bench bench;
    bench.run(shipped("R1"));
    auto refund = keyed(work("R1", order::Party::seller, order::Refund{.amount = 500}), "key-1");
    refund.wants_events = true;
    const auto first = bench.run(refund);
    REQUIRE(first.outcome == Outcome::done);
    REQUIRE(first.events.size() == 1);
    CHECK(first.events[0].kind == order::RefundIssued::name);
    CHECK(first.events[0].seq == first.first_seq);
    REQUIRE(
        bench.run(work("R1", order::Party::buyer, order::RequestExtension{.days = 3})).outcome ==
        Outcome::done);
    const auto again = bench.run(refund);
    CHECK(again.outcome == Outcome::replayed);
    CHECK(again.events == first.events);
    refund.wants_events = false;
    CHECK(bench.run(refund).events.empty());

    // Both came at once, and the first is not written yet.
    auto placing = keyed(work(place("R2")), "key-2");
    placing.wants_events = true;
    const auto answers = bench.run({placing, placing});
    REQUIRE(answers[1].outcome == Outcome::replayed);
    CHECK(answers[0].events.size() == 1);
    CHECK(answers[1].events == answers[0].events);
}

TEST_CASE("sums in another currency are refused before they are taken for the order's") {
    Bench bench;
    bench.run(shipped("R1"));
    auto refund = work("R1", order::Party::seller, order::Refund{.amount = 500});
    refund.currency = Currency::usd;
    CHECK(bench.run(refund).outcome == Outcome::currency_differs);
    refund.currency = Currency::eur;
    CHECK(bench.run(refund).outcome == Outcome::done);
}

TEST_CASE("what cannot be carried waits for a person") {
    Bench bench;
    bench.run(shipped("R1"));
    store::Change change{.stream = stream_of(place("R1")),
                         .kind = store::StreamKind::order,
                         .expected_version = bench.order("R1").version};
    change.events = {store::encode_event(order::Recorded{
        .at = start + days{1}, .when = start + days{1}, .event = order::Acknowledged{}})};
    change.outbox = {{std::string(transfer_kind), "{torn", start}};
    REQUIRE(bench.store->write(change));
    CHECK(bench.writer.carry(start + days{2}, 10) == 1);
    CHECK(bench.writer.carry(start + days{2}, 10) == 0);
    const auto rows = bench.store->outbox(0, 10);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].state == store::OutboxState::needs_attention);
    CHECK(rows[0].problem == "the row cannot be read");
}

TEST_CASE("after an outage the newest deadlines need not wait for the oldest") {
    Bench bench;
    std::vector<std::string> references;
    for (int i = 0; i < 20; ++i) {
        references.push_back("R" + std::to_string(i));
        bench.run(shipped(references.back()));
        bench.run(seen(references.back(),
                       order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered},
                       start + days{5} + hours{i}));
    }
    CHECK(bench.writer.sweep(start + days{300}, 4) == 4);
    std::string done;
    for (const auto& reference : references)
        if (bench.order(reference).completed) done += reference + " ";
    CHECK(done == "R0 R1 R18 R19 ");
    while (bench.writer.sweep(start + days{300}, 4) > 0) {
    }
    for (const auto& reference : references) CHECK(bench.order(reference).completed);
}

TEST_CASE("whoever loses by a deadline is reminded once, unless they act before") {
    RulesBook reminding(order::Rules{}.grace, 48h);
    reminding.add(engine_test::marketplace());
    const auto store = store::make_memory_store();
    Writer writer(*store, reminding);
    const auto run = [&](const Work& one) { return writer.run({&one, 1}).front().outcome; };
    for (const auto* reference : {"R1", "R2"}) {
        writer.run(shipped(reference));
        REQUIRE(run(work(reference, order::Party::buyer, order::OpenDispute{}, start + days{21})) ==
                Outcome::done);
    }
    // The seller has 5 days to answer (MP-26).
    const auto closes_at = start + days{26};
    REQUIRE(run(work("R2", order::Party::seller, order::Respond{.dispute = {1}},
                     start + days{22})) == Outcome::done);
    CHECK(writer.sweep(closes_at - 48h - 1ms, 10) == 0);
    while (writer.sweep(closes_at - 48h, 10) > 0) {
    }
    CHECK(writer.counts().reminders == 1);
    const auto one = replayed(*store, stream_of(place("R1")));
    REQUIRE(one.reminded.size() == 1);
    CHECK(one.reminded[0] ==
          order::Struck{.clause = Word("MP-26"), .dispute = {1}, .legal_at = closes_at});
    const auto events = store->load(stream_of(place("R1"))).events;
    CHECK(events.back().payload.find(R"("of":"seller")") != std::string::npos);
    CHECK(events.back().cause == "time");
    CHECK(replayed(*store, stream_of(place("R2"))).reminded.empty());

    // Once; and nothing of it delays what it reminded of.
    CHECK(writer.sweep(closes_at - 1h, 10) == 0);
    while (writer.sweep(closes_at + reminding.grace(), 10) > 0) {
    }
    CHECK(replayed(*store, stream_of(place("R1"))).disputes[0].is_closed());
}

TEST_CASE("a reference belongs to one order of its account") {
    Bench bench;
    CHECK(bench.run(work(place("R1"))).outcome == Outcome::done);
    CHECK(bench.run(work(place("R1", start + 1h))).outcome == Outcome::reference_taken);
    const auto same = bench.run(work(place("R1")));
    CHECK(same.outcome == Outcome::refused);
    CHECK(*refusal_of(same) == order::RefusalCode::already_placed);

    auto elsewhere = place("R1", start + 1h);
    elsewhere.account = "another";
    CHECK(bench.run(work(elsewhere)).outcome == Outcome::done);
    const auto twice = bench.run({work(place("R3")), work(place("R3", start + 1h))});
    CHECK(twice[1].outcome == Outcome::reference_taken);
}

TEST_CASE("a command that saw another version is told") {
    Bench bench;
    bench.run(shipped("R1"));
    auto confirm = work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3});
    confirm.if_version = 1;
    const auto answer = bench.run(confirm);
    CHECK(answer.outcome == Outcome::version_differs);
    confirm.if_version = answer.version;
    CHECK(bench.run(confirm).outcome == Outcome::done);
}

TEST_CASE("what cannot be: an unknown order, unknown terms, a stream of another kind") {
    Bench bench;
    CHECK(bench.run(work("R9", order::Party::buyer, order::ConfirmReceipt{})).outcome ==
          Outcome::not_found);
    auto order = place("R1");
    order.placement.terms.terms_id = "nobody's";
    CHECK(bench.run(work(order)).outcome == Outcome::terms_unknown);
    bench.run(work(place("R2")));
    Work fine{.stream = stream_of(place("R2")),
              .what = ledger::Command{.request = ledger::HoldPayouts{}},
              .received_at = start};
    CHECK(bench.run(fine).outcome == Outcome::not_found);
}

TEST_CASE("the sweep does what is due, once, and nothing else") {
    Bench bench;
    for (const auto* reference : {"R1", "R2", "R3"}) {
        bench.run(shipped(reference));
        bench.run(seen(reference,
                       order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered},
                       start + days{5}));
    }
    CHECK(bench.writer.sweep(start + days{5}, 10) == 0);
    const auto due = bench.store->due(start + days{300}, 10);
    REQUIRE(due.size() == 3);
    const auto legal = *due.front().next_deadline - engine_test::rules().grace();
    CHECK(bench.writer.sweep(legal + engine_test::rules().grace() - Duration{1}, 10) == 0);

    CHECK(bench.writer.sweep(start + days{300}, 2) == 2);
    std::size_t rounds = 0;
    while (bench.writer.sweep(start + days{300}, 2) > 0) REQUIRE(++rounds < 10);
    for (const auto* reference : {"R1", "R2", "R3"}) {
        const auto order = bench.order(reference);
        CHECK(order.completed == legal);
        CHECK(order.money.held == 0);
    }
    CHECK(bench.writer.set_aside().empty());
    CHECK(bench.store->due(start + days{3000}, 10).empty());
}

TEST_CASE("money on its way to a seller is in transit until it is carried, and once") {
    Bench bench;
    bench.run(shipped("R1"));
    bench.run(work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3}));
    const auto order = stream_of(place("R1"));
    const auto seller = party_stream(party(2));
    const auto under_way = balance(*bench.store, order, "transit");
    CHECK(under_way > 0);
    CHECK(bench.store->outbox(0, 10).size() == 1);

    CHECK(bench.writer.carry(start + days{3}, 10) == 1);
    CHECK(bench.writer.carry(start + days{3}, 10) == 0);
    CHECK(bench.store->outbox(0, 10).empty());
    CHECK(balance(*bench.store, seller, "transit") == -under_way);
    CHECK(balance(*bench.store, seller, "payable") == under_way);
    CHECK(under_way + bench.order("R1").money.fees == 4'500);
}

TEST_CASE("money told to leave stands in the outbox until it is settled") {
    Bench bench;
    bench.run(shipped("R1"));
    bench.run(work("R1", order::Party::seller, order::Refund{.amount = 1'000}, start + 2h));
    const auto rows = bench.store->outbox_due(instruction_kind, start + days{1}, 10);
    REQUIRE(rows.size() == 1);
    CHECK(decode_instruction(rows[0].item.payload) ==
          InstructionText{.no = {1},
                          .kind = order::InstructionKind::refund,
                          .currency = Currency::eur,
                          .amount = 1'000});
    CHECK(balance(*bench.store, stream_of(place("R1")), "processor") == 1'000);

    auto settled = seen("R1", order::SeeInstruction{.instruction = {1}}, start + 3h);
    settled.delivers = {rows[0].no};
    CHECK(bench.run(settled).outcome == Outcome::done);
    CHECK(bench.store->outbox(0, 10).empty());
    CHECK(balance(*bench.store, stream_of(place("R1")), "processor") == 0);
}

TEST_CASE("time that an outage ate is given back") {
    const auto completed_with = [](std::vector<terms::Outage> outages) {
        Bench bench;
        bench.writer.set_outages(std::move(outages));
        bench.run(shipped("R1"));
        bench.run(seen("R1", order::SeeScan{.shipment = {1}, .kind = order::ScanKind::delivered},
                       start + days{5}));
        for (int i = 0; i < 5; ++i) bench.writer.sweep(start + days{300}, 10);
        const auto order = bench.order("R1");
        REQUIRE(order.completed.has_value());
        return *order.completed;
    };
    const auto plain = completed_with({});
    const auto given = completed_with({{.from = start + days{6}, .until = start + days{6} + 7h}});
    CHECK(given - plain == 7h);
}

}  // namespace holdfast::engine_test
