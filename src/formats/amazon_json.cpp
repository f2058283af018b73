// Orders that a store sold on Amazon: Selling Partner API, v0 and 2026-01-01.
//
// v0 tells an order and its items in two answers; only the newer one knows parcels. What Amazon
// promised the customer at the latest comes with both. The price of an item is of its whole
// quantity in v0.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/money_text.h"
#include "formats/purchase_run.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::ParcelStatus;
using desk::SaleSeen;

// "Shipped" and "SHIPPED" in the desk's words for what a store has sent; others stay.
std::string fulfillment_of(std::string_view status) {
    const auto word = folded(status);
    if (word == "shipped") return "fulfilled";
    if (word == "partiallyshipped" || word == "partially_shipped") return "partial";
    return word;
}

JsonResult<SaleSeen> begin(const Json& order, std::string_view id_name) {
    SaleSeen sale;
    sale.system = "amazon";
    sale.reference = text_in(order, id_name);
    if (!sale.reference.empty()) return sale;
    return std::unexpected(JsonTrouble{"/" + std::string(id_name), "no order id"});
}

namespace v0 {

JsonResult<std::optional<Money>> amount_in(const Json& object, std::string_view name) {
    const auto currency = TRY(currency_in(object[name], "CurrencyCode"));
    return decimal_in(object[name], "Amount", currency);
}

JsonResult<SaleSeen> sale_of(const Json& order) {
    auto sale = TRY(begin(order, "AmazonOrderId"));
    sale.sale_id = text_in(order, "SellerOrderId");
    sale.created = seen_exactly(TRY(instant_in(order, "PurchaseDate")));
    sale.total = TRY(amount_in(order, "OrderTotal"));  // absent while it is pending
    sale.fulfillment_status = fulfillment_of(order["OrderStatus"].text());
    sale.deliver_by = TRY(instant_in(order, "LatestDeliveryDate"));
    sale.destination = text_in(order["ShippingAddress"], "CountryCode");
    return sale;
}

// Of one piece, where the sum divides.
std::optional<Money> price_of(std::optional<Money> sum, std::optional<std::int32_t> quantity) {
    if (!sum || !quantity || *quantity < 1 || sum->minor() % *quantity != 0) return std::nullopt;
    return Money::of_minor(sum->minor() / *quantity, sum->currency());
}

JsonResult<LineSeen> line_of(const Json& item) {
    LineSeen line;
    line.line_id = text_in(item, "OrderItemId");
    line.product_id = text_in(item, "ASIN");
    line.sku = text_in(item, "SellerSKU");
    line.title = text_in(item, "Title");
    line.quantity = TRY(count_in(item, "QuantityOrdered"));
    line.price = price_of(TRY(amount_in(item, "ItemPrice")), line.quantity);
    return line;
}

JsonResult<SaleSeen> lines_of(const Json& payload) {
    auto sale = TRY(begin(payload, "AmazonOrderId"));
    for (const auto& item : payload["OrderItems"].items()) sale.lines.push_back(TRY(line_of(item)));
    return sale;
}

bool is(const Json& root) {
    return root["payload"]["Orders"].is_list() || root["payload"]["OrderItems"].is_list() ||
           root["payload"].has("AmazonOrderId");
}

void give(JsonJob& job, JsonResult<SaleSeen> sale, const std::string& path,
          const JsonResult<std::optional<Instant>>& seen_at) {
    ++job.report.records;
    if (job.is_rejected(path, sale) || job.is_rejected(path, seen_at)) return;
    job.observed(*std::move(sale), *seen_at);
}

void read(JsonJob& job) {
    const auto& payload = job.root["payload"];
    const auto& orders = payload["Orders"];
    if (payload["OrderItems"].is_list())
        give(job, lines_of(payload), "/payload", std::nullopt);
    else if (!orders.is_list())
        give(job, sale_of(payload), "/payload", instant_in(payload, "LastUpdateDate"));
    for (std::size_t i = 0; i < orders.items().size(); ++i)
        give(job, sale_of(orders.items()[i]), "/payload/Orders/" + std::to_string(i),
             instant_in(orders.items()[i], "LastUpdateDate"));
    if (!text_in(payload, "NextToken").empty())
        job.noted("/payload/NextToken", "there are more pages than this file");
    if (job.report.records == 0) job.no_orders("a page without orders");
}

}  // namespace v0

