// What the expressions and conditions of terms come to for given facts. Nothing here allocates.
#pragma once

#include "terms/facts.h"
#include "terms/terms.h"

#include <cstdint>
#include <optional>

namespace holdfast::terms {

struct Context {
    const Terms& terms;
    const Facts& facts;
    Instant at;  // of the question
};

// `node` is a time expression; -1 or an unknown part it needs gives nothing.
When time_of(const Context& context, std::int32_t node);

// The Instant a When stands for as a bound: a Day is the instant at which it ends.
std::optional<Instant> bound_of(const Context& context, When when);
std::optional<Instant> bound_of(const Context& context, std::int32_t node);

std::optional<std::int64_t> number_of(const Context& context, std::int32_t node);

bool holds(const Context& context, const Condition& condition);

// Adds every moment of the order that a time expression mentions, through named moments too.
void moments_in(const Terms& terms, std::int32_t expression, MomentSet& into);

// Those that a clause's `at`, `opens`, `closes`, `when` and `unless` mention. What `dispute.open`,
// stages and `waits_for` are derived from is not mentioned.
MomentSet moments_of(const Terms& terms, const Clause& clause);

}  // namespace holdfast::terms
