// Disputes and refunds of PayPal: answers, lists and webhook events.
//
// `invoice_number` is what the store calls its order there, often not as people do;
// `partner_transaction_id` of an item is the store's own id where it has one.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/money_text.h"
#include "formats/purchase_run.h"
#include "formats/text.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::MovementSeen;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;

// {"currency_code": "USD", "value": "78.30"}
JsonResult<std::optional<Money>> value_in(const Json& object, std::string_view name) {
    const auto& money = object[name];
    const auto in_place = [&](JsonTrouble trouble) {
        trouble.path = "/" + std::string(name) + trouble.path;
        return std::unexpected(std::move(trouble));
    };
    const auto currency = currency_in(money, "currency_code");
    if (!currency) return in_place(currency.error());
    auto value = decimal_in(money, "value", *currency);
    if (!value) return in_place(value.error());
    return *value;
}

// --- Disputes

std::string reason_of(std::string_view reason) {
    if (reason == "MERCHANDISE_OR_SERVICE_NOT_RECEIVED") return "not_received";
    if (reason == "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED") return "not_as_described";
    return std::string(reason);
}

// Who PayPal paid does not follow from its protecting one side.
State state_of(const Json& dispute) {
    if (dispute["status"].text() != "RESOLVED")
        return dispute["status"].text().empty() ? State::unknown : State::pending;
    const auto outcome = dispute["dispute_outcome"]["outcome_code"].text();
    if (outcome == "RESOLVED_BUYER_FAVOUR" || outcome == "ACCEPTED") return State::made;
    if (outcome == "RESOLVED_SELLER_FAVOUR" || outcome == "CANCELED_BY_BUYER" ||
        outcome == "DENIED")
        return State::not_made;
    return State::ended;
}

std::optional<bool> our_turn(const Json& dispute) {
    const auto status = dispute["status"].text();
    if (status == "WAITING_FOR_SELLER_RESPONSE" ||
        dispute["dispute_state"].text() == "REQUIRED_ACTION")
        return true;
    if (status.empty() || status == "OPEN") return std::nullopt;
    return false;
}

void keep_sale(MovementSeen& movement, const Json& transactions) {
    for (const auto& one : transactions.items()) {
        add_once(movement.payment_ids, text_in(one, "seller_transaction_id"));
        add_once(movement.payment_ids, text_in(one, "buyer_transaction_id"));
        for (const auto& item : one["items"].items())
            if (movement.sale_id.empty())
                movement.sale_id = text_in(item, "partner_transaction_id");
    }
    // Of several payments no one number is the sale's.
    if (transactions.items().size() == 1)
        movement.sale_reference = text_in(transactions.items()[0], "invoice_number");
}

JsonResult<MovementSeen> dispute_of(const Json& dispute) {
    MovementSeen movement;
    movement.system = "paypal";
    movement.reference = text_in(dispute, "dispute_id");
    movement.kind = Kind::dispute;
    movement.state = state_of(dispute);
    if (movement.reference.empty())
        return std::unexpected(JsonTrouble{"/dispute_id", "no id of the dispute"});
    movement.amount = TRY(value_in(dispute, "dispute_amount"));
    if (auto refunded = TRY(value_in(dispute["dispute_outcome"], "amount_refunded")))
        movement.amount = refunded;
    movement.status =
        joined({dispute["status"].text(), dispute["dispute_outcome"]["outcome_code"].text()}, ", ");
    movement.reason = reason_of(dispute["reason"].text());
    movement.opened = seen_exactly(TRY(instant_in(dispute, "create_time")));
    movement.our_turn = our_turn(dispute);
    for (const auto* name : {"seller_response_due_date", "buyer_response_due_date"})
        if (!movement.answer_by) movement.answer_by = TRY(instant_in(dispute, name));
    keep_sale(movement, dispute["disputed_transactions"]);
    return movement;
}

// --- Refunds

