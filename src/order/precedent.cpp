#include "order/precedent.h"

#include "base/enum_word.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace holdfast::order {
namespace {

EndedBy ended_by(const Order& order, const Dispute& dispute, DisputeNo no) {
    if (dispute.withdrawn) return EndedBy::withdrawal;
    if (dispute.verdict) return EndedBy::decision;
    if (dispute.accepted) return EndedBy::agreement;
    const bool struck = std::ranges::find(order.struck, no, &Struck::dispute) != order.struck.end();
    return struck ? EndedBy::silence : EndedBy::right;
}

Given given(const Dispute& dispute) {
    if (dispute.refunded > 0) {
        if (dispute.refunded >= dispute.requested) return Given::all;
        return dispute.refunded >= dispute.requested - dispute.refunded ? Given::half_or_more
                                                                        : Given::under_half;
    }
    return dispute.replacement_shipped ? Given::replacement : Given::nothing;
}

bool is_near(Minor a, Minor b) { return a <= b ? b - a <= a : a - b <= b; }

bool is_like(const Precedent& a, const Precedent& b) {
    return a.reason == b.reason && a.currency == b.currency && a.tracking == b.tracking &&
           is_near(a.requested, b.requested);
}

}  // namespace

std::string_view to_string(Trait value) {
    return enum_word(
        std::array<std::string_view, 4>{"terms", "escalated", "buyer_evidence", "seller_evidence"},
        value);
}

std::string_view to_string(EndedBy value) {
    return enum_word(
        std::array<std::string_view, 5>{"withdrawal", "agreement", "decision", "silence", "right"},
        value);
}

std::string_view to_string(Given value) {
    return enum_word(std::array<std::string_view, 5>{"all", "half_or_more", "under_half",
                                                     "replacement", "nothing"},
                     value);
}

Precedent precedent_of(const Order& order, DisputeNo no) {
    const auto& dispute = order.dispute(no);
    const auto showed = [&](Party by) {
        return std::ranges::find(dispute.evidence, by, &Evidence::by) != dispute.evidence.end();
    };
    Precedent made{.reason = dispute.reason,
                   .currency = order.currency(),
                   .tracking = dispute.tracking,
                   .requested = dispute.requested,
                   .refunded = dispute.refunded,
                   .terms_id = order.terms_of_sale.terms.terms_id,
                   .escalated = dispute.escalated.has_value(),
                   .buyer_evidence = showed(Party::buyer),
                   .seller_evidence = showed(Party::seller),
                   .at = dispute.changed_at};
    if (dispute.is_closed())
        made.ending = Ending{.by = ended_by(order, dispute, no), .given = given(dispute)};
    return made;
}

std::array<bool, trait_count> shared(const Precedent& a, const Precedent& b) {
    return {a.terms_id == b.terms_id, a.escalated == b.escalated,
            a.buyer_evidence == b.buyer_evidence, a.seller_evidence == b.seller_evidence};
}

std::vector<std::size_t> like(const Precedent& one, std::span<const Precedent> past) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < past.size(); ++i)
        if (past[i].ending && is_like(one, past[i])) found.push_back(i);
    std::ranges::sort(found, {}, [&](std::size_t i) {
        const auto& other = past[i];
        const auto unlike = std::ranges::count(shared(one, other), false);
        return std::tuple(unlike, std::abs(other.requested - one.requested),
                          -other.at.time_since_epoch().count(), i);
    });
    return found;
}

}  // namespace holdfast::order
