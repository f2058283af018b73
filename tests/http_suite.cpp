// The HTTP client against a real server on this machine, and against what is none.
#include "child_process.h"
#include "local_http_server.h"

#include "http/client.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace holdfast::test {
namespace {

using namespace http;
using namespace std::chrono_literals;

const ClientOptions local{.allow_private = true, .allow_http = true};

LocalAnswer echo(const LocalRequest& request) {
    return {.body = request.method + " " + request.target + " " + request.header("X-Word") + " " +
                    request.body,
            .headers = {{"X-Answer", "yes"}}};
}

HttpProblem problem_of(const Outcome& outcome) {
    REQUIRE_FALSE(outcome.has_value());
    return outcome.error();
}

// A port that nobody listens at: bound, and given back.
std::uint16_t closed_port() {
    boost::asio::io_context io;
    using Tcp = boost::asio::ip::tcp;
    const Tcp::acceptor acceptor(io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

struct Variable {  // of the environment, for as long as it lives
    explicit Variable(const char* named, const char* value) : name(named) {
        ::setenv(name, value, 1);
    }
    ~Variable() { ::unsetenv(name); }
    const char* name;
};

// A TLS server with a certificate of its own for 127.0.0.1: openssl's.
class TlsServer {
public:
    TlsServer() {
        REQUIRE(::mkdtemp(folder_.data()) != nullptr);
        ChildProcess({openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes", "-keyout", file("key"), "-out",
                      file("certificate"), "-days", "2", "-subj", "/CN=local", "-addext",
                      "subjectAltName=IP:127.0.0.1"})
            .wait();
        server_ = std::make_unique<ChildProcess>(
            std::vector<std::string>{openssl, "s_server", "-accept", "127.0.0.1:0", "-cert",
                                     file("certificate"), "-key", file("key"), "-www"});
        auto line = server_->read_line();
        while (!line.empty() && !line.starts_with("ACCEPT ")) line = server_->read_line();
        REQUIRE(line.contains(':'));
        port_ = line.substr(line.rfind(':') + 1);
    }
    ~TlsServer() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    std::string file(const std::string& name) const { return folder_ + "/" + name; }
    const std::string& port() const { return port_; }

private:
    static constexpr const char* openssl = "/usr/bin/openssl";
    std::string folder_ = std::filesystem::temp_directory_path() / "holdfast-tls-XXXXXX";
    std::unique_ptr<ChildProcess> server_;
    std::string port_;
};

}  // namespace

TEST_CASE("http: a request arrives as it was said, and its answer comes back") {
    LocalHttpServer server(echo);
    Client client(local);
    const auto answer = client.send({.method = Method::post,
                                     .url = server.url("/a?b=c"),
                                     .headers = {{"X-Word", "w"}, {"X-Empty", ""}},
                                     .body = "body"});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "POST /a?b=c w body");
    CHECK(answer->header("x-answer") == "yes");
    CHECK(answer->header("x-other").empty());
}

TEST_CASE("http: a connection is kept for GET, and every POST has its own") {
    LocalHttpServer server(echo);
    Client client(local);
    for (int i = 0; i < 3; ++i) REQUIRE(client.send({.url = server.url("/")}));
    CHECK(server.connections() == 1);
    for (int i = 0; i < 2; ++i)
        REQUIRE(client.send({.method = Method::post, .url = server.url("/")}));
    CHECK(server.connections() == 3);
    REQUIRE(client.send({.url = server.url("/")}));
    CHECK(server.connections() == 3);
}

TEST_CASE("http: statuses are answers, and redirects are not followed") {
    LocalHttpServer server([](const LocalRequest& request) {
        if (request.target == "/gone") return LocalAnswer{.status = 410};
        return LocalAnswer{.status = 302, .headers = {{"Location", "/gone"}}};
    });
    Client client(local);
    CHECK(client.send({.url = server.url("/")})->status == 302);
    CHECK(client.send({.url = server.url("/gone")})->status == 410);
}

TEST_CASE("http: what cannot have been sent is told from what may have had an effect") {
    using End = LocalAnswer::End;
    struct Row {
        const char* name;
        End end;
        HttpProblemKind kind;
    };
    const Row rows[] = {{"closed without an answer", End::none, HttpProblemKind::other},
                        {"never answered", End::never, HttpProblemKind::timed_out},
                        {"broken off", End::half, HttpProblemKind::other}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        int requests = 0;
        {
            LocalHttpServer server([&](const LocalRequest&) {
                ++requests;
                return LocalAnswer{.body = "0123456789", .end = row.end};
            });
            Client client(local);
            const auto problem = problem_of(client.send({.method = Method::post,
                                                         .url = server.url("/"),
                                                         .body = "x",
                                                         .limits = {.total = 200ms}}));
            CHECK(problem.kind == row.kind);
            CHECK(problem.may_have_had_effect);
        }
        CHECK(requests == 1);  // and it was not sent again
    }
    Client client(local);
    const auto refused = problem_of(client.send(
        {.method = Method::post, .url = "http://127.0.0.1:" + std::to_string(closed_port())}));
    CHECK(refused.kind == HttpProblemKind::cannot_connect);
    CHECK_FALSE(refused.may_have_had_effect);
    const auto unknown = problem_of(client.send({.url = "http://no-such-host.invalid/"}));
    CHECK(unknown.kind == HttpProblemKind::cannot_resolve);
    CHECK_FALSE(unknown.may_have_had_effect);
}

TEST_CASE("http: an answer is taken up to its limit") {
    std::string body(1'000, 'b');
    std::string header;
    LocalHttpServer server([&](const LocalRequest&) {
        return LocalAnswer{.body = body, .headers = {{"X-Long", header}}};
    });
    Client client(local);
    const auto send = [&] {
        return client.send({.url = server.url("/"), .limits = {.response_bytes = 1'000}});
    };
    CHECK(send()->body == body);
    body += 'b';
    CHECK(problem_of(send()).kind == HttpProblemKind::too_large);
    body.clear();
    header.assign(1'000, 'h');
    const auto problem = problem_of(send());
    CHECK(problem.kind == HttpProblemKind::too_large);
    CHECK(problem.may_have_had_effect);
}

TEST_CASE("http: addresses of this machine and the nets behind it are not reached") {
    int requests = 0;
    LocalHttpServer server([&](const LocalRequest&) {
        ++requests;
        return LocalAnswer{};
    });
    Client client({.allow_http = true});
    const auto port = std::to_string(server.port());
    for (const auto* host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]",
                             "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "0", "169.254.169.254",
                             "10.0.0.1", "192.168.0.1", "[fe80::1]", "[fd00::1]", "224.0.0.1"}) {
        CAPTURE(host);
        const auto problem =
            problem_of(client.send({.url = "http://" + std::string(host) + ":" + port + "/"}));
        CHECK(problem.kind == HttpProblemKind::refused_address);
        CHECK_FALSE(problem.may_have_had_effect);
    }
    CHECK(server.connections() == 0);
    CHECK(requests == 0);
}

TEST_CASE("http: only https unless it is said, no other scheme, no credentials in an address") {
    LocalHttpServer server(echo);
    const ClientOptions strict{.allow_private = true};
    for (const auto& url : {server.url("/"), std::string("file:///etc/hostname"),
                            std::string("ftp://127.0.0.1/"), std::string("gopher://127.0.0.1/"),
                            std::string("https://user:word@127.0.0.1/"), std::string("no url")}) {
        CAPTURE(url);
        Client client(strict);
        const auto problem = problem_of(client.send({.url = url}));
        CHECK_FALSE(problem.may_have_had_effect);
    }
    CHECK(server.connections() == 0);
}

TEST_CASE("http: no header can end its line") {
    LocalHttpServer server(echo);
    Client client(local);
    const std::vector<Header> bad[] = {{{"X", "a\r\nY: b"}},
                                       {{"X", "a\nb"}},
                                       {{"X: a\r\nY", "b"}},
                                       {{"", "b"}},
                                       {{"X", std::string("a\0b", 3)}}};
    for (const auto& headers : bad)
        CHECK_FALSE(problem_of(client.send({.url = server.url("/"), .headers = headers}))
                        .may_have_had_effect);
    CHECK_FALSE(client.send({.url = server.url("/ HTTP/1.1\r\nX: y")}).has_value());
    CHECK(server.connections() == 0);
}

TEST_CASE("http: the environment's proxies are ignored") {
    LocalHttpServer server(echo);
    LocalHttpServer proxy([](const LocalRequest&) { return LocalAnswer{.status = 502}; });
    const Variable variables[] = {Variable("http_proxy", proxy.url().c_str()),
                                  Variable("ALL_PROXY", proxy.url().c_str())};
    Client client(local);
    CHECK(client.send({.url = server.url("/")})->status == 200);
    CHECK(proxy.connections() == 0);
}

TEST_CASE("http: a server that does not speak TLS is not believed") {
    LocalHttpServer server(echo);
    Client client({.allow_private = true});
    const auto problem = problem_of(client.send(
        {.method = Method::post, .url = "https://127.0.0.1:" + std::to_string(server.port())}));
    CHECK(problem.kind == HttpProblemKind::tls);
    CHECK_FALSE(problem.may_have_had_effect);
}

TEST_CASE("http: a certificate has to be trusted, and of the host that was meant") {
    const TlsServer server;
    const auto send = [&](const std::string& host, const std::string& certificates) {
        Client client({.allow_private = true, .certificates = certificates});
        return client.send({.url = "https://" + host + ":" + server.port() + "/"});
    };
    const auto own = server.file("certificate");
    const auto answer = send("127.0.0.1", own);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    for (const auto& outcome : {send("127.0.0.1", ""), send("localhost", own)}) {
        const auto problem = problem_of(outcome);
        CHECK(problem.kind == HttpProblemKind::tls);
        CHECK_FALSE(problem.may_have_had_effect);
    }
    const auto missing = problem_of(send("127.0.0.1", server.file("none")));
    CHECK(missing.kind == HttpProblemKind::tls);
}

TEST_CASE("http: an answer without end comes in pieces, until one side has enough") {
    const std::string body(300'000, 'x');  // more than one piece
    LocalHttpServer server([&](const LocalRequest& request) -> LocalAnswer {
        if (request.target == "/none") return {.status = 404, .body = "not here"};
        if (request.target == "/never") return {.end = LocalAnswer::End::never};
        const auto end =
            request.target == "/half" ? LocalAnswer::End::half : LocalAnswer::End::whole;
        return {.body = body, .end = end};
    });
    Client client(local);
    std::string got;
    std::size_t pieces = 0, most = 1'000'000;
    const auto follow = [&](std::string_view path, Duration silence = 30s) {
        got.clear();
        pieces = 0;
        const Request request{.url = server.url(path), .limits = {.response_bytes = 1'000}};
        return client.follow(request, silence, [&](std::string_view piece) {
            got += piece;
            return ++pieces < most;
        });
    };
    const auto whole = follow("/");
    REQUIRE(whole);
    CHECK(whole->status == 200);
    CHECK(whole->body.empty());
    CHECK(got == body);  // however long: the limit is of answers that are kept

    CHECK(problem_of(follow("/half")).may_have_had_effect);
    CHECK(got.size() == body.size() / 2);
    CHECK(problem_of(follow("/never", 1ms)).kind == HttpProblemKind::timed_out);

    const auto refused = follow("/none");
    REQUIRE(refused);
    CHECK(refused->status == 404);
    CHECK(refused->body == "not here");
    CHECK(pieces == 0);

    most = 1;
    const auto left = follow("/");
    REQUIRE(left);
    CHECK(left->status == 200);
    CHECK(got.size() < body.size());
    most = 1'000'000;
    CHECK(follow("/"));  // and it is good for another
}

TEST_CASE("http: a form's fields cannot run into each other") {
    CHECK(form_of({}).empty());
    CHECK(form_of({{"metadata[key]", "ord_1:instruction:2"}, {"a&b", "=\xC3\xBC +"}}) ==
          "metadata%5Bkey%5D=ord_1%3Ainstruction%3A2&a%26b=%3D%C3%BC%20%2B");
}

}  // namespace holdfast::test
