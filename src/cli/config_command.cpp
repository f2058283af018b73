// holdfast config print: each setting, its value and where it came from.

#include "cli/commands.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

Exit print(Shell& shell) {
    const auto& settings = shell.config().settings;
    if (shell.json) {
        boost::json::array rows;
        for (const auto& one : settings)
            rows.push_back({{"key", one.key}, {"value", one.value}, {"origin", one.origin}});
        shell.out << boost::json::serialize(rows) << '\n';
        return Exit::ok;
    }
    Table table({{.name = "key"}, {.name = "value"}, {.name = "from"}});
    for (const auto& one : settings)
        table.add({one.key, one.value.empty() ? "(none)" : one.value, one.origin});
    shell.out << table.draw(shell.width, shell.colour);
    return Exit::ok;
}

}  // namespace

void add_config(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("config", "The settings and where each came from");
    command->require_subcommand(1);
    command->add_subcommand("print", "Each setting, its value and its origin")->callback([&run] {
        run = print;
    });
}

}  // namespace holdfast::cli
