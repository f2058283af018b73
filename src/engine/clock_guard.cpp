#include "engine/clock_guard.h"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

Clock system_clock() {
    return {.wall = [] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); },
            .monotonic = [] { return std::chrono::steady_clock::now().time_since_epoch(); }};
}

ClockGuard::ClockGuard(Clock clock)
    : clock_(std::move(clock)), wall_(clock_.wall()), monotonic_(clock_.monotonic()) {}

Instant ClockGuard::now() {
    const auto wall = clock_.wall();
    const auto monotonic = clock_.monotonic();
    const auto expected = wall_ + std::chrono::duration_cast<Duration>(monotonic - monotonic_);
    const auto off = wall - expected;
    if (!jump_ && std::chrono::abs(off) > jump_least) jump_ = off;
    if (jump_) {
        jump_ = off;
    } else {
        wall_ = wall;
        monotonic_ = monotonic;
    }
    last_ = std::max(last_, jump_ ? expected : wall);
    return last_;
}

void ClockGuard::confirm() {
    wall_ = clock_.wall();
    monotonic_ = clock_.monotonic();
    last_ = wall_;
    jump_.reset();
}

}  // namespace holdfast::engine
