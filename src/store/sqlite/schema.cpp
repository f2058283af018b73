#include "store/sqlite/schema.h"

#include "base/currency.h"
#include "store/store.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace holdfast::store::sqlite {
namespace {

constexpr std::int64_t application_id = 0x484F4C44;  // "HOLD" in the file's header
constexpr std::int64_t schema_version = 5;

// `n` is the row number of a stream. Stream ids are hashes; keyed by them every table would take
// its rows at random places, and a batch of new streams would write as many pages as rows. With n
// new streams go to the end of their tables, and only `streams_by_id` and `search` grow in the
// middle (measured: three times as many streams a second). `events` has row numbers of its own
// for the same reason: a later event goes to the end, not beside its elders (twice as many).
// Since schema 5 an index row whose facts are the line of an event has that event's position, and
// no facts of its own; a stream has its own search terms, each with a line end (an index of terms
// by stream cost more).
constexpr std::string_view create_sql = R"(
CREATE TABLE schema (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE streams (
    n INTEGER PRIMARY KEY,
    stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
    kind INTEGER NOT NULL,
    terms TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX streams_by_id ON streams (stream_id, kind);

CREATE TABLE event_kinds (
    kind INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE index_rows (
    n INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    next_deadline INTEGER,
    system TEXT NOT NULL,
    reference TEXT NOT NULL,
    facts TEXT NOT NULL,
    event INTEGER
) STRICT;
CREATE INDEX index_rows_by_kind ON index_rows (kind);
CREATE INDEX index_rows_by_deadline ON index_rows (next_deadline)
    WHERE next_deadline IS NOT NULL;

CREATE TABLE search (
    term TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (term, n)
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

INSERT INTO schema (version) VALUES (5);
PRAGMA application_id = 1213156420;
)";

// Since schema 3 in this form. Positions only grow, and are the order in which all was committed.
// The small columns come first: the head of a stream is read without its payloads. A key is looked
// for among the events of its stream; an index of keys cost more than a tenth of all bytes.
constexpr std::string_view create_events_sql = R"(
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
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
    payload TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_stream ON events (n, seq);
)";

// Since schema 3 in this form; `currency` is the number of ISO 4217.
constexpr std::string_view create_entries_sql = R"(
CREATE TABLE accounts (
    account INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE entries (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    i INTEGER NOT NULL,
    account INTEGER NOT NULL,
    currency INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (n, seq, i)
) STRICT, WITHOUT ROWID;
)";

// Since schema 3. Lists are texts with a space between their words.
constexpr std::string_view create_endpoints_sql = R"(
CREATE TABLE endpoints (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT NOT NULL,
    previous_until INTEGER NOT NULL,
    types TEXT NOT NULL,
    disabled TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

// Since schema 4. A key is destroyed with its owner's texts; that it was, stays.
constexpr std::string_view create_texts_sql = R"(
CREATE TABLE text_keys (
    owner BLOB PRIMARY KEY NOT NULL CHECK (length(owner) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE texts (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    text TEXT NOT NULL
) STRICT;
CREATE INDEX texts_by_owner ON texts (owner);

CREATE TABLE text_erasures (
    owner BLOB PRIMARY KEY NOT NULL CHECK (length(owner) = 16)
) STRICT;
)";

// Since schema 2; `lease` since 3. A number is never given twice: it names a row to those that were
// told of it.
constexpr std::string_view create_outbox_sql = R"(
CREATE TABLE outbox (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    due INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    problem TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_by_due ON outbox (kind, due) WHERE state IN (1, 2);
)";

// What has another form since is put aside under its old name, made anew and taken over.
constexpr std::string_view put_aside_outbox_sql = "ALTER TABLE outbox RENAME TO outbox_old";
// From schema 1, whose outbox nothing was ever sent from.
constexpr std::string_view take_over_outbox_1_sql = R"(
INSERT INTO outbox (n, seq, due, state, attempts, lease, kind, payload, problem)
SELECT n, seq, due, 1, 0, 0, kind, payload, '' FROM outbox_old ORDER BY n, seq, i;
DROP TABLE outbox_old;
)";
// A number that was given stays given, also where its row is gone.
constexpr std::string_view take_over_outbox_2_sql = R"(
INSERT INTO outbox (no, n, seq, due, state, attempts, lease, kind, payload, problem)
SELECT no, n, seq, due, state, attempts, 0, kind, payload, problem FROM outbox_old ORDER BY no;
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', 0
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox');
UPDATE sqlite_sequence
SET seq = max(seq, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox_old'), 0))
WHERE name = 'outbox';
DROP TABLE outbox_old;
)";
constexpr std::string_view put_aside_money_and_events_sql = R"(
ALTER TABLE events RENAME TO events_old;
ALTER TABLE entries RENAME TO entries_old;
)";
constexpr std::string_view take_over_events_sql = R"(
INSERT INTO events (n, seq, hash, at, kind, v, request_key, request_hash, request_version, cause,
                    payload)
SELECT n, seq, hash, at, kind, v, request_key, request_hash, request_version, cause, payload
FROM events_old ORDER BY rowid;
DROP TABLE events_old;
)";
constexpr std::string_view take_over_accounts_sql =
    "INSERT INTO accounts (name) SELECT DISTINCT account FROM entries_old ORDER BY account";
constexpr std::string_view old_currencies_sql = "SELECT DISTINCT currency FROM entries_old";
constexpr std::string_view take_over_entries_sql = R"(
INSERT INTO entries (n, seq, i, account, currency, amount)
SELECT e.n, e.seq, e.i, a.account, ?1, e.amount
FROM entries_old e JOIN accounts a ON a.name = e.account
WHERE e.currency = ?2
)";
constexpr std::string_view end_entries_sql = "DROP TABLE entries_old";

// Since schema 4 an order is found by its buyer and its seller. One whose first event cannot be
// read is not; whoever looks at it is told of the damage.
constexpr std::string_view find_parties_sql = R"(
INSERT OR IGNORE INTO search (term, n)
SELECT side.name || ':' ||
       coalesce(CASE WHEN json_valid(e.payload)
                     THEN json_extract(e.payload, '$.placement.' || side.name) END,
                'pty_00000000000000000000000000'), s.n
FROM streams s
JOIN events e ON e.n = s.n AND e.seq = 1
JOIN event_kinds k ON k.kind = e.kind AND k.name = 'placed'
JOIN (SELECT 'buyer' AS name UNION ALL SELECT 'seller') side
WHERE s.kind = 6;
)";
constexpr std::string_view bring_to_5_sql = R"(
ALTER TABLE index_rows ADD COLUMN event INTEGER;
ALTER TABLE streams ADD COLUMN terms TEXT NOT NULL DEFAULT '';
UPDATE streams SET terms = coalesce(
    (SELECT group_concat(t.term || char(10), '')
     FROM (SELECT term FROM search WHERE n = streams.n ORDER BY term) t), '');
