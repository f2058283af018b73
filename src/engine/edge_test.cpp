// The edges of guards: the last that is taken beside the first that is not, what is refused by
// which word, and one of each kind where two would be told apart.
#include "engine/auditor.h"
#include "engine/courier.h"
#include "engine/event_text.h"
#include "engine/json_members.h"
#include "engine/notices.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_text.h"
#include "engine/outbox_words.h"
#include "engine/reconciliation.h"
#include "engine/sandbox_processor.h"
#include "engine/service_log.h"
#include "engine/stripe_answer.h"
#include "engine/test_support.h"
#include "engine/webhook_signature.h"
#include "formats/stripe_money.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <memory>

namespace holdfast::engine_test {
namespace {

using store::StreamKind;

struct Bench {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};
    SandboxProcessor processor;
    DirectPort port{*store, writer};
    Courier courier{port, processor};

    Answer run(const Work& work) { return writer.run({&work, 1}).front(); }
    void refund(std::string_view reference, order::Minor amount) {
        REQUIRE(
            run(work(reference, order::Party::seller, order::Refund{.amount = amount}, start + 2h))
                .outcome == Outcome::done);
    }
    std::vector<store::OutboxRow> rows() { return store->outbox(0, 99); }
};

// A change of a stream that no engine made.
store::Change meddling(store::Store& store, std::string_view reference) {
    const auto stream = stream_of(place(reference));
    store::Change change{.stream = stream, .kind = StreamKind::order};
    change.expected_version = store.load(stream).version;
    change.cause = "meddling";
    change.index = store.find(stream);
    return change;
}

boost::json::value json_of(std::string_view text) {
    return boost::json::parse({text.data(), text.size()});
}

store::FeedEvent told(store::StreamKind stream, std::string kind, std::string payload = "{}") {
    store::FeedEvent event{.position = 1, .stream = stream_of(place("R1")), .kind = stream};
    event.event.seq = 7;
    event.event.at = start;
    event.event.kind = std::move(kind);
    event.event.payload = std::move(payload);
    return event;
}

}  // namespace

// --- Words and numbers

TEST_CASE("stripe: what is a word and what is not") {
    for (const std::string& word : {std::string("a"), std::string("z"), std::string("0"),
                                    std::string("9"), std::string("_"), std::string(64, 'x')})
        CHECK(word_of(word) == word);
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("`"), std::string("/"), std::string(":"),
          std::string("A"), std::string(65, 'x')})
        CHECK(word_of(text).empty());
}

TEST_CASE("stripe: its own failures and its limits are no refusal, whatever the status") {
    for (const auto* type : {"api_error", "rate_limit_error", "idempotency_error"}) {
        const auto body = R"({"error":{"type":")" + std::string(type) + R"("}})";
        CHECK(meaning_of_failure(400, body).fate == Fate::unknown);
    }
    CHECK(meaning_of_failure(400, R"({"error":{"type":"card_error"}} and more)").fate ==
          Fate::unknown);
}

TEST_CASE("stripe: sums at their edges") {
    const auto money = [](const std::string& amounts) {
        return money_of(json_of("{" + amounts + R"("currency":"eur"})").as_object());
    };
    const auto eur = [](std::int64_t minor) { return Money::of_minor(minor, Currency::eur); };
    CHECK(money(R"("amount":500,"amount_reversed":1,)") == eur(499));
    CHECK(money(R"("amount":500,"amount_reversed":500,)") == eur(500));  // as a whole: its fate
    CHECK(money(R"("amount":500,"amount_reversed":-1,)") == eur(500));
    CHECK(money(R"("amount":0,)") == eur(0));
    CHECK_FALSE(money(""));
    const auto most_isk = Money::max_minor / 100;
    CHECK(formats::to_stripe_amount(Money::of_minor(most_isk, *parse_currency("ISK"))) ==
          most_isk * 100);
    CHECK_FALSE(formats::to_stripe_amount(Money::of_minor(most_isk + 1, *parse_currency("ISK"))));
    CHECK_FALSE(formats::to_stripe_amount(eur(0)));
    CHECK(formats::parse_stripe_money(Money::max_minor, "eur") == eur(Money::max_minor));
    CHECK_FALSE(formats::parse_stripe_money(Money::max_minor + 1, "eur"));
    CHECK_FALSE(formats::parse_stripe_money(1'000, "iqd"));
}

TEST_CASE("stripe: an event names what it is, and only a charge brings refunds with it") {
    const auto read = [](std::string_view object, std::string_view id, std::string_view type,
                         const std::string& inside) {
        return read_stripe_event(R"({"object":")" + std::string(object) + R"(","id":")" +
                                 std::string(id) + R"(","type":")" + std::string(type) +
                                 R"(","livemode":false,"data":{"object":)" + inside + "}}");
    };
    CHECK(read("event", "e", "t", "{}").has_value());
    CHECK_FALSE(read("refund", "e", "t", "{}").has_value());
    CHECK_FALSE(read("event", "", "t", "{}").has_value());
    CHECK_FALSE(read("event", "e", "", "{}").has_value());
    const std::string ours = R"("status":"canceled","metadata":{"holdfast_key":"k"})";
    CHECK(read("event", "e", "t", R"({"object":"customer",)" + ours + "}")->news.empty());
    const std::string refunds = R"("refunds":{"data":[1,{)" + ours + "}]}}";
    CHECK(read("event", "e", "t", R"({"object":"charge",)" + refunds)->news.size() == 1);
    CHECK(read("event", "e", "t", R"({"object":"invoice",)" + refunds)->news.empty());
}

