// One suite for every store: what store.h promises, whoever keeps it.
#include "base/verify.h"
#include "store/memory/memory_store.h"
#include "store/random_script.h"
#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace holdfast::store {
namespace {

using namespace store_test;

// A store that can be closed and opened again, where it keeps anything.
struct InMemory {
    static constexpr bool is_lasting = false;
    std::unique_ptr<Store> store = make_memory_store(seeded_random(1));
    void reopen() {}
};

struct InSqlite {
    static constexpr bool is_lasting = true;
    Directory directory;
    std::unique_ptr<Store> store = open();
    std::unique_ptr<Store> open() const {
        return open_sqlite(directory.file("store.db"),
                           {.cache_mib = 8, .random = seeded_random(1)});
    }
    void reopen() {
        store.reset();
        store = open();
    }
};

#define EVERY_STORE InMemory, InSqlite

TEST_CASE_TEMPLATE("an unknown stream is empty", Where, EVERY_STORE) {
    Where where;
    const auto history = where.store->load(purchase("1"));
    CHECK(history.version == 0);
    CHECK(history.events.empty());
    CHECK_FALSE(where.store->find(purchase("1")));
    CHECK(where.store->count(StreamKind::purchase) == 0);
    CHECK(where.store->search("x", /*prefix=*/false, 10).empty());
    CHECK(where.store->due(noon, 10).empty());
    CHECK_FALSE(where.store->find_damage());
}

TEST_CASE_TEMPLATE("what is written is read back", Where, EVERY_STORE) {
    Where where;
    Change change =
        change_of("1", 0, {"first", "second \"quoted\" \xC3\xA4", std::string("a\0b", 3)});
    change.cause = "import:abc";
    REQUIRE(where.store->write(change) == Receipt{.version = 3});
    where.reopen();

    const auto history = where.store->load(purchase("1"));
    CHECK(history.kind == StreamKind::purchase);
    CHECK(history.version == 3);
    REQUIRE(history.events.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        const auto& event = history.events[i];
        CHECK(event.seq == i + 1);
        CHECK(event.at == change.events[i].at);
        CHECK(event.kind == change.events[i].kind);
        CHECK(event.v == change.events[i].v);
        CHECK(event.payload == change.events[i].payload);
        CHECK(event.cause == "import:abc");
    }
    CHECK(history.events[0].hash != history.events[1].hash);
    CHECK_FALSE(where.store->find_damage());
}

TEST_CASE_TEMPLATE("a version conflict leaves nothing", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(change_of("1", 0, {"a"})));

    for (const std::uint64_t expected : {0U, 2U, 7U}) {
        CAPTURE(expected);
        Change late = change_of("1", expected, {"b"});
        late.index = row_of("1");
        late.search_terms = {"term"};
        CHECK(where.store->write(late) == std::unexpected(NotWritten::version_conflict));
    }
    CHECK(where.store->write(change_of("2", 1, {"b"})) ==
          std::unexpected(NotWritten::version_conflict));
    CHECK(where.store->load(purchase("1")).events.size() == 1);
    CHECK(where.store->load(purchase("2")).version == 0);
    CHECK_FALSE(where.store->find(purchase("1")));
    CHECK(where.store->search("term", /*prefix=*/false, 10).empty());
}

TEST_CASE_TEMPLATE("the same key and request is answered with its first receipt", Where,
                   EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(change_of("1", 0, {"a"})));
    Change change = with_key(change_of("1", 1, {"b", "c"}), "key", "request");
    REQUIRE(where.store->write(change) == Receipt{.version = 3});
    REQUIRE(where.store->write(change_of("1", 3, {"d"})));
    where.reopen();

    const Receipt first{.version = 3, .replayed = true};
    CHECK(where.store->write(change) == first);
    change.expected_version = 4;
    CHECK(where.store->write(change) == first);
    CHECK(where.store->load(purchase("1")).version == 4);
}

TEST_CASE_TEMPLATE("a key belongs to one request of one stream", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(with_key(change_of("1", 0, {"a"}), "key", "request")));

    CHECK(where.store->write(with_key(change_of("1", 1, {"b"}), "key", "another")) ==
          std::unexpected(NotWritten::key_used_for_another_request));
    CHECK(where.store->load(purchase("1")).version == 1);
    CHECK(where.store->write(with_key(change_of("2", 0, {"b"}), "key", "another")) ==
          Receipt{.version = 1});
    CHECK(where.store->write(with_key(change_of("1", 1, {"b"}), "key 2", "another")) ==
          Receipt{.version = 2});
}

TEST_CASE_TEMPLATE("the index row is replaced", Where, EVERY_STORE) {
    Where where;
    Change change = change_of("1", 0, {"a", "b"});
    change.index = row_of("1");
    change.index->version = 99;  // not the caller's to say
    REQUIRE(where.store->write(change));

    IndexRow row = row_of("1");
    row.version = 2;
    CHECK(where.store->find(purchase("1")) == row);

    row.facts = "{\"other\":1}";
    row.next_deadline = noon + 5h;
    row.seen_at = noon + 1h;
    change = change_of("1", 2, {"c"});
    change.index = row;
    REQUIRE(where.store->write(change));
    row.version = 3;
    where.reopen();
    CHECK(where.store->find(purchase("1")) == row);
    CHECK(where.store->count(StreamKind::purchase) == 1);

    REQUIRE(where.store->write(change_of("1", 3, {"d"})));  // says nothing of the row
    CHECK(where.store->find(purchase("1")) == row);
}

