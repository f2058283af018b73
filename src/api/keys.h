// Secret keys: what each may do, kept as events of one system stream. Only their hashes are kept.
//
// A key has 160 random bits, so that its plain hash gives nothing away. It is found by that hash,
// whose look-up takes as long for a key that is not there. Used from several threads.
#pragma once

#include "api/operation.h"
#include "api/setting_stream.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/person.h"
#include "store/store.h"

#include <bitset>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

using Scopes = std::bitset<static_cast<std::size_t>(Scope::count_)>;
std::optional<Scope> parse_scope(std::string_view text);
Scopes all_scopes();                                           // those that a key can have
std::vector<std::string_view> words_of(const Scopes& scopes);  // "orders:read", …

struct Key {
    IdBytes id{};
    bool livemode = false;
    Scopes scopes = {};
    Instant created_at{}, expires_at{};
    std::optional<Instant> last_used_at = {};  // since the server began

    bool may(Scope scope) const {
        return index_of(scope) < first_key_scope || scopes[index_of(scope)];
    }
    static std::size_t index_of(Scope scope) { return static_cast<std::size_t>(scope); }
};

struct NewKey {
    Key key;
    std::string secret = {};  // shown once; empty: this very request was answered before
};

class KeyBook {
public:
    // Reads all keys. Throws StoreDown if an event of the stream cannot be read.
    void load(store::Store& store);

    // The key of a secret that is in force; notes that it was used.
    std::optional<Key> find(std::string_view secret, Instant now);
    std::optional<Key> find(const IdBytes& id, Instant now);  // the same by its id
    std::vector<Key> all(Instant now) const;                  // in force, the newest first
    // Of a live store, or of a sandbox: as its first key was. Nothing: there never was one.
    std::optional<bool> livemode() const;

    // Writes it, then knows it. Nothing: the request's key belongs to another request.
    std::optional<NewKey> create(store::Store& store, bool livemode, Scopes scopes,
                                 Instant expires_at, Instant now, const store::Random& random,
                                 const KeyRequest& request = {});
    // False: there is no such key in force.
    bool revoke(store::Store& store, const IdBytes& id, bool livemode, Instant now);

private:
    struct Known {
        Key key;
        Hash secret{};
        bool is_revoked = false;
    };
    store::History read(store::Store& store);
    bool is_in_force(const Known& known, Instant now) const;
    std::optional<Key> use(const Hash& secret, Instant now);

    mutable std::mutex mutex_;
    SettingStream stream_{"keys"};
    std::map<Hash, Known> by_secret_;
    std::map<IdBytes, Hash> secrets_;  // by the id
};

}  // namespace holdfast::api
