// holdfast explain ORDER: one answer, clause by clause, with what would flip it.

#include "terms/explain.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string order;
    std::string verb = "open_dispute";
    std::string reason;
    std::string by = "buyer";
    bool full = false;
};

struct Explained {
    const engine::PurchaseView& view;
    desk::FactsOfPurchase facts;
    terms::Question question;
    terms::Explanation explanation;
};

template <class E>
E word(const std::string& text, std::string_view option) {
    if (const auto found = terms::parse_word<E>(text)) return *found;
    std::string all;
    for (const auto one : terms::words_of<E>()) all += (all.empty() ? "" : ", ") + std::string(one);
    throw Stop(Exit::usage,
               std::string(option) + ": found \"" + text + "\", expected one of " + all);
}

// What an order's state suggests asking, unless a reason is given.
terms::Reason reason_of(const Asked& asked, const desk::FactsOfPurchase& facts) {
    if (!asked.reason.empty()) return word<terms::Reason>(asked.reason, "--reason");
    return facts.facts.at(terms::Moment::delivered_last).known() ? terms::Reason::not_as_described
                                                                 : terms::Reason::not_received;
}

std::string clause_id(const terms::Terms& terms, std::int32_t clause) {
    return clause < 0 ? "no clause" : terms.clause_at(clause)->id;
}

std::string window_text(const terms::Judgement& judgement) {
    std::string text;
    if (judgement.opens_at) text += "from " + short_time(*judgement.opens_at);
    if (judgement.closes_at)
        text += (text.empty() ? "until " : " until ") + short_time(*judgement.closes_at);
    return text.empty() ? "no bound" : text;
}

std::string verdict_text(const terms::Judgement& judgement) {
    using terms::Verdict;
    switch (judgement.verdict) {
    case Verdict::yes:              return "yes";
    case Verdict::limited:          return "no, barred";
    case Verdict::spent:            return "no, used up";
    case Verdict::too_late:         return "no, too late";
    case Verdict::failed_condition: return "no";
    case Verdict::too_early:        return "no, not yet";
    case Verdict::not_applicable:   return "does not apply";
    }
    return {};
}

class Printer {
public:
    Printer(Shell& shell, const Asked& asked, const Explained& one)
        : shell_(shell), asked_(asked), one_(one), terms_(*one.view.terms) {}

    void print() {
        head();
        for (const auto& trace : one_.explanation.clauses) clause(trace);
        flips();
        promises();
        doubts();
    }

private:
    void line(const std::string& text, std::size_t indent = 0) {
        shell_.out << std::string(indent, ' ');
        rest(text, indent);
    }
    // The same where the cursor stands at `indent` already.
    void rest(const std::string& text, std::size_t indent) {
        shell_.out << wrap(printable(text), static_cast<std::size_t>(shell_.width), indent) << '\n';
    }

    void head() {
        const auto& answer = one_.explanation.answer;
        const auto& purchase = one_.view.purchase;
        line(purchase.system + ' ' + purchase.reference +
             (one_.view.item.title.empty() ? "" : ", " + one_.view.item.title));
        const auto what =
            "May the " + std::string(to_string(one_.question.by)) + ' ' +
            std::string(to_string(one_.question.verb)) +
            (one_.question.reason ? " for " + std::string(to_string(*one_.question.reason)) : "") +
            " at " + holdfast::to_string(one_.question.at) + "?";
        line(what);
        shell_.out << shell_.paint(answer.allowed ? "Yes" : "No",
                                   answer.allowed ? "bold green" : "bold red")
                   << ": " << to_string(answer.outcome) << ", by "
                   << clause_id(terms_, answer.clause) << '\n';
        if (answer.opens_at || answer.closes_at) {
            terms::Judgement window;
            window.opens_at = answer.opens_at;
            window.closes_at = answer.closes_at;
            line("Window: " + window_text(window));
        }
        line("Terms: " + terms_.id + ", content hash " + to_hex(terms_.content_hash).substr(0, 16) +
             "…, zone " + terms_.zone->name());
    }

    void clause(const terms::ClauseTrace& trace) {
        const auto& clause = *terms_.clause_at(trace.clause);
        const bool deciding = trace.clause == one_.explanation.answer.clause;
        const bool applies = trace.judgement.verdict != terms::Verdict::not_applicable;
        if (!applies && !deciding && !asked_.full) return passed_over(clause, trace);
        shell_.out << '\n'
                   << shell_.paint(clause.id, deciding ? "bold" : "dim") << "  "
                   << verdict_text(trace.judgement);
        if (applies) shell_.out << ": " << to_string(trace.judgement.outcome);
        shell_.out << '\n';
        if (applies) line("window " + window_text(trace.judgement), 2);
        line(clause.text, 2);
        if (!trace.opens.empty())
            line((clause.kind == terms::Kind::limit ? "after " : "opens ") + trace.opens, 2);
        if (!trace.closes.empty()) line("closes " + trace.closes, 2);
        for (const auto& condition : trace.conditions)
            line(std::string(condition.holds ? "holds: " : "fails: ") + condition.text +
                     (condition.decided ? "  <- this decides" : ""),
                 2);
        facts(trace);
        if (!clause.reading.empty()) line("reading: " + clause.reading, 2);
        line("grade " + std::string(clause.grade ? to_string(*clause.grade) : "none") +
                 (clause.carried_from.empty() ? "" : ", carried over from " + clause.carried_from),
             2);
        for (const auto& key : clause.sources)
            if (const auto* source = terms_.find_source(key))
                line("source " + source->url + ", " + source->date, 2);
    }

