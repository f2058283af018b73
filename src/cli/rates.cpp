// holdfast rates import FILE: dated exchange rates.

#include "cli/commands.h"
#include "cli/table.h"
#include "engine/importer.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

Exit import_rates(Shell& shell, const std::string& file) {
    std::vector<engine::RowReport> rejected;
    const engine::ImportOptions options{.zones = &shell.rules().zones,
                                        .seen_at = shell.given_at(),
                                        .now = shell.now,
                                        .currency = {},
                                        .on_row =
                                            [&](const engine::RowReport& row) {
                                                if (row.fate == engine::RowFate::rejected)
                                                    rejected.push_back(row);
                                            },
                                        .progress = {}};
    const auto report = engine::import_file(shell.store(Shell::Missing::make), file, options);
    if (!report)
        throw Stop(
            Exit::failure,
            file +
                (report.error().place.line ? ":" + std::to_string(report.error().place.line) : "") +
                ": " + report.error().reason);
    if (report->file.format != "given_rates_csv")
        throw Stop(Exit::failure, file + ": found " + report->file.description +
                                      ", expected exchange rates: from,to,on,rate");
    for (const auto& row : rejected)
        shell.err << shell.paint("rejected ", "red") << file << ':' << row.place.line << ": "
                  << row.place.column << ": " << printable(row.reason) << '\n';
    if (shell.json) {
        shell.out << boost::json::serialize(
                         boost::json::object{{"new", report->rows_new + report->rows_changed},
                                             {"same", report->rows_same},
                                             {"rejected", report->rows_rejected}})
                  << '\n';
    } else {
        shell.out << report->rows_new + report->rows_changed << " rates taken in, "
                  << report->rows_same << " known already, " << report->rows_rejected
                  << " rejected\n";
    }
    return report->rows_rejected ? Exit::failure : Exit::ok;
}

}  // namespace

void add_rates(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("rates", "Dated exchange rates");
    command->require_subcommand(1);
    command->footer(
        "A file of rates has the columns from, to, on and rate:\n  "
        "EUR,USD,2026-11-20,1.0871\n\nExample:\n  holdfast rates import rates.csv");
    auto* importing = command->add_subcommand("import", "Take in a CSV of rates");
    auto file = std::make_shared<std::string>();
    importing->add_option("FILE", *file, "from,to,on,rate")->required();
    importing->callback(
        [&run, file] { run = [file](Shell& shell) { return import_rates(shell, *file); }; });
}

}  // namespace holdfast::cli
