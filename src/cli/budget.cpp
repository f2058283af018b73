// holdfast budget: which open claims to file now, which later, and what a cap on claims costs.

#include "api/filing_json.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/report_file.h"
#include "cli/table.h"
#include "engine/filing.h"
#include "formats/supplier_sheets.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string cap, out;  // percent
    std::int32_t days = 90;
    std::size_t limit = 50;
};

std::int32_t cap_of(const std::string& text) {
    auto digits = std::string_view(text);
    if (digits.ends_with('%')) digits.remove_suffix(1);
    const auto percent = parse_money(digits, Currency::eur);
    if (!percent || percent->minor() > 10'000)
        throw Stop(Exit::usage, "--cap: found \"" + text +
                                    "\", expected a percentage from 0 to 100, such as 2 or 1.5");
    return static_cast<std::int32_t>(percent->minor());
}

std::string sum_of(const desk::FilingWish& wish) {
    if (wish.worth) return to_string(*wish.worth);
    return wish.stake ? to_string(*wish.stake) : "?";
}

void print_plan(Shell& shell, const desk::FilingPlan& plan, const Asked& asked) {
    const auto name = plan.system + ' ' +
                      (plan.account.empty() ? std::string("(no account named)") : plan.account);
    auto head = name + ": " + std::to_string(plan.orders) + " orders in " +
                std::to_string(asked.days) + " days, " + std::to_string(plan.allowed) +
                " claims allowed, " + std::to_string(plan.filed) + " filed.";
    if (plan.lost.is_positive()) head += " The cap costs " + to_string(plan.lost) + ".";
    if (plan.lost_without_sum)
        head += " " + std::to_string(plan.lost_without_sum) +
                " claims whose sum is not known, or not in that currency, are left out.";
    for (const auto currency : plan.without_rate)
        head += " No rate from " + std::string(code_of(currency)) + " to " +
                std::string(code_of(plan.lost.currency())) +
                ": claims in it go last, until `holdfast rates import` brings one.";
    shell.out << wrap(printable(head), static_cast<std::size_t>(shell.width), 0) << '\n';
    Table table({{.name = "file", .may_shrink = false},
                 {.name = "order", .may_shrink = false},
                 {.name = "worth", .right = true},
                 {.name = "closes", .least = 10}});
    for (std::size_t i = 0; i < std::min(plan.filings.size(), asked.limit); ++i) {
        const auto& one = plan.filings[i];
        const auto when = !one.at                 ? std::string("left out")
                          : *one.at <= shell.at() ? std::string("now")
                                                  : holdfast::to_string(*one.at).substr(0, 10);
        table.add({when, one.wish.reference, sum_of(one.wish),
                   one.wish.closes_at ? holdfast::to_string(*one.wish.closes_at).substr(0, 10)
                                      : "never"});
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    print_more(shell, plan.filings.size(), asked.limit);
    shell.out << '\n';
}

Exit budget(Shell& shell, const Asked& asked) {
    const desk::FilingRule rule{.cap_basis_points = cap_of(asked.cap), .days = asked.days};
    auto view = desk_view(shell);
    const auto plans = engine::filing_plans(view, rule);
    if (is_written(shell, asked.out, formats::filing_sheets(plans), api::filing_json(plans, rule)))
        return Exit::ok;
    for (const auto& plan : plans) print_plan(shell, plan, asked);
    if (plans.empty()) shell.out << "No purchase is known yet.\n";
    return Exit::ok;
}

}  // namespace

void add_budget(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "budget", "Which open claims to file now, which later, and what a cap on claims costs");
    auto asked = std::make_shared<Asked>();
    command
        ->add_option("--cap", asked->cap,
                     "Claims in percent of the account's orders of the last days")
        ->required();
    command->add_option("--days", asked->days, "How long a claim counts against the cap (90)")
        ->check(CLI::Range(1, 730));
    command->add_option("--limit", asked->limit, "Claims an account at most (50)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--out", asked->out, "Into a file: .xlsx, or .csv with the plan alone");
    command->footer(
        "What closes first is filed first; what the cap has no place for in time is left out, the "
        "smallest sums.\n\n"
        "Examples:\n  holdfast budget --cap 2\n  holdfast budget --cap 1.5 --days 60 --json");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return budget(shell, *asked); }; });
}

}  // namespace holdfast::cli
