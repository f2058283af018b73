// holdfast doctor: what can go wrong around the program, and what to do about it.

#include "cli/commands.h"
#include "cli/doctor_checks.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

std::string_view style_of(Health health) {
    switch (health) {
    case Health::ok:      return "green";
    case Health::warning: return "yellow";
    case Health::problem: return "bold red";
    }
    return {};
}

void print(Shell& shell, const Finding& finding) {
    constexpr std::size_t column = 9;
    const std::string word(to_string(finding.health));
    const auto width = static_cast<std::size_t>(shell.width);
    shell.out << shell.paint(word, style_of(finding.health))
              << std::string(column - std::min(column, word.size()), ' ')
              << wrap(printable(finding.check + ": " + finding.text), width, column) << '\n';
    if (finding.to_do.empty()) return;
    shell.out << std::string(column, ' ') << wrap(printable(finding.to_do), width, column) << '\n';
}

Exit doctor(Shell& shell) {
    auto findings = check_surroundings(shell);
    for (auto& one : check_store(shell)) findings.push_back(std::move(one));
    const auto count = [&](Health health) {
        return std::ranges::count(findings, health, &Finding::health);
    };
    const auto problems = count(Health::problem);
    if (shell.json) {
        json::array checks;
        for (const auto& one : findings)
            checks.push_back(json::object{{"check", one.check},
                                          {"health", to_string(one.health)},
                                          {"text", one.text},
                                          {"to_do", one.to_do}});
        shell.out << json::serialize(json::object{{"checks", checks},
                                                  {"problems", problems},
                                                  {"warnings", count(Health::warning)}})
                  << '\n';
    } else {
        for (const auto& one : findings) print(shell, one);
        shell.out << problems << " problems, " << count(Health::warning) << " warnings\n";
    }
    return problems ? Exit::failure : Exit::ok;
}

}  // namespace

void add_doctor(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "doctor", "Look at settings, disk, database, clock and outbox; change nothing");
    command->footer(
        "Ends with 0 if there is no problem, with 1 otherwise; warnings do not count.\n\n"
        "Examples:\n"
        "  holdfast doctor\n"
        "  holdfast doctor --at 2026-12-24T18:00:00Z\n"
        "  holdfast doctor --json --database /var/lib/holdfast/holdfast.db");
    command->callback([&run] { run = doctor; });
}

}  // namespace holdfast::cli
