// What is wrong with terms that load all the same, and whether a seller's file only betters.
#pragma once

#include "terms/load.h"
#include "terms/terms.h"

#include <string_view>
#include <vector>

namespace holdfast::terms {

// Clauses without a sentence, source, date or grade; sources that no clause names; moments and
// tables that nothing uses; clauses that can never say yes because their window is always empty.
std::vector<LoadError> lint(const Terms& terms, std::string_view file);

// A seller's own terms may give a buyer more, never less, than those of the operator they extend.
// Each way in which `seller` takes something away: a buyer's right dropped, opened later, closed
// sooner, allowed less often, under more conditions or with fewer remedies; a new bar on a buyer's
// verb; a default or award changed in any way that is not plainly the buyer's gain.
std::vector<LoadError> find_worse(const Terms& platform, const Terms& seller,
                                  std::string_view file);

}  // namespace holdfast::terms
