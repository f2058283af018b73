// holdfast terms list|show|lint: what programmes promise, as clauses.

#include "cli/commands.h"
#include "cli/table.h"
#include "terms/headline.h"
#include "terms/lint.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

std::string days_text(const terms::Terms& one) {
    const auto from = one.from ? holdfast::to_string(*one.from) : std::string("…");
    return from + (one.until ? " to before " + holdfast::to_string(*one.until) : " on");
}

std::size_t clause_count(const terms::Terms& one) {
    return static_cast<std::size_t>(std::ranges::count_if(
        one.clauses, [](const auto& c) { return c.kind != terms::Kind::info; }));
}

Exit list(Shell& shell) {
    if (shell.json) {
        json::array rows;
        for (const auto& one : shell.rules().terms)
            rows.push_back(
                {{"id", one.id},
                 {"programme", one.programme},
                 {"title", one.title},
                 {"from", one.from ? json::value(holdfast::to_string(*one.from)) : json::value()},
                 {"until",
                  one.until ? json::value(holdfast::to_string(*one.until)) : json::value()},
                 {"clauses", clause_count(one)},
                 {"law", one.role == terms::Role::law},
                 {"content_hash", to_hex(one.content_hash)}});
        shell.out << json::serialize(rows) << '\n';
        return Exit::ok;
    }
    Table table({{.name = "id"},
                 {.name = "orders placed", .least = 10},
                 {.name = "clauses", .right = true},
                 {.name = "title", .least = 12}});
    for (const auto& one : shell.rules().terms)
        table.add(
            {Cell(one.id, "bold"), days_text(one), std::to_string(clause_count(one)), one.title});
    shell.out << table.draw(shell.width, shell.colour);
    return Exit::ok;
}

void row(Shell& shell, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    const auto label =
        "    " + std::string(name) + std::string(name.size() < 10 ? 10 - name.size() : 1, ' ');
    shell.out << label << wrap(value, static_cast<std::size_t>(shell.width), label.size()) << '\n';
}

void conditions(Shell& shell, const terms::Terms& one, const terms::Conditions& range,
                std::string_view word) {
    for (auto i = range.begin; i < range.end; ++i) {
        const auto& condition = one.conditions[i];
        row(shell, word,
            condition.text + (condition.otherwise
                                  ? " (else " + std::string(to_string(*condition.otherwise)) + ")"
                                  : ""));
    }
}

std::string sources_of(const terms::Terms& one, const auto& clause) {
    std::string text;
    for (const auto& key : clause.sources) {
        const auto* source = one.find_source(key);
        text += (text.empty() ? "" : "; ") + source->url + ", " + source->date;
    }
    return text;
}

void print(Shell& shell, const terms::Terms& one, const terms::Clause& clause) {
    shell.out << shell.paint(clause.id, "bold") << "  " << terms::headline(clause) << '\n';
    row(shell, "", clause.text);
    conditions(shell, one, clause.when, "when");
    conditions(shell, one, clause.unless, "unless");
    row(shell, "opens", to_text(one, clause.opens));
    row(shell, "closes", to_text(one, clause.closes));
    row(shell, "at", to_text(one, clause.at));
    row(shell, "after", to_text(one, clause.after));
    row(shell, "amount", to_text(one, clause.amount));
    row(shell, "remedies", terms::words_of_set<terms::Remedy>(clause.remedies));
    row(shell, "reading", clause.reading);
    const auto grade = clause.grade ? std::string(to_string(*clause.grade)) : std::string("none");
    row(shell, "grade",
        clause.carried_from.empty()
            ? grade
            : "carried over from " + clause.carried_from + ", there " + grade);
    row(shell, "source", sources_of(one, clause));
}

