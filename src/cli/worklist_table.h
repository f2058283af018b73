// The worklist as a table: word, order, money, clause, countdown, next step.
#pragma once

#include "cli/shell.h"
#include "desk/worklist.h"

#include <span>

namespace holdfast::cli {

void print_worklist(Shell& shell, std::span<const desk::WorkItem> items);

// One item in sentences: why, next step, estimates and doubts.
void print_item(Shell& shell, const desk::WorkItem& item);

}  // namespace holdfast::cli
