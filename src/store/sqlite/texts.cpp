#include "store/sqlite/texts.h"

#include "store/sqlite/rows.h"

#include <algorithm>
#include <array>

namespace holdfast::store::sqlite {
namespace {

constexpr std::string_view find_text_sql = "SELECT text FROM texts WHERE hash = ?1";
constexpr std::string_view insert_text_sql =
    "INSERT INTO texts (hash, owner, text) VALUES (?1, ?2, ?3)";
constexpr std::string_view find_key_sql = "SELECT key FROM text_keys WHERE owner = ?1";
constexpr std::string_view insert_key_sql = "INSERT INTO text_keys (owner, key) VALUES (?1, ?2)";

PersonKey key_in(const Query& query, int column) {
    PersonKey key{};
    std::ranges::copy_n(query.blob(column).begin(), key.size(),
                        key.begin());  // a CHECK of the table
    return key;
}

}  // namespace

// A text that is there already costs no write.
Hash Texts::keep(const IdBytes& owner, std::string_view text) {
    if (const auto hash = find_hash(owner, text); hash && find(*hash)) return *hash;
    Transaction transaction(connection_);
    auto key = find_key(owner);
    if (!key) key = make_key(owner);
    const auto hash = keyed_hash(text, *key);
    if (!find(hash)) connection_.query(insert_text_sql).bind(hash).bind(owner).bind(text).run();
    transaction.commit();
    return hash;
}

std::optional<Hash> Texts::find_hash(const IdBytes& owner, std::string_view text) {
    const auto key = find_key(owner);
    return key ? std::optional(keyed_hash(text, *key)) : std::nullopt;
}

std::optional<std::string> Texts::find(const Hash& hash) {
    auto query = connection_.query(find_text_sql);
    if (!query.bind(hash).next()) return std::nullopt;
    return std::string(query.text(0));
}

constexpr std::string_view count_texts_sql = "SELECT count(*) FROM texts WHERE owner = ?1";
constexpr std::string_view erase_texts_sql = "DELETE FROM texts WHERE owner = ?1";
constexpr std::string_view note_erasure_sql =
    "INSERT OR IGNORE INTO text_erasures (owner) SELECT owner FROM text_keys WHERE owner = ?1";
constexpr std::string_view erase_key_sql = "DELETE FROM text_keys WHERE owner = ?1";
constexpr std::string_view empty_log_sql = "PRAGMA wal_checkpoint(TRUNCATE)";

// The connection overwrites what it deletes; emptying the log leaves no copy there either. That is
// done in any case: the last time somebody may have been reading, or the power gone.
std::uint64_t Texts::erase(const IdBytes& owner) {
    std::uint64_t count = 0;
    {
        Transaction transaction(connection_);
        {
            auto query = connection_.query(count_texts_sql);
            query.bind(owner).next();
            count = unsigned_number(query, 0);
        }
        connection_.query(note_erasure_sql).bind(owner).run();
        connection_.query(erase_texts_sql).bind(owner).run();
        connection_.query(erase_key_sql).bind(owner).run();
        transaction.commit();
    }
    auto emptied = connection_.query(empty_log_sql);
    if (emptied.next() && emptied.number(0) != 0)
        connection_.fail("erased texts are still in its log, which somebody reads");
    return count;
}

constexpr std::string_view find_erasure_sql = "SELECT 1 FROM text_erasures WHERE owner = ?1";

bool Texts::had_erased(const IdBytes& owner) {
    auto query = connection_.query(find_erasure_sql);
    return query.bind(owner).next();
}

std::optional<PersonKey> Texts::find_key(const IdBytes& owner) {
    auto query = connection_.query(find_key_sql);
    if (!query.bind(owner).next()) return std::nullopt;
    return key_in(query, 0);
}

PersonKey Texts::make_key(const IdBytes& owner) {
    PersonKey key{};
    random_(key);
    connection_.query(insert_key_sql).bind(owner).bind(key).run();
    return key;
}

constexpr std::string_view all_texts_sql = R"(
SELECT t.hash, t.text, k.key
FROM texts t LEFT JOIN text_keys k ON k.owner = t.owner
ORDER BY t.hash
)";

std::optional<std::string> find_text_damage(Connection& reader) {
    auto query = reader.query(all_texts_sql);
    while (query.next()) {
        const auto name = "text " + to_hex(query.blob(0)).substr(0, 16);
        if (query.is_null(2)) return name + "…: its owner has no key";
        if (keyed_hash(query.text(1), key_in(query, 2)) != hash(query, 0))
            return name + "…: the hash does not fit";
    }
    return std::nullopt;
}

}  // namespace holdfast::store::sqlite
