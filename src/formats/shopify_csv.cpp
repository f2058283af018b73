// The orders export of Shopify. The first row of an order holds what is said once; the rows after
// it repeat its name and hold one more line each.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/purchase_run.h"
#include "formats/text.h"

#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::SaleSeen;
using Holds = CsvColumn::Holds;

enum Column : std::size_t {
    name,
    email,
    financial_status,
    paid_at,
    fulfillment_status,
    fulfilled_at,
    currency,
    total,
    created_at,
    line_quantity,
    line_name,
    line_price,
    line_sku,
    line_fulfillment,
    shipping_name,
    shipping_address1,
    shipping_address2,
    shipping_city,
    shipping_zip,
    shipping_province,
    shipping_country,
    shipping_phone,
    billing_name,
    cancelled_at,
    refunded_amount,
    id,
    phone,
    payment_reference,
    payment_references,
    payment_id
};

constexpr CsvColumn columns[] = {
    {"Name", Holds::text, true},
    {"Email"},
    {"Financial Status", Holds::text, true},
    {"Paid at", Holds::date},
    {"Fulfillment Status"},
    {"Fulfilled at|Fulfillment Date", Holds::date},
    {"Currency", Holds::text, true},
    {"Total", Holds::money, true},
    {"Created at", Holds::date, true},
    {"Lineitem quantity", Holds::text, true},
    {"Lineitem name", Holds::text, true},
    {"Lineitem price", Holds::money},
    {"Lineitem sku"},
    {"Lineitem fulfillment status"},
    {"Shipping Name"},
    {"Shipping Address1|Shipping Street"},
    {"Shipping Address2"},
    {"Shipping City"},
    {"Shipping Zip"},
    {"Shipping Province"},
    {"Shipping Country"},
    {"Shipping Phone"},
    {"Billing Name"},
    {"Cancelled at|Canceled at", Holds::date},
    {"Refunded Amount", Holds::money},
    {"Id", Holds::id},
    {"Phone"},
    {"Payment Reference|Payment Reference (deprecated)"},
    {"Payment References"},
    {"Payment ID"},
};

std::string_view first_of(std::string_view a, std::string_view b) { return a.empty() ? b : a; }

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job), run_(job, "shopify", shopify_orders_csv.format) {}

    Result<void> row(const CsvRow& row) override {
        const auto reference = row[name];
        if (reference.empty()) return std::unexpected(Trouble{row.name(name), "no order name"});
        const bool begins = !row[financial_status].empty() || !row[id].empty();
        if (!begins) return later_row(row);
        const auto read = first_row(row);
        unread_ = read ? "" : reference;
        return read;
    }

    void finish() override { run_.flush(); }

private:
    Result<void> first_row(const CsvRow& row) {
        auto sale = TRY(sale_of(row));
        currency_ = TRY(currency_at(row, currency, job_));
        sale.lines.push_back(TRY(line_of(row)));
        run_.flush();  // a name that begins again is another order
        run_.open(sale.reference, row.line()) = std::move(sale);
        return {};
    }

    Result<void> later_row(const CsvRow& row) {
        const std::string reference(row[name]);
        if (reference == unread_)
            return std::unexpected(
                Trouble{row.name(name), "a further line of an order whose first row is rejected"});
        if (!run_.holds(reference)) {
            currency_ = job_.options.currency;
            job_.sink.noted({row.line(), row.name(name)},
                            "a further line of " + reference + " away from its order");
        }
        auto line = TRY(line_of(row));
        run_.open(reference, row.line()).lines.push_back(std::move(line));
        return {};
    }

    Result<SaleSeen> sale_of(const CsvRow& row) const {
        SaleSeen sale;
        sale.system = "shopify";
        sale.reference = row[name];
        if (!row[id].empty()) sale.sale_id = TRY(id_at(row, id));
        sale.created = TRY(date_at(row, created_at, job_));
        sale.paid = TRY(date_at(row, paid_at, job_));
        sale.cancelled = TRY(date_at(row, cancelled_at, job_));
        sale.fulfilled = TRY(date_at(row, fulfilled_at, job_));
        const auto money = TRY(currency_at(row, currency, job_));
        sale.total = TRY(money_at(row, total, money, job_));
        sale.refunded = TRY(money_at(row, refunded_amount, money, job_));
        sale.financial_status = row[financial_status];
        sale.fulfillment_status = row[fulfillment_status];
        sale.destination = row[shipping_country];
        sale.customer = customer_of(row);
        // "demo1055.1 + demo1055.2"
        for (const auto column : {payment_reference, payment_references, payment_id})
            for (const auto one : split(row[column], "+"))
                add_once(sale.payment_ids, std::string(trimmed(one)));
        return sale;
    }

    static desk::PersonSeen customer_of(const CsvRow& row) {
        return {
            .email = std::string(row[email]),
            .name = std::string(first_of(row[shipping_name], row[billing_name])),
            .phone = std::string(first_of(row[phone], row[shipping_phone])),
            .address = joined({row[shipping_address1], row[shipping_address2], row[shipping_zip],
                               row[shipping_city], row[shipping_province], row[shipping_country]},
                              ", ")};
    }

    Result<LineSeen> line_of(const CsvRow& row) const {
        LineSeen line;
        line.sku = row[line_sku];
        line.title = row[line_name];
        line.quantity = TRY(count_at(row, line_quantity));
        line.price = TRY(money_at(row, line_price, currency_, job_));
        if (row[line_fulfillment] == "fulfilled") line.phase = desk::Phase::shipped;
        return line;
    }

    const CsvJob& job_;
    OrderRun<SaleSeen> run_;
    std::optional<Currency> currency_;  // said on the first row of an order
    std::string unread_;                // the order whose first row is rejected
};

}  // namespace

constinit const CsvKind shopify_orders_csv = {"shopify_orders_csv",
                                              "Shopify orders export",
                                              {},
                                              columns,
                                              [](const CsvJob& job) -> std::unique_ptr<CsvRecords> {
                                                  return std::make_unique<Records>(job);
                                              }};

}  // namespace holdfast::formats
