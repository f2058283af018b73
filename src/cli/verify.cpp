// holdfast verify: is every stream's chain of hashes whole, and do the books say what it says?

#include "cli/commands.h"
#include "engine/auditor.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

Exit verify(Shell& shell) {
    auto& store = shell.store(Shell::Missing::stop);
    engine::AuditCounts counts;
    const auto damage = engine::find_problem(store, counts);
    if (shell.json) {
        shell.out << boost::json::serialize(boost::json::object{
                         {"whole", !damage},
                         {"damage", damage ? boost::json::value(*damage) : boost::json::value()},
                         {"orders", counts.orders},
                         {"parties", counts.parties},
                         {"transfers_on_their_way", counts.on_its_way}})
                  << '\n';
    } else if (damage) {
        shell.out << shell.paint("damaged: ", "bold red") << *damage << '\n';
    } else {
        shell.out << "every stream is whole\n";
        if (counts.orders + counts.parties > 0)
            shell.out << counts.orders << " orders and " << counts.parties
                      << " parties replayed: their books balance, and " << counts.on_its_way
                      << " transfers on their way account for all that is in transit\n";
    }
    return damage ? Exit::failure : Exit::ok;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
    app.add_subcommand("verify",
                       "Check every stream's chain of hashes, and replay every order and its books")
        ->callback([&run] { run = verify; });
}

}  // namespace holdfast::cli
