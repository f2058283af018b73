#include "engine/courier.h"

#include "engine/outbox_text.h"
#include "engine/sandbox_processor.h"
#include "engine/test_support.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

// A store, its writer, a processor and the courier between them.
struct Office {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};
    SandboxProcessor processor;
    DirectPort port{*store, writer};
    Courier courier{port, processor};

    Office() {
        writer.run(shipped("R1"));
        refund(1'000);
    }
    void refund(order::Minor amount) {
        const std::vector<Work> works{
            work("R1", order::Party::seller, order::Refund{.amount = amount}, start + 2h)};
        REQUIRE(writer.run(works).front().outcome == Outcome::done);
    }
    order::Order order() { return replayed(*store, stream_of(place("R1"))); }
    order::InstructionState state() { return order().instructions.at(0).state; }
    std::vector<store::OutboxRow> rows() { return store->outbox(0, 10); }
};

}  // namespace

TEST_CASE("a refund is told once and its end recorded") {
    Office office;
    CHECK(office.courier.round(start + 3h, 10) == 1);
    CHECK(office.state() == order::InstructionState::succeeded);
    CHECK(office.rows().empty());
    CHECK(office.courier.round(start + 4h, 10) == 0);
    CHECK(office.processor.executed() == 1);
    CHECK(office.courier.counts().settled == 1);
}

TEST_CASE("what failed for good is failed, and repeated under a key of its own") {
    Office office;
    office.processor.script(Script::fail);
    office.courier.round(start + 3h, 10);
    CHECK(office.state() == order::InstructionState::failed);
    CHECK(office.rows().empty());

    const std::vector<Work> again{work("R1", order::Party::platform,
                                       order::RepeatInstruction{.instruction = {1}}, start + 4h)};
    REQUIRE(office.writer.run(again).front().outcome == Outcome::done);
    office.courier.round(start + 5h, 10);
    CHECK(office.order().instructions.at(1).state == order::InstructionState::succeeded);
    CHECK(office.processor.executed() == 1);
}

TEST_CASE("no answer is unknown, never failed: it is asked about, and paid once") {
    for (const auto script : {Script::execute_and_break, Script::break_before}) {
        Office office;
        office.processor.script(script);
        office.courier.round(start + 3h, 10);
        CHECK(office.state() == order::InstructionState::pending);
        REQUIRE(office.rows().size() == 1);
        CHECK(office.rows()[0].state == store::OutboxState::unknown);
        CHECK(office.courier.round(start + 3h + 4s, 10) == 0);

        CHECK(office.courier.round(start + 3h + 5s, 10) == 1);
        CHECK(office.courier.counts().asked == 1);
        CHECK(office.courier.counts().sent == (script == Script::break_before ? 2 : 1));
        CHECK(office.state() == order::InstructionState::succeeded);
        CHECK(office.processor.executed() == 1);
    }
}

TEST_CASE("what no answer settles needs a person, and is not sent again") {
    Office office;
    for (int i = 0; i < 20; ++i) office.processor.script(Script::break_before);
    auto now = start + 3h;
    std::size_t rounds = 0;
    while (office.courier.round(now, 10) > 0) {
        REQUIRE(++rounds < 20);
        const auto row = office.rows().at(0);
        if (row.state == store::OutboxState::unknown) now = row.item.due;
    }
    CHECK(rounds == ask_again_after.size() + 1);
    CHECK(office.rows().at(0).state == store::OutboxState::needs_attention);
    CHECK(office.courier.counts().gave_up == 1);
    CHECK(office.courier.round(now + days{365}, 10) == 0);
    CHECK(office.state() == order::InstructionState::pending);
}

TEST_CASE("what was accepted is asked about until it ends") {
    Office office;
    office.processor.script(Script::accept);
    office.courier.round(start + 3h, 10);
    CHECK(office.state() == order::InstructionState::pending);
    CHECK(office.courier.round(start + 4h, 10) == 1);
    CHECK(office.state() == order::InstructionState::succeeded);
    CHECK(office.courier.counts().sent == 1);
}

