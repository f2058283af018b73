// People who sign in: their names and roles, kept as events of one system stream. Of a password
// only its Argon2id hash is kept. Used from several threads.
#pragma once

#include "api/operation.h"
#include "api/setting_stream.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

struct User {
    IdBytes id{};
    std::string name = {};  // to sign in with; unique whatever the case of its letters
    Roles roles = 0;
    std::optional<IdBytes> party = {};  // of a seller or a buyer: who they are
    Instant created_at{};
    std::uint64_t version = 1;  // changes with each change of the user
    bool is_disabled = false;
    std::string password = {};  // its hash

    bool is_party() const { return (roles & (seller | buyer)) != 0; }
};

// A party's user is nothing else beside, and says which party; no other user has one.
bool is_sensible(const User& user);
// Rows of the desk can be given to them.
bool works_desk(const User& user);
bool is_user_name(std::string_view text);  // 1 to 64 visible ASCII characters

// What is left out stays.
struct UserChange {
    std::optional<Roles> roles = {};
    std::optional<bool> is_disabled = {};
    std::optional<std::string> password = {};  // its hash
};

enum class UserFault : std::uint8_t { name_taken, key_reused, not_found, last_admin, not_sensible };

struct MadeUser {
    User user;
    bool is_repeated = false;  // this very request made it before
};

class UserBook {
public:
    // Reads all users. Throws StoreDown if an event of the stream cannot be read.
    void load(store::Store& store);

    bool is_empty() const;
    std::optional<User> find(const IdBytes& id) const;
    std::optional<User> named(std::string_view name) const;  // whatever the case of its letters
    std::vector<User> all() const;                           // the newest first

    // `user`: name, roles, party and password. Writes it, then knows it.
    std::expected<MadeUser, UserFault> create(store::Store& store, User user, Instant now,
                                              const store::Random& random,
                                              const KeyRequest& request = {});
    // The last admin in force stays one.
    std::expected<User, UserFault> change(store::Store& store, const IdBytes& id,
                                          const UserChange& change, Instant now);

private:
    store::History read(store::Store& store);
    const User* by_name(std::string_view name) const;
    bool has_other_admin(const IdBytes& id) const;

    mutable std::mutex mutex_;
    SettingStream stream_{"users"};
    std::map<IdBytes, User> users_;
};

}  // namespace holdfast::api
