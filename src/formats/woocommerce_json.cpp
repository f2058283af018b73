// Orders of WooCommerce, REST v3 and webhook bodies. Times are read from their UTC twins.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/money_text.h"
#include "formats/purchase_run.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::SaleSeen;

bool is_order(const Json& root) { return root.has("order_key") && root.has("line_items"); }

bool is(const Json& root) {
    if (root.is_list()) return !root.items().empty() && is_order(root.items()[0]);
    return is_order(root);
}

JsonResult<std::optional<Instant>> utc_in(const Json& order, std::string_view name) {
    const auto text = trimmed(order[name].text());
    if (text.empty()) return std::nullopt;
    if (const auto local = parse_local(text)) return Instant{local->time_since_epoch()};
    return instant_in(order, name);
}

JsonResult<std::optional<desk::SeenTime>> seen_utc(const Json& order, std::string_view name) {
    return seen_exactly(TRY(utc_in(order, name)));
}

// A text that has to be there. Ids are counted from 1 here, so id_in() would refuse them.
JsonResult<std::string> needed(const Json& object, std::string_view name) {
    auto text = text_in(object, name);
    if (!text.empty()) return text;
    return std::unexpected(JsonTrouble{"/" + std::string(name), "it is missing"});
}

JsonResult<LineSeen> line_of(const Json& item) {
    LineSeen line;
    line.line_id = text_in(item, "id");
    line.product_id = text_in(item, "product_id");
    line.sku = text_in(item, "sku");
    line.title = text_in(item, "name");
    line.quantity = TRY(count_in(item, "quantity"));
    return line;  // its price is without tax, so it is not what the customer paid
}

desk::PersonSeen customer_of(const Json& order) {
    const auto& to = order["shipping"];
    const auto& from = order["billing"];
    return {
        .email = text_in(from, "email"),
        .name = joined({to["first_name"].text(), to["last_name"].text()}, " "),
        .phone = text_in(from, "phone"),
        .address = joined({to["address_1"].text(), to["address_2"].text(), to["postcode"].text(),
                           to["city"].text(), to["state"].text(), to["country"].text()},
                          ", ")};
}

// Refunds are negative amounts.
JsonResult<std::optional<Money>> refunded_of(const Json& order, Currency currency) {
    std::optional<Money> sum = Money::zero(currency);
    for (const auto& refund : order["refunds"].items())
        if (const auto total = TRY(decimal_in(refund, "total", currency)); total && sum)
            sum = sum_of(sum, -*total);
    return sum;
}

// Trackings are kept by plugins, each under a name of its own.
void keep_tracking(SaleSeen& sale, const Json& meta) {
    for (const auto& entry : meta.items())
        for (const auto& item : entry["value"].items())
            add_once(sale.tracking_numbers, to_tracking_number(item["tracking_number"].text()));
}

JsonResult<SaleSeen> sale_of(JsonJob& job, const Json& order) {
    SaleSeen sale;
    sale.system = "woocommerce";
    sale.reference = TRY(needed(order, "number"));
    sale.sale_id = TRY(needed(order, "id"));
    sale.created = TRY(seen_utc(order, "date_created_gmt"));
    sale.paid = TRY(seen_utc(order, "date_paid_gmt"));
    sale.fulfilled = TRY(seen_utc(order, "date_completed_gmt"));
    const auto currency = TRY(currency_of(job, order, "currency", "total"));
    sale.total = TRY(decimal_in(order, "total", currency));
    if (currency && order.has("refunds")) sale.refunded = TRY(refunded_of(order, *currency));
    sale.financial_status = text_in(order, "status");
    sale.destination = text_in(order["shipping"], "country");
    sale.customer = customer_of(order);
    for (const auto& item : order["line_items"].items()) sale.lines.push_back(TRY(line_of(item)));
    keep_tracking(sale, order["meta_data"]);
    add_once(sale.payment_ids, text_in(order, "transaction_id"));
    return sale;
}

void read(JsonJob& job) {
    const auto orders = job.root.is_list() ? job.root.items() : std::span(&job.root, 1);
    for (const auto& order : orders) {
        const auto path = job.root.is_list() ? "/" + std::to_string(job.report.records) : "";
        ++job.report.records;
        auto sale = sale_of(job, order);
        const auto seen_at = utc_in(order, "date_modified_gmt");
        if (!job.is_rejected(path, sale) && !job.is_rejected(path, seen_at))
            job.observed(*std::move(sale), *seen_at);
    }
}

// A refund by itself names its order in its links alone.
namespace refund {

bool is(const Json& root) { return root.has("refunded_payment") && root.has("amount"); }

std::string order_of(const Json& refund) {
    for (const auto& up : refund["_links"]["up"].items()) {
        const auto href = up["href"].text();
        return std::string(href.substr(href.find_last_of('/') + 1));
    }
    return {};
}

// Without a gateway's word somebody else has to move the money.
JsonResult<desk::MovementSeen> movement_of(const Json& refund, std::string order,
                                           std::optional<Currency> currency) {
    desk::MovementSeen movement;
    movement.system = "woocommerce";
    movement.kind = desk::MovementSeen::Kind::refund;
    movement.sale_system = "woocommerce";
    movement.reference = order + '-' + TRY(needed(refund, "id"));
    movement.sale_id = std::move(order);
    movement.reason = text_in(refund, "reason");
    movement.state = refund["refunded_payment"].is_yes() ? desk::MovementSeen::State::made
                                                         : desk::MovementSeen::State::unknown;
    movement.opened = TRY(seen_utc(refund, "date_created_gmt"));
    movement.amount = TRY(decimal_in(refund, "amount", currency));
    return movement;
}

void read(JsonJob& job) {
    auto order = order_of(job.root);
    if (!is_digits(order))
        return job.no_orders("a refund that does not name its order; import the order itself");
    ++job.report.records;
    auto movement = movement_of(job.root, std::move(order), job.options.currency);
    if (job.is_rejected("", movement)) return;
    if (!job.options.currency)
        job.noted({}, "the refund names no currency, so its sum is left out: --currency");
    job.observed(*std::move(movement));
}

}  // namespace refund

constexpr JsonKind kinds[] = {
    {"woocommerce_order_json", "WooCommerce orders", is, read},
    {"woocommerce_refund_json", "WooCommerce refund", refund::is, refund::read},
};

}  // namespace

std::span<const JsonKind> woocommerce_kinds() { return kinds; }

}  // namespace holdfast::formats
