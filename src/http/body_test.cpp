#include "http/body.h"

#include <doctest/doctest.h>

#include <string>

namespace holdfast::http {
namespace {

const Head chunked{.method = "POST", .target = "/", .is_chunked = true};

Head counted(std::uint64_t length) {
    return {.method = "POST", .target = "/", .content_length = length};
}

struct Read {
    std::string body = {};
    std::size_t used = 0;
    bool is_whole = false;
    std::optional<WireFault> fault = {};
    bool operator==(const Read&) const = default;
};

// The bytes come `step` at a time.
Read read(const Head& head, std::string_view bytes, std::size_t step, std::uint64_t max = 100) {
    BodyReader reader(head, max);
    Read read;
    for (std::size_t end = 0; !reader.is_whole();) {
        const auto next = reader.next(bytes.substr(read.used, end - read.used));
        if (!next) {
            read.fault = next.error();
            return read;
        }
        read.body += next->piece;
        read.used += next->used;
        if (next->used > 0) continue;
        if (end == bytes.size()) return read;
        end = std::min(end + step, bytes.size());
    }
    read.is_whole = true;
    return read;
}

}  // namespace

TEST_CASE("a body is the same in whatever pieces it comes, and ends where it ends") {
    const std::string bytes = "3\r\nabc\r\n00002;x=\"\\\";\";y\r\nde\r\n0\r\nA: b\r\n\r\n";
    for (std::size_t step = 1; step <= bytes.size() + 4; ++step) {
        CHECK(read(chunked, bytes + "next", step) ==
              Read{.body = "abcde", .used = bytes.size(), .is_whole = true});
        CHECK(read(counted(5), "abcdenext", step) ==
              Read{.body = "abcde", .used = 5, .is_whole = true});
    }
    CHECK(read(counted(0), "next", 1) == Read{.is_whole = true});
    CHECK(read({.method = "GET", .target = "/"}, "next", 1) == Read{.is_whole = true});
    CHECK_FALSE(read(counted(5), "abcd", 1).is_whole);
}

TEST_CASE("a body is taken up to its limit") {
    CHECK(read(counted(4), "abcd", 9, 4).is_whole);
    CHECK(read(counted(5), "abcde", 9, 4) == Read{.fault = WireFault::body_too_large});
    CHECK(read(chunked, "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", 9, 4).is_whole);
    CHECK(read(chunked, "2\r\nab\r\n3\r\ncde", 9, 4).fault == WireFault::body_too_large);
    CHECK(read(chunked, "ffffffffffffffff\r\n", 9, 4).fault == WireFault::body_too_large);
    CHECK(BodyReader(counted(5), 4).is_too_large());
    CHECK_FALSE(BodyReader(counted(4), 4).is_too_large());
}

TEST_CASE("chunks are read without mercy") {
    for (const auto* bytes :
         {"\r\n", "g\r\n", " 1\r\n", "1 \r\n", "0x1\r\n", "-1\r\n", "1\n", "1\ra", "1;\r\n",
          "1;a=\r\n", "1;=b\r\n", "1; a\r\n", "1;a =b\r\n", "1;a=\"b\r\n", "1;a=\"b\"c\r\n",
          "1\r\nab", "1\r\na\n", "1\r\na\rb", "11111111111111111\r\n"}) {
        CAPTURE(bytes);
        CHECK(read(chunked, bytes, 1).fault == WireFault::bad_chunk);
        CHECK(read(chunked, bytes, 99).fault == WireFault::bad_chunk);
    }
    for (const auto* bytes : {"0\r\nA\r\n", "0\r\n b: c\r\n", "0\r\nA : b\r\n", "0\r\n\n"}) {
        CAPTURE(bytes);
        CHECK(read(chunked, bytes, 1).fault == WireFault::bad_trailer);
    }
}

TEST_CASE("what is dropped of chunks is bounded over all of them") {
    std::string extensions, trailers = "0\r\n";
    for (int i = 0; i < 50; ++i) extensions += "1;" + std::string(100, 'a') + "\r\nx\r\n";
    for (int i = 0; i < 100; ++i) trailers += "A: " + std::string(100, 'b') + "\r\n";
    CHECK(read(chunked, extensions, 99).fault == WireFault::bad_chunk);
    CHECK(read(chunked, trailers, 99).fault == WireFault::bad_trailer);
    CHECK(read(chunked, std::string(5'000, '0'), 99).fault == WireFault::bad_chunk);
}

}  // namespace holdfast::http
