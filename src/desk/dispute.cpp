#include "desk/dispute.h"

#include "desk/text.h"

#include <algorithm>
#include <vector>

namespace holdfast::desk {
namespace {

bool says(std::string_view status, std::string_view word) {
    return status.find(word) != status.npos;
}

// Platforms have their own words; these are the ones that ask something of the buyer.
DisputeView::Turn turn_of(const Dispute& dispute) {
    const auto status = to_lower(text_of(dispute.status));
    const bool waits = says(status, "wait") || says(status, "required") || says(status, "agreed");
    if (waits && says(status, "return") && !says(status, "seller"))
        return DisputeView::Turn::our_return;
    if (says(status, "wait_buyer") || says(status, "buyer_response") ||
        says(status, "required_action"))
        return DisputeView::Turn::ours;
    return DisputeView::Turn::theirs;
}

void keep_earlier(MaybeHeld<SeenTime>& held, const MaybeHeld<SeenTime>& other) {
    if (other && (!held || other->value.at < held->value.at)) held = other;
}
void keep_later(MaybeHeld<SeenTime>& held, const MaybeHeld<SeenTime>& other) {
    if (other && (!held || other->value.at > held->value.at)) held = other;
}

void add_text(std::string& text, const MaybeHeld<std::string>& more, Origin& origin) {
    if (!more) return;
    if (text.empty()) text = more->value;
    if (more->origin.seen_at >= origin.seen_at) origin = more->origin;
}

void add(DisputeView& view, const Dispute& dispute) {
    keep_earlier(view.opened, dispute.opened);
    keep_later(view.answered, dispute.answered);
    keep_later(view.ended, dispute.ended);
    view.turn = std::max(view.turn, turn_of(dispute));
    add_text(view.reason, dispute.reason, view.origin);
    add_text(view.status, dispute.status, view.origin);
}

const Dispute* newest_of(const std::vector<const Dispute*>& disputes) {
    const Dispute* newest = nullptr;
    for (const auto* dispute : disputes)
        if (dispute->opened && (!newest || dispute->opened->value.at > newest->opened->value.at))
            newest = dispute;
    return newest;
}

// Where a platform tells the whole of each dispute, the last of them is the one that counts.
void see_alone(DisputeView& view, const Dispute& dispute) {
    view.opened = dispute.opened;
    view.answered = dispute.answered;
    view.ended = dispute.ended;
    view.reason = text_of(dispute.reason);
    if (dispute.requested) view.requested = dispute.requested->value;
}

std::optional<Money> sum_of(const std::vector<const Dispute*>& disputes) {
    std::optional<Money> sum;
    for (const auto* dispute : disputes) {
        if (!dispute->requested) return std::nullopt;
        const auto& one = dispute->requested->value;
        if (sum && sum->currency() != one.currency()) return std::nullopt;
        sum = sum ? *sum + one : one;
    }
    return sum;
}

}  // namespace

DisputeView dispute_of(const Purchase& purchase) {
    DisputeView view;
    view.open = is_disputed(purchase);
    view.count = static_cast<std::int64_t>(purchase.disputes.size());
    if (view.open) view.count = std::max<std::int64_t>(view.count, 1);
    if (purchase.in_dispute) view.origin = purchase.in_dispute->origin;
    std::vector<const Dispute*> chosen;
    for (const auto& [key, dispute] : purchase.disputes)
        if (!view.open || is_open(dispute)) chosen.push_back(&dispute);
    for (const auto* dispute : chosen) add(view, *dispute);
    if (view.open) view.requested = sum_of(chosen);
    if (const auto* newest = newest_of(chosen)) {
        view.tracking = text_of(newest->tracking);
        if (newest->told) view.told = newest->told->value;
        if (!view.open && newest->told) see_alone(view, *newest);
    }
    return view;
}

}  // namespace holdfast::desk
