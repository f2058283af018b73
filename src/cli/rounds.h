// Work that a server does again and again beside its engine, on a thread of its own: telling
// endpoints, moving money.
#pragma once

#include "cli/serve_log.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>

namespace holdfast::cli {

class Rounds {
public:
    // `round` says how much it did; after nothing, and for longer after a failure, there is a
    // pause. A failure is a line of the log under `event`, and the next round goes on.
    Rounds(std::string event, ServeLog& log, std::function<std::size_t()> round,
           std::chrono::milliseconds pause = std::chrono::milliseconds{200});
    // Waits for the round that is under way.
    ~Rounds() = default;

private:
    void run(const std::stop_token& stop);

    std::string event_;
    ServeLog& log_;
    std::function<std::size_t()> round_;
    std::chrono::milliseconds pause_;
    std::jthread thread_;  // ends first
};

}  // namespace holdfast::cli
