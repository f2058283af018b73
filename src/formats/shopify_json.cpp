// Orders and refunds of Shopify as JSON: REST answers, webhook bodies, GraphQL.
//
// A refund does not prove that money moved: only its successful transactions of kind "refund" do.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/id_text.h"
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

// "gid://shopify/Order/7100000001052" is "7100000001052".
std::string id_of_gid(std::string_view gid) {
    return std::string(gid.substr(gid.find_last_of('/') + 1));
}

// A list by itself, in {"nodes":[…]} or in {"edges":[{"node":…}]}.
std::vector<const Json*> nodes_of(const Json& list) {
    std::vector<const Json*> nodes;
    const auto& edges = list["edges"];
    const auto& items = list.is_list() ? list : list["nodes"];
    for (const auto& node : items.items()) nodes.push_back(&node);
    for (const auto& edge : edges.items()) nodes.push_back(&edge["node"]);
    return nodes;
}

// Money that moved back, by what the transactions say.
struct Moved {
    std::optional<Money> money;    // nothing: none moved
    std::optional<Money> pending;  // may still move
    bool mixed = false;            // in several currencies, or too large: no sum
};

JsonResult<std::optional<Money>> transaction_money(const Json& transaction) {
    const auto& set =
        transaction["amount_set"].is_null() ? transaction["amountSet"] : transaction["amount_set"];
    for (const auto* name : {"shop_money", "shopMoney", "presentment_money", "presentmentMoney"})
        if (auto money = TRY(money_object(set, name))) return money;
    const auto currency = TRY(currency_in(transaction, "currency"));
    return decimal_in(transaction, "amount", currency);
}

JsonResult<void> add_transactions(Moved& moved, const Json& transactions) {
    for (const auto* transaction : nodes_of(transactions)) {
        if (folded((*transaction)["kind"].text()) != "refund") continue;
        const auto status = folded((*transaction)["status"].text());
        const auto money = TRY(transaction_money(*transaction));
        if (!money || (status != "success" && status != "pending")) continue;
        auto& sum = status == "success" ? moved.money : moved.pending;
        const auto next = sum_of(sum, *money);
        moved.mixed |= !next;
        if (next) sum = next;
    }
    return {};
}

JsonResult<Moved> moved_by(const Json& refunds) {
    Moved moved;
    for (const auto* refund : nodes_of(refunds))
        TRY(add_transactions(moved, (*refund)["transactions"]));
    return moved;
}

// No refund at all says as much as a sum: nothing was refunded.
void keep_refunded(JsonJob& job, SaleSeen& sale, const Json& refunds, const Moved& moved,
                   std::optional<Currency> currency) {
    if (refunds.is_null() || !currency) return;
    if (moved.mixed)
        return job.noted({}, sale.reference + ": refunds in several currencies are not added up");
    sale.refunded = moved.money.value_or(Money::zero(*currency));
    if (!moved.money && !nodes_of(refunds).empty())
        job.noted({}, sale.reference + ": it has refunds, but no money moved");
}

std::string address_of(const Json& address) {
    return joined(
        {address["address1"].text(), address["address2"].text(), address["zip"].text(),
         address["city"].text(), address["province"].text(), address["country_code"].text()},
        ", ");
}

std::string first_text(std::initializer_list<std::string_view> texts) {
    for (const auto text : texts)
        if (!trimmed(text).empty()) return std::string(trimmed(text));
    return {};
}

JsonResult<std::string> name_of(const Json& order) {
    auto name = text_in(order, "name");
    if (!name.empty()) return name;
    return std::unexpected(JsonTrouble{"/name", "no order name"});
}