TEST_CASE("a signature at its edges") {
    CHECK_FALSE(parse_webhook_secret("secret" + to_text(WebhookSecret(32)).substr(6)));
    const Instant epoch{};
    const std::vector<WebhookSecret> secrets(1, WebhookSecret(32));
    const auto headers = sign_webhook("evt_1", epoch, "{}", secrets);
    CHECK(headers.timestamp == "0");
    CHECK_FALSE(check_webhook(headers, "{}", secrets, epoch));
    auto last = headers;
    last.timestamp = "100000000000";
    CHECK(check_webhook(last, "{}", secrets, epoch) == SignatureProblem::too_new);
    last.timestamp = "100000000001";
    CHECK(check_webhook(last, "{}", secrets, epoch) == SignatureProblem::malformed);
}

TEST_CASE("numbers of a document, and where two documents differ") {
    CHECK(count_in(json_of("0")) == 0);
    CHECK(count_in(json_of("18446744073709551615")) == 18446744073709551615U);
    CHECK_FALSE(count_in(json_of("-1")));
    CHECK_FALSE(count_in(json_of("1.5")));
    struct Row {
        const char *one, *other;
        std::optional<std::string> expected;
    };
    const Row rows[] = {
        {"[1,2]", "[1,2]", {}},
        {"[1,2]", "[1]", "/1"},
        {"[1]", "[1,2]", "/1"},
        {R"({"a":1})", "[1]", ""},
        {"[1]", R"({"a":1})", ""},
        {"1", R"({"a":1})", ""},
        {"1", "[1]", ""},
        {R"({"a":[1]})", R"({"a":[2]})", "/a/0"},
        {R"({"a":1,"b":2})", R"({"a":1})", "/b"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.one);
        CAPTURE(row.other);
        CHECK(find_difference(json_of(row.one), json_of(row.other)) == row.expected);
    }
}

// --- Events in words

