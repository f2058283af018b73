// The joint sample: all its files in any order, twice, and against the stated facts.

#include "engine/desk_view.h"
#include "engine/importer.h"
#include "rules_fixture.h"
#include "store/memory/memory_store.h"
#include "terms/ask.h"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

namespace holdfast::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const Instant clock_now = *parse_instant("2026-11-23T12:00:00Z");

// Files whose contents differ from the scenario on purpose (samples/scenario/README.md): they are
// there to be parsed.
const std::set<std::string> parsing_only = {"order_exporter_30col_semicolon_bom_crlf_localized.csv",
                                            "shopper_inventory.csv", "shopper_inventory.json",
                                            "web_order_list_capture.json",
                                            "orders_export_help_header_bom_crlf.csv"};

std::vector<fs::path> scenario_files() {
    std::vector<fs::path> files;
    for (const auto* folder : {"aliexpress", "shopify", "tracking", "scenario"})
        for (const auto& entry :
             fs::directory_iterator(fs::path(HOLDFAST_SOURCE_DIR "/samples") / folder))
            if (!parsing_only.contains(entry.path().filename().string()))
                files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

engine::ImportOptions options_at(Instant at) {
    engine::ImportOptions options;
    options.zones = &rules().zones;
    options.seen_at = at;
    options.now = at;
    return options;
}

void import_all(store::Store& store, const std::vector<fs::path>& files) {
    for (const auto& file : files) (void)engine::import_file(store, file, options_at(clock_now));
}

engine::DeskView view_of(store::Store& store, Instant now = clock_now) {
    engine::DeskSettings settings;
    settings.programme = "aliexpress";
    return {store, rules(), settings, now};
}

// Every state, as the index keeps it.
std::map<std::string, std::string> states_of(store::Store& store) {
    std::map<std::string, std::string> states;
    for (const auto kind : {store::StreamKind::purchase, store::StreamKind::sale,
                            store::StreamKind::parcel, store::StreamKind::link})
        store.scan(kind, [&](const store::IndexRow& row) {
            auto parts = engine::decode_parts(row.facts);
            REQUIRE(parts.has_value());
            // The parts that make up a state may stand in another order; a customer's mark is made
            // with a random key.
            std::vector<std::string> lines;
            for (auto& part : *parts) {
                part.customer_mark.clear();
                lines.push_back(engine::encode_parts({part}));
            }
            std::ranges::sort(lines);
            auto& text = states[row.system + ' ' + row.reference];
            for (const auto& line : lines) text += line;
            return true;
        });
    return states;
}

template <class State, class Seen>
std::map<std::string, State> folded(store::Store& store, store::StreamKind kind) {
    std::map<std::string, State> states;
    store.scan(kind, [&](const store::IndexRow& row) {
        states.emplace(row.reference, engine::fold<State, Seen>(*engine::decode_parts(row.facts)));
        return true;
    });
    return states;
}

store::Store& scenario() {
    static const auto made = [] {
        auto store = store::make_memory_store();
        import_all(*store, scenario_files());
        return store;
    }();
    return *made;
}

json::value expected() {
    return json::parse(read_whole(HOLDFAST_SOURCE_DIR "/samples/scenario/expected.json"));
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

std::string instant_text(const std::optional<Instant>& at) {
    if (!at) return {};
    auto text = holdfast::to_string(*at);  // the expected file has no milliseconds
    return text.substr(0, 19) + 'Z';
}

}  // namespace

TEST_CASE("the joint sample gives the stated facts of the supplier orders") {
    auto view = view_of(scenario());
    const auto root = expected();
    for (const auto& one : root.at("supplier_orders").as_array()) {
        const auto& order = one.as_object();
        const auto id = text_at(order, "supplier_order_id");
        CAPTURE(id);
        const auto found = view.find_purchase("aliexpress", id);
        REQUIRE(found.has_value());
        const auto& purchase = found->purchase;
        REQUIRE(purchase.created.has_value());
        if (order.at("created_at_utc").is_array()) {
            CHECK(instant_text(purchase.created->value.at) ==
                  order.at("created_at_utc").at(0).as_string());
            CHECK(instant_text(purchase.created->value.or_at) ==
                  order.at("created_at_utc").at(1).as_string());
            CHECK(purchase.created->value.kind == desk::SeenTime::Kind::repeated_hour);
        } else {
            CHECK(instant_text(purchase.created->value.at) == text_at(order, "created_at_utc"));
        }
        REQUIRE(purchase.total.has_value());
        CHECK(to_decimal(purchase.total->value) == text_at(order, "amount"));
        CHECK(code_of(purchase.total->value.currency()) == text_at(order, "currency"));

        const auto facts = desk::facts_of(purchase, found->parcels, {}, clock_now, *found->terms);
        const auto given = [&](terms::Moment moment) -> std::optional<Instant> {
            if (facts.is_estimate(moment) || !facts.facts.at(moment).known()) return std::nullopt;
            return facts.facts.at(moment).instant();
        };
        if (!text_at(order, "shipped_at_utc").empty())
            CHECK(instant_text(given(terms::Moment::shipped_first)) ==
                  text_at(order, "shipped_at_utc"));
        CHECK(instant_text(given(terms::Moment::promised_by)) == text_at(order, "promised_by_utc"));
        CHECK(facts.facts.at(terms::Moment::delivered_last).known() ==
              order.at("delivered").as_bool());
        if (!text_at(order, "delivered_at_utc").empty())
            CHECK(instant_text(given(terms::Moment::delivered_last)) ==
                  text_at(order, "delivered_at_utc"));
        if (!text_at(order, "end_reason").empty())
            CHECK(desk::text_of(purchase.end_reason) == text_at(order, "end_reason"));
        if (!text_at(order, "last_scan_at_utc").empty()) {
            REQUIRE(facts.last_scan.has_value());
            CHECK(instant_text(facts.last_scan->at.at) == text_at(order, "last_scan_at_utc"));
        }
        if (text_at(order, "failure") == "returned_to_sender")
            CHECK(facts.facts.word(terms::Attribute::tracking) == Word("returned_to_sender"));
        if (text_at(order, "issue_status") == "IN_ISSUE") CHECK(desk::is_disputed(purchase));
        if (!text_at(order, "ended_at_utc").empty()) {
            REQUIRE(purchase.ended.has_value());
            CHECK(instant_text(purchase.ended->value.at) == text_at(order, "ended_at_utc"));
        }
        if (!text_at(order, "pay_before_utc").empty()) {
            REQUIRE(purchase.pay_before.has_value());
            CHECK(instant_text(purchase.pay_before->value.at) == text_at(order, "pay_before_utc"));
        }
        if (const auto* numbers = order.if_contains("tracking_numbers"))
            for (const auto& number : numbers->as_array())
                CHECK(purchase.tracking_numbers.contains(std::string(number.as_string())));
        if (const auto* orphan = order.if_contains("orphan"))
            CHECK(found->sale_references.empty() == orphan->as_bool());
    }
}

TEST_CASE("the joint sample gives the stated facts of the store orders") {
    auto view = view_of(scenario());
    const auto root = expected();
    for (const auto& one : root.at("store_orders").as_array()) {
        const auto& order = one.as_object();
        const auto reference = text_at(order, "store_order");
        CAPTURE(reference);
        const auto found = view.find_sale("shopify", reference);
        REQUIRE(found.has_value());
        CHECK(desk::text_of(found->sale.sale_id) == text_at(order, "store_order_id"));
        CHECK(desk::lines_of(found->sale).size() ==
              static_cast<std::size_t>(order.at("line_count").as_int64()));
        REQUIRE(found->sale.total.has_value());
        CHECK(to_decimal(found->sale.total->value) == text_at(order, "total"));
        CHECK(code_of(found->sale.total->value.currency()) == text_at(order, "currency"));
        const auto refunded =
            found->sale.refunded ? to_decimal(found->sale.refunded->value) : "0.00";
        CHECK(refunded == text_at(order, "refunded"));
        REQUIRE(found->sale.created.has_value());
        CHECK(instant_text(found->sale.created->value.at) == text_at(order, "created_at_utc"));
        if (!text_at(order, "presentment_total").empty()) {
            REQUIRE(found->sale.presentment_total.has_value());
            CHECK(to_decimal(found->sale.presentment_total->value) ==
                  text_at(order, "presentment_total"));
            CHECK(code_of(found->sale.presentment_total->value.currency()) ==
                  text_at(order, "presentment_currency"));
        }
        std::set<std::string> purchases, wanted;
        for (const auto& purchase : found->purchases) purchases.insert(purchase.purchase.reference);
        for (const auto& id : order.at("supplier_orders").as_array())
            wanted.insert(std::string(id.as_string()));
        CHECK(purchases == wanted);
    }
}

TEST_CASE("the joint sample: claim windows and worklist words under aliexpress-current") {
    auto view = view_of(scenario());
    const auto root =
        json::parse(read_whole(HOLDFAST_SOURCE_DIR "/tests/data/scenario_expected.json"));
    CHECK(root.at("purchases").as_array().size() == 8);
    for (const auto& one : root.at("purchases").as_array()) {
        const auto& order = one.as_object();
        const auto id = text_at(order, "reference");
        CAPTURE(id);
        const auto found = view.find_purchase("aliexpress", id);
        REQUIRE(found.has_value());
        REQUIRE(found->terms != nullptr);
        CHECK(found->terms->id == text_at(order, "terms"));
        CHECK(std::string(to_string(found->item.word)) == text_at(order, "word"));
        CHECK(found->item.clause == text_at(order, "clause"));
        CHECK(instant_text(found->item.opens_at) == text_at(order, "opens_at"));
        CHECK(instant_text(found->item.closes_at) == text_at(order, "closes_at"));
        if (!text_at(order, "at_stake").empty()) {
            REQUIRE(found->item.at_stake.has_value());
            CHECK(to_string(*found->item.at_stake) == text_at(order, "at_stake"));
        }
    }
}

TEST_CASE("the same files in any order give the same state") {
    const auto files = scenario_files();
    const auto wanted = states_of(scenario());
    const auto purchases =
        folded<desk::Purchase, desk::PurchaseSeen>(scenario(), store::StreamKind::purchase);
    const auto parcels =
        folded<desk::Parcel, desk::ParcelSeen>(scenario(), store::StreamKind::parcel);
    for (unsigned seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        auto shuffled = files;
        std::ranges::shuffle(shuffled, std::mt19937(seed));
        auto store = store::make_memory_store();
        import_all(*store, shuffled);
        CHECK(folded<desk::Purchase, desk::PurchaseSeen>(*store, store::StreamKind::purchase) ==
              purchases);
        CHECK(folded<desk::Parcel, desk::ParcelSeen>(*store, store::StreamKind::parcel) == parcels);
        CHECK(states_of(*store).size() == wanted.size());
    }
}

TEST_CASE("the same file twice changes nothing") {
    auto store = store::make_memory_store();
    import_all(*store, scenario_files());
    const auto once = states_of(*store);
    std::map<std::string, std::uint64_t> versions;
    store->scan(store::StreamKind::purchase, [&](const store::IndexRow& row) {
        versions[row.reference] = row.version;
        return true;
    });
    // With the same time, and without one, a day later.
    import_all(*store, scenario_files());
    for (const auto& file : scenario_files()) {
        engine::ImportOptions options;
        options.zones = &rules().zones;
        options.now = clock_now + std::chrono::days{1};
        const auto report = engine::import_file(*store, file, options);
        if (!report) continue;
        CAPTURE(file.string());
        CHECK(report->known_file);
        CHECK(report->rows_new == 0);
        CHECK(report->rows_changed == 0);
    }
    CHECK(states_of(*store) == once);
    store->scan(store::StreamKind::purchase, [&](const store::IndexRow& row) {
        CHECK(versions[row.reference] == row.version);
        return true;
    });
}

TEST_CASE("an older export loaded after a newer one turns nothing back") {
    const fs::path exporter = HOLDFAST_SOURCE_DIR "/samples/aliexpress/order_exporter_30col.csv";
    const fs::path details = HOLDFAST_SOURCE_DIR
        "/samples/aliexpress/ds_order_get_3099000000000101_finish_autoconfirmed.json";
    auto newer_first = store::make_memory_store();
    (void)engine::import_file(*newer_first, details, options_at(clock_now));
    (void)engine::import_file(*newer_first, exporter,
                              options_at(clock_now - std::chrono::days{40}));
    auto older_first = store::make_memory_store();
    (void)engine::import_file(*older_first, exporter,
                              options_at(clock_now - std::chrono::days{40}));
    (void)engine::import_file(*older_first, details, options_at(clock_now));
    const auto a =
        folded<desk::Purchase, desk::PurchaseSeen>(*newer_first, store::StreamKind::purchase);
    CHECK(a ==
          folded<desk::Purchase, desk::PurchaseSeen>(*older_first, store::StreamKind::purchase));
    const auto& purchase = a.at("3099000000000101");
    REQUIRE(purchase.created.has_value());
    CHECK(purchase.created->value.kind == desk::SeenTime::Kind::exact);
    CHECK(desk::text_of(purchase.status) == "FINISH");
}

TEST_CASE("the exporter's CSV alone already gives a useful list") {
    auto store = store::make_memory_store();
    const auto report = engine::import_file(
        *store, HOLDFAST_SOURCE_DIR "/samples/aliexpress/order_exporter_30col.csv",
        options_at(clock_now));
    REQUIRE(report.has_value());
    CHECK(report->file.records == 5);
    auto view = view_of(*store);
    std::map<std::string, desk::WorkItem> items;
    view.each_purchase([&](const engine::PurchaseView& one) {
        items[one.purchase.reference] = one.item;
        return true;
    });
    REQUIRE(items.size() == 4);
    const auto& item = items.at("3099000000000103");
    CHECK(item.word != desk::WorkWord::none);
    CHECK(item.estimated);
    CHECK(!item.estimates.empty());
    REQUIRE(item.at_stake.has_value());
    CHECK(to_string(*item.at_stake) == "41.06 USD");
    CHECK(!item.next_step.empty());
}

TEST_CASE("records of the CSV files are counted as stated") {
    const auto root = expected();
    for (const auto& [name, counts] : root.at("csv_counts").as_object()) {
        CAPTURE(std::string(name));
        auto store = store::make_memory_store();
        const auto report = engine::import_file(
            *store, fs::path(HOLDFAST_SOURCE_DIR "/samples") / std::string(name),
            options_at(clock_now));
        REQUIRE(report.has_value());
        const auto* records = counts.as_object().if_contains("records");
        if (!records) records = counts.as_object().if_contains("records_without_repeated_header");
        CHECK(report->file.records == static_cast<std::uint64_t>(records->as_int64()));
        const auto kind =
            name.starts_with("shopify") ? store::StreamKind::sale : store::StreamKind::purchase;
        CHECK(store->count(kind) == static_cast<std::uint64_t>(counts.at("orders").as_int64()));
    }
}

TEST_CASE("every file of the samples is answered") {
    auto store = store::make_memory_store();
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(HOLDFAST_SOURCE_DIR "/samples")) {
        if (!entry.is_regular_file()) continue;
        CAPTURE(entry.path().string());
        const auto report = engine::import_file(*store, entry.path(), options_at(clock_now));
        if (report)
            CHECK(!report->file.format.empty());
        else
            CHECK(!report.error().reason.empty());
        ++files;
    }
    CHECK(files > 100);
    CHECK(!store->find_damage());
}

}  // namespace holdfast::test
