// What was chosen against what would have been best, now that it is known what came of it.
//
// A choice keeps what was shown: each way that was allowed, with its outcomes and their profits, as
// it stood then. Hindsight says which forks went which way; each way then comes to one of its own
// outcomes, and the regret is what the best of them leaves beyond the one chosen. What is not known
// yet is not guessed: a way that hangs on it is passed over, and without the chosen one there is no
// regret.
#pragma once

#include "base/instant.h"
#include "base/money.h"
#include "desk/remedy.h"
#include "terms/vocabulary.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

struct ShownOutcome {
    std::vector<Branch> when;
    std::optional<Money> profit;
    bool operator==(const ShownOutcome&) const = default;
};

struct ShownWay {
    std::string name;
    std::optional<Money> expected;
    std::vector<ShownOutcome> outcomes;
    bool operator==(const ShownWay&) const = default;
};

// Those that are allowed, in their order.
std::vector<ShownWay> shown_of(const Remedies& remedies);

struct Hindsight {
    std::optional<bool> arrived = {}, claim_granted = {}, accepted = {}, charged_back = {};
};

struct Regret {
    std::optional<Money> chosen, best;
    std::string best_way;
    std::optional<Money> sum;   // best less chosen, 0 or more
    std::size_t undecided = 0;  // ways that hang on what is not known
    bool operator==(const Regret&) const = default;
};

Regret regret_of(std::span<const ShownWay> shown, std::string_view chosen,
                 const Hindsight& hindsight);

}  // namespace holdfast::desk
