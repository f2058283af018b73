// One connection to a SQLite file, its prepared statements and its transactions.
//
// Whatever SQLite reports becomes StoreDown with the file's path. Statements are prepared once and
// kept: query() takes one out by its text, a Query that ends puts it back. A disk that failed to
// keep what it was told leaves the connection lost: every later transaction is StoreLost too.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace holdfast::store::sqlite {

struct CloseConnection {
    void operator()(sqlite3* connection) const;
};
struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const;
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

// The text of a statement that is kept: a constant of the program, known again by its address.
class Sql {
public:
    consteval Sql(std::string_view text) : text_(text) {}
    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

class Query;

enum class Access : std::uint8_t { read_and_write, read };

class Connection {
public:
    // Makes the file where there is none, unless it only reads. `vfs` names SQLite's way to the
    // disk; empty: the usual.
    explicit Connection(const std::string& path, const std::string& vfs = {},
                        Access access = Access::read_and_write);

    Query query(Sql sql);
    void run(std::string_view sql);  // without parameters, for what is said once
    void roll_back() noexcept;

    // From now on commits take over the write-ahead log when it has so many pages, and say if the
    // disk failed at it, which SQLite's own way does not.
    void take_over_log_at(int pages);
    // As much of the log into the file as no reader needs; what does not go now goes another time.
    void take_over_log();

    std::int64_t last_row() const;  // the row number that the last INSERT gave
    // Another number than the last time: another connection has written in between.
    std::int64_t data_version();
    const std::string& path() const { return path_; }
    const std::string& vfs() const { return vfs_; }
    Access access() const { return access_; }
    bool is_busy() const;      // what failed last did so because another connection was at work
    [[noreturn]] void fail();  // says SQLite's last error
    [[noreturn]] void fail(std::string_view problem) const;

private:
    friend class Transaction;
    friend class Snapshot;
    Statement prepare(std::string_view sql);
    void verify_not_lost() const;
    void take_over_long_log();

    std::string path_, vfs_;
    Access access_ = Access::read_and_write;
    bool is_lost_ = false;
    int log_pages_most_ = 0;          // 0: not ours to see to
    std::unique_ptr<int> log_pages_;  // after the last commit; where SQLite writes it stands still
    std::unique_ptr<sqlite3, CloseConnection> connection_;
    std::unordered_map<const char*, Statement> kept_;  // before the connection in death
};

// One run of a statement. Parameters are bound in their order; what is bound must live until the
// run is over. Columns count from 0; what text() and blob() show is gone at the next step.
class Query {
public:
    Query(Connection& connection, Statement& kept, Statement statement);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::int64_t number);
    Query& bind(std::string_view text);
    Query& bind(std::span<const std::uint8_t> bytes);
    Query& bind_null();

    bool next();  // is there a(nother) row?
    void run();   // for statements that give none

    std::int64_t number(int column) const;
    std::string_view text(int column) const;
    std::span<const std::uint8_t> blob(int column) const;
    bool is_null(int column) const;

private:
    Connection& connection_;
    Statement& kept_;  // where it goes back to
    Statement statement_;
    int bound_ = 0;
};

// Begins to write; ends with nothing written unless committed.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Connection& connection_;
    bool is_open_ = true;
};

// All that is read while it lives is of one moment, and locks are taken once. Inside a Transaction
// it does nothing.
class Snapshot {
public:
    explicit Snapshot(Connection& connection);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Connection& connection_;
    bool is_open_;
};

}  // namespace holdfast::store::sqlite
