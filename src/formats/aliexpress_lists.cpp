// Lists of orders at AliExpress: the commission list, the order page's own data, and the inventory
// of a browser extension.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/id_text.h"
#include "formats/json_kinds.h"
#include "formats/money_text.h"
#include "formats/status_words.h"
#include "formats/text.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::Phase;
using desk::PurchaseSeen;

std::unexpected<JsonTrouble> no(std::string path, std::string reason) {
    return std::unexpected(JsonTrouble{std::move(path), std::move(reason)});
}

Phase phase_of(JsonJob& job, std::string_view status, std::string_view path) {
    if (!is_known_status(status)) job.notes.unknown_status({0, std::string(path)}, status);
    return phase_of_status_text(status);
}

// Each order once, however many records of the file speak of it.
class Orders {
public:
    PurchaseSeen& open(const std::string& reference) {
        const auto [place, is_new] = places_.try_emplace(reference, orders_.size());
        if (!is_new) return orders_[place->second];
        auto& order = orders_.emplace_back();
        order.system = "aliexpress";
        order.reference = reference;
        return order;
    }

    void give(JsonJob& job, std::optional<Instant> seen_at = {}) {
        for (auto& order : orders_) job.observed(std::move(order), seen_at);
    }

private:
    std::vector<PurchaseSeen> orders_;
    std::unordered_map<std::string, std::size_t> places_;  // by reference
};

// Prices with their decimals apart where the source has them so, else as shown.
JsonResult<std::optional<Money>> shown_price(const Json& object, std::string_view parts_name,
                                             std::string_view text_name,
                                             std::optional<Currency> currency) {
    if (!currency) return std::nullopt;
    if (const auto parts = parse_price_parts(object[parts_name].text(), *currency)) return *parts;
    const auto text = object[text_name].text();
    if (text.empty()) return std::nullopt;
    auto money = parse_money_text(text, *currency);
    if (!money) return no("/" + std::string(text_name), std::move(money.error()));
    return *money;
}

// `aliexpress.ds.commissionorder.listbyindex`: amounts in cents of a currency that it does not
// name.
namespace commission {

const Json& result_of(const Json& root) { return without_envelope(root)["result"]; }

bool is(const Json& root) {
    const auto& result = result_of(root);
    return result.has("current_record_count") && result.has("orders");
}

JsonResult<std::optional<Money>> paid_amount(JsonJob& job, const Json& item, bool& told) {
    const auto text = item["paid_amount"].text();
    if (text.empty()) return std::nullopt;
    if (!job.options.currency) {
        if (!std::exchange(told, true))
            job.noted("/orders/paid_amount",
                      "the amounts name no currency and are left out: say which one they are in");
        return std::nullopt;
    }
    auto money = parse_minor(text, *job.options.currency);
    if (!money) return no("/paid_amount", std::move(money.error()));
    return *money;
}

Phase phase_of_effect(std::string_view status) {
    const auto plain = folded(status);
    if (plain == "payment completed") return Phase::paid;
    return plain == "buyer confirmed receipt" ? Phase::completed : Phase::unknown;
}

JsonResult<LineSeen> line_of(const Json& item) {
    LineSeen line;
    line.line_id = text_in(item, "sub_order_id");
    line.product_id = TRY(id_in(item, "item_id"));
    line.title = text_in(item, "item_title");
    line.quantity = TRY(count_in(item, "item_count"));
    return line;
}

JsonResult<void> add(JsonJob& job, const Json& item, Orders& orders, bool& told) {
    const auto& zone = job.pacific();
    const auto parent = item.has("parent_order_number") ? "parent_order_number" : "order_id";
    const auto reference = TRY(id_in(item, parent));
    const auto created = TRY(clock_in(item, "created_time", zone));
    const auto paid = TRY(clock_in(item, "paid_time", zone));
    const auto finished = TRY(clock_in(item, "finished_time", zone));
    const auto amount = TRY(paid_amount(job, item, told));
    auto line = TRY(line_of(item));

    auto& order = orders.open(reference);
    order.created = created;
    order.paid = paid;
    order.completed = finished;
    order.ended = finished;
    order.status = text_in(item, "effect_status");
    order.phase = phase_of_effect(order.status);
    order.destination = text_in(item, "ship_to_country");
    if (amount) order.total = sum_of(order.total, *amount);
    order.lines.push_back(std::move(line));
    return {};
}

void read(JsonJob& job) {
    Orders orders;
    bool told = false;
    for (const auto& item : list_in(result_of(job.root)["orders"], "traffic_order_effect_dto")) {
        const auto path = "/result/orders/" + std::to_string(job.report.records++);
        if (const auto added = add(job, item, orders, told); !added)
            job.rejected(path + added.error().path, added.error().reason);
    }
    if (job.report.records == 0) job.no_orders("a page of the commission list without orders");
    orders.give(job);
}

}  // namespace commission

