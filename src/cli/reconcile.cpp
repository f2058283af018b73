// holdfast reconcile --against FILE: our outgoing money and a processor's list.

#include "cli/commands.h"
#include "engine/reconciliation.h"
#include "engine/service_log.h"
#include "formats/processor_list.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string against;
    bool lift_fence = false;
};

engine::Fate fate_of(formats::ListedState state) {
    switch (state) {
    case formats::ListedState::succeeded: return engine::Fate::succeeded;
    case formats::ListedState::failed:    return engine::Fate::failed;
    case formats::ListedState::pending:   return engine::Fate::under_way;
    }
    return engine::Fate::unknown;
}

std::vector<engine::Listed> read_list(const std::string& file) {
    const auto listed = formats::parse_processor_list(read_file(file));
    if (!listed) {
        const auto& place = listed.error().place;
        throw Stop(Exit::failure, file + (place.line ? ":" + std::to_string(place.line) : "") +
                                      (place.column.empty() ? "" : ": " + place.column) + ": " +
                                      listed.error().reason);
    }
    std::vector<engine::Listed> all;
    for (const auto& one : *listed)
        all.push_back({.key = one.key, .amount = one.amount, .fate = fate_of(one.state)});
    return all;
}

bool is_fenced(store::Store& store) {
    engine::ServiceLog log(store);
    log.read();
    return log.is_fenced();
}

void lift_fence(Shell& shell) {
    engine::ServiceLog log(shell.store(Shell::Missing::stop));
    log.read();
    log.lift_fence(shell.now);
}

Exit reconcile(Shell& shell, const Asked& asked) {
    const auto theirs = read_list(asked.against);
    // The fence must not be lifted on what another program changes meanwhile.
    auto& store = asked.lift_fence ? shell.store(Shell::Missing::stop) : shell.read_store();
    const auto ours = engine::payments_of(store);
    if (!ours) throw Stop(Exit::failure, ours.error());
    const auto differences = engine::find_differences(*ours, theirs);
    bool fenced = is_fenced(store);
    const bool lifts = asked.lift_fence && fenced && differences.empty();
    if (lifts) lift_fence(shell);
    fenced = fenced && !lifts;
    if (shell.json) {
        json::array lines(differences.begin(), differences.end());
        shell.out << json::serialize(json::object{{"ours", ours->size()},
                                                  {"theirs", theirs.size()},
                                                  {"differences", lines},
                                                  {"fenced", fenced},
                                                  {"fence_lifted", lifts}})
                  << '\n';
        return differences.empty() ? Exit::ok : Exit::failure;
    }
    for (const auto& line : differences) shell.out << line << '\n';
    shell.out << ours->size() << " payments in our books, " << theirs.size()
              << " in the processor's list, " << differences.size() << " differences\n";
    if (lifts) shell.out << "the fence is lifted: money leaves again\n";
    if (fenced)
        shell.out << (differences.empty() ? "the fence still stands; --lift-fence lifts it\n"
                                          : "the fence stands until there is no difference\n");
    return differences.empty() ? Exit::ok : Exit::failure;
}

}  // namespace

void add_reconcile(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("reconcile", "Hold our outgoing money against a processor's list");
    const auto asked = std::make_shared<Asked>();
    command->add_option("--against", asked->against, "CSV or JSON: key, amount, currency, state")
        ->required();
    command->add_flag("--lift-fence", asked->lift_fence,
                      "After a restore: let money leave again if there is no difference");
    command->footer(
        "The list has the columns key, amount, currency and state (succeeded, failed or "
        "pending):\n"
        "  ord_01k9z6…:instruction:1,45.00,EUR,succeeded\n\n"
        "Examples:\n"
        "  holdfast reconcile --against processor.csv\n"
        "  holdfast reconcile --against processor.json --lift-fence");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return reconcile(shell, *asked); }; });
}

}  // namespace holdfast::cli
