// Notices over real connections: a receiver that verifies every signature and misbehaves by chance,
// and a mailbox.
#include "engine_world.h"
#include "local_http_server.h"
#include "mail_server.h"

#include "engine/event_text.h"
#include "engine/notice_ways.h"
#include "engine/outbox_port.h"
#include "engine/webhook_signature.h"
#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr Instant noon{sys_days{year{2026} / 1 / 5} + 12h};
constexpr const char* secret_text = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

// Takes what is signed and of now; answers by chance what no sender may take for a yes.
class Receiver {
public:
    explicit Receiver(std::uint64_t seed) : random_(seed) {}

    Instant now{};
    bool is_gone = false, is_calm = false;
    std::map<std::string, std::string> taken;  // id -> body
    std::map<std::string, std::uint64_t> answers;

    std::string url(std::string_view path) const { return server_.url(path); }

private:
    LocalAnswer answer(const LocalRequest& request) {
        const WebhookHeaders headers{request.header("webhook-id"),
                                     request.header("webhook-timestamp"),
                                     request.header("webhook-signature")};
        const std::vector<WebhookSecret> secrets{parse_webhook_secret(secret_text).value()};
        if (request.method != "POST" || request.header("content-type") != "application/json" ||
            check_webhook(headers, request.body, secrets, now))
            return count("not believed", {.status = 401});
        if (is_gone && request.target == "/gone") return count("gone", {.status = 410});
        if (!is_calm) switch (random_() % 8) {
            case 0: return count("failed", {.status = 500});
            case 1:  // the effect, and then no answer
                take(headers.id, request.body);
                return count("no answer", {.end = LocalAnswer::End::none});
            case 2:
                return count("redirected",
                             {.status = 302, .headers = {{"location", server_.url("/other")}}});
            case 3:  return count("slow down", {.status = 429});
            default: break;
            }
        take(headers.id, request.body);
        return count("taken", {.status = random_() % 2 ? 200U : 204U});
    }
    void take(const std::string& id, const std::string& body) {
        const auto [known, is_new] = taken.emplace(id, body);
        if (!is_new) CHECK(known->second == body);  // the same on every attempt
    }
    LocalAnswer count(const char* what, LocalAnswer answer) {
        ++answers[what];
        return answer;
    }

    std::mt19937_64 random_;
    LocalHttpServer server_{[this](const LocalRequest& request) { return answer(request); }};
};

