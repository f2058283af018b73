// holdfast version: what this is, and the data it stands on.

#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

Exit print(Shell& shell) {
    const auto& rules = shell.rules();
    if (shell.json) {
        shell.out << boost::json::serialize(
                         boost::json::object{{"version", HOLDFAST_VERSION},
                                             {"time_zone_data", rules.zones.version},
                                             {"terms", rules.terms.size()}})
                  << '\n';
        return Exit::ok;
    }
    shell.out << "holdfast " << HOLDFAST_VERSION << ", time zone data " << rules.zones.version
              << ", " << rules.terms.size() << " terms files in " << shell.data_folder.string()
              << '\n';
    return Exit::ok;
}

}  // namespace

void add_version(CLI::App& app, Run& run) {
    app.add_subcommand("version", "The version, and that of the time zone data")->callback([&run] {
        run = print;
    });
}

}  // namespace holdfast::cli
