// What a SQLite file says of itself, without changing it: for those that look before they open.
#pragma once

#include "store/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::store {

struct SqliteFile {
    bool is_store = false;            // or another program's database, or nobody's
    std::int64_t schema = 0;          // of a store; 0: unknown
    std::int64_t program_schema = 0;  // the newest that this program knows
    std::string journal_mode = {};
    std::int64_t page_bytes = 0, pages = 0;
};

// Throws StoreDown if the file cannot be read.
SqliteFile inspect_sqlite(const std::string& path);

// What a migration from `from` up to this program's schema would do, one sentence a step.
std::vector<std::string> migration_steps(std::int64_t from);

std::string_view sqlite_version();  // of the library, "3.40.1"
// A defect of the library that can harm a store, or nothing.
std::string_view known_defect(std::string_view version);

namespace sqlite {

// StoreDown unless the file is a store of this program's own schema.
void require_current(Connection& connection);

}  // namespace sqlite

}  // namespace holdfast::store
