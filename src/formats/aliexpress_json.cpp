// Answers of AliExpress about one order: the order, its details, a dispute on it, a push message.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/id_text.h"
#include "formats/json_kinds.h"
#include "formats/purchase_run.h"
#include "formats/status_words.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::DisputeSeen;
using desk::LineSeen;
using desk::Phase;
using desk::PurchaseSeen;

// Hands out what was read, or rejects it with its place below `path`.
template <class Read>
void give(JsonJob& job, std::string_view path, Read&& read, std::optional<Instant> seen_at = {}) {
    ++job.report.records;
    if (read)
        job.observed(*std::forward<Read>(read), seen_at);
    else
        job.rejected(std::string(path) + read.error().path, read.error().reason);
}

void note_status(JsonJob& job, std::string path, std::string_view status) {
    if (!is_known_status(status)) job.notes.unknown_status({0, std::move(path)}, status);
}

// The order itself, `aliexpress.trade.ds.order.get`. It says neither when the order was shipped nor
// until when it is protected.
namespace order {

const Json& result_of(const Json& root) { return without_envelope(root)["result"]; }

bool is(const Json& root) {
    const auto& result = result_of(root);
    return result.has("gmt_create") && result.has("order_status");
}

JsonResult<LineSeen> line_of(const Json& child, const Json& result) {
    LineSeen line;
    line.line_id = text_in(child, "child_order_id");
    line.product_id = TRY(id_in(child, "product_id"));
    line.sku = text_in(child, "sku_id");
    line.title = text_in(child, "product_name");
    line.quantity = TRY(count_in(child, "product_count"));
    line.price = TRY(money_object(child, "product_price"));
    line.end_reason = text_in(child, "end_reason");
    line.phase = phase_of_order(result["order_status"].text(), result["logistics_status"].text(),
                                line.end_reason);
    // "Partly shipped" does not say which part.
    if (line.phase == Phase::part_shipped) line.phase = Phase::unknown;
    return line;
}

// The one reason that all children share, if they do.
std::string shared_reason(const std::vector<LineSeen>& lines) {
    const bool same = !lines.empty() && std::ranges::all_of(lines, [&](const auto& line) {
        return line.end_reason == lines.front().end_reason;
    });
    return same ? lines.front().end_reason : std::string{};
}

// An order that has ended is what its children are; where they differ, it was not called off.
Phase phase_of_lines(const std::vector<LineSeen>& lines) {
    Phase phase = Phase::unknown;
    for (const auto& line : lines)
        if (phase == Phase::unknown || phase == Phase::cancelled) phase = line.phase;
    return phase;
}

JsonResult<PurchaseSeen> purchase_of(const Json& result, std::string reference, const Zone& zone) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = std::move(reference);
    order.created = TRY(clock_in(result, "gmt_create", zone));
    order.paid = TRY(clock_in(result, "order_paidtime_string", zone));
    order.total = TRY(money_object(result, "order_amount"));
    order.status = text_in(result, "order_status");
    order.phase = phase_of_order_status(order.status);
    order.store_name = text_in(result["store_info"], "store_name");
    for (const auto& child : list_in(result["child_order_list"], "aeop_child_order_info"))
        order.lines.push_back(TRY(line_of(child, result)));
    for (const auto& parcel : list_in(result["logistics_info_list"], "aeop_order_logistics_info")) {
        add_once(order.tracking_numbers, to_tracking_number(parcel["logistics_no"].text()));
        if (order.ship_method.empty()) order.ship_method = text_in(parcel, "logistics_service");
    }
    order.end_reason = shared_reason(order.lines);
    if (order.phase == Phase::unknown) order.phase = phase_of_lines(order.lines);
    if (order.phase == Phase::disputed) order.in_dispute = true;
    return order;
}

