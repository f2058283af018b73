// CSV files that people write for us: which sale belongs to which purchase, and when purchases were
// shipped with how many days promised, which no export carries.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/purchase_run.h"
#include "formats/text.h"

#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LinkSeen;
using desk::PurchaseSeen;
using Holds = CsvColumn::Holds;

std::string text_or(std::string_view text, std::string_view otherwise) {
    return std::string(text.empty() ? otherwise : text);
}

namespace links {

enum Column : std::size_t {
    sale_system,
    sale_reference,
    sale_sku,
    sale_quantity,
    purchase_system,
    purchase_reference,
    product_id,
    purchase_quantity
};

constexpr CsvColumn columns[] = {
    {"store_system|sale_system"},
    {"store_order|sale_reference|sale|store_order_name", Holds::text, true},
    {"store_line_sku|sale_sku|sku"},
    {"store_line_qty|sale_quantity|sale_qty"},
    {"supplier_system|purchase_system"},
    {"supplier_order_id|purchase_reference|purchase|supplier_order", Holds::id, true},
    {"supplier_product_id|purchase_product_id|product_id"},
    {"supplier_qty|purchase_quantity|purchase_qty"},
};

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job) : job_(job) {}

    Result<void> row(const CsvRow& row) override {
        LinkSeen link;
        link.sale_system = text_or(row[sale_system], "shopify");
        link.sale_reference = row[sale_reference];
        if (link.sale_reference.empty())
            return std::unexpected(Trouble{row.name(sale_reference), "no sale is named"});
        link.sale_sku = row[sale_sku];
        link.sale_quantity = TRY(count_at(row, sale_quantity)).value_or(0);
        link.purchase_system = text_or(row[purchase_system], "aliexpress");
        link.purchase_reference = TRY(id_at(row, purchase_reference));
        link.purchase_product_id = row[product_id];
        link.purchase_quantity = TRY(count_at(row, purchase_quantity)).value_or(0);
        job_.sink.observed({job_.origin(scenario_links_csv.format, row.line()), std::move(link)});
        return {};
    }

private:
    const CsvJob& job_;
};

}  // namespace links

namespace shipments {

enum Column : std::size_t {
    purchase_system,
    purchase_reference,
    shipped_at_utc,
    shipped_at,
    commit_days,
    basis,
    tracking_number
};

constexpr CsvColumn columns[] = {
    {"supplier_system|purchase_system|system"},
    {"supplier_order_id|purchase_reference|order_id|reference", Holds::id, true},
    {"shipped_at_utc"},
    {"shipped_at|shipped|ship_time|shipped_on", Holds::date},
    {"commit_days|promised_days|days", Holds::text, true},
    {"ship_time_source|shipped_basis|basis"},
    {"tracking_number|tracking"},
};

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "aliexpress", scenario_shipments_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        const auto id = TRY(id_at(row, purchase_reference));
        const auto shipped = TRY(shipped_time(row));
        const auto days = TRY(days_at(row));

        run_.flush();  // every row is a statement of its own
        auto& order = run_.open(id, row.line());
        order.system = text_or(row[purchase_system], "aliexpress");
        order.shipped = shipped;
        order.shipped_basis = shipped ? text_or(row[basis], "given") : "";
        order.commit_days = days;
        order.tracking_numbers = to_tracking_numbers(row[tracking_number]);
        if (shipped && days) order.promise = promise_of(*shipped, *days, order.shipped_basis);
        return {};
    }

    void finish() override { run_.flush(); }

private:
    Result<std::optional<desk::SeenTime>> shipped_time(const CsvRow& row) const {
        if (!row.has(shipped_at_utc) || row[shipped_at_utc].empty())
            return date_at(row, shipped_at, job_);
        const auto text = row[shipped_at_utc];
        if (const auto at = parse_instant(text)) return seen_exactly(*at);
        if (const auto local = parse_local(text))
            return seen_exactly(Instant{local->time_since_epoch()});
        return std::unexpected(
            Trouble{row.name(shipped_at_utc), shown(text) + " is not like 2026-08-23T03:10:00Z"});
    }

    static Result<std::optional<std::int32_t>> days_at(const CsvRow& row) {
        const auto text = row[commit_days];
        if (text.empty()) return std::nullopt;
        const auto days = parse_count(text, 365);
        if (days && *days > 0) return static_cast<std::int32_t>(*days);
        return std::unexpected(
            Trouble{row.name(commit_days), shown(text) + " is not a number of days up to 365"});
    }

    // Elapsed days of 24 h. A ship time that is only a date counts from its earliest instant.
    static desk::PromiseSeen promise_of(const desk::SeenTime& shipped, std::int32_t days,
                                        std::string_view from) {
        const bool exact = shipped.kind == desk::SeenTime::Kind::exact;
        return {.at = shipped.at + std::chrono::days{days},
                .confidence = exact ? desk::Confidence::high : desk::Confidence::medium,
                .basis = "shipped (" + std::string(from) + ") + " + std::to_string(days) +
                         " days of 24 h"};
    }

    const CsvJob& job_;
    OrderRun<PurchaseSeen> run_;
};

}  // namespace shipments

template <class Records>
std::unique_ptr<CsvRecords> make(const CsvJob& job) {
    return std::make_unique<Records>(job);
}

}  // namespace

constinit const CsvKind scenario_links_csv = {
    "scenario_links_csv", "links of sales and purchases", {}, links::columns, make<links::Records>};

constinit const CsvKind scenario_shipments_csv = {"scenario_shipments_csv",
                                                  "shipments of purchases",
                                                  {},
                                                  shipments::columns,
                                                  make<shipments::Records>};

}  // namespace holdfast::formats
