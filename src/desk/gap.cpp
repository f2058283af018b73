#include "desk/gap.h"

#include "desk/claim.h"
#include "desk/purchase_facts.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>

namespace holdfast::desk {
namespace {

using std::chrono::days;
using terms::Moment;
using terms::Reason;

constexpr days looked_ahead{730};          // from where the cover ends
constexpr std::int32_t days_to_claim = 3;  // that the store needs

std::int32_t days_between(Instant from, Instant to) {
    const auto count = std::chrono::floor<days>(to - from).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(count, -100'000, 100'000));
}

// As many days as nine of ten leave, less what the claim needs.
std::optional<std::int32_t> suggested(std::vector<std::int32_t> found) {
    if (found.empty()) return std::nullopt;
    std::ranges::sort(found);
    return std::max(0, found[found.size() / 10] - days_to_claim);
}

// What the customer is due at an instant, and until when anything is.
class Entitlement {
public:
    Entitlement(const DueQuestion& question, const terms::Terms* law)
        : question_(question), law_(law) {}

    Due at(Instant when) const { return due_of(question_, law_, when); }
    bool holds(Instant when) const { return at(when).what != Due::What::nothing; }

    // Rights end once: the first instant at which nothing is due, the same from wherever within
    // the right it is looked for. Nothing where something is due at `last` as well.
    std::optional<Instant> end(Instant from, Instant last) const {
        if (from >= last || holds(last)) return std::nullopt;
        auto held = from, gone = last;
        while (gone - held > Duration{1}) {
            const auto middle = held + (gone - held) / 2;
            (holds(middle) ? held : gone) = middle;
        }
        return gone;
    }

private:
    DueQuestion question_;
    const terms::Terms* law_;
};

}  // namespace

void TwoPromiseGap::add(const Sale& sale, const PurchaseSide& side, const std::string& seller,
                        const terms::Terms* law) {
    if (!side.terms) return;
    const auto& purchase = side.purchase;
    const auto facts = facts_of(purchase, side.parcels, options_, now_, *side.terms);
    if (facts.facts.at(Moment::cancelled).known()) return;
    const auto when = facts.facts.at(Moment::delivered_all);
    const auto delivered = when.is_instant() ? std::optional(when.instant()) : std::nullopt;
    const auto reason = delivered ? Reason::not_as_described : Reason::not_received;
    const auto outlook = claim_outlook(purchase, side.parcels, side.terms, options_, reason, now_);
    if (!outlook.closes_at || outlook.state == ClaimState::granted) return;
    const auto paid = time_of(sale.paid) ? time_of(sale.paid) : time_of(sale.created);
    auto& kept = days_[{purchase.system, seller}];
    if (!delivered && paid) kept.to_claim.push_back(days_between(*paid, *outlook.closes_at));
    if (delivered) kept.to_complain.push_back(days_between(*delivered, *outlook.closes_at));
    const Entitlement customer(
        {.reason = reason,
         .placed = time_of(sale.created),
         .paid = time_of(sale.paid),
         .delivered = delivered,
         .delivered_estimated = facts.is_estimate(Moment::delivered_all),
         .goods_there = delivered.has_value(),
         .all_refunded = sale.refunded && sale.total &&
                         sale.refunded->value.currency() == sale.total->value.currency() &&
                         sale.refunded->value >= sale.total->value,
         .promise = promise_},
        law);
    if (outlook.amount && outlook.amount->is_zero()) return;  // nothing of it is open
    const auto from = std::max(*outlook.closes_at, now_);
    const auto due = customer.at(from);
    if (due.what == Due::What::nothing) return;
    rows_.push_back({.sale_system = sale.system,
                     .sale_reference = sale.reference,
                     .system = purchase.system,
                     .reference = purchase.reference,
                     .seller = seller,
                     .reason = reason,
                     .cover_ends = *outlook.closes_at,
                     .is_over = now_ >= *outlook.closes_at,
                     .estimated = outlook.estimated,
                     .due_until = customer.end(from, *outlook.closes_at + looked_ahead),
                     .basis = due.basis.empty() ? std::string() : due.basis.front(),
                     .uncovered = outlook.amount});
}

std::vector<GapRow> TwoPromiseGap::rows() const {
    auto found = rows_;
    std::ranges::sort(found, [](const GapRow& a, const GapRow& b) {
        const auto place = [](const GapRow& row) {
            return std::tuple(!row.is_over, row.cover_ends, std::string_view(row.reference),
                              std::string_view(row.sale_reference), row.reason);
        };
        return place(a) < place(b);
    });
    return found;
}

std::vector<GapSupplier> TwoPromiseGap::suppliers() const {
    std::map<Supplier, GapSupplier> found;
    for (const auto& [name, kept] : days_) {
        auto& one = found[name];
        one.delivery_days = suggested(kept.to_claim);
        one.complaint_days = suggested(kept.to_complain);
        one.sample = kept.to_claim.size() + kept.to_complain.size();
    }
    // A purchase that serves several sales is lost once.
    std::set<std::tuple<std::string, std::string, Reason>> counted;
    for (const auto& row : rows_) {
        if (!counted.insert({row.system, row.reference, row.reason}).second) continue;
        auto& one = found[{row.system, row.seller}];
        if (!row.uncovered)
            ++one.without_sum;
        else
            (row.is_over ? one.over : one.coming)[row.uncovered->currency()].add(*row.uncovered);
    }
    std::vector<GapSupplier> suppliers;
    for (auto& [name, one] : found) {
        std::tie(one.system, one.seller) = name;
        suppliers.push_back(std::move(one));
    }
    std::ranges::stable_sort(suppliers, std::ranges::greater{}, [](const GapSupplier& one) {
        std::int64_t most = 0;
        for (const auto& [currency, sum] : one.over) most = std::max(most, sum.minor);
        for (const auto& [currency, sum] : one.coming) most = std::max(most, sum.minor);
        return most;
    });
    return suppliers;
}

}  // namespace holdfast::desk
