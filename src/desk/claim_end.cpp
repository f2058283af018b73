#include "desk/claim_end.h"

#include "desk/dispute.h"
#include "desk/end_kind.h"

namespace holdfast::desk {
namespace {

std::optional<Money> requested_of(const Purchase& purchase) {
    std::optional<Money> sum;
    for (const auto& [key, dispute] : purchase.disputes) {
        if (!dispute.requested) return std::nullopt;
        const auto& one = dispute.requested->value;
        if (sum &&
            (sum->currency() != one.currency() || sum->minor() > Money::max_minor - one.minor()))
            return std::nullopt;
        sum = sum ? *sum + one : one;
    }
    return sum;
}

ClaimEnd end_of(const Purchase& purchase, const DisputeView& dispute,
                const std::optional<Money>& requested) {
    if (dispute.open) return ClaimEnd::open;
    if (end_kind_of(purchase) == EndKind::claim_paid) return ClaimEnd::granted;
    if (const auto came = came_back(purchase)) {
        const auto all = claimed_of(purchase, {.requested = requested});
        const bool is_all = all && all->currency() == came->currency() && *came >= *all;
        return is_all ? ClaimEnd::granted : ClaimEnd::partly;
    }
    return dispute.ended ? ClaimEnd::declined : ClaimEnd::unclear;
}

}  // namespace

std::string_view to_string(ClaimEnd end) {
    switch (end) {
    case ClaimEnd::open:     return "open";
    case ClaimEnd::granted:  return "granted";
    case ClaimEnd::partly:   return "partly";
    case ClaimEnd::declined: return "declined";
    case ClaimEnd::unclear:  return "unclear";
    }
    return {};
}

std::optional<ClaimSeen> claim_seen(const Purchase& purchase) {
    const auto dispute = dispute_of(purchase);
    if (!dispute.open && dispute.count == 0 && end_kind_of(purchase) != EndKind::claim_paid)
        return std::nullopt;
    ClaimSeen seen;
    seen.requested = requested_of(purchase);
    if (dispute.opened) seen.opened = dispute.opened->value.at;
    if (dispute.ended) seen.ended = dispute.ended->value.at;
    seen.end = end_of(purchase, dispute, seen.requested);
    return seen;
}

std::optional<Money> claimed_of(const Purchase& purchase, const ClaimSeen& claim) {
    if (claim.requested) return claim.requested;
    return purchase.total ? std::optional(purchase.total->value) : std::nullopt;
}

std::optional<Money> came_back(const Purchase& purchase) {
    if (!purchase.refunded || !purchase.refunded->value.is_positive()) return std::nullopt;
    return purchase.refunded->value;
}

}  // namespace holdfast::desk