TEST_CASE_TEMPLATE("facts that are the line of an event are read back as they were", Where,
                   EVERY_STORE) {
    Where where;
    const auto facts_of = [&](std::string_view reference) {
        return where.store->find(purchase(reference))->facts;
    };
    const auto write = [&](std::string_view reference, std::uint64_t version,
                           const std::vector<std::string>& payloads, const std::string& facts) {
        Change change = change_of(reference, version, payloads);
        change.index = row_of(reference);
        change.index->facts = facts;
        REQUIRE(where.store->write(change));
    };
    const auto second = line_of("seen_again", 1, "two \xC3\xA4");
    CHECK(second == "seen_again\t1\ttwo \xC3\xA4\n");
    write("1", 0, {"one", "two \xC3\xA4", "three"}, second);
    write("2", 0, {"one"}, line_of("seen", 1, "one") + line_of("seen", 1, "two"));
    write("3", 0, {"one"}, line_of("seen", 2, "one"));  // the event is of another version
    write("4", 0, {""}, line_of("seen", 1, ""));
    where.reopen();
    CHECK(facts_of("1") == second);
    CHECK(facts_of("2") == "seen\t1\tone\nseen\t1\ttwo\n");
    CHECK(facts_of("3") == "seen\t2\tone\n");
    CHECK(facts_of("4") == "seen\t1\t\n");

    write("1", 3, {"four"}, "others");  // and no event's any more
    CHECK(facts_of("1") == "others");
    write("2", 1, {"two"}, line_of("seen", 1, "two"));
    write("3", 1, {}, second);  // of no event of its own
    CHECK(facts_of("2") == "seen\t1\ttwo\n");
    CHECK(facts_of("3") == second);
    for (const auto& row : scanned(*where.store, StreamKind::purchase))
        CHECK(row.facts == facts_of(row.reference));
}

TEST_CASE_TEMPLATE("many index rows are found in the order they are asked for", Where,
                   EVERY_STORE) {
    Where where;
    for (const char* reference : {"1", "2", "3"}) {
        Change change = change_of(reference, 0, {"a"});
        change.index = row_of(reference);
        REQUIRE(where.store->write(change));
    }
    REQUIRE(where.store->write(change_of("4", 0, {"a"})));  // without an index row
    const auto asked = purchases({"3", "5", "1", "3", "4"});
    const auto found = where.store->find_all(asked);
    REQUIRE(found.size() == asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) CHECK(found[i] == where.store->find(asked[i]));
    CHECK(found[0]->reference == "3");
    CHECK_FALSE(found[1]);
    CHECK(where.store->find_all({}).empty());
    CHECK(where.store->write(change_of("5", 0, {"a"})));  // nothing is left open
}

TEST_CASE_TEMPLATE("a change without events updates only the index", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(change_of("1", 0, {"a"})));
    Change change = change_of("1", 1, {});
    change.index = row_of("1");
    change.search_terms = {"term"};
    CHECK(where.store->write(change) == Receipt{.version = 1});

    CHECK(where.store->load(purchase("1")).version == 1);
    CHECK(where.store->find(purchase("1"))->version == 1);
    CHECK(where.store->search("term", /*prefix=*/false, 10) == std::vector{purchase("1")});
}

TEST_CASE_TEMPLATE("what no change may be", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(change_of("1", 0, {"a"})));
    const auto eur = [](std::int64_t minor) { return Money::of_minor(minor, Currency::eur); };

    std::map<std::string, Change> rows;
    rows["no event for a new stream"] = change_of("2", 0, {});
    rows["a key without an event"] = with_key(change_of("1", 1, {}), "key", "request");
    rows["a key without its request"] = change_of("1", 1, {"b"});
    rows["a key without its request"].request_key = "key";
    rows["entries that do not sum to zero"] = change_of("1", 1, {"b"});
    rows["entries that do not sum to zero"].entries = {{"held", eur(5)}, {"buyer", eur(-4)}};
    rows["another stream's row"] = change_of("1", 1, {"b"});
    rows["another stream's row"].index = row_of("2");
    rows["another kind"] = change_of("1", 1, {"b"});
    rows["another kind"].kind = StreamKind::sale;
    for (const auto& [name, change] : rows) {
        CAPTURE(name);
        const Change fine = change_of("3", 0, {"a"});
        CHECK_THROWS_AS((void)where.store->write_all(std::vector{fine, change}), VerifyFailed);
        CHECK(where.store->load(purchase("1")).version == 1);
        CHECK(where.store->load(purchase("3")).version == 0);
    }
    CHECK(where.store->write(change_of("3", 0, {"a"})));
}

TEST_CASE_TEMPLATE("entries and outbox items go with their event", Where, EVERY_STORE) {
    Where where;
    Change change = change_of("1", 0, {"a"});
    const Money price = Money::of_minor(49'90, Currency::eur);
    change.entries = {{"held", price}, {"buyer", -price}};
    change.outbox = {{"mail", "{}", noon}, {"mail", "{}", noon}};
    CHECK(where.store->write(change) == Receipt{.version = 1});
    change.expected_version = 1;
    CHECK(where.store->write(change) == Receipt{.version = 2});
}

TEST_CASE_TEMPLATE("a stream remembers the requests that it answered", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(with_key(change_of("1", 0, {"a", "b"}), "key 1", "one")));
    REQUIRE(where.store->write(change_of("1", 2, {"c"})));
    REQUIRE(where.store->write(with_key(change_of("1", 3, {"d"}), "key 0", "two")));
    REQUIRE(where.store->write(with_key(change_of("1", 0, {"a", "b"}), "key 1", "one")));
    where.reopen();
    CHECK(where.store->load(purchase("1")).requests ==
          std::vector<KeptRequest>{
              {.key = "key 1", .hash = hash_of("one"), .first_seq = 1, .version = 2},
              {.key = "key 0", .hash = hash_of("two"), .first_seq = 4, .version = 4}});
    CHECK(where.store->load(purchase("2")).requests.empty());
}

std::vector<std::uint64_t> numbers(const std::vector<OutboxRow>& rows) {
    std::vector<std::uint64_t> result;
    for (const auto& row : rows) result.push_back(row.no);
    return result;
}

using Numbers = std::vector<std::uint64_t>;

// Rows 1 to 5 of two streams; 4 is of another kind.
void write_outbox(Store& store) {
    Change change = change_of("1", 0, {"a", "b"});
    change.outbox = {{"mail", "one", noon + 1h}, {"mail", "two", noon}, {"mail", "three", noon}};
    REQUIRE(store.write(change));
    change = change_of("2", 0, {"a"}, StreamKind::party);
    change.outbox = {{"payout", "four", noon}, {"mail", "five", noon - 1h}};
    REQUIRE(store.write(change));
}

