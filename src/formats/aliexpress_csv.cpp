// CSV files about orders at AliExpress: two browser extensions and the copy of account data.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/id_text.h"
#include "formats/purchase_run.h"
#include "formats/status_words.h"
#include "formats/text.h"

#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::Phase;
using desk::PurchaseSeen;
using Holds = CsvColumn::Holds;
using Run = OrderRun<PurchaseSeen>;

std::unexpected<Trouble> no(const CsvRow& row, std::size_t column, std::string reason) {
    return std::unexpected(Trouble{row.name(column), std::move(reason)});
}

void fill(std::string& text, std::string_view value) {
    if (text.empty()) text = value;
}

// The exporter with one row per item. Totals stand on every row of an order and are not added up.
namespace exporter {

enum Column : std::size_t {
    order_id,
    order_date,
    status,
    store_name,
    currency,
    tracking_number,
    item_title,
    item_price,
    item_quantity,
    product_link,
    total_price,
    buyer_country
};

constexpr CsvColumn columns[] = {
    {"Order Id|Order number|Order No", Holds::id, true},
    {"Order date", Holds::date, true},
    {"Order Status", Holds::text, true},
    {"Store Name"},
    {"Currency", Holds::text, true},
    {"Tracking number|Tracking no"},
    {"Item title", Holds::text, true},
    {"Item price", Holds::money},
    {"Item quantity|Item qty"},
    {"Item product link|Item link"},
    {"Total price", Holds::money, true},
    {"Buyer country"},
};

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "aliexpress", aliexpress_exporter_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        const auto id = TRY(id_at(row, order_id));
        const auto created = TRY(date_at(row, order_date, job_));
        const auto money = TRY(currency_at(row, currency, job_));
        const auto total = TRY(money_at(row, total_price, money, job_));
        if (total && total->minor() < 0)
            return no(row, total_price, "an order's total is never below zero");
        auto line = TRY(line_of(row, money));

        auto& order = run_.open(id, row.line());
        if (order.total && total && *order.total != *total)
            job_.sink.noted({row.line(), row.name(total_price)},
                            "another total for the same order: the first one stands");
        if (!order.total) order.total = total;
        if (!order.created) order.created = created;
        const auto phase = phase_at(row, status, job_);
        if (order.status.empty()) order.phase = phase;
        fill(order.status, row[status]);
        fill(order.store_name, row[store_name]);
        fill(order.destination, row[buyer_country]);
        for (auto& number : to_tracking_numbers(row[tracking_number]))
            add_once(order.tracking_numbers, std::move(number));
        order.lines.push_back(std::move(line));
        return {};
    }

    void finish() override { run_.flush(); }

private:
    Result<LineSeen> line_of(const CsvRow& row, std::optional<Currency> money) const {
        LineSeen line;
        line.product_id = product_id_in_link(row[product_link]);
        line.title = row[item_title];
        line.quantity = TRY(count_at(row, item_quantity));
        line.price = TRY(money_at(row, item_price, money, job_));
        return line;
    }

    const CsvJob& job_;
    Run run_;
};

}  // namespace exporter

// The inventory of another extension: a row per line, no totals.
namespace shopper {

enum Column : std::size_t {
    order_date,
    order_id,
    title,
    quantity,
    price,
    store,
    product_id,
    sku_id,
    price_info,
    currency,
    status
};

constexpr CsvColumn columns[] = {
    {"Order Date", Holds::date, true},
    {"Order ID", Holds::id, true},
    {"Title", Holds::text, true},
    {"Qty|Quantity", Holds::text, true},
    {"Price", Holds::money, true},
    {"Store"},
    {"Product ID", Holds::text, true},
    {"SKU ID"},
    {"Price Info"},
    {"Currency", Holds::text, true},
    {"Status", Holds::text, true},
};

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "aliexpress", aliexpress_shopper_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        const auto id = TRY(id_at(row, order_id));
        const auto created = TRY(date_at(row, order_date, job_));
        auto line = TRY(line_of(row));

        auto& order = run_.open(id, row.line());
        if (!order.created) order.created = created;
        const auto phase = phase_at(row, status, job_);
        if (order.status.empty()) order.phase = phase;
        fill(order.status, row[status]);
        fill(order.store_name, row[store]);
        order.lines.push_back(std::move(line));
        return {};
    }

    void finish() override { run_.flush(); }

private:
    Result<LineSeen> line_of(const CsvRow& row) const {
        LineSeen line;
        line.product_id = row[product_id];
        line.sku = row[sku_id];
        line.title = row[title];
        line.quantity = TRY(count_at(row, quantity));
        line.price = TRY(price_of(row));
        return line;
    }

    // "Price Info" has the decimals apart, so nothing is ambiguous there.
    Result<std::optional<Money>> price_of(const CsvRow& row) const {
        const auto money = TRY(currency_at(row, currency, job_));
        if (money && !row[price_info].empty())
            if (const auto parts = parse_price_parts(row[price_info], *money)) return *parts;
        return money_at(row, price, money, job_);
    }

    const CsvJob& job_;
    Run run_;
};

}  // namespace shopper

