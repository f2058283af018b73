#include "order/conduct.h"

#include "base/enum_word.h"
#include "base/verify.h"
#include "order/evolve.h"

#include <algorithm>
#include <initializer_list>
#include <variant>

namespace holdfast::order {
namespace {

using terms::Action;
using terms::Number;
using terms::Waiting;

// Whom a default waited for, as far as it is the seller.
bool waits_for_seller(const terms::Clause& clause) {
    if (!clause.waits_for) return false;
    switch (*clause.waits_for) {
    case Waiting::seller:
    case Waiting::seller_return:
    case Waiting::seller_cancel:
    case Waiting::seller_shipment:
    case Waiting::shop:
    case Waiting::seller_replacement: return true;
    case Waiting::buyer:
    case Waiting::platform:
    case Waiting::buyer_return:
    case Waiting::payment:
    case Waiting::count_:             break;
    }
    return false;
}

// Silence about a return or a cancellation says nothing of the goods.
bool is_fault(const terms::Clause& clause) {
    if (!waits_for_seller(clause) || clause.waits_for == Waiting::seller_return ||
        clause.waits_for == Waiting::seller_cancel)
        return false;
    return clause.action == Action::refund || clause.action == Action::claw_back ||
           clause.action == Action::credit || clause.action == Action::cancel_order;
}

// Walks an order's life and keeps what it says.
class Walk {
public:
    Walk(Conduct& conduct, const terms::Terms& terms) : conduct_(conduct), terms_(terms) {}

    void take(const Recorded& recorded) {
        ++seq_;
        when_ = recorded.when;
        std::visit(*this, recorded.event);
        evolve(order_, recorded);
    }

    void operator()(const Placed& event) {
        conduct_.buyer = event.placement.buyer;
        conduct_.seller = event.placement.seller;
        conduct_.currency = event.placement.currency;
        conduct_.placed_at = when_;
        conduct_.has_ship_by = event.placement.ship_by.known();
        add(Figure::buyer_orders, {.because = Because::placed});
        add(Figure::seller_orders, {.because = Because::placed});
    }
    void operator()(const Shipped& event) {
        const auto& ship_by = order_.terms_of_sale.ship_by;
        if (event.replaces || !ship_by.known()) return;
        const auto end = ship_by.is_day() ? terms_.zone->end_of(ship_by.day()) : ship_by.instant();
        if (when_ >= end) add(Figure::seller_late, {.because = Because::shipped_late});
    }

    // --- Disputes

    void operator()(const DisputeOpened& event) { add_claim(event.dispute, event.reason); }
    void operator()(const DisputeModified& event) {
        const auto before = order_.dispute(event.dispute).reason;
        if (before == event.reason) return;
        for (auto& cause : conduct_.causes)
            if (cause.dispute == event.dispute && !cause.undone) cause.reason = event.reason;
        if ((before == Reason::change_of_mind) == (event.reason == Reason::change_of_mind)) return;
        undo(event.dispute, {Figure::buyer_claims, Figure::seller_disputed, Figure::buyer_returns},
             UndoneBy::new_reason);
        add_claim(event.dispute, event.reason);
    }
    void operator()(const DisputeWithdrawn& event) {
        undo(event.dispute,
             {Figure::buyer_claims, Figure::buyer_granted, Figure::buyer_lost,
              Figure::buyer_returns, Figure::seller_disputed, Figure::seller_faults},
             UndoneBy::withdrawal);
        add(Figure::buyer_withdrawn, of_dispute(Because::withdrawn, event.dispute));
    }
    void operator()(const Decided& event) {
        const auto by = order_.dispute(event.dispute).phase == DisputePhase::appealed
                            ? UndoneBy::appeal
                            : UndoneBy::new_decision;
        const auto winner = event.verdict.winner;
        if (winner != Party::buyer)
            undo(event.dispute, {Figure::buyer_granted, Figure::seller_faults}, by);
        if (winner != Party::seller) undo(event.dispute, {Figure::buyer_lost}, by);
        if (winner == Party::buyer) {
            add(Figure::buyer_granted, of_dispute(Because::decided, event.dispute));
            add(Figure::seller_faults, of_dispute(Because::decided, event.dispute));
        }
        if (winner == Party::seller)
            add(Figure::buyer_lost, of_dispute(Because::decided, event.dispute));
    }
    void operator()(const DisputeClosed& event) {
        const bool is_granted = stands(Figure::buyer_granted, event.dispute);
        if (event.winner == Party::seller && is_granted)
            return undo(event.dispute, {Figure::buyer_granted}, UndoneBy::return_not_sent);
        if (is_granted || stands(Figure::buyer_lost, event.dispute)) return;
        const auto& dispute = order_.dispute(event.dispute);
        const bool brought = dispute.refunded > 0 || dispute.replacement_agreed;
        if (event.winner == Party::seller)
            add(Figure::buyer_lost, of_dispute(Because::closed, event.dispute));
        else if (event.winner == Party::buyer || brought)
            add(Figure::buyer_granted,
                of_dispute(dispute.accepted ? Because::agreed : Because::closed, event.dispute));
    }
    void operator()(const EvidenceLapsed& event) {
        if (event.of == Party::seller)
            add(Figure::seller_lapses, of_dispute(Because::silent, event.dispute));
    }
    void operator()(const DefaultStruck& event) {
        const auto* clause = terms_.find(event.clause.view());
        if (!clause || !waits_for_seller(*clause)) return;
        const bool ships = clause->waits_for == Waiting::seller_shipment;
        const auto because = ships ? Because::not_shipped : Because::silent;
        const auto cause =
            event.dispute ? of_dispute(because, *event.dispute) : Cause{.because = because};
        if (!ships) add(Figure::seller_lapses, cause);
        if (is_fault(*clause)) add(Figure::seller_faults, cause);
    }

