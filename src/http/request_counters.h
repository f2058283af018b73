// Counts of served requests by route, method and status, and how long they took, as metrics want
// them: holdfast_http_requests_total, holdfast_http_request_duration_seconds.
#pragma once

#include "http/server_observer.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace holdfast::http {

class RequestCounters : public ServerObserver {
public:
    struct Key {
        std::string route, method;
        int status = 0;
        auto operator<=>(const Key&) const = default;
    };
    // How many took at most so long; the last counts the longer ones.
    static constexpr std::array<std::chrono::microseconds, 11> bounds{
        std::chrono::microseconds{500},
        std::chrono::microseconds{1'000},
        std::chrono::microseconds{2'500},
        std::chrono::microseconds{5'000},
        std::chrono::microseconds{10'000},
        std::chrono::microseconds{25'000},
        std::chrono::microseconds{100'000},
        std::chrono::microseconds{250'000},
        std::chrono::seconds{1},
        std::chrono::microseconds{2'500'000},
        std::chrono::seconds{10}};
    struct Durations {
        std::array<std::uint64_t, bounds.size() + 1> counts{};
        std::chrono::microseconds sum{};
    };
    struct Snapshot {
        std::map<Key, std::uint64_t> requests;
        std::map<std::string, Durations> durations;  // by route
    };

    void served(const ServedRequest& request) override;
    Snapshot snapshot() const;

private:
    mutable std::mutex mutex_;
    Snapshot counts_;
};

}  // namespace holdfast::http
