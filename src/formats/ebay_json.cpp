// Inquiries, returns and cases of eBay's Post-Order API, as details and as search results.
//
// eBay answers a buyer and a seller alike; these are read as being about sales of ours. A sale
// there has no number of its own in them: it is the item and the transaction, as eBay's older order
// ids write it. Ids are texts in details and numbers in searches.
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

using desk::MovementSeen;
using desk::SaleSeen;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;

// {"value": "2026-11-05T09:00:00.000Z", …}
JsonResult<std::optional<Instant>> dated_in(const Json& object, std::string_view name) {
    auto at = instant_in(object[name], "value");
    if (!at) at.error().path = "/" + std::string(name) + at.error().path;
    return at;
}

// {"value": 62.0, "currency": "USD"}: the number as it is written, never a binary one.
JsonResult<std::optional<Money>> amount_in(const Json& object, std::string_view name) {
    const auto& amount = object[name];
    const auto in_place = [&](JsonTrouble trouble) {
        trouble.path = "/" + std::string(name) + trouble.path;
        return std::unexpected(std::move(trouble));
    };
    const auto currency = currency_in(amount, "currency");
    if (!currency) return in_place(currency.error());
    auto value = decimal_in(amount, "value", *currency);
    if (!value) return in_place(value.error());
    return *value;
}

std::string status_of(const Json& record) {
    for (const auto* name : {"inquiryStatusEnum", "caseStatusEnum", "status"})
        if (record.has(name)) return text_in(record, name);
    return {};
}

std::string reason_of(const Json& record, Kind kind) {
    if (kind == Kind::inquiry || record["caseType"].text() == "ITEM_NOT_RECEIVED")
        return "not_received";
    const auto reason = record["creationInfo"]["reason"].text();
    if (reason == "NOT_AS_DESCRIBED") return "not_as_described";
    return std::string(reason.empty() ? record["caseType"].text() : reason);
}

bool is_closed(std::string_view status) {
    return status.ends_with("CLOSED") || status == "CLOSED_WITH_ESCALATION" || status == "REPLACED";
}

// A closed one moved money where eBay names the sum; where it names none, nobody knows.
State state_of(const Json& record, std::string_view status) {
    if (status == "RETURN_REJECTED" || status == "PARTIAL_REFUND_DECLINED") return State::not_made;
    if (record["sellerTotalRefund"]["actualRefundAmount"].is_object() ||
        status == "LESS_THAN_A_FULL_REFUND_ISSUED")
        return State::made;
    if (is_closed(status)) return State::ended;
    if (status.empty() || status == "UNKNOWN" || status == "OTHER") return State::unknown;
    return State::pending;
}

JsonResult<void> keep_turn(MovementSeen& movement, const Json& record) {
    const auto seller_by = TRY(dated_in(record["sellerResponseDue"], "respondByDate"));
    const auto buyer_by = TRY(dated_in(record["buyerResponseDue"], "respondByDate"));
    if (movement.status == "WAITING_SELLER_RESPONSE" || seller_by)
        movement.our_turn = true;
    else if (movement.status.starts_with("WAITING_") || buyer_by || is_closed(movement.status))
        movement.our_turn = false;
    const auto respond_by = TRY(dated_in(record, "respondByDate"));
    const auto make_right_by = TRY(dated_in(record, "sellerMakeItRightByDate"));
    for (const auto& by : {seller_by, buyer_by, respond_by, make_right_by})
        if (!movement.answer_by) movement.answer_by = by;
    return {};
}

JsonResult<std::string> sale_of(const Json& item) {
    const auto item_id = TRY(id_in(item, "itemId"));
    const auto transaction = TRY(id_in(item, "transactionId"));
    return item_id + '-' + transaction;
}

JsonResult<MovementSeen> movement_of(const Json& record, Kind kind, std::string_view id_name,
                                     const std::string& sale) {
    MovementSeen movement;
    movement.system = "ebay";
    movement.reference = TRY(id_in(record, id_name));
    movement.kind = kind;
    movement.sale_system = "ebay";
    movement.sale_reference = sale;
    movement.status = status_of(record);
    movement.state = state_of(record, movement.status);
    movement.reason = reason_of(record, kind);
    movement.amount = TRY(amount_in(record, "claimAmount"));
    for (const auto* name : {"actualRefundAmount", "estimatedRefundAmount"})
        if (!movement.amount) movement.amount = TRY(amount_in(record["sellerTotalRefund"], name));
    for (const auto* holder : {"inquiryDetails", "caseDetails", "creationInfo"})
        if (!movement.opened)
            movement.opened = seen_exactly(TRY(dated_in(record[holder], "creationDate")));
    if (!movement.opened) movement.opened = seen_exactly(TRY(dated_in(record, "creationDate")));
    TRY(keep_turn(movement, record));
    return movement;
}

