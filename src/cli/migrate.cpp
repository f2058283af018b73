// holdfast migrate status|run: which schema a database has, and bringing it up to date.

#include "cli/commands.h"
#include "store/sqlite/inspect.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

store::SqliteFile inspect(Shell& shell) {
    const auto path = shell.database();
    if (!std::filesystem::exists(path))
        throw Stop(Exit::not_found, path.string() + ": no such database");
    auto file = store::inspect_sqlite(path.string());
    if (!file.is_store || file.schema < 1)
        throw Stop(Exit::failure, path.string() + ": is not a Holdfast store");
    return file;
}

Exit status(Shell& shell) {
    const auto file = inspect(shell);
    const auto steps = store::migration_steps(file.schema);
    const bool is_newer = file.schema > file.program_schema;
    if (shell.json) {
        json::array texts(steps.begin(), steps.end());
        shell.out << json::serialize(json::object{{"database", shell.database().string()},
                                                  {"schema", file.schema},
                                                  {"program_schema", file.program_schema},
                                                  {"needed", !steps.empty()},
                                                  {"steps", texts}})
                  << '\n';
        return is_newer ? Exit::failure : Exit::ok;
    }
    shell.out << shell.database().string() << ": schema " << file.schema << ", this program's is "
              << file.program_schema << '\n';
    for (const auto& step : steps) shell.out << "to do: " << step << '\n';
    if (is_newer)
        shell.out << "a newer Holdfast wrote it; use that version or a newer one\n";
    else if (steps.empty())
        shell.out << "nothing to do\n";
    else
        shell.out << "`holdfast migrate run` does it, as does every command that writes; take a "
                     "backup first, an older program cannot read it afterwards\n";
    return is_newer ? Exit::failure : Exit::ok;
}

// Opening brings it up to date, in one transaction.
Exit migrate(Shell& shell) {
    const auto before = inspect(shell).schema;
    shell.store(Shell::Missing::stop);
    const auto after = inspect(shell).schema;
    if (shell.json)
        shell.out << json::serialize(json::object{{"from", before}, {"to", after}}) << '\n';
    else if (before == after)
        shell.out << "schema " << after << ": nothing was to do\n";
    else
        shell.out << "schema " << before << " is now schema " << after << '\n';
    return Exit::ok;
}

}  // namespace

void add_migrate(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("migrate", "The database's schema and this program's");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  holdfast migrate status\n"
        "  holdfast migrate run");
    command->add_subcommand("status", "Look, and change nothing")->callback([&run] {
        run = status;
    });
    command->add_subcommand("run", "Bring the database up to date")->callback([&run] {
        run = migrate;
    });
}

}  // namespace holdfast::cli