void keep_pay_before(PurchaseSeen& order, const Json& result) {
    const auto seconds = parse_count(result["pay_timeout_second"].text(), 366LL * 86'400);
    if (order.phase != Phase::unpaid || !order.created || !seconds) return;
    order.pay_before = moved(*order.created, std::chrono::seconds{*seconds});
}

void read(JsonJob& job) {
    const auto& result = result_of(job.root);
    auto reference = parse_id_text(result["order_id"].text()).value_or("");
    if (reference.empty()) reference = order_by_file_name(job);
    if (reference.empty()) {
        ++job.report.records;
        return job.rejected({},
                            "holds no order id; name the file after it (15 or 16 digits) or use "
                            "the details answer");
    }
    auto order = purchase_of(result, std::move(reference), job.pacific());
    if (order) keep_pay_before(*order, result);
    if (order) note_status(job, "/result/order_status", order->status);
    give(job, "/result", std::move(order));
}

}  // namespace order

// `aliexpress.social.shopping.order.details`: how much of the current step was left when the
// answer was made. The step tells which deadline that is. Its products and parcels come without
// quantities and with times of unstated meaning, so only tracking numbers are taken from them.
namespace details {

const Json& result_of(const Json& root) {
    const auto& result = without_envelope(root)["result"];
    return result.has("result") ? result["result"] : result;
}

bool is(const Json& root) {
    const auto& result = result_of(root);
    return result.has("over_time_milliseconds") ||
           (result.has("creation_time") && result.has("show_status"));
}

std::optional<Duration> rest_of(const Json& result) {
    auto text = result["over_time_milliseconds"].text();
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto rest = parse_count(text, 3650LL * 86'400'000);
    if (!rest) return std::nullopt;
    return Duration{negative ? -*rest : *rest};
}

void keep_deadline(PurchaseSeen& order, const Json& result, Instant answered) {
    const auto rest = rest_of(result);
    if (!rest) return;
    const auto deadline = seen_exactly(answered + *rest);
    const auto status = folded(order.status);
    if (status == "place_order_success") order.pay_before = deadline;
    if (status == "wait_seller_send_goods") order.ship_by = deadline;
    if (status == "wait_buyer_accept_goods")
        order.promise = {.at = deadline.at,
                         .confidence = desk::Confidence::high,
                         .basis = "answer time + rest of " +
                                  std::string(result["over_time_milliseconds"].text()) + " ms"};
}

JsonResult<PurchaseSeen> purchase_of(const Json& result, const Zone& zone) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = TRY(id_in(result, "order_id"));
    order.created = TRY(clock_in(result, "creation_time", zone));
    order.status = text_in(result, "status");
    order.end_reason = text_in(result, "reason_for_order_termination");
    order.phase = phase_of_order(order.status, result["logistics_status"].text(), order.end_reason);
    if (folded(result["frozen_status"].text()) == "in_frozen") order.phase = Phase::frozen;
    if (const auto issue = folded(result["issue_status"].text()); !issue.empty())
        order.in_dispute = issue == "in_issue";
    if (const auto& extend = result["can_extend"]; !extend.is_null())
        order.can_extend = extend.is_yes();
    for (const auto& parcel : list_in(result["tracking_infos"], "package_info"))
        add_once(order.tracking_numbers, to_tracking_number(parcel["tracking_code"].text()));
    return order;
}

void read(JsonJob& job) {
    const auto& result = result_of(job.root);
    auto order = purchase_of(result, job.pacific());
    if (order) keep_deadline(*order, result, job.options.seen_at.value_or(job.options.now));
    if (order) note_status(job, "/result/status", order->status);
    if (order && (order->promise || order->ship_by || order->pay_before) && !job.options.seen_at)
        job.noted(
            "/over_time_milliseconds",
            "the rest counts from the time of the answer, which the file does not hold: it is "
            "taken as now");
    give(job, "/result", std::move(order));
}

}  // namespace details

