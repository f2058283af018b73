// What only a store in a file can get wrong: other files, damage, other programs, sudden death.
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/backup.h"

#include "base/verify.h"
#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <fstream>
#include <random>

namespace holdfast::store {
namespace {

using namespace store_test;

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST_CASE("a file that is no store is refused and left alone") {
    const Directory directory;
    const auto refused = [&](const std::string& path, std::string_view reason) {
        const std::string before = content_of(path);
        const std::string failure = open_failure(path);
        CAPTURE(failure);
        CHECK(contains(failure, path));
        CHECK(contains(failure, reason));
        CHECK(content_of(path) == before);
    };
    std::ofstream(directory.file("text")) << std::string(10'000, 'x');
    refused(directory.file("text"), "not a database");

    tamper(directory.file("other"), "CREATE TABLE schema (version INTEGER)");
    refused(directory.file("other"), "another program's database");

    CHECK(contains(open_failure(directory.file("none/store.db")), "none/store.db"));
    CHECK(contains(open_failure(directory.file("")), "holdfast-test"));
}

TEST_CASE("an older program refuses a newer schema") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    open_small(path);
    tamper(path, "UPDATE schema SET version = 6");
    CHECK(
        contains(open_failure(path), "a newer Holdfast wrote it (schema 6, this program knows 5)"));
    CHECK(contains(open_failure(path), path));
}

TEST_CASE("a torn file is a store that is down, never a wrong answer") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    {
        const auto store = open_small(path);
        for (int i = 0; i < 500; ++i)
            REQUIRE(store->write(change_of(std::to_string(i), 0, {std::string(600, 'x')})));
    }
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    bool is_noticed = false;
    try {
        const auto store = open_small(path);
        is_noticed = store->find_damage().has_value();
    } catch (const StoreDown& down) {
        is_noticed = contains(down.what(), path);
    }
    CHECK(is_noticed);
}

TEST_CASE("commits are flushed, one connection checkpoints a write-ahead log") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const auto store = open_small(path);
    REQUIRE(store->write(change_of("1", 0, {"a"})));
    CHECK(tamper(path, "PRAGMA journal_mode") == "wal");
    CHECK(tamper(path,
                 "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
                 "name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%STRICT%'") == "0");
}

TEST_CASE("damage is found and named") {
    struct Row {
        const char* sql;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"UPDATE events SET payload = 'B' WHERE n = 2 AND seq = 2",      "event 2: the hash does not fit"},
        {"UPDATE events SET at = at + 1 WHERE n = 2 AND seq = 1",        "event 1: the hash does not fit"},
        {"UPDATE events SET v = 2 WHERE n = 2 AND seq = 3",              "event 3: the hash does not fit"},
        {"UPDATE events SET cause = 'x' WHERE n = 2 AND seq = 3",        "event 3: the hash does not fit"},
        {"UPDATE events SET request_key = 'x' WHERE request_key = 'key'","event 1: the hash does not fit"},
        {"UPDATE events SET request_version = 2 WHERE request_key = 'key'", "event 1: the hash does not fit"},
        {"UPDATE event_kinds SET name = 'x' WHERE name = 'seen_again'",  "event 2: the hash does not fit"},
        {"DELETE FROM event_kinds WHERE name = 'seen_again'",            "event 2: the hash does not fit"},
        {"UPDATE streams SET kind = 2 WHERE n = 2",                      "event 1: the hash does not fit"},
        {"UPDATE events SET hash = zeroblob(32) WHERE n = 2 AND seq = 1","event 1: the hash does not fit"},
        {"DELETE FROM events WHERE n = 2 AND seq = 2",                   "event 3: expected event 2"},
        {"DELETE FROM events WHERE n = 2 AND seq = 1",                   "event 2: expected event 1"},
        {"DELETE FROM events WHERE n = 2 AND seq = 3",                   "its last events are gone"},
        {"DELETE FROM events WHERE n = 2",                               "its last events are gone"},
        {"DELETE FROM streams WHERE n = 2",                              "belongs to no stream"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.sql);
        const Directory directory;
        const std::string path = directory.file("store.db");
        const auto store = open_small(path);
        REQUIRE(store->write(change_of("1", 0, {"a"})));
        Change change = with_key(change_of("2", 0, {"a", "b", "c"}), "key", "request");
        change.index = row_of("2");
        REQUIRE(store->write(change));
        REQUIRE_FALSE(store->find_damage());

        tamper(path, row.sql);
        const auto damage = store->find_damage();
        REQUIRE(damage);
        CAPTURE(*damage);
        CHECK(contains(*damage, row.expected));
        if (!contains(row.expected, "no stream"))
            CHECK(contains(*damage, to_base32(purchase("2").bytes)));
        CHECK(store->load(purchase("1")).version == 1);
    }
}

