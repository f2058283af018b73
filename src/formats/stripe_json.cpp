// Charges, refunds, disputes and transfers of Stripe: objects, lists of them, and events that carry
// one. A charge leads from what names but the payment to the sale that it names.
//
// An event says what was so when it was made; an object by itself, what was so when it was asked
// for. A refund may still fail after it succeeded. The store's order stands in the metadata, under
// a name that every shop chooses; where it does not, the payment's ids lead to it.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/purchase_run.h"
#include "formats/stripe_money.h"
#include "formats/text.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::MovementSeen;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;

std::unexpected<JsonTrouble> no(std::string path, std::string reason) {
    return std::unexpected(JsonTrouble{std::move(path), std::move(reason)});
}

JsonResult<std::optional<Money>> amount_in(const Json& object, std::string_view name,
                                           std::string_view currency) {
    const auto text = object[name].text();
    if (text.empty()) return std::nullopt;
    const auto path = "/" + std::string(name);
    const auto minor = parse_count(text, Money::max_minor);
    if (!minor) return no(path, shown(text) + " is not a whole number of minor units");
    const auto money = parse_stripe_money(*minor, currency);
    if (!money)
        return no(path, shown(text) + " of currency " + shown(currency) + " is no sum of Stripe's");
    return money;
}

// The id itself, or of an object that stands in its place.
std::string id_of(const Json& value) {
    return std::string(value.is_object() ? value["id"].text() : value.text());
}

void keep_sale(MovementSeen& movement, const Json& object) {
    const auto& metadata = object["metadata"];
    for (const auto* name : {"store_order", "order_name", "order_number"})
        if (movement.sale_reference.empty()) movement.sale_reference = text_in(metadata, name);
    movement.sale_id = text_in(metadata, "order_id");
    for (const auto* name : {"charge", "payment_intent", "source_transaction"})
        add_once(movement.payment_ids, id_of(object[name]));
}

State state_of_refund(std::string_view status) {
    if (status == "succeeded") return State::made;
    if (status == "pending" || status == "requires_action") return State::pending;
    if (status == "failed" || status == "canceled") return State::not_made;
    return State::unknown;
}

State state_of_dispute(std::string_view status) {
    if (status == "won" || status == "warning_closed" || status == "prevented")
        return State::not_made;
    if (status == "lost" || status == "charge_refunded") return State::made;
    if (status.ends_with("needs_response") || status.ends_with("under_review"))
        return State::pending;
    return State::unknown;
}

std::string reason_of(std::string_view reason) {
    if (reason == "product_not_received") return "not_received";
    if (reason == "product_unacceptable") return "not_as_described";
    return std::string(reason);
}

JsonResult<MovementSeen> begin(const Json& object, Kind kind) {
    MovementSeen movement;
    movement.system = "stripe";
    movement.reference = text_in(object, "id");
    movement.kind = kind;
    if (movement.reference.empty()) return no("/id", "no id");
    movement.amount = TRY(amount_in(object, "amount", object["currency"].text()));
    movement.opened = seen_exactly(TRY(epoch_in(object, "created")));
    movement.test = object["livemode"].text() == "false";
    keep_sale(movement, object);
    return movement;
}

JsonResult<MovementSeen> refund_of(const Json& object) {
    auto refund = TRY(begin(object, Kind::refund));
    const auto status = object["status"].text();
    refund.state = state_of_refund(status);
    refund.status = joined({status, object["failure_reason"].text()}, ", ");
    refund.reason = reason_of(object["reason"].text());
    return refund;
}

JsonResult<MovementSeen> dispute_of(const Json& object) {
    auto dispute = TRY(begin(object, Kind::dispute));
    dispute.status = text_in(object, "status");
    dispute.state = state_of_dispute(dispute.status);
    dispute.reason = reason_of(object["reason"].text());
    if (dispute.state != State::unknown)
        dispute.our_turn = dispute.status.ends_with("needs_response");
    dispute.answer_by = TRY(epoch_in(object["evidence_details"], "due_by"));
    for (const auto& moved : object["balance_transactions"].items()) {
        const auto fee = TRY(amount_in(moved, "fee", moved["currency"].text()));
        if (fee && fee->is_positive()) dispute.fee = sum_of(dispute.fee, *fee);
    }
    return dispute;
}

JsonResult<MovementSeen> transfer_of(const Json& object) {
    auto transfer = TRY(begin(object, Kind::transfer));
    transfer.taken_back = TRY(amount_in(object, "amount_reversed", object["currency"].text()));
    transfer.state = object["reversed"].is_yes() ? State::not_made : State::made;
    return transfer;
}

