// holdfast play SCENARIO…: a story about one order, played under any terms.

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/player.h"
#include "cli/table.h"
#include "formats/order_text.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using formats::instant_text;

struct Asked {
    std::vector<std::string> files;
    std::string terms, until;
    bool check = false, no_check = false;
};

// One scenario with all that it is played under. Own terms live here, the others in the rulebook.
struct Stage {
    std::string file;
    formats::Scenario scenario;
    std::optional<terms::Terms> own;
    std::vector<const terms::Terms*> law;
    order::Rules rules;
    PlayOptions options;
};

formats::Scenario read(const std::string& path) {
    auto scenario = formats::read_scenario(read_file(path));
    if (scenario) return std::move(*scenario);
    std::string lines;
    for (const auto& error : scenario.error())
        lines += (lines.empty() ? "" : "\n") + formats::to_string(error, path);
    throw Stop(Exit::failure, lines);
}

const terms::Terms* find_terms(Shell& shell, const std::string& id) {
    if (const auto* found = shell.rules().find(id)) return found;
    std::string ids;
    for (const auto& one : shell.rules().terms) ids += (ids.empty() ? "" : ", ") + one.id;
    throw Stop(Exit::not_found, "found no terms \"" + id + "\", expected a file or one of " + ids);
}

void set_terms(Shell& shell, const std::string& id_or_file, Stage& stage) {
    if (id_or_file.empty())
        throw Stop(Exit::usage, stage.file + ": names no terms; say --terms FILE_OR_ID");
    std::error_code error;
    if (!shell.rules().find(id_or_file) && fs::is_regular_file(id_or_file, error)) {
        auto loaded = formats::load_terms_file(shell.rules(), id_or_file);
        if (!loaded) {
            std::string lines;
            for (const auto& one : loaded.error())
                lines += (lines.empty() ? "" : "\n") + to_string(one);
            throw Stop(Exit::configuration, lines);
        }
        stage.own = std::move(*loaded);
        stage.rules.terms = &*stage.own;
        return;
    }
    stage.rules.terms = find_terms(shell, id_or_file);
}

std::optional<Instant> until(const Asked& asked) {
    if (asked.until.empty()) return std::nullopt;
    if (const auto parsed = parse_instant(asked.until)) return parsed;
    throw Stop(Exit::usage, "--until: found \"" + asked.until +
                                "\", expected an instant such as 2026-02-13T12:00:00Z");
}

std::unique_ptr<Stage> set_stage(Shell& shell, const Asked& asked, const std::string& file) {
    auto stage = std::make_unique<Stage>();
    stage->file = file;
    stage->scenario = read(file);
    set_terms(shell, asked.terms.empty() ? stage->scenario.terms : asked.terms, *stage);
    for (const auto& id : stage->scenario.law) stage->law.push_back(find_terms(shell, id));
    stage->rules.law = stage->law;
    if (stage->scenario.grace) stage->rules.grace = *stage->scenario.grace;
    stage->options.until = until(asked);
    stage->options.check = !asked.no_check && (asked.check || stage->scenario.has_expectations());
    return stage;
}

// --- For people

class Printer {
public:
    Printer(Shell& shell, const Stage& stage, const Played& played)
        : shell_(shell), stage_(stage), terms_(*stage.rules.terms), played_(played) {}

    void print() {
        const auto& title = stage_.scenario.title;
        const auto head = wrap(printable(title.empty() ? stage_.file : title),
                               static_cast<std::size_t>(shell_.width), 0);
        shell_.out << shell_.paint(head, "bold") << '\n';
        line("Terms " + terms_.id + ", " + terms_.title + "; grace " + to_words(stage_.rules.grace),
             0);
        for (const auto& one : played_.turns) turn(one);
        shell_.out << '\n';
        mismatches();
    }

private:
    // A painted beginning and its text; what does not fit goes on at column `hang`.
    struct Head {
        std::string_view text, style;
        std::size_t hang;
    };
    void line(const std::string& text, std::size_t indent) {
        line(text, indent, {.text = {}, .style = {}, .hang = indent});
    }
    void line(const std::string& text, std::size_t indent, const Head& head) {
        shell_.out << std::string(indent, ' ');
        if (!head.text.empty()) shell_.out << shell_.paint(head.text, head.style);
        // wrap() believes that it begins at `hang`: what stands further right is filled up.
        const auto at = indent + width_of(head.text);
        const auto filled = at > head.hang ? at - head.hang : 0;
        const auto wrapped = wrap(std::string(filled, '.') + printable(text),
                                  static_cast<std::size_t>(shell_.width), head.hang);
        shell_.out << wrapped.substr(filled) << '\n';
    }

