// holdfast demo: the joint sample in a fresh database, its worklist, audit and one explained
// answer. With --year a made year of a marketplace and of a reseller instead, to be served.

#include "cli/audit_text.h"
#include "cli/commands.h"
#include "cli/demo_year.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "cli/worklist_table.h"
#include "engine/desk_reports.h"
#include "engine/importer.h"
#include "store/sqlite/backup.h"
#include "terms/explain.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view clock = "2026-11-23T12:00:00Z";
constexpr std::array folders = {"aliexpress", "shopify", "tracking", "scenario"};
// Files of these folders whose contents differ from the joint scenario on purpose.
constexpr std::array parsing_only = {"order_exporter_30col_semicolon_bom_crlf_localized.csv",
                                     "shopper_inventory.csv", "shopper_inventory.json",
                                     "web_order_list_capture.json",
                                     "orders_export_help_header_bom_crlf.csv"};

std::vector<fs::path> sample_files(const fs::path& samples) {
    std::vector<fs::path> files;
    for (const auto* folder : folders) {
        if (!fs::is_directory(samples / folder))
            throw Stop(Exit::configuration, (samples / folder).string() +
                                                ": the samples are not there; set HOLDFAST_DATA to "
                                                "the folder that holds samples/");
        for (const auto& entry : fs::directory_iterator(samples / folder))
            if (entry.path().extension() != ".md" &&
                std::ranges::find(parsing_only, entry.path().filename().string()) ==
                    parsing_only.end())
                files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

struct Sums {
    std::uint64_t files = 0, without_orders = 0, rows = 0, rejected = 0;
};

Sums import_samples(Shell& shell) {
    Sums sums;
    for (const auto& file : sample_files(shell.data_folder / "samples")) {
        const engine::ImportOptions options{.zones = &shell.rules().zones,
                                            .seen_at = shell.at(),
                                            .now = shell.at(),
                                            .currency = {},
                                            .on_row = {},
                                            .progress = {}};
        const auto report = engine::import_file(shell.store(Shell::Missing::make), file, options);
        ++sums.files;
        if (!report || !report->file.why_no_orders.empty()) {
            ++sums.without_orders;
            continue;
        }
        sums.rows += report->rows_new + report->rows_changed + report->rows_same;
        sums.rejected += report->rows_rejected;
    }
    return sums;
}

void explain_first(Shell& shell, engine::DeskView& view, const std::vector<desk::WorkItem>& items) {
    if (items.empty()) return;
    const auto one = view.find_purchase(items.front().system, items.front().reference);
    if (!one || !one->terms) return;
    shell.out << '\n' << shell.paint("Why, for the first of them:", "bold") << '\n';
    print_item(shell, one->item);
    const auto facts = desk::facts_of(one->purchase, one->parcels, desk_settings(shell).options,
                                      shell.at(), *one->terms);
    const terms::Question question{.at = shell.at(), .reason = one->item.reason};
    const auto explanation = terms::explain(*one->terms, facts.facts, question);
    if (explanation.answer.clause < 0) return;
    const auto& clause = *one->terms->clause_at(explanation.answer.clause);
    shell.out << "  " << clause.id << "  "
              << wrap(clause.text, static_cast<std::size_t>(shell.width), 4 + clause.id.size())
              << '\n';
    if (!explanation.flips.empty())
        shell.out << "  the answer would turn " << explanation.flips.front().text << " ("
                  << to_string(explanation.flips.front().outcome) << ")\n";
}

// A database of its own, made anew each time; the user's is never touched.
void fresh_database(Shell& shell) {
    if (shell.database_text.empty())
        shell.database_text =
            (fs::temp_directory_path() / ("holdfast-demo-" + std::to_string(getuid()) + ".db"))
                .string();
    else if (fs::exists(shell.database_text))
        throw Stop(
            Exit::conflict,
            shell.database_text + ": exists already; the demo writes into a database of its own");
    store::remove_sqlite(shell.database_text);
}

Exit demo(Shell& shell) {
    if (shell.at_text.empty()) shell.at_text = clock;
    fresh_database(shell);
    const auto sums = import_samples(shell);
    auto view = desk_view(shell);
    const auto items = engine::worklist_of(view);
    if (shell.json) {
        boost::json::array rows;
        for (const auto& item : items) rows.push_back(item_json(item));
        shell.out << boost::json::serialize(
                         boost::json::object{{"at", holdfast::to_string(shell.at())},
                                             {"files", sums.files},
                                             {"items", rows},
                                             {"database", shell.database_text}})
                  << '\n';
        return Exit::ok;
    }
    const auto read = "A small store's files, read as of " + short_time(shell.at()) + ": " +
                      std::to_string(sums.files) + " files, " +
                      std::to_string(sums.without_orders) + " of them without orders, " +
                      std::to_string(sums.rows) + " rows, " + std::to_string(sums.rejected) +
                      " rejected.";
    shell.out << wrap(read, static_cast<std::size_t>(shell.width), 0) << "\n\n";
    print_worklist(shell, items);
    shell.out << '\n';
    print_audit(shell, audit_totals(shell, view));
    explain_first(shell, view, items);
    const auto found = shell.variables.find("HOLDFAST_COMMAND");
    const auto program = found == shell.variables.end() ? std::string("holdfast") : found->second;
    const auto with = " --database " + shell.database_text + " --at " + shell.at_text;
    shell.out << "\nNext, with the same data:\n  " << program << " explain 3099000000000104" << with
              << "\n  " << program << " whereis '#1052'" << with
              << "\nor with your own exports:\n  " << program << " import FILE…\n  " << program
              << " scan\n";
    return Exit::ok;
}

Exit demo_year(Shell& shell, const YearAsked& asked) {
    const auto database = demo_database(shell);
    make_demo_year(shell, database, asked);
    print_sign_ins(database, shell.err);
    const auto found = shell.variables.find("HOLDFAST_COMMAND");
    shell.err << "Next:\n  "
              << (found == shell.variables.end() ? std::string("holdfast") : found->second)
              << " serve --demo --database " << database.string() << '\n';
    return Exit::ok;
}

}  // namespace

void add_demo(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("demo", "The joint sample, imported into a fresh database and answered");
    auto asked = std::make_shared<YearAsked>();
    auto is_year = std::make_shared<bool>(false);
    auto* year =
        command->add_flag("--year", *is_year, "a made year of a marketplace instead, to be served");
    command->add_option("--seed", asked->seed, "what the year is made from")->needs(year);
    command->add_option("--orders", asked->orders, "of the year")
        ->needs(year)
        ->check(CLI::Range(500, 1'000'000));
    command->footer("Examples:\n  holdfast demo\n  holdfast demo --year --seed 7 --orders 5000");
    command->callback([&run, asked, is_year] {
        run = demo;
        if (*is_year) run = [asked](Shell& shell) { return demo_year(shell, *asked); };
    });
}

void add_shared_options(CLI::App& app, Shell& shell) {
    app.add_flag("--json", shell.json, "Data as JSON, stable, on stdout");
    app.add_flag("--no-input", shell.no_input,
                 "Never ask; this program does not, so it changes nothing");
    app.add_option("--at", shell.at_text,
                   "The instant that rules are asked for, or that a file was true (now)");
    app.add_option("--database", shell.database_text, "The database file (holdfast.db)");
    app.add_option("--config", shell.config_text, "The settings file (holdfast.toml)");
    app.add_option("--terms-folder", shell.terms_folder,
                   "More terms files, going before the shipped ones");
}

}  // namespace holdfast::cli
