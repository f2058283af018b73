#include "http/head.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

std::expected<Head, WireFault> read(const std::string& bytes, const HeadLimits& limits = {}) {
    HeadReader reader(limits);
    const auto is_whole = reader.read(bytes);
    if (!is_whole) return std::unexpected(is_whole.error());
    if (!*is_whole) return std::unexpected(WireFault::incomplete);
    return reader.take();
}

WireFault fault_of(const std::string& bytes) {
    const auto head = read(bytes);
    REQUIRE_FALSE(head.has_value());
    return head.error();
}

std::string with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
}

}  // namespace

TEST_CASE("a head is read as it was sent") {
    const auto head = read(
        "POST /a?b HTTP/1.1\r\nHost: shop.example:80\r\nX-Word:  two words \r\n"
        "content-length: 12\r\nConnection: x, Close\r\nExpect: 100-Continue\r\n\r\nbody");
    REQUIRE(head);
    CHECK(head->method == "POST");
    CHECK(head->target == "/a?b");
    CHECK(head->host == "shop.example:80");
    CHECK(head->minor == 1);
    CHECK(find_header(head->headers, "x-word") == "two words");
    CHECK(head->content_length == 12);
    CHECK_FALSE(head->is_chunked);
    CHECK_FALSE(head->keeps_alive);
    CHECK(head->expects_continue);
}

TEST_CASE("a head is the same in whatever pieces it comes, and ends where it ends") {
    const std::string bytes = "\r\n" + with("X: y\r\nTransfer-Encoding: chunked");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        HeadReader reader{HeadLimits{}};
        for (std::size_t n = i; n < bytes.size(); ++n) {
            const auto is_whole = reader.read(bytes.substr(0, n));
            REQUIRE(is_whole);
            CHECK_FALSE(*is_whole);
        }
        CHECK(reader.read(bytes + "next").value());
        CHECK(reader.used() == bytes.size());
        const auto head = reader.take();
        CHECK(head.headers.size() == 3);
        CHECK(head.is_chunked);
        CHECK(head.has_body());
    }
}

TEST_CASE("what is wrong with a head is said with the first line that has it") {
    struct Row {
        const char* bytes;
        WireFault fault;
    };
    // clang-format off
    const Row rows[] = {
        {"GET / HTTP/1.1\n",                              WireFault::bad_line_end},
        {"\x16\x03\x01",                                  WireFault::bad_character},
        {"GET /\r\n",                                     WireFault::bad_request_line},
        {"G@T / HTTP/1.1\r\n",                            WireFault::bad_method},
        {"GET /\xC3\xBC HTTP/1.1\r\n",                    WireFault::bad_target},
        {"GET / HTTP/1,1\r\n",                            WireFault::bad_version},
        {"GET / HTTP/3.0\r\n",                            WireFault::version_not_supported},
        {"GET / HTTP/1.1\r\nX\r\n",                       WireFault::bad_field},
        {"GET / HTTP/1.1\r\nX : y\r\n",                   WireFault::bad_field},
        {"GET / HTTP/1.1\r\nX: y\r\n z\r\n",              WireFault::folded_field},
        {"GET / HTTP/1.1\r\nHost: a b\r\n",               WireFault::bad_host},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n",      WireFault::repeated_host},
        {"GET / HTTP/1.1\r\n\r\n",                        WireFault::missing_host},
        {"GET / HTTP/1.1\r\nContent-Length: 1x\r\n",      WireFault::bad_content_length},
        {"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", WireFault::bad_transfer_coding},
        {"GET / HTTP/1.1\r\nExpect: more\r\n",            WireFault::expectation_failed},
        {"GET / HTTP/1.1\r\n",                            WireFault::incomplete},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.bytes);
        CHECK(fault_of(row.bytes) == row.fault);
    }
    CHECK(fault_of(with("Content-Length: 1\r\nContent-Length: 1")) ==
          WireFault::repeated_content_length);
    CHECK(fault_of(with("Transfer-Encoding: chunked\r\nContent-Length: 1")) ==
          WireFault::length_and_coding);
    CHECK(fault_of("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n") == WireFault::not_a_proxy);
}

TEST_CASE("a head is taken up to its limits") {
    const HeadLimits limits{.field_bytes = 20, .fields = 2, .target_bytes = 5};
    const auto fault = [&](const std::string& bytes) {
        const auto head = read(bytes, limits);
        return head ? std::nullopt : std::optional(head.error());
    };
    const std::string line = "GET / HTTP/1.1\r\nHost: a\r\n";
    CHECK_FALSE(fault("GET /1234 HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK(fault("GET /12345 HTTP/1.1\r\nHost: a\r\n\r\n") == WireFault::uri_too_long);
    CHECK(fault("GET /" + std::string(60, 'x')) == WireFault::uri_too_long);
    CHECK_FALSE(fault(line + "X:y\r\n\r\n"));
    CHECK(fault(line + "X:y\r\nX:z\r\n\r\n") == WireFault::headers_too_large);
    CHECK_FALSE(fault(line + "X:2345678\r\n\r\n"));
    CHECK(fault(line + "X:23456789ab") == WireFault::headers_too_large);
}

TEST_CASE("HTTP/1.0 closes unless it says otherwise, and needs no host") {
    CHECK_FALSE(read("GET / HTTP/1.0\r\n\r\n")->keeps_alive);
    CHECK(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->keeps_alive);
    CHECK(read(with("Connection: keep-alive"))->keeps_alive);
    CHECK_FALSE(read(with("Connection: keep-alive, close"))->keeps_alive);
}

TEST_CASE("every fault has a word, a status and a sentence of its own") {
    for (int i = 0; i < static_cast<int>(WireFault::count_); ++i) {
        const auto fault = static_cast<WireFault>(i);
        CHECK_FALSE(to_string(fault).empty());
        CHECK(status_of(fault) >= 400);
        CHECK(sentence_of(fault).ends_with('.'));
    }
}

}  // namespace holdfast::http
