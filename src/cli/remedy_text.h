// How remedies look: a table with the reasons under each row, every term of the sums, JSON.
#pragma once

#include "cli/shell.h"
#include "desk/sale.h"
#include "engine/desk_remedies.h"

#include <string>
#include <vector>

namespace holdfast::cli {

// What one call of `holdfast remedy` found.
struct RemedyReport {
    const desk::Sale& sale;
    const engine::RemedyFound& found;
    std::vector<std::string> texts = {};  // claim texts and messages, where asked for
    bool details = false;                 // every term of every sum
};

void print_remedies(Shell& shell, const RemedyReport& report);
void print_remedies_json(Shell& shell, const RemedyReport& report);

}  // namespace holdfast::cli