// REST answers and webhook bodies.
namespace rest {

constexpr std::string_view dead_fulfillments[] = {"cancelled", "error", "failure"};

bool is_order(const Json& order) {
    return order.has("line_items") && order.has("name") && order.has("financial_status");
}

bool is(const Json& root) {
    const auto& orders = root["orders"];
    if (orders.is_list()) return orders.items().empty() || is_order(orders.items()[0]);
    return is_order(root["order"]) || is_order(root);
}

std::span<const Json> orders_in(const Json& root) {
    if (root["orders"].is_list()) return root["orders"].items();
    return {root.has("order") ? &root["order"] : &root, 1};
}

JsonResult<LineSeen> line_of(const Json& item, std::optional<Currency> currency) {
    LineSeen line;
    line.line_id = text_in(item, "id");
    line.product_id = text_in(item, "product_id");
    line.sku = text_in(item, "sku");
    line.title = first_text({item["name"].text(), item["title"].text()});
    line.quantity = TRY(count_in(item, "quantity"));
    line.price = TRY(decimal_in(item, "price", currency));
    if (item["fulfillment_status"].text() == "fulfilled") line.phase = desk::Phase::shipped;
    return line;
}

desk::PersonSeen customer_of(const Json& order) {
    const auto& to = order["shipping_address"].is_object() ? order["shipping_address"]
                                                           : order["billing_address"];
    return {.email = first_text({order["email"].text(), order["contact_email"].text(),
                                 order["customer"]["email"].text()}),
            .name = text_in(to, "name"),
            .phone = first_text({order["phone"].text(), to["phone"].text()}),
            .address = address_of(to)};
}

JsonResult<void> keep_fulfillments(SaleSeen& sale, const Json& fulfillments) {
    for (const auto& fulfillment : fulfillments.items()) {
        const auto status = fulfillment["status"].text();
        if (std::ranges::find(dead_fulfillments, status) != std::end(dead_fulfillments)) continue;
        for (const auto& number : fulfillment["tracking_numbers"].items())
            add_once(sale.tracking_numbers, to_tracking_number(number.text()));
        add_once(sale.tracking_numbers, to_tracking_number(fulfillment["tracking_number"].text()));
        const auto at = seen_exactly(TRY(instant_in(fulfillment, "created_at")));
        const bool later = at && (!sale.fulfilled || sale.fulfilled->at < at->at);
        if (later && sale.fulfillment_status == "fulfilled") sale.fulfilled = at;
    }
    return {};
}

JsonResult<void> keep_totals(SaleSeen& sale, const Json& order, std::optional<Currency> currency) {
    sale.total = TRY(decimal_in(order, "total_price", currency));
    const auto paid = TRY(money_object(order["total_price_set"], "presentment_money"));
    if (paid && paid->currency() != currency) sale.presentment_total = paid;
    return {};
}

JsonResult<SaleSeen> sale_of(JsonJob& job, const Json& order) {
    SaleSeen sale;
    sale.system = "shopify";
    sale.reference = TRY(name_of(order));
    sale.sale_id = TRY(id_in(order, "id"));
    sale.created = seen_exactly(TRY(instant_in(order, "created_at")));
    sale.cancelled = seen_exactly(TRY(instant_in(order, "cancelled_at")));
    const auto currency = TRY(currency_of(job, order, "currency", "total_price"));
    TRY(keep_totals(sale, order, currency));
    sale.financial_status = text_in(order, "financial_status");
    sale.fulfillment_status = text_in(order, "fulfillment_status");
    sale.test = order["test"].is_yes();
    sale.customer = customer_of(order);
    sale.destination = first_text({order["shipping_address"]["country_code"].text(),
                                   order["billing_address"]["country_code"].text()});
    for (const auto& item : order["line_items"].items())
        sale.lines.push_back(TRY(line_of(item, currency)));
    TRY(keep_fulfillments(sale, order["fulfillments"]));
    const auto moved = TRY(moved_by(order["refunds"]));
    keep_refunded(job, sale, order["refunds"], moved, currency);
    return sale;
}

struct StatusWord {
    std::string_view word;
    ParcelStatus status;
};
constexpr StatusWord shipment_statuses[] = {
    {"label_printed", ParcelStatus::label_only},
    {"label_purchased", ParcelStatus::label_only},
    {"confirmed", ParcelStatus::label_only},
    {"in_transit", ParcelStatus::moving},
    {"out_for_delivery", ParcelStatus::out_for_delivery},
    {"attempted_delivery", ParcelStatus::attempt_failed},
    {"ready_for_pickup", ParcelStatus::pickup_waiting},
    {"delivered", ParcelStatus::delivered},
    {"failure", ParcelStatus::held},
};

// A fulfilment's status speaks of its parcel only where it has exactly one.
void give_parcels(JsonJob& job, const Json& order, std::optional<Instant> seen_at) {
    for (const auto& fulfillment : order["fulfillments"].items()) {
        const auto word = fulfillment["shipment_status"].text();
        if (word.empty() || fulfillment["tracking_numbers"].items().size() > 1) continue;
        desk::ParcelSeen parcel;
        parcel.tracking_number = to_tracking_number(fulfillment["tracking_number"].text());
        if (parcel.tracking_number.empty()) continue;
        parcel.carrier = text_in(fulfillment, "tracking_company");
        parcel.raw_status = word;
        const auto known = std::ranges::find(shipment_statuses, word, &StatusWord::word);
        if (known != std::end(shipment_statuses)) parcel.status = known->status;
        job.observed(std::move(parcel), seen_at);
    }
}

void read(JsonJob& job) {
    const bool is_list = job.root["orders"].is_list();
    for (const auto& order : orders_in(job.root)) {
        auto path = is_list ? "/orders/" + std::to_string(job.report.records) : std::string{};
        ++job.report.records;
        const auto seen_at = instant_in(order, "updated_at");
        auto sale = sale_of(job, order);
        if (job.is_rejected(path, sale) || job.is_rejected(path, seen_at)) continue;
        job.observed(*std::move(sale), *seen_at);
        give_parcels(job, order, *seen_at);
    }
    if (job.report.records == 0) job.no_orders("an empty list of orders");
}

}  // namespace rest

