// holdfast cases FILE…: worked cases against the shipped terms.

#include "cli/commands.h"
#include "cli/table.h"
#include "formats/worked_cases.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <ostream>

namespace holdfast::cli {
namespace {

struct Tally {
    std::size_t passed = 0, failed = 0, unsupported = 0;
};

struct Line {
    std::string id, member, expected, got, clause;
    bool inferred = false;
};

struct Result {
    Tally inferred, rest;
    std::vector<Line> mismatches;
    std::vector<Line> unsupported;  // `got` says why
};

void run_case(const formats::Rulebook& rules, const formats::WorkedCase& one, Result& result) {
    auto& tally = one.inferred ? result.inferred : result.rest;
    const auto* terms = rules.find(one.programme);
    if (!terms || !one.question) {
        ++tally.unsupported;
        result.unsupported.push_back(
            {one.id, one.kind, "",
             terms ? "no such question" : "no terms file with the id " + one.programme, one.clause,
             one.inferred});
        return;
    }
    const auto answer = terms::ask(*terms, one.facts, *one.question);
    const auto found = formats::compare(one.expected, answer);
    ++(found.empty() ? tally.passed : tally.failed);
    const auto clause =
        answer.clause < 0 ? std::string("none") : terms->clause_at(answer.clause)->id;
    for (const auto& mismatch : found)
        result.mismatches.push_back(
            {one.id, mismatch.member, mismatch.expected, mismatch.got, clause, one.inferred});
}

void run_file(Shell& shell, const std::string& path, Result& result) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Stop(Exit::not_found, path + ": no such file, or it cannot be read");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto cases = formats::read_cases(text);
    if (!cases)
        throw Stop(Exit::failure, path + ": " + cases.error().place + ": " + cases.error().reason);
    for (const auto& one : *cases) run_case(shell.rules(), one, result);
}

std::string sums(const Tally& tally) {
    return std::to_string(tally.passed) + " passed, " + std::to_string(tally.failed) + " failed, " +
           std::to_string(tally.unsupported) + " unsupported";
}

boost::json::object json_of(const Tally& tally) {
    return {{"passed", tally.passed}, {"failed", tally.failed}, {"unsupported", tally.unsupported}};
}

void print_json(Shell& shell, const Result& result) {
    boost::json::array mismatches, unsupported;
    for (const auto& line : result.mismatches)
        mismatches.push_back({{"id", line.id},
                              {"member", line.member},
                              {"expected", line.expected},
                              {"got", line.got},
                              {"clause", line.clause},
                              {"inferred", line.inferred}});
    for (const auto& line : result.unsupported)
        unsupported.push_back({{"id", line.id},
                               {"kind", line.member},
                               {"reason", line.got},
                               {"inferred", line.inferred}});
    shell.out << boost::json::serialize(boost::json::object{{"mismatches", mismatches},
                                                            {"unsupported", unsupported},
                                                            {"inferred", json_of(result.inferred)},
                                                            {"rest", json_of(result.rest)}})
              << '\n';
}

void print(Shell& shell, const Result& result, bool list_unsupported) {
    for (const auto& line : result.mismatches)
        shell.out << line.id << (line.inferred ? " (inferred)" : "") << ": " << line.member
                  << ": expected " << line.expected << ", got " << line.got << ", by "
                  << line.clause << '\n';
    if (list_unsupported)
        for (const auto& line : result.unsupported)
            shell.out << line.id << ": unsupported: " << line.member << ": " << line.got << '\n';
    shell.out << "inferred: " << sums(result.inferred) << '\n' << sums(result.rest) << '\n';
}

Exit run_cases(Shell& shell, const std::vector<std::string>& files, bool list_unsupported) {
    Result result;
    for (const auto& file : files) run_file(shell, file, result);
    if (shell.json)
        print_json(shell, result);
    else
        print(shell, result, list_unsupported);
    return result.rest.failed ? Exit::failure : Exit::ok;
}

}  // namespace

void add_cases(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("cases", "Run worked cases against the shipped terms");
    auto files = std::make_shared<std::vector<std::string>>();
    auto list = std::make_shared<bool>(false);
    command->add_option("FILE", *files, "Files in the format of docs/facts/cases.json")->required();
    command->add_flag("--list-unsupported", *list,
                      "Also a line for each case that no shipped terms cover");
    command->footer("Example:\n  holdfast cases docs/facts/cases.json");
    command->callback([&run, files, list] {
        run = [files, list](Shell& shell) { return run_cases(shell, *files, *list); };
    });
}

}  // namespace holdfast::cli