TEST_CASE("what an endpoint is told, and of whose stream") {
    CHECK(is_told(told(StreamKind::order, "placed")));
    CHECK(is_told(told(StreamKind::party, "fined")));
    CHECK_FALSE(is_told(told(StreamKind::system, "outage")));
    CHECK_FALSE(is_told(told(StreamKind::order, "acknowledged")));
    CHECK_FALSE(is_told(told(StreamKind::party, "acknowledged")));
    CHECK(event_body(told(StreamKind::order, "placed")).contains(R"("order_id":"ord_)"));
    CHECK(event_body(told(StreamKind::party, "fined")).contains(R"("party_id":"pty_)"));
    CHECK(event_type(StreamKind::party, "payout_held") == "payout.held");
    CHECK(event_type(StreamKind::order, "default_struck") == "order.default_struck");
    CHECK(event_type(StreamKind::order, "paymentless") == "order.paymentless");

    const std::vector<std::string> types{"order.placed", "dispute.*"};
    CHECK(is_wanted("order.placed", types));
    CHECK(is_wanted("dispute.opened", types));
    CHECK_FALSE(is_wanted("order.placed_again", types));
    CHECK_FALSE(is_wanted("disputes.opened", types));
    CHECK(is_wanted("anything", {}));
    CHECK_FALSE(is_wanted("order.place", types));
}

TEST_CASE("a body is told whole up to its limit") {
    const auto with = [](std::size_t size) {
        return event_body(told(StreamKind::order, "placed", std::string(size, '1')));
    };
    const auto frame = with(1).size() - 1;
    CHECK(with(event_body_most - frame).size() == event_body_most);
    CHECK(with(event_body_most - frame + 1).size() < 300);
}

// --- The outbox

TEST_CASE("states of a row by their words, and rows by their number") {
    for (const auto state : {store::OutboxState::pending, store::OutboxState::unknown,
                             store::OutboxState::failed, store::OutboxState::needs_attention})
        CHECK(parse_outbox_state(word_of(state)) == state);
    CHECK_FALSE(parse_outbox_state(""));
    CHECK_FALSE(parse_outbox_state("done"));

    Bench bench;
    bench.writer.run(shipped("R1"));
    for (const order::Minor amount : {1, 2, 3}) bench.refund("R1", amount);
    const auto rows = bench.rows();
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) CHECK(find_row(*bench.store, row.no)->no == row.no);
    bench.store->end_outbox({&rows[1].no, 1});
    CHECK_FALSE(find_row(*bench.store, rows[1].no));  // not the one that follows it
    CHECK_FALSE(find_row(*bench.store, 0));
    CHECK(find_row(*bench.store, rows[2].no)->no == rows[2].no);
}

TEST_CASE("a courier leaves alone what it cannot read, and takes it as long as its lease") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    auto change = meddling(*bench.store, "R1");
    change.events = {store::encode_event(
        order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
    change.outbox = {{std::string(instruction_kind), "{torn", start},
                     {std::string(payout_kind), "{torn", start}};
    REQUIRE(bench.store->write(change));
    CHECK(bench.courier.round(start + 3h, 10) == 2);
    CHECK(bench.processor.requests() == 0);
    for (const auto& row : bench.rows()) {
        CHECK(row.state == store::OutboxState::needs_attention);
        CHECK(row.problem == "the row cannot be read");
        CHECK_FALSE(outgoing_of(row));
    }
    CHECK_FALSE(parse_key("xyz_" + std::string(26, '0') + ":payout:1"));
}

TEST_CASE("what a courier may not know of is sent, what is settled elsewhere is not") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    bench.refund("R1", 1'000);
    const auto no = bench.rows().at(0).no;
    // Taken by another for a while: neither sent nor asked about.
    REQUIRE(bench.store->lease_outbox(instruction_kind, start + 3h, start + 4h, 9).size() == 1);
    CHECK(bench.courier.round(start + 3h + 30min, 10) == 0);
    CHECK(bench.processor.requests() == 0);
    CHECK(bench.courier.round(start + 4h, 10) == 1);
    CHECK(bench.processor.executed() == 1);
    CHECK_FALSE(find_row(*bench.store, no));

    // Under way: asked about an hour later, and not before.
    bench.refund("R1", 500);
    bench.processor.script(Script::accept);
    CHECK(bench.courier.round(start + 5h, 10) == 1);
    CHECK(bench.rows().at(0).item.due == start + 5h + ask_under_way_every);
    CHECK(bench.rows().at(0).attempts == 0);
    CHECK(bench.courier.round(start + 6h - 1ms, 10) == 0);
    CHECK(bench.courier.round(start + 6h, 10) == 1);
    CHECK(bench.rows().empty());
    const auto events = bench.store->load(stream_of(place("R1"))).events;
    CHECK(events.back().cause == "processor:sandbox");  // nothing to say of what went well
}

TEST_CASE("the sandbox keeps to a key's first amount, and asked again pays nothing twice") {
    SandboxProcessor processor;
    const Outgoing one{.key = "k", .amount = Money::of_minor(500, Currency::eur)};
    CHECK(processor.send(one).fate == Fate::succeeded);
    processor.script(Script::fail);
    CHECK(processor.send(one).fate == Fate::succeeded);  // the script is for new ones
    auto other = one;
    other.amount = Money::of_minor(501, Currency::eur);
    CHECK(processor.send(other).fate == Fate::unknown);
    CHECK(processor.executed() == 1);
}

TEST_CASE("keys with the largest number of an order's instruction, and ends of a payout") {
    const auto stream = stream_of(place("R1"));
    CHECK(work_of_end({stream, instruction_kind, 65'535}, Fate::failed, start));
    CHECK_FALSE(work_of_end({stream, instruction_kind, 65'536}, Fate::failed, start));
    for (const auto fate : {Fate::succeeded, Fate::failed}) {
        const auto work = work_of_end({stream, payout_kind, 1}, fate, start).value();
        const auto& seen = std::get<ledger::Observation>(work.what).seen;
        CHECK(
            std::get<ledger::SeePayout>(seen).state ==
            (fate == Fate::failed ? ledger::PayoutState::failed : ledger::PayoutState::succeeded));
    }
}

// --- Notices

TEST_CASE("events looked at, rows that speak of none, and one that was disabled before") {
    Bench bench;
    std::vector<Notice> brought;
    Notices notices(
        bench.port,
        [&](const Notice& notice) {
            brought.push_back(notice);
            return NoticeReply{.fate = NoticeReply::Fate::gone, .problem = "410"};
        },
        [](std::span<std::uint8_t>) {});
    const store::Endpoint endpoint{
        .id = IdBytes{1}, .url = "https://shop.example/", .secret = to_text(WebhookSecret(32))};
    bench.store->put_endpoint(endpoint);
    bench.writer.run(shipped("R1"));
    CHECK(notices.fan_out(start, 99) == 3);
    CHECK(notices.fan_out(start, 99) == 0);
    CHECK(notices.deliver(start, 1) == 1);
    CHECK(bench.store->endpoints()[0].disabled == "410");
    CHECK(notices.deliver(start, 99) == 2);
    CHECK(brought.size() == 1);
    CHECK(bench.store->endpoints()[0].disabled == "410");
    CHECK(notices.counts().disabled == 1);
    bench.writer.run(shipped("R2"));
    CHECK(notices.fan_out(start, 99) == 0);

    // A row that cannot be read or speaks of no event is not told.
    auto change = meddling(*bench.store, "R1");
    change.events = {store::encode_event(
        order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
    const auto text = [&](std::int64_t position) {
        return encode(NoticeText{.endpoint = endpoint.id, .position = position});
    };
    change.outbox = {{std::string(notice_kind), "{torn", start},
                     {std::string(notice_kind), text(0), start},
                     {std::string(notice_kind), text(9'999), start}};
    bench.store->put_endpoint(endpoint);
    REQUIRE(bench.store->write(change));
    CHECK(notices.deliver(start + 1h, 99) == 3);
    CHECK(brought.size() == 1);
    CHECK(notices.counts().dropped == 1);
    std::size_t unheard_of = 0;
    for (const auto& row : bench.rows()) unheard_of += row.problem == "no such event";
    CHECK(unheard_of == 2);
}

TEST_CASE("why an endpoint was disabled stays what it was") {
    Bench bench;
    store::Endpoint endpoint{
        .id = IdBytes{1}, .url = "https://shop.example/", .secret = to_text(WebhookSecret(32))};
    bench.store->put_endpoint(endpoint);
    Notices notices(
        bench.port,
        [&](const Notice&) {  // while it is asked, somebody disables it by hand
            endpoint.disabled = "by hand";
            bench.store->put_endpoint(endpoint);
            return NoticeReply{.fate = NoticeReply::Fate::gone, .problem = "410"};
        },
        [](std::span<std::uint8_t>) {});
    bench.writer.run(shipped("R1"));
    CHECK(notices.fan_out(start, 1) == 1);
    CHECK(notices.deliver(start, 1) == 1);
    CHECK(bench.store->endpoints()[0].disabled == "by hand");
    CHECK(notices.counts().disabled == 0);
}

TEST_CASE("what a key alone wrote is nobody's news") {
    Bench bench;
    Notices notices(
        bench.port, [](const Notice&) { return NoticeReply{}; }, [](std::span<std::uint8_t>) {});
    bench.writer.run(shipped("R1"));
    bench.store->put_endpoint({.id = IdBytes{1},
                               .url = "https://shop.example/",
                               .secret = to_text(WebhookSecret(32)),
                               .position = bench.store->feed_end()});
    const auto again = seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, start);
    REQUIRE(bench.run(keyed(again, "k")).outcome == Outcome::done);
    CHECK(notices.fan_out(start + 2h, 99) == 1);
    CHECK(bench.rows().empty());
}

// --- Books

TEST_CASE("an audit counts what it read, in each currency for itself") {
    Bench bench;
    for (const auto* reference : {"R1", "R2"}) bench.writer.run(shipped(reference));
    AuditCounts counts;
    CHECK_FALSE(find_disagreement(*bench.store, counts));
    CHECK(counts.events == 6);
    CHECK(counts.entries == 4);

    auto change = meddling(*bench.store, "R2");
    change.events = {store::encode_event(
        order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
    change.entries = {{"escrow", Money::of_minor(100, Currency::usd)},
                      {"buyer", Money::of_minor(-100, Currency::usd)}};
    REQUIRE(bench.store->write(change));
    AuditCounts again;
    const auto problem = find_disagreement(*bench.store, again);
    REQUIRE(problem);
    CHECK(problem->ends_with("it has entries in accounts that its events never used"));
}

TEST_CASE("the audit names a stream by its reference where it has one") {
    Bench bench;
    bench.writer.run(shipped("R1"));
    auto change = meddling(*bench.store, "R1");
    change.events = {{.at = start + 2h, .kind = "scanned", .v = 1, .payload = "{"}};
    change.outbox = {{std::string(transfer_kind), "{torn", start}};
    REQUIRE(bench.store->write(change));
    AuditCounts counts;
    CHECK(find_disagreement(*bench.store, counts));

    Bench torn;
    torn.writer.run(shipped("R1"));
    change = meddling(*torn.store, "R1");
    change.events = {store::encode_event(
        order::Recorded{.at = start + 2h, .when = start + 2h, .event = order::Acknowledged{}})};
    change.outbox = {{std::string(transfer_kind), "{torn", start}};
    REQUIRE(torn.store->write(change));
    const auto problem = find_disagreement(*torn.store, counts);
    REQUIRE(problem);
    CHECK(problem->starts_with("row "));
}

TEST_CASE("payments of a stream that cannot be read are no list") {
    Bench bench;
    for (const auto* reference : {"R1", "R2"}) bench.writer.run(shipped(reference));
    bench.refund("R1", 100);
    bench.refund("R2", 200);
    REQUIRE(payments_of(*bench.store));
    CHECK(payments_of(*bench.store)->size() == 2);
    const auto payments = payments_of(*bench.store);
    for (const auto& one : *payments) CHECK(one.row > 0);
    auto change = meddling(*bench.store, "R2");
    change.events = {{.at = start + 3h, .kind = "scanned", .v = 1, .payload = "{"}};
    REQUIRE(bench.store->write(change));
    CHECK_FALSE(payments_of(*bench.store));

    // A void is no money: a processor that does not list it has lost nothing.
    const OurPayment voided{.outgoing = {.key = "k",
                                         .what = Payment::void_authorisation,
                                         .amount = Money::of_minor(100, Currency::eur)},
                            .fate = Fate::succeeded};
    CHECK(find_differences({&voided, 1}, {}).empty());
}

// --- The service's log

TEST_CASE("a fence stands in the log until it is lifted, and a silence just long enough is none") {
    const auto store = store::make_memory_store();
    ServiceLog log(*store);
    CHECK_FALSE(log.last_beat());
    log.begin(start, 1min);
    CHECK(log.last_beat() == start);
    const auto is_fenced = [&] {
        ServiceLog fresh(*store);
        fresh.read();
        return fresh.is_fenced();
    };
    CHECK_FALSE(is_fenced());
    log.fence(start, "restored");
    CHECK(is_fenced());
    log.lift_fence(start);
    CHECK_FALSE(is_fenced());

    ServiceLog next(*store);
    next.begin(start + 1min, 1min);
    CHECK(next.outages().empty());
    next.begin(start + 2min + 1ms, 1min);
    CHECK(next.outages() ==
          std::vector<terms::Outage>{{.from = start + 1min, .until = start + 2min + 1ms}});
    // Another program wrote meanwhile.
    CHECK_THROWS_AS(log.beat(start + 3min), store::StoreDown);
}

}  // namespace holdfast::engine_test
