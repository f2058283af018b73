// Time for the engine: the wall's, as long as it can be believed.
//
// A wall clock that jumps against the monotonic one (set by hand, a machine that slept) would let
// deadlines strike that are not due, or hold back those that are. The guard then goes on with the
// time it had plus what the monotonic clock counts, and nothing that time does by itself is done
// until someone confirms the wall.
#pragma once

#include "base/instant.h"

#include <chrono>
#include <functional>
#include <optional>

namespace holdfast::engine {

// Where time comes from; tests hand in their own.
struct Clock {
    std::function<Instant()> wall;
    std::function<std::chrono::nanoseconds()> monotonic;
};
Clock system_clock();

class ClockGuard {
public:
    // Slewing (NTP) stays below this between two looks.
    static constexpr Duration jump_least = std::chrono::seconds{2};

    explicit ClockGuard(Clock clock);

    Instant now();  // never goes back
    bool is_believed() const { return !jump_; }
    std::optional<Duration> jump() const { return jump_; }  // wall less what was expected
    void confirm();                                         // the wall is right as it stands

private:
    Clock clock_;
    Instant wall_{};  // at the last look that was believed
    std::chrono::nanoseconds monotonic_{};
    Instant last_{};
    std::optional<Duration> jump_;
};

}  // namespace holdfast::engine