TEST_CASE_TEMPLATE("the outbox is read in order of due and of number", Where, EVERY_STORE) {
    Where where;
    CHECK(where.store->outbox(0, 10).empty());
    write_outbox(*where.store);
    where.reopen();

    const OutboxRow two{.no = 2, .stream = purchase("1"), .seq = 2, .item = {"mail", "two", noon}};
    const OutboxRow five{.no = 5,
                         .stream = stream_id("2", StreamKind::party),
                         .seq = 1,
                         .item = {"mail", "five", noon - 1h}};
    CHECK(where.store->outbox_due("mail", noon, 2) == std::vector{five, two});

    struct Row {
        const char* kind;
        Instant now;
        std::size_t limit;
        Numbers expected;
    };
    // clang-format off
    const Row rows[] = {
        {"mail",   noon,            9, {5, 2, 3}},
        {"mail",   noon + 1h - 1ms, 9, {5, 2, 3}},
        {"mail",   noon + 1h,       9, {5, 2, 3, 1}},
        {"mail",   noon - 1ms,      9, {5}},
        {"mail",   noon - 1h - 1ms, 9, {}},
        {"mail",   noon,            0, {}},
        {"payout", noon,            9, {4}},
        {"mai",    noon,            9, {}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.kind);
        CAPTURE(row.now.time_since_epoch().count());
        CHECK(numbers(where.store->outbox_due(row.kind, row.now, row.limit)) == row.expected);
    }
    CHECK(numbers(where.store->outbox(0, 10)) == Numbers{1, 2, 3, 4, 5});
    CHECK(numbers(where.store->outbox(2, 2)) == Numbers{3, 4});
    CHECK(where.store->outbox(5, 10).empty());
    CHECK(where.store->outbox(0, 0).empty());
}

TEST_CASE_TEMPLATE("an attempt leaves its row as it says", Where, EVERY_STORE) {
    Where where;
    write_outbox(*where.store);
    using enum OutboxState;
    where.store->update_outbox(std::vector<OutboxUpdate>{
        {.no = 1, .state = unknown, .due = noon - 2h, .attempts = 3, .problem = "no answer"},
        {.no = 2, .state = failed, .due = noon},
        {.no = 3, .state = needs_attention, .due = noon, .attempts = 1, .problem = "odd"},
        {.no = 99, .state = failed, .due = noon}});
    where.reopen();

    CHECK(numbers(where.store->outbox_due("mail", noon, 9)) == Numbers{1, 5});
    const auto all = where.store->outbox(0, 9);
    REQUIRE(numbers(all) == Numbers{1, 2, 3, 4, 5});
    CHECK(all[0] == OutboxRow{.no = 1,
                              .stream = purchase("1"),
                              .seq = 2,
                              .item = {"mail", "one", noon - 2h},
                              .state = unknown,
                              .attempts = 3,
                              .problem = "no answer"});
    CHECK(all[1].state == failed);
    CHECK(all[2].problem == "odd");

    where.store->update_outbox(
        std::vector<OutboxUpdate>{{.no = 2, .state = pending, .due = noon - 5h}});
    CHECK(numbers(where.store->outbox_due("mail", noon, 9)) == Numbers{2, 1, 5});
    CHECK(where.store->outbox(1, 1).at(0).problem == "");
    where.store->update_outbox({});
}

TEST_CASE_TEMPLATE("what is done leaves the outbox, and its number is not given again", Where,
                   EVERY_STORE) {
    Where where;
    write_outbox(*where.store);
    where.store->end_outbox(Numbers{5, 2, 77});
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{1, 3, 4});
    where.store->end_outbox(Numbers{5, 1, 3, 4});
    where.store->end_outbox({});
    CHECK(where.store->outbox(0, 9).empty());
    where.reopen();

    Change change = change_of("1", 2, {"c"});
    change.outbox = {{"mail", "six", noon}};
    REQUIRE(where.store->write(change));
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{6});
}

TEST_CASE_TEMPLATE("a change does away with what it delivers", Where, EVERY_STORE) {
    Where where;
    write_outbox(*where.store);
    Change change = change_of("2", 0, {"b"}, StreamKind::party);
    change.delivered = {1};
    CHECK(where.store->write(change) == std::unexpected(NotWritten::version_conflict));
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{1, 2, 3, 4, 5});

    change.expected_version = 1;
    change.delivered = {1, 3, 99};
    change.outbox = {{"mail", "six", noon}};
    CHECK(where.store->write(change) == Receipt{.version = 2});
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{2, 4, 5, 6});

    change = change_of("2", 2, {}, StreamKind::party);
    change.delivered = {4, 1};
    CHECK(where.store->write(change) == Receipt{.version = 2});
    where.reopen();
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{2, 5, 6});

    change = with_key(change_of("2", 2, {"c"}, StreamKind::party), "key", "request");
    REQUIRE(where.store->write(change));
    change.delivered = {2};  // the same request again: nothing is done
    CHECK(where.store->write(change) == Receipt{.version = 3, .replayed = true});
    CHECK(numbers(where.store->outbox(0, 9)) == Numbers{2, 5, 6});
}

