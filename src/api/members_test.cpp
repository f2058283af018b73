// Reading a request: what is refused, where, and that all of it is told at once.
#include "api/members.h"
#include "api/call.h"
#include "api/order_requests.h"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace holdfast::api {
namespace {

namespace json = boost::json;

std::vector<std::string> faults_of(const std::string& text) {
    Reading reading;
    const auto body = json::parse(text).as_object();
    Members members(body, "", reading);
    const auto pin = [](std::string_view) { return std::optional(terms::Pin{.terms_id = "t"}); };
    static_cast<void>(read_placing(members, "shop", pin));
    members.done();
    std::vector<std::string> lines;
    for (const auto& fault : reading.faults) lines.push_back(fault.pointer + " " + fault.code);
    if (reading.currencies_differ) lines.emplace_back("currency_differs");
    std::ranges::sort(lines);
    return lines;
}

const std::string placing = R"({"reference":"R","placed_at":"2026-03-01T09:00:00.000Z",
  "buyer":{"reference":"b"},"seller":{"reference":"s"},"currency":"EUR",
  "lines":[{"unit_price":{"amount":100,"currency":"EUR"}}],"terms":{"terms_id":"t"}})";

std::string with(const std::string& from, const std::string& to) {
    auto text = placing;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

using Lines = std::vector<std::string>;

TEST_CASE("a placement is read as the contract says") {
    CHECK(faults_of(placing).empty());
    CHECK(faults_of(with("\"R\"", "\"\"")) == Lines{"/reference too_short"});
    CHECK(faults_of(with("\"R\"", "7")) == Lines{"/reference wrong_type"});
    CHECK(faults_of(with("\"R\"", "\"a\\u0001\"")) == Lines{"/reference invalid"});
    CHECK(faults_of(with("\"reference\":\"R\"", "\"name\":\"R\"")) ==
          Lines{"/name unknown", "/reference missing"});
    CHECK(faults_of(with("09:00:00.000Z", "09:00:00.000+01:00")) == Lines{"/placed_at invalid"});
    CHECK(faults_of(with("2026-03-01T", "1969-03-01T")) == Lines{"/placed_at too_small"});
    CHECK(faults_of(with("{\"reference\":\"b\"}", "\"pty_x\"")) == Lines{"/buyer invalid"});
    CHECK(faults_of(with("{\"reference\":\"b\"}", "{}")) == Lines{"/buyer/reference missing"});
    CHECK(faults_of(with("100", "-1")) == Lines{"/lines/0/unit_price/amount too_small"});
    CHECK(faults_of(with("100", "1.5")) == Lines{"/lines/0/unit_price/amount wrong_type"});
    CHECK(faults_of(with("100", "99999999999999999999")) ==
          Lines{"/lines/0/unit_price/amount wrong_type"});
    CHECK(faults_of(with("100", "9223372036854775808")) ==
          Lines{"/lines/0/unit_price/amount too_large"});
    CHECK(faults_of(with("100,\"currency\":\"EUR\"", "100,\"currency\":\"USD\"")) ==
          Lines{"currency_differs"});
    CHECK(faults_of(with("100,\"currency\":\"EUR\"", "100,\"currency\":\"EU\"")) ==
          Lines{"/lines/0/unit_price/currency invalid"});
    CHECK(faults_of(with("[{\"unit_price\"", "[{\"quantity\":0,\"unit_price\"")) ==
          Lines{"/lines/0/quantity too_small"});
    CHECK(faults_of(with("\"terms\"", "\"lines2/x~y\":1,\"terms\"")) ==
          Lines{"/lines2~1x~0y unknown"});
    CHECK(faults_of("{}").size() == 7);  // all that is missing, at once
}

TEST_CASE("requests are the same whatever the order of their members") {
    const auto hash = [](const char* path, const char* body) {
        return request_hash("POST", path, json::parse(body).as_object());
    };
    CHECK(hash("/a", R"({"x":1,"y":{"b":2,"a":[1,2]}})") ==
          hash("/a", R"({ "y": {"a":[1,2],"b":2}, "x": 1 })"));
    CHECK(hash("/a", R"({"x":[1,2]})") != hash("/a", R"({"x":[2,1]})"));
    CHECK(hash("/a", R"({"x":1})") != hash("/b", R"({"x":1})"));
    CHECK(hash("/a", R"({"x":1})") != hash("/a", R"({"x":"1"})"));
}

}  // namespace
}  // namespace holdfast::api
