#include "terms/outage.h"

#include <algorithm>

namespace holdfast::terms {

std::optional<Instant> window_start(const Context& context, const Clause& clause, Instant bound) {
    if (const auto opens = bound_of(context, clause.opens)) return opens;
    MomentSet moments;
    moments_in(context.terms, clause.kind == Kind::fallback ? clause.at : clause.closes, moments);
    std::optional<Instant> start;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        if (!moments[i]) continue;
        const auto at = bound_of(context, context.facts.at(static_cast<Moment>(i)));
        if (at && *at < bound && (!start || *at > *start)) start = at;
    }
    return start ? start : bound_of(context, context.facts.at(Moment::placed));
}

Instant give_back(const Context& context, const Clause& clause, Instant bound) {
    if (context.facts.outages().empty()) return bound;
    const auto start = window_start(context, clause, bound).value_or(Instant::min());
    for (const auto& outage : context.facts.outages()) {
        if (outage.from >= bound) break;
        const auto eaten = std::min(outage.until, bound) - std::max(outage.from, start);
        if (eaten <= Duration{0}) continue;
        bound = std::max(bound, outage.until) + eaten;
    }
    return bound;
}

bool ate_from(const Outage& outage, std::optional<Instant> start, Instant given) {
    return outage.from < given && (!start || outage.until > *start);
}

}  // namespace holdfast::terms