TEST_CASE("a process that died between mark and answer pays once") {
    Office office;
    const auto row = office.rows().at(0);
    // The mark is on the disk and the processor was told; then the process ended.
    const store::OutboxUpdate mark{
        .no = row.no, .state = store::OutboxState::unknown, .due = start + 3h, .attempts = 1};
    office.store->update_outbox({&mark, 1});
    office.processor.send(*outgoing_of(row));
    Writer fresh(*office.store, engine_test::rules());
    DirectPort port(*office.store, fresh);
    Courier courier(port, office.processor);
    CHECK(courier.round(start + 4h, 10) == 1);
    CHECK(courier.counts().sent == 0);
    CHECK(office.processor.executed() == 1);
    CHECK(office.state() == order::InstructionState::succeeded);
}

TEST_CASE("what was settled by another way is not sent") {
    Office office;
    auto told = seen("R1", order::SeeInstruction{.instruction = {1}}, start + 3h);
    office.writer.run({&told, 1});
    CHECK(office.courier.round(start + 4h, 10) == 1);
    CHECK(office.courier.counts().dropped == 1);
    CHECK(office.processor.requests() == 0);
    CHECK(office.rows().empty());
}

TEST_CASE("a fenced courier sends nothing") {
    Office office;
    office.port.set_fenced(true);
    CHECK(office.courier.round(start + 3h, 10) == 0);
    CHECK(office.processor.requests() == 0);
    office.port.set_fenced(false);
    CHECK(office.courier.round(start + 3h, 10) == 1);
}

