// holdfast verify: is every stream's chain of hashes whole, and do the books say what it says? And
// the same of one case file, and of a database against anchors that were made of it.

#include "cli/commands.h"
#include "engine/auditor.h"
#include "engine/case_file.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string case_file, anchors;
};

std::optional<engine::Anchors> read_anchors(const std::string& file) {
    if (file.empty()) return std::nullopt;
    auto anchors = engine::read_anchors(file);
    if (!anchors) throw Stop(Exit::failure, anchors.error());
    if (anchors->all.empty()) throw Stop(Exit::failure, file + ": holds no anchor");
    return std::move(*anchors);
}

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value();
}

void print_lost(Shell& shell, const std::vector<std::string>& lost) {
    for (const auto& one : lost)
        shell.out << shell.paint("not as anchored: ", "bold red") << one << '\n';
}

Exit verify_store(Shell& shell, const Asked& asked) {
    const auto anchors = read_anchors(asked.anchors);
    auto& store = shell.store(Shell::Missing::stop);
    engine::AuditCounts counts;
    const auto damage = engine::find_problem(store, counts);
    std::vector<std::string> lost;
    if (anchors) {
        store::HeadReader heads(shell.database().string());
        lost = engine::find_lost(*anchors, heads);
    }
    const bool is_whole = !damage && lost.empty();
    if (shell.json) {
        json::object answer{{"whole", is_whole},
                            {"damage", text_or_null(damage)},
                            {"orders", counts.orders},
                            {"parties", counts.parties},
                            {"transfers_on_their_way", counts.on_its_way},
                            {"texts", counts.texts},
                            {"texts_erased", counts.texts_erased}};
        if (anchors) {
            answer["anchors"] = anchors->all.size();
            answer["not_as_anchored"] = json::array(lost.begin(), lost.end());
        }
        shell.out << json::serialize(answer) << '\n';
        return is_whole ? Exit::ok : Exit::failure;
    }
    if (damage) shell.out << shell.paint("damaged: ", "bold red") << *damage << '\n';
    print_lost(shell, lost);
    if (!is_whole) return Exit::failure;
    shell.out << "every stream is whole\n";
    if (counts.orders + counts.parties > 0)
        shell.out << counts.orders << " orders and " << counts.parties
                  << " parties replayed: their books balance, and " << counts.on_its_way
                  << " transfers on their way account for all that is in transit\n";
    if (counts.texts + counts.texts_erased > 0)
        shell.out << counts.texts << " texts that orders name are as they were written, "
                  << counts.texts_erased << " are erased\n";
    if (anchors)
        shell.out << "all " << anchors->heads.size() << " streams of " << anchors->all.size()
                  << " anchors are there and begin as they did; the last anchor is of "
                  << holdfast::to_string(anchors->all.back().at) << ", its line "
                  << to_hex(anchors->all.back().line) << '\n';
    return Exit::ok;
}

Exit verify_case(Shell& shell, const Asked& asked) {
    const auto anchors = read_anchors(asked.anchors);
    const auto text = read_file(asked.case_file);
    engine::CaseCounts counts;
    const auto misfit =
        engine::find_misfit(text, shell.data_folder, anchors ? &*anchors : nullptr, counts);
    if (shell.json) {
        shell.out << json::serialize(json::object{
                         {"file", asked.case_file},
                         {"whole", !misfit},
                         {"pointer", misfit ? json::value(misfit->pointer) : json::value()},
                         {"problem", misfit ? json::value(misfit->problem) : json::value()},
                         {"id", counts.id},
                         {"reference", counts.reference},
                         {"events", counts.events},
                         {"postings", counts.postings},
                         {"anchors", counts.anchors},
                         {"anchors_compared", anchors.has_value()}})
                  << '\n';
        return misfit ? Exit::failure : Exit::ok;
    }
    if (misfit) {
        shell.out << shell.paint("does not fit: ", "bold red") << to_string(*misfit) << '\n';
        return Exit::failure;
    }
    shell.out << counts.id << (counts.reference.empty() ? "" : " (" + counts.reference + ")")
              << ": " << counts.events << " events follow from each other, " << counts.postings
              << " postings and the balances follow from them, and so does all else in the file\n";
    if (counts.anchors == 0)
        shell.out << "no anchor covers it: who wrote the file could have written another history\n";
    else if (!anchors)
        shell.out << counts.anchors
                  << " anchors lead from its events to their roots; --anchor FILE compares them "
                     "with the anchors that you kept\n";
    else
        shell.out << counts.anchors << " anchors lead from its events to the roots that you kept\n";
    return Exit::ok;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "verify", "Check every stream's chain of hashes, and replay every order and its books");
    const auto asked = std::make_shared<Asked>();
    command->add_option("--case", asked->case_file,
                        "Check a case file instead, without a database");
    command->add_option("--anchor", asked->anchors,
                        "An anchor file: is everything there that it covers?");
    command->footer(
        "Examples:\n"
        "  holdfast verify\n"
        "  holdfast verify --anchor anchors.jsonl\n"
        "  holdfast verify --case case.json --anchor anchors.jsonl");
    command->callback([&run, asked] {
        run = [asked](Shell& shell) {
            return asked->case_file.empty() ? verify_store(shell, *asked)
                                            : verify_case(shell, *asked);
        };
    });
}

}  // namespace holdfast::cli
