// Plays a scenario under terms: the order's own functions, step by step, and what came of each.
//
// Before every step the order is caught up, so what time alone did stands as turns of its own.
// Nothing here decides: order::decide, observe, catch_up and evolve do, and the ledger's accounts
// are held against the order's own money after every change.
#pragma once

#include "formats/scenario.h"
#include "ledger/account.h"
#include "order/deadlines.h"
#include "order/decide.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::cli {

// Where the order stands after a turn.
struct Standing {
    order::Money money;
    std::optional<ledger::Balances> balances;  // none: no order yet
    std::optional<order::Due> next;
    order::Minor exposure = 0;  // the most that this order may still cost
    bool operator==(const Standing&) const = default;
};

struct Mismatch {
    std::size_t line = 0;
    std::string text;  // the line
    std::string expected, found;
};

// One change, or one refusal, or a step that changed nothing.
struct Turn {
    const formats::Step* step = nullptr;  // none: time alone did it
    Instant at{};
    order::Events events;
    std::optional<order::Refusal> refusal;
    Standing after;
};

struct Played {
    std::vector<Turn> turns;
    std::vector<Mismatch> mismatches;
    std::size_t expectations = 0;  // compared
    Currency currency = Currency::eur;
};

struct PlayOptions {
    std::optional<Instant> until = {};  // let time pass to then, and stop
    bool check = true;
};

// `scenario` outlives what is given back.
Played play(const formats::Scenario& scenario, const order::Rules& rules,
            const PlayOptions& options);

}  // namespace holdfast::cli