// `aliexpress.issue.detail.get`, a dispute as the seller sees it.
namespace issue {

const Json& result_of(const Json& root) { return without_envelope(root)["result_object"]; }

bool is(const Json& root) {
    const auto& result = result_of(root);
    return result.has("parent_order_id") && result.has("issue_status");
}

std::string reason_of(std::string_view text) {
    const auto plain = folded(text);
    if (contains(plain, "not received") || contains(plain, "not receive")) return "not_received";
    if (contains(plain, "not as described")) return "not_as_described";
    return std::string(trimmed(text));
}

// Solutions in the order of their making; the last one is what stands.
struct Solutions {
    std::optional<Money> money;
    std::optional<desk::SeenTime> at;
};

JsonResult<Solutions> newest_solution(const Json& list, const Zone& zone) {
    Solutions newest;
    for (const auto& solution : list_in(list, "solution_api_dto")) {
        const auto at = TRY(clock_in(solution, "gmt_create", zone));
        if (newest.at && at && at->at < newest.at->at) continue;
        const auto currency = TRY(currency_in(solution, "refund_money_currency"));
        newest = {TRY(decimal_in(solution, "refund_money", currency)), at};
    }
    return newest;
}

JsonResult<DisputeSeen> dispute_of(const Json& result, const Zone& zone) {
    DisputeSeen dispute;
    dispute.dispute_id = TRY(id_in(result, "id"));
    dispute.line_id = TRY(id_in(result, "order_id"));
    dispute.reason = reason_of(result["issue_reason"].text());
    dispute.status = text_in(result, "issue_status");
    dispute.opened = TRY(clock_in(result, "gmt_create", zone));
    dispute.requested = TRY(newest_solution(result["buyer_solution_list"], zone)).money;
    dispute.answered = TRY(newest_solution(result["seller_solution_list"], zone)).at;
    const auto currency = TRY(currency_in(result, "refund_money_max_currency"));
    dispute.maximum = TRY(decimal_in(result, "refund_money_max", currency));
    if (folded(dispute.status) != "processing")
        dispute.ended = TRY(clock_in(result, "gmt_modified", zone));
    return dispute;
}

JsonResult<PurchaseSeen> purchase_of(const Json& result, const Zone& zone) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = TRY(id_in(result, "parent_order_id"));
    order.disputes.push_back(TRY(dispute_of(result, zone)));
    order.in_dispute = folded(order.disputes[0].status) == "processing";
    if (*order.in_dispute) order.phase = Phase::disputed;
    return order;
}

void read(JsonJob& job) {
    give(job, "/result_object", purchase_of(result_of(job.root), job.pacific()));
}

}  // namespace issue

// A push message. Its signature is not settled, so it is only a hint.
namespace push {

bool is(const Json& root) { return root.has("message_type") && root.has("data"); }

JsonResult<PurchaseSeen> purchase_of(const Json& data) {
    PurchaseSeen order;
    order.system = "aliexpress";
    order.reference = TRY(id_in(data, "orderId"));
    order.status = text_in(data, "orderStatus");
    order.phase = phase_of_push(order.status);
    return order;
}

void read(JsonJob& job) {
    if (!job.root["data"].has("orderStatus"))
        return job.no_orders("a push message of type " +
                             std::string(job.root["message_type"].text()) +
                             ", which says nothing about an order's status");
    const auto at = epoch_in(job.root, "timestamp");
    if (!at) {
        ++job.report.records;
        return job.rejected(at.error().path, at.error().reason);
    }
    job.noted({}, "a push message is only a hint: ask for the order itself");
    auto order = purchase_of(job.root["data"]);
    if (order && order->phase == Phase::unknown && !order->status.empty())
        job.notes.unknown_status({0, "/data/orderStatus"}, order->status);
    give(job, "/data", std::move(order), *at);
}

}  // namespace push

constexpr JsonKind kinds[] = {
    {"aliexpress_details_api", "AliExpress order details", details::is, details::read},
    {"aliexpress_order_api", "AliExpress order", order::is, order::read},
    {"aliexpress_issue_api", "AliExpress dispute", issue::is, issue::read},
    {"aliexpress_push", "AliExpress push message", push::is, push::read},
};

}  // namespace

std::span<const JsonKind> aliexpress_order_kinds() { return kinds; }

}  // namespace holdfast::formats
