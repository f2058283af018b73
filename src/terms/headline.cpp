#include "terms/headline.h"

namespace holdfast::terms {
std::string headline(const Clause& clause) {
    switch (clause.kind) {
    case Kind::right: {
        const auto reasons = words_of_set<Reason>(clause.reasons);
        return std::string(to_string(clause.who)) + " may " + std::string(to_string(clause.verb)) +
               (reasons.empty() ? "" : " for " + reasons);
    }
    case Kind::fallback:
        return "by itself: " + std::string(to_string(clause.action)) +
               (clause.waits_for
                    ? ", while waiting for " + std::string(to_string(*clause.waits_for))
                    : "");
    case Kind::limit: {
        auto bars = words_of_set<Verb>(clause.bars);
        const auto actions = words_of_set<Action>(clause.bars_actions);
        if (!actions.empty()) bars += (bars.empty() ? "" : ", ") + ("by itself: " + actions);
        return "bars " + bars;
    }
    case Kind::award: return "award on " + std::string(to_string(clause.topic));
    case Kind::info:  return "information";
    }
    return {};
}

}  // namespace holdfast::terms
