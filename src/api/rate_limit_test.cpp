#include "api/rate_limit.h"

#include <doctest/doctest.h>

#include <string>

namespace holdfast::api {
namespace {

using namespace std::chrono;

constexpr Instant noon{sys_days{year{2026} / 1 / 5} + 12h};

TEST_CASE("so many requests in a window that begins with the first") {
    RateLimiter limiter({.requests = 3});
    struct Row {
        const char* name;
        Instant at;
        bool is_within;
        std::uint32_t left;
        seconds resets_in;
    };
    // clang-format off
    const Row rows[] = {
        {"the first",                 noon,              true,  2, 60s},
        {"the second, a bit later",   noon + 1ms,        true,  1, 60s},
        {"the last one",              noon + 59s,        true,  0, 1s},
        {"one more",                  noon + 59s,        false, 0, 1s},
        {"at the window's last ms",   noon + 60s - 1ms,  false, 0, 1s},
        {"in a window of its own",    noon + 60s,        true,  2, 60s},
        {"that began when it came",   noon + 61s + 1ms,  true,  1, 59s},
        {"and ends a minute later",   noon + 120s - 1ms, true,  0, 1s},
        {"as the one before",         noon + 120s,       true,  2, 60s},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto standing = limiter.take("key", row.at);
        CHECK(standing.is_within == row.is_within);
        CHECK(standing.left == row.left);
        CHECK(standing.resets_in == row.resets_in);
    }
}

TEST_CASE("nobody's requests are another's") {
    RateLimiter limiter({.requests = 1});
    CHECK(limiter.take("a", noon).is_within);
    CHECK(limiter.take("b", noon + 1s).is_within);
    CHECK_FALSE(limiter.take("a", noon + 1s).is_within);
    CHECK(limiter.take("a", noon + 60s).is_within);
    CHECK_FALSE(limiter.take("b", noon + 60s).is_within);
}

TEST_CASE("no more are remembered than there is room for, and none longer than a window") {
    RateLimiter limiter({.requests = 1}, 100);
    for (int i = 0; i < 250; ++i) limiter.take(std::to_string(i), noon + milliseconds{i});
    CHECK(limiter.remembered() == 100);
    CHECK_FALSE(limiter.take("249", noon + 1s).is_within);
    CHECK_FALSE(limiter.take("150", noon + 1s).is_within);
    CHECK(limiter.take("149", noon + 1s).is_within);  // the first whose window was forgotten
    CHECK(limiter.remembered() == 100);
    limiter.take("one more", noon + 62s);
    CHECK(limiter.remembered() == 1);
}

TEST_CASE("no limit takes all and remembers nobody") {
    RateLimiter limiter({.requests = 0});
    for (int i = 0; i < 10; ++i) CHECK(limiter.take("a", noon).is_within);
    CHECK(limiter.remembered() == 0);
    CHECK_FALSE(limiter.is_on());
}

TEST_CASE("an address is one subject whatever its port, a network of IPv6 another") {
    CHECK(subject_of_peer("192.0.2.1:1") == subject_of_peer("192.0.2.1:65535"));
    CHECK(subject_of_peer("192.0.2.1:1") != subject_of_peer("192.0.2.2:1"));
    CHECK(subject_of_peer("[2001:db8::1]:1") == subject_of_peer("[2001:db8::ffff:2]:9"));
    CHECK(subject_of_peer("2001:db8::1:443") == subject_of_peer("[2001:db8::2]:9"));
    CHECK(subject_of_peer("[2001:db8:0:1::1]:1") != subject_of_peer("[2001:db8::1]:1"));
    CHECK(subject_of_peer("[::ffff:192.0.2.1]:1") == subject_of_peer("192.0.2.1:1"));
    CHECK(subject_of_peer("nobody") == "nobody");
}

TEST_CASE("headers say the policy and what is left of it") {
    const auto headers = rate_headers({.requests = 100}, {.left = 42, .resets_in = 17s});
    REQUIRE(headers.size() == 2);
    CHECK(headers[0] == http::Header{"RateLimit-Policy", "\"default\";q=100;w=60"});
    CHECK(headers[1] == http::Header{"RateLimit", "\"default\";r=42;t=17"});
}

}  // namespace
}  // namespace holdfast::api
