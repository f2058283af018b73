// The checks that requests share, in the order of the list of refusals; inside this folder only.
#pragma once

#include "order/command.h"
#include "order/draft.h"
#include "order/facts.h"
#include "order/refusal.h"
#include "order/wish.h"
#include "terms/ask.h"

#include <expected>
#include <optional>

namespace holdfast::order {

using Check = std::expected<void, Refusal>;

inline std::unexpected<Refusal> no(RefusalCode code) { return std::unexpected(Refusal{code}); }
std::unexpected<Refusal> exceeds(Minor limit);

// One request on its way: the draft it fills, and when it was received (windows are judged by it).
struct Asked {
    Draft& draft;
    Party by;
    Instant received_at;
    terms::Answer* granted = nullptr;  // if somebody wants to know: the terms' last yes

    const Order& order() const { return draft.order(); }
};

Check need_role(const Asked& asked, std::initializer_list<Party> roles);
Check need_running(const Asked& asked);  // not completed, not cancelled
Check need_dispute(const Asked& asked, DisputeNo dispute);
Check need_quarrel(const Asked& asked, DisputeNo dispute);      // not settled, not closed
Check need_negotiation(const Asked& asked, DisputeNo dispute);  // negotiating or escalated

// `lines`, or all where none is named; each known, once, and no more than was ordered.
std::expected<Lines, Refusal> need_lines(const Order& order, const Lines& lines);

// The terms' yes with its clause, or the refusal that says no. Where no right of the file speaks of
// the verb, acts that belong to a party by nature (an offer, an answer) are that party's, unless
// a limit bars them; claims need a right.
std::expected<terms::Answer, Refusal> need_right(const Asked& asked, const Wish& wish);
// What may still be given beyond what was paid; nothing where the terms do not speak of it.
Minor compensation_left(const Asked& asked, std::optional<DisputeNo> dispute);

// The most that `settlement` of this dispute may bring: a credit is a compensation, all else a
// refund.
Minor most_of(const Asked& asked, DisputeNo dispute, const Settlement& settlement);

// A part, a credit and a coupon need a sum of their own.
bool is_sum(const Settlement& settlement);
// The settlement, which is_sum(), with the sum that it comes to; whether that can be is not looked
// at. A full refund is of all that the dispute's goods can still bring, whatever it says; without a
// sum, so is one that the goods come back for. A replacement is of goods alone.
Settlement with_sum(const Asked& asked, DisputeNo dispute, Settlement settlement);

bool speaks_of(const Rules& rules, terms::Verb verb);

}  // namespace holdfast::order
