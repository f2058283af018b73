#include "desk/complaint.h"

#include "desk/customer_dispute.h"
#include "desk/end_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Moment;
using terms::Reason;

Day utc_day(Instant at) {
    return Day{std::chrono::floor<std::chrono::days>(at).time_since_epoch()};
}

std::optional<Instant> instant(const FactsOfPurchase& facts, Moment moment) {
    const auto when = facts.facts.at(moment);
    return when.is_instant() ? std::optional(when.instant()) : std::nullopt;
}

template <class AnyOrder>
Day day_paid(const AnyOrder& order, Instant now) {
    return utc_day(time_of(order.paid).value_or(time_of(order.created).value_or(now)));
}

// A fault is told by somebody who has the goods, and whoever misses them has none. Late goods may
// be either.
bool has_goods(Reason reason, bool all_delivered) {
    switch (reason) {
    case Reason::not_received:     return false;
    case Reason::late:
    case Reason::change_of_mind:   return all_delivered;
    case Reason::not_as_described:
    case Reason::damaged:
    case Reason::wrong_item:
    case Reason::missing_parts:
    case Reason::counterfeit:
    case Reason::refund_overdue:
    case Reason::count_:           return true;
    }
    return true;
}

class ComplaintBuilder {
public:
    ComplaintBuilder(const Sale& sale, std::span<const PurchaseSide> purchases, Reason reason,
                     const DeskOptions& options, Instant now)
        : sale_(sale),
          purchases_(purchases),
          options_(options),
          now_(now),
          view_{.complaint = {.reason = reason, .paid = {sale.total->value, day_paid(sale, now)}},
                .due = {.reason = reason,
                        .placed = time_of(sale.created),
                        .paid = time_of(sale.paid)},
                .claims = {},
                .doubts = {}} {}

    ComplaintView build(std::span<const Movement> movements) {
        if (sale_.refunded && sale_.refunded->value.is_positive())
            view_.complaint.refunded =
                Dated{sale_.refunded->value, utc_day(sale_.refunded->origin.seen_at)};
        look_at_money(movements);
        for (const auto& one : purchases_) add(one);
        if (view_.complaint.supplies.size() > 1 &&
            std::ranges::all_of(view_.complaint.supplies, &Supply::concerned))
            view_.doubts.push_back("the complaint is taken to be about all " +
                                   std::to_string(view_.complaint.supplies.size()) +
                                   " purchases of the sale");
        find_delivery();
        const auto& refunded = view_.complaint.refunded;
        view_.due.all_refunded = refunded && refunded->amount >= sale_.total->value;
        if (sale_.cancelled) view_.doubts.emplace_back("the sale is shown as cancelled");
        return std::move(view_);
    }

private:
    // The store may have counted these or not: the greater of the two sums is what cannot be paid
    // once more.
    void look_at_money(std::span<const Movement> movements) {
        const auto currency = sale_.total->value.currency();
        Money by_processors = Money::zero(currency), by_marketplaces = Money::zero(currency);
        Instant last{};
        for (const auto& one : movements) {
            if (one.test && one.test->value) continue;
            if (is_running_dispute(one))
                view_.doubts.push_back("what is paid beside it may be paid twice: " +
                                       sentence_of(one));
            if (!has_gone_back(one)) continue;
            if (one.amount->value.currency() != currency) {
                view_.doubts.push_back("not counted, being of another currency: " +
                                       sentence_of(one));
                continue;
            }
            auto& sum = is_by_marketplace(one) ? by_marketplaces : by_processors;
            sum = sum + one.amount->value;
            last = std::max(last, one.amount->origin.seen_at);
        }
        const auto back = std::max(by_processors, by_marketplaces);
        auto& refunded = view_.complaint.refunded;
        const auto told = refunded ? refunded->amount : Money::zero(currency);
        if (back <= told) return;
        refunded = Dated{back, utc_day(last)};
        view_.doubts.push_back("processors tell of " + to_string(back) +
                               " that went back or is on its way, the store of " + to_string(told) +
                               ": the greater sum counts");
    }

    // What a marketplace's case came to may also be told as the refund that it led to.
    static bool is_by_marketplace(const Movement& one) {
        return one.kind->value == MovementSeen::Kind::inquiry ||
               one.kind->value == MovementSeen::Kind::return_of_goods;
    }

    // A refund that was made or is under way, or a dispute that the customer was paid for.
    static bool has_gone_back(const Movement& one) {
        using State = MovementSeen::State;
        if (!one.kind || !one.amount || !one.state) return false;
        const auto state = one.state->value;
        if (one.kind->value == MovementSeen::Kind::refund)
            return state == State::made || state == State::pending;
        return is_dispute(one) && state == State::made;
    }

