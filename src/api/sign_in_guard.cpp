#include "api/sign_in_guard.h"

#include <algorithm>

namespace holdfast::api {

std::optional<Duration> SignInGuard::wait(const std::string& who, Instant now) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_who_.find(who);
    if (found == by_who_.end() || found->second.wrong < wrong_most) return std::nullopt;
    const auto end = found->second.first + window;
    if (now >= end) return by_who_.erase(found), std::nullopt;
    return end - now;
}

void SignInGuard::failed(const std::string& who, Instant now) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(by_who_, [&](const auto& one) { return now >= one.second.first + window; });
    if (by_who_.size() >= known_most && !by_who_.contains(who))
        by_who_.erase(std::ranges::min_element(by_who_, {},
                                               [](const auto& one) { return one.second.first; }));
    auto& tries = by_who_.try_emplace(who, Tries{.first = now}).first->second;
    ++tries.wrong;
}

void SignInGuard::succeeded(const std::string& who) {
    const std::scoped_lock lock(mutex_);
    by_who_.erase(who);
}

}  // namespace holdfast::api
