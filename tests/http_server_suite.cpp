// The HTTP server over time: answers given later, streams, slow clients, full houses, the end.
#include "http_server_fixture.h"
#include "raw_client.h"

#include "base/verify.h"

namespace holdfast::test {
namespace {

using http::Written;

const std::string close_field = "Connection: close\r\n";

std::string get(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::vector<RawAnswer> answers_to(const TestServer& server, const std::string& bytes) {
    RawClient client(server.server.port());
    client.send(bytes);
    return answers_in(client.read_all());
}

int only_status_to(const TestServer& server, const std::string& bytes) {
    const auto answers = answers_to(server, bytes);
    REQUIRE(answers.size() == 1);
    return answers[0].status;
}

// Writes until nothing more is taken; how many pieces were.
std::size_t fill(http::AnswerStream& stream, const std::string& piece) {
    std::size_t taken = 0;
    while (stream.write(piece) == Written::taken) ++taken;
    return taken;
}

// Something that happens on another thread, once or more.
class Signal {
public:
    void give() {
        const std::lock_guard lock(mutex_);
        is_given_ = true;
        given_.notify_all();
    }
    void await() {
        std::unique_lock lock(mutex_);
        CHECK(given_.wait_for(lock, std::chrono::seconds{20}, [&] { return is_given_; }));
        is_given_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable given_;
    bool is_given_ = false;
};

}  // namespace

TEST_CASE("http server: an answer says which request, when, how long, and what not to do with it") {
    TestServer server;
    const auto answers =
        answers_to(server, get("/e/x%2Dy?a=b+c") + "HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n" +
                               get("/none", close_field));
    REQUIRE(answers.size() == 3);
    CHECK(answers[0].body == "GET /e/x%2Dy name=x-y ?a=b c|");
    for (const auto& answer : answers) {
        CHECK(answer.says("Date: Sun, 06 Nov 1994 08:49:37 GMT"));
        CHECK(answer.says("Cache-Control: no-store"));
        CHECK(answer.says("X-Content-Type-Options: nosniff"));
        CHECK(answer.says("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"));
    }
    CHECK(answers[0].says("Request-Id: " + to_string(http::RequestId{{0, 0, 1}})));
    CHECK(answers[1].says("Content-Length: 11"));
    CHECK(answers[1].body.empty());
    CHECK(answers[2].says("Connection: close"));
    CHECK(answers[2].body ==
          R"({"type":"https://docs.example/problems/not_found","title":"Not Found","status":404,)"
          R"("code":"not_found","detail":"There is nothing here.","instance":"/none",)"
          R"("request_id":")" +
              to_string(http::RequestId{{0, 0, 3}}) + R"("})");
}

TEST_CASE("http server: other methods are named") {
    TestServer server;
    const auto answers = answers_to(server,
                                    "PATCH /echo HTTP/1.1\r\nHost: a\r\n\r\n"
                                    "OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n" +
                                        get("/", close_field));
    REQUIRE(answers.size() == 3);
    CHECK(answers[0].status == 405);
    CHECK(answers[0].says("Allow: GET, HEAD, OPTIONS, POST, PUT"));
    CHECK(answers[1].status == 204);
    CHECK(answers[1].says("Allow: GET, HEAD, OPTIONS, POST, PUT"));
    CHECK_FALSE(answers[1].says("Content-Length"));
}

TEST_CASE("http server: a body is asked for only where it is wanted") {
    TestServer server;
    RawClient client(server.server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n" +
                close_field + "\r\n");
    CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(server.handler.handled == 0);
    client.send("abc");
    CHECK(answers_in(client.read_all()).at(0).body == "POST /echo|abc");

    for (const auto* path : {"/denied", "/none", "/echo"}) {
        CAPTURE(path);
        const auto status =
            only_status_to(server, std::string("POST ") + path +
                                       " HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n"
                                       "Expect: 100-continue\r\n\r\n");
        CHECK((status == 401 || status == 404 || status == 413));
    }
    CHECK(server.handler.handled == 1);
}

TEST_CASE("http server: an answer may come later and from elsewhere, and keeps its place") {
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/later") + get("/e/next", close_field));
    auto kept = server.handler.next_kept();
    CHECK(server.handler.handled == 1);  // the next one waits
    std::thread([reply = std::move(kept.second)]() mutable {
        reply.send({.status = 201, .body = "later"});
    }).join();
    const auto answers = answers_in(client.read_all());
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].body == "later");
    CHECK(answers[1].body == "GET /e/next name=next|");
}

