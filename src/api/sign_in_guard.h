// Slows down whoever guesses passwords: after a few wrong ones for one name from one address, no
// more are looked at for a while. Bounded memory; used from several threads.
#pragma once

#include "base/instant.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace holdfast::api {

class SignInGuard {
public:
    static constexpr int wrong_most = 5;
    static constexpr std::chrono::minutes window{15};  // from the first wrong one
    static constexpr std::size_t known_most = 10'000;

    // How long to wait before the next try. `who`: a name and an address.
    std::optional<Duration> wait(const std::string& who, Instant now);
    void failed(const std::string& who, Instant now);
    void succeeded(const std::string& who);

private:
    struct Tries {
        int wrong = 0;
        Instant first{};
    };
    std::mutex mutex_;
    std::map<std::string, Tries> by_who_;
};

}  // namespace holdfast::api
