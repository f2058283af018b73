// WooCommerce as CSV: the analytics page, and the customer/order export with its packed items.
//
// Neither says what currency it is in. Analytics count net sales, after refunds and without tax and
// shipping, which is not what a customer paid: the sum is left out. Times are those of the shop,
// whose zone no file names.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/purchase_run.h"
#include "formats/text.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::SaleSeen;
using Holds = CsvColumn::Holds;

// --- Analytics

namespace analytics {

enum Column : std::size_t { date, number, status, customer, products };

constexpr CsvColumn columns[] = {
    {"Date", Holds::date, true},       {"Order #", Holds::text, true},
    {"Status", Holds::text, true},     {"Customer", Holds::text, true},
    {"Product(s)", Holds::text, true}, {"Items sold", Holds::text, true},
};

// Where the next "2× " begins after a ", ": product names hold commas, too.
std::size_t next_product(std::string_view text) {
    constexpr std::string_view times = "\u00D7 ";
    for (auto comma = text.find(", "); comma != text.npos; comma = text.find(", ", comma + 1)) {
        const auto rest = text.substr(comma + 2);
        const auto digits = rest.find_first_not_of("0123456789");
        if (digits != 0 && digits != rest.npos && rest.substr(digits).starts_with(times))
            return comma;
    }
    return text.npos;
}

// "1× Brass Lantern, Hexagon, 2× Linen Table Runner"
Result<std::vector<LineSeen>> lines_of(std::string_view text, const std::string& column) {
    constexpr std::string_view times = "\u00D7";
    std::vector<LineSeen> lines;
    while (!text.empty()) {
        const auto end = next_product(text);
        const auto one = text.substr(0, end);
        const auto mark = one.find(times);
        const auto count = parse_count(one.substr(0, mark), 1'000'000);
        if (mark == one.npos || !count)
            return std::unexpected(Trouble{column, shown(one) + " is no product with a quantity"});
        LineSeen line;
        line.quantity = static_cast<std::int32_t>(*count);
        line.title = trimmed(one.substr(mark + times.size()));
        lines.push_back(std::move(line));
        text = end == text.npos ? std::string_view{} : text.substr(end + 2);
    }
    return lines;
}

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "woocommerce", woocommerce_analytics_csv.format) {
        job.sink.noted({}, "net sales are not what customers paid: the sums are left out");
    }

    Result<void> row(const CsvRow& row) override {
        SaleSeen sale;
        sale.system = "woocommerce";
        sale.reference = row[number];
        if (sale.reference.empty())
            return std::unexpected(Trouble{row.name(number), "no order number"});
        sale.created = TRY(date_at(row, date, job_));
        sale.financial_status = row[status];
        sale.customer.name = row[customer];
        sale.lines = TRY(lines_of(row[products], row.name(products)));
        run_.flush();
        run_.open(sale.reference, row.line()) = std::move(sale);
        return {};
    }

    void finish() override { run_.flush(); }

private:
    const CsvJob& job_;
    OrderRun<SaleSeen> run_;
};

}  // namespace analytics

// --- The customer/order export

namespace packed {

enum Column : std::size_t {
    order_id,
    number,
    date,
    status,
    total,
    first_name,
    last_name,
    email,
    country,
    refunds,
    first_item
};

constexpr CsvColumn columns[] = {
    {"order_id", Holds::text, true},
    {"order_number_formatted", Holds::text, true},
    {"date", Holds::date, true},
    {"status", Holds::text, true},
    {"order_total", Holds::money, true},
    {"billing_first_name"},
    {"billing_last_name"},
    {"billing_email"},
    {"shipping_country"},
    {"refunds"},
    {"order_item_1", Holds::text, true},
};

// "product_id:9203|2|59.50|size: One Size|color: Oak": the sum is without tax, so it is left out.
Result<LineSeen> line_of(std::string_view item, const std::string& column) {
    const auto parts = split(item, "|");
    const auto count = parts.size() < 2 ? std::nullopt : parse_count(parts[1], 1'000'000);
    if (!count) return std::unexpected(Trouble{column, shown(item) + " is no packed item"});
    LineSeen line;
    line.quantity = static_cast<std::int32_t>(*count);
    constexpr std::string_view product = "product_id:";
    if (parts[0].starts_with(product))
        line.product_id = parts[0].substr(product.size());
    else
        line.title = parts[0];
    for (std::size_t i = 3; i < parts.size(); ++i)
        line.title += (line.title.empty() ? "" : ", ") + std::string(trimmed(parts[i]));
    return line;
}

// "id:2090|date:2026-11-23 13:20:00|amount:36.00|reason:late", one after another with ';' between.
Result<std::optional<Money>> refunded_of(std::string_view text, Currency currency,
                                         const std::string& column) {
    std::optional<Money> sum = Money::zero(currency);
    for (const auto refund : split(text, ";"))
        for (const auto part : split(refund, "|")) {
            constexpr std::string_view amount = "amount:";
            if (!trimmed(part).starts_with(amount)) continue;
            auto money = parse_decimal(trimmed(part).substr(amount.size()), currency);
            if (!money) return std::unexpected(Trouble{column, std::move(money.error())});
            if (sum) sum = sum_of(sum, *money);
        }
    return sum;
}

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "woocommerce", woocommerce_packed_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        SaleSeen sale;
        sale.system = "woocommerce";
        sale.reference = row[number];
        sale.sale_id = row[order_id];
        if (sale.reference.empty())
            return std::unexpected(Trouble{row.name(number), "no order number"});
        sale.created = TRY(date_at(row, date, job_));
        sale.financial_status = row[status];
        sale.total = TRY(money_at(row, total, job_.options.currency, job_));
        if (job_.options.currency && row.has(refunds))
            sale.refunded =
                TRY(refunded_of(row[refunds], *job_.options.currency, row.name(refunds)));
        sale.destination = row[country];
        sale.customer = {.email = std::string(row[email]),
                         .name = joined({row[first_name], row[last_name]}, " "),
                         .phone = {},
                         .address = {}};
        sale.lines = TRY(lines_of(row));
        run_.flush();
        run_.open(sale.reference, row.line()) = std::move(sale);
        return {};
    }

    void finish() override { run_.flush(); }

private:
    // As many columns of items as the file has.
    static Result<std::vector<LineSeen>> lines_of(const CsvRow& row) {
        std::vector<LineSeen> lines;
        for (std::size_t i = 0; i < row.width(); ++i)
            if (row.header(i).starts_with("order_item_") && !row.cell(i).empty())
                lines.push_back(TRY(line_of(row.cell(i), row.header(i))));
        return lines;
    }

    const CsvJob& job_;
    OrderRun<SaleSeen> run_;
};

}  // namespace packed

template <class Records>
std::unique_ptr<CsvRecords> make(const CsvJob& job) {
    return std::make_unique<Records>(job);
}

}  // namespace

constinit const CsvKind woocommerce_analytics_csv = {"woocommerce_analytics_csv",
                                                     "WooCommerce analytics",
                                                     {},
                                                     analytics::columns,
                                                     make<analytics::Records>};
constinit const CsvKind woocommerce_packed_csv = {"woocommerce_packed_csv",
                                                  "WooCommerce customer/order export",
                                                  {},
                                                  packed::columns,
                                                  make<packed::Records>};

}  // namespace holdfast::formats
