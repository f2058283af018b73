#include "store/sqlite/backup.h"

#include "store/flush.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace holdfast::store {
namespace {

namespace fs = std::filesystem;

fs::path hash_file(const fs::path& copy) { return copy.string() + ".hash"; }

[[noreturn]] void fail_to_read(const fs::path& path) {
    throw StoreDown("the backup " + path.string() + ": cannot be read");
}

Hash hash_of_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail_to_read(path);
    Hasher hasher;
    std::vector<char> piece(1U << 20U);
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hasher.add({piece.data(), static_cast<std::size_t>(file.gcount())});
    }
    if (file.bad()) fail_to_read(path);
    return hasher.finish();
}

std::string noted_hash(const fs::path& copy) {
    std::ifstream file(hash_file(copy));
    std::string hash;
    if (!(file >> hash)) fail_to_read(hash_file(copy));
    return hash;
}

void refuse_existing(const fs::path& path) {
    if (fs::exists(path)) throw StoreDown(path.string() + ": is there already; name another file");
}

void remove_both(const fs::path& copy) noexcept {
    std::error_code ignored;
    fs::remove(copy, ignored);
    fs::remove(hash_file(copy), ignored);
}

constexpr std::string_view copy_sql = "VACUUM INTO ?1";

}  // namespace

Hash back_up_sqlite(const fs::path& store, const fs::path& copy) {
    if (!fs::exists(store)) throw StoreDown("the store " + store.string() + ": is not there");
    refuse_existing(copy);
    refuse_existing(hash_file(copy));
    try {
        {
            sqlite::Connection reader(store.string());
            const std::string name = copy.string();
            reader.query(copy_sql).bind(name).run();
        }
        flush(copy);
        const Hash hash = hash_of_file(copy);
        std::ofstream(hash_file(copy)) << to_hex(hash) << '\n';
        flush(hash_file(copy));
        flush_folder_of(copy);
        return hash;
    } catch (...) {
        remove_both(copy);
        throw;
    }
}

void check_backup(const fs::path& copy) {
    const auto found = to_hex(hash_of_file(copy));
    const auto noted = noted_hash(copy);
    if (found != noted)
        throw StoreDown("the backup " + copy.string() + ": is not what was written; its hash is " +
                        found + ", and " + noted + " was noted");
}

// Made and prepared under another name first: a store that is there is whole and prepared.
void restore_sqlite(const fs::path& copy, const fs::path& store,
                    const std::function<void(Store&)>& prepare) {
    check_backup(copy);
    refuse_existing(store);
    const fs::path making = store.string() + ".restoring";
    try {
        remove_sqlite(making);
        fs::copy_file(copy, making);
        if (prepare) prepare(*open_sqlite(making.string()));
        flush(making);
        fs::rename(making, store);
    } catch (const fs::filesystem_error& error) {
        remove_sqlite(making);
        throw StoreDown(store.string() + ": " + error.code().message());
    } catch (...) {
        remove_sqlite(making);
        throw;
    }
    remove_sqlite(making);  // its lock
    flush_folder_of(store);
}

void remove_sqlite(const fs::path& store) noexcept {
    std::error_code ignored;
    for (const auto* end : {"", "-wal", "-shm", "-lock"}) fs::remove(store.string() + end, ignored);
}

}  // namespace holdfast::store
