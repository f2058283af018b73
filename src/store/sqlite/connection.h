// One connection to a SQLite file, its prepared statements and its transactions.
//
// Whatever SQLite reports becomes StoreDown with the file's path. Statements are prepared once and
// kept: query() takes one out by its text, a Query that ends puts it back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

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

class Query;

class Connection {
public:
    explicit Connection(const std::string& path);  // made where there is none

    Query query(std::string_view sql);
    void run(std::string_view sql);  // without parameters, for what is said once
    void roll_back() noexcept;

    std::int64_t last_row() const;  // the row number that the last INSERT gave
    const std::string& path() const { return path_; }
    [[noreturn]] void fail() const;  // says SQLite's last error
    [[noreturn]] void fail(std::string_view problem) const;

private:
    friend class Query;
    Statement take(std::string_view sql);
    void give_back(std::string_view sql, Statement statement);

    std::string path_;
    std::unique_ptr<sqlite3, CloseConnection> connection_;
    std::map<std::string, Statement, std::less<>> kept_;  // before the connection in death
};

// One run of a statement. Parameters are bound in their order; what is bound must live until the
// run is over. Columns count from 0; what text() and blob() show is gone at the next step.
class Query {
public:
    Query(Connection& connection, std::string_view sql);
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
    std::string_view sql_;
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

}  // namespace holdfast::store::sqlite
