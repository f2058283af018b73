// Everything that comes in, together: all sample files in any order and twice, and what senders
// push beside what is pulled from them.
#include "engine/desk_view.h"
#include "engine/folded.h"
#include "engine/importer.h"
#include "rules_fixture.h"
#include "store/memory/memory_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

namespace holdfast::test {
namespace {

namespace fs = std::filesystem;

const Instant noon = *parse_instant("2026-11-23T12:00:00Z");

std::vector<fs::path> all_samples() {
    std::vector<fs::path> files;
    const fs::path samples = HOLDFAST_SOURCE_DIR "/samples";
    for (const auto& entry : fs::recursive_directory_iterator(samples))
        if (entry.is_regular_file() && entry.path().extension() != ".md" &&
            entry.path().parent_path().filename() != "scenarios")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

engine::ImportReport import_one(store::Store& store, const fs::path& file, Instant now = noon) {
    engine::ImportOptions options;
    options.zones = &rules().zones;
    options.now = now;
    options.currency = Currency::eur;
    auto report = engine::import_file(store, file, options);
    REQUIRE_MESSAGE(report, file.string());
    return std::move(*report);
}

template <class State, class Seen>
std::map<std::string, State> folded(store::Store& store, store::StreamKind kind,
                                    std::string_view system = {}) {
    std::map<std::string, State> states;
    store.scan(kind, [&](const store::IndexRow& row) {
        if (!system.empty() && row.system != system) return true;
        states.emplace(row.system + ' ' + row.reference,
                       engine::fold<State, Seen>(*engine::decode_parts(row.facts)));
        return true;
    });
    return states;
}

// Everything that was read, folded.
struct States {
    std::map<std::string, desk::Purchase> purchases;
    std::map<std::string, desk::Sale> sales;
    std::map<std::string, desk::Parcel> parcels;
    std::map<std::string, desk::Link> links;
    std::map<std::string, desk::Movement> movements;
    bool operator==(const States&) const = default;
};

States states_of(store::Store& store) {
    using store::StreamKind;
    States all{folded<desk::Purchase, desk::PurchaseSeen>(store, StreamKind::purchase),
               folded<desk::Sale, desk::SaleSeen>(store, StreamKind::sale),
               folded<desk::Parcel, desk::ParcelSeen>(store, StreamKind::parcel),
               folded<desk::Link, desk::LinkSeen>(store, StreamKind::link),
               folded<desk::Movement, desk::MovementSeen>(store, StreamKind::system,
                                                          engine::movement_system)};
    for (auto& [name, sale] : all.sales) sale.email.reset();  // a mark, made by chance
    return all;
}

engine::DeskView view_of(store::Store& store) {
    engine::DeskSettings settings;
    settings.programme = "aliexpress";
    return {store, rules(), settings, noon};
}

// Files of what a sender pushed, each with a content of its own.
class Pushes {
public:
    Pushes() {
        auto pattern = (fs::temp_directory_path() / "holdfast-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
    }
    ~Pushes() { fs::remove_all(folder_); }
    Pushes(const Pushes&) = delete;
    Pushes& operator=(const Pushes&) = delete;

    fs::path add(const std::string& body) {
        const auto path = folder_ / ("push-" + std::to_string(count_++) + ".json");
        std::ofstream(path, std::ios::binary) << body;
        return path;
    }

private:
    fs::path folder_;
    int count_ = 0;
};

// An order of Shopify as it is told at one step of its life.
std::string shopify_order(int step) {
    static constexpr const char* statuses[] = {"pending", "paid", "paid", "partially_refunded",
                                               "refunded"};
    const auto refund = [](int id, const char* amount) {
        return R"({"id":)" + std::to_string(id) +
               R"(,"transactions":[{"kind":"refund","status":"success","amount":")" + amount +
               R"(","currency":"USD"}]})";
    };
    std::string refunds;
    if (step >= 3) refunds = refund(1, "10.00");
    if (step >= 4) refunds += "," + refund(2, "17.00");
    return R"({"id":7100000001099,"name":"#1099","currency":"USD","total_price":"27.00",)"
           R"("created_at":"2026-11-01T08:00:00Z","updated_at":"2026-11-0)" +
           std::to_string(step + 1) + R"(T09:00:00Z","financial_status":")" + statuses[step] +
           R"(","fulfillment_status":)" + (step >= 2 ? R"("fulfilled")" : "null") +
           R"(,"line_items":[{"id":1,"title":"Bowl","quantity":1,"price":"27.00"}],)"
           R"("fulfillments":[)" +
           (step >= 2 ? R"({"status":"success","created_at":"2026-11-03T08:00:00Z",)"
                        R"("tracking_numbers":["LP000101099CN"]})"
                      : "") +
           R"(],"refunds":[)" + refunds + "]}";
}

// A refund of Stripe that succeeds and fails days later.
std::string stripe_event(int step) {
    static constexpr const char* statuses[] = {"pending", "succeeded", "failed"};
    return R"({"id":"evt_)" + std::to_string(step) +
           R"(","object":"event","type":"refund.updated","created":)" +
           std::to_string(1'793'000'000 + step * 86'400) +
           R"(,"data":{"object":{"id":"re_99","object":"refund","amount":1700,"currency":"usd",)"
           R"("created":1793000000,"metadata":{"store_order":"#1099"},"status":")" +
           statuses[step] + R"("}}})";
}

}  // namespace

