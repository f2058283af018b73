#include "cli/remedy_text.h"

#include "api/remedy_json.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "desk/text.h"

#include <algorithm>
#include <ostream>
#include <utility>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

// "1 USD = 0.9 EUR (2026-08-01)": the rate as it was given, whatever its fraction.
std::string rate_text(const desk::RateUsed& used) {
    const auto from = std::string(code_of(used.from)), to = std::string(code_of(used.to));
    return std::to_string(used.rate.denominator) + ' ' + from + " = " +
           std::to_string(used.rate.numerator) + ' ' + to + " (" + holdfast::to_string(used.on) +
           ')';
}
std::string rates_text(const desk::SumTerm& term) {
    std::string text;
    for (const auto& used : term.rates) text += (text.empty() ? "" : ", ") + rate_text(used);
    return text;
}

std::string when_text(const desk::Outcome& outcome) {
    std::string text;
    for (const auto& branch : outcome.when)
        text += (text.empty() ? "if " : ", and ") + desk::to_text(branch);
    return text.empty() ? "in any case" : text;
}

std::string sum_text(const std::optional<Money>& sum) { return sum ? to_decimal(*sum) : "?"; }
std::string day_text(const std::optional<Instant>& at) {
    return at ? holdfast::to_string(*at).substr(0, 10) : "";
}

class Printer {
public:
    Printer(Shell& shell, const RemedyReport& report) : shell_(shell), report_(report) {}

    void print() {
        head();
        const auto code = std::string(code_of(report_.found.currency));
        table("Allowed, by expected profit, by the worst where that is not known, in " + code,
              /*allowed=*/true);
        table("Not allowed, in " + code, /*allowed=*/false);
        missing_rates();
        if (report_.details)
            for (const auto& way : report_.found.remedies.ways) details(way);
        for (const auto& text : report_.texts) {
            shell_.out << '\n' << shell_.paint("Draft", "dim") << '\n';
            paragraphs(text);
        }
    }

private:
    void line(const std::string& text, std::size_t indent = 0) {
        shell_.out << std::string(indent, ' ')
                   << wrap(printable(text), static_cast<std::size_t>(shell_.width), indent) << '\n';
    }
    void paragraphs(std::string_view letter) {
        while (!letter.empty()) {
            const auto end = letter.find('\n');
            line(std::string(letter.substr(0, end)), 2);
            letter.remove_prefix(end == letter.npos ? letter.size() : end + 1);
        }
    }

    void head() {
        const auto& complaint = report_.found.view.complaint;
        line(report_.sale.reference + ": " + std::string(terms::to_string(complaint.reason)) +
             ", sold for " + holdfast::to_string(complaint.paid.amount) +
             (complaint.refunded
                  ? ", " + holdfast::to_string(complaint.refunded->amount) + " of it refunded"
                  : std::string{}) +
             ", as of " + short_time(shell_.at()));
        const auto& due = report_.found.remedies.due;
        line("Due to the customer: " + std::string(desk::to_string(due.what)) +
             (due.by ? ", by " + short_time(*due.by) : std::string{}));
        for (const auto& basis : due.basis) line("- " + basis, 2);
        for (std::size_t i = 0; i < complaint.supplies.size(); ++i) {
            const auto& supply = complaint.supplies[i];
            line("Claim on " + supply.name + ": " + std::string(desk::to_string(supply.claim)) +
                 "; " + supply.claim_why);
        }
        if (report_.found.arrival)
            line("The chance that it still arrives: " + desk::to_text(*report_.found.arrival) +
                 ".");
        if (report_.found.claim)
            line("The chance that our claim is granted: " + desk::to_text(*report_.found.claim) +
                 ".");
        for (const auto& doubt : report_.found.view.doubts) line("Doubt: " + doubt);
    }

    void table(const std::string& title, bool allowed) {
        Table table({{.name = "way", .may_shrink = false},
                     {.name = "expected", .right = true, .may_shrink = false},
                     {.name = "best", .right = true, .may_shrink = false},
                     {.name = "worst", .right = true, .may_shrink = false},
                     {.name = "cash now", .right = true, .may_shrink = false},
                     {.name = "by", .least = 10}});
        for (const auto& way : report_.found.remedies.ways)
            if (way.allowed == allowed)
                table.add({way.name, sum_text(way.expected), sum_text(way.best),
                           sum_text(way.worst), sum_text(way.cash_now), day_text(way.by)},
                          below(way));
        if (table.empty()) return;
        shell_.out << '\n' << shell_.paint(title, "bold") << '\n';
        shell_.out << table.draw(shell_.width, shell_.colour);
    }
    void missing_rates() {
        const auto lacks_rate = [](const desk::Way& way) {
            return std::ranges::any_of(
                way.missing, [](const std::string& one) { return one.starts_with("a rate "); });
        };
        if (std::ranges::any_of(report_.found.remedies.ways, lacks_rate))
            line("Rates come in by: holdfast rates import FILE");
    }
    static std::string below(const desk::Way& way) {
        std::string text = way.allowed ? "customer gets: " + way.gets : way.reason;
        if (!way.condition.empty()) text += "; " + way.condition;
        if (!way.missing.empty()) text += "; not known: " + desk::join(way.missing, ", ");
        return text;
    }

    void details(const desk::Way& way) {
        shell_.out << '\n' << shell_.paint(way.name, "bold") << '\n';
        for (const auto& outcome : way.outcomes) {
            line(when_text(outcome) + (outcome.possible ? "" : " (chance 0)") + ": " + outcome.gets,
                 2);
            Table table({{.name = "term", .least = 16},
                         {.name = "amount", .right = true, .may_shrink = false},
                         {.name = std::string(code_of(report_.found.currency)),
                          .right = true,
                          .may_shrink = false},
                         {.name = "day", .may_shrink = false},
                         {.name = "rate", .least = 10}});
            for (const auto& term : outcome.terms)
                table.add({"    " + term.label, holdfast::to_string(term.amount),
                           sum_text(term.report), holdfast::to_string(term.on), rates_text(term)});
            table.add({"    profit", "", sum_text(outcome.profit), "", ""});
            shell_.out << table.draw(shell_.width, shell_.colour);
        }
    }

    Shell& shell_;
    const RemedyReport& report_;
};

}  // namespace

void print_remedies(Shell& shell, const RemedyReport& report) { Printer(shell, report).print(); }

void print_remedies_json(Shell& shell, const RemedyReport& report) {
    auto document = api::remedies_json(report.found);
    document["system"] = report.sale.system;
    document["reference"] = report.sale.reference;
    document["at"] = holdfast::to_string(shell.at());
    document["texts"] = texts_json(report.texts);
    shell.out << json::serialize(document) << '\n';
}

}  // namespace holdfast::cli
