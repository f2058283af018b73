#include "ledger/exposure.h"

#include "base/verify.h"
#include "order/money.h"

#include <algorithm>
#include <utility>

namespace holdfast::ledger {
namespace {

using order::DisputeNo;
using order::DisputePhase;
using order::Order;
using order::Remedy;
using order::Settlement;

// What one settlement comes to.
struct Cost {
    Minor money = 0, credit = 0;
    bool replaces = false;
};

// Of at most `all`; without an amount, all.
Cost cost_of(const Settlement& settlement, Minor all) {
    if (!settlement.remedy) return {};
    const auto part = settlement.amount > 0 ? std::min(settlement.amount, all) : all;
    switch (*settlement.remedy) {
    case Remedy::full_refund:                   return {.money = all};
    case Remedy::partial_refund_keep:
    case Remedy::return_for_full_refund:
    case Remedy::cancel_undelivered_part:
    case Remedy::cancel_whole_return_delivered: return {.money = part};
    case Remedy::refund_with_replacement:       return {.money = part, .replaces = true};
    case Remedy::replacement:                   return {.replaces = true};
    case Remedy::credit:
    case Remedy::coupon:                        return {.credit = settlement.amount};
    case Remedy::count_:                        break;
    }
    VERIFY(!"a Remedy outside its list");
}

Cost larger(const Cost& a, const Cost& b) {
    return {.money = std::max(a.money, b.money),
            .credit = std::max(a.credit, b.credit),
            .replaces = a.replaces || b.replaces};
}

Cost largest_offer(const Order& order, DisputeNo no, Minor all) {
    Cost largest;
    const auto& sleeping = order.dispute(no).sleeping;
    for (std::size_t i = 0; i < order.offers.size(); ++i) {
        const auto& offer = order.offers[i];
        const bool sleeps = sleeping && sleeping->value == i + 1;
        if (offer.dispute != no || (offer.state != order::OfferState::open && !sleeps)) continue;
        largest = larger(largest,
                         larger(cost_of(offer.plan.then, all), cost_of(offer.plan.otherwise, all)));
    }
    return largest;
}

bool is_sent_again(const Order& order, DisputeNo no) {
    return std::ranges::any_of(
        order.shipments, [&](const order::Shipment& shipment) { return shipment.replaces == no; });
}

DisputeExposure exposure_of(const Order& order, DisputeNo no) {
    const auto& dispute = order.dispute(no);
    const auto all = order::refundable(order, dispute.lines);
    const bool replacing = dispute.phase == DisputePhase::replacing;
    const bool is_decided = dispute.verdict && dispute.is_quarrel();
    const auto offer = dispute.is_quarrel() ? largest_offer(order, no, all) : Cost{};
    const auto verdict = is_decided ? cost_of(dispute.verdict->settlement, all) : Cost{};
    const auto both = larger(offer, verdict);

    DisputeExposure one{.dispute = no, .offered = offer.money, .decided = verdict.money};
    if (dispute.is_quarrel()) one.requested = std::min(dispute.requested, all);
    if (dispute.phase == DisputePhase::returning)
        one.returning = std::min(dispute.back->amount, all);
    // A replacement that never comes ends in money.
    one.at_most =
        replacing ? all : std::max({one.requested, one.offered, one.decided, one.returning});
    one.credit = both.credit;
    if ((replacing && !is_sent_again(order, no)) || both.replaces)
        one.replacement = order::goods_of(order, dispute.lines);
    return one;
}

// Commission that falls away when the seller's gross goes from one sum to a smaller one.
Minor fees_between(const Order& order, Minor before, Minor after) {
    if (order.terms_of_sale.custody != order::Custody::held) return 0;
    return order::commission_on(order, before) - order::commission_on(order, after);
}

// Money that went back or would: held first, then what was released, then the guarantee's. What is
// held would have been the seller's, but for the commission.
Bearers bearers_of(const Order& order, Minor amount, const Caps& caps) {
    if (caps.guarantee_pays) return {.guarantee = amount};
    const auto sellers = order.money.held + order.money.gross;
    const auto by_seller = std::min(amount, sellers);
    const auto fees = fees_between(order, sellers, sellers - by_seller);
    return {.seller = by_seller - fees, .fees = fees, .guarantee = amount - by_seller};
}

Bearers borne_by(const Order& order) {
    const auto& money = order.money;
    const auto fees = fees_between(order, money.captured, money.held + money.gross);
    const auto all = money.refunded + money.compensated + money.charged_back;
    return {.seller = all - money.advanced_by_guarantee - fees,
            .fees = fees,
            .guarantee = money.advanced_by_guarantee};
}

// Of instructions repeated because they had failed, those that succeeded after all, and so did one
// that took their place.
Minor left_twice(const Order& order) {
    Minor sum = 0;
    for (const auto& first : order.instructions) {
        if (first.state != order::InstructionState::succeeded) continue;
        for (auto again = first.again; again;) {
            const auto& next = order.instructions.at(order::index_of(*again));
            if (next.state == order::InstructionState::succeeded) {
                sum += first.amount;
                break;
            }
            again = next.again;
        }
    }
    return sum;
}

void add_past(Exposure& exposure, const Order& order) {
    const auto& money = order.money;
    exposure.captured = money.captured;
    exposure.refunded = money.refunded;
    exposure.compensated = money.compensated;
    exposure.charged_back = money.charged_back;
    exposure.twice = left_twice(order);
    exposure.borne = borne_by(order);
    for (const auto& shipment : order.shipments)
        if (shipment.replaces) exposure.replaced += order::goods_of(order, shipment.lines);
    for (const auto& one : order.chargebacks)
        if (one.state == order::ChargebackState::open ||
            one.state == order::ChargebackState::answered)
            exposure.chargebacks_open += one.amount;
}

}  // namespace

Exposure exposure_of(const Order& order, const Caps& caps) {
    Exposure exposure;
    add_past(exposure, order);
    exposure.refundable = order::refundable(order);
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        if (order.disputes[i].is_closed()) continue;
        const auto& one =
            exposure.disputes.emplace_back(exposure_of(order, order::nth<DisputeNo>(i)));
        exposure.open += one.at_most;
        exposure.credit += one.credit;
        exposure.replacement += one.replacement;
    }
    exposure.open = std::min(exposure.open, exposure.refundable);
    exposure.would_bear = bearers_of(order, exposure.open, caps);
    if (caps.compensation)
        exposure.compensation_left =
            std::max<Minor>(0, *caps.compensation - order.money.compensated);
    exposure.at_most = exposure.open + exposure.replacement +
                       std::max(exposure.credit, exposure.compensation_left.value_or(0));
    return exposure;
}

Minor from_released(const Order& order, const Caps& caps) {
    if (caps.guarantee_pays || order.terms_of_sale.custody != order::Custody::held) return 0;
    const auto& money = order.money;
    const auto beyond_held = std::max<Minor>(0, exposure_of(order, caps).open - money.held);
    const auto gross = std::min(beyond_held, money.gross);
    return gross - fees_between(order, money.gross, money.gross - gross);
}

Cover cover_of(const PartyBook& book, Currency currency, Minor to_take) {
    VERIFY(to_take >= 0);
    Cover cover{.owed = to_take - book.of(Account::debt, currency)};
    auto left = cover.owed;
    const auto use = [&](Account account) {
        const auto used = std::min(left, book.of(account, currency));
        left -= used;
        return used;
    };
    cover.payable = use(Account::payable);
    cover.reserve = use(Account::reserve);
    if (book.deposit_covers_debt) cover.deposit = use(Account::deposit);
    cover.uncovered = left;
    return cover;
}

}  // namespace holdfast::ledger
