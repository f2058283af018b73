// What is wrong with terms that load all the same, and whether a seller's file only betters.
#pragma once

#include "terms/load.h"
#include "terms/terms.h"

#include <span>
#include <string_view>
#include <vector>

namespace holdfast::terms {

// Clauses without a sentence, source, date or grade, items of a checklist without a sentence or
// source; sources that nothing names; moments and tables that nothing uses; clauses that can never
// say yes because their window is always empty; defaults that never strike where nobody proves that
// a party was told.
std::vector<LoadError> lint(const Terms& terms, std::string_view file);

// Items of a checklist that can never apply: of a programme that is not among `all`, for reasons
// that no dispute under it can have, or under conditions of which one denies another.
std::vector<LoadError> find_idle(const Terms& checklist, std::span<const Terms* const> all,
                                 std::string_view file);

// A seller's own terms may give a buyer more, never less, than those of the operator they extend.
// Each way in which `seller` takes something away: a buyer's right dropped, opened later, closed
// sooner, allowed less often, under more conditions or with fewer remedies; a new bar on a buyer's
// verb; a default or award changed in any way that is not plainly the buyer's gain.
std::vector<LoadError> find_worse(const Terms& platform, const Terms& seller,
                                  std::string_view file);

}  // namespace holdfast::terms