State state_of_charge(const Json& charge) {
    const auto status = charge["status"].text();
    if (status == "failed") return State::not_made;
    if (status == "succeeded")
        return charge["captured"].text() == "false" ? State::pending : State::made;
    return status == "pending" ? State::pending : State::unknown;
}

JsonResult<MovementSeen> charge_of(const Json& object) {
    auto charge = TRY(begin(object, Kind::payment));
    add_once(charge.payment_ids, charge.reference);
    charge.status = text_in(object, "status");
    charge.state = state_of_charge(object);
    const auto& booked = object["balance_transaction"];  // an id, where it was not asked for whole
    charge.fee = TRY(amount_in(booked, "fee", booked["currency"].text()));
    return charge;
}

struct ObjectKind {
    std::string_view name;
    JsonResult<MovementSeen> (*read)(const Json& object);
};
constexpr ObjectKind object_kinds[] = {{"charge", charge_of},
                                       {"refund", refund_of},
                                       {"dispute", dispute_of},
                                       {"transfer", transfer_of}};
constexpr std::string_view silent_kinds[] = {"payment_intent", "transfer_reversal", "payout",
                                             "balance_transaction"};

const ObjectKind* kind_of(const Json& object) {
    const auto* const found =
        std::ranges::find(object_kinds, object["object"].text(), &ObjectKind::name);
    return found == std::end(object_kinds) ? nullptr : found;
}

bool is_object(const Json& root) {
    const auto name = root["object"].text();
    return kind_of(root) != nullptr ||
           std::ranges::find(silent_kinds, name) != std::end(silent_kinds);
}

bool is_list(const Json& root) {
    return root["object"].text() == "list" && root["data"].is_list() && root.has("has_more");
}

bool is_event(const Json& root) {
    return root["object"].text() == "event" && root["data"]["object"].is_object();
}

bool is(const Json& root) { return is_object(root) || is_list(root) || is_event(root); }

void give(JsonJob& job, const Json& object, const std::string& path,
          std::optional<Instant> seen_at) {
    const auto* const kind = kind_of(object);
    if (!kind) return;
    ++job.report.records;
    auto movement = kind->read(object);
    if (!movement) return job.rejected(path + movement.error().path, movement.error().reason);
    job.observed(*std::move(movement), seen_at);
    // A charge may carry its refunds.
    const auto& refunds = object["refunds"]["data"].items();
    for (std::size_t i = 0; i < refunds.size(); ++i)
        give(job, refunds[i], path + "/refunds/data/" + std::to_string(i), seen_at);
}

// What a file without any of it says.
std::string why_none(const Json& root) {
    const auto& one = root["data"].items().empty() ? root : root["data"].items()[0];
    if (one["object"].text() == "payout")
        return "a payout moves the balance to the bank as a whole and names no sale; "
               "the charges and refunds behind it do";
    return "it tells of no charge, refund, dispute or transfer, which are what is read";
}

void read(JsonJob& job) {
    const auto& root = job.root;
    if (is_event(root)) {
        const auto at = epoch_in(root, "created");
        if (!job.is_rejected("", at)) give(job, root["data"]["object"], "/data/object", *at);
    } else if (is_list(root)) {
        for (std::size_t i = 0; i < root["data"].items().size(); ++i) {
            const auto& object = root["data"].items()[i];
            const auto path = "/data/" + std::to_string(i);
            if (text_in(object, "object").empty()) {
                ++job.report.records;
                job.rejected(path + "/object", "no object of Stripe's");
                continue;
            }
            give(job, object, path, {});
        }
        if (root["has_more"].is_yes()) job.noted("/has_more", "there are more than this page has");
    } else {
        give(job, root, "", {});
    }
    if (job.report.records == 0) job.no_orders(why_none(root));
}

bool is_error(const Json& root) {
    return root["error"].is_object() && root["error"].has("type") && !root.has("object");
}

void read_error(JsonJob& job) {
    const auto& error = job.root["error"];
    job.no_orders(
        "Stripe refused the call: " +
        joined({error["type"].text(), error["code"].text(), error["message"].text()}, ", "));
}

constexpr JsonKind kinds[] = {
    {"stripe_json", "Stripe: money of sales", is, read},
    {"stripe_error", "Stripe refusal", is_error, read_error},
};

}  // namespace

std::span<const JsonKind> stripe_kinds() { return kinds; }

}  // namespace holdfast::formats
