#include "store/sqlite/inspect.h"

#include "base/verify.h"
#include "store/sqlite/schema.h"

#include <sqlite3.h>

#include <array>
#include <charconv>
#include <tuple>

namespace holdfast::store {
namespace {

using namespace sqlite;

constexpr std::string_view application_sql = "PRAGMA application_id";
constexpr std::string_view journal_sql = "PRAGMA journal_mode";
constexpr std::string_view page_bytes_sql = "PRAGMA page_size";
constexpr std::string_view pages_sql = "PRAGMA page_count";
constexpr std::string_view has_schema_sql =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'schema'";
constexpr std::string_view version_sql = "SELECT version FROM schema";

std::int64_t number_of(Query query) {
    query.next();
    return query.number(0);
}

SqliteFile inspect(Connection& connection) {
    SqliteFile file{.program_schema = program_schema()};
    file.is_store = number_of(connection.query(application_sql)) == store_application();
    if (file.is_store && number_of(connection.query(has_schema_sql)) == 1) {
        auto version = connection.query(version_sql);
        if (version.next()) file.schema = version.number(0);
    }
    auto mode = connection.query(journal_sql);
    mode.next();
    file.journal_mode = mode.text(0);
    file.page_bytes = number_of(connection.query(page_bytes_sql));
    file.pages = number_of(connection.query(pages_sql));
    return file;
}

using Version = std::tuple<int, int, int>;

Version parse_version(std::string_view text) {
    std::array<int, 3> parts{};
    const char* next = text.data();
    const char* const end = next + text.size();
    for (auto& part : parts) {
        next = std::from_chars(next, end, part).ptr;
        if (next != end && *next == '.') ++next;
    }
    return {parts[0], parts[1], parts[2]};
}

}  // namespace

SqliteFile inspect_sqlite(const std::string& path) {
    Connection connection(path, {}, Access::read);
    return inspect(connection);
}

std::vector<std::string> migration_steps(std::int64_t from) {
    static constexpr std::array<std::string_view, 4> what{
        "rows of the outbox get numbers, states and attempts",
        "events get positions in one feed, entries get numbers for accounts and currencies, rows "
        "of the outbox get leases; endpoints are new",
        "texts of parties and their keys are new, orders are found by their buyer and their "
        "seller",
        "what an event says is no longer kept a second time beside it; streams keep the words that "
        "find them"};
    VERIFY(std::ssize(what) == program_schema() - 1);
    std::vector<std::string> steps;
    for (auto version = from; version < program_schema(); ++version)
        steps.push_back("schema " + std::to_string(version) + " to " + std::to_string(version + 1) +
                        ": " + std::string(what.at(static_cast<std::size_t>(version - 1))));
    return steps;
}

std::string_view sqlite_version() { return sqlite3_libversion(); }

// In the releases before 3.51.3; two older series were mended too.
std::string_view known_defect(std::string_view text) {
    const auto version = parse_version(text);
    const auto [major, minor, patch] = version;
    const bool is_mended =
        (major == 3 && minor == 44 && patch >= 6) || (major == 3 && minor == 50 && patch >= 7);
    if (version < Version{3, 7, 0} || version >= Version{3, 51, 3} || is_mended) return {};
    return "a write-ahead log that is reset while another connection writes can lose commits";
}

void sqlite::require_current(Connection& connection) {
    const auto file = inspect(connection);
    if (!file.is_store) connection.fail("this is another program's database, not a Holdfast store");
    if (file.schema > file.program_schema)
        connection.fail("a newer Holdfast wrote it (schema " + std::to_string(file.schema) +
                        ", this program knows " + std::to_string(file.program_schema) +
                        "); use that version or a newer one");
    if (file.schema < file.program_schema)
        connection.fail("an older Holdfast wrote it (schema " + std::to_string(file.schema) +
                        ", this program writes " + std::to_string(file.program_schema) +
                        "); `holdfast migrate run` brings it up to date");
}

}  // namespace holdfast::store