// What the order page loads for itself, saved by a person. Dates are in the browser's zone.
namespace web_list {

constexpr std::string_view order_key = "pc_om_list_order_";
constexpr std::string_view body_key = "pc_om_list_";

const Json& parts_of(const Json& root) { return root["data"]["data"]; }

bool is(const Json& root) {
    const auto& parts = parts_of(root);
    for (std::size_t i = 0; i < parts.items().size(); ++i)
        if (parts.is_object() && parts.name(i).starts_with(body_key)) return true;
    return false;
}

JsonResult<LineSeen> line_of(const Json& item, std::optional<Currency> currency) {
    LineSeen line;
    line.product_id = TRY(id_in(item, "productId"));
    line.title = text_in(item, "itemTitle");
    line.quantity = TRY(count_in(item, "quantity"));
    line.price = TRY(shown_price(item, "formatPriceInfo", "itemPriceText", currency));
    return line;
}

JsonResult<PurchaseSeen> purchase_of(JsonJob& job, const Json& fields) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = TRY(id_in(fields, "orderId"));
    order.created = TRY(date_in(fields, "orderDateText"));
    order.status = text_in(fields, "statusText");
    order.phase = phase_of(job, order.status, "/statusText");
    order.store_name = text_in(fields, "storeName");
    const auto currency = TRY(currency_in(fields, "currencyCode"));
    order.total = TRY(shown_price(fields, {}, "totalPriceText", currency));
    for (const auto& item : fields["orderLines"].items())
        order.lines.push_back(TRY(line_of(item, currency)));
    return order;
}

void read(JsonJob& job) {
    const auto& parts = parts_of(job.root);
    for (std::size_t i = 0; i < parts.items().size(); ++i) {
        const auto& fields = parts.items()[i]["fields"];
        if (fields["hasMore"].is_yes())
            job.noted("/data/data/" + parts.name(i), "the page has more orders than this file");
        if (!parts.name(i).starts_with(order_key)) continue;
        ++job.report.records;
        auto order = purchase_of(job, fields);
        if (order)
            job.observed(*std::move(order));
        else
            job.rejected("/data/data/" + parts.name(i) + order.error().path, order.error().reason);
    }
    if (job.report.records == 0)
        job.no_orders("an order page without orders: signed out, or none on this page");
}

}  // namespace web_list

// The extension's inventory; each line carries when it was taken.
namespace shopper {

bool is(const Json& root) {
    return root.is_list() && !root.items().empty() && root.items()[0].has("orderId") &&
           root.items()[0].has("productId") && root.items()[0].has("orderDate");
}

// The two dates can be a day apart, by the zone of the browser: the order was made on one of them.
JsonResult<std::optional<desk::SeenTime>> created_of(const Json& item) {
    const auto local = TRY(date_in(item, "orderDate"));
    const auto utc = TRY(date_in(item, "orderDateIso"));
    if (!local || !utc) return local ? local : utc;
    return desk::SeenTime{.at = std::min(local->at, utc->at),
                          .kind = desk::SeenTime::Kind::date_only,
                          .or_at = std::max(*local->or_at, *utc->or_at)};
}

JsonResult<LineSeen> line_of(const Json& item) {
    LineSeen line;
    line.line_id = text_in(item, "orderLineId");
    line.product_id = TRY(id_in(item, "productId"));
    line.sku = text_in(item, "skuId");
    line.title = text_in(item, "title");
    line.quantity = TRY(count_in(item, "quantity"));
    const auto currency = TRY(currency_in(item, "currency"));
    line.price = TRY(shown_price(item, "priceInfo", "price", currency));
    return line;
}

JsonResult<PurchaseSeen> purchase_of(JsonJob& job, const Json& item) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = TRY(id_in(item, "orderId"));
    order.created = TRY(created_of(item));
    order.status = text_in(item, "status");
    order.phase = phase_of(job, order.status, "/status");
    order.store_name = text_in(item, "storeName");
    order.lines.push_back(TRY(line_of(item)));
    return order;
}

// Lines of one order stand together; those seen at the same time are one observation.
class Run {
public:
    explicit Run(JsonJob& job) : job_(job) {}

    void add(PurchaseSeen order, std::optional<Instant> seen_at) {
        if (order_ && order_->reference == order.reference && seen_at_ == seen_at) {
            order_->lines.push_back(std::move(order.lines[0]));
            return;
        }
        flush();
        order_ = std::move(order);
        seen_at_ = seen_at;
    }

    void flush() {
        if (order_) job_.observed(*std::exchange(order_, std::nullopt), seen_at_);
    }

private:
    JsonJob& job_;
    std::optional<PurchaseSeen> order_;
    std::optional<Instant> seen_at_;
};

void read(JsonJob& job) {
    Run run(job);
    for (const auto& item : job.root.items()) {
        const auto path = "/" + std::to_string(job.report.records++);
        auto order = purchase_of(job, item);
        const auto seen_at = epoch_in(item, "timestamp");
        if (order && seen_at)
            run.add(*std::move(order), *seen_at);
        else
            job.rejected(path + (order ? seen_at.error() : order.error()).path,
                         (order ? seen_at.error() : order.error()).reason);
    }
    run.flush();
}

}  // namespace shopper

constexpr JsonKind kinds[] = {
    {"aliexpress_commission_list", "AliExpress commission list", commission::is, commission::read},
    {"aliexpress_web_list", "AliExpress order page", web_list::is, web_list::read},
    {"aliexpress_shopper_json", "AliExpress shopper inventory", shopper::is, shopper::read},
};

}  // namespace

std::span<const JsonKind> aliexpress_list_kinds() { return kinds; }

}  // namespace holdfast::formats
