#include "store/sqlite/inspect.h"

#include "store/sqlite/heads.h"
#include "store/sqlite/lock.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/test_support.h"

namespace holdfast::store {
namespace {

using namespace store_test;

const SqliteOptions reading{.read_only = true};

}  // namespace

TEST_CASE("who only reads sees a store beside a server, and cannot change it") {
    const Directory folder;
    const auto path = folder.file("store.db");
    const auto server = open_small(path, {.exclusive = true});
    REQUIRE(server->write(change_of("1", 0, {"{}"})));
    CHECK(open_failure(path).find("a Holdfast server has it open") != std::string::npos);
    CHECK(sqlite::is_served(path));

    const auto reader = open_small(path, reading);
    CHECK(reader->load(purchase("1")).version == 1);
    REQUIRE(server->write(change_of("1", 1, {"{}"})));
    CHECK(reader->load(purchase("1")).version == 2);
    CHECK(reader->find_damage() == std::nullopt);
    CHECK_THROWS_AS(static_cast<void>(reader->write(change_of("2", 0, {"{}"}))), StoreDown);
    CHECK(server->load(purchase("2")).version == 0);
}

TEST_CASE("who only reads makes no file, and brings none up to date") {
    const Directory folder;
    CHECK_FALSE(open_failure(folder.file("none.db"), reading).empty());
    CHECK_FALSE(std::filesystem::exists(folder.file("none.db")));
    CHECK_FALSE(sqlite::is_served(folder.file("none.db")));

    const auto path = folder.file("store.db");
    open_small(path);
    CHECK_FALSE(sqlite::is_served(path));
    const auto now = sqlite::program_schema();
    CHECK(migration_steps(now).empty());
    CHECK(migration_steps(1).size() == static_cast<std::size_t>(now - 1));
    auto file = inspect_sqlite(path);
    CHECK(file.is_store);
    CHECK(file.schema == now);
    CHECK(file.journal_mode == "wal");

    tamper(path, "UPDATE schema SET version = 1");
    CHECK(open_failure(path, reading).find("an older Holdfast wrote it") != std::string::npos);
    CHECK(inspect_sqlite(path).schema == 1);
    tamper(path, "UPDATE schema SET version = 99");
    CHECK(open_failure(path, reading).find("a newer Holdfast wrote it") != std::string::npos);
    tamper(path, "PRAGMA application_id = 7");
    CHECK(open_failure(path, reading).find("another program's database") != std::string::npos);
    CHECK_FALSE(inspect_sqlite(path).is_store);
}

TEST_CASE("heads are those of the streams, in order of id") {
    const Directory folder;
    const auto path = folder.file("store.db");
    const auto store = open_small(path);
    HeadReader heads(path);
    CHECK_FALSE(heads.newest_event().has_value());
    for (const auto* reference : {"1", "2", "3"})
        REQUIRE(store->write(change_of(reference, 0, {"{}"})));
    REQUIRE(store->write(change_of("2", 1, {"{}", "{}"})));
    std::vector<StreamHead> all;
    heads.scan([&](const StreamHead& head) { all.push_back(head); });
    REQUIRE(all.size() == 3);
    CHECK(all[0].stream < all[1].stream);
    CHECK(all[1].stream < all[2].stream);
    for (const auto& head : all) {
        const auto history = store->load(head.stream);
        CHECK(head.head.version == history.version);
        CHECK(head.head.hash == history.events.back().hash);
        CHECK(head.kind == StreamKind::purchase);
        CHECK(heads.find(head.stream) == head);
        CHECK(heads.hash_at(head.stream, 1) == history.events.front().hash);
        CHECK_FALSE(heads.hash_at(head.stream, history.version + 1).has_value());
    }
    CHECK_FALSE(heads.find(purchase("9")).has_value());
    CHECK(heads.newest_event() == store->load(purchase("2")).events.back().at);
}

TEST_CASE("kinds of streams have a word each") {
    for (int i = 1; i <= 7; ++i) {
        const auto kind = static_cast<StreamKind>(i);
        CHECK(parse_stream_kind(to_string(kind)) == kind);
    }
    CHECK_FALSE(parse_stream_kind("").has_value());
    CHECK_FALSE(parse_stream_kind("orders").has_value());
}

TEST_CASE("releases of SQLite that can lose commits are known") {
    for (const auto* version : {"3.40.1", "3.7.0", "3.44.5", "3.50.6", "3.51.2", "3.45.0"})
        CHECK_MESSAGE(!known_defect(version).empty(), version);
    for (const auto* version : {"3.6.23", "3.44.6", "3.50.7", "3.51.3", "3.53.0", "4.0.0"})
        CHECK_MESSAGE(known_defect(version).empty(), version);
    CHECK(sqlite_version().starts_with("3."));
}

}  // namespace holdfast::store
