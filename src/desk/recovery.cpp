#include "desk/recovery.h"

#include "desk/claim_end.h"
#include "desk/end_kind.h"
#include "desk/stake.h"
#include "desk/text.h"

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

std::optional<Expected> expected_of_claim(const Purchase& purchase,
                                          const std::optional<ClaimSeen>& claim) {
    if (!claim || claim->end != ClaimEnd::granted) return std::nullopt;
    const auto sum = claimed_of(purchase, *claim);
    if (!sum) return std::nullopt;
    return Expected{*sum, claim->ended ? claim->ended : time_of(purchase.ended),
                    "the claim was granted"};
}

// Of a whole order as long as no claim speaks for its money, and of lines beside others whatever a
// claim on the others does. No source says when a line was cancelled.
std::optional<Expected> expected_of_cancelled(const Purchase& purchase, bool has_claim) {
    if (!was_paid(purchase)) return std::nullopt;
    if (is_cancelled(purchase)) {
        if (has_claim || !purchase.total) return std::nullopt;
        return Expected{purchase.total->value, time_of(purchase.ended), "cancelled after payment"};
    }
    const auto stake = stake_of(purchase);
    if (!stake.cancelled_in_all) return std::nullopt;
    return Expected{*stake.cancelled_in_all, std::nullopt,
                    "cancelled after payment: " + join(stake.cancelled_lines, ", ")};
}

// A claim that names no sum, or more than was left, holds the cancelled lines already: both
// together are never more than the order.
Money sum_of_both(const Purchase& purchase, const Money& a, const Money& b) {
    if (a.currency() != b.currency()) return a;
    const bool is_bounded = purchase.total && purchase.total->value.currency() == a.currency();
    const auto most =
        is_bounded ? purchase.total->value : Money::of_minor(Money::max_minor, a.currency());
    return a < most ? a + std::min(b, most - a) : a;
}

// Nothing where no money is due back, or no source names the sum.
std::optional<Expected> expected_of(const Purchase& purchase,
                                    const std::optional<ClaimSeen>& claim) {
    auto of_claim = expected_of_claim(purchase, claim);
    const auto of_lines = expected_of_cancelled(purchase, claim.has_value());
    if (!of_claim || !of_lines) return of_claim ? of_claim : of_lines;
    of_claim->sum = sum_of_both(purchase, of_claim->sum, of_lines->sum);
    of_claim->why += "; " + of_lines->why;
    return of_claim;
}

std::string month_of(const Purchase& purchase) {
    if (!purchase.refunded_at) return "unknown";
    return holdfast::to_string(purchase.refunded_at->value.at).substr(0, 7);
}

}  // namespace

void Recovery::add(const WorkItem& item, const Purchase& purchase,
                   const std::optional<FiledClaim>& filed) {
    const auto claim = claim_seen(purchase);
    if (filed && !claim && item.word == WorkWord::waiting && item.at_stake)
        currencies_[item.at_stake->currency()].hoped_for.add(*item.at_stake);
    const auto claimed = claim ? claimed_of(purchase, *claim) : std::nullopt;
    if (claimed && claim->end == ClaimEnd::open)
        currencies_[claimed->currency()].hoped_for.add(*claimed);
    const auto came = came_back(purchase);
    if (came) {
        auto& sums = currencies_[came->currency()];
        sums.received.add(*came);
        sums.received_by_month[month_of(purchase)].add(*came);
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
    if (came && came->currency() == received.currency()) received = *came;
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
