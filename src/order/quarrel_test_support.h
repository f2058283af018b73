// An order of little terms that is shipped, and one that is disputed on its sixth day.
#pragma once

#include "order/test_support.h"

#include <utility>

namespace holdfast::order::test {

inline constexpr DisputeNo first{1};
inline constexpr DisputeNo second{2};
inline const Instant day6 = noon + days{6};

// Buyers may dispute, and nothing else is said.
inline const terms::Terms& opening() {
    static const auto made = little(right("O", "buyer", "open_dispute"));
    return made;
}

inline Life shipped(const terms::Terms& terms = opening(), Placement placement = lamps()) {
    Life life(terms, std::move(placement));
    life.paid().shipped();
    return life;
}
inline Life disputed(const terms::Terms& terms = opening(), OpenDispute open = {}) {
    auto life = shipped(terms);
    REQUIRE(life.ask(Party::buyer, day6, std::move(open)).has_value());
    return life;
}

}  // namespace holdfast::order::test
