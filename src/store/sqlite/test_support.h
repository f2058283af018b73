// What the tests of the store in a file share: what others do to it, and what it says of that.
#pragma once

#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::store_test {

inline std::unique_ptr<Store> open_small(const std::string& path, SqliteOptions options = {}) {
    options.cache_mib = 8;
    return open_sqlite(path, std::move(options));
}

// Why the store cannot be opened; empty if it can.
inline std::string open_failure(const std::string& path, SqliteOptions options = {}) {
    try {
        open_small(path, std::move(options));
    } catch (const StoreDown& down) {
        return down.what();
    }
    return "";
}

// What somebody with the sqlite3 shell could do to the file; gives the last column of a result, a
// line for each row after the first.
inline std::string tamper(const std::string& path, const std::string& sql) {
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &connection) == SQLITE_OK);
    std::string value;
    const auto keep = [](void* out, int count, char** values, char**) {
        auto& text = *static_cast<std::string*>(out);
        if (!text.empty()) text += '\n';
        if (values[count - 1]) text += values[count - 1];
        return 0;
    };
    CAPTURE(sql);
    CHECK(sqlite3_exec(connection, sql.c_str(), keep, &value, nullptr) == SQLITE_OK);
    sqlite3_close(connection);
    return value;
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace holdfast::store_test
