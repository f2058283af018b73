#include "engine/importer.h"

#include "desk/purchase.h"
#include "desk/sale.h"
#include "desk/whereis.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

namespace holdfast::engine {
namespace {

const Instant noon = *parse_instant("2026-11-23T12:00:00Z");

desk::Observation purchase(std::string_view status, Instant seen_at,
                           std::string_view format = "aliexpress_order_api") {
    desk::PurchaseSeen seen;
    seen.system = "aliexpress";
    seen.reference = "3099000000000103";
    seen.status = status;
    seen.phase = desk::Phase::shipped;
    return {{.format = std::string(format), .seen_at = seen_at, .file = "a.json", .line = 1}, seen};
}

desk::Observation sale(std::string_view status, Instant seen_at) {
    desk::SaleSeen seen;
    seen.system = "shopify";
    seen.reference = "#1052";
    seen.financial_status = status;
    seen.customer = {.email = "tomas@example.com", .name = "Tomas", .phone = {}, .address = {}};
    return {{.format = "shopify_orders_csv", .seen_at = seen_at, .file = "b.csv", .line = 2}, seen};
}

std::vector<Part> parts_of(store::Store& store, store::StreamKind kind, std::string_view system,
                           std::string_view reference) {
    const auto row = store.find(store::stream_id_of(kind, system, "", reference));
    REQUIRE(row.has_value());
    auto parts = decode_parts(row->facts);
    REQUIRE(parts.has_value());
    return *parts;
}

std::vector<Part> purchase_parts(store::Store& store) {
    return parts_of(store, store::StreamKind::purchase, "aliexpress", "3099000000000103");
}

}  // namespace

TEST_CASE("an observation is new, changes something, or is the same") {
    auto store = store::make_memory_store();
    Importer importer(*store, noon, "test");
    struct Row {
        const char* name;
        desk::Observation observation;
        RowFate fate;
    };
    const Row rows[] = {
        {"first", purchase("SHIPPED", noon), RowFate::added},
        {"again", purchase("SHIPPED", noon), RowFate::same},
        {"the same, seen later", purchase("SHIPPED", noon + 1h), RowFate::same},
        {"another word, seen later", purchase("DONE", noon + 2h), RowFate::changed},
        {"an older word", purchase("PAID", noon - 24h), RowFate::same},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(importer.add(row.observation) == row.fate);
        importer.flush();
    }
    // Only what holds something of the state is kept in the index: the newest word, and the one by
    // which it was shipped first. Every change is an event.
    CHECK(purchase_parts(*store).size() == 2);
    CHECK(store
              ->load(store::stream_id_of(store::StreamKind::purchase, "aliexpress", "",
                                         "3099000000000103"))
              .version == 4);
}

TEST_CASE("what an index row leaves out is not missed") {
    auto store = store::make_memory_store();
    Importer importer(*store, noon, "test");
    desk::Purchase whole;
    for (int day = 0; day < 40; ++day) {
        const auto* format = day % 3 ? "aliexpress_order_api" : "aliexpress_exporter_csv";
        auto one = purchase(day % 7 ? "SHIPPED" : "WAITING",
                            noon + std::chrono::days{day * 11 % 40}, format);
        std::get<desk::PurchaseSeen>(one.seen).total =
            Money::of_minor(4000 + day % 5, Currency::usd);
        if (day % 4 == 0)
            std::get<desk::PurchaseSeen>(one.seen).tracking_numbers = {"T" + std::to_string(day)};
        evolve(whole, std::get<desk::PurchaseSeen>(one.seen), one.origin);
        importer.add(one);
        if (day % 6 == 0) importer.flush();
    }
    importer.flush();
    const auto parts = purchase_parts(*store);
    CHECK(fold<desk::Purchase, desk::PurchaseSeen>(parts) == whole);
    CHECK(parts.size() < 25);
}

TEST_CASE("two who import the same order at once lose nothing") {
    auto store = store::make_memory_store();
    Importer first(*store, noon, "first");
    Importer second(*store, noon, "second");
    first.add(purchase("SHIPPED", noon));
    first.add(sale("paid", noon));
    second.add(purchase("Awaiting delivery", noon, "aliexpress_exporter_csv"));
    second.add(sale("refunded", noon + 1h));
    second.flush();
    first.flush();  // finds that the version has moved on, loads and folds again
    const auto state = fold<desk::Purchase, desk::PurchaseSeen>(purchase_parts(*store));
    CHECK(state.readings.size() == 2);
    const auto parts = parts_of(*store, store::StreamKind::sale, "shopify", "#1052");
    CHECK(desk::text_of(fold<desk::Sale, desk::SaleSeen>(parts).financial_status) == "refunded");
    const auto mark = store->find_person_mark("tomas@example.com");
    REQUIRE(mark.has_value());
    for (const auto& part : parts) CHECK(part.customer_mark == *mark);
    CHECK(!store->find_damage());
}

TEST_CASE("a customer's words stay out of the streams") {
    auto store = store::make_memory_store();
    Importer importer(*store, noon, "test");
    importer.add(sale("paid", noon));
    importer.flush();
    const auto history =
        store->load(store::stream_id_of(store::StreamKind::sale, "shopify", "", "#1052"));
    REQUIRE(history.events.size() == 1);
    CHECK(history.events[0].payload.find("tomas") == std::string::npos);
    CHECK(history.events[0].payload.find("Tomas") == std::string::npos);
    const auto mark = store->find_person_mark("tomas@example.com");
    REQUIRE(mark.has_value());
    CHECK(history.events[0].payload.find(*mark) != std::string::npos);
}

TEST_CASE("a customer is found by mail whatever order the files came in") {
    auto without = sale("paid", noon + 1h);
    std::get<desk::SaleSeen>(without.seen).customer = {};
    const auto named = sale("paid", noon);
    for (const bool named_first : {true, false}) {
        CAPTURE(named_first);
        auto store = store::make_memory_store();
        Importer importer(*store, noon, "test");
        importer.add(named_first ? named : without);
        importer.flush();
        importer.add(named_first ? without : named);
        importer.flush();
        const auto mark = store->find_person_mark("tomas@example.com");
        REQUIRE(mark.has_value());
        CHECK(store->search(desk::normalise_search(*mark), /*prefix=*/false, 10).size() == 1);
    }
}

TEST_CASE("an index row that is damaged is told, not guessed at") {
    CHECK(!decode_parts("purchase_seen\t1\t{}").has_value());
    CHECK(!decode_parts("purchase_seen\t1\t{\"x\":\n").has_value());
    CHECK(!decode_parts("nonsense\n").has_value());
    CHECK(decode_parts("").has_value());
}

}  // namespace holdfast::engine
