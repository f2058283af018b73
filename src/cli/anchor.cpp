// holdfast anchor create --to FILE: the heads of all streams, noted outside the database.

#include "engine/anchor.h"
#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

Exit create(Shell& shell, const std::string& file) {
    shell.read_store();  // is there, and is a store that this program knows
    store::HeadReader store(shell.database().string());
    const auto anchor = engine::append_anchor(file, store, shell.now);
    if (!anchor) throw Stop(Exit::failure, "no anchor was made: " + anchor.error());
    if (shell.json) {
        json::object streams;
        for (const auto& [kind, count] : anchor->streams) streams[to_string(kind)] = count;
        shell.out << json::serialize(json::object{{"file", file},
                                                  {"anchor", anchor->no},
                                                  {"at", holdfast::to_string(anchor->at)},
                                                  {"streams", streams},
                                                  {"events", anchor->events},
                                                  {"root", to_hex(anchor->root)},
                                                  {"line", to_hex(anchor->line)}})
                  << '\n';
        return Exit::ok;
    }
    shell.out << file << ": anchor " << anchor->no << " over " << anchor->stream_count()
              << " streams with " << anchor->events << " events, " << anchor->heads.size()
              << " of them moved since the one before\n"
              << "root " << to_hex(anchor->root) << '\n'
              << "line " << to_hex(anchor->line) << '\n'
              << "Keep the line's hash where nobody who can change the file can change it too.\n";
    return Exit::ok;
}

}  // namespace

void add_anchor(CLI::App& app, Run& run) {
    auto* anchor = app.add_subcommand(
        "anchor", "Note the heads of all streams outside the database, so that a loss shows");
    anchor->require_subcommand(1);
    auto* command = anchor->add_subcommand("create", "Add an anchor to a file");
    const auto file = std::make_shared<std::string>();
    command->add_option("--to", *file, "The anchor file; made where there is none")->required();
    const auto* examples =
        "Examples:\n"
        "  holdfast anchor create --to /mnt/elsewhere/anchors.jsonl\n"
        "  holdfast verify --anchor /mnt/elsewhere/anchors.jsonl";
    anchor->footer(examples);
    command->footer(examples);
    command->callback(
        [&run, file] { run = [file](Shell& shell) { return create(shell, *file); }; });
}

}  // namespace holdfast::cli
