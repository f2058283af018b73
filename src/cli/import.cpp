// holdfast import FILE…: files of other systems into the database, with a report of every row.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/import_proposal.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "engine/importer.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Above this many orders, links are looked for only when somebody asks (`links list`): looking
// takes every order into memory.
constexpr std::uint64_t guess_at_once_max = 20'000;

struct Settings {
    std::vector<std::string> files;
    bool rows = false;
    bool propose = false;
    std::string currency, mapping;
};

// Folders are taken apart into their files, in order of name.
std::vector<fs::path> files_of(const std::vector<std::string>& named) {
    std::vector<fs::path> files;
    for (const auto& name : named) {
        std::error_code error;
        if (!fs::is_directory(name, error)) {
            files.emplace_back(name);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::recursive_directory_iterator(name))
            if (entry.is_regular_file() && entry.path().extension() != ".md")
                inside.push_back(entry.path());
        std::ranges::sort(inside);
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

std::string place_text(const std::string& file, const formats::Place& place) {
    auto text = file;
    if (place.line) text += ':' + std::to_string(place.line);
    if (!place.column.empty()) text += ": " + place.column;
    return text;
}

json::object of_file(const std::string& file, json::object told) {
    told["file"] = file;
    return told;
}

class ImportRun {
public:
    ImportRun(Shell& shell, const Settings& settings) : shell_(shell), settings_(settings) {}

    Exit run() {
        if (!settings_.mapping.empty()) mapping_ = mapping_named(shell_, settings_.mapping);
        const auto files = files_of(settings_.files);
        if (settings_.propose && files.size() != 1)
            throw Stop(Exit::usage, "--propose: one file at a time");
        if (settings_.propose) return propose(shell_, files.front(), currency(), mapping_);
        if (files.empty()) throw Stop(Exit::not_found, "no files in " + settings_.files.front());
        for (const auto& file : files) one(file);
        const auto age = desk_view(shell_).age();
        if (age.sales && age.purchases && age.sales + age.purchases <= guess_at_once_max)
            guesses_ = write_guesses(shell_);
        print();
        return refused_ || rejected_ ? Exit::failure : Exit::ok;
    }

private:
    void one(const fs::path& file) {
        Progress progress(shell_.err, shell_.err_is_terminal, file.filename().string());
        const engine::ImportOptions options{
            .zones = &shell_.rules().zones,
            .seen_at = shell_.given_at(),
            .now = shell_.now,
            .currency = currency(),
            .mapping = mapping_ ? &*mapping_ : nullptr,
            .on_row = [&](const engine::RowReport& row) { keep(file.string(), row); },
            .progress = [&](std::uint64_t done,
                            std::uint64_t all) { progress.show(done, all, "bytes"); }};
        const auto report = engine::import_file(shell_.store(Shell::Missing::make), file, options);
        if (!report) {
            ++refused_;
            add_refused(file.string(), report.error());
            return;
        }
        add(file.string(), *report);
    }

    std::optional<Currency> currency() const {
        if (settings_.currency.empty()) return std::nullopt;
        if (const auto known = parse_currency(settings_.currency)) return known;
        throw Stop(Exit::usage, "--currency: found \"" + settings_.currency +
                                    "\", expected an ISO 4217 code such as USD");
    }

    void keep(const std::string& file, const engine::RowReport& row) {
        const bool loud =
            row.fate == engine::RowFate::rejected || row.fate == engine::RowFate::noted;
        if (!loud && !settings_.rows) return;
        if (shell_.json) {
            rows_.push_back(of_file(file, api::row_json(row)));
            return;
        }
        // Rows go out as they come: a file of millions must not pile them up.
        if (row.fate == engine::RowFate::rejected)
            shell_.err << shell_.paint("rejected ", "red") << place_text(file, row.place) << ": "
                       << printable(row.reason) << '\n';
        else if (row.fate == engine::RowFate::noted)
            shell_.err << shell_.paint("note ", "yellow") << place_text(file, row.place) << ": "
                       << printable(row.reason) << '\n';
        else
            shell_.out << to_string(row.fate) << ' ' << place_text(file, row.place) << ": "
                       << printable(row.what) << '\n';
    }

    void add_refused(const std::string& file, const formats::FileError& error) {
        if (shell_.json) {
            files_.push_back({{"file", file},
                              {"refused", true},
                              {"line", error.place.line},
                              {"column", error.place.column},
                              {"reason", error.reason}});
            return;
        }
        shell_.err << shell_.paint("refused ", "red") << place_text(file, error.place) << ": "
                   << printable(error.reason) << '\n';
    }

    void add(const std::string& file, const engine::ImportReport& report) {
        rejected_ += report.rows_rejected;
        if (shell_.json) {
            auto told = api::report_json(report);
            told["refused"] = false;
            files_.push_back(of_file(file, std::move(told)));
            return;
        }
        const auto name = fs::path(file).filename().string();
        if (!report.file.why_no_orders.empty()) {
            without_orders_ += wrap(printable(name + ": " + report.file.why_no_orders),
                                    static_cast<std::size_t>(shell_.width), 4) +
                               '\n';
            return;
        }
        const auto number = [](std::uint64_t count) {
            return count ? std::to_string(count) : std::string("·");
        };
        table_.add({name, number(report.rows_new), number(report.rows_changed),
                    number(report.rows_same),
                    Cell(number(report.rows_rejected), report.rows_rejected ? "red" : ""),
                    report.file.description});
    }

    void print() {
        if (shell_.json)
            shell_.out << json::serialize(json::object{
                              {"files", files_}, {"rows", rows_}, {"guesses", guesses_}})
                       << '\n';
        else
            print_text();
    }

    void print_text() {
        print_files();
        if (guesses_)
            shell_.out << guesses_ << (guesses_ == 1 ? " link is" : " links are")
                       << " guessed and wait for a yes: holdfast links list\n";
    }

    void print_files() {
        if (!table_.empty()) shell_.out << table_.draw(shell_.width, shell_.colour);
        if (without_orders_.empty()) return;
        shell_.out << (table_.empty() ? "" : "\n") << shell_.paint("No orders in:", "dim") << '\n'
                   << without_orders_;
    }

    Shell& shell_;
    const Settings& settings_;
    std::optional<formats::Mapping> mapping_;
    std::string without_orders_;
    std::size_t refused_ = 0;
    std::uint64_t rejected_ = 0;
    std::size_t guesses_ = 0;
    json::array files_, rows_;
    Table table_{{{.name = "file", .least = 12},
                  {.name = "new", .right = true},
                  {.name = "changed", .right = true},
                  {.name = "same", .right = true},
                  {.name = "rejected", .right = true},
                  {.name = "what it is", .least = 20}}};
};

}  // namespace

void add_import(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("import", "Read files of stores, suppliers and trackers");
    auto settings = std::make_shared<Settings>();
    command
        ->add_option("FILE", settings->files,
                     "Files, or folders of files; the format is found by content")
        ->required();
    command->add_option("--currency", settings->currency,
                        "Of amounts that name none, in files such as the account data copy");
    command->add_option("--mapping", settings->mapping,
                        "By whose columns a CSV is read: holdfast mappings list");
    command->add_flag("--propose", settings->propose,
                      "Show which column may mean what, and the first rows; nothing is written");
    command->add_flag("--rows", settings->rows, "Also a line for each row that was read");
    command->footer(
        "The same file twice changes nothing, and the order of files does not matter.\n"
        "Rejected rows are told with file, line, column and reason; the others stand.\n"
        "--at says when a file was true, where the file itself does not say.\n\n"
        "Examples:\n  holdfast import orders.csv\n  holdfast import exports/ --at "
        "2026-11-23T12:00:00Z\n  holdfast import orders.csv --rows --json");
    command->callback([&run, settings] {
        run = [settings](Shell& shell) { return ImportRun(shell, *settings).run(); };
    });
}

}  // namespace holdfast::cli