    void add(const PurchaseSide& side) {
        const auto& purchase = side.purchase;
        auto claim = claim_outlook(purchase, side.parcels, side.terms, options_,
                                   view_.complaint.reason, now_);
        if (!side.concerned) claim = not_concerned();
        Supply supply{.name = purchase.system + ' ' + purchase.reference,
                      .claim = claim.state,
                      .claim_why = claim.why,
                      .concerned = side.concerned};
        if (purchase.total) supply.cost = Dated{purchase.total->value, day_paid(purchase, now_)};
        if (purchase.refunded && purchase.refunded->value.is_positive())
            supply.received =
                Dated{purchase.refunded->value, utc_day(purchase.refunded->origin.seen_at)};
        if (claim.amount) supply.claimable = Dated{*claim.amount, utc_day(now_)};
        if (side.sales > 1)
            view_.doubts.push_back(supply.name + " serves " + std::to_string(side.sales) +
                                   " sales and is counted here in full");
        if (claim.estimated && claim.state == ClaimState::open)
            view_.doubts.push_back("whether " + supply.name +
                                   " can be claimed rests on an estimated date");
        view_.complaint.supplies.push_back(std::move(supply));
        view_.claims.push_back(std::move(claim));
        if (!side.concerned) return;
        if (side.terms)
            look_at(side);
        else
            all_delivered_ = false;
    }

    static ClaimOutlook not_concerned() {
        ClaimOutlook none;
        none.why = "the complaint is not about it";
        return none;
    }

    void look_at(const PurchaseSide& side) {
        const auto facts = facts_of(side.purchase, side.parcels, options_, now_, *side.terms);
        const auto delivered = instant(facts, Moment::delivered_all);
        delivery_estimated_ = delivery_estimated_ || facts.is_estimate(Moment::delivered_all);
        if (delivered)
            delivered_ = std::max(delivered_.value_or(*delivered), *delivered);
        else
            all_delivered_ = false;
        if (facts.delivery_scan && view_.complaint.reason == Reason::not_received)
            view_.doubts.emplace_back(
                "a delivery scan exists: ask the customer to look once more before anything is "
                "paid");
        if (!is_under_way(side.purchase, facts)) return;
        view_.complaint.under_way = true;
        const auto promised = instant(facts, Moment::promised_by);
        if (!promised || *promised <= now_) return;
        auto& until = view_.complaint.wait_until;
        until = std::max(until.value_or(*promised), *promised);
    }

    void find_delivery() {
        const bool all = all_delivered_ && !purchases_.empty();
        const bool there = has_goods(view_.complaint.reason, all);
        view_.complaint.goods_there = there;
        view_.due.goods_there = there;
        if (all) view_.due.delivered = delivered_;
        view_.due.delivered_estimated = delivery_estimated_;
        if (there) view_.complaint.under_way = false;
    }

    const Sale& sale_;
    std::span<const PurchaseSide> purchases_;
    const DeskOptions& options_;
    Instant now_;
    ComplaintView view_;
    std::optional<Instant> delivered_;
    bool all_delivered_ = true;
    bool delivery_estimated_ = false;
};

}  // namespace

bool is_under_way(const Purchase& purchase, const FactsOfPurchase& facts) {
    constexpr std::array<std::string_view, 4> over = {"returned_to_sender", "lost_in_transit",
                                                      "damaged", "refused_by_recipient"};
    const auto word = facts.facts.word(terms::Attribute::tracking);
    return !is_known_unpaid(purchase) && !facts.facts.at(Moment::delivered_all).known() &&
           !facts.facts.at(Moment::cancelled).known() &&
           std::ranges::find(over, word.view()) == over.end();
}

std::expected<ComplaintView, std::string> complaint_of(const Sale& sale,
                                                       std::span<const PurchaseSide> purchases,
                                                       Reason reason, const DeskOptions& options,
                                                       Instant now,
                                                       std::span<const Movement> movements) {
    if (!sale.total)
        return std::unexpected(sale.reference + ": no source says what the customer paid");
    if (sale.refunded && sale.refunded->value.currency() != sale.total->value.currency())
        return std::unexpected(
            sale.reference + ": sold for " + to_string(sale.total->value) + ", refunded " +
            to_string(sale.refunded->value) +
            ": two currencies, and no rate is certain to be the one that counted");
    return ComplaintBuilder(sale, purchases, reason, options, now).build(movements);
}

}  // namespace holdfast::desk
