// What one order says of how its buyer and its seller behaved, and the figures that many orders
// make.
//
// Each figure counts an order once, however much happened in it. What was undone later (a claim
// withdrawn, a verdict reversed on appeal, a chargeback won) stays among the causes, with what
// undid it, and counts no more. A default strikes a seller only where it waited for them.
#pragma once

#include "order/event.h"
#include "terms/terms.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::order {

enum class Figure : std::uint8_t {
    buyer_orders,
    buyer_claims,     // disputed or charged back; not by a change of mind
    buyer_granted,    // a claim that brought something
    buyer_lost,       // a claim that brought nothing
    buyer_withdrawn,  // a dispute taken back
    buyer_returns,    // by a change of mind
    buyer_refunds,    // money back by a dispute
    seller_orders,
    seller_disputed,
    seller_faults,   // decided against, charged back for good, or refunded because they were silent
    seller_late,     // shipped after the agreed day; of the orders that have one
    seller_lapses,   // an answer that did not come in time
    seller_refunds,  // money back, by a dispute or without
    count_
};
std::string_view to_string(Figure value);  // "buyer.claims"
bool is_of_buyer(Figure figure);

enum class Because : std::uint8_t {
    placed,
    disputed,
    charged_back,
    returned,
    decided,
    agreed,
    closed,
    silent,
    not_shipped,
    shipped_late,
    refunded,
    withdrawn,
    count_
};
std::string_view to_string(Because value);

enum class UndoneBy : std::uint8_t {
    withdrawal,
    appeal,
    new_decision,
    chargeback_won,
    return_not_sent,
    new_reason,
    count_
};
std::string_view to_string(UndoneBy value);

struct Undone {
    std::uint64_t seq = 0;  // of the event that undid it
    Instant at{};
    UndoneBy by = UndoneBy::withdrawal;
    bool operator==(const Undone&) const = default;
};

struct Cause {
    Figure figure = Figure::buyer_orders;
    Because because = Because::placed;
    std::uint64_t seq = 0;  // of the event that made it
    Instant at{};
    std::optional<DisputeNo> dispute = {};
    std::optional<ChargebackNo> chargeback = {};
    std::optional<Reason> reason = {};  // of the dispute, as it stands
    Minor amount = 0;                   // of a refund
    std::optional<Undone> undone = {};
    bool operator==(const Cause&) const = default;
};

struct Conduct {
    PartyId buyer, seller;
    Currency currency = Currency::eur;
    Instant placed_at{};
    bool has_ship_by = false;
    std::vector<Cause> causes = {};  // as they came
    bool operator==(const Conduct&) const = default;

    bool counts(Figure figure) const;
};

// `events` is the order's life from its placing; `terms` those it is pinned to.
Conduct conduct_of(std::span<const Recorded> events, const terms::Terms& terms);

// One figure over many orders. An order with two reasons counts once for each of them.
struct Tally {
    std::int64_t count = 0, of = 0;
    std::array<std::int64_t, terms::count_of<Reason>> by_reason{};
    std::map<Currency, Minor> amounts = {};
    bool operator==(const Tally&) const = default;

    std::optional<std::int64_t> rate() const;  // in basis points, rounded down; of none: none
};
Tally tally(std::span<const Conduct> orders, Figure figure);

// What `asked` terms ask of a party, over its orders as this side. A rate over no orders is not
// known.
std::vector<std::pair<terms::Number, std::int64_t>> figures_of(std::span<const Conduct> orders,
                                                               const terms::NumberSet& asked,
                                                               bool of_buyer);
bool asks_of(const terms::NumberSet& asked, bool of_buyer);  // does it ask anything of this side?

}  // namespace holdfast::order