// The copy of account data that a privacy request gives: a row per child order, in cents of a
// currency that the file does not name.
namespace account {

enum Column : std::size_t {
    line_id,
    order_id,
    created,
    status,
    item_name,
    unit_price,
    payable,
    paid,
    ended,
    end_reason,
    is_paid,
    frozen
};

constexpr CsvColumn columns[] = {
    {"order_id", Holds::text, true},
    {"parent_orderid|parent_order_id", Holds::id, true},
    {"gmt_create_order_time", Holds::text, true},
    {"order_status", Holds::text, true},
    {"item_name"},
    {"unit_price"},
    {"payable_amt"},
    {"gmt_pay_order_time"},
    {"gmt_trade_end_time"},
    {"end_reason"},
    {"is_success_pay"},
    {"frozen_status"},
};

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job),
          pacific_(*job.options.zones->find("America/Los_Angeles")),
          run_(job, "aliexpress", aliexpress_account_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        const auto id = TRY(id_at(row, order_id));
        const auto made = TRY(time_at(row, created));
        const auto paid_at = TRY(time_at(row, paid));
        const auto ended_at = TRY(time_at(row, ended));
        const auto amount = TRY(cents_at(row, payable));
        auto line = TRY(line_of(row));
        const bool goes_on = run_.holds(id);

        auto& order = run_.open(id, row.line());
        if (!order.created) order.created = made;
        if (!order.paid) order.paid = paid_at;
        order.phase = goes_on ? merged(order.phase, line.phase) : line.phase;
        if (folded(row[frozen]) == "in_frozen") order.phase = Phase::frozen;
        fill(order.status, row[status]);
        if (!goes_on) order.end_reason = line.end_reason;
        if (order.end_reason != line.end_reason) order.end_reason.clear();
        keep_end(order, ended_at, line.phase);
        if (amount) order.total = sum_of(order.total, *amount);
        order.lines.push_back(std::move(line));
        return {};
    }

    void finish() override { run_.flush(); }

private:
    Result<LineSeen> line_of(const CsvRow& row) {
        LineSeen line;
        line.line_id = TRY(id_at(row, line_id));
        line.title = row[item_name];
        line.price = TRY(cents_at(row, unit_price));
        line.end_reason = row[end_reason];
        line.phase = phase_of_order(row[status], {}, row[end_reason]);
        if (line.phase == Phase::unknown) note_words(row);
        return line;
    }

    void note_words(const CsvRow& row) const {
        const auto column = is_known_status(row[status]) ? end_reason : status;
        if (!row[column].empty())
            job_.notes->unknown_status({row.line(), row.name(column)}, row[column]);
    }

    // Children that ended differently: the order as a whole was not called off.
    static Phase merged(Phase order, Phase line) {
        return order == line ? order : order == Phase::cancelled ? line : order;
    }

    static void keep_end(PurchaseSeen& order, const std::optional<desk::SeenTime>& at,
                         Phase phase) {
        if (!at) return;
        if (!order.ended || order.ended->at < at->at) order.ended = at;
        if (phase != Phase::completed) return;
        if (!order.completed || order.completed->at < at->at) order.completed = at;
    }

    Result<std::optional<desk::SeenTime>> time_at(const CsvRow& row, std::size_t column) const {
        if (row[column].empty()) return std::nullopt;
        auto seen = parse_clock_text(row[column], pacific_);
        if (!seen) return no(row, column, std::move(seen.error()));
        return *seen;
    }

    Result<std::optional<Money>> cents_at(const CsvRow& row, std::size_t column) {
        if (row[column].empty()) return std::nullopt;
        if (!job_.options.currency) {
            job_.notes->no_currency({row.line(), row.name(column)});
            return std::nullopt;
        }
        auto money = parse_minor(row[column], *job_.options.currency);
        if (!money) return no(row, column, std::move(money.error()));
        return *money;
    }

    const CsvJob& job_;
    const Zone& pacific_;
    Run run_;
};

}  // namespace account

template <class Records>
std::unique_ptr<CsvRecords> make(const CsvJob& job) {
    return std::make_unique<Records>(job);
}

}  // namespace

constinit const CsvKind aliexpress_exporter_csv = {"aliexpress_exporter_csv",
                                                   "AliExpress order exporter",
                                                   {},
                                                   exporter::columns,
                                                   make<exporter::Records>};

constinit const CsvKind aliexpress_shopper_csv = {"aliexpress_shopper_csv",
                                                  "AliExpress shopper inventory",
                                                  {},
                                                  shopper::columns,
                                                  make<shopper::Records>};

constinit const CsvKind aliexpress_account_csv = {"aliexpress_account_csv",
                                                  "AliExpress account data",
                                                  {},
                                                  account::columns,
                                                  make<account::Records>};

}  // namespace holdfast::formats
