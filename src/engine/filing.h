// The filing budget over a whole store: each account at each platform with its orders, the claims
// that were filed, and those that are open.
#pragma once

#include "desk/budget.h"
#include "engine/desk_view.h"
#include "store/store.h"

#include <vector>

namespace holdfast::engine {

// A claim counts as filed when its dispute was opened, or when somebody said so of the row. Sums
// are in the currency of the desk, by today's rates. Accounts that lose most first.
std::vector<desk::FilingPlan> filing_plans(DeskView& view, const desk::FilingRule& rule);

}  // namespace holdfast::engine
