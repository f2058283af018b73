#include "http/target.h"

#include "base/utf8.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

using namespace std::string_literals;
using Segments = std::vector<std::string>;
using Fields = std::vector<std::pair<std::string, std::string>>;

std::expected<Target, WireFault> parse(const std::string& target, const std::string& method = "GET",
                                       const std::string& host = "a:80") {
    return parse_target({.method = method, .target = target, .host = host});
}

}  // namespace

TEST_CASE("a target's path and query are decoded part by part") {
    const auto target = parse("/v1/a%20b/%C3%BC?x=1&y=a+b%2B&x=2&z&=w&&q=a=b");
    REQUIRE(target);
    CHECK(target->path == "/v1/a%20b/%C3%BC");
    CHECK(target->segments == Segments{"v1", "a b", "\xC3\xBC"});
    CHECK(target->query ==
          Fields{{"x", "1"}, {"y", "a b+"}, {"x", "2"}, {"z", ""}, {"", "w"}, {"q", "a=b"}});
    CHECK(target->query_field("x") == "1");
    CHECK_FALSE(target->query_field("X"));
}

TEST_CASE("empty segments are segments") {
    CHECK(parse("/")->segments.empty());
    CHECK(parse("/a/")->segments == Segments{"a", ""});
    CHECK(parse("//a")->segments == Segments{"", "a"});
    CHECK(parse("/?a")->segments.empty());
}

TEST_CASE("a target in whole names the same host") {
    CHECK(parse("http://A:80/b?c")->segments == Segments{"b"});
    CHECK(parse("https://a:80")->path == "/");
    CHECK(parse("http://a:80?b")->query == Fields{{"b", ""}});
    CHECK(parse("http://a/b").error() == WireFault::host_mismatch);
    CHECK(parse("http://b:80/").error() == WireFault::host_mismatch);
    CHECK(parse("*", "OPTIONS")->path == "*");
    for (const auto* text : {"*", "a", "a:80", "", "http://", "http://u@a:80/", "ftp://a:80/",
                             "http:/a", "://a:80/", "?a", "/a/http://b#c"})
        CHECK(parse(text).error() == WireFault::bad_target);
}

TEST_CASE("no path leads out of its folder or hides what it is") {
    for (const auto* text :
         {"/..",     "/../a",    "/a/..",         "/.",     "/a/./b", "/%2e%2e/a",
          "/.%2E/a", "/a%2fb",   "/a%5cb",        "/a\\b",  "/a%00",  "/a%0ab",
          "/a%09b",  "/a%7f",    "/%c0%ae%c0%ae", "/a%",    "/a%4",   "/a%4g",
          "/a%-1",   "/a%+1",    "/a%0x",         "/a<b",   "/a\"b",  "/a#b",
          "/a[b",    "/a?b=%00", "/a?b=%ff",      "/a?b=%", "/a?b#c", "/a?<"}) {
        CAPTURE(text);
        CHECK(parse(text).error() == WireFault::bad_target);
    }
    CHECK(parse("/...")->segments == Segments{"..."});
    CHECK(parse("/%252e%252e")->segments == Segments{"%2e%2e"});
    CHECK(parse("/a?b=../..")->query == Fields{{"b", "../.."}});
}

TEST_CASE("UTF-8 is what Unicode says it is") {
    for (const auto& text :
         {""s, "a"s, "\x7F"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s, "\xED\x9F\xBF"s,
          "\xEE\x80\x80"s, "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s})
        CHECK(is_utf8(text));
    for (const auto& text : {"\x80"s, "\xC1\xBF"s, "\xC2"s, "\xC2\x41"s, "\xE0\x9F\xBF"s,
                             "\xED\xA0\x80"s, "\xE1\x80"s, "\xF0\x8F\xBF\xBF"s, "\xF4\x90\x80\x80"s,
                             "\xF5\x80\x80\x80"s, "\xFF"s, "\xF1\x80\x80\x41"s})
        CHECK_FALSE(is_utf8(text));
}

}  // namespace holdfast::http
