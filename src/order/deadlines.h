// What happens by itself, and when.
//
// Deadlines are derived, never stored: defaults of the terms, and instants that an event told
// (an offer's expiry, the end of a sleeping settlement, due dates of evidence, an authorisation's
// end). A legal instant is when a default takes effect; it is carried out at legal + grace.
//
// Where money is held here, a default takes effect no earlier than the sight of its anchor plus
// the terms' notice: a scan that is told late kills no right silently. Nor before the state that it
// waits for began.
#pragma once

#include "order/event.h"
#include "order/rules.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::order {

class Draft;

struct Due {
    enum class Kind : std::uint8_t { clause, offer, settlement, evidence, authorisation };
    Kind kind = Kind::clause;
    Instant legal_at{};
    std::int32_t clause = -1;  // of Terms::clauses, for Kind::clause
    std::optional<DisputeNo> dispute = {};
    OfferNo offer = {};  // for Kind::offer
    bool operator==(const Due&) const = default;
};

// All that is ahead, soonest first; ties in the order of the clauses.
std::vector<Due> deadlines(const Order& order, const Rules& rules);
std::optional<Due> next_deadline(const Order& order, const Rules& rules);

// What silence brings first to this dispute, or, without one, to the order itself; nullptr:
// nothing. What merely runs out, such as the time to give evidence, is told where no clause is
// ahead.
const Due* next_of(std::span<const Due> ahead, std::optional<DisputeNo> dispute);

// What time alone has done up to `now`: one change per default, in order of their legal instants.
// `outages` is the service's table of down times; what of them fell into this order's life is given
// back first. Applying the changes gives an order that is caught up.
std::vector<Events> catch_up(const Order& order, const Rules& rules, Instant now,
                             std::span<const terms::Outage> outages = {});
// The same for a caller that keeps `ahead`, which is deadlines(order, rules) and is made that of
// the order after the changes.
std::vector<Events> catch_up(const Order& order, const Rules& rules, Instant now,
                             std::span<const terms::Outage> outages, std::vector<Due>& ahead);

// Whom to tell of what will strike against them, and when: of the deadlines ahead the first that
// somebody loses by and was not told of. It is derived like they are, so whoever acts in time is
// not told. None where Rules::remind_before is zero.
struct Reminder {
    Instant at{};
    Reminded event;
};
std::optional<Reminder> next_reminder(const Order& order, const Rules& rules,
                                      std::span<const Due> ahead);

// The reminder that is due at `now`, as an event; the order is caught up and `ahead` its
// deadlines(). Nothing: none is.
Events remind(const Order& order, const Rules& rules, Instant now, std::span<const Due> ahead);

// A default `at` dispute.opened itself gives a dispute no time at all: it strikes with the opening.
// Nobody's window is cut short by that, so no grace is waited for.
void strike_at_once(Draft& draft, DisputeNo dispute);

// Will a default of the terms end the state that this dispute is in?
bool has_default(const Order& order, const Rules& rules, DisputeNo dispute);

}  // namespace holdfast::order