DROP INDEX search_by_stream;
)";
constexpr std::string_view end_sql = "UPDATE schema SET version = 5";

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

void take_over_entries(Connection& connection) {
    connection.run(take_over_accounts_sql);
    std::vector<std::string> codes;
    {
        auto query = connection.query(old_currencies_sql);
        while (query.next()) codes.emplace_back(query.text(0));
    }
    for (const auto& code : codes) {
        const auto currency = parse_currency(code);
        if (!currency) connection.fail("its entries have an unknown currency, " + code);
        connection.query(take_over_entries_sql)
            .bind(static_cast<std::int64_t>(*currency))
            .bind(code)
            .run();
    }
}

void bring_to_3(Connection& connection, std::int64_t version) {
    connection.run(put_aside_outbox_sql);
    if (version == 2) connection.run("DROP INDEX outbox_by_due");
    connection.run(create_outbox_sql);
    connection.run(version == 1 ? take_over_outbox_1_sql : take_over_outbox_2_sql);
    connection.run(put_aside_money_and_events_sql);
    connection.run(create_events_sql);
    connection.run(create_entries_sql);
    connection.run(create_endpoints_sql);
    connection.run(take_over_events_sql);
    take_over_entries(connection);
    connection.run(end_entries_sql);
}

// One transaction: a kill in the middle leaves the file as it was.
void migrate(Connection& connection) {
    Transaction transaction(connection);
    const auto version = check(connection);
    if (version < schema_version) {  // nobody else was faster
        if (version < 3) bring_to_3(connection, version);
        if (version < 4) {
            connection.run(create_texts_sql);
            connection.run(find_parties_sql);
        }
        connection.run(bring_to_5_sql);
        connection.run(end_sql);
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

std::int64_t program_schema() { return schema_version; }
std::int64_t store_application() { return application_id; }

bool is_older(Connection& connection) {
    return !is_empty(connection) && check(connection) < schema_version;
}

// Pages of 8 KiB hold a dozen usual events; larger ones make each change of an index dearer.
void prepare_schema(Connection& connection) {
    if (is_empty(connection)) {
        connection.run("PRAGMA page_size = 8192");
        make_write_ahead(connection);
        Transaction transaction(connection);
        if (is_empty(connection)) {  // nobody else was faster
            connection.run(create_sql);
            connection.run(create_events_sql);
            connection.run(create_entries_sql);
            connection.run(create_endpoints_sql);
            connection.run(create_texts_sql);
            connection.run(create_outbox_sql);
        }
        transaction.commit();
    }
    if (check(connection) < schema_version) migrate(connection);
    make_write_ahead(connection);  // a restored file is not yet
}

}  // namespace holdfast::store::sqlite
