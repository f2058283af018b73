#include "http/answer.h"

#include "http/date.h"
#include "http/problem.h"
#include "http/request_counters.h"
#include "http/trace_context.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

const HeadFacts facts{.request = {{1}}, .now = Instant{784'111'777'999ms}};

}  // namespace

TEST_CASE("a date is written as HTTP writes it") {
    CHECK(to_http_date(Instant{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(to_http_date(facts.now) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(to_http_date(Instant{951'782'400'000ms}) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("an answer's head says the usual, unless the answer says it otherwise") {
    const auto head = render_head(
        {.headers = {{"cache-control", "max-age=60"}, {"ETag", "\"7\""}}, .body = "four"}, facts);
    CHECK(head ==
          "HTTP/1.1 200 OK\r\n"
          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "Request-Id: " +
              to_string(facts.request) +
              "\r\n"
              "cache-control: max-age=60\r\n"
              "ETag: \"7\"\r\n"
              "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
              "Cross-Origin-Resource-Policy: same-origin\r\n"
              "Referrer-Policy: no-referrer\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "Content-Length: 4\r\n"
              "\r\n");
    CHECK(render_head({.status = 299}, facts).starts_with("HTTP/1.1 299 \r\n"));
}

TEST_CASE("an answer's length and the connection's end are said in one way") {
    auto own = facts;
    CHECK(render_head({}, own).contains("\r\nContent-Length: 0\r\n"));
    CHECK_FALSE(render_head({.status = 204}, own).contains("Content-Length"));
    CHECK_FALSE(render_head({.status = 304}, own).contains("Content-Length"));
    CHECK_FALSE(render_head({}, own).contains("Connection"));
    own.minor = 0;
    CHECK(render_head({}, own).contains("\r\nConnection: keep-alive\r\n"));
    own.keeps_alive = false;
    own.form = BodyForm::to_close;
    CHECK(render_head({}, own).contains("\r\nConnection: close\r\n"));
    CHECK_FALSE(render_head({}, own).contains("Content-Length"));
    own.form = BodyForm::chunked;
    CHECK(render_head({}, own).contains("\r\nTransfer-Encoding: chunked\r\n"));
}

TEST_CASE("what cannot be sent is known before") {
    CHECK(is_sendable({.headers = {{"X", "a\tb"}}, .body = "x"}));
    CHECK(is_sendable({.status = 304}));
    const Answer bad[] = {{.status = 199},
                          {.status = 600},
                          {.status = 204, .body = "x"},
                          {.headers = {{"X", "a\r\nY: b"}}},
                          {.headers = {{"X", "a\nb"}}},
                          {.headers = {{"X Y", "a"}}},
                          {.headers = {{"", "a"}}},
                          {.headers = {{"content-length", "1"}}},
                          {.headers = {{"Transfer-Encoding", "chunked"}}},
                          {.headers = {{"Connection", "close"}}},
                          {.headers = {{"Request-Id", "req_1"}}}};
    for (const auto& answer : bad) CHECK_FALSE(is_sendable(answer));
}

TEST_CASE("a problem is written with what is known of it") {
    const Problem full{.status = 422,
                       .code = "amount_exceeds_refundable",
                       .title = "Amount too large",
                       .type = "https://docs.example/problems/amount_exceeds_refundable",
                       .detail = "At most 4990 \"cents\".",
                       .instance = "/v1/orders/ord_1/refunds",
                       .request_id = "req_1",
                       .errors = {{.pointer = "/amount",
                                   .code = "too_large",
                                   .members = {{"max", std::int64_t{4990}}}},
                                  {.pointer = "", .code = "odd", .members = {{"may", false}}}},
                       .members = {{"state", std::string("open")}, {"version", std::int64_t{7}}}};
    CHECK(to_json(full) ==
          R"({"type":"https://docs.example/problems/amount_exceeds_refundable",)"
          R"("title":"Amount too large","status":422,"code":"amount_exceeds_refundable",)"
          R"("detail":"At most 4990 \"cents\".","instance":"/v1/orders/ord_1/refunds",)"
          R"("request_id":"req_1","state":"open","version":7,"errors":[)"
          R"({"pointer":"/amount","code":"too_large","max":4990},)"
          R"({"code":"odd","may":false}]})");
    CHECK(to_json(
              {.status = 422, .code = "c", .title = "t", .members = {{"limit", JsonText{"{}"}}}}) ==
          R"({"type":"about:blank","title":"t","status":422,"code":"c","limit":{}})");
    CHECK(to_json({.status = 404, .code = "not_found", .title = "Not Found"}) ==
          R"({"type":"about:blank","title":"Not Found","status":404,"code":"not_found"})");
    const auto answer = to_answer(full);
    CHECK(answer.status == 422);
    CHECK(answer.headers == std::vector<Header>{{"Content-Type", "application/problem+json"}});
}

TEST_CASE("a JSON string holds any bytes") {
    CHECK(json_string("a\"\\\n\r\t\x01/\xC3\xBC") == "\"a\\\"\\\\\\n\\r\\t\\u0001/\xC3\xBC\"");
    CHECK(json_string(std::string_view("\0", 1)) == "\"\\u0000\"");
    CHECK(json_string("a\xFFz\xC3") == "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
}

TEST_CASE("traceparent is read by its form") {
    const std::string trace(32, 'a'), parent(16, 'b');
    const auto good = "00-" + trace + "-" + parent + "-01";
    const auto parsed = parse_traceparent(good);
    REQUIRE(parsed);
    CHECK(*parsed == TraceParent{.trace_id = trace, .parent_id = parent, .is_sampled = true});
    CHECK(to_string(*parsed) == good);
    CHECK(parse_traceparent("cc-" + trace + "-" + parent + "-02-more").value() ==
          TraceParent{.trace_id = trace, .parent_id = parent});
    for (const auto& bad :
         {std::string(), good + "-more", good + " ", "ff" + good.substr(2),
          "cc" + good.substr(2) + "x", "00-" + std::string(32, '0') + "-" + parent + "-01",
          "00-" + trace + "-" + std::string(16, '0') + "-01",
          "00-" + std::string(32, 'A') + "-" + parent + "-01", good.substr(0, 54),
          "00_" + good.substr(3), good.substr(0, 53) + "0g"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_traceparent(bad));
    }
}

TEST_CASE("requests are counted by route, method and status, and by how long they took") {
    RequestCounters counters;
    ServedRequest request;
    request.route = "/a";
    request.method = "GET";
    request.status = 200;
    for (const auto took : {500, 501, 10'000'000, 10'000'001}) {
        request.duration = std::chrono::microseconds{took};
        counters.served(request);
    }
    request.status = 404;
    request.route = {};
    counters.served(request);
    const auto counted = counters.snapshot();
    CHECK(counted.requests.size() == 2);
    CHECK(counted.requests.at({.route = "/a", .method = "GET", .status = 200}) == 4);
    const auto& durations = counted.durations.at("/a");
    CHECK(durations.counts.front() == 1);
    CHECK(durations.counts[1] == 1);
    CHECK(durations.counts[10] == 1);
    CHECK(durations.counts.back() == 1);
    CHECK(durations.sum == std::chrono::microseconds{20'001'002});
}

}  // namespace holdfast::http
