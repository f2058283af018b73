#include "store/sqlite/connection.h"

#include "base/verify.h"
#include "store/store.h"

#include <sqlite3.h>

#include <utility>

namespace holdfast::store::sqlite {
namespace {

// Long enough for another process's commit, short enough to be told.
constexpr int busy_timeout_ms = 10'000;

// Nobody asks SQLite how much memory it has; counting it takes a lock at each allocation. Goes
// without where SQLite is at work already.
void count_no_memory() {
    [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool is_loss(int code) { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void CloseStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Connection::Connection(const std::string& path, const std::string& vfs, Access access)
    : path_(path), vfs_(vfs), access_(access) {
    const int flags = (access == Access::read ? SQLITE_OPEN_READONLY
                                              : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    count_no_memory();
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened, flags, vfs.empty() ? nullptr : vfs.c_str());
    connection_.reset(opened);
    if (!opened) throw StoreDown("the store " + path + ": out of memory");
    if (code != SQLITE_OK) fail();
    sqlite3_busy_timeout(opened, busy_timeout_ms);
}

// A null statement where none is kept or the one that is kept is at work; then there are two.
Query Connection::query(Sql sql) {
    auto& kept = kept_[sql.text().data()];
    return {*this, kept, kept ? std::move(kept) : prepare(sql.text())};
}

void Connection::run(std::string_view sql) {
    const std::string text(sql);
    if (sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail();
}

// SQLite may have rolled back by itself; then there is nothing left to end.
void Connection::roll_back() noexcept {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::take_over_log_at(int pages) {
    log_pages_most_ = pages;
    log_pages_ = std::make_unique<int>(0);
    const auto keep = [](void* kept, sqlite3*, const char*, int now) {
        *static_cast<int*>(kept) = now;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(connection_.get(), keep, log_pages_.get());
}

// What was committed stays so whatever becomes of the log; only a disk that forgets is told.
void Connection::take_over_log() {
    const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (is_loss(code)) fail();
}

void Connection::take_over_long_log() {
    if (log_pages_ && *log_pages_ >= log_pages_most_) take_over_log();
}

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }

constexpr std::string_view data_version_sql = "PRAGMA data_version";

std::int64_t Connection::data_version() {
    auto pragma = query(data_version_sql);
    pragma.next();
    return pragma.number(0);
}

bool Connection::is_busy() const {
    constexpr int primary = 0xFF;
    return (sqlite3_errcode(connection_.get()) & primary) == SQLITE_BUSY;
}

void Connection::fail() {
    const std::string text = "the store " + path_ + ": " + sqlite3_errmsg(connection_.get());
    const int code = sqlite3_extended_errcode(connection_.get());
    if (is_loss(code)) {
        is_lost_ = true;
        throw StoreLost(text);
    }
    if (code == SQLITE_FULL) throw StoreFull(text);
    throw StoreDown(text);
}

void Connection::fail(std::string_view problem) const {
    throw StoreDown("the store " + path_ + ": " + std::string(problem));
}

void Connection::verify_not_lost() const {
    if (is_lost_)
        throw StoreLost("the store " + path_ + ": the disk did not keep what it was told before");
}

Statement Connection::prepare(std::string_view sql) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
        fail();
    return Statement(prepared);
}

Query::Query(Connection& connection, Statement& kept, Statement statement)
    : connection_(connection), kept_(kept), statement_(std::move(statement)) {}

Query::~Query() {
    sqlite3_reset(statement_.get());
    kept_ = std::move(statement_);
}

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
    connection_.verify_not_lost();
    connection_.query(begin_sql).run();
}

Transaction::~Transaction() {
    if (is_open_) connection_.roll_back();
}

constexpr std::string_view begin_reading_sql = "BEGIN";

Snapshot::Snapshot(Connection& connection)
    : connection_(connection), is_open_(sqlite3_get_autocommit(connection.connection_.get()) != 0) {
    if (is_open_) connection_.query(begin_reading_sql).run();
}

// Nothing was written; unlike a rollback, a commit leaves other queries that are at work.
Snapshot::~Snapshot() {
    if (is_open_ && sqlite3_exec(connection_.connection_.get(), "COMMIT", nullptr, nullptr,
                                 nullptr) != SQLITE_OK)
        connection_.roll_back();
}

void Transaction::commit() {
    connection_.query(commit_sql).run();
    is_open_ = false;
    connection_.take_over_long_log();
}

}  // namespace holdfast::store::sqlite
