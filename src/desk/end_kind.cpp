#include "desk/end_kind.h"

#include "desk/text.h"

#include <algorithm>
#include <array>

namespace holdfast::desk {
namespace {

struct Ending {
    std::string_view reason;
    EndKind kind;
};
constexpr std::array endings = {
    Ending{"buyer_accept_goods", EndKind::confirmed},
    Ending{"buyer_accept_goods_timeout", EndKind::timed_out},
    Ending{"seller_send_goods_timeout", EndKind::refund_due},
    Ending{"cancel_order_close_trade", EndKind::refund_due},
    Ending{"buyer_cancel_order_in_risk", EndKind::refund_due},
    Ending{"canceled", EndKind::refund_due},
    Ending{"cancelled", EndKind::refund_due},
    Ending{"risk_reject_closed", EndKind::refund_due},
    Ending{"buyer_pay_timeout", EndKind::never_paid},
    Ending{"buyer_cancel_notpay_order", EndKind::never_paid},
    Ending{"seller_accept_issue_no_goods_return", EndKind::claim_paid},
    Ending{"seller_response_issue_timeout", EndKind::claim_paid},
};

// The newest reading of the status, where nothing that is as new says how far the order is.
const StatusReading* newest_unknown(const Purchase& purchase) {
    if (!purchase.status) return nullptr;
    const auto& [status, origin] = *purchase.status;
    if (purchase.phase && purchase.phase->origin.seen_at >= origin.seen_at) return nullptr;
    const auto found = purchase.readings.find(origin.format);
    if (found == purchase.readings.end()) return nullptr;
    const auto& reading = found->second;
    return reading.phase == Phase::unknown && reading.status == status ? &reading : nullptr;
}

}  // namespace

EndKind end_kind_of(std::string_view end_reason) {
    if (end_reason.empty()) return EndKind::none;
    const auto reason = to_lower(end_reason);
    const auto found = std::ranges::find(endings, std::string_view(reason), &Ending::reason);
    return found == endings.end() ? EndKind::unknown : found->kind;
}

EndKind end_kind_of(const Purchase& purchase) {
    if (purchase.end_reason) return end_kind_of(purchase.end_reason->value);
    // Nearly every order says nothing of its lines' ends: no need to put the lines together then.
    const bool any = std::ranges::any_of(
        purchase.lines, [](const auto& named) { return named.second.end_reason.has_value(); });
    if (!any) return EndKind::none;
    const auto lines = lines_of(purchase);
    const auto first = end_kind_of(text_of(lines.front().end_reason));
    const bool agree = std::ranges::all_of(
        lines, [&](const Line& line) { return end_kind_of(text_of(line.end_reason)) == first; });
    return agree ? first : EndKind::none;
}

bool is_known_unpaid(const Purchase& purchase) {
    if (purchase.paid) return false;
    return end_kind_of(purchase) == EndKind::never_paid ||
           (purchase.progress && purchase.progress->value == Phase::unpaid);
}

bool was_paid(const Purchase& purchase) {
    if (purchase.paid) return true;
    if (is_known_unpaid(purchase)) return false;
    const auto kind = end_kind_of(purchase);
    if (kind != EndKind::none && kind != EndKind::unknown) return true;
    if (purchase.progress && purchase.progress->value != Phase::cancelled) return true;
    // Nobody sends what is not paid.
    return purchase.shipped || !purchase.tracking_numbers.empty();
}

bool is_end_alone(std::string_view status) {
    const auto word = to_lower(status);
    return word == "finish" || word == "archive" || word == "fund_processing";
}

std::string unread_status(const Purchase& purchase) {
    const auto* reading = newest_unknown(purchase);
    const auto kind = end_kind_of(purchase);
    if (!reading || (kind != EndKind::none && kind != EndKind::unknown)) return {};
    if (!is_end_alone(reading->status))
        return "the status word \"" + reading->status + "\" is not known";
    const auto reason = text_of(purchase.end_reason);
    return "the order has ended (" + reading->status + "), and " +
           (reason.empty() ? "no source says why"
                           : "its end reason \"" + reason + "\" is not known");
}

}  // namespace holdfast::desk
