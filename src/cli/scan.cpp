// holdfast scan: the worklist, sorted by the money that lapses per hour.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/progress.h"
#include "cli/report_file.h"
#include "cli/table.h"
#include "cli/worklist_table.h"
#include "desk/arrival.h"
#include "formats/desk_sheets.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Settings {
    std::vector<std::string> words;
    std::string out;  // a file; empty: none
    std::size_t limit = 50;
    bool all = false;
};

struct Scanned {
    std::vector<desk::WorkItem> items;
    std::vector<desk::Journey> journeys;  // of a fair sample
    std::map<desk::WorkWord, std::uint64_t> counts;
    std::uint64_t without_terms = 0;
    desk::DriftWatch drift;
};

std::set<desk::WorkWord> wanted_words(const Settings& settings) {
    std::set<desk::WorkWord> wanted;
    for (const auto& text : settings.words) {
        const auto word = desk::parse_work_word(text);
        if (!word)
            throw Stop(
                Exit::usage,
                "--word: found \"" + text +
                    "\", expected a worklist word such as claim_now or missed (docs/glossary.md)");
        wanted.insert(*word);
    }
    return wanted;
}

Scanned scan_all(Shell& shell, engine::DeskView& view, const Settings& settings) {
    const auto wanted = wanted_words(settings);
    Progress progress(shell.err, shell.err_is_terminal, "scanning");
    const auto all = view.age().purchases;
    Scanned scanned;
    std::uint64_t done = 0;
    const auto take = [&](const desk::WorkItem& item) {
        ++scanned.counts[item.word];
        const bool shown = wanted.empty() ? settings.all || item.word != desk::WorkWord::none
                                          : wanted.contains(item.word);
        if (shown) scanned.items.push_back(item);
    };
    view.each_purchase([&](const engine::PurchaseView& one) {
        progress.show(++done, all, "purchases");
        take(one.item);
        scanned.without_terms += one.terms == nullptr;
        engine::watch(scanned.drift, one, view.settings().options, view.now());
        if (done <= engine::DeskView::history_most)
            for (auto& journey : desk::journeys_of(one.purchase, one.parcels, shell.at()))
                scanned.journeys.push_back(std::move(journey));
        return true;
    });
    view.each_dispute([&](const engine::RowView& one) { take(one.item); });
    desk::rank(scanned.items, view.rates(), desk_settings(shell).options, shell.at());
    return scanned;
}

// Of the rows that are shown.
void tell_arrivals(engine::DeskView& view, Scanned& scanned, std::size_t most) {
    view.use_arrivals(std::make_shared<desk::ArrivalModel>(std::move(scanned.journeys)));
    for (std::size_t i = 0; i < std::min(scanned.items.size(), most); ++i) {
        auto& item = scanned.items[i];
        if (const auto one = view.find_purchase(item.system, item.reference))
            item.arrival = view.arrival_of(*one);
    }
}

void print_json(Shell& shell, engine::DeskView& view, const Scanned& scanned,
                const Settings& settings) {
    json::array rows;
    for (std::size_t i = 0; i < std::min(scanned.items.size(), settings.limit); ++i)
        rows.push_back(item_json(scanned.items[i]));
    json::object counts;
    for (const auto& [word, count] : scanned.counts) counts[to_string(word)] = count;
    shell.out << json::serialize(json::object{{"at", holdfast::to_string(shell.at())},
                                              {"items", rows},
                                              {"has_more", scanned.items.size() > settings.limit},
                                              {"counts", counts},
                                              {"without_terms", scanned.without_terms},
                                              {"tasks", api::tasks_json(scanned.drift.found())},
                                              {"data", age_json(view.age())}})
              << '\n';
}

