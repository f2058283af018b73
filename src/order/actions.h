// What a party may do about an order now, until when, and what happens if nobody does anything.
//
// Every request is tried as decide() would, so that what is told cannot differ from what is
// decided. A request is tried with what is least in doubt: a sum of 1, all goods, the first remedy.
// Whether other sums or goods go through, decide() says when it is asked. Placing is not among
// them.
#pragma once

#include "order/command.h"
#include "order/deadlines.h"
#include "terms/ask.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::order {

struct Action {
    // What it is about; nothing: the order.
    using Subject =
        std::variant<std::monostate, DisputeNo, OfferNo, ShipmentNo, InstructionNo, ChargebackNo>;

    std::string_view request;           // "open_dispute"
    std::optional<Reason> reason = {};  // for which a dispute may be opened
    Subject subject = {};
    const terms::Clause* clause = nullptr;  // that gives it; none: it is the party's by nature
    std::optional<Instant> opens_at = {}, closes_at = {};  // opens after `now`: not yet
    std::optional<Due> silence = {};  // by itself, next, of the order or of this dispute
    bool operator==(const Action&) const = default;
};

// `order` is caught up to `now`, and `ahead` its deadlines(). `standing`: of the parties now, where
// the terms ask for it; disputes are opened with it.
std::vector<Action> actions(const Order& order, const Rules& rules, Party by, Instant now,
                            std::span<const Due> ahead,
                            const std::optional<Standing>& standing = {});

// What the terms, or the law, answer to one who would do something now: each verb that a clause
// gives to a party, for each reason that it names.
struct Right {
    Party by = Party::buyer;
    terms::Verb verb = terms::Verb::open_dispute;
    std::optional<Reason> reason = {};
    terms::Answer answer;
    bool is_open(const Rules& rules, Instant now) const;  // now, or later
};
std::vector<Right> rights(const Order& order, const Rules& rules, Instant now,
                          const std::optional<Standing>& standing = {});

// Is this asked with how the parties stand now?
bool is_asked_with_standing(terms::Verb verb);

// The clause of an answer under these rules, the law's or the terms'; none spoke: none.
const terms::Clause* clause_of(const Rules& rules, const terms::Answer& answer);

}  // namespace holdfast::order
