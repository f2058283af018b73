// Who is signed in. Sessions live in memory: whoever was signed in when the server ends signs in
// again. Only hashes of their tokens are kept. Used from several threads.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/person.h"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct Session {
    IdBytes user{};
    std::string csrf = {};  // what a request that changes something has to bring along
    Instant began_at{}, used_at{};
};

struct NewSession {
    Session session;
    std::string token;  // shown once
};

class Sessions {
public:
    // Ends by itself so long after it began, and after it was last used.
    static constexpr std::chrono::hours lives{12}, idles{1};
    static constexpr std::size_t of_a_user = 20;  // with more of them the oldest ends

    NewSession begin(const IdBytes& user, Instant now, const store::Random& random);
    // Of a token that is in force; notes that it was used.
    std::optional<Session> find(std::string_view token, Instant now);
    void end(std::string_view token);
    void end_all(const IdBytes& user);

private:
    void forget_old(const IdBytes& user, Instant now);

    std::mutex mutex_;
    std::map<Hash, Session> by_token_;
};

}  // namespace holdfast::api