    void turn(const Turn& turn) {
        shell_.out << '\n';
        const auto at = instant_text(turn.at);
        line(turn.step ? "  " + turn.step->text : "  time alone", 0,
             {.text = at, .style = turn.step ? "bold" : "dim", .hang = at.size() + 2});
        for (const auto& event : turn.events) this->event(event);
        if (turn.refusal) refusal(*turn.refusal);
        standing(turn.after);
        before_ = turn.after;
    }

    void event(const order::Recorded& recorded) {
        const auto text = formats::text_of(recorded.event, played_.currency);
        const auto name = order::name_of(recorded.event);
        auto rest = text.substr(name.size());
        if (recorded.when != recorded.at) rest += " (as of " + instant_text(recorded.when) + ")";
        line(rest, 4, {.text = name, .style = "green", .hang = 6});
        if (const auto* struck = std::get_if<order::DefaultStruck>(&recorded.event))
            if (const auto* clause = terms_.find(struck->clause.view())) sentence(*clause);
    }

    void refusal(const order::Refusal& refusal) {
        line(": " + formats::text_of(refusal, terms_, played_.currency), 4,
             {.text = "refused", .style = "bold red", .hang = 6});
        if (const auto* clause = terms_.clause_at(refusal.clause)) sentence(*clause);
    }

    void sentence(const terms::Clause& clause) { line("\"" + clause.text + "\"", 6); }

    // Only what changed.
    void standing(const Standing& now) {
        if (now.balances && now.balances != before_.balances &&
            (before_.balances || *now.balances != ledger::Balances(now.balances->currency())))
            line(": " + balances(*now.balances), 4,
                 {.text = "balances", .style = "dim", .hang = 6});
        if (now.exposure != before_.exposure)
            line(": " + formats::amount_text(now.exposure, played_.currency), 4,
                 {.text = "may still go back", .style = "dim", .hang = 6});
        if (now.next != before_.next)
            line(": " + (now.next ? formats::text_of(*now.next, terms_) : "nothing"), 4,
                 {.text = "next", .style = "dim", .hang = 6});
    }

    std::string balances(const ledger::Balances& balances) const {
        std::string text;
        for (std::size_t i = 0; i < ledger::account_count; ++i) {
            const auto account = static_cast<ledger::Account>(i);
            if (balances.of(account) == 0) continue;
            text += (text.empty() ? "" : ", ") + std::string(to_string(account)) + " " +
                    formats::amount_text(balances.of(account), balances.currency());
        }
        return text.empty() ? "all 0" : text;
    }

    void mismatches() {
        for (const auto& one : played_.mismatches) {
            line(":" + std::to_string(one.line) + ": " + one.text, 0,
                 {.text = stage_.file, .style = "bold red", .hang = 4});
            line("found " + one.found + ", expected " + one.expected, 4);
        }
        if (!stage_.options.check) return;
        const auto missed = played_.mismatches.size();
        const auto all = std::to_string(played_.expectations) + " expectations, ";
        if (missed == 0)
            line(all + "all met", 0);
        else
            line(all + std::to_string(missed) + (missed == 1 ? " mismatch" : " mismatches"), 0);
    }

    Shell& shell_;
    const Stage& stage_;
    const terms::Terms& terms_;
    const Played& played_;
    Standing before_;
};