TEST_CASE_TEMPLATE("entries add up per stream and per kind", Where, EVERY_STORE) {
    Where where;
    const auto eur = [](std::int64_t minor) { return Money::of_minor(minor, Currency::eur); };
    const auto jpy = [](std::int64_t minor) { return Money::of_minor(minor, Currency::jpy); };
    const auto write = [&](std::string_view reference, std::uint64_t version,
                           std::vector<Entry> entries, StreamKind kind) {
        Change change = change_of(reference, version, {"a"}, kind);
        change.entries = std::move(entries);
        REQUIRE(where.store->write(change));
    };
    using enum StreamKind;
    write("1", 0, {{"held", eur(50)}, {"buyer", eur(-50)}, {"zero", eur(0)}}, order);
    write("1", 1, {{"held", eur(-50)}, {"seller", eur(45)}, {"fees", eur(5)}}, order);
    write("1", 2, {{"held", jpy(7)}, {"buyer", jpy(-3)}, {"buyer", jpy(-4)}}, order);
    write("2", 0, {{"held", eur(8)}, {"buyer", eur(-8)}}, order);
    write("3", 0, {{"held", eur(-8)}, {"buyer", eur(8)}}, party);
    write("4", 0, {}, sale);
    where.reopen();

    CHECK(where.store->balances(stream_id("1", order)) == std::vector<Entry>{{"buyer", eur(-50)},
                                                                             {"buyer", jpy(-7)},
                                                                             {"fees", eur(5)},
                                                                             {"held", jpy(7)},
                                                                             {"seller", eur(45)}});
    CHECK(where.store->balances_of(order) == std::vector<Entry>{{"buyer", eur(-58)},
                                                                {"buyer", jpy(-7)},
                                                                {"fees", eur(5)},
                                                                {"held", eur(8)},
                                                                {"held", jpy(7)},
                                                                {"seller", eur(45)}});
    CHECK(where.store->balances_of(party) ==
          std::vector<Entry>{{"buyer", eur(8)}, {"held", eur(-8)}});
    for (const auto kind : {sale, link}) CHECK(where.store->balances_of(kind).empty());
    CHECK(where.store->balances(stream_id("4", sale)).empty());
    CHECK(where.store->balances(stream_id("9", order)).empty());
}

TEST_CASE_TEMPLATE("search finds terms and beginnings of terms", Where, EVERY_STORE) {
    Where where;
    const std::vector<std::pair<std::string, std::vector<std::string>>> given = {
        {"1", {"8100", "LP001", "shared", "shared"}},
        {"2", {"8101", "LP002", "shared"}},
        {"3", {"81", "\xFF\xFF", "\xFF\xFFz"}},
        {"4", {"9", "shared"}},
    };
    for (const auto& [reference, terms] : given) {
        Change change = change_of(reference, 0, {"a"});
        change.search_terms = terms;
        REQUIRE(where.store->write(change));
    }
    struct Row {
        std::string term;
        bool prefix;
        std::vector<std::string> expected;
    };
    // clang-format off
    const Row rows[] = {
        {"8100",     false, {"1"}},
        {"810",      false, {}},
        {"81",       false, {"3"}},
        {"810",      true,  {"1", "2"}},
        {"81",       true,  {"3", "1", "2"}},
        {"LP",       true,  {"1", "2"}},
        {"lp001",    false, {}},
        {"\xFF",     true,  {"3"}},
        {"\xFF\xFF", true,  {"3"}},
        {"8102",     true,  {}},
        {"zzz",      true,  {}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.term);
        CAPTURE(row.prefix);
        CHECK(where.store->search(row.term, row.prefix, 10) == purchases(row.expected));
    }
    auto sharers = purchases({"1", "2", "4"});
    std::ranges::sort(sharers);
    CHECK(where.store->search("shared", /*prefix=*/false, 10) == sharers);
    for (const auto& sharer : sharers) CHECK(where.store->carries(sharer, "shared"));
    CHECK_FALSE(where.store->carries(sharers.front(), "share"));
    CHECK_FALSE(where.store->carries(purchase("nobody"), "shared"));
    CHECK(where.store->search("shared", /*prefix=*/true, 2) ==
          std::vector(sharers.begin(), sharers.begin() + 2));
    CHECK(where.store->search("", /*prefix=*/true, 10).size() == 4);
    CHECK(where.store->search("shared", /*prefix=*/false, 0).empty());
}

TEST_CASE_TEMPLATE("search terms are replaced, kept when not said", Where, EVERY_STORE) {
    Where where;
    const auto write = [&](std::uint64_t version, std::optional<std::vector<std::string>> terms) {
        Change change = change_of("1", version, {"a"});
        change.search_terms = std::move(terms);
        REQUIRE(where.store->write(change));
    };
    const auto finds = [&](std::string_view term) {
        return !where.store->search(term, /*prefix=*/false, 10).empty();
    };
    write(0, {{"one", "two"}});
    write(1, {{"two", "three"}});
    CHECK_FALSE(finds("one"));
    CHECK(finds("two"));
    CHECK(finds("three"));
    write(2, std::nullopt);
    CHECK(finds("two"));
    write(3, {{"three", "two"}});
    CHECK(finds("two"));
    write(4, std::vector<std::string>{});
    CHECK_FALSE(finds("two"));
    CHECK_FALSE(finds("three"));
}

TEST_CASE_TEMPLATE("terms of a stream that began in the same transaction are seen by those after",
                   Where, EVERY_STORE) {
    Where where;
    const auto with_terms = [](Change change, std::vector<std::string> terms) {
        change.search_terms = std::move(terms);
        return change;
    };
    auto own = change_of("3", 0, {"a"});
    own.own_term = "one";
    const auto results = where.store->write_all(std::vector<Change>{
        with_terms(change_of("1", 0, {"a"}), {"one", "two", "two"}),
        with_terms(change_of("2", 0, {"a"}), {"two", "three"}),
        with_terms(change_of("1", 1, {"b"}), {"two", "four"}),
        own,
        with_terms(change_of("2", 1, {"b"}), {"one"}),
    });
    for (const auto& result : results) CHECK(result);  // "one" was free again for the third
    where.reopen();
    const auto found = [&](std::string_view term) {
        return where.store->search(term, /*prefix=*/false, 9);
    };
    CHECK(found("two") == std::vector{purchase("1")});
    CHECK(found("three").empty());
    CHECK(found("four") == std::vector{purchase("1")});
    CHECK(found("one").size() == 2);
    auto late = change_of("4", 0, {"a"});
    late.own_term = "four";
    CHECK(where.store->write(late) == std::unexpected(NotWritten::term_taken));
}