    // A clause that does not speak here: one line, with what it wants.
    void passed_over(const terms::Clause& clause, const terms::ClauseTrace& trace) {
        auto wants = trace.opens.empty() ? std::string{} : "it waits for " + trace.opens;
        for (const auto& condition : trace.conditions)
            if (condition.decided) wants = "fails: " + condition.text;
        if (is_first_passed_over_) shell_.out << '\n';
        is_first_passed_over_ = false;
        shell_.out << shell_.paint(clause.id, "dim") << "  does not apply: ";
        rest(wants, clause.id.size() + 18);
    }

    void facts(const terms::ClauseTrace& trace) {
        for (const auto& fact : trace.facts) {
            if (fact.value.empty()) {
                line(fact.name + ": not known", 4);
                continue;
            }
            auto text = fact.name + " = " + fact.value + "  (" + fact.source;
            if (fact.seen_at != Instant{}) text += ", seen " + short_time(fact.seen_at);
            line(text + ")", 4);
        }
    }

    void flips() {
        shell_.out << '\n';
        if (one_.explanation.flips.empty())
            return line("Nothing that we know of would flip this answer.");
        line(one_.explanation.answer.allowed ? "The answer would be no:"
                                             : "The answer would be yes:");
        std::size_t shown = 0;
        for (const auto& flip : one_.explanation.flips) {
            if (++shown > 8) break;
            line("- " + flip.text + " (" + std::string(to_string(flip.outcome)) + ")", 2);
        }
    }

    // Every date that a source gave or let us compute, so that a change of the promise can be
    // traced.
    void promises() {
        const auto& purchase = one_.view.purchase;
        if (purchase.promises.empty()) return;
        shell_.out << '\n';
        line("The promise, as read:");
        for (const auto& [format, reading] : purchase.promises) {
            const bool believed = purchase.promise && *purchase.promise == reading;
            line("- " + holdfast::to_string(reading.value.at) + ", " +
                     std::string(desk::to_string(reading.value.confidence)) + ": " +
                     reading.value.basis + " (" + desk::source_of(reading.origin) + ", seen " +
                     short_time(reading.origin.seen_at) + ")" + (believed ? "  <- believed" : ""),
                 2);
        }
    }

    void doubts() {
        for (const auto& estimate : one_.facts.estimates)
            line("Estimate: " + std::string(to_string(estimate.moment)) + ": " + estimate.reason);
        for (const auto& doubt : one_.facts.doubts) line("Doubt: " + doubt);
    }

    Shell& shell_;
    const Asked& asked_;
    const Explained& one_;
    const terms::Terms& terms_;
    bool is_first_passed_over_ = true;
};

json::array facts_json(const terms::ClauseTrace& trace) {
    json::array rows;
    for (const auto& fact : trace.facts)
        rows.push_back({{"name", fact.name},
                        {"value", fact.value.empty() ? json::value() : json::value(fact.value)},
                        {"source", fact.source},
                        {"seen_at", fact.seen_at == Instant{}
                                        ? json::value()
                                        : json::value(holdfast::to_string(fact.seen_at))}});
    return rows;
}

json::object clause_json(const terms::Terms& terms, const terms::ClauseTrace& trace) {
    json::array conditions;
    for (const auto& one : trace.conditions)
        conditions.push_back({{"text", one.text}, {"holds", one.holds}, {"decided", one.decided}});
    const auto& clause = *terms.clause_at(trace.clause);
    return {{"clause", clause.id},
            {"text", clause.text},
            {"verdict", verdict_text(trace.judgement)},
            {"outcome", to_string(trace.judgement.outcome)},
            {"opens", trace.opens},
            {"closes", trace.closes},
            {"opens_at", instant_json(trace.judgement.opens_at)},
            {"closes_at", instant_json(trace.judgement.closes_at)},
            {"conditions", conditions},
            {"facts", facts_json(trace)},
            {"amount", trace.amount ? json::value(*trace.amount) : json::value()}};
}

json::array promises_json(const desk::Purchase& purchase) {
    json::array rows;
    for (const auto& [format, reading] : purchase.promises)
        rows.push_back({{"at", holdfast::to_string(reading.value.at)},
                        {"confidence", desk::to_string(reading.value.confidence)},
                        {"basis", reading.value.basis},
                        {"source", desk::source_of(reading.origin)},
                        {"seen_at", holdfast::to_string(reading.origin.seen_at)},
                        {"believed", purchase.promise && *purchase.promise == reading}});
    return rows;
}

