// Tells the service manager how the program is: systemd's notify protocol (sd_notify(3)), a few
// words to a datagram socket.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace holdfast::cli {

// What the service manager left in the environment.
struct Supervision {
    std::string socket = {};                // NOTIFY_SOCKET; empty: nobody listens
    std::chrono::microseconds watchdog{0};  // WATCHDOG_USEC; 0: nobody waits for a sign of life
};

// "READY=1", "STOPPING=1", "WATCHDOG=1", a line each. A socket that is not there any more is no
// failure: nothing depends on being heard.
void notify(const Supervision& supervision, std::string_view state);

}  // namespace holdfast::cli
