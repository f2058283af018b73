// holdfast regret: the remedies that were chosen, against what would have been best.

#include "api/choice_json.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "engine/desk_choices.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

std::string sum_text(const std::optional<Money>& sum) { return sum ? to_string(*sum) : "?"; }

Exit regret(Shell& shell, std::size_t limit) {
    auto view = desk_view(shell);
    const auto choices = engine::choices_of(shell.store(Shell::Missing::stop), view);
    if (shell.json) {
        shell.out << json::serialize(json::object{{"at", holdfast::to_string(shell.at())},
                                                  {"choices", api::choices_json(choices)}})
                  << '\n';
        return Exit::ok;
    }
    Table table({{.name = "sale", .may_shrink = false},
                 {.name = "chosen", .least = 16},
                 {.name = "came to", .right = true},
                 {.name = "best", .right = true},
                 {.name = "regret", .right = true}});
    for (std::size_t i = 0; i < std::min(limit, choices.size()); ++i) {
        const auto& one = choices[i];
        table.add({one.choice.sale_reference, one.choice.way, sum_text(one.regret.chosen),
                   sum_text(one.regret.best), sum_text(one.regret.sum)},
                  one.regret.best_way.empty() || one.regret.best_way == one.choice.way
                      ? std::string{}
                      : "best: " + one.regret.best_way);
    }
    if (table.empty())
        shell.out << "No remedy was chosen yet: holdfast remedy SALE … --choose WAY\n";
    else
        shell.out << table.draw(shell.width, shell.colour);
    print_more(shell, choices.size(), limit);
    return Exit::ok;
}

}  // namespace

void add_regret(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "regret", "The remedies that were chosen, against what would have been best");
    auto limit = std::make_shared<std::size_t>(30);
    command->add_option("--limit", *limit, "Rows at most (30)")->check(CLI::Range(1, 1'000'000));
    command->footer(
        "By the profits that were shown at the choice, and by what is known now of parcels and "
        "claims. A ? hangs on what is not known yet.\n\nExamples:\n  holdfast regret\n  holdfast "
        "regret --json");
    command->callback(
        [&run, limit] { run = [limit](Shell& shell) { return regret(shell, *limit); }; });
}

}  // namespace holdfast::cli
