// holdfast verify: is every stream's chain of hashes whole?

#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

Exit verify(Shell& shell) {
    const auto damage = shell.store(Shell::Missing::stop).find_damage();
    if (shell.json) {
        shell.out << boost::json::serialize(boost::json::object{
                         {"whole", !damage},
                         {"damage", damage ? boost::json::value(*damage) : boost::json::value()}})
                  << '\n';
    } else if (damage) {
        shell.out << shell.paint("damaged: ", "bold red") << *damage << '\n';
    } else {
        shell.out << "every stream is whole\n";
    }
    return damage ? Exit::failure : Exit::ok;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
    app.add_subcommand("verify", "Check every stream's chain of hashes")->callback([&run] {
        run = verify;
    });
}

}  // namespace holdfast::cli
