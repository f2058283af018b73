#include "store/sqlite/schema.h"

#include "store/store.h"

#include <chrono>
#include <cstdint>
#include <thread>

namespace holdfast::store::sqlite {
namespace {

constexpr std::int64_t application_id = 0x484F4C44;  // "HOLD" in the file's header
constexpr std::int64_t schema_version = 2;

// `n` is the row number of a stream. Stream ids are hashes; keyed by them every table would take
// its rows at random places, and a batch of new streams would write as many pages as rows. With n
// new streams go to the end of their tables, and only `streams_by_id` and `search` grow in the
// middle (measured: three times as many streams a second). `events` has row numbers of its own
// for the same reason: a later event goes to the end, not beside its elders (twice as many).
constexpr std::string_view create_sql = R"(
CREATE TABLE schema (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE streams (
    n INTEGER PRIMARY KEY,
    stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
    kind INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX streams_by_id ON streams (stream_id, kind);

CREATE TABLE event_kinds (
    kind INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The small columns come first: the head of a stream is read without its payloads.
CREATE TABLE events (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    v INTEGER NOT NULL,
    request_key TEXT,
    request_hash BLOB,
    request_version INTEGER,
    cause TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (n, seq)
) STRICT;
CREATE UNIQUE INDEX events_by_request ON events (n, request_key) WHERE request_key IS NOT NULL;

CREATE TABLE index_rows (
    n INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    next_deadline INTEGER,
    system TEXT NOT NULL,
    reference TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX index_rows_by_kind ON index_rows (kind);
CREATE INDEX index_rows_by_deadline ON index_rows (next_deadline)
    WHERE next_deadline IS NOT NULL;

CREATE TABLE search (
    term TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (term, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_by_stream ON search (n);

CREATE TABLE entries (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    i INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (n, seq, i)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    mark TEXT PRIMARY KEY NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE TABLE imports (
    i INTEGER PRIMARY KEY,
    file_hash BLOB NOT NULL CHECK (length(file_hash) = 32),
    file TEXT NOT NULL,
    format TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    rows_new INTEGER NOT NULL,
    rows_changed INTEGER NOT NULL,
    rows_same INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_by_file ON imports (file_hash);

INSERT INTO schema (version) VALUES (2);
PRAGMA application_id = 1213156420;
)";

// Since schema 2. A number is never given twice: it names a row to those that were told of it.
constexpr std::string_view create_outbox_sql = R"(
CREATE TABLE outbox (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    due INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    problem TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_by_due ON outbox (kind, due) WHERE state IN (1, 2);
)";

// From schema 1, whose outbox nothing was ever sent from.
constexpr std::string_view free_outbox_sql = "ALTER TABLE outbox RENAME TO outbox_1";
constexpr std::string_view take_over_outbox_sql = R"(
INSERT INTO outbox (n, seq, due, state, attempts, kind, payload, problem)
SELECT n, seq, due, 1, 0, kind, payload, '' FROM outbox_1 ORDER BY n, seq, i;
DROP TABLE outbox_1;
UPDATE schema SET version = 2;
)";

constexpr std::string_view count_tables_sql = "SELECT count(*) FROM sqlite_schema";

bool is_empty(Connection& connection) {
    auto query = connection.query(count_tables_sql);
    query.next();
    return query.number(0) == 0;
}

constexpr std::string_view application_sql = "PRAGMA application_id";
constexpr std::string_view version_sql = "SELECT version FROM schema";

// The version of a file that is a store which this program knows; otherwise StoreDown.
std::int64_t check(Connection& connection) {
    auto application = connection.query(application_sql);
    application.next();
    if (application.number(0) != application_id)
        connection.fail("this is another program's database, not a Holdfast store");

    auto version = connection.query(version_sql);
    if (!version.next()) connection.fail("its schema has no version");
    if (version.number(0) > schema_version)
        connection.fail("a newer Holdfast wrote it (schema " + std::to_string(version.number(0)) +
                        ", this program knows " + std::to_string(schema_version) +
                        "); use that version or a newer one");
    if (version.number(0) < 1)
        connection.fail("schema " + std::to_string(version.number(0)) + " was never released");
    return version.number(0);
}

// One transaction: a kill in the middle leaves the file as it was.
void migrate(Connection& connection) {
    Transaction transaction(connection);
    if (check(connection) == 1) {  // nobody else was faster
        connection.run(free_outbox_sql);
        connection.run(create_outbox_sql);
        connection.run(take_over_outbox_sql);
    }
    transaction.commit();
}

// Two programs that make the same new file at once get in each other's way here, and SQLite does
// not wait by itself for this one step.
void make_write_ahead(Connection& connection) {
    constexpr int tries_max = 100;
    for (int tries = 1;; ++tries) {
        try {
            connection.run("PRAGMA journal_mode = WAL");
            return;
        } catch (const StoreDown&) {
            if (!connection.is_busy() || tries == tries_max) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
}

}  // namespace

// Pages of 8 KiB hold a dozen usual events; larger ones make each change of an index dearer.
void prepare_schema(Connection& connection) {
    if (is_empty(connection)) {
        connection.run("PRAGMA page_size = 8192");
        make_write_ahead(connection);
        Transaction transaction(connection);
        if (is_empty(connection)) {  // nobody else was faster
            connection.run(create_sql);
            connection.run(create_outbox_sql);
        }
        transaction.commit();
    }
    if (check(connection) < schema_version) migrate(connection);
    make_write_ahead(connection);  // a restored file is not yet
}

}  // namespace holdfast::store::sqlite
