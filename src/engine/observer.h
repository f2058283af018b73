// What the engine tells about its work, for those who watch it. Nothing here may block or throw.
#pragma once

#include "engine/work.h"

#include <chrono>

namespace holdfast::engine {

class Observer {
public:
    virtual ~Observer() = default;

    // On the engine's thread; on the caller's, where a work was not taken.
    virtual void answered(const Work&, Outcome) {}
    // How long a transaction of the writer took; on the engine's thread.
    virtual void committed(std::chrono::nanoseconds) {}
};

}  // namespace holdfast::engine
