// Time that outages of the service ate from somebody's window is given back.
//
// The bound of a window (the end of a right, the strike of a default) moves later by as much of the
// window as the outages took; time inside an outage is no usable time, so a bound never stays
// there.
#pragma once

#include "terms/evaluate.h"

#include <optional>

namespace holdfast::terms {

// Where the window of `clause` that ends at `bound` begins: where the right opens; else the latest
// known moment before the bound among those that its end is computed from; else the placing of the
// order; else nothing.
std::optional<Instant> window_start(const Context& context, const Clause& clause, Instant bound);

// `bound` of a right's `closes` or a default's `at`, moved by the outages among the facts.
Instant give_back(const Context& context, const Clause& clause, Instant bound);

// Did this outage move the bound that ended up at `given`?
bool ate_from(const Outage& outage, std::optional<Instant> start, Instant given);

}  // namespace holdfast::terms
