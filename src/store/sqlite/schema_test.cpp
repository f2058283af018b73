// Files of older programs are brought up to date, whole or not at all.
#include "store/sqlite/schema.h"

#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace holdfast::store {
namespace {

using namespace store_test;

// What schema 2 changed of schema 1 (tests/data/schema_1.sql): an outbox with states.
constexpr const char* to_schema_2_sql = R"(
DROP TABLE outbox;
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
UPDATE schema SET version = 2;
)";

// What schema 5 changed of schema 4. Facts that refer to an event are told as they were.
constexpr const char* to_schema_4_sql = R"(
UPDATE index_rows SET facts = (
    SELECT k.name || char(9) || e.v || char(9) || e.payload || char(10)
    FROM events e JOIN event_kinds k ON k.kind = e.kind WHERE e.position = index_rows.event)
WHERE event IS NOT NULL;
ALTER TABLE index_rows DROP COLUMN event;
ALTER TABLE streams DROP COLUMN terms;
CREATE INDEX search_by_stream ON search (n);
UPDATE schema SET version = 4;
)";

// What schema 4 added to schema 3.
constexpr const char* to_schema_3_sql = R"(
DROP TABLE text_keys;
DROP TABLE texts;
DROP TABLE text_erasures;
UPDATE schema SET version = 3;
)";

constexpr const char* copy_sql = R"(
INSERT INTO streams (n, stream_id, kind) SELECT n, stream_id, kind FROM now.streams;
INSERT INTO event_kinds (kind, name) SELECT kind, name FROM now.event_kinds;
INSERT INTO events
SELECT n, seq, hash, at, kind, v, request_key, request_hash, request_version, cause, payload
FROM now.events ORDER BY position;
INSERT INTO index_rows
SELECT n, kind, version, seen_at, next_deadline, system, reference, facts FROM now.index_rows;
INSERT INTO search SELECT * FROM now.search;
INSERT INTO entries
SELECT n, seq, i, name, CASE currency WHEN 978 THEN 'EUR' WHEN 392 THEN 'JPY' END, amount
FROM now.entries JOIN now.accounts USING (account);
INSERT INTO people SELECT * FROM now.people;
INSERT INTO imports SELECT * FROM now.imports;
)";