TEST_CASE_TEMPLATE("a scan goes through one kind in order of stream id", Where, EVERY_STORE) {
    Where where;
    std::vector<IndexRow> expected;
    std::vector<Change> changes;
    for (int i = 0; i < 300; ++i) {
        const auto kind = i % 3 == 0 ? StreamKind::sale : StreamKind::purchase;
        Change change = change_of(std::to_string(i), 0, {"a"}, kind);
        if (i % 7 != 0) change.index = row_of(std::to_string(i), kind);
        if (change.index && kind == StreamKind::purchase) {
            expected.push_back(*change.index);
            expected.back().version = 1;
        }
        changes.push_back(std::move(change));
    }
    for (const auto& result : where.store->write_all(changes)) REQUIRE(result);
    std::ranges::sort(expected, {}, &IndexRow::stream);

    CHECK(scanned(*where.store, StreamKind::purchase) == expected);
    CHECK(where.store->count(StreamKind::purchase) == expected.size());
    CHECK(where.store->count(StreamKind::parcel) == 0);

    std::size_t visited = 0;
    where.store->scan(StreamKind::purchase, [&](const IndexRow&) { return ++visited < 5; });
    CHECK(visited == 5);
}

TEST_CASE_TEMPLATE("the visitor of a scan may use the store", Where, EVERY_STORE) {
    Where where;
    for (const char* reference : {"1", "2", "3"}) {
        Change change = change_of(reference, 0, {"a"});
        change.index = row_of(reference);
        REQUIRE(where.store->write(change));
    }
    std::size_t visited = 0;
    where.store->scan(StreamKind::purchase, [&](const IndexRow& row) {
        ++visited;
        CHECK(where.store->find(row.stream) == row);
        CHECK(where.store->load(row.stream).version == 1);
        CHECK(scanned(*where.store, StreamKind::purchase).size() == 2 + visited);
        Change change = change_of("new " + std::to_string(visited), 0, {"a"});
        change.index = row_of("new " + std::to_string(visited));
        CHECK(where.store->write(change));
        return true;
    });
    CHECK(visited == 3);
    CHECK(where.store->count(StreamKind::purchase) == 6);
}

TEST_CASE_TEMPLATE("streams are listed by when they began, the newest first", Where, EVERY_STORE) {
    Where where;
    for (const auto* reference : {"b", "a", "c"})
        REQUIRE(where.store->write(change_of(reference, 0, {"e"})));
    REQUIRE(where.store->write(change_of("b", 1, {"e"})));
    where.reopen();
    const auto all = where.store->newest(StreamKind::purchase, UINT64_MAX, 9);
    REQUIRE(all.size() == 3);
    CHECK(all[0].stream == purchase("c"));
    CHECK(all[1].stream == purchase("a"));
    CHECK(all[2].stream == purchase("b"));
    CHECK(all[0].place > all[1].place);
    CHECK(where.store->newest(StreamKind::purchase, all[0].place, 1) == std::vector{all[1]});
    CHECK(where.store->newest(StreamKind::purchase, all[2].place, 9).empty());
    CHECK(where.store->newest(StreamKind::sale, UINT64_MAX, 9).empty());
}

TEST_CASE_TEMPLATE("streams with a term are listed by when they began", Where, EVERY_STORE) {
    Where where;
    for (const auto* reference : {"b", "a", "x", "c"}) {
        Change change = change_of(reference, 0, {"e"});
        if (reference != std::string_view("x")) change.search_terms = {{"term", "terms"}};
        REQUIRE(where.store->write(change));
    }
    Change change = change_of("b", 1, {"e"});
    change.search_terms = {{"term"}};  // its place stays
    REQUIRE(where.store->write(change));
    where.reopen();
    const auto all = where.store->newest_with("term", UINT64_MAX, 9);
    REQUIRE(all.size() == 3);
    CHECK(all[0].stream == purchase("c"));
    CHECK(all[1].stream == purchase("a"));
    CHECK(all[2].stream == purchase("b"));
    CHECK(where.store->newest(StreamKind::purchase, UINT64_MAX, 1) == std::vector{all[0]});
    CHECK(where.store->newest_with("term", all[0].place, 1) == std::vector{all[1]});
    CHECK(where.store->newest_with("term", all[1].place, 9) == std::vector{all[2]});
    CHECK(where.store->newest_with("term", all[2].place, 9).empty());
    CHECK(where.store->newest_with("terms", UINT64_MAX, 9).size() == 2);
    CHECK(where.store->newest_with("ter", UINT64_MAX, 9).empty());
    CHECK(where.store->newest_with("term", UINT64_MAX, 0).empty());
}

TEST_CASE_TEMPLATE("the longest overdue comes first", Where, EVERY_STORE) {
    Where where;
    const std::vector<std::pair<std::string, std::optional<Instant>>> given = {
        {"later", noon + 1ms},     {"now", noon},      {"never", std::nullopt}, {"old", noon - 48h},
        {"yesterday", noon - 24h}, {"also now", noon},
    };
    for (const auto& [reference, deadline] : given) {
        Change change = change_of(reference, 0, {"a"});
        change.index = row_of(reference);
        change.index->next_deadline = deadline;
        REQUIRE(where.store->write(change));
    }
    const auto due = [&](Instant now, std::size_t limit,
                         DueOrder order = DueOrder::longest_overdue) {
        std::vector<StreamId> streams;
        for (const auto& row : where.store->due(now, limit, order)) streams.push_back(row.stream);
        return streams;
    };
    CHECK(due(noon, 10) == purchases({"old", "yesterday", "now", "also now"}));
    CHECK(due(noon, 3, DueOrder::newest) == purchases({"also now", "now", "yesterday"}));
    CHECK(due(noon, 1) == std::vector{purchase("old")});
    CHECK(due(noon - 1ms, 10) == purchases({"old", "yesterday"}));
    CHECK(due(noon - 48h - 1ms, 10).empty());
    CHECK(due(noon + 1ms, 10).size() == 5);

    Change change = change_of("old", 1, {"b"});
    change.index = row_of("old");
    change.index->next_deadline = std::nullopt;
    REQUIRE(where.store->write(change));
    CHECK(due(noon, 1) == purchases({"yesterday"}));
}