TEST_CASE("a history with a hole is not loaded") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const auto store = open_small(path);
    REQUIRE(store->write(change_of("1", 0, {"a", "b", "c"})));
    tamper(path, "DELETE FROM events WHERE seq = 2");
    CHECK_THROWS_AS(store->load(purchase("1")), VerifyFailed);
}

TEST_CASE("nothing of an erased person stays in the files") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const auto store = open_small(path);
    const std::string mark =
        store->person_mark({"ann@shop.example", "Annabel Leigh", "+49 30 1", "1 Long Road"});
    REQUIRE(store->person_mark({"ann@shop.example", "Annabel Poe", "", ""}) == mark);
    REQUIRE(contains(content_of(path + "-wal"), "Annabel"));
    REQUIRE(store->erase_person(mark));
    for (const char* part : {"Annabel", "Long Road", "ann@shop", "+49 30 1"}) {
        CAPTURE(part);
        CHECK_FALSE(contains(content_of(path), part));
        CHECK_FALSE(contains(content_of(path + "-wal"), part));
    }
}

std::string bytes_of(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

TEST_CASE("nothing of an erased owner's texts and key stays in the files") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const auto store = open_small(path);
    const IdBytes ann{1}, bob{2};
    const std::string longest(4'000, 'x');  // on pages of its own
    store->keep_text(ann, "It came broken, and my name is Annabel");
    store->keep_text(ann, longest + "Annabel");
    const auto other = store->keep_text(bob, "We are sorry");
    const auto key =
        bytes_of(tamper(path, "SELECT hex(key) FROM text_keys ORDER BY owner LIMIT 1"));
    REQUIRE(contains(content_of(path + "-wal"), "Annabel"));
    REQUIRE(contains(content_of(path + "-wal"), key));
    CHECK(store->erase_texts(ann) == 2);
    for (const std::string& part : {std::string("Annabel"), std::string(40, 'x'), key}) {
        CHECK_FALSE(contains(content_of(path), part));
        CHECK_FALSE(contains(content_of(path + "-wal"), part));
    }
    CHECK(store->text_of(other) == "We are sorry");
    CHECK_FALSE(store->find_damage());
}

TEST_CASE("a text that is not what was written is found and named") {
    struct Row {
        const char* sql;
        const char* expected;
    };
    const Row rows[] = {
        {"UPDATE texts SET text = 'another'", "the hash does not fit"},
        {"UPDATE text_keys SET key = zeroblob(32)", "the hash does not fit"},
        {"DELETE FROM text_keys", "its owner has no key"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.sql);
        const Directory directory;
        const std::string path = directory.file("store.db");
        const auto store = open_small(path);
        const auto hash = store->keep_text({1}, "one");
        REQUIRE_FALSE(store->find_damage());
        tamper(path, row.sql);
        const auto damage = store->find_damage();
        REQUIRE(damage);
        CHECK(contains(*damage, "text " + to_hex(hash).substr(0, 16)));
        CHECK(contains(*damage, row.expected));
    }
}

TEST_CASE("a restored store is prepared before it has its name, or is not there") {
    const Directory directory;
    const std::string path = directory.file("store.db"), copy = directory.file("copy");
    REQUIRE(open_small(path)->write(change_of("1", 0, {"a"})));
    back_up_sqlite(path, copy);

    const std::string made = directory.file("made.db");
    restore_sqlite(copy, made, [&](Store& store) {
        CHECK_FALSE(std::filesystem::exists(made));
        REQUIRE(store.write(change_of("2", 0, {"b"})));
    });
    CHECK(open_small(made)->load(purchase("1")).version == 1);
    CHECK(open_small(made)->load(purchase("2")).version == 1);

    const std::string broken = directory.file("broken.db");
    CHECK_THROWS_AS(restore_sqlite(copy, broken, [](Store&) { throw StoreDown("no"); }), StoreDown);
    for (const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
        CHECK_FALSE(contains(file.path().filename().string(), "broken"));
}

TEST_CASE("two programs write to one file") {
    const Directory directory;
    const auto one = open_small(directory.file("store.db"));
    const auto other = open_small(directory.file("store.db"));
    REQUIRE(one->write(change_of("1", 0, {"a"})));
    CHECK(other->write(change_of("1", 0, {"b", "c"})) ==
          std::unexpected(NotWritten::version_conflict));
    REQUIRE(other->write(change_of("1", 1, {"b", "c"})));
    REQUIRE(one->write(change_of("2", 0, {"b", "c"})));
    CHECK(one->load(purchase("1")).version == 3);
    CHECK(other->load(purchase("2")).events.at(1).kind == "seen_again");
    CHECK_FALSE(one->find_damage());
}

TEST_CASE("what another program wrote is not covered by what was known of a stream") {
    const Directory directory;
    const auto one = open_small(directory.file("store.db"));
    const auto other = open_small(directory.file("store.db"));
    std::uint64_t version = 0;
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        for (const auto& store : {one.get(), other.get(), other.get(), one.get()}) {
            if (round % 3 == 1) CHECK(store->load(purchase("1")).version == version);
            CHECK(store->write(change_of("1", version + 1, {"no"})) ==
                  std::unexpected(NotWritten::version_conflict));
            CHECK(store->write(change_of("1", version, {"a"})) == Receipt{.version = version + 1});
            ++version;
        }
        if (round % 3 == 2) one->person_mark({std::to_string(round) + "@x.example", "", "", ""});
    }
    CHECK_FALSE(one->find_damage());
}

TEST_CASE("the generation changes with what others write, and only then") {
    const Directory directory;
    const auto one = open_small(directory.file("store.db"));
    const auto other = open_small(directory.file("store.db"));
    const auto before = one->generation();
    REQUIRE(one->write(change_of("1", 0, {"a"})));
    one->person_mark({"ann@shop.example", "", "", ""});
    CHECK(one->load(purchase("1")).version == 1);
    CHECK_FALSE(one->find_damage());
    CHECK(one->generation() == before);

    REQUIRE(other->write(change_of("1", 1, {"b"})));
    const auto after = one->generation();
    CHECK(after != before);
    CHECK(one->generation() == after);
    CHECK(one->load(purchase("1")).version == 2);
    CHECK(one->generation() == after);
    other->end_outbox({});
    other->update_outbox(std::vector<OutboxUpdate>{{.no = 9}});
    CHECK(one->load(purchase("1")).version == 2);
}

TEST_CASE("a stream is known as it stands, however few are") {
    for (const std::size_t cached : {0U, 1U, 2U, 3U, 8U}) {
        CAPTURE(cached);
        const Directory directory;
        const auto store = open_small(directory.file("store.db"), {.cached_streams = cached});
        std::vector<std::uint64_t> versions(6);
        std::mt19937_64 random(cached);
        for (int i = 0; i < 300; ++i) {
            const auto which = random() % versions.size();
            if (random() % 9 == 0)
                CHECK(store->load(purchase(std::to_string(which))).version == versions[which]);
            const Change change = change_of(std::to_string(which), versions[which], {"a"});
            REQUIRE(store->write(change) == Receipt{.version = ++versions[which]});
        }
        CHECK_FALSE(store->find_damage());
    }
}

TEST_CASE("what was rolled back is not known any more") {
    const Directory directory;
    const auto store = open_small(directory.file("store.db"));
    REQUIRE(store->write(change_of("1", 0, {"a"})));
    Change wrong = change_of("1", 2, {"c"});
    wrong.kind = StreamKind::sale;
    const std::vector<Change> changes = {change_of("1", 1, {"b"}), change_of("2", 0, {"a"}), wrong};
    CHECK_THROWS_AS((void)store->write_all(changes), VerifyFailed);
    CHECK(store->write(change_of("1", 2, {"c"})) == std::unexpected(NotWritten::version_conflict));
    CHECK(store->write(change_of("2", 1, {"b"})) == std::unexpected(NotWritten::version_conflict));
    CHECK(store->write(change_of("1", 1, {"b"})) == Receipt{.version = 2});
    CHECK(store->write(change_of("2", 0, {"a"})) == Receipt{.version = 1});
    CHECK_FALSE(store->find_damage());
}

TEST_CASE("entries and outbox items are kept with the version that they came with") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    const auto store = open_small(path);
    Change change = change_of("1", 0, {"a", "b"});
    const Money price = Money::of_minor(49'90, Currency::eur);
    change.entries = {{"held", price}, {"buyer", -price}};
    change.outbox = {{"mail", "{}", noon}};
    REQUIRE(store->write(change));
    CHECK(tamper(path,
                 "SELECT group_concat(n || ' ' || seq || ' ' || i || ' ' || name || ' ' || "
                 "currency || ' ' || amount, '; ') FROM entries JOIN accounts USING (account)") ==
          "1 2 0 held 978 4990; 1 2 1 buyer 978 -4990");
    CHECK(tamper(path,
                 "SELECT no || ' ' || n || ' ' || seq || ' ' || due || ' ' || state || ' ' || "
                 "kind || ' ' || payload FROM outbox") == "1 1 2 1767614400000 1 mail {}");
}

TEST_CASE("facts that an event holds are kept once, and missed where it is gone") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    {
        const auto store = open_small(path);
        Change change = change_of("1", 0, {"facts"});
        change.index = row_of("1");
        change.index->facts = line_of("seen", 1, "facts");
        REQUIRE(store->write(change));
    }
    CHECK(tamper(path, "SELECT length(facts) || ' ' || event FROM index_rows") == "0 1");
    CHECK(tamper(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'search_by_stream'") ==
          "0");
    {
        const auto store = open_small(path);
        REQUIRE(store->write(change_of("2", 0, {"others"})));
    }
    tamper(path, "UPDATE index_rows SET event = 2");
    CHECK(contains(*open_small(path)->find_damage(), "an event that is not its own"));
    tamper(path, "DELETE FROM events");
    const auto store = open_small(path);
    try {
        store->find(purchase("1"));
        FAIL("found");
    } catch (const StoreDown& down) {
        CHECK(contains(down.what(), "an event that is gone"));
    }
}

TEST_CASE("nothing is sorted on the way of a scan, a search or a sweep") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    open_small(path);
    // In the shape of the queries in sqlite_store.cpp and outbox.cpp.
    struct Row {
        const char* sql;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"SELECT s.stream_id, r.facts, e.payload, k.name FROM streams s INDEXED BY streams_by_id "
         "CROSS JOIN index_rows r ON r.n = s.n LEFT JOIN events e ON e.position = r.event "
         "LEFT JOIN event_kinds k ON k.kind = e.kind WHERE s.kind = 1 ORDER BY s.stream_id",
         "SCAN s USING COVERING INDEX streams_by_id\nSEARCH r USING INTEGER PRIMARY KEY (rowid=?)\n"
         "SEARCH e USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN\n"
         "SEARCH k USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN"},
        {"SELECT 1 FROM streams s JOIN search t ON t.term = 'x' AND t.n = s.n WHERE s.stream_id = x'00'",
         "SEARCH s USING COVERING INDEX streams_by_id (stream_id=?)\n"
         "SEARCH t USING PRIMARY KEY (term=? AND n=?)"},
        {"SELECT t.term, s.stream_id FROM search t CROSS JOIN streams s ON s.n = t.n "
         "WHERE t.term >= 'x' ORDER BY t.term, s.stream_id",
         "SEARCH t USING PRIMARY KEY (term>?)\nSEARCH s USING INTEGER PRIMARY KEY (rowid=?)\n"
         "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"},  // only those with the same term
        {"SELECT s.stream_id, r.facts FROM index_rows r JOIN streams s ON s.n = r.n "
         "WHERE r.next_deadline <= 1 ORDER BY r.next_deadline, s.stream_id LIMIT 5",
         "SEARCH r USING INDEX index_rows_by_deadline (next_deadline<?)\n"
         "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)\n"
         "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"},  // only those with the same deadline
        {"SELECT count(*) FROM index_rows WHERE kind = 1",
         "SEARCH index_rows USING COVERING INDEX index_rows_by_kind (kind=?)"},
        {"SELECT o.no, s.stream_id, o.payload FROM outbox o JOIN streams s ON s.n = o.n "
         "WHERE o.kind = 'mail' AND o.state IN (1, 2) AND o.due <= 1 ORDER BY o.due, o.no LIMIT 5",
         "SEARCH o USING INDEX outbox_by_due (kind=? AND due<?)\n"
         "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"},
        {"SELECT o.no, s.stream_id, o.payload FROM outbox o JOIN streams s ON s.n = o.n "
         "WHERE o.no > 7 ORDER BY o.no LIMIT 5",
         "SEARCH o USING INTEGER PRIMARY KEY (rowid>?)\n"
         "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.sql);
        CHECK(tamper(path, std::string("EXPLAIN QUERY PLAN ") + row.sql) == row.expected);
    }
}