namespace graphql {

bool is_order(const Json& node) { return node.has("displayFinancialStatus") && node.has("name"); }

std::vector<const Json*> orders_in(const Json& root) {
    const auto& data = root["data"];
    for (const auto* name : {"order", "node"})
        if (is_order(data[name])) return {&data[name]};
    return nodes_of(data["orders"]);
}

bool is(const Json& root) {
    const auto& data = root["data"];
    return data["orders"].is_object() || is_order(data["order"]) || is_order(data["node"]);
}

JsonResult<LineSeen> line_of(const Json& item) {
    LineSeen line;
    line.line_id = id_of_gid(item["id"].text());
    line.product_id = id_of_gid(item["product"]["id"].text());
    line.sku = text_in(item, "sku");
    line.title = first_text({item["name"].text(), item["title"].text()});
    line.quantity = TRY(count_in(item, "quantity"));
    line.price = TRY(money_object(item["originalUnitPriceSet"], "shopMoney"));
    return line;
}

JsonResult<void> keep_fulfillments(SaleSeen& sale, const Json& fulfillments) {
    for (const auto* fulfillment : nodes_of(fulfillments)) {
        const auto status = folded((*fulfillment)["status"].text());
        if (std::ranges::find(rest::dead_fulfillments, status) != std::end(rest::dead_fulfillments))
            continue;
        for (const auto& tracking : (*fulfillment)["trackingInfo"].items())
            add_once(sale.tracking_numbers, to_tracking_number(tracking["number"].text()));
        const auto at = seen_exactly(TRY(instant_in(*fulfillment, "createdAt")));
        const bool later = at && (!sale.fulfilled || sale.fulfilled->at < at->at);
        if (later && sale.fulfillment_status == "fulfilled") sale.fulfilled = at;
    }
    return {};
}

JsonResult<SaleSeen> sale_of(JsonJob& job, const Json& order) {
    SaleSeen sale;
    sale.system = "shopify";
    sale.reference = TRY(name_of(order));
    sale.sale_id = first_text({order["legacyResourceId"].text(), id_of_gid(order["id"].text())});
    if (sale.sale_id.empty()) return std::unexpected(JsonTrouble{"/id", "no id of the order"});
    sale.created = seen_exactly(TRY(instant_in(order, "createdAt")));
    sale.cancelled = seen_exactly(TRY(instant_in(order, "cancelledAt")));
    sale.total = TRY(money_object(order["totalPriceSet"], "shopMoney"));
    const auto paid = TRY(money_object(order["totalPriceSet"], "presentmentMoney"));
    if (paid && sale.total && paid->currency() != sale.total->currency())
        sale.presentment_total = paid;
    sale.financial_status = folded(order["displayFinancialStatus"].text());
    sale.fulfillment_status = folded(order["displayFulfillmentStatus"].text());
    sale.test = order["test"].is_yes();
    sale.customer.email = text_in(order, "email");
    for (const auto* item : nodes_of(order["lineItems"])) sale.lines.push_back(TRY(line_of(*item)));
    TRY(keep_fulfillments(sale, order["fulfillments"]));
    const auto currency = TRY(currency_in(order, "currencyCode"));
    const auto moved = TRY(moved_by(order["refunds"]));
    keep_refunded(job, sale, order["refunds"], moved, currency);
    return sale;
}

void read(JsonJob& job) {
    for (const auto* order : orders_in(job.root)) {
        const auto path = "/data/orders/" + std::to_string(job.report.records++);
        auto sale = sale_of(job, *order);
        const auto seen_at = instant_in(*order, "updatedAt");
        if (!job.is_rejected(path, sale) && !job.is_rejected(path, seen_at))
            job.observed(*std::move(sale), *seen_at);
    }
    if (job.root["data"]["orders"]["pageInfo"]["hasNextPage"].is_yes())
        job.noted("/data/orders/pageInfo", "there are more pages than this file");
    if (job.report.records == 0) job.no_orders("a page without orders");
}

}  // namespace graphql

