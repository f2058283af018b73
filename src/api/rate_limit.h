// How many requests somebody may send: so many in a window that begins with their first one.
//
// Time is handed in. What is remembered is bounded: of those whose window is over nothing, and of
// more than `subjects_most` at a time the one whose window began first is forgotten. Used from
// several threads.
#pragma once

#include "base/instant.h"
#include "http/header.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace holdfast::api {

struct RateLimit {
    std::uint32_t requests = 0;  // in a window; 0: as many as they like
    std::chrono::seconds window{60};
};

// How somebody stands after a request of theirs.
struct RateStanding {
    bool is_within = true;
    std::uint32_t left = 0;
    std::chrono::seconds resets_in{};  // whole ones, at least 1
};

class RateLimiter {
public:
    static constexpr std::size_t subjects_most = 65'536;

    explicit RateLimiter(RateLimit limit, std::size_t most = subjects_most)
        : limit_(limit), most_(most) {}

    // One more request of `subject`: a key's id, an address.
    RateStanding take(std::string_view subject, Instant now);

    bool is_on() const { return limit_.requests > 0; }
    const RateLimit& limit() const { return limit_; }
    std::size_t remembered() const;

private:
    struct Window {
        std::string subject;
        Instant begun_at{};
        std::uint32_t requests = 0;
    };
    using Windows = std::list<Window>;  // the one that began first in front

    bool is_over(const Window& window, Instant now) const {
        return now - window.begun_at >= limit_.window;
    }
    void forget_old(Instant now);
    Windows::iterator window_of(std::string_view subject, Instant now);

    RateLimit limit_;
    std::size_t most_;
    mutable std::mutex mutex_;
    Windows windows_;
    std::unordered_map<std::string_view, Windows::iterator> by_subject_;  // its text is the list's
};

// RateLimit-Policy and RateLimit, as draft-ietf-httpapi-ratelimit-headers has them.
std::vector<http::Header> rate_headers(const RateLimit& limit, const RateStanding& standing);

// Whose address "192.0.2.1:40312" or "[2001:db8::1]:40312" is, as one subject: of IPv6 the network
// of 64 bits, since whoever has one address there has all.
std::string subject_of_peer(std::string_view peer);

}  // namespace holdfast::api
