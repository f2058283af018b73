#include "api/rate_limit.h"

#include "http/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace holdfast::api {
namespace {

// What an IPv6 form of an IPv4 address begins with.
constexpr std::array<std::uint8_t, 12> mapped_v4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

RateStanding RateLimiter::take(std::string_view subject, Instant now) {
    if (!is_on()) return {};
    const std::scoped_lock lock(mutex_);
    auto& window = *window_of(subject, now);
    const auto rest = limit_.window - (now - window.begun_at);
    RateStanding standing{.is_within = window.requests < limit_.requests,
                          .resets_in = std::chrono::ceil<std::chrono::seconds>(rest)};
    if (standing.is_within) ++window.requests;
    standing.left = limit_.requests - window.requests;
    return standing;
}

std::size_t RateLimiter::remembered() const {
    const std::scoped_lock lock(mutex_);
    return windows_.size();
}

RateLimiter::Windows::iterator RateLimiter::window_of(std::string_view subject, Instant now) {
    forget_old(now);
    if (const auto known = by_subject_.find(subject); known != by_subject_.end())
        return known->second;
    if (windows_.size() == most_) {
        by_subject_.erase(windows_.front().subject);
        windows_.pop_front();
    }
    windows_.push_back({.subject = std::string(subject), .begun_at = now});
    const auto added = std::prev(windows_.end());
    by_subject_.emplace(added->subject, added);
    return added;
}

// Time does not go back, so those in front are over first.
void RateLimiter::forget_old(Instant now) {
    while (!windows_.empty() && is_over(windows_.front(), now)) {
        by_subject_.erase(windows_.front().subject);
        windows_.pop_front();
    }
}

std::vector<http::Header> rate_headers(const RateLimit& limit, const RateStanding& standing) {
    return {{"RateLimit-Policy",
             fmt::format("\"default\";q={};w={}", limit.requests, limit.window.count())},
            {"RateLimit",
             fmt::format("\"default\";r={};t={}", standing.left, standing.resets_in.count())}};
}

std::string subject_of_peer(std::string_view peer) {
    auto text = peer.substr(0, peer.rfind(':'));
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const auto address = http::parse_address(text);
    if (!address) return std::string(text);
    const auto& bytes = address->bytes;
    if (!address->is_v6) return text_of(std::span(bytes).first(4));
    if (std::ranges::equal(std::span(bytes).first(12), mapped_v4))
        return text_of(std::span(bytes).last(4));
    return text_of(std::span(bytes).first(8));
}

}  // namespace holdfast::api