TEST_CASE_TEMPLATE("a refused change leaves the others standing", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(with_key(change_of("1", 0, {"a"}), "key", "request")));
    const std::vector<Change> changes = {
        change_of("2", 0, {"a"}),
        change_of("2", 0, {"b"}),  // the first of this batch was faster
        change_of("2", 1, {"c"}),
        with_key(change_of("1", 1, {"b"}), "key", "another"),
        with_key(change_of("1", 0, {"a"}), "key", "request"),
        change_of("3", 0, {"a", "b"}),
    };
    const auto results = where.store->write_all(changes);
    where.reopen();
    REQUIRE(results.size() == changes.size());
    CHECK(results[0] == Receipt{.version = 1});
    CHECK(results[1] == std::unexpected(NotWritten::version_conflict));
    CHECK(results[2] == std::unexpected(NotWritten::version_conflict));  // it built on that
    CHECK(results[3] == std::unexpected(NotWritten::key_used_for_another_request));
    CHECK(results[4] == Receipt{.version = 1, .replayed = true});
    CHECK(results[5] == Receipt{.version = 2});
    CHECK(where.store->load(purchase("1")).version == 1);
    CHECK(where.store->load(purchase("2")).version == 1);
    CHECK(where.store->load(purchase("3")).version == 2);
    CHECK(where.store->version_of(purchase("1")) == 1);
    CHECK(where.store->version_of(purchase("3")) == 2);
    CHECK(where.store->version_of(purchase("9")) == 0);
    CHECK(where.store->write_all({}).empty());
    CHECK_FALSE(where.store->find_damage());
}

TEST_CASE_TEMPLATE("a term that is one stream's own is refused to any other", Where, EVERY_STORE) {
    Where where;
    const auto with_own = [](Change change, const char* term) {
        change.own_term = term;
        return change;
    };
    const std::vector<Change> changes = {
        with_own(change_of("1", 0, {"a"}), "order:shop:R1"),
        with_own(change_of("2", 0, {"a"}), "order:shop:R1"),
        change_of("2", 1, {"b"}),
        with_own(change_of("3", 0, {"a"}), "order:shop:R2"),
    };
    const auto results = where.store->write_all(changes);
    CHECK(results[0] == Receipt{.version = 1});
    CHECK(results[1] == std::unexpected(NotWritten::term_taken));
    CHECK(results[2] == std::unexpected(NotWritten::version_conflict));  // it built on that
    CHECK(results[3] == Receipt{.version = 1});
    where.reopen();
    CHECK(where.store->load(purchase("2")).version == 0);
    CHECK(where.store->search("order:shop:R1", /*prefix=*/false, 9) == std::vector{purchase("1")});
    CHECK(where.store->write(with_own(change_of("4", 0, {"a"}), "order:shop:R1")) ==
          std::unexpected(NotWritten::term_taken));
    CHECK(where.store->write(with_own(change_of("2", 0, {"a"}), "order:shop:R3")));
}

TEST_CASE_TEMPLATE("the feed is all events in the order of their commits", Where, EVERY_STORE) {
    Where where;
    CHECK(where.store->feed_end() == 0);
    CHECK(where.store->feed(0, 9).empty());
    REQUIRE(where.store->write(change_of("2", 0, {"a", "b"})));
    REQUIRE(where.store->write(change_of("1", 0, {"c"})));
    CHECK_FALSE(where.store->write(change_of("1", 0, {"no"})));
    where.reopen();
    REQUIRE(where.store->write(change_of("2", 2, {"d"})));
    const auto all = where.store->feed(0, 99);
    REQUIRE(all.size() == 4);
    std::string told;
    for (const auto& one : all) told += one.event.payload + std::to_string(one.event.seq) + " ";
    CHECK(told == "a1 b2 c1 d3 ");
    CHECK(all[2].stream == purchase("1"));
    CHECK(all[2].kind == StreamKind::purchase);
    CHECK(all[3].event.hash == where.store->load(purchase("2")).events[2].hash);
    CHECK(std::ranges::is_sorted(all, {}, &FeedEvent::position));
    CHECK(all.back().position == where.store->feed_end());
    const auto rest = where.store->feed(all[1].position, 1);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].position == all[2].position);
    CHECK(where.store->feed(where.store->feed_end(), 9).empty());
}

TEST_CASE_TEMPLATE("a leased row is nobody else's until then", Where, EVERY_STORE) {
    Where where;
    Change change = change_of("1", 0, {"a"});
    change.outbox = {{"mail", "1", noon}, {"mail", "2", noon + 1ms}, {"other", "3", noon}};
    REQUIRE(where.store->write(change));
    const auto taken = where.store->lease_outbox("mail", noon + 1ms, noon + 1min, 1);
    REQUIRE(taken.size() == 1);
    CHECK(taken[0].item.due == noon);  // as it was
    CHECK(taken[0].lease == 1);
    where.reopen();
    const auto second = where.store->lease_outbox("mail", noon + 1ms, noon + 1min, 9);
    REQUIRE(second.size() == 1);
    CHECK(second[0].item.payload == "2");
    CHECK(where.store->lease_outbox("mail", noon + 1min - 1ms, noon + 2min, 9).empty());

    // Whoever was too slow changes nothing: the row is in other hands.
    const auto again = where.store->lease_outbox("mail", noon + 1min, noon + 2min, 1);
    REQUIRE(again.size() == 1);
    CHECK(again[0].no == taken[0].no);
    CHECK(again[0].lease == 2);
    OutboxUpdate update{.no = taken[0].no, .lease = 1, .state = OutboxState::failed, .due = noon};
    CHECK(where.store->update_outbox({&update, 1}) == 0);
    update.lease = 2;
    CHECK(where.store->update_outbox({&update, 1}) == 1);
    CHECK(where.store->outbox(0, 9)[0].state == OutboxState::failed);
    where.store->end_outbox({&taken[0].no, 1});
    CHECK(where.store->update_outbox({&update, 1}) == 0);
}