// Batch `batch` makes 40 new streams and adds to the stream "all", each change with two events.
std::vector<Change> batch_of(int batch, std::uint64_t version_of_all) {
    std::vector<Change> changes;
    const std::string payload(600, static_cast<char>('a' + batch % 26));
    for (int i = 0; i < 40; ++i) {
        const std::string reference = std::to_string(batch) + '-' + std::to_string(i);
        Change change = change_of(reference, 0, {payload, payload});
        change.index = row_of(reference);
        change.search_terms = {reference, "batch " + std::to_string(batch)};
        changes.push_back(std::move(change));
    }
    changes.push_back(change_of("all", version_of_all, {payload, payload}));
    return changes;
}

// Writes batch after batch and says each one that is on the disk; ends only by being killed.
[[noreturn]] void write_until_killed(const std::string& path, int first_batch, int out) {
    const auto store = open_small(path);
    for (int batch = first_batch;; ++batch) {
        const auto version = store->load(purchase("all")).version;
        for (const auto& result : store->write_all(batch_of(batch, version)))
            if (!result) _exit(1);
        if (::write(out, &batch, sizeof batch) != sizeof batch) _exit(1);
    }
}

// Starts the writer, waits until it has said `count` batches, kills it; the last one it said.
int kill_after(int count, const std::string& path, int first_batch) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        close(ends[0]);
        try {
            write_until_killed(path, first_batch, ends[1]);
        } catch (...) {
            _exit(1);
        }
    }
    close(ends[1]);
    int said = first_batch - 1;
    for (int i = 0; i < count; ++i) REQUIRE(read(ends[0], &said, sizeof said) == sizeof said);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    int more = 0;
    while (read(ends[0], &more, sizeof more) == sizeof more) said = more;
    close(ends[0]);
    return said;
}

