#include "desk/recovery.h"

#include "desk/claim_end.h"
#include "desk/end_kind.h"

#include <algorithm>
#include <tuple>

namespace holdfast::desk {
namespace {

struct Expected {
    Money sum;
    std::optional<Instant> since;
    std::string why;
};

bool is_cancelled(const Purchase& purchase) {
    return end_kind_of(purchase) == EndKind::refund_due ||
           (purchase.progress && purchase.progress->value == Phase::cancelled);
}

// Nothing where no money is due back, or no source names the sum.
std::optional<Expected> expected_of(const Purchase& purchase,
                                    const std::optional<ClaimSeen>& claim) {
    const auto total =
        purchase.total ? std::optional(purchase.total->value) : std::optional<Money>{};
    if (claim && claim->end == ClaimEnd::granted) {
        const auto sum = claim->requested ? claim->requested : total;
        if (!sum) return std::nullopt;
        return Expected{*sum, claim->ended ? claim->ended : time_of(purchase.ended),
                        "the claim was granted"};
    }
    if (claim || !is_cancelled(purchase) || !was_paid(purchase) || !total) return std::nullopt;
    return Expected{*total, time_of(purchase.ended), "cancelled after payment"};
}

std::string month_of(const Purchase& purchase) {
    if (!purchase.refunded_at) return "unknown";
    return holdfast::to_string(purchase.refunded_at->value.at).substr(0, 7);
}

}  // namespace

void Recovery::add(const WorkItem& item, const Purchase& purchase) {
    const auto claim = claim_seen(purchase);
    if (claim && claim->end == ClaimEnd::open && claim->requested)
        currencies_[claim->requested->currency()].hoped_for.add(*claim->requested);
    if (purchase.refunded && purchase.refunded->value.is_positive()) {
        auto& sums = currencies_[purchase.refunded->value.currency()];
        sums.received.add(purchase.refunded->value);
        sums.received_by_month[month_of(purchase)].add(purchase.refunded->value);
    }
    if (item.reversal) {
        currencies_[item.reversal->taken_back.currency()].taken_back.add(item.reversal->taken_back);
        reversals_.push_back({item.system, item.reference, item.seller, *item.reversal});
    }
    const auto expected = expected_of(purchase, claim);
    if (!expected || !expected->sum.is_positive()) return;
    auto& sums = currencies_[expected->sum.currency()];
    sums.expected.add(expected->sum);
    auto received = Money::zero(expected->sum.currency());
    if (purchase.refunded && purchase.refunded->value.currency() == received.currency())
        received = purchase.refunded->value;
    const auto rest = expected->sum - received;
    if (!rest.is_positive()) return;
    sums.owed.add(rest);
    owed_.push_back({.system = item.system,
                     .reference = item.reference,
                     .seller = item.seller,
                     .expected = expected->sum,
                     .received = received,
                     .rest = rest,
                     .since = expected->since,
                     .why = expected->why});
}

std::vector<Owed> Recovery::owed() const {
    auto found = owed_;
    std::ranges::sort(found, [](const Owed& a, const Owed& b) {
        const auto place = [](const Owed& one) {
            return std::tuple(!one.since, one.since, std::string_view(one.system),
                              std::string_view(one.reference));
        };
        return place(a) < place(b);
    });
    return found;
}

std::vector<Reversed> Recovery::reversals() const {
    auto found = reversals_;
    std::ranges::sort(found, [](const Reversed& a, const Reversed& b) {
        const auto place = [](const Reversed& one) {
            return std::tuple(-one.reversal.seen_at.time_since_epoch(),
                              std::string_view(one.system), std::string_view(one.reference));
        };
        return place(a) < place(b);
    });
    return found;
}

}  // namespace holdfast::desk
