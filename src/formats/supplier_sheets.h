// What suppliers are worth, as sheets: scorecards, the money they owe, the gap between promises,
// and which claims to file when.
#pragma once

#include "desk/budget.h"
#include "desk/gap.h"
#include "desk/recovery.h"
#include "desk/scorecard.h"
#include "formats/sheet.h"

#include <span>
#include <vector>

namespace holdfast::formats {

// A sheet of one row a supplier, and one of their money by currency.
std::vector<Sheet> scorecard_sheets(std::span<const desk::Scorecard> cards);

// What is owed, row by row; the sums of each currency; what came, by month.
std::vector<Sheet> recovery_sheets(const desk::Recovery& recovery);

// The rows of the gap; by supplier, with the terms that would close it.
std::vector<Sheet> gap_sheets(const desk::TwoPromiseGap& gap);

// The claims in their order, an account after the other; the accounts.
std::vector<Sheet> filing_sheets(std::span<const desk::FilingPlan> plans);

}  // namespace holdfast::formats
