#include "store/sqlite/connection.h"

#include "base/verify.h"
#include "store/store.h"

#include <sqlite3.h>

#include <utility>

namespace holdfast::store::sqlite {
namespace {

// Long enough for another process's commit, short enough to be told.
constexpr int busy_timeout_ms = 10'000;

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void CloseStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Connection::Connection(const std::string& path) : path_(path) {
    constexpr int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, /*zVfs=*/nullptr);
    connection_.reset(opened);
    if (!opened) throw StoreDown("the store " + path + ": out of memory");
    if (code != SQLITE_OK) fail();
    sqlite3_busy_timeout(opened, busy_timeout_ms);
}

Query Connection::query(std::string_view sql) { return {*this, sql}; }

void Connection::run(std::string_view sql) {
    const std::string text(sql);
    if (sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail();
}

// SQLite may have rolled back by itself; then there is nothing left to end.
void Connection::roll_back() noexcept {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }

void Connection::fail() const {
    const std::string text = "the store " + path_ + ": " + sqlite3_errmsg(connection_.get());
    switch (sqlite3_extended_errcode(connection_.get())) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC: throw StoreLost(text);
    case SQLITE_FULL:            throw StoreFull(text);
    default:                     throw StoreDown(text);
    }
}

void Connection::fail(std::string_view problem) const {
    throw StoreDown("the store " + path_ + ": " + std::string(problem));
}

Statement Connection::take(std::string_view sql) {
    const auto found = kept_.find(sql);
    if (found != kept_.end() && found->second) return std::move(found->second);

    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
        fail();
    return Statement(prepared);
}

void Connection::give_back(std::string_view sql, Statement statement) {
    sqlite3_reset(statement.get());
    const auto found = kept_.find(sql);
    if (found != kept_.end())
        found->second = std::move(statement);
    else
        kept_.emplace(sql, std::move(statement));
}

Query::Query(Connection& connection, std::string_view sql)
    : connection_(connection), sql_(sql), statement_(connection.take(sql)) {}

Query::~Query() { connection_.give_back(sql_, std::move(statement_)); }

Query& Query::bind(std::int64_t number) {
    if (sqlite3_bind_int64(statement_.get(), ++bound_, number) != SQLITE_OK) connection_.fail();
    return *this;
}

Query& Query::bind(std::string_view text) {
    const char* begin = text.data() ? text.data() : "";  // a null pointer would be NULL
    if (sqlite3_bind_text64(statement_.get(), ++bound_, begin, text.size(), SQLITE_STATIC,
                            SQLITE_UTF8) != SQLITE_OK)
        connection_.fail();
    return *this;
}

Query& Query::bind(std::span<const std::uint8_t> bytes) {
    VERIFY(!bytes.empty());
    if (sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(),
                            SQLITE_STATIC) != SQLITE_OK)
        connection_.fail();
    return *this;
}

Query& Query::bind_null() {
    if (sqlite3_bind_null(statement_.get(), ++bound_) != SQLITE_OK) connection_.fail();
    return *this;
}

bool Query::next() {
    VERIFY(bound_ == sqlite3_bind_parameter_count(statement_.get()));
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail();
    return code == SQLITE_ROW;
}

void Query::run() { VERIFY(!next()); }

std::int64_t Query::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Query::text(int column) const {
    const auto* begin =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return begin ? std::string_view(begin, static_cast<std::size_t>(size)) : std::string_view();
}

std::span<const std::uint8_t> Query::blob(int column) const {
    const auto* begin =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

constexpr std::string_view begin_sql = "BEGIN IMMEDIATE";
constexpr std::string_view commit_sql = "COMMIT";

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.query(begin_sql).run();
}

Transaction::~Transaction() {
    if (is_open_) connection_.roll_back();
}

void Transaction::commit() {
    connection_.query(commit_sql).run();
    is_open_ = false;
}

}  // namespace holdfast::store::sqlite
