// An event with its times, as every stream keeps it.
#pragma once

#include "base/instant.h"

namespace holdfast {

// `at` is when it was recorded here and never goes back within a stream; `when` is when it happened
// or took effect: a carrier's time, a default's legal instant. Windows anchor at `when`.
template <class Event>
struct RecordedEvent {
    Instant at{};
    Instant when{};
    Event event;
    bool operator==(const RecordedEvent&) const = default;
};

}  // namespace holdfast