// Sums that cannot be compared stand last, and that is said.
void print_missing_rates(Shell& shell, engine::DeskView& view, const Scanned& scanned) {
    const auto to = desk_settings(shell).options.currency;
    const auto today = std::chrono::floor<std::chrono::days>(shell.at()).time_since_epoch();
    std::set<Currency> missing;
    for (const auto& item : scanned.items)
        if (item.at_stake && item.at_stake->is_positive() && item.at_stake->currency() != to &&
            !missing.contains(item.at_stake->currency()) &&
            !desk::convert_at(view.rates(), *item.at_stake, to, Day{today}))
            missing.insert(item.at_stake->currency());
    for (const auto currency : missing)
        shell.out << wrap("No rate from " + std::string(code_of(currency)) + " to " +
                              std::string(code_of(to)) +
                              " is known, so its rows stand last: holdfast rates import FILE",
                          static_cast<std::size_t>(shell.width), 0)
                  << '\n';
}

void print(Shell& shell, engine::DeskView& view, const Scanned& scanned, const Settings& settings) {
    print_worklist(shell, {scanned.items.data(), std::min(scanned.items.size(), settings.limit)});
    print_more(shell, scanned.items.size(), settings.limit);
    shell.out << '\n';
    std::string counts;
    for (const auto& [word, count] : scanned.counts)
        counts += (counts.empty() ? "" : ", ") + std::to_string(count) + ' ' +
                  std::string(to_string(word));
    if (!counts.empty())
        shell.out << wrap(counts + '.', static_cast<std::size_t>(shell.width), 0) << '\n';
    print_missing_rates(shell, view, scanned);
    if (scanned.without_terms)
        shell.out << scanned.without_terms
                  << (scanned.without_terms == 1 ? " purchase stands" : " purchases stand")
                  << " under no edition that we have: holdfast explain ORDER says why.\n";
    for (const auto& one : scanned.drift.found())
        shell.out << wrap("Task: " + desk::sentence_of(one), static_cast<std::size_t>(shell.width),
                          4)
                  << '\n';
    shell.out << wrap(age_text(view.age(), shell.at()), static_cast<std::size_t>(shell.width), 0)
              << '\n';
}

// All of it, whatever the limit of the screen is.
void write(Shell& shell, const Scanned& scanned, const std::string& file) {
    const auto sheet = formats::worklist_sheet(scanned.items);
    write_report(file, {&sheet, 1},
                 [&] { return formats::closing_calendar(scanned.items, shell.at()); });
    const bool is_calendar = file.ends_with(".ics");
    const auto count =
        is_calendar ? formats::closing_events(scanned.items, shell.at()) : scanned.items.size();
    const std::string_view name = is_calendar ? "event" : "row";
    shell.err << count << ' ' << name << (count == 1 ? "" : "s") << " written to " << file << '\n';
}

Exit scan(Shell& shell, const Settings& settings) {
    auto view = desk_view(shell);
    auto scanned = scan_all(shell, view, settings);
    tell_arrivals(view, scanned, settings.out.empty() ? settings.limit : scanned.items.size());
    if (!settings.out.empty())
        write(shell, scanned, settings.out);
    else if (shell.json)
        print_json(shell, view, scanned, settings);
    else
        print(shell, view, scanned, settings);
    return Exit::ok;
}

}  // namespace

void add_scan(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "scan", "The worklist: what may be claimed, until when, and what to do next");
    auto settings = std::make_shared<Settings>();
    command->add_option("--word", settings->words, "Only these worklist words");
    command->add_option("--limit", settings->limit, "Rows at most (50)")
        ->check(CLI::Range(1, 100'000'000));
    command->add_flag("--all", settings->all, "Settled orders too");
    command->add_option(
        "--out", settings->out,
        "All rows into a file: .csv, .xlsx, or .ics with the windows that close or open");
    command->footer(
        "Sorted by the money that lapses per hour. An = before a countdown: it rests on an "
        "estimate.\n\n"
        "Examples:\n  holdfast scan\n  holdfast scan --word claim_now --word closing_soon --json\n "
        " holdfast scan --at 2026-12-01T00:00:00Z");
    command->callback(
        [&run, settings] { run = [settings](Shell& shell) { return scan(shell, *settings); }; });
}

}  // namespace holdfast::cli
