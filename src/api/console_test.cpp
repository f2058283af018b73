// The console as it is compiled in: what is answered for a file, and with which headers.
#include "api/console.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {
namespace {

http::ServerRequest request_with(std::vector<http::Header> headers) {
    http::ServerRequest request;
    request.headers = std::move(headers);
    return request;
}

std::string_view header(const http::Answer& answer, std::string_view name) {
    return http::find_header(answer.headers, name);
}

std::string_view first_asset() {
    const auto files = console_files();
    const auto found = std::ranges::find_if(
        files, [](const ConsoleFile& one) { return one.name.starts_with("assets/"); });
    REQUIRE(found != files.end());
    return found->name;
}

TEST_CASE("the files of the console are sorted, and stand there in both forms") {
    const auto files = console_files();
    CHECK(files.size() > 2);
    CHECK(std::ranges::is_sorted(files, {}, &ConsoleFile::name));
    for (const auto& file : files) {
        CAPTURE(file.name);
        CHECK_FALSE(file.plain.empty());
        CHECK(file.gzipped.starts_with("\x1f\x8b"));
    }
}

TEST_CASE("the console's page lets nothing in from elsewhere, and is asked for anew") {
    const auto page = console_answer("index.html", request_with({}));
    REQUIRE(page.has_value());
    CHECK(http::is_sendable(*page));
    CHECK(page->status == 200);
    CHECK(header(*page, "content-type") == "text/html; charset=utf-8");
    CHECK(header(*page, "cache-control") == "no-cache");
    CHECK(header(*page, "content-encoding").empty());
    CHECK(page->body.starts_with("<!doctype html>"));
    CHECK_FALSE(page->body.contains("<style"));
    const auto policy = header(*page, "content-security-policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    CHECK_FALSE(policy.contains("unsafe"));
    CHECK_FALSE(policy.contains("http"));
}

TEST_CASE("the portal's page alone may be framed, and by those that are named") {
    constexpr std::string_view shops = "https://shop.example https://www.shop.example";
    const auto policy_of = [](std::string_view name, std::string_view by) {
        const auto answer = console_answer(name, request_with({}), by);
        REQUIRE(answer.has_value());
        return std::string(header(*answer, "content-security-policy"));
    };
    CHECK(policy_of(portal_page, shops).ends_with("; frame-ancestors " + std::string(shops)));
    CHECK(policy_of(portal_page, no_frames).ends_with("; frame-ancestors 'none'"));
    CHECK(policy_of("index.html", shops).ends_with("; frame-ancestors 'none'"));
    CHECK(policy_of(first_asset(), shops).ends_with("; frame-ancestors 'none'"));
}

TEST_CASE("what carries a hash in its name may be kept for ever") {
    const auto asset = console_answer(first_asset(), request_with({}));
    REQUIRE(asset.has_value());
    CHECK(header(*asset, "cache-control") == "public, max-age=31536000, immutable");
}

TEST_CASE("gzip is sent to whoever takes it") {
    struct Row {
        const char *accepts, *sent;
    };
    const Row rows[] = {
        {"gzip, deflate, br", "gzip"},
        {"br, GZIP;q=0.5", "gzip"},
        {"*", "gzip"},
        {"", ""},
        {"identity", ""},
        {"gzip;q=0", ""},
        {"gzip;q=0.0, br", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.accepts);
        const auto page =
            console_answer("index.html", request_with({{"Accept-Encoding", row.accepts}}));
        REQUIRE(page.has_value());
        CHECK(header(*page, "content-encoding") == row.sent);
        CHECK(page->body.starts_with("\x1f\x8b") == (std::string_view(row.sent) == "gzip"));
        CHECK(header(*page, "vary") == "Accept-Encoding");
    }
}

TEST_CASE("what a browser has already is not sent again") {
    const auto page = console_answer("index.html", request_with({}));
    REQUIRE(page.has_value());
    const std::string tag(header(*page, "etag"));
    const auto again =
        console_answer("index.html", request_with({{"If-None-Match", "\"x\", " + tag}}));
    REQUIRE(again.has_value());
    CHECK(again->status == 304);
    CHECK(again->body.empty());
    CHECK(http::is_sendable(*again));
    const auto other = console_answer("index.html", request_with({{"If-None-Match", "\"x\""}}));
    REQUIRE(other.has_value());
    CHECK(other->status == 200);
}

TEST_CASE("there are no other files") {
    for (const auto* name : {"", "assets", "assets/", "index", "../index.html", "Index.html"}) {
        CAPTURE(name);
        CHECK_FALSE(console_answer(name, request_with({})));
    }
}

}  // namespace
}  // namespace holdfast::api