TEST_CASE_TEMPLATE("an endpoint goes along the feed, whole or not at all", Where, EVERY_STORE) {
    Where where;
    REQUIRE(where.store->write(change_of("1", 0, {"a"})));
    Endpoint endpoint{.id = IdBytes{7},
                      .url = "https://shop.example/hooks",
                      .secret = "whsec_a",
                      .previous_secret = "whsec_b",
                      .previous_until = noon,
                      .types = {"order.placed", "dispute.opened"},
                      .created_at = noon - 1h};
    where.store->put_endpoint(endpoint);
    const FanOut first{.endpoint = endpoint.id,
                       .from = 0,
                       .to = 1,
                       .items = {{purchase("1"), 1, {"webhook", "w", noon}}}};
    CHECK(where.store->fan_out(first));
    CHECK_FALSE(where.store->fan_out(first));  // it stands elsewhere now
    where.reopen();
    const auto rows = where.store->outbox(0, 9);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].stream == purchase("1"));
    CHECK(rows[0].seq == 1);
    CHECK(rows[0].item == OutboxItem{"webhook", "w", noon});

    endpoint.position = 1;
    CHECK(where.store->endpoints() == std::vector{endpoint});
    endpoint.types.clear();
    endpoint.previous_secret.clear();
    endpoint.disabled = "410 Gone";
    endpoint.position = 0;  // is not taken back
    where.store->put_endpoint(endpoint);
    endpoint.position = 1;
    CHECK(where.store->endpoints() == std::vector{endpoint});
    CHECK(where.store->remove_endpoint(endpoint.id));
    CHECK_FALSE(where.store->remove_endpoint(endpoint.id));
    CHECK_FALSE(where.store->fan_out({.endpoint = endpoint.id, .from = 1, .to = 2}));
    CHECK(where.store->endpoints().empty());
}

TEST_CASE_TEMPLATE("a person has one mark until erased", Where, EVERY_STORE) {
    Where where;
    const std::string mark = where.store->person_mark({"Ann@Shop.Example", "Ann", "", "1 Road"});
    CHECK(mark.size() == 32);
    CHECK(where.store->person_mark({"ann@shop.example", "", "+49 1", ""}) == mark);
    where.reopen();
    CHECK(where.store->find_person_mark("ANN@shop.example") == mark);
    CHECK(where.store->person_of(mark) == Person{"ann@shop.example", "Ann", "+49 1", "1 Road"});

    CHECK(where.store->person_mark({"ann@shop.example", "Ann Lee", "", ""}) == mark);
    CHECK(where.store->person_of(mark)->name == "Ann Lee");

    const std::vector<Person> people = {{"bob@shop.example", "Bob", "", ""},
                                        {"", "Nobody", "", ""},
                                        {"ann@shop.example", "", "", ""},
                                        {"BOB@shop.example", "", "+1", ""}};
    const auto marks = where.store->person_marks(people);
    REQUIRE(marks.size() == 4);
    CHECK(marks[0] != mark);
    CHECK(marks[1] == "");
    CHECK(marks[2] == mark);
    CHECK(marks[3] == marks[0]);
    CHECK(where.store->person_of(marks[0]) == Person{"bob@shop.example", "Bob", "+1", ""});

    // Those met in one go lie beside each other in every index of marks.
    const auto beginning = [](const std::string& one) { return one.substr(0, 8); };
    CHECK(mark.size() == 32);
    const auto more = where.store->person_marks(
        std::vector<Person>{{"cid@shop.example", "", "", ""}, {"dan@shop.example", "", "", ""}});
    CHECK(beginning(more[0]) == beginning(more[1]));
    CHECK(more[0] != more[1]);
    CHECK(beginning(more[0]) != beginning(marks[0]));

    CHECK(where.store->erase_person(mark));
    CHECK_FALSE(where.store->erase_person(mark));
    CHECK_FALSE(where.store->person_of(mark));
    CHECK_FALSE(where.store->find_person_mark("ann@shop.example"));
    CHECK(where.store->person_of(marks[0]));
    CHECK(where.store->person_mark({"ann@shop.example", "Ann", "", ""}) != mark);
}

TEST_CASE_TEMPLATE("a text is found by its hash until its owner's are erased", Where, EVERY_STORE) {
    Where where;
    const IdBytes ann{1}, bob{2};
    CHECK_FALSE(where.store->find_text_hash(ann, "It came broken.\n\xC3\xA4"));
    const auto hash = where.store->keep_text(ann, "It came broken.\n\xC3\xA4");
    const auto second = where.store->keep_text(ann, "Where is it?");
    CHECK(where.store->keep_text(ann, "It came broken.\n\xC3\xA4") == hash);
    const auto other = where.store->keep_text(bob, "Where is it?");
    CHECK(second != hash);
    CHECK(other != second);  // under another key
    CHECK(hash != hash_of("It came broken.\n\xC3\xA4"));
    where.reopen();
    // Opened anew the seeded source begins anew; its first two keys are for others.
    for (const std::uint8_t owner : {std::uint8_t{8}, std::uint8_t{9}})
        where.store->keep_text({owner}, "Hello");
    CHECK(where.store->find_text_hash(ann, "Where is it?") == second);
    CHECK(where.store->find_text_hash(bob, "never kept") != std::nullopt);
    CHECK(where.store->text_of(hash) == "It came broken.\n\xC3\xA4");
    CHECK(where.store->text_of(other) == "Where is it?");
    CHECK_FALSE(where.store->text_of(hash_of("Where is it?")));
    CHECK_FALSE(where.store->find_damage());

    CHECK_FALSE(where.store->had_texts_erased(ann));
    CHECK(where.store->erase_texts(ann) == 2);
    CHECK(where.store->erase_texts(ann) == 0);
    CHECK(where.store->erase_texts({3}) == 0);
    CHECK(where.store->had_texts_erased(ann));
    CHECK_FALSE(where.store->had_texts_erased(bob));
    CHECK_FALSE(where.store->had_texts_erased({3}));  // nobody has written under it
    CHECK_FALSE(where.store->text_of(hash));
    CHECK_FALSE(where.store->find_text_hash(ann, "Where is it?"));
    CHECK(where.store->text_of(other) == "Where is it?");
    CHECK_FALSE(where.store->find_damage());

    const auto again = where.store->keep_text(ann, "Where is it?");
    CHECK(again != second);  // under a new key
    where.reopen();
    CHECK(where.store->text_of(again) == "Where is it?");
    CHECK_FALSE(where.store->text_of(second));
    CHECK(where.store->had_texts_erased(ann));
    CHECK(where.store->erase_texts(ann) == 1);
}

