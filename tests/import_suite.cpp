// A file on its way into a store: three threads, many transactions, and whatever comes between.
#include "engine/importer.h"

#include "base/hash.h"
#include "desk/purchase.h"
#include "engine/folded.h"
#include "rules_fixture.h"
#include "store/memory/memory_store.h"
#include "store/passing_store.h"
#include "store/test_support.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace holdfast::test {
namespace {

namespace fs = std::filesystem;
using engine::RowFate;

const Instant noon = *parse_instant("2026-11-23T12:00:00Z");

struct Folder {
    store_test::Directory directory;

    fs::path write(const std::string& name, const std::string& text) const {
        const fs::path path = directory.file(name);
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
};

// The columns of AliExpress's exporter that it is known by.
constexpr const char* header =
    "Order Id,Order date,Order Status,Currency,Item title,Total price,Tracking number\n";

struct Row {
    int order;
    const char* status;
    const char* tracking = "";
};

std::string csv_of(const std::vector<Row>& rows) {
    std::string text = header;
    for (const auto& row : rows)
        text += std::to_string(3'100'000'000'000'000 + row.order) + ",\"Nov 2, 2026\"," +
                row.status + ",USD,Bowl,12.50," + row.tracking + "\n";
    return text;
}

engine::ImportOptions options_of(std::size_t at_once) {
    engine::ImportOptions options;
    options.zones = &rules().zones;
    options.now = noon;
    options.rows_at_once = at_once;
    return options;
}

// Some orders stand several times in the file, at a distance.
std::vector<Row> repeating_rows() {
    std::vector<Row> rows;
    for (int i = 0; i < 60; ++i) {
        rows.push_back({.order = i % 17, .status = "Awaiting delivery", .tracking = ""});
        if (i % 5 == 0) rows.push_back({i % 7, "Finished", i % 2 ? "LB000000001CN" : ""});
    }
    return rows;
}

struct Stored {
    std::map<std::string, desk::Purchase> purchases;
    std::map<std::string, std::uint64_t> versions;
    std::set<std::string> found;  // by a tracking number
    bool operator==(const Stored&) const = default;
};

Stored stored_in(store::Store& store) {
    Stored stored;
    store.scan(store::StreamKind::purchase, [&](const store::IndexRow& row) {
        stored.purchases[row.reference] = engine::purchase_of(row);
        stored.versions[row.reference] = store.load(row.stream).version;
        if (store.carries(row.stream, "LB000000001CN")) stored.found.insert(row.reference);
        return true;
    });
    CHECK_FALSE(store.find_damage());
    return stored;
}

// A store that does something before it writes for the n-th time.
class Interrupted final : public store::PassingStore {
public:
    Interrupted(store::Store& to, int at, std::function<void()> what)
        : PassingStore(to), at_(at), what_(std::move(what)) {}
    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all(
        std::span<const store::Change> changes) override {
        if (++writes == at_) what_();
        return PassingStore::write_all(changes);
    }
    int writes = 0;

private:
    int at_;
    std::function<void()> what_;
};

}  // namespace

TEST_CASE("import: many small transactions end as one large one does") {
    const Folder folder;
    const auto file = folder.write("orders.csv", csv_of(repeating_rows()));
    const auto whole = store::make_memory_store();
    const auto expected_report = engine::import_file(*whole, file, options_of(16'384));
    REQUIRE(expected_report);
    CHECK(expected_report->rows_new == 17);
    CHECK(expected_report->rows_rejected == 0);
    const auto expected = stored_in(*whole);
    CHECK(expected.purchases.size() == 17);
    CHECK_FALSE(expected.found.empty());
    for (const std::size_t at_once : {1, 2, 3, 7, 16, 17, 40}) {
        CAPTURE(at_once);
        const auto parts = store::make_memory_store();
        const auto report = engine::import_file(*parts, file, options_of(at_once));
        REQUIRE(report);
        CHECK(report->rows_new == expected_report->rows_new);
        CHECK(report->rows_changed == expected_report->rows_changed);
        CHECK(report->rows_same == expected_report->rows_same);
        CHECK(stored_in(*parts) == expected);

        const auto again = engine::import_file(*parts, file, options_of(at_once));
        REQUIRE(again);
        CHECK(again->known_file);
        CHECK(again->rows_new == 0);
        CHECK(stored_in(*parts) == expected);
    }
}

TEST_CASE("import: rows and progress are told in the order of the file") {
    const Folder folder;
    std::vector<Row> rows;
    for (int i = 0; i < 20; ++i) rows.push_back({.order = i, .status = "Finished", .tracking = ""});
    auto text = csv_of(rows);
    const auto middle = text.find("3100000000000010");
    text.insert(middle, "not a number,\"Nov 2, 2026\",Finished,USD,Bowl,1.00,\n");
    const auto file = folder.write("orders.csv", text);
    auto options = options_of(3);
    std::vector<std::uint64_t> lines;
    std::vector<RowFate> fates;
    std::uint64_t bytes = 0;
    options.on_row = [&](const engine::RowReport& row) {
        lines.push_back(row.place.line);
        fates.push_back(row.fate);
        CHECK(row.what.empty() == (row.fate == RowFate::rejected));
    };
    options.progress = [&](std::uint64_t done, std::uint64_t all) {
        CHECK(done > bytes);
        bytes = done;
        CHECK(all == text.size());
    };
    const auto store = store::make_memory_store();
    const auto report = engine::import_file(*store, file, options);
    REQUIRE(report);
    CHECK(report->rows_rejected == 1);
    CHECK(bytes == text.size());
    REQUIRE(lines.size() == 21);
    // An order is told when the next one begins: a row that is rejected goes before the one above.
    std::swap(lines[9], lines[10]);
    std::swap(fates[9], fates[10]);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK(lines[i] == i + 2);
        CHECK(fates[i] == (i == 10 ? RowFate::rejected : RowFate::added));
    }
}

TEST_CASE("import: a store that fails on the way is told, and the file is finished another time") {
    const Folder folder;
    const auto file = folder.write("orders.csv", csv_of(repeating_rows()));
    const auto whole = store::make_memory_store();
    REQUIRE(engine::import_file(*whole, file, options_of(2)));
    const auto expected = stored_in(*whole);
    for (int at = 1; at <= 20; ++at) {
        CAPTURE(at);
        const auto store = store::make_memory_store();
        Interrupted failing(*store, at, [] { throw store::StoreDown("no disk"); });
        CHECK_THROWS_WITH_AS(static_cast<void>(engine::import_file(failing, file, options_of(2))),
                             "no disk", store::StoreDown);
        CHECK(store->imports().empty());
        CHECK(failing.writes == at);  // nothing is written behind what failed
        REQUIRE(engine::import_file(*store, file, options_of(2)));
        CHECK(stored_in(*store).purchases == expected.purchases);
    }
}

TEST_CASE("import: what another program writes meanwhile is not lost") {
    const Folder folder;
    const auto file = folder.write("orders.csv", csv_of(repeating_rows()));
    const auto other = folder.write("other.csv", csv_of({{3, "Finished", "LB000000009CN"},
                                                         {5, "Finished", "LB000000009CN"},
                                                         {40, "Finished", "LB000000009CN"}}));
    // Where theirs is newer, ours may have nothing to add, and versions agree where states do not.
    for (const auto later : {0h, 1h})
        for (const std::size_t at_once : {1, 2, 3}) {
            const auto options = options_of(at_once);
            auto others = options_of(16);
            others.now = noon + later;
            const auto whole = store::make_memory_store();
            REQUIRE(engine::import_file(*whole, file, options));
            REQUIRE(engine::import_file(*whole, other, others));
            const auto expected = stored_in(*whole);
            CHECK(expected.purchases.size() == 18);
            for (int at = 1; at <= 24; ++at) {
                CAPTURE(later.count());
                CAPTURE(at_once);
                CAPTURE(at);
                const auto store = store::make_memory_store();
                Interrupted shared(*store, at,
                                   [&] { REQUIRE(engine::import_file(*store, other, others)); });
                REQUIRE(engine::import_file(shared, file, options));
                CHECK(stored_in(*store).purchases == expected.purchases);
                CHECK(stored_in(*store).found == expected.found);
            }
        }
}

TEST_CASE("import: a file that breaks in the middle leaves whole records, and says where") {
    const Folder folder;
    auto text = csv_of(repeating_rows());
    text += "3100000000000099,\"" + std::string(std::size_t{2} << 20, 'x');
    const auto file = folder.write("orders.csv", text);
    const auto store = store::make_memory_store();
    const auto report = engine::import_file(*store, file, options_of(4));
    REQUIRE_FALSE(report);
    CHECK(report.error().place.line == repeating_rows().size() + 2);
    CHECK(store->imports().empty());
    CHECK(stored_in(*store).purchases.size() == 17);
}

}  // namespace holdfast::test
