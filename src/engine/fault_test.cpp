// What others did meanwhile, what cannot be read and what cannot be recorded: each is told as what
// it is, and nothing is paid twice for it.
#include "engine/auditor.h"
#include "engine/courier.h"
#include "engine/engine.h"
#include "engine/live_cache.h"
#include "engine/outbox_text.h"
#include "engine/test_support.h"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

namespace holdfast::engine_test {
namespace {

// A processor that answers as it is told, and lets the test look around before it does.
class Puppet : public Processor {
public:
    std::string_view name() const override { return "puppet"; }
    Sending send(const Outgoing&) override {
        ++sent;
        return answer();
    }
    Sending ask(const Outgoing&) override {
        ++asked;
        return answer();
    }
    std::expected<std::vector<Listed>, std::string> list() override {
        return std::vector<Listed>{};
    }

    std::deque<Sending> answers;
    std::function<void()> meanwhile = [] {};
    std::size_t sent = 0, asked = 0;

private:
    Sending answer() {
        meanwhile();
        if (answers.empty()) return {.fate = Fate::succeeded};
        auto next = answers.front();
        answers.pop_front();
        return next;
    }
};

struct Office {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};
    Puppet processor;
    DirectPort port{*store, writer};
    Courier courier{port, processor};

    Office() { writer.run(shipped("R1")); }
    void run(const Work& work) { REQUIRE(writer.run({&work, 1}).front().outcome == Outcome::done); }
    void refund() {
        run(work("R1", order::Party::seller, order::Refund{.amount = 1'000}, start + 2h));
    }
    void pay_out() {
        run(work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + 2h));
        writer.carry(start + 2h, 9);
        run({.stream = seller,
             .what = ledger::Command{.request = ledger::BatchPayout{}},
             .received_at = start + 2h});
    }
    store::Change meddling(const store::StreamId& stream) {
        const auto row = store->find(stream).value();
        store::Change change{.stream = stream, .kind = row.kind, .expected_version = row.version};
        change.cause = "meddling";
        change.index = row;
        return change;
    }
    std::vector<store::OutboxRow> rows() { return store->outbox(0, 9); }
    std::string cause() { return store->load(order).events.back().cause; }
    std::string audited() {
        AuditCounts counts;
        return find_disagreement(*store, counts).value_or("");
    }

    const store::StreamId order = stream_of(place("R1"));
    const store::StreamId seller = party_stream(party(2));
};

const order::Recorded said{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}};

}  // namespace

// --- The courier

TEST_CASE("what a courier holds nobody else takes, and its mark is there before it sends") {
    Office office;
    office.refund();
    std::size_t by_other = 99;
    store::OutboxRow during;
    office.processor.meanwhile = [&] {
        during = office.rows().at(0);
        Puppet another;
        by_other = Courier(office.port, another).round(start + 3h + 4min, 9);
    };
    CHECK(office.courier.round(start + 3h, 9) == 1);
    CHECK(by_other == 0);
    CHECK(during.state == store::OutboxState::unknown);
    CHECK(during.item.due == start + 3h + 5min);
    CHECK(during.attempts == 1);
    CHECK(office.rows().empty());
}

TEST_CASE("while a courier asks nobody else takes its row") {
    Office office;
    office.refund();
    office.processor.answers = {{.fate = Fate::unknown, .problem = "no answer"}};
    CHECK(office.courier.round(start + 3h, 9) == 1);
    std::size_t by_other = 99;
    office.processor.meanwhile = [&] {
        Puppet another;
        by_other = Courier(office.port, another).round(start + 4h + 4min, 9);
    };
    CHECK(office.courier.round(start + 4h, 9) == 1);
    CHECK(office.processor.asked == 1);
    CHECK(by_other == 0);
}

TEST_CASE("a courier that was slower than its lease does not send") {
    Office office;
    office.refund();
    office.processor.answers = {{.fate = Fate::unknown, .problem = "no answer"},
                                {.fate = Fate::never_heard}};
    CHECK(office.courier.round(start + 3h, 9) == 1);
    CHECK(office.processor.sent == 1);
    office.processor.meanwhile = [&] {  // it takes so long that another takes the row
        CHECK(office.store->lease_outbox(instruction_kind, start + 5h, start + 6h, 9).size() == 1);
    };
    CHECK(office.courier.round(start + 4h, 9) == 1);
    CHECK(office.processor.asked == 1);
    CHECK(office.processor.sent == 1);
    CHECK(office.rows().size() == 1);
}

TEST_CASE("an end that its stream does not take needs a person, by the word for it") {
    Office damaged;
    damaged.refund();
    auto change = damaged.meddling(damaged.order);
    change.events = {
        {.at = start + 2h, .kind = "scanned", .v = 1, .payload = R"({"shipment":"x"})"}};
    REQUIRE(damaged.store->write(change));
    damaged.writer.forget_all();
    CHECK(damaged.courier.round(start + 3h, 9) == 1);
    CHECK(damaged.processor.sent == 1);
    REQUIRE(damaged.rows().size() == 1);
    CHECK(damaged.rows()[0].state == store::OutboxState::needs_attention);
    CHECK(damaged.rows()[0].problem == "its end cannot be recorded: damaged");
    CHECK(damaged.rows()[0].attempts == 1);
    CHECK(damaged.courier.counts().settled == 0);

    Office unknown;
    change = unknown.meddling(unknown.order);
    change.events = {store::encode_event(said)};
    change.outbox = {
        {std::string(instruction_kind), encode(InstructionText{.no = {9}, .amount = 100}), start}};
    REQUIRE(unknown.store->write(change));
    CHECK(unknown.courier.round(start + 3h, 9) == 1);
    CHECK(unknown.rows().at(0).problem == "its end cannot be recorded: refused");
}

TEST_CASE("the cause says what went wrong, and only that") {
    Office good;
    good.refund();
    good.processor.answers = {{.fate = Fate::succeeded, .problem = "at last"}};
    good.courier.round(start + 3h, 9);
    CHECK(good.cause() == "processor:puppet");
    Office silent;
    silent.refund();
    silent.processor.answers = {{.fate = Fate::failed}};
    silent.courier.round(start + 3h, 9);
    CHECK(silent.cause() == "processor:puppet");
}

TEST_CASE("a payout that was settled by another way is not sent, one that is not known is") {
    Office office;
    office.pay_out();
    const Work settled{
        .stream = office.seller,
        .what = ledger::Observation{.when = start + 3h, .seen = ledger::SeePayout{{1}}},
        .received_at = start + 3h};
    office.run(settled);
    CHECK(office.courier.round(start + 4h, 9) == 1);
    CHECK(office.processor.sent == 0);
    CHECK(office.courier.counts().dropped == 1);

    auto change = office.meddling(office.seller);
    change.events = {store::encode_event(ledger::Recorded{
        .at = start + 4h, .when = start + 4h, .event = ledger::DepositCoverSet{true}})};
    change.outbox = {{std::string(payout_kind), "{torn", start},
                     {std::string(payout_kind), encode(PayoutText{.no = {2}, .amount = 7}), start}};
    REQUIRE(office.store->write(change));
    office.writer.forget_all();
    CHECK(office.courier.round(start + 5h, 9) == 2);
    CHECK(office.processor.sent == 1);
    REQUIRE(office.rows().size() == 2);
    CHECK(office.rows()[0].problem == "the row cannot be read");
    CHECK(office.rows()[1].problem == "its end cannot be recorded: refused");
}

// --- The audit

TEST_CASE("the audit tells a stream's version, its sums and its accounts apart") {
    Office behind;
    auto change = behind.meddling(behind.order);
    change.events = {store::encode_event(said)};
    change.index = {};
    REQUIRE(behind.store->write(change));
    const auto name = "stream " + to_base32(behind.order.bytes) + " (shop R1): ";
    CHECK(behind.audited() == name + "the index knows version 3, the stream has 4");

    Office of_party;
    of_party.pay_out();
    CHECK(of_party.audited().empty());
    for (const auto currency : {Currency::eur, Currency::usd})
        of_party.run(
            {.stream = of_party.seller,
             .what = ledger::Observation{.when = start + 3h,
                                         .seen =
                                             ledger::SeeDepositPaid{
                                                 Word(currency == Currency::eur ? "a" : "b"),
                                                 currency, currency == Currency::eur ? 700 : 900}},
             .received_at = start + 3h});
    CHECK(of_party.audited().empty());  // each currency has accounts of its own
    change = of_party.meddling(of_party.seller);
    change.events = {store::encode_event(ledger::Recorded{
        .at = start + 4h, .when = start + 4h, .event = ledger::DepositCoverSet{true}})};
    change.entries = {{"deposit", Money::of_minor(1, Currency::usd)},
                      {"bank", Money::of_minor(-1, Currency::usd)}};
    REQUIRE(of_party.store->write(change));
    CHECK(of_party.audited() == "stream " + to_base32(of_party.seller.bytes) +
                                    ": its entries say 9.01 USD in deposit, its events 9.00 USD");
}

// --- What the engine holds

TEST_CASE("the cache keeps so many streams, those used last") {
    LiveCache cache(2);
    const auto id = [](std::uint8_t number) { return party_stream(party(number)); };
    for (std::uint8_t number = 1; number <= 3; ++number) cache.put(id(number), {LiveParty{}});
    CHECK(cache.size() == 3);  // until it is trimmed
    REQUIRE(cache.find(id(1)));
    cache.trim();
    CHECK(cache.size() == 2);
    CHECK(cache.find(id(1)));
    CHECK_FALSE(cache.find(id(2)));
    CHECK(cache.find(id(3)));
}

TEST_CASE("a party's stream that cannot be read is named; the cause of a placing is one word") {
    Office office;
    office.pay_out();
    auto change = office.meddling(office.seller);
    change.events = {{.at = start + 4h, .kind = "fined", .v = 1, .payload = R"({"amount":"x"})"}};
    REQUIRE(office.store->write(change));
    office.writer.forget_all();
    const auto found = office.writer.look_up(office.seller);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().find("(fined)/") != std::string::npos);
    CHECK(placing_cause("shop", "R1") == "place:shop:R1");
    CHECK(placing_cause("shop", "R1", "c") == "place@c:shop:R1");
    CHECK_FALSE(placed_by("placex:shop:R1"));
}

