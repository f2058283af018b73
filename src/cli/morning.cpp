// holdfast morning: what the desk begins the day with, on the screen or as a mail.

#include "desk/morning.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/serve_settings.h"
#include "engine/desk_reports.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

struct Settings {
    std::string to;  // an address; empty: the screen
    std::size_t rows = 10;
};

desk::Morning made_morning(Shell& shell, const Settings& settings) {
    auto view = desk_view(shell);
    desk::DriftWatch drift;
    const auto items = engine::worklist_of(view, &drift);
    std::vector<std::string> notes;
    for (const auto& one : drift.found()) notes.push_back("Task: " + desk::sentence_of(one));
    notes.push_back(age_text(view.age(), shell.at()));
    return desk::morning_of(items, notes, shell.at(), settings.rows);
}

// The same morning to the same person has the same id, however often it is sent.
std::string id_of(const std::string& to, Instant at, const std::string& host) {
    constexpr std::size_t letters = 16;
    const auto day = holdfast::to_string(at).substr(0, std::string_view("2026-11-23").size());
    return "morning-" + day + '-' + to_hex(hash_of(to)).substr(0, letters) + '@' + host;
}

Exit send(Shell& shell, const desk::Morning& morning, const std::string& to) {
    const auto mail = mail_settings(shell.config());
    if (!mail)
        throw Stop(Exit::configuration, "no mail server is set: mail.smtp in the settings file");
    if (!http::is_mail_address(to))
        throw Stop(Exit::usage, "--to: found \"" + to + "\", expected a mail address");
    http::MailSender sender(mail->server);
    const auto outcome = sender.send({.from = mail->from,
                                      .to = {.address = to},
                                      .subject = morning.subject,
                                      .text = morning.text,
                                      .message_id = id_of(to, shell.at(), mail->server.own_name),
                                      .date = shell.now,
                                      .headers = {{"Auto-Submitted", "auto-generated"}}});
    if (outcome.fate != http::MailFate::accepted)
        throw Stop(
            outcome.fate == http::MailFate::rejected ? Exit::failure : Exit::try_again,
            "the mail to " + to + " was not taken by " + mail->server.host + ": " + outcome.text);
    shell.err << "Sent to " << to << ": " << morning.subject << '\n';
    return Exit::ok;
}

Exit morning(Shell& shell, const Settings& settings) {
    const auto made = made_morning(shell, settings);
    if (!settings.to.empty()) return send(shell, made, settings.to);
    if (shell.json)
        shell.out << boost::json::serialize(boost::json::object{{"at", to_string(shell.at())},
                                                                {"subject", made.subject},
                                                                {"text", made.text}})
                  << '\n';
    else
        shell.out << made.subject << "\n\n" << made.text;
    return Exit::ok;
}

}  // namespace

void add_morning(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "morning", "What the day begins with: the money that lapses soon, and the first rows");
    auto settings = std::make_shared<Settings>();
    command->add_option("--to", settings->to, "Send it as a mail, by the mail server of [mail]");
    command->add_option("--rows", settings->rows, "Rows at most (10)")->check(CLI::Range(0, 1'000));
    command->footer(
        "From a timer, once a day.\n\n"
        "Examples:\n  holdfast morning\n  holdfast morning --to desk@shop.example");
    command->callback(
        [&run, settings] { run = [settings](Shell& shell) { return morning(shell, *settings); }; });
}

}  // namespace holdfast::cli