TEST_CASE_TEMPLATE("imports are kept in order, the last of a file is found", Where, EVERY_STORE) {
    Where where;
    ImportRecord first{.file_hash = hash_of("a"),
                       .file = "a.csv",
                       .format = "shopify_orders",
                       .seen_at = noon,
                       .imported_at = noon + 1h,
                       .rows_new = 1,
                       .rows_changed = 2,
                       .rows_same = 3,
                       .rows_rejected = 4};
    ImportRecord other = first;
    other.file_hash = hash_of("b");
    ImportRecord again = first;
    again.imported_at = noon + 2h;
    again.rows_new = 0;
    for (const auto& record : {first, other, again}) where.store->record_import(record);
    where.reopen();
    CHECK(where.store->imports() == std::vector{first, other, again});
    CHECK(where.store->find_import(hash_of("a")) == again);
    CHECK(where.store->find_import(hash_of("b")) == other);
    CHECK_FALSE(where.store->find_import(hash_of("c")));
}

TEST_CASE("stream ids are told apart by each of their parts") {
    const auto id = stream_id_of(StreamKind::sale, "shopify", "main", "#1051");
    CHECK(std::all_of(id.bytes.begin(), id.bytes.begin() + 6, [](auto b) { return b == 0; }));
    CHECK(id == stream_id_of(StreamKind::sale, "shopify", "main", "#1051"));
    const std::set<StreamId> different = {
        id,
        stream_id_of(StreamKind::purchase, "shopify", "main", "#1051"),
        stream_id_of(StreamKind::sale, "shopif", "ymain", "#1051"),
        stream_id_of(StreamKind::sale, "shopify", "main#", "1051"),
        stream_id_of(StreamKind::sale, "shopify", "", "main#1051"),
        stream_id_of(StreamKind::sale, "shopify", std::string_view("main\0#1051", 10), ""),
    };
    CHECK(different.size() == 6);
}

void check_same(Store& one, Store& other) {
    std::vector<StreamId> streams;
    for (int i = 0; i < 12; ++i)
        for (const auto kind : {StreamKind::purchase, StreamKind::sale})
            streams.push_back(stream_id(std::to_string(i), kind));
    for (const auto& stream : streams) {
        const auto a = one.load(stream);
        const auto b = other.load(stream);
        CHECK(a.kind == b.kind);
        REQUIRE(a.version == b.version);
        for (std::size_t i = 0; i < a.events.size(); ++i) {
            CHECK(a.events[i].payload == b.events[i].payload);
            CHECK(a.events[i].hash == b.events[i].hash);  // covers all the rest
        }
        CHECK(a.requests == b.requests);
        CHECK(one.find(stream) == other.find(stream));
        CHECK(one.balances(stream) == other.balances(stream));
    }
    CHECK(one.outbox(0, 99) == other.outbox(0, 99));
    CHECK(one.feed_end() == other.feed_end());
    for (int i = -1; i < 6; ++i)
        CHECK(one.outbox_due("mail", noon + Duration{i}, 4) ==
              other.outbox_due("mail", noon + Duration{i}, 4));
    for (const auto kind : {StreamKind::purchase, StreamKind::sale}) {
        CHECK(one.newest(kind, 9, 5) == other.newest(kind, 9, 5));
        CHECK(scanned(one, kind) == scanned(other, kind));
        CHECK(one.count(kind) == other.count(kind));
        CHECK(one.balances_of(kind) == other.balances_of(kind));
    }
    for (const char* term : {"t", "t1", "t19"})
        CHECK(one.newest_with(term, 7, 3) == other.newest_with(term, 7, 3));
    for (const char* term : {"t", "t1", "t19", ""})
        for (const bool prefix : {false, true})
            CHECK(one.search(term, prefix, 7) == other.search(term, prefix, 7));
    for (int i = -1; i < 6; ++i)
        for (const auto order : {DueOrder::longest_overdue, DueOrder::newest})
            CHECK(one.due(noon + Duration{i}, 5, order) == other.due(noon + Duration{i}, 5, order));
}

TEST_CASE("the same script gives the same bytes everywhere") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        InMemory memory;
        InSqlite sqlite;
        for (int batch = 0; batch < 30; ++batch) {
            std::vector<Change> changes(random() % 8);
            for (auto& change : changes) change = random_change(random);
            REQUIRE(memory.store->write_all(changes) == sqlite.store->write_all(changes));
            const auto updates = random_updates(random);
            for (Store* store : {memory.store.get(), sqlite.store.get()}) {
                store->update_outbox(updates);
                store->end_outbox(std::vector{std::uint64_t{static_cast<unsigned>(batch)}});
            }
            const Person person{std::to_string(random() % 5) + "@x.example", "P", "", ""};
            CHECK(memory.store->person_mark(person) == sqlite.store->person_mark(person));
            if (random() % 10 == 0) sqlite.store->erase_person(memory.store->person_mark(person));
            if (!sqlite.store->find_person_mark(person.email))
                memory.store->erase_person(memory.store->person_mark(person));
            const IdBytes owner{static_cast<std::uint8_t>(random() % 3)};
            const auto text = std::to_string(random() % 5);
            CHECK(memory.store->keep_text(owner, text) == sqlite.store->keep_text(owner, text));
            if (random() % 8 == 0)
                CHECK(memory.store->erase_texts(owner) == sqlite.store->erase_texts(owner));
        }
        check_same(*memory.store, *sqlite.store);
        sqlite.reopen();
        check_same(*memory.store, *sqlite.store);
        CHECK_FALSE(memory.store->find_damage());
        CHECK_FALSE(sqlite.store->find_damage());
    }
}

}  // namespace
}  // namespace holdfast::store