    // --- Money

    void operator()(const RefundIssued& event) {
        const auto amount = event.amount - event.parts.excess;
        if (amount <= 0) return;
        auto cause = event.dispute ? of_dispute(Because::refunded, *event.dispute)
                                   : Cause{.because = Because::refunded};
        cause.amount = amount;
        if (event.dispute) add(Figure::buyer_refunds, cause);
        add(Figure::seller_refunds, cause);
    }
    void operator()(const ChargebackOpened& event) {
        const Cause cause{.because = Because::charged_back, .chargeback = event.chargeback};
        add(Figure::buyer_claims, cause);
        add(Figure::seller_disputed, cause);
    }
    void operator()(const ChargebackResolved& event) {
        if (event.state == ChargebackState::won) {
            for (auto& cause : conduct_.causes)
                if (cause.chargeback == event.chargeback && !cause.undone)
                    cause.undone = Undone{seq_, when_, UndoneBy::chargeback_won};
        } else if (event.state == ChargebackState::lost) {
            const Cause cause{.because = Because::charged_back, .chargeback = event.chargeback};
            add(Figure::buyer_granted, cause);
            add(Figure::seller_faults, cause);
        }
    }

    template <class E>
    void operator()(const E&) {}

private:
    Cause of_dispute(Because because, DisputeNo dispute) const {
        return {.because = because, .dispute = dispute, .reason = order_.dispute(dispute).reason};
    }
    void add(Figure figure, Cause cause) {
        // Said once of one dispute, unless it is money.
        if (cause.dispute && cause.amount == 0 && stands(figure, *cause.dispute)) return;
        cause.figure = figure;
        cause.seq = seq_;
        cause.at = when_;
        conduct_.causes.push_back(cause);
    }
    void add_claim(DisputeNo dispute, Reason reason) {
        Cause cause{.because = Because::disputed, .dispute = dispute, .reason = reason};
        if (reason == Reason::change_of_mind) {
            cause.because = Because::returned;
            return add(Figure::buyer_returns, cause);
        }
        add(Figure::buyer_claims, cause);
        add(Figure::seller_disputed, cause);
    }
    bool stands(Figure figure, DisputeNo dispute) const {
        return std::ranges::any_of(conduct_.causes, [&](const Cause& cause) {
            return cause.figure == figure && cause.dispute == dispute && !cause.undone;
        });
    }
    void undo(DisputeNo dispute, std::initializer_list<Figure> figures, UndoneBy by) {
        for (auto& cause : conduct_.causes)
            if (cause.dispute == dispute && !cause.undone &&
                std::ranges::find(figures, cause.figure) != figures.end())
                cause.undone = Undone{seq_, when_, by};
    }

