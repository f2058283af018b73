// Access tokens of keys (OAuth 2.0, RFC 6749 section 4.4): signed, so that nothing is kept of them
// but the key that signs. A token is as good as its key: it ends with it, and may do no more. Used
// from several threads.
#pragma once

#include "api/keys.h"
#include "api/seal.h"
#include "api/setting_stream.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/person.h"
#include "store/store.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct Token {
    IdBytes key{};
    Scopes scopes = {};  // of those that the key had
    Instant expires_at{};
    bool operator==(const Token&) const = default;
};

class TokenBook {
public:
    static constexpr std::chrono::hours lives{1};

    // Throws StoreDown if an event of the stream cannot be read.
    void load(store::Store& store);
    // "oat_…"
    std::string sign(store::Store& store, const Token& token, Instant now,
                     const store::Random& random);
    // Nothing: it was not signed here, or has expired.
    std::optional<Token> find(std::string_view text, Instant now) const;

private:
    void read(store::Store& store);

    mutable std::mutex mutex_;
    SettingStream stream_{"tokens"};
    Seal seal_{"oat_", "token_key_made"};
};

// Who a client says it is by "Basic …": the key's id and the key (RFC 7617; each encoded as in a
// form, RFC 6749 section 2.3.1). Nothing: it is no such header.
struct Credentials {
    std::string id, secret;
};
std::optional<Credentials> basic_of(std::string_view header);

// The scopes of a list with a space between each; nothing: one is not known, or there is none.
std::optional<Scopes> parse_scopes(std::string_view text);
std::string text_of(const Scopes& scopes);

}  // namespace holdfast::api
