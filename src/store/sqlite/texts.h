// The texts of a SQLite store and the keys of their owners; see store.h for what is promised.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "store/person.h"
#include "store/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::store::sqlite {

class Texts {
public:
    Texts(Connection& connection, Random random)
        : connection_(connection), random_(std::move(random)) {}

    Hash keep(const IdBytes& owner, std::string_view text);
    std::optional<Hash> find_hash(const IdBytes& owner, std::string_view text);
    std::optional<std::string> find(const Hash& hash);
    std::uint64_t erase(const IdBytes& owner);
    bool had_erased(const IdBytes& owner);

private:
    std::optional<PersonKey> find_key(const IdBytes& owner);
    PersonKey make_key(const IdBytes& owner);

    Connection& connection_;
    Random random_;
};

// The first text that is not what its hash and its owner's key say, or nothing.
std::optional<std::string> find_text_damage(Connection& reader);

}  // namespace holdfast::store::sqlite