void print_json(Shell& shell, const Explained& one) {
    const auto& terms = *one.view.terms;
    const auto& answer = one.explanation.answer;
    json::array clauses, flips, estimates;
    for (const auto& trace : one.explanation.clauses) clauses.push_back(clause_json(terms, trace));
    for (const auto& flip : one.explanation.flips)
        flips.push_back({{"text", flip.text}, {"outcome", to_string(flip.outcome)}});
    for (const auto& estimate : one.facts.estimates)
        estimates.push_back({{"moment", to_string(estimate.moment)}, {"reason", estimate.reason}});
    shell.out << json::serialize(json::object{
                     {"system", one.view.purchase.system},
                     {"reference", one.view.purchase.reference},
                     {"at", holdfast::to_string(one.question.at)},
                     {"verb", to_string(one.question.verb)},
                     {"reason", one.question.reason ? json::value(to_string(*one.question.reason))
                                                    : json::value()},
                     {"allowed", answer.allowed},
                     {"outcome", to_string(answer.outcome)},
                     {"clause", clause_id(terms, answer.clause)},
                     {"opens_at", instant_json(answer.opens_at)},
                     {"closes_at", instant_json(answer.closes_at)},
                     {"terms", terms.id},
                     {"content_hash", to_hex(terms.content_hash)},
                     {"clauses", clauses},
                     {"flips", flips},
                     {"promises", promises_json(one.view.purchase)},
                     {"estimates", estimates},
                     {"doubts", texts_json(one.facts.doubts)}})
              << '\n';
}

// With the window that the worklist tells, also at the clause that decides.
terms::Explanation explained(const terms::Terms& terms, const desk::FactsOfPurchase& facts,
                             const terms::Question& question) {
    auto explanation = terms::explain(terms, facts.facts, question);
    auto& answer = explanation.answer;
    answer = desk::with_silence(answer, question, facts);
    for (auto& trace : explanation.clauses)
        if (trace.clause == answer.clause) trace.judgement.opens_at = answer.opens_at;
    return explanation;
}

void explain_one(Shell& shell, const Asked& asked, const engine::PurchaseView& view) {
    if (!view.terms)
        throw Stop(Exit::not_found,
                   view.purchase.reference + ": " + view.item.why + ". " + view.item.next_step);
    auto facts = desk::facts_of(view.purchase, view.parcels, desk_settings(shell).options,
                                shell.at(), *view.terms);
    const auto verb = word<terms::Verb>(asked.verb, "--verb");
    terms::Question question{
        .at = shell.at(), .by = word<terms::Party>(asked.by, "--by"), .verb = verb};
    if (verb == terms::Verb::open_dispute || !asked.reason.empty())
        question.reason = reason_of(asked, facts);
    auto explanation = explained(*view.terms, facts, question);
    const Explained one{view, std::move(facts), question, std::move(explanation)};
    if (shell.json)
        print_json(shell, one);
    else
        Printer(shell, asked, one).print();
}

bool is_named(const desk::Purchase& purchase, const std::string& wanted) {
    const auto terms = desk::search_terms(purchase);
    return std::ranges::find(terms, wanted) != terms.end();
}

// The purchases that the text names itself; where it names a sale, all of the sale's.
std::vector<const engine::PurchaseView*> purchases_of(const engine::DeskView::Found& found,
                                                      const std::string& text) {
    std::vector<const engine::PurchaseView*> all, named;
    for (const auto& one : found.purchases) all.push_back(&one);
    for (const auto& sale : found.sales)
        for (const auto& one : sale.purchases) all.push_back(&one);
    const auto wanted = desk::normalise_search(text);
    for (const auto* one : all)
        if (is_named(one->purchase, wanted)) named.push_back(one);
    return named.empty() ? all : named;
}

Exit explain(Shell& shell, const Asked& asked) {
    auto view = desk_view(shell);
    const auto found = view.search(asked.order);
    const auto purchases = purchases_of(found, asked.order);
    if (purchases.empty())
        throw Stop(Exit::not_found, "no purchase is known by \"" + asked.order + "\"");
    for (std::size_t i = 0; i < purchases.size(); ++i) {
        if (i && !shell.json)
            shell.out << '\n' << std::string(static_cast<std::size_t>(shell.width), '-') << '\n';
        explain_one(shell, asked, *purchases[i]);
    }
    return Exit::ok;
}

}  // namespace

void add_explain(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("explain", "One answer, clause by clause, and what would flip it");
    auto asked = std::make_shared<Asked>();
    command->add_option("ORDER", asked->order, "A supplier order, store order or tracking number")
        ->required();
    command->add_option("--verb", asked->verb, "What is asked for (open_dispute)");
    command->add_option(
        "--reason", asked->reason,
        "not_received, late, not_as_described, …; by the order's state if left out");
    command->add_flag("--full", asked->full, "Clauses that do not apply in full too");
    command->add_option("--by", asked->by, "buyer, seller or platform (buyer)");
    command->footer(
        "Examples:\n  holdfast explain 3099000000000103\n  holdfast explain '#1052' --at "
        "2026-12-01T00:00:00Z\n  holdfast explain 3099000000000102 --reason not_as_described "
        "--json");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return explain(shell, *asked); }; });
}

}  // namespace holdfast::cli