order::Placement sold() {
    order::Placement placed;
    placed.buyer.bytes[15] = 1;
    placed.seller.bytes[15] = 2;
    placed.lines = {{.sku = Word("mug"), .quantity = 1, .unit_price = 4'500}};
    placed.terms = terms::pin_of(marketplace_terms());
    placed.promised_by = noon + days{20};
    return placed;
}

Work placing(int number, Instant at) {
    const auto reference = "R" + std::to_string(number);
    return {
        .stream = order_stream("shop", reference, at),
        .what =
            PlaceOrder{
                .account = "shop", .reference = reference, .placed_at = at, .placement = sold()},
        .received_at = at};
}

Work paid(int number, Instant at) {
    return {.stream = placing(number, at).stream,
            .what = order::Observation{.when = at, .seen = order::SeeCaptured{.amount = 4'500}},
            .received_at = at,
            .cause = "test"};
}

Notices::Random seeded(std::uint64_t seed) {
    return [random = std::mt19937_64(seed)](std::span<std::uint8_t> bytes) mutable {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    };
}

store::Endpoint endpoint_of(std::uint8_t number, std::string url) {
    return {.id = IdBytes{number}, .url = std::move(url), .secret = secret_text};
}

}  // namespace

TEST_CASE("notices: over connections that fail by chance everything is told, and only what was") {
    const auto seed = number_of("HOLDFAST_SEED", 1);
    CAPTURE(seed);
    const store_test::Directory directory;
    auto store = store::open_sqlite(directory.file("store.db"));
    auto writer = std::make_unique<Writer>(*store, marketplace_book());
    auto port = std::make_unique<DirectPort>(*store, *writer);
    http::Client client({.allow_private = true, .allow_http = true});
    Receiver receiver(seed);
    const auto make = [&] {
        return std::make_unique<Notices>(*port, bring_by(client, std::nullopt), seeded(seed));
    };
    auto notices = make();
    store->put_endpoint(endpoint_of(1, receiver.url("/all")));

    auto now = noon;
    std::mt19937_64 random(seed);
    std::uint64_t restarts = 0;
    const auto go_on = [&](Duration step) {
        now += step;
        receiver.now = now;
        notices->fan_out(now, 5);
        notices->deliver(now, 7);
    };
    for (int i = 0; i < 60; ++i) {
        const std::vector works{placing(i, now), paid(i, now)};
        for (const auto& answer : writer->run(works)) REQUIRE(answer.outcome == Outcome::done);
        go_on(seconds{random() % 20});
        if (random() % 10 != 0) continue;
        ++restarts;  // what was leased or half told is found again
        notices.reset();
        port.reset();
        writer.reset();
        store.reset();
        store = store::open_sqlite(directory.file("store.db"));
        writer = std::make_unique<Writer>(*store, marketplace_book());
        port = std::make_unique<DirectPort>(*store, *writer);
        notices = make();
    }
    for (int i = 0; i < 400 && !store->outbox(0, 1).empty(); ++i) {
        receiver.is_calm = i > 5;
        go_on(hours{6});
    }
    CHECK(store->outbox(0, 9).empty());

    std::set<std::string> wanted;
    for (const auto& event : store->feed(0, 9'999))
        if (is_told(event)) wanted.insert(event_id(event));
    CHECK(wanted.size() == 120);
    std::set<std::string> told;
    for (const auto& [id, body] : receiver.taken) told.insert(id);
    CHECK(told == wanted);
    CHECK(restarts > 0);
    CHECK(receiver.answers["not believed"] == 0);
    for (const char* fault : {"failed", "no answer", "redirected", "slow down"}) {
        CAPTURE(fault);
        CHECK(receiver.answers[fault] > 0);
    }
    MESSAGE("told " << told.size() << " events in " << receiver.answers["taken"]
                    << " answers, failed " << receiver.answers["failed"] << ", without an answer "
                    << receiver.answers["no answer"] << ", restarts " << restarts);
}

TEST_CASE("notices: through a running engine, to a receiver, a mailbox and one that is gone") {
    const store_test::Directory directory;
    const auto store = store::open_sqlite(directory.file("store.db"));
    Receiver receiver(7);
    receiver.is_calm = receiver.is_gone = true;
    MailServer mail_server;
    store->put_endpoint(endpoint_of(1, receiver.url("/all")));
    store->put_endpoint(endpoint_of(2, receiver.url("/gone")));
    auto mailbox = endpoint_of(3, "mailto:ops@home.example");
    mailbox.types = {"order.*"};
    store->put_endpoint(mailbox);
    auto nobody = endpoint_of(4, "mailto:refuse@home.example");
    nobody.types = {"payment.*"};
    store->put_endpoint(nobody);

    receiver.now = noon;
    http::Client client({.allow_private = true, .allow_http = true});
    http::MailSender sender(mail_server.settings());
    {
        Engine engine(*store, marketplace_book(),
                      {.wall = [] { return noon; }, .monotonic = [] { return 0ns; }});
        EnginePort port(engine);
        Notices notices(port,
                        bring_by(client, MailWay{.sender = sender,
                                                 .from = {.address = "desk@shop.example"},
                                                 .now = [] { return noon; }}),
                        seeded(1));
        CHECK(engine.run(placing(1, noon)).outcome == Outcome::done);
        CHECK(engine.run(paid(1, noon)).outcome == Outcome::done);
        while (notices.fan_out(noon, 100) > 0) {
        }
        while (notices.deliver(noon, 100) > 0) {
        }
        CHECK(notices.counts().told == 3);
        CHECK(notices.counts().disabled == 1);
        engine.stop();
    }
    CHECK(receiver.taken.size() == 2);
    CHECK(receiver.answers["gone"] == 1);
    const auto mail = mail_server.taken();
    CHECK(mail.at("to") == "ops@home.example");
    CHECK(store->endpoints()[1].disabled == "answered 410");

    std::map<std::string, std::size_t> failed;
    for (const auto& row : store->outbox(0, 99)) {
        CHECK(row.state == store::OutboxState::failed);
        ++failed[row.problem];
    }
    CHECK(failed.size() == 3);
    CHECK(failed["answered 410"] == 1);
    CHECK(failed["disabled: answered 410"] == 1);
    CHECK(failed["550 5.1.1 no such mailbox"] == 1);
}

TEST_CASE("notices: an answer's status says what became of a call") {
    struct Row {
        unsigned status;
        NoticeReply::Fate fate;
        const char* problem;
    };
    using enum NoticeReply::Fate;
    const Row rows[] = {{200, taken, ""},
                        {299, taken, ""},
                        {300, not_now, "answered 300"},
                        {404, not_now, "answered 404"},
                        {410, gone, "answered 410"}};
    unsigned status = 0;
    LocalHttpServer server([&](const LocalRequest&) { return LocalAnswer{.status = status}; });
    http::Client client({.allow_private = true, .allow_http = true});
    for (const auto& row : rows) {
        CAPTURE(row.status);
        status = row.status;
        const auto reply = bring_by(client, std::nullopt)(
            {.to = server.url("/hook"), .id = "evt_1", .type = "order.placed", .body = "{}"});
        CHECK(reply.fate == row.fate);
        CHECK(reply.problem == row.problem);
    }
}

TEST_CASE("notices: a mail is known by its event, and needs a server to go by") {
    const Notice notice{
        .to = "mailto:ops@home.example", .id = "evt_1", .type = "order.placed", .body = "{}"};
    http::Client client;
    const auto nowhere = bring_by(client, std::nullopt)(notice);
    CHECK(nowhere.fate == NoticeReply::Fate::rejected);
    CHECK(nowhere.problem == "no mail server is set");

    MailServer server;
    http::MailSender sender(server.settings());
    const auto reply = bring_by_mail(sender, {.address = "desk@shop.example"}, notice, noon);
    CHECK(reply.fate == NoticeReply::Fate::taken);
    const auto mail = decoded(server.taken().at("mail").as_string());
    CHECK_MESSAGE(mail.contains("Message-ID: <evt_1@shop.example>\r\n"), mail);
}

}  // namespace holdfast::test
