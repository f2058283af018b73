// What commands share that write to orders and parties: the rules, and a writer that has given back
// the time in which nothing ran.
#pragma once

#include "cli/shell.h"
#include "engine/writer.h"

namespace holdfast::cli {

engine::RulesBook rules_book(const formats::Rulebook& rules, Duration remind_before = {});

// Decides and commits one work now, as a server would. Stops where a server has the database.
engine::Answer run_work(Shell& shell, engine::Work work);

// What an answer other than done and replayed is to the caller; never returns for those.
[[noreturn]] void stop_for(const engine::Answer& answer, const std::string& what);

}  // namespace holdfast::cli