TEST_CASE("all samples in any order end in the same state, and twice is as once") {
    auto files = all_samples();
    CHECK(files.size() > 80);
    const auto straight = store::make_memory_store();
    for (const auto& file : files) import_one(*straight, file);
    const auto expected = states_of(*straight);
    CHECK(expected.purchases.size() >= 8);
    CHECK(expected.sales.size() > 10);
    CHECK(expected.parcels.size() > 5);
    CHECK(expected.movements.size() > 8);

    for (const auto& file : files) {
        const auto report = import_one(*straight, file, noon + 24h);
        CAPTURE(file.string());
        CHECK(report.known_file);
        CHECK(report.rows_new == 0);
        CHECK(report.rows_changed == 0);
    }
    const bool is_as_once = states_of(*straight) == expected;
    CHECK(is_as_once);

    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 source(seed);
        std::ranges::shuffle(files, source);
        const auto store = store::make_memory_store();
        for (const auto& file : files) import_one(*store, file);
        const bool is_same = states_of(*store) == expected;
        CHECK(is_same);
    }
}

TEST_CASE("pushes that come twice, late, in any order or not at all: a pull mends it") {
    Pushes pushes;
    std::vector<fs::path> sent;
    for (int step = 0; step < 5; ++step) sent.push_back(pushes.add(shopify_order(step)));
    for (int step = 0; step < 3; ++step) sent.push_back(pushes.add(stripe_event(step)));
    const std::vector<fs::path> last = {sent[4], sent[7]};
    const auto pulled =
        pushes.add(R"({"orders":[)" + shopify_order(4) + R"(]})");  // other bytes, the same order

    const auto money_of = [](store::Store& store) {
        auto view = view_of(store);
        const auto sale = view.find_sale("shopify", "#1099");
        REQUIRE(sale);
        CHECK(sale->sale.lines.size() == 1);
        CHECK(sale->sale.tracking_numbers.size() == 1);
        std::string text = holdfast::to_string(sale->sale.refunded->value) + ", " +
                           desk::text_of(sale->sale.financial_status);
        for (const auto& one : sale->movements) text += ", " + desk::sentence_of(one);
        return text;
    };
    const std::string whole =
        "27.00 USD, refunded, stripe refund re_99 of 17.00 USD: no money moved (failed).";

    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 source(seed);
        auto order = sent;
        order.insert(order.end(), sent.begin(), sent.end());  // each twice
        std::ranges::shuffle(order, source);
        const auto store = store::make_memory_store();
        for (const auto& push : order) import_one(*store, push);
        CHECK(money_of(*store) == whole);

        // Some are lost, the last among them; what is pulled later has all.
        const auto mended = store::make_memory_store();
        for (const auto& push : order)
            if (source() % 2 == 0 && !std::ranges::count(last, push)) import_one(*mended, push);
        import_one(*mended, pulled);
        import_one(*mended, sent[7]);
        CHECK(money_of(*mended) == whole);
    }
}

TEST_CASE("what a processor says is shown at the sale, by whatever word one asks") {
    const auto store = store::make_memory_store();
    for (const auto& file : all_samples()) import_one(*store, file);
    auto view = view_of(*store);
    const auto money_at = [&](std::string_view text) {
        std::set<std::string> references;
        for (const auto& sale : view.search(text).sales)
            for (const auto& one : sale.movements)
                references.insert(sale.sale.reference + ' ' + one.reference);
        return references;
    };
    CHECK(money_at("#1054").contains("#1054 re_demo1054"));
    CHECK(money_at("re_demo1054").contains("#1054 re_demo1054"));
    CHECK(money_at("ch_demo1054").contains("#1054 re_demo1054"));
    CHECK(money_at("7100000001052").contains("#1052 PP-D-100052"));
    CHECK(money_at("PP-D-100052").contains("#1052 PP-D-100052"));
    CHECK(money_at("5000000104").contains("110000000104-10000000000104 5000000104"));
    CHECK(money_at("du_demo1051").empty());  // nothing says whose it is
}

TEST_CASE("a number that two stores have decides nothing") {
    Pushes pushes;
    const auto store = store::make_memory_store();
    import_one(*store, pushes.add(shopify_order(1)));
    import_one(*store, pushes.add(stripe_event(1)));
    {
        auto view = view_of(*store);
        CHECK(view.find_sale("shopify", "#1099")->movements.size() == 1);
    }
    import_one(*store, pushes.add(R"([{"id":5,"number":"1099","order_key":"k","currency":"EUR",)"
                                  R"("total":"5.00","status":"processing","line_items":[]}])"));
    auto view = view_of(*store);
    CHECK(view.find_sale("shopify", "#1099")->movements.empty());
    CHECK(view.find_sale("woocommerce", "1099")->movements.empty());
}

}  // namespace holdfast::test