TEST_CASE("http server: a reply answers once, and only what can be sent") {
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/later") + get("/later", close_field));
    {
        auto kept = server.handler.next_kept();
        CHECK_THROWS_AS(kept.second.send({.headers = {{"X", "a\r\nY: b"}}}), VerifyFailed);
        CHECK_THROWS_AS(kept.second.send({.headers = {{"Content-Length", "1"}}}), VerifyFailed);
        CHECK_THROWS_AS(kept.second.send({.status = 204, .body = "x"}), VerifyFailed);
        CHECK_THROWS_AS(kept.second.send({.status = 100}), VerifyFailed);
        auto moved = std::move(kept.second);
        moved.send({.body = "once"});
        CHECK_THROWS_AS(moved.send({.body = "twice"}), VerifyFailed);
    }
    {
        const auto dropped = server.handler.next_kept();
    }
    const auto answers = answers_in(client.read_all());
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].body == "once");
    CHECK(answers[1].status == 500);
    CHECK(server.observer.failures == 1);
}

TEST_CASE("http server: a handler that throws is answered for, and told of once") {
    TestServer server;
    const auto answers = answers_to(server, get("/throw") + get("/echo", close_field));
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].status == 500);
    CHECK_FALSE(answers[0].body.contains("thrown"));
    CHECK(answers[1].status == 200);
    CHECK(server.observer.failures == 1);
}

TEST_CASE("http server: a half-closed client still gets its answer") {
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/later"));
    client.say_no_more();
    auto kept = server.handler.next_kept();
    kept.second.send({.body = "here"});
    CHECK(answers_in(client.read_all()).at(0).body == "here");
}

TEST_CASE("http server: who answers a client that has gone, or a server that has, answers nobody") {
    std::optional<http::Reply> late;
    std::optional<http::AnswerStream> stream;
    {
        TestServer server;
        RawClient client(server.server.port());
        client.send(get("/later"));
        auto kept = server.handler.next_kept();
        client.reset();
        kept.second.send({.body = "nobody"});
        RawClient second(server.server.port());
        second.send(get("/later"));
        late = server.handler.next_kept().second;
        RawClient third(server.server.port());
        third.send(get("/stream"));
        stream = server.handler.next_kept().second.stream({});
        server.server.stop(Duration{0});
        CHECK(second.read_all().empty());
    }
    late->send({.body = "too late"});
    CHECK(stream->write("too late") == Written::gone);
    CHECK(stream->is_gone());
}

TEST_CASE("http server: a streamed answer comes in pieces, and the connection goes on") {
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/stream"));
    auto kept = server.handler.next_kept();
    auto stream = kept.second.stream({.headers = {{"Content-Type", "text/event-stream"}}});
    CHECK(stream.write("data: 1\n\n") == Written::taken);
    const auto first = client.read_until("data: 1\n\n\r\n");
    CHECK(first.contains("Transfer-Encoding: chunked\r\n"));
    client.send(get("/e/next", close_field));
    CHECK(stream.write("data: 2\n\n") == Written::taken);
    stream.finish();
    const auto answers = answers_in(first + client.read_all());
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].body == "data: 1\n\ndata: 2\n\n");
    CHECK(answers[1].body == "GET /e/next name=next|");
}

TEST_CASE("http server: a stream that is dropped is no whole answer") {
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/stream"));
    {
        auto stream = server.handler.next_kept().second.stream({});
        CHECK(stream.write("half") == Written::taken);
    }
    const auto bytes = client.read_all();
    CHECK(bytes.ends_with("4\r\nhalf\r\n"));
    server.observer.await(200);
}

