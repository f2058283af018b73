// holdfast export ORDER --to FILE: everything about one order or party, for a stranger to check.

#include "cli/commands.h"
#include "cli/find_stream.h"
#include "engine/case_file.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string order, to, anchors;
};

engine::Anchors load_anchors(const std::string& file) {
    auto anchors = engine::read_anchors(file);
    if (!anchors) throw Stop(Exit::failure, anchors.error());
    return std::move(*anchors);
}

std::string case_text(Shell& shell, const Asked& asked, const engine::Anchors* anchors) {
    auto& store = shell.read_store();
    const auto stream = find_stream(store, asked.order);
    auto one = engine::take_case(store, stream, shell.rules());
    if (!one) throw Stop(Exit::failure, one.error());
    one->made_at = shell.now;
    one->program = HOLDFAST_VERSION;
    one->time_zone_data = shell.rules().zones.version;
    if (anchors) one->anchors = engine::proofs_of(*anchors, stream);
    auto text = engine::text_of(*one, store, shell.data_folder);
    if (!text) throw Stop(Exit::failure, to_string(text.error()));
    return std::move(*text);
}

Exit run_export(Shell& shell, const Asked& asked) {
    std::optional<engine::Anchors> anchors;
    if (!asked.anchors.empty()) anchors = load_anchors(asked.anchors);
    const auto* known = anchors ? &*anchors : nullptr;
    const auto text = case_text(shell, asked, known);
    engine::CaseCounts counts;
    if (const auto misfit = engine::find_misfit(text, shell.data_folder, known, counts))
        throw Stop(Exit::failure, "nothing was written: " + to_string(*misfit));
    write_new_file(asked.to, text);
    if (shell.json)
        shell.out << boost::json::serialize(boost::json::object{{"file", asked.to},
                                                                {"id", counts.id},
                                                                {"reference", counts.reference},
                                                                {"events", counts.events},
                                                                {"postings", counts.postings},
                                                                {"anchors", counts.anchors},
                                                                {"outbox", counts.outbox}})
                  << '\n';
    else
        shell.out << asked.to << " written: " << counts.id << ", " << counts.events << " events, "
                  << counts.postings << " postings, " << counts.anchors << " anchors, "
                  << counts.outbox << " rows of the outbox\n"
                  << "`holdfast verify --case " << asked.to << "` checks it without a database\n";
    return Exit::ok;
}

}  // namespace

void add_export(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "export", "Write a case file: one order or party with all that a stranger needs to check");
    const auto asked = std::make_shared<Asked>();
    command->add_option("ORDER", asked->order, "A reference, ACCOUNT:REFERENCE, ord_… or pty_…")
        ->required();
    command->add_option("--to", asked->to, "The file to make")->required();
    command->add_option("--anchor", asked->anchors, "An anchor file that knows the stream");
    command->footer(
        "Examples:\n"
        "  holdfast export A-1001 --to case.json\n"
        "  holdfast export shop:A-1001 --to case.json --anchor anchors.jsonl\n"
        "  holdfast verify --case case.json");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return run_export(shell, *asked); }; });
}

}  // namespace holdfast::cli
