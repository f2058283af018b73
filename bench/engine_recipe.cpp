#include "engine_recipe.h"

#include "engine/writer.h"
#include "store/sqlite/sqlite_store.h"

#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>
#include <vector>

namespace holdfast::bench {
namespace {

struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Statement prepare(const Connection& connection, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection.get()));
    return Statement(statement);
}

std::string text_at(const Statement& statement, int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), column));
    const auto size = sqlite3_column_bytes(statement.get(), column);
    return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(byte) & 0xFFU);
        text += two;
    }
    return text.empty() ? "-" : text;
}

// One value as the recipe says it: what differs from life to life is named, not told.
std::string value_at(const Statement& row, int column, std::string_view name) {
    switch (sqlite3_column_type(row.get(), column)) {
    case SQLITE_NULL:    return "null -";
    case SQLITE_INTEGER: {
        const auto number = std::to_string(sqlite3_column_int64(row.get(), column));
        if (name == "n") return "stream -";
        if (name == "no") return "outbox -";
        if (name == "at" || name == "seen_at" || name == "next_deadline" || name == "due")
            return "time " + number;
        return "number " + number;
    }
    case SQLITE_TEXT: return "text " + hex(text_at(row, column));
    default:
        if (name == "stream_id") return "id -";
        if (sqlite3_column_bytes(row.get(), column) == 32) return "hash -";
        return "blob " + hex(text_at(row, column));
    }
}

using Row = std::map<std::string, std::string>;  // column, value

struct Table {
    std::string name;
    std::vector<std::string> columns, key;
    std::map<std::string, Row> rows = {};  // by key
};

std::vector<Table> tables_of(const Connection& connection) {
    std::vector<Table> tables;
    for (const auto* name : {"streams", "events", "index_rows", "search", "entries", "outbox"}) {
        auto& table = tables.emplace_back(Table{.name = name, .columns = {}, .key = {}});
        auto query = prepare(connection,
                             std::string("SELECT name, pk FROM pragma_table_info('") + name + "')");
        while (sqlite3_step(query.get()) == SQLITE_ROW) {
            table.columns.push_back(text_at(query, 0));
            if (sqlite3_column_int(query.get(), 1) > 0) table.key.push_back(table.columns.back());
        }
        if (table.key.empty()) throw std::runtime_error(std::string("no such table: ") + name);
    }
    return tables;
}

// A position in the feed is the database's to give.
void put_row(std::ostream& out, std::string_view what, const Table& table, Row row) {
    row.erase("position");
    out << what << ' ' << table.name << ' ' << row.size() << '\n';
    for (const auto& column : table.columns)
        if (const auto found = row.find(column); found != row.end())
            out << column << ' ' << found->second << '\n';
}

// What the last commit did to a table, as inserts, updates of what changed, and deletes.
void put_changes(std::ostream& out, const Connection& connection, Table& table) {
    std::map<std::string, Row> rows;
    auto query = prepare(connection, "SELECT * FROM " + table.name);
    while (sqlite3_step(query.get()) == SQLITE_ROW) {
        Row row;
        for (int i = 0; i < sqlite3_column_count(query.get()); ++i) {
            const std::string_view name = sqlite3_column_name(query.get(), i);
            row.emplace(name, value_at(query, i, name));
        }
        std::string key;
        for (const auto& column : table.key) key += row.at(column) + '|';
        rows.emplace(std::move(key), std::move(row));
    }
    for (const auto& [key, row] : rows) {
        const auto old = table.rows.find(key);
        if (old == table.rows.end()) {
            put_row(out, "insert", table, row);
            continue;
        }
        Row changed;
        for (const auto& [column, value] : row)
            if (old->second.at(column) != value) changed.emplace(column, value);
        if (changed.empty()) continue;
        out << "update " << table.name << ' ' << changed.size() + table.key.size() << ' '
            << table.key.size() << '\n';
        for (const auto& [column, value] : changed) out << column << ' ' << value << '\n';
        for (const auto& column : table.key) out << column << ' ' << row.at(column) << '\n';
    }
    for (const auto& [key, row] : table.rows) {
        if (rows.contains(key)) continue;
        Row keys;
        for (const auto& column : table.key) keys.emplace(column, row.at(column));
        put_row(out, "delete", table, keys);
    }
    table.rows = std::move(rows);
}

Connection open_for_reading(const std::string& path) {
    sqlite3* raw = nullptr;
    if (sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
        throw std::runtime_error("cannot open " + path);
    return Connection(raw);
}

}  // namespace

void write_recipe(const std::string& folder, Keys keys) {
    const auto path = folder + "/template.db";
    auto store = store::open_sqlite(path);
    const auto reader = open_for_reading(path);
    auto tables = tables_of(reader);

    std::ofstream out(folder + "/recipe", std::ios::binary);
    Writer writer(*store, rules());
    Life life;
    auto now = begin_at;
    begin(life, 0, now);
    out << "reference " << reference_of(0) << '\n';
    for (std::size_t i = 0; i < steps; ++i, now += promised_in) {
        life.step = static_cast<Step>(i);
        if (life.step == Step::settle) life.outbox_row = store->outbox(0, 1).front().no;
        const auto work = work_of(life, now, keys);
        const auto answer = writer.run({&work, 1}).front();
        if (answer.outcome != Outcome::done)
            throw std::runtime_error("step " + std::to_string(i) +
                                     " was not done: " + std::string(to_string(answer.outcome)));
        out << "commit\n";
        for (auto& table : tables) put_changes(out, reader, table);
    }
    const auto live = writer.look_up(life.stream).value().value();
    const auto& order = std::get<LiveOrder>(live.what).state;
    if (!order.is_over() || order.money.held != 0 || !store->outbox(0, 1).empty())
        throw std::runtime_error("the life leaves something open");
}

void write_recipe_of(const std::vector<std::string>& files, const std::string& reference,
                     const std::string& recipe) {
    std::ofstream out(recipe, std::ios::binary);
    out << "reference " << reference << '\n';
    auto tables = tables_of(open_for_reading(files.front()));
    for (auto& table : tables) {
        std::ostringstream ignored;
        put_changes(ignored, open_for_reading(files.front()), table);
    }
    for (std::size_t i = 1; i < files.size(); ++i) {
        out << "commit\n";
        const auto reader = open_for_reading(files[i]);
        for (auto& table : tables) put_changes(out, reader, table);
    }
}

}  // namespace holdfast::bench
