// One function a command, each in a file of its own: it adds itself to the program's command line.
//
// A command runs by setting `run`; main() calls it once everything is parsed.
#pragma once

#include "cli/exit.h"
#include "cli/shell.h"

#include <functional>

namespace CLI {
class App;
}

namespace holdfast::cli {

using Run = std::function<Exit(Shell&)>;

void add_import(CLI::App& app, Run& run);
void add_scan(CLI::App& app, Run& run);
void add_morning(CLI::App& app, Run& run);
void add_audit(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_remedy(CLI::App& app, Run& run);
void add_whereis(CLI::App& app, Run& run);
void add_arrival(CLI::App& app, Run& run);
void add_suppliers(CLI::App& app, Run& run);  // scorecard, recovery, gap
void add_budget(CLI::App& app, Run& run);
void add_packet(CLI::App& app, Run& run);
void add_regret(CLI::App& app, Run& run);
void add_links(CLI::App& app, Run& run);
void add_rates(CLI::App& app, Run& run);
void add_mappings(CLI::App& app, Run& run);
void add_terms(CLI::App& app, Run& run);
void add_cases(CLI::App& app, Run& run);
void add_play(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_anchor(CLI::App& app, Run& run);
void add_outbox(CLI::App& app, Run& run);
void add_reconcile(CLI::App& app, Run& run);
void add_serve(CLI::App& app, Run& run);
void add_keys(CLI::App& app, Run& run);
void add_admin(CLI::App& app, Run& run);
void add_listen(CLI::App& app, Run& run);
void add_trigger(CLI::App& app, Run& run);
void add_clock(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_migrate(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);
void add_version(CLI::App& app, Run& run);

// The options that may stand before or behind a command: --json, --at, --database, …
void add_shared_options(CLI::App& app, Shell& shell);

}  // namespace holdfast::cli