// --- For programs: sums in minor units

json::object balances_json(const ledger::Balances& balances) {
    json::object object;
    for (std::size_t i = 0; i < ledger::account_count; ++i) {
        const auto account = static_cast<ledger::Account>(i);
        if (balances.of(account) != 0) object[to_string(account)] = balances.of(account);
    }
    return object;
}

json::object money_json(const order::Money& money) {
    return {{"authorised", money.authorised},    {"captured", money.captured},
            {"advanced", money.advanced()},      {"held", money.held},
            {"released", money.released},        {"refunded", money.refunded},
            {"compensated", money.compensated},  {"fees", money.fees},
            {"charged_back", money.charged_back}};
}

json::object turn_json(const Turn& turn, const terms::Terms& terms) {
    json::array events;
    for (const auto& event : turn.events) events.push_back(formats::json_of(event));
    const auto& after = turn.after;
    return {
        {"at", holdfast::to_string(turn.at)},
        {"line", turn.step ? json::value(turn.step->line) : json::value()},
        {"text", turn.step ? json::value(turn.step->text) : json::value()},
        {"cause", turn.step ? "step" : "time"},
        {"events", events},
        {"refused",
         turn.refusal ? json::value(formats::json_of(*turn.refusal, terms)) : json::value()},
        {"money", money_json(after.money)},
        {"balances", after.balances ? json::value(balances_json(*after.balances)) : json::value()},
        {"exposure", after.exposure},
        {"next", after.next ? json::value(formats::json_of(*after.next, terms)) : json::value()}};
}

void print_json(Shell& shell, const Stage& stage, const Played& played) {
    const auto& terms = *stage.rules.terms;
    json::array turns, mismatches;
    for (const auto& turn : played.turns) turns.push_back(turn_json(turn, terms));
    for (const auto& one : played.mismatches)
        mismatches.push_back({{"line", one.line},
                              {"text", one.text},
                              {"expected", one.expected},
                              {"found", one.found}});
    shell.out << json::serialize(json::object{{"file", stage.file},
                                              {"title", stage.scenario.title},
                                              {"terms", terms.id},
                                              {"content_hash", to_hex(terms.content_hash)},
                                              {"grace_ms", stage.rules.grace.count()},
                                              {"currency", code_of(played.currency)},
                                              {"turns", turns},
                                              {"checked", stage.options.check},
                                              {"expectations", played.expectations},
                                              {"mismatches", mismatches}})
              << '\n';
}

Exit run_play(Shell& shell, const Asked& asked) {
    auto code = Exit::ok;
    bool is_first = true;
    for (const auto& file : asked.files) {
        const auto stage = set_stage(shell, asked, file);
        const auto played = play(stage->scenario, stage->rules, stage->options);
        if (!played.mismatches.empty()) code = Exit::failure;
        if (shell.json) {
            print_json(shell, *stage, played);
            continue;
        }
        if (!is_first) shell.out << '\n';
        is_first = false;
        Printer(shell, *stage, played).print();
    }
    return code;
}

}  // namespace

void add_play(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("play", "Play a story about one order, under any terms");
    auto asked = std::make_shared<Asked>();
    command->add_option("SCENARIO", asked->files, "Text files as docs/scenarios.md describes them")
        ->required();
    command->add_option("--terms", asked->terms,
                        "A terms file or an id, instead of the scenario's");
    command->add_option("--until", asked->until, "Let time pass to this instant, and stop");
    auto* check = command->add_flag("--check", asked->check,
                                    "Compare what is expected; so by itself where anything is");
    command->add_flag("--no-check", asked->no_check, "Only play")->excludes(check);
    command->footer(
        "Examples:\n"
        "  holdfast play samples/scenarios/lost.txt\n"
        "  holdfast play samples/scenarios/lost.txt --until 2026-02-13T12:00:00Z\n"
        "  holdfast play samples/scenarios/late.txt --terms aliexpress-2017 --no-check");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return run_play(shell, *asked); }; });
}

}  // namespace holdfast::cli