// One refund by itself: a movement of the sale's money. It names its order by id only, and says
// nothing of other refunds, so the sum of all is left to the order itself.
namespace refund {

const Json& refund_of(const Json& root) {
    const auto& created = root["data"]["refundCreate"]["refund"];
    if (created.is_object()) return created;
    return root["refund"].is_object() ? root["refund"] : root;
}

bool is(const Json& root) {
    const auto& refund = refund_of(root);
    return refund.has("transactions") &&
           (refund.has("refund_line_items") || refund.has("totalRefundedSet"));
}

std::string sale_id_of(const Json& root) {
    return first_text({refund_of(root)["order_id"].text(),
                       id_of_gid(root["data"]["refundCreate"]["order"]["id"].text())});
}

JsonResult<desk::MovementSeen> movement_of(const Json& refund, std::string sale_id,
                                           const Moved& moved) {
    desk::MovementSeen movement;
    movement.system = "shopify";
    movement.reference = id_of_gid(refund["id"].text());
    if (movement.reference.empty()) return std::unexpected(JsonTrouble{"/id", "no id"});
    movement.kind = desk::MovementSeen::Kind::refund;
    movement.sale_system = "shopify";
    movement.sale_id = std::move(sale_id);
    movement.amount = moved.money ? moved.money : moved.pending;
    if (moved.money)
        movement.state = desk::MovementSeen::State::made;
    else if (moved.pending)
        movement.state = desk::MovementSeen::State::pending;
    else
        movement.status = "no money moved";
    for (const auto* name : {"created_at", "createdAt"})
        if (!movement.opened) movement.opened = seen_exactly(TRY(instant_in(refund, name)));
    return movement;
}

void read(JsonJob& job) {
    const auto& refund = refund_of(job.root);
    if (!refund.has("id"))
        return job.no_orders(
            "the request for a refund, or what one would come to: no refund was "
            "made by it");
    ++job.report.records;
    const auto sale_id = sale_id_of(job.root);
    if (!is_digits(sale_id)) return job.rejected("/order_id", "the refund names no order");
    Moved moved;
    const auto added = add_transactions(moved, refund["transactions"]);
    if (!added) return job.rejected("/transactions" + added.error().path, added.error().reason);
    if (moved.mixed) return job.rejected("/transactions", "amounts in several currencies");
    auto movement = movement_of(refund, sale_id, moved);
    const auto seen_at = instant_in(refund, "processed_at");
    if (job.is_rejected("", movement) || job.is_rejected("", seen_at)) return;
    job.observed(*std::move(movement), *seen_at);
    if (moved.money)
        job.noted({}, "one refund of order " + sale_id +
                          ": import the order itself, which has the sum of all");
}

}  // namespace refund

namespace refusal {

// {"errors": "text"}, {"errors": {"base": ["…"]}}, {"errors": [{"message", "extensions"}]}.
bool is_error(const Json& root) {
    const auto& errors = root["errors"];
    if (errors.is_object() || errors.kind() == Json::Kind::text) return true;
    return errors.is_list() && !errors.items().empty() && errors.items()[0].has("message") &&
           !errors.items()[0].has("code") && !errors.items()[0].has("errorId");
}

std::string text_of(const Json& errors) {
    if (!errors.text().empty()) return std::string(errors.text());
    std::string all;
    for (const auto& item : errors.items()) {
        const auto text = item.has("message") ? text_in(item, "message") : text_of(item);
        all += (all.empty() ? "" : "; ") + text;
    }
    return all;
}

void read_error(JsonJob& job) {
    const auto& errors = job.root["errors"];
    const bool throttled =
        errors.is_list() && errors.items()[0]["extensions"]["code"].text() == "THROTTLED";
    job.no_orders("Shopify refused the call: " + text_of(errors) +
                  (throttled ? ": wait, then ask again" : ""));
}

const Json& user_errors(const Json& root) {
    static const Json none;
    const auto& data = root["data"];
    for (const auto& answer : data.items())
        if (!answer["userErrors"].items().empty()) return answer["userErrors"];
    return none;
}

bool is_user_error(const Json& root) { return !user_errors(root).is_null(); }

void read_user_error(JsonJob& job) {
    job.no_orders("Shopify refused the change: " + text_of(user_errors(job.root)));
}

bool is_request(const Json& root) {
    return root["query"].kind() == Json::Kind::text && root.has("variables");
}

void read_request(JsonJob& job) { job.no_orders("a request to Shopify, not its answer"); }

bool is_refund_request(const Json& root) { return root["refund"].has("refund_line_items"); }

}  // namespace refusal

constexpr JsonKind kinds[] = {
    {"shopify_error", "Shopify refusal", refusal::is_error, refusal::read_error},
    {"shopify_error", "Shopify refusal", refusal::is_user_error, refusal::read_user_error},
    {"shopify_order_json", "Shopify orders", rest::is, rest::read},
    {"shopify_graphql_orders", "Shopify orders, GraphQL", graphql::is, graphql::read},
    {"shopify_refund_json", "Shopify refund", refund::is, refund::read},
    {"shopify_request", "Shopify request", refusal::is_refund_request, refusal::read_request},
    {"shopify_request", "Shopify request", refusal::is_request, refusal::read_request},
};

}  // namespace

std::span<const JsonKind> shopify_kinds() { return kinds; }

}  // namespace holdfast::formats