// "buyer shows photo or video, required, in a dispute for damaged"
std::string headline(const terms::ChecklistItem& item) {
    std::string kinds;
    for (const auto kind : item.kinds) {
        if (!kinds.empty()) kinds += item.need == terms::Need::required ? " and " : " or ";
        kinds += to_string(kind);
    }
    const bool is_helpful = item.need == terms::Need::helpful;
    const auto reasons = terms::words_of_set<terms::Reason>(item.reasons);
    return std::string(to_string(item.of)) + (is_helpful ? " may show " : " shows ") + kinds +
           (reasons.empty() ? "" : ", for " + reasons);
}

void print(Shell& shell, const terms::Terms& one, const terms::ChecklistItem& item) {
    shell.out << shell.paint(item.id, "bold") << "  " << headline(item) << '\n';
    row(shell, "", item.text);
    conditions(shell, one, item.when, "when");
    row(shell, "source", sources_of(one, item));
}

json::array sources_json(const terms::Terms& one, const auto& clause) {
    json::array sources;
    for (const auto& key : clause.sources) {
        const auto* source = one.find_source(key);
        sources.push_back({{"key", key},
                           {"url", source->url},
                           {"date", source->date},
                           {"grade", to_string(source->grade)}});
    }
    return sources;
}

json::object json_of(const terms::Terms& one, const terms::ChecklistItem& item) {
    json::array reasons, when, kinds;
    for (std::size_t i = 0; i < item.reasons.size(); ++i)
        if (item.reasons[i]) reasons.emplace_back(to_string(static_cast<terms::Reason>(i)));
    for (auto i = item.when.begin; i < item.when.end; ++i)
        when.emplace_back(one.conditions[i].text);
    for (const auto kind : item.kinds) kinds.emplace_back(to_string(kind));
    return {{"id", item.id},
            {"of", to_string(item.of)},
            {"for", std::move(reasons)},
            {"when", std::move(when)},
            {"kinds", std::move(kinds)},
            {"need", to_string(item.need)},
            {"text", item.text},
            {"sources", sources_json(one, item)}};
}

json::object json_of(const terms::Terms& checklist) {
    json::array items;
    for (const auto& item : checklist.checklist) items.push_back(json_of(checklist, item));
    return {{"id", checklist.id},
            {"title", checklist.title},
            {"programme", checklist.programme},
            {"content_hash", to_hex(checklist.content_hash)},
            {"items", std::move(items)}};
}

void print_checklist(Shell& shell, const terms::Terms& checklist) {
    shell.out << shell.paint(checklist.title, "bold") << '\n'
              << checklist.id << ", of " << checklist.programme << "; it decides nothing\n\n";
    for (const auto& item : checklist.checklist) print(shell, checklist, item);
}

json::object json_of(const terms::Terms& one, const terms::Clause& clause) {
    return {{"id", clause.id},
            {"kind", to_string(clause.kind)},
            {"what", terms::headline(clause)},
            {"text", clause.text},
            {"opens", to_text(one, clause.opens)},
            {"closes", to_text(one, clause.closes)},
            {"at", to_text(one, clause.at)},
            {"grade", clause.grade ? to_string(*clause.grade) : ""},
            {"carried_from", clause.carried_from},
            {"reading", clause.reading},
            {"sources", sources_json(one, clause)}};
}

// A checklist by its own id.
Exit show_checklist(Shell& shell, const terms::Terms& checklist) {
    if (shell.json)
        shell.out << json::serialize(json_of(checklist)) << '\n';
    else
        print_checklist(shell, checklist);
    return Exit::ok;
}