TEST_CASE("http server: a stream to HTTP/1.0 ends with the connection, one to HEAD with its head") {
    Signal gone;  // outlives the server, which may still be giving it
    TestServer server;
    RawClient client(server.server.port());
    client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    auto stream = server.handler.next_kept().second.stream({});
    CHECK(stream.write("all") == Written::taken);
    stream.finish();
    const auto bytes = client.read_all();
    CHECK(bytes.ends_with("\r\n\r\nall"));
    CHECK_FALSE(bytes.contains("chunked"));

    RawClient head(server.server.port());
    head.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n" + close_field + "\r\n");
    auto none = server.handler.next_kept().second.stream({});
    none.on_change([&] { gone.give(); });
    CHECK(head.read_all().ends_with("\r\n\r\n"));
    gone.await();
    CHECK(none.write("body") == Written::gone);
}

TEST_CASE("http server: a stream waits for its client, and learns that it has gone") {
    Signal change;  // outlives the server, which may still be giving it
    TestServer server({.stream_bytes = 1'000});
    RawClient client(server.server.port());
    client.send(get("/stream"));
    auto stream = server.handler.next_kept().second.stream({});
    stream.on_change([&] { change.give(); });
    const std::string piece(100'000, 'x');
    std::size_t taken = fill(stream, piece);
    for (int i = 0; i < 200 && taken < 300; ++i) {  // until the sockets are full, too
        std::this_thread::yield();
        taken += fill(stream, piece);
    }
    CHECK(stream.write(piece) == Written::full);
    CHECK_FALSE(stream.is_gone());

    SUBCASE("read") {
        std::thread reader([&] { client.read_until("0\r\n\r\n"); });
        change.await();
        while (stream.write("last") == Written::full) change.await();
        stream.finish();
        reader.join();
    }
    SUBCASE("gone") {
        client.reset();
        while (!stream.is_gone()) change.await();
        CHECK(stream.write("x") == Written::gone);
    }
}

TEST_CASE("http server: a stream whose client says no more is over") {
    Signal change;  // outlives the server, which may still be giving it
    TestServer server;
    RawClient client(server.server.port());
    client.send(get("/stream"));
    auto stream = server.handler.next_kept().second.stream({});
    stream.on_change([&] { change.give(); });
    client.read_until("\r\n\r\n");
    client.say_no_more();
    while (!stream.is_gone()) change.await();
    server.observer.await(200);
}

TEST_CASE("http server: who is too slow is told so, or closed") {
    SUBCASE("a head") {
        TestServer server({.head_time = 50ms});
        CHECK(only_status_to(server, "GET /echo HTTP/1.1\r\nHo") == 408);
        CHECK(only_status_to(server, "\r\n") == 408);
    }
    SUBCASE("a body") {
        TestServer server({.body_time = 50ms});
        CHECK(only_status_to(
                  server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na") == 408);
        CHECK(only_status_to(server,
                             "POST /echo HTTP/1.1\r\nHost: a\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc") == 408);
        CHECK(only_status_to(
                  server, "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na") == 404);
        CHECK(server.handler.handled == 0);
    }
    SUBCASE("between requests") {
        TestServer server({.idle_time = 50ms});
        CHECK(answers_to(server, "").empty());
        CHECK(only_status_to(server, get("/echo")) == 200);
    }
    SUBCASE("a reader") {
        TestServer server({.body_time = 50ms, .body_rate = 1'000'000'000});
        RawClient client(server.server.port());
        client.send(get("/later"));
        server.handler.next_kept().second.send({.body = std::string(50'000'000, 'x')});
        server.observer.await(200);  // given up: nothing was read so far
    }
}

TEST_CASE("http server: a body that has begun to come has more time than one that has not") {
    TestServer server({.body_time = 50ms, .body_rate = 1});
    const auto head =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n" + close_field + "\r\n";
    RawClient begun(server.server.port());
    begun.send(head + std::string(10, 'x'));  // ten seconds more
    CHECK(only_status_to(server, head) == 408);
    begun.send(std::string(10, 'x'));
    CHECK(answers_in(begun.read_all()).at(0).status == 200);
}

TEST_CASE("http server: a handler that takes too long is answered for, and its answer dropped") {
    TestServer server({.handling_time = 50ms});
    RawClient client(server.server.port());
    client.send(get("/later", close_field));
    auto kept = server.handler.next_kept();
    const auto answers = answers_in(client.read_all());
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 503);
    CHECK(answers[0].says("Retry-After: 2"));
    kept.second.send({.body = "too late"});
}

TEST_CASE("http server: past the bound a client is told to come again") {
    TestServer server({.connections = 2});
    RawClient first(server.server.port()), second(server.server.port());
    for (auto* client : {&first, &second}) {
        client->send(get("/echo"));
        CHECK(client->read_until("|").contains("200 OK"));
    }
    const auto answers = answers_to(server, get("/echo"));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].status == 503);
    CHECK(answers[0].says("Retry-After: 2"));
    CHECK(answers[0].says("Connection: close"));
    first.send(get("/echo", close_field));
    CHECK(first.read_all().contains("200 OK"));
    CHECK(server.handler.handled == 3);
}

TEST_CASE("http server: at the end what runs is finished, and what is idle closed") {
    Signal ending;  // outlives the server, which may still be giving it
    TestServer server({.linger_time = 50ms});
    RawClient idle(server.server.port()), busy(server.server.port()), reader(server.server.port());
    idle.send(get("/echo"));
    CHECK(idle.read_until("|").contains("200 OK"));
    busy.send(get("/later"));
    auto kept = server.handler.next_kept();
    reader.send(get("/stream"));
    auto stream = server.handler.next_kept().second.stream({});
    stream.on_change([&] { ending.give(); });

    std::thread stopping([&] { server.server.stop(20s); });
    CHECK(idle.read_all().empty());
    ending.await();
    CHECK(stream.is_ending());
    CHECK_FALSE(stream.is_gone());
    CHECK(stream.write("bye") == Written::taken);
    stream.finish();
    CHECK(answers_in(reader.read_all()).at(0).body == "bye");
    kept.second.send({.body = "done"});
    const auto last = answers_in(busy.read_all());
    REQUIRE(last.size() == 1);
    CHECK(last[0].body == "done");
    CHECK(last[0].says("Connection: close"));
    stopping.join();
}

TEST_CASE("http server: many clients on several threads, all answered from a thread elsewhere") {
    constexpr std::size_t clients = 8, requests = 25;
    TestServer server({}, /*threads=*/2);
    std::thread answering([&] {
        for (std::size_t i = 0; i < clients * requests; ++i) {
            auto kept = server.handler.next_kept();
            kept.second.send(EchoHandler::echo_of(kept.first));
        }
    });
    std::vector<std::thread> threads;
    std::atomic<std::size_t> answered = 0;
    for (std::size_t i = 0; i < clients; ++i)
        threads.emplace_back([&] {
            RawClient client(server.server.port());
            for (std::size_t n = 0; n + 1 < requests; ++n) client.send(get("/later"));
            client.send(get("/later", close_field));
            answered += answers_in(client.read_all()).size();
        });
    for (auto& thread : threads) thread.join();
    answering.join();
    CHECK(answered == clients * requests);
}

TEST_CASE("http server: a port that is taken cannot be listened at") {
    TestServer server;
    EchoHandler handler;
    http::ServerObserver observer;
    const auto listen = [&](const std::string& address, std::uint16_t port) {
        http::Server({.address = address,
                      .port = port,
                      .now = [] { return Instant{}; },
                      .next_request_id = [] { return http::RequestId{}; }},
                     http::Router(), handler, observer);
    };
    CHECK_THROWS_AS(listen("127.0.0.1", server.server.port()), std::runtime_error);
    CHECK_THROWS_AS(listen("no address", 0), std::runtime_error);
    CHECK_NOTHROW(listen("::1", 0));
}

}  // namespace holdfast::test