TEST_CASE("after a kill each change is whole or absent, and what was said is there") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    int next = 0;
    for (const int count : {1, 2, 3, 5, 8, 1, 13}) {
        const int said = kill_after(count, path, next);
        const auto store = open_small(path);
        CHECK_FALSE(store->find_damage());

        const auto version = store->load(purchase("all")).version;
        const int written = static_cast<int>(version / 2);
        CHECK(version % 2 == 0);
        CHECK(written >= said + 1);
        CHECK(written <= said + 2);  // the one that was under way, whole
        CHECK(store->count(StreamKind::purchase) == static_cast<std::uint64_t>(written) * 40);
        for (int batch = 0; batch < written + 1; ++batch) {
            CAPTURE(batch);
            const std::string reference = std::to_string(batch) + "-39";
            const std::size_t expected = batch < written ? 1 : 0;
            CHECK(store->load(purchase(reference)).version == expected * 2);
            CHECK(store->find(purchase(reference)).has_value() == (expected == 1));
            CHECK(store->search(reference, /*prefix=*/false, 9).size() == expected);
            CHECK(store->search("batch " + std::to_string(batch), /*prefix=*/false, 99).size() ==
                  expected * 40);
        }
        next = written;
    }
}

}  // namespace
}  // namespace holdfast::store