std::string schema_1_sql() {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/tests/data/schema_1.sql");
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Change> given() {
    std::vector<Change> changes;
    for (const char* reference : {"1", "2", "3"}) {
        Change change = with_key(change_of(reference, 0, {"a", "b", "c"}), "key", "request");
        change.index = row_of(reference);
        change.search_terms = {"term", std::string("number ") + reference};
        const Money price = Money::of_minor(49'90, Currency::eur);
        const Money yen = Money::of_minor(500, Currency::jpy);
        change.entries = {{"held", price}, {"buyer", -price}, {"held", yen}, {"buyer", -yen}};
        changes.push_back(std::move(change));
    }
    return changes;
}

// The rows of an outbox as make_old() has them.
void make_outbox(const std::string& path, const std::string& columns, int outbox) {
    tamper(path, "WITH RECURSIVE r (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < " +
                     std::to_string(outbox) + ") INSERT INTO outbox " + columns +
                     "1767614400000 + i, 'mail', 'letter ' || i FROM r; "
                     "DELETE FROM outbox WHERE payload = 'letter " +
                     std::to_string(outbox) + "'");
}

// A file of an old schema with what given() writes, a person, and `outbox` rows of one stream; one
// more row was done away with before it became schema 2's.
void make_old(const std::string& path, int schema, int outbox) {
    const Directory directory;
    const std::string now = schema >= 3 ? path : directory.file("now.db");
    {
        const auto store = open_small(now);
        for (const auto& result : store->write_all(given())) REQUIRE(result);
        store->person_mark({"ann@shop.example", "Ann", "", ""});
        store->record_import({.file_hash = hash_of("a"), .file = "a.csv", .format = "f"});
    }
    tamper(now, to_schema_4_sql);
    if (schema >= 3) {
        if (schema == 3) tamper(path, to_schema_3_sql);
        make_outbox(path,
                    "(n, seq, state, attempts, lease, problem, due, kind, payload) "
                    "SELECT 2, 3, 2, i, 0, 'p', ",
                    outbox);
        return;
    }
    const std::string columns = schema == 1
                                    ? "(n, seq, i, due, kind, payload) SELECT 2, 3, i, "
                                    : "(n, seq, state, attempts, problem, due, kind, payload) "
                                      "SELECT 2, 3, 2, i, 'p', ";
    tamper(path, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; BEGIN;" + schema_1_sql() +
                     (schema == 1 ? "" : to_schema_2_sql) + "COMMIT; ATTACH '" + now +
                     "' AS now; BEGIN;" + copy_sql + "COMMIT");
    make_outbox(path, columns, outbox);
    REQUIRE(tamper(path, "SELECT version FROM schema") == std::to_string(schema));
}

void check_migrated(const std::string& path, int schema, int outbox) {
    const auto store = open_small(path);
    CHECK(tamper(path, "SELECT version FROM schema") == "5");
    for (const char* reference : {"1", "2", "3"}) {
        CAPTURE(reference);
        const auto history = store->load(purchase(reference));
        CHECK(history.version == 3);
        CHECK(history.requests.size() == 1);
        CHECK(store->find(purchase(reference)).has_value());
        const auto balances = store->balances(purchase(reference));
        REQUIRE(balances.size() == 4);
        CHECK(balances[0] == Entry{"buyer", Money::of_minor(-49'90, Currency::eur)});
        CHECK(balances[3] == Entry{"held", Money::of_minor(500, Currency::jpy)});
    }
    CHECK(store->feed_end() == 9);
    CHECK(store->search("term", /*prefix=*/false, 9).size() == 3);
    CHECK(store->carries(purchase("2"), "number 2"));
    CHECK(store->find_person_mark("ann@shop.example"));
    CHECK(store->imports().size() == 1);
    CHECK(store->text_of(store->keep_text({1}, "a text")) == "a text");
    CHECK_FALSE(store->find_damage());

    const auto rows = store->outbox(0, 1'000'000);
    REQUIRE(rows.size() == static_cast<std::size_t>(outbox));
    for (int i = 0; i < outbox; ++i) {
        const auto& row = rows[static_cast<std::size_t>(i)];
        REQUIRE(row == OutboxRow{.no = static_cast<std::uint64_t>(i) + 1,
                                 .stream = purchase("2"),
                                 .seq = 3,
                                 .item = {.kind = "mail",
                                          .payload = "letter " + std::to_string(i),
                                          .due = noon + Duration{i}},
                                 .state = schema == 1 ? OutboxState::pending : OutboxState::unknown,
                                 .attempts = schema == 1 ? 0 : i,
                                 .problem = schema == 1 ? "" : "p"});
    }
    CHECK(store->outbox_due("mail", noon, 9).size() == (outbox > 0 ? 1 : 0));
    Change more = change_of("1", 3, {"d"});
    more.outbox = {{"mail", "new", noon}};
    more.search_terms = {"another"};
    CHECK(store->write(more));
    CHECK(store->search("term", /*prefix=*/false, 9).size() == 2);
    CHECK_FALSE(store->carries(purchase("1"), "number 1"));
    CHECK(store->carries(purchase("1"), "another"));
    // Schema 2 had given the number of the row that is gone.
    const auto next = static_cast<std::uint64_t>(outbox) + (schema == 1 ? 1 : 2);
    CHECK(store->outbox(0, 1'000'000).back().no == next);
}

// What a file of an old schema with so many rows looks like that nobody has touched.
void check_untouched(const std::string& path, int schema, int outbox) {
    CHECK(tamper(path, "SELECT version FROM schema") == std::to_string(schema));
    CHECK(tamper(path, "SELECT count(*) FROM outbox") == std::to_string(outbox));
    CHECK(tamper(path, "SELECT count(*) FROM events") == "9");
    CHECK(tamper(path, "SELECT group_concat(DISTINCT currency) FROM entries") ==
          (schema >= 3 ? "978,392" : "EUR,JPY"));
    CHECK(tamper(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_old'") == "0");
    CHECK(tamper(path, "PRAGMA integrity_check") == "ok");
}

// A column that was added stands on the line of the one before it.
std::string without_blanks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
}

TEST_CASE("a file of an old schema becomes one of today's with everything in it") {
    for (const int schema : {1, 2, 3, 4})
        for (const int outbox : {0, 1, 3}) {
            CAPTURE(schema);
            CAPTURE(outbox);
            const Directory directory;
            const std::string path = directory.file("store.db");
            make_old(path, schema, outbox);
            check_migrated(path, schema, outbox);

            const Directory other;
            open_small(other.file("new.db"));
            const char* tables =
                "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema "
                "WHERE name NOT LIKE 'sqlite_%' ORDER BY name)";
            CHECK(without_blanks(tamper(path, tables)) ==
                  without_blanks(tamper(other.file("new.db"), tables)));
        }
}

TEST_CASE("orders of schema 3 are found by their buyer and their seller") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const std::string ann = "pty_00000000000000000000000001",
                      bob = "pty_00000000000000000000000002";
    const auto write = [](Store& store, const char* reference, const std::string& payload,
                          StreamKind kind) {
        Change change{.stream = stream_id_of(kind, "s", "", reference), .kind = kind};
        change.events = {{.at = noon, .kind = "placed", .v = 1, .payload = payload},
                         {.at = noon, .kind = "scanned", .v = 1, .payload = "{}"}};
        change.search_terms = {{"clock:c"}};
        REQUIRE(store.write(change));
        return change.stream;
    };
    StreamId one, two, torn, other;
    {
        const auto store = open_small(path);
        one = write(*store, "1",
                    R"({"placement":{"buyer":")" + ann + R"(","seller":")" + bob + R"("}})",
                    StreamKind::order);
        two = write(*store, "2", R"({"placement":{"seller":")" + ann + R"("}})", StreamKind::order);
        torn = write(*store, "3", R"({"placement":)", StreamKind::order);
        other = write(*store, "4", R"({"placement":{"buyer":")" + ann + R"("}})", StreamKind::sale);
    }
    tamper(path, to_schema_4_sql);
    tamper(path, to_schema_3_sql);
    const auto store = open_small(path);
    const auto found = [&](const std::string& term) {
        std::vector<StreamId> streams;
        for (const auto& begun : store->newest_with(term, UINT64_MAX, 9))
            streams.push_back(begun.stream);
        return streams;
    };
    CHECK(found("buyer:" + ann) == std::vector{one});
    CHECK(found("seller:" + ann) == std::vector{two});
    CHECK(found("seller:" + bob) == std::vector{one});
    CHECK(found("buyer:pty_00000000000000000000000000") == std::vector{torn, two});
    CHECK(found("clock:c") == std::vector{other, torn, two, one});
}

TEST_CASE("a migration that fails leaves the file as it was") {
    struct Row {
        const char* name;
        const char* obstacle;
        const char* remedy;
        int schema_most = 4;  // of those that take the step
    };
    // clang-format off
    const Row rows[] = {
        {"at its first step", "CREATE VIEW outbox_old AS SELECT 1",             "DROP VIEW outbox_old", 2},
        {"after a few",       "CREATE INDEX events_by_stream ON imports (file)", "DROP INDEX events_by_stream", 2},
        {"at its money",      "UPDATE entries SET currency = 'EUX' WHERE n = 3 AND currency = 'EUR'", "UPDATE entries SET currency = 'EUR' WHERE currency = 'EUX'", 2},
        {"at its texts",      "CREATE INDEX texts_by_owner ON imports (file)", "DROP INDEX texts_by_owner", 3},
        {"at its terms",      "DROP INDEX search_by_stream", "CREATE INDEX search_by_stream ON search (n)"},
        {"at its last",       "CREATE TRIGGER no BEFORE UPDATE ON schema BEGIN SELECT raise(ABORT, 'no'); END", "DROP TRIGGER no"},
    };
    // clang-format on
    for (const int schema : {1, 2, 3, 4})
        for (const auto& row : rows) {
            CAPTURE(schema);
            CAPTURE(row.name);
            if (schema > row.schema_most) continue;
            const Directory directory;
            const std::string path = directory.file("store.db");
            make_old(path, schema, 5);
            tamper(path, row.obstacle);
            CHECK(contains(open_failure(path), path));
            tamper(path, row.remedy);
            check_untouched(path, schema, 5);
            check_migrated(path, schema, 5);
        }
}

TEST_CASE("power: a cut at any call of a migration leaves the old schema or today's, whole") {
    constexpr int outbox = 300;
    const Directory directory;
    for (const int schema : {1, 2, 3, 4}) {
        CAPTURE(schema);
        const std::string original = directory.file(std::to_string(schema) + "_original.db");
        make_old(original, schema, outbox);
        int untouched = 0, migrated = 0;
        bool is_cut = true;
        for (std::uint64_t call = 1; is_cut; ++call) {
            CAPTURE(call);
            const std::string path =
                directory.file(std::to_string(schema) + "_" + std::to_string(call) + ".db");
            std::filesystem::copy(original, path);
            FaultVfs disk(call);
            disk.cut_power_at(call);
            const std::string failure = open_failure(path, {.vfs = disk.name()});
            is_cut = disk.is_off();
            CHECK((is_cut || failure.empty()));
            disk.come_back();
            if (tamper(path, "SELECT version FROM schema") == std::to_string(schema)) {
                ++untouched;
                check_untouched(path, schema, outbox);
            } else {
                ++migrated;
            }
            check_migrated(path, schema, outbox);
        }
        CHECK(untouched > (schema >= 3 ? 5 : 20));
        CHECK(migrated > 5);
    }
}

}  // namespace
}  // namespace holdfast::store
