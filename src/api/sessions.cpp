#include "api/sessions.h"

#include "api/secret.h"

#include <algorithm>

namespace holdfast::api {
namespace {

bool is_over(const Session& session, Instant now) {
    return now - session.began_at >= Sessions::lives || now - session.used_at >= Sessions::idles;
}

}  // namespace

NewSession Sessions::begin(const IdBytes& user, Instant now, const store::Random& random) {
    NewSession made{.session = {.user = user,
                                .csrf = make_secret("csrf_", random),
                                .began_at = now,
                                .used_at = now},
                    .token = make_secret("ses_", random)};
    const std::scoped_lock lock(mutex_);
    forget_old(user, now);
    by_token_.emplace(hash_of(made.token), made.session);
    return made;
}

void Sessions::forget_old(const IdBytes& user, Instant now) {
    std::erase_if(by_token_, [&](const auto& entry) { return is_over(entry.second, now); });
    auto oldest = by_token_.end();
    std::size_t count = 0;
    for (auto it = by_token_.begin(); it != by_token_.end(); ++it) {
        if (it->second.user != user) continue;
        ++count;
        if (oldest == by_token_.end() || it->second.began_at < oldest->second.began_at) oldest = it;
    }
    if (count >= of_a_user) by_token_.erase(oldest);
}

std::optional<Session> Sessions::find(std::string_view token, Instant now) {
    const auto hash = hash_of(token);
    const std::scoped_lock lock(mutex_);
    const auto found = by_token_.find(hash);
    if (found == by_token_.end() || is_over(found->second, now)) return std::nullopt;
    found->second.used_at = std::max(found->second.used_at, now);
    return found->second;
}

void Sessions::end(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    by_token_.erase(hash_of(token));
}

void Sessions::end_all(const IdBytes& user) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(by_token_, [&](const auto& entry) { return entry.second.user == user; });
}

}  // namespace holdfast::api
