// The program: reads the clock, the environment and the command line once, and runs one command.

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/shell.h"
#include "engine/clock_guard.h"
#include "store/store.h"

#include <CLI/CLI.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>

extern char** environ;

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> holdfast_variables() {
    std::map<std::string, std::string> found;
    for (auto** one = environ; *one; ++one) {
        const std::string_view text(*one);
        const auto equals = text.find('=');
        if (text.starts_with("HOLDFAST_") && equals != text.npos)
            found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return found;
}

int terminal_width() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
    return 80;
}

// Where terms/, calendars/ and samples/ lie: named, installed beside the program, or its source.
fs::path find_data_folder(const std::map<std::string, std::string>& variables) {
    if (const auto found = variables.find("HOLDFAST_DATA"); found != variables.end())
        return found->second;
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    const auto installed = program.parent_path().parent_path() / "share" / "holdfast";
    if (!error && fs::exists(installed / "terms")) return installed;
    return HOLDFAST_DATA_FOLDER;
}

// WATCHDOG_PID, where it is set, says whom it is meant for.
Supervision find_supervision() {
    Supervision found;
    if (const auto* socket = std::getenv("NOTIFY_SOCKET")) found.socket = socket;
    const auto* time = std::getenv("WATCHDOG_USEC");
    const auto* process = std::getenv("WATCHDOG_PID");
    if (time && (!process || process == std::to_string(::getpid())))
        found.watchdog = std::chrono::microseconds{std::strtoll(time, nullptr, 10)};
    return found;
}

Shell make_shell() {
    Shell shell(std::cout, std::cerr);
    shell.out_is_terminal = isatty(STDOUT_FILENO) == 1;
    shell.err_is_terminal = isatty(STDERR_FILENO) == 1;
    const auto* no_colour = std::getenv("NO_COLOR");
    shell.colour = shell.out_is_terminal && (!no_colour || !*no_colour);
    shell.width = shell.out_is_terminal ? terminal_width() : 80;
    shell.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    shell.clock = engine::system_clock();
    shell.variables = holdfast_variables();
    shell.supervision = find_supervision();
    shell.working_folder = fs::current_path();
    shell.data_folder = find_data_folder(shell.variables);
    return shell;
}

int stop(const Shell& shell, Exit code, const std::string& sentence) {
    shell.err << "holdfast: " << sentence << '\n';
    return static_cast<int>(code);
}

void add_commands(CLI::App& app, Shell& shell, Run& run) {
    add_serve(app, run);
    add_keys(app, run);
    add_admin(app, run);
    add_listen(app, run);
    add_trigger(app, run);
    add_clock(app, run);
    add_import(app, run);
    add_scan(app, run);
    add_morning(app, run);
    add_audit(app, run);
    add_explain(app, run);
    add_remedy(app, run);
    add_whereis(app, run);
    add_arrival(app, run);
    add_suppliers(app, run);
    add_budget(app, run);
    add_packet(app, run);
    add_regret(app, run);
    add_links(app, run);
    add_rates(app, run);
    add_mappings(app, run);
    add_terms(app, run);
    add_cases(app, run);
    add_play(app, run);
    add_demo(app, run);
    add_verify(app, run);
    add_backup(app, run);
    add_export(app, run);
    add_anchor(app, run);
    add_outbox(app, run);
    add_reconcile(app, run);
    add_doctor(app, run);
    add_migrate(app, run);
    add_config(app, run);
    add_version(app, run);
    add_shared_options(app, shell);
}

int run_program(int argc, char** argv) {
    auto shell = make_shell();
    Run run;
    CLI::App app{"Buyer protection as software: which orders may be claimed, until when, and why",
                 "holdfast"};
    app.require_subcommand(1);
    app.fallthrough();
    app.footer("Start with: holdfast demo, or holdfast import FILE… and then holdfast scan");
    add_commands(app, shell, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const auto code = app.exit(error, shell.out, shell.err);
        return code == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    try {
        const auto code = run(shell);
        shell.out.flush();
        return shell.out ? static_cast<int>(code)
                         : stop(shell, Exit::failure, "the output could not be written");
    } catch (const Stop& stopped) {
        return stop(shell, stopped.code(), stopped.what());
    } catch (const store::StoreDown& down) {
        return stop(shell, Exit::failure, down.what());
    } catch (const fs::filesystem_error& error) {
        return stop(shell, Exit::failure, error.what());
    } catch (const VerifyFailed& bug) {
        return stop(shell, Exit::failure,
                    std::string("a bug in this program; nothing was written: ") + bug.what());
    }
}

}  // namespace
}  // namespace holdfast::cli

int main(int argc, char** argv) { return holdfast::cli::run_program(argc, argv); }