namespace v2026 {

LineSeen line_of(const Json& item, std::optional<std::int32_t> quantity) {
    LineSeen line;
    line.line_id = text_in(item, "orderItemId");
    line.product_id = text_in(item["product"], "asin");
    line.sku = text_in(item["product"], "sellerSku");
    line.title = text_in(item["product"], "title");
    line.quantity = quantity;
    return line;
}

JsonResult<std::optional<Money>> total_of(const Json& order) {
    const auto& total = order["proceeds"]["grandTotal"];
    const auto currency = TRY(currency_in(total, "currencyCode"));
    return decimal_in(total, "amount", currency);
}

JsonResult<SaleSeen> sale_of(const Json& order) {
    auto sale = TRY(begin(order, "orderId"));
    sale.created = seen_exactly(TRY(instant_in(order, "createdTime")));
    sale.total = TRY(total_of(order));
    const auto& fulfillment = order["fulfillment"];
    sale.fulfillment_status = fulfillment_of(fulfillment["fulfillmentStatus"].text());
    sale.deliver_by = TRY(instant_in(fulfillment["deliverByWindow"], "latestDateTime"));
    for (const auto& item : order["orderItems"].items())
        sale.lines.push_back(line_of(item, TRY(count_in(item, "quantityOrdered"))));
    for (const auto& package : order["packages"].items()) {
        add_once(sale.tracking_numbers, to_tracking_number(package["trackingNumber"].text()));
        const auto at = seen_exactly(TRY(instant_in(package, "shipTime")));
        const bool is_later = at && (!sale.fulfilled || sale.fulfilled->at < at->at);
        if (is_later && sale.fulfillment_status == "fulfilled") sale.fulfilled = at;
    }
    return sale;
}

struct StatusWord {
    std::string_view word;
    ParcelStatus status;
};
constexpr StatusWord package_statuses[] = {
    {"PENDING", ParcelStatus::label_only},
    {"IN_TRANSIT", ParcelStatus::moving},
    {"OUT_FOR_DELIVERY", ParcelStatus::out_for_delivery},
    {"DELIVERED", ParcelStatus::delivered},
    {"RETURNING", ParcelStatus::returning},
    {"RETURNED", ParcelStatus::returning},
    {"LOST", ParcelStatus::lost},
    {"DAMAGED", ParcelStatus::damaged},
};

// A word that we do not know keeps its parcel of unknown status.
JsonResult<std::vector<desk::ParcelSeen>> parcels_of(const Json& order) {
    std::vector<desk::ParcelSeen> parcels;
    for (const auto& package : order["packages"].items()) {
        desk::ParcelSeen parcel;
        parcel.tracking_number = to_tracking_number(package["trackingNumber"].text());
        if (parcel.tracking_number.empty()) continue;
        parcel.carrier = text_in(package, "carrier");
        parcel.shipped = seen_exactly(TRY(instant_in(package, "shipTime")));
        parcel.raw_status = text_in(package["packageStatus"], "status");
        const auto* const known =
            std::ranges::find(package_statuses, parcel.raw_status, &StatusWord::word);
        if (known != std::end(package_statuses)) parcel.status = known->status;
        parcels.push_back(std::move(parcel));
    }
    return parcels;
}

bool is_order(const Json& order) { return order.has("orderId") && order.has("orderItems"); }

bool is(const Json& root) {
    const auto& orders = root["orders"].items();
    return is_order(root["order"]) || (!orders.empty() && is_order(orders[0]));
}

void read(JsonJob& job) {
    const bool is_list = job.root["orders"].is_list();
    const auto orders = is_list ? job.root["orders"].items() : std::span(&job.root["order"], 1);
    for (const auto& order : orders) {
        const auto path =
            is_list ? "/orders/" + std::to_string(job.report.records) : std::string("/order");
        ++job.report.records;
        const auto seen_at = instant_in(order, "lastUpdatedTime");
        auto sale = sale_of(order);
        auto parcels = parcels_of(order);
        if (job.is_rejected(path, sale) || job.is_rejected(path, parcels) ||
            job.is_rejected(path, seen_at))
            continue;
        job.observed(*std::move(sale), *seen_at);
        for (auto& parcel : *parcels) job.observed(std::move(parcel), *seen_at);
    }
    if (!text_in(job.root["pagination"], "nextToken").empty())
        job.noted("/pagination", "there are more pages than this file");
}

}  // namespace v2026

bool is_error(const Json& root) {
    const auto& errors = root["errors"].items();
    return root["errors"].is_list() && !errors.empty() && errors[0].has("code");
}

void read_error(JsonJob& job) {
    const auto& error = job.root["errors"].items()[0];
    const auto code = error["code"].text();
    job.no_orders("Amazon refused the call: " + joined({code, error["message"].text()}, ", ") +
                  (code == "QuotaExceeded" ? ": wait, then ask again" : ""));
}

constexpr JsonKind kinds[] = {
    {"amazon_orders_v0", "Amazon orders, v0", v0::is, v0::read},
    {"amazon_orders_2026", "Amazon orders, 2026-01-01", v2026::is, v2026::read},
    {"amazon_error", "Amazon refusal", is_error, read_error},
};

}  // namespace

std::span<const JsonKind> amazon_kinds() { return kinds; }

}  // namespace holdfast::formats