TEST_CASE("a restored store is fenced until somebody lifts it, over restarts") {
    const auto store = store::make_memory_store();
    const Clock clock{.wall = [] { return start; }, .monotonic = [] { return nanoseconds(0); }};
    {
        ServiceLog log(*store);
        log.read();
        log.fence(start, "restored");
    }
    SandboxProcessor processor;
    {
        Engine engine(*store, engine_test::rules(), clock);
        CHECK(engine.is_fenced());
        for (auto& work : shipped("R1")) engine.run(std::move(work));
        engine.run(work("R1", order::Party::seller, order::Refund{.amount = 1'000}));
        EnginePort port(engine);
        CHECK(Courier(port, processor).round(start, 10) == 0);
    }
    Engine engine(*store, engine_test::rules(), clock);
    CHECK(engine.is_fenced());
    engine.lift_fence();
    CHECK_FALSE(engine.is_fenced());
    EnginePort port(engine);
    CHECK(Courier(port, processor).round(start, 10) == 1);
    CHECK(processor.executed() == 1);
}

TEST_CASE("a payout leaves by its own key and comes back as what it became") {
    Office office;
    const std::vector<Work> confirm{
        work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3})};
    REQUIRE(office.writer.run(confirm).front().outcome == Outcome::done);
    office.courier.round(start + days{3}, 10);
    office.writer.carry(start + days{3}, 10);
    const auto seller = party_stream(party(2));
    const std::vector<Work> batch{{.stream = seller,
                                   .what = ledger::Command{.request = ledger::BatchPayout{}},
                                   .received_at = start + days{4}}};
    REQUIRE(office.writer.run(batch).front().outcome == Outcome::done);
    const auto leaving = balance(*office.store, seller, "payout");
    CHECK(leaving > 0);
    CHECK(office.courier.round(start + days{4}, 10) == 1);
    CHECK(balance(*office.store, seller, "payout") == 0);
    CHECK(balance(*office.store, seller, "bank") == leaving);
    CHECK(office.rows().empty());
}

TEST_CASE("a courier works through a running engine") {
    const auto store = store::make_memory_store();
    const auto still = [] { return start; };
    Engine engine(*store, engine_test::rules(),
                  {.wall = still, .monotonic = [] { return nanoseconds(0); }});
    for (auto& work : shipped("R1")) {
        if (std::holds_alternative<order::Observation>(work.what))
            std::get<order::Observation>(work.what).when = start;
        engine.run(std::move(work));
    }
    engine.run(work("R1", order::Party::seller, order::Refund{.amount = 1'000}));
    SandboxProcessor processor;
    processor.script(Script::execute_and_break);
    EnginePort port(engine);
    Courier courier(port, processor);
    CHECK(courier.round(start, 10) == 1);
    CHECK(courier.round(start + 5s, 10) == 1);
    engine.stop();
    CHECK(replayed(*store, stream_of(place("R1"))).instructions.at(0).state ==
          order::InstructionState::succeeded);
    CHECK(store->outbox(0, 10).empty());
    CHECK(processor.executed() == 1);
}

TEST_CASE("a refund tells its processor which payment, a payout which account") {
    Office office;
    auto paid = seen("R2", order::SeeCaptured{.amount = 4'500, .reference = "pi_1"}, start);
    const std::vector<Work> works{
        work(place("R2")), paid,
        work("R2", order::Party::platform, order::Refund{.amount = 700}, start + 1h)};
    for (const auto& one : works)
        REQUIRE(office.writer.run({&one, 1}).front().outcome == Outcome::done);
    const auto refund = outgoing_of(office.rows().back());
    REQUIRE(refund);
    CHECK(refund->source == "pi_1");
    CHECK(refund->destination.empty());
    CHECK(outgoing_of(office.rows().front())->source.empty());  // R1's payment was not named

    const auto seller = party_stream(party(2));
    const auto ask = [&](ledger::Request request) {
        const Work one{.stream = seller,
                       .what = ledger::Command{.request = std::move(request)},
                       .received_at = start + 2h};
        REQUIRE(office.writer.run({&one, 1}).front().outcome == Outcome::done);
    };
    const Work transfer{
        .stream = seller,
        .what =
            ledger::Observation{
                .when = start,
                .seen = ledger::SeeTransfer{{.key = {.seq = 1}, .to = party(2), .amount = 900}}},
        .received_at = start + 2h};
    REQUIRE(office.writer.run({&transfer, 1}).front().outcome == Outcome::done);
    ask(ledger::SetPayoutAccount{"acct_1"});
    ask(ledger::BatchPayout{});
    const auto payout = outgoing_of(office.rows().back());
    REQUIRE(payout);
    CHECK(payout->destination == "acct_1");
    CHECK(payout->source.empty());
}

TEST_CASE("a failure says in the stream why") {
    Office office;
    office.processor.script(Script::fail);
    office.courier.round(start + 3h, 10);
    const auto events = office.store->load(stream_of(place("R1"))).events;
    CHECK(events.back().kind == "instruction_settled");
    CHECK(events.back().cause == "processor:sandbox: refused by the script");
}

TEST_CASE("a key leads back to where its end is told") {
    Office office;
    const auto row = office.rows().at(0);
    const auto key = outgoing_of(row)->key;
    const auto parts = parse_key(key);
    REQUIRE(parts);
    CHECK(*parts == KeyParts{row.stream, instruction_kind, 1});
    CHECK_FALSE(work_of_end(*parts, Fate::under_way, start).has_value());
    CHECK_FALSE(work_of_end(*parts, Fate::unknown, start).has_value());
    const auto work = work_of_end(*parts, Fate::succeeded, start + 3h);
    REQUIRE(work);
    REQUIRE(office.writer.run({&*work, 1}).front().outcome == Outcome::done);
    CHECK(office.state() == order::InstructionState::succeeded);

    const auto stream = key.substr(0, 30);
    CHECK(parse_key("pty_" + key.substr(4, 26) + ":payout:12") ==
          KeyParts{row.stream, payout_kind, 12});
    for (const auto& text :
         {std::string(), std::string("ord_"), stream, stream + ":instruction:",
          stream + ":instruction:0", stream + ":instruction:01", stream + ":instruction:1x",
          stream + ":instruction:-1", stream + ":payout:1", stream + ":instruction:99999999999",
          stream + ":instruction:1:mark", "pty_" + key.substr(4), " " + key, key + " "})
        CHECK_FALSE(parse_key(text).has_value());
    CHECK_FALSE(work_of_end(*parse_key(stream + ":instruction:65536"), Fate::failed, start));
}

}  // namespace holdfast::engine_test