State state_of_refund(std::string_view status) {
    if (status == "COMPLETED") return State::made;
    if (status == "PENDING") return State::pending;
    if (status == "FAILED" || status == "CANCELLED") return State::not_made;
    return State::unknown;
}

JsonResult<MovementSeen> refund_of(const Json& refund) {
    MovementSeen movement;
    movement.system = "paypal";
    movement.reference = text_in(refund, "id");
    movement.kind = Kind::refund;
    movement.state = state_of_refund(refund["status"].text());
    if (movement.reference.empty()) return std::unexpected(JsonTrouble{"/id", "no id"});
    movement.amount = TRY(value_in(refund, "amount"));
    movement.status =
        joined({refund["status"].text(), refund["status_details"]["reason"].text()}, ", ");
    movement.opened = seen_exactly(TRY(instant_in(refund, "create_time")));
    movement.sale_reference = text_in(refund, "invoice_id");
    for (const auto& link : refund["links"].items())
        if (link["rel"].text() == "up") {
            const auto href = link["href"].text();
            add_once(movement.payment_ids, std::string(href.substr(href.find_last_of('/') + 1)));
        }
    return movement;
}

bool is_refund(const Json& value) {
    return value.has("seller_payable_breakdown") && value.has("id");
}

void give(JsonJob& job, const Json& object, const std::string& path,
          std::optional<Instant> event_at = {}) {
    ++job.report.records;
    auto movement = is_refund(object) ? refund_of(object) : dispute_of(object);
    const auto updated = instant_in(object, "update_time");
    if (job.is_rejected(path, movement) || job.is_rejected(path, updated)) return;
    job.observed(*std::move(movement), *updated ? *updated : event_at);
}

// --- What came

bool is_dispute(const Json& root) { return root.has("dispute_id") && root.has("status"); }
bool is_list(const Json& root) {
    const auto& items = root["items"].items();
    return root["items"].is_list() && !items.empty() && items[0].has("dispute_id");
}
bool is_event(const Json& root) {
    return root.has("event_type") && (is_dispute(root["resource"]) || is_refund(root["resource"]));
}
bool is(const Json& root) {
    return is_dispute(root) || is_refund(root) || is_list(root) || is_event(root);
}

bool has_next(const Json& root) {
    return std::ranges::any_of(root["links"].items(),
                               [](const Json& link) { return link["rel"].text() == "next"; });
}

void read(JsonJob& job) {
    const auto& root = job.root;
    if (is_event(root)) {
        const auto at = instant_in(root, "create_time");
        if (!job.is_rejected("", at)) give(job, root["resource"], "/resource", *at);
        return;
    }
    if (!is_list(root)) return give(job, root, "");
    for (std::size_t i = 0; i < root["items"].items().size(); ++i)
        give(job, root["items"].items()[i], "/items/" + std::to_string(i));
    if (has_next(root)) job.noted("/links", "there are more pages than this file");
}

bool is_request(const Json& root) {
    return root.has("accept_claim_type") || root.has("offer_type") || root.has("transmission_sig");
}
void read_request(JsonJob& job) { job.no_orders("a request to PayPal, not its answer"); }

bool is_error(const Json& root) { return root.has("name") && root.has("debug_id"); }
void read_error(JsonJob& job) {
    std::string issues;
    for (const auto& detail : job.root["details"].items())
        issues += (issues.empty() ? "" : "; ") +
                  joined({detail["field"].text(), detail["issue"].text()}, " ");
    job.no_orders("PayPal refused the call: " + joined({job.root["name"].text(), issues}, ", "));
}

constexpr JsonKind kinds[] = {
    {"paypal_request", "PayPal request", is_request, read_request},
    {"paypal_json", "PayPal: money of sales", is, read},
    {"paypal_error", "PayPal refusal", is_error, read_error},
};

}  // namespace

std::span<const JsonKind> paypal_kinds() { return kinds; }

}  // namespace holdfast::formats