Exit show(Shell& shell, const std::string& id) {
    const auto& checklists = shell.rules().checklists;
    const auto own = std::ranges::find(checklists, id, &terms::Terms::id);
    if (own != checklists.end()) return show_checklist(shell, *own);
    const auto* one = shell.rules().find(id);
    if (!one)
        throw Stop(Exit::not_found,
                   "no terms with the id \"" + id + "\"; `holdfast terms list` names them all");
    const auto* checklist = shell.rules().find_checklist(one->programme);
    if (shell.json) {
        json::array clauses;
        for (const auto& clause : one->clauses) clauses.push_back(json_of(*one, clause));
        json::object shown{{"id", one->id},
                           {"title", one->title},
                           {"zone", one->zone->name()},
                           {"zone_basis", one->zone_basis},
                           {"content_hash", to_hex(one->content_hash)},
                           {"clauses", std::move(clauses)}};
        if (checklist) shown["checklist"] = json_of(*checklist);
        shell.out << json::serialize(shown) << '\n';
        return Exit::ok;
    }
    shell.out << shell.paint(one->title, "bold") << '\n'
              << one->id << ", orders placed " << days_text(*one) << ", zone " << one->zone->name()
              << " (" << one->zone_basis << ")\n\n";
    for (const auto& moment : one->moments)
        shell.out << moment.name << " = " << moment.text
                  << (moment.clause.empty() ? "" : "  (" + moment.clause + ")") << '\n';
    if (!one->moments.empty()) shell.out << '\n';
    for (const auto& clause : one->clauses) print(shell, *one, clause);
    if (!checklist) return Exit::ok;
    shell.out << '\n';
    print_checklist(shell, *checklist);
    return Exit::ok;
}

std::vector<terms::LoadError> lint_file(Shell& shell, const std::string& file,
                                        std::size_t& clauses) {
    const auto loaded = formats::load_terms_file(shell.rules(), file);
    if (!loaded) return loaded.error();
    clauses += loaded->clauses.size() + loaded->checklist.size();
    auto found = terms::lint(*loaded, file);
    if (loaded->role == terms::Role::checklist) {
        std::vector<const terms::Terms*> all;
        for (const auto& one : shell.rules().terms) all.push_back(&one);
        std::ranges::copy(terms::find_idle(*loaded, all, file), std::back_inserter(found));
    }
    if (loaded->role == terms::Role::seller) {
        const auto* platform = shell.rules().find(loaded->extends);
        if (!platform)
            found.push_back({file, 0, 0, "a seller's file must extend an operator's"});
        else
            std::ranges::copy(terms::find_worse(*platform, *loaded, file),
                              std::back_inserter(found));
    }
    return found;
}

Exit lint(Shell& shell, const std::vector<std::string>& files) {
    std::size_t clauses = 0;
    std::vector<terms::LoadError> found;
    for (const auto& file : files)
        std::ranges::copy(lint_file(shell, file, clauses), std::back_inserter(found));
    if (shell.json) {
        json::array rows;
        for (const auto& one : found)
            rows.push_back({{"file", one.file},
                            {"line", one.line},
                            {"column", one.column},
                            {"message", one.message}});
        shell.out << json::serialize(json::object{
                         {"files", files.size()}, {"clauses", clauses}, {"found", rows}})
                  << '\n';
    } else {
        for (const auto& one : found) shell.out << to_string(one) << '\n';
        shell.out << files.size() << (files.size() == 1 ? " file, " : " files, ") << clauses
                  << " clauses, " << found.size()
                  << (found.size() == 1 ? " finding\n" : " findings\n");
    }
    return found.empty() ? Exit::ok : Exit::failure;
}

}  // namespace

void add_terms(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("terms", "What programmes promise, as clauses");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n  holdfast terms list\n  holdfast terms show aliexpress-current\n  holdfast "
        "terms lint my-terms/*.toml");
    command->add_subcommand("list", "All editions")->callback([&run] { run = list; });
    auto* showing = command->add_subcommand("show", "One edition with its clauses and sources");
    auto id = std::make_shared<std::string>();
    showing->add_option("ID", *id, "For example aliexpress-current")->required();
    showing->callback([&run, id] { run = [id](Shell& shell) { return show(shell, *id); }; });
    auto* linting =
        command->add_subcommand("lint", "Check terms files: syntax, words, sources, dates, grades");
    auto files = std::make_shared<std::vector<std::string>>();
    linting->add_option("FILE", *files, "Terms files")->required();
    linting->callback(
        [&run, files] { run = [files](Shell& shell) { return lint(shell, *files); }; });
}

}  // namespace holdfast::cli