// What the record says of the sale itself.
JsonResult<SaleSeen> sale_seen(const Json& record, const Json& item, const std::string& reference) {
    SaleSeen sale;
    sale.system = "ebay";
    sale.reference = reference;
    sale.total = TRY(amount_in(record["inquiryDetails"], "totalAmount"));
    desk::LineSeen line;
    line.product_id = text_in(item, "itemId");
    line.title = text_in(record["itemDetails"], "itemTitle");
    line.price = TRY(amount_in(record["itemDetails"], "itemPrice"));
    for (const auto* name : {"inquiryQuantity", "caseQuantity", "returnQuantity"})
        if (!line.quantity) line.quantity = TRY(count_in(item, name));
    sale.lines.push_back(std::move(line));
    const auto& tracking = record["inquiryHistoryDetails"]["shipmentTrackingDetails"];
    add_once(sale.tracking_numbers, to_tracking_number(tracking["trackingNumber"].text()));
    sale.deliver_by = TRY(dated_in(tracking, "estimateToDate"));
    return sale;
}

struct IdKind {
    std::string_view name;
    Kind kind;
};
constexpr IdKind id_kinds[] = {
    {"inquiryId", Kind::inquiry}, {"returnId", Kind::return_of_goods}, {"caseId", Kind::dispute}};

// A case may name the return that it came from.
const IdKind* kind_of(const Json& record) {
    if (record.has("caseType") || record.has("caseStatusEnum")) return &id_kinds[2];
    const auto* const found = std::ranges::find_if(
        id_kinds, [&](const IdKind& one) { return !record[one.name].is_null(); });
    return found == std::end(id_kinds) ? nullptr : found;
}

JsonResult<void> give(JsonJob& job, const Json& record) {
    const auto* const kind = kind_of(record);
    if (!kind) return std::unexpected(JsonTrouble{"", "neither inquiry, return nor case"});
    const auto& item =
        record["creationInfo"]["item"].is_object() ? record["creationInfo"]["item"] : record;
    const auto reference = TRY(sale_of(item));
    auto sale = TRY(sale_seen(record, item, reference));
    auto movement = TRY(movement_of(record, kind->kind, kind->name, reference));
    const auto seen_at = TRY(dated_in(record, "lastModifiedDate"));
    job.observed(std::move(sale), seen_at);
    job.observed(std::move(movement), seen_at);
    return {};
}

void take(JsonJob& job, const Json& record, const std::string& path) {
    ++job.report.records;
    if (const auto given = give(job, record); !given)
        job.rejected(path + given.error().path, given.error().reason);
}

bool is(const Json& root) {
    if (root["members"].is_list())
        return !root["members"].items().empty() && kind_of(root["members"].items()[0]) != nullptr;
    return kind_of(root) != nullptr;
}

void read(JsonJob& job) {
    const auto& root = job.root;
    if (!root["members"].is_list()) return take(job, root, "");
    for (std::size_t i = 0; i < root["members"].items().size(); ++i)
        take(job, root["members"].items()[i], "/members/" + std::to_string(i));
    const auto pages = parse_count(root["paginationOutput"]["totalPages"].text(), 1'000'000);
    if (pages && *pages > 1) job.noted("/paginationOutput", "there are more pages than this file");
}

const Json& first_error(const Json& root) {
    static const Json nothing;
    for (const auto* name : {"error", "errors"})
        if (root[name].is_list() && !root[name].items().empty() &&
            root[name].items()[0].has("errorId"))
            return root[name].items()[0];
    return nothing;
}

bool is_error(const Json& root) { return !first_error(root).is_null(); }

void read_error(JsonJob& job) {
    const auto& error = first_error(job.root);
    job.no_orders("eBay refused the call: " +
                  joined({error["errorId"].text(), error["message"].text()}, " "));
}

constexpr JsonKind kinds[] = {
    {"ebay_error", "eBay refusal", is_error, read_error},
    {"ebay_json", "eBay inquiries, returns and cases", is, read},
};

}  // namespace

std::span<const JsonKind> ebay_kinds() { return kinds; }

}  // namespace holdfast::formats