TEST_CASE("a clock that is off by just as much as it may be is believed") {
    for (const auto more : {0ms, 1ms}) {
        Duration wall{}, monotonic{};
        ClockGuard guard({.wall = [&] { return start + wall; },
                          .monotonic = [&] { return nanoseconds(monotonic); }});
        wall = 1h + ClockGuard::jump_least + more;
        monotonic = 1h;
        CHECK(guard.now() == start + (more == 0ms ? wall : monotonic));
        CHECK(guard.is_believed() == (more == 0ms));
    }
}

TEST_CASE("stopping answers all that was taken, however little is done at a time") {
    const auto store = store::make_memory_store();
    EngineOptions options;
    options.batch_most = 1;
    Engine engine(*store, engine_test::rules(),
                  {.wall = [] { return start; }, .monotonic = [] { return nanoseconds(0); }},
                  options);
    std::atomic<int> done = 0;
    for (int i = 0; i < 100; ++i)
        engine.submit(work(place("R" + std::to_string(i))), [&](const Answer& answer) {
            if (answer.outcome == Outcome::done) ++done;
        });
    engine.stop();
    CHECK(done == 100);
}

TEST_CASE("the engine's heart beats while it runs and when it stops") {
    const auto store = store::make_memory_store();
    std::atomic<std::int64_t> passed = 0;
    const Clock clock{.wall = [&] { return start + milliseconds(passed.load()); },
                      .monotonic = [&] { return nanoseconds(milliseconds(passed.load())); }};
    EngineOptions options;
    options.look_every = 5ms;
    {
        Engine engine(*store, engine_test::rules(), clock, options);
        const auto beat = [&] {
            std::optional<Instant> at;
            engine.with_store([&](store::Store& s, Writer&) { at = ServiceLog(s).last_beat(); });
            return at;
        };
        CHECK(beat() == start);
        passed = 4'999;
        std::this_thread::sleep_for(50ms);
        CHECK(beat() == start);  // not before it is time
        passed = 5'000;
        for (int i = 0; i < 1'000 && beat() == start; ++i) std::this_thread::sleep_for(10ms);
        CHECK(beat() == start + 5s);
        passed = 7'000;
    }
    CHECK(ServiceLog(*store).last_beat() == start + 7s);
}

}  // namespace holdfast::engine_test
