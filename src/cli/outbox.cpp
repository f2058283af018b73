// holdfast outbox list|retry|settle: what has not left yet, and what a person knows of it.

#include "cli/commands.h"
#include "cli/engine_shell.h"
#include "cli/table.h"
#include "engine/case_file.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_text.h"
#include "engine/outbox_words.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;
using store::OutboxRow;
using store::OutboxState;

struct Asked {
    std::uint64_t no = 0;
    bool needs_attention = false, succeeded = false, failed = false;
};

bool waits_for_a_person(const OutboxRow& row) {
    return row.state == OutboxState::failed || row.state == OutboxState::needs_attention;
}

bool is_carried(const OutboxRow& row) {
    return row.item.kind == engine::transfer_kind || row.item.kind == engine::notice_kind ||
           row.item.kind == engine::mail_kind;
}

store::StreamKind kind_of(const OutboxRow& row) {
    const bool is_of_party =
        row.item.kind == engine::payout_kind || row.item.kind == engine::transfer_kind;
    return is_of_party ? store::StreamKind::party : store::StreamKind::order;
}

struct Shown {
    std::string stream, key, amount, currency;
    std::int64_t minor = 0;
};

Shown shown(store::Store& store, const OutboxRow& row) {
    Shown one;
    const auto index = store.find(row.stream);
    one.stream = engine::name_of(row.stream, index ? index->kind : kind_of(row));
    std::optional<Money> amount;
    if (const auto outgoing = engine::outgoing_of(row)) {
        one.key = outgoing->key;
        amount = outgoing->amount;
    } else if (row.item.kind == engine::transfer_kind) {
        if (const auto transfer = engine::decode_transfer(row.item.payload))
            amount = Money::of_minor(transfer->amount, transfer->currency);
    }
    if (!amount) return one;
    one.amount = to_string(*amount);
    one.minor = amount->minor();
    one.currency = code_of(amount->currency());
    return one;
}

json::object row_json(const OutboxRow& row, const Shown& what) {
    return {{"no", row.no},
            {"stream", what.stream},
            {"kind", row.item.kind},
            {"key", what.key.empty() ? json::value() : json::value(what.key)},
            {"amount",
             what.currency.empty()
                 ? json::value()
                 : json::value(json::object{{"amount", what.minor}, {"currency", what.currency}})},
            {"state", engine::word_of(row.state)},
            {"due_at", holdfast::to_string(row.item.due)},
            {"attempts", row.attempts},
            {"problem", row.problem}};
}

Exit list(Shell& shell, const Asked& asked) {
    auto& store = shell.read_store();
    json::array rows;
    Table table({{.name = "no", .right = true, .may_shrink = false},
                 {.name = "what"},
                 {.name = "amount", .right = true, .may_shrink = false},
                 {.name = "state", .may_shrink = false},
                 {.name = "due"},
                 {.name = "tries", .right = true}});
    engine::each_row(store, [&](const OutboxRow& row) {
        if (asked.needs_attention && !waits_for_a_person(row)) return true;
        const auto what = shown(store, row);
        if (shell.json) {
            rows.push_back(row_json(row, what));
            return true;
        }
        table.add({std::to_string(row.no), row.item.kind, what.amount,
                   Cell(std::string(engine::word_of(row.state)),
                        waits_for_a_person(row) ? "bold red" : ""),
                   from_now(row.item.due, shell.now), std::to_string(row.attempts)},
                  printable((what.key.empty() ? what.stream : what.key) +
                            (row.problem.empty() ? "" : ": " + row.problem)));
        return true;
    });
    if (shell.json)
        shell.out << json::serialize(rows) << '\n';
    else if (table.empty())
        shell.out << (asked.needs_attention ? "nothing waits for a person\n"
                                            : "nothing is left to be sent\n");
    else
        shell.out << table.draw(shell.width, shell.colour);
    return Exit::ok;
}

OutboxRow find(store::Store& store, std::uint64_t no) {
    auto row = engine::find_row(store, no);
    if (!row)
        throw Stop(Exit::not_found,
                   "row " + std::to_string(no) + ": is not in the outbox, or done already");
    return std::move(*row);
}

void say(Shell& shell, std::uint64_t no, const std::string& word, const std::string& sentence) {
    if (shell.json)
        shell.out << json::serialize(json::object{{"no", no}, {"state", word}}) << '\n';
    else
        shell.out << "row " << no << ": " << sentence << '\n';
}

Exit retry(Shell& shell, const Asked& asked) {
    auto& store = shell.store(Shell::Missing::stop);
    const auto row = find(store, asked.no);
    const auto update = engine::retry_of(row, shell.now);
    if (!update)
        throw Stop(Exit::conflict, "row " + std::to_string(asked.no) + ": " + update.error());
    store.update_outbox({&*update, 1});
    const bool is_asked = update->state == OutboxState::unknown;
    say(shell, asked.no, std::string(engine::word_of(update->state)),
        is_asked ? "due now; the processor is asked about it first, and told again if it never "
                   "heard of it"
                 : "due now");
    return Exit::ok;
}

Exit settle(Shell& shell, const Asked& asked) {
    if (asked.succeeded == asked.failed)
        throw Stop(Exit::usage, "say what became of it: --succeeded or --failed");
    const auto what = "row " + std::to_string(asked.no);
    const auto row = find(shell.store(Shell::Missing::stop), asked.no);
    auto work = engine::ending_of(
        row, asked.succeeded ? engine::Fate::succeeded : engine::Fate::failed, shell.now);
    if (!work)
        throw Stop(Exit::conflict,
                   what + (is_carried(row)
                               ? ": a " + row.item.kind +
                                     " is carried by the program itself; `outbox retry` sends it "
                                     "on its way again"
                               : ": cannot be read"));
    work->cause = "operator:outbox";
    const auto answer = run_work(shell, std::move(*work));
    if (answer.outcome != engine::Outcome::done) stop_for(answer, what);
    say(shell, asked.no, asked.succeeded ? "succeeded" : "failed",
        asked.succeeded ? "recorded as executed" : "recorded as failed; nothing has left");
    return Exit::ok;
}

}  // namespace

void add_outbox(CLI::App& app, Run& run) {
    auto* outbox = app.add_subcommand("outbox", "Money and transfers that have not left yet");
    outbox->require_subcommand(1);
    outbox->footer(
        "Examples:\n"
        "  holdfast outbox list --needs-attention\n"
        "  holdfast outbox retry 17\n"
        "  holdfast outbox settle 17 --succeeded");
    const auto asked = std::make_shared<Asked>();
    const auto add = [&](const char* name, const char* about, auto what) {
        auto* command = outbox->add_subcommand(name, about);
        command->callback([&run, asked, what] {
            run = [asked, what](Shell& shell) { return what(shell, *asked); };
        });
        return command;
    };
    add("list", "Every row that is not done", list)
        ->add_flag("--needs-attention", asked->needs_attention,
                   "Only those that wait for a person");
    add("retry", "Try a row again now, its tries forgotten", retry)
        ->add_option("NO", asked->no, "The row's number")
        ->required();
    auto* settling = add("settle", "Say what became of a row that the processor executed", settle);
    settling->add_option("NO", asked->no, "The row's number")->required();
    auto* succeeded = settling->add_flag("--succeeded", asked->succeeded, "The money moved");
    settling->add_flag("--failed", asked->failed, "It did not, and never will by this row")
        ->excludes(succeeded);
}

}  // namespace holdfast::cli