    Conduct& conduct_;
    const terms::Terms& terms_;
    Order order_;  // before the event that is taken
    std::uint64_t seq_ = 0;
    Instant when_{};
};

Figure orders_of(Figure figure) {
    return is_of_buyer(figure) ? Figure::buyer_orders : Figure::seller_orders;
}

struct AskedFigure {
    Number number;
    Figure figure;
    bool is_rate;
};
constexpr std::array asked_figures{
    AskedFigure{Number::buyer_orders, Figure::buyer_orders, false},
    AskedFigure{Number::buyer_claims, Figure::buyer_claims, false},
    AskedFigure{Number::buyer_claim_rate, Figure::buyer_claims, true},
    AskedFigure{Number::seller_orders, Figure::seller_orders, false},
    AskedFigure{Number::seller_faults, Figure::seller_faults, false},
    AskedFigure{Number::seller_fault_rate, Figure::seller_faults, true},
};

}  // namespace

std::string_view to_string(Figure value) {
    static constexpr std::array<std::string_view, terms::count_of<Figure>> words{
        "buyer.orders",  "buyer.claims",  "buyer.granted", "buyer.lost",      "buyer.withdrawn",
        "buyer.returns", "buyer.refunds", "seller.orders", "seller.disputed", "seller.faults",
        "seller.late",   "seller.lapses", "seller.refunds"};
    return enum_word(words, value);
}

std::string_view to_string(Because value) {
    static constexpr std::array<std::string_view, terms::count_of<Because>> words{
        "placed", "disputed", "charged_back", "returned",     "decided",  "agreed",
        "closed", "silent",   "not_shipped",  "shipped_late", "refunded", "withdrawn"};
    return enum_word(words, value);
}

std::string_view to_string(UndoneBy value) {
    static constexpr std::array<std::string_view, terms::count_of<UndoneBy>> words{
        "withdrawal", "appeal", "new_decision", "chargeback_won", "return_not_sent", "new_reason"};
    return enum_word(words, value);
}

bool is_of_buyer(Figure figure) { return figure < Figure::seller_orders; }

bool Conduct::counts(Figure figure) const {
    return std::ranges::any_of(
        causes, [&](const Cause& cause) { return cause.figure == figure && !cause.undone; });
}

Conduct conduct_of(std::span<const Recorded> events, const terms::Terms& terms) {
    Conduct conduct;
    Walk walk(conduct, terms);
    for (const auto& event : events) walk.take(event);
    return conduct;
}

std::optional<std::int64_t> Tally::rate() const {
    constexpr std::int64_t whole = 10'000;
    if (of == 0) return std::nullopt;
    return count * whole / of;
}

Tally tally(std::span<const Conduct> orders, Figure figure) {
    Tally tally;
    for (const auto& order : orders) {
        if (figure == Figure::seller_late ? order.has_ship_by : order.counts(orders_of(figure)))
            ++tally.of;
        if (!order.counts(figure)) continue;
        ++tally.count;
        std::array<bool, terms::count_of<Reason>> reasons{};
        for (const auto& cause : order.causes) {
            if (cause.figure != figure || cause.undone) continue;
            if (cause.reason) reasons[terms::index_of(*cause.reason)] = true;
            if (cause.amount > 0) tally.amounts[order.currency] += cause.amount;
        }
        for (std::size_t i = 0; i < reasons.size(); ++i)
            if (reasons[i]) ++tally.by_reason[i];
    }
    return tally;
}

bool asks_of(const terms::NumberSet& asked, bool of_buyer) {
    return std::ranges::any_of(asked_figures, [&](const AskedFigure& one) {
        return asked[terms::index_of(one.number)] && is_of_buyer(one.figure) == of_buyer;
    });
}

std::vector<std::pair<Number, std::int64_t>> figures_of(std::span<const Conduct> orders,
                                                        const terms::NumberSet& asked,
                                                        bool of_buyer) {
    std::vector<std::pair<Number, std::int64_t>> figures;
    for (const auto& one : asked_figures) {
        if (!asked[terms::index_of(one.number)] || is_of_buyer(one.figure) != of_buyer) continue;
        const auto found = tally(orders, one.figure);
        const auto value = one.is_rate ? found.rate() : std::optional(found.count);
        if (value) figures.emplace_back(one.number, *value);
    }
    return figures;
}

}  // namespace holdfast::order
