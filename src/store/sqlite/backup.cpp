#include "store/sqlite/backup.h"

#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"
#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace holdfast::store {
namespace {

namespace fs = std::filesystem;

fs::path hash_file(const fs::path& copy) { return copy.string() + ".hash"; }

std::string read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw StoreDown("the backup " + path.string() + ": cannot be read");
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) throw StoreDown("the backup " + path.string() + ": cannot be read");
    return bytes;
}

void flush(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_flushed = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!is_flushed) throw StoreDown(path.string() + ": cannot be flushed to the disk");
}

void flush_folder_of(const fs::path& path) {
    flush(path.has_parent_path() ? path.parent_path() : fs::path("."));
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
        const Hash hash = hash_of(read_whole(copy));
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
    const auto bytes = read_whole(copy);
    auto expected = read_whole(hash_file(copy));
    while (!expected.empty() && expected.back() == '\n') expected.pop_back();
    if (to_hex(hash_of(bytes)) != expected)
        throw StoreDown("the backup " + copy.string() + ": is not what was written; its hash is " +
                        to_hex(hash_of(bytes)) + ", and " + expected + " was noted");
}

// Made under another name first: a store that is there is whole.
void restore_sqlite(const fs::path& copy, const fs::path& store) {
    check_backup(copy);
    refuse_existing(store);
    const fs::path making = store.string() + ".restoring";
    std::error_code problem;
    fs::remove(making, problem);
    fs::copy_file(copy, making, problem);
    if (problem) throw StoreDown(making.string() + ": " + problem.message());
    flush(making);
    fs::rename(making, store, problem);
    if (problem) throw StoreDown(store.string() + ": " + problem.message());
    flush_folder_of(store);
}

}  // namespace holdfast::store
