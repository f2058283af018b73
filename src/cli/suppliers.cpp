// holdfast scorecard, recovery, gap: what each supplier is worth, what suppliers owe, and what a
// customer may still ask when the supplier's cover has ended.

#include "api/supplier_json.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/report_file.h"
#include "cli/table.h"
#include "desk/share.h"
#include "engine/desk_reports.h"
#include "formats/supplier_sheets.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string out;
    std::size_t limit = 30;
};

std::string days_text(const std::optional<std::int32_t>& days) {
    return days ? std::to_string(*days) : "";
}
std::string share_text(const std::optional<desk::Share>& share) {
    if (!share) return "";
    const auto percent = [](std::int32_t value) { return std::to_string(desk::percent_of(value)); };
    return percent(share->seen) + " % (" + percent(share->low) + "-" + percent(share->high) + ")";
}
std::string seller_of(const std::string& seller) {
    return seller.empty() ? "(no seller named)" : seller;
}
std::string sum_text(std::int64_t minor, Currency currency) {
    return to_string(Money::of_minor(minor, currency));
}
void text(Shell& shell, const std::string& sentence) {
    shell.out << wrap(printable(sentence), static_cast<std::size_t>(shell.width), 0) << '\n';
}

// --- Scorecards

Exit scorecard(Shell& shell, const Asked& asked) {
    auto view = desk_view(shell);
    const auto cards = engine::scorecards_of(view);
    if (is_written(shell, asked.out, formats::scorecard_sheets(cards),
                   {{"suppliers", api::scorecards_json(cards)}}))
        return Exit::ok;
    Table table({{.name = "seller", .least = 16},
                 {.name = "orders", .right = true},
                 {.name = "promise kept", .right = true},
                 {.name = "days", .right = true},
                 {.name = "claims", .right = true},
                 {.name = "won", .right = true},
                 {.name = "to money", .right = true}});
    for (std::size_t i = 0; i < std::min(cards.size(), asked.limit); ++i) {
        const auto& card = cards[i];
        std::string below;
        for (const auto& [currency, its] : card.money)
            below += (below.empty() ? "" : "; ") + std::string("bought ") +
                     sum_text(its.bought, currency) + ", claimed " +
                     sum_text(its.claimed, currency) + ", received " +
                     sum_text(its.received, currency);
        table.add(
            {seller_of(card.seller), std::to_string(card.purchases),
             share_text(card.kept_promise()), days_text(card.days_to_arrive),
             std::to_string(card.claims), share_text(card.won()), days_text(card.days_to_money)},
            below);
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    print_more(shell, cards.size(), asked.limit);
    text(shell,
         "Promise kept: of stated promises that came or are over. Won: of decided claims, in part "
         "or whole. In brackets, where the truth lies nine times of ten. Days: the middle one, "
         "from shipping to arrival, from claim to money.");
    return Exit::ok;
}

// --- Recovery

Exit recovery(Shell& shell, const Asked& asked) {
    auto view = desk_view(shell);
    const auto found = engine::recovery_of(view);
    if (is_written(shell, asked.out, formats::recovery_sheets(found), api::recovery_json(found)))
        return Exit::ok;
    Table table({{.name = "currency"},
                 {.name = "", .least = 20},
                 {.name = "orders", .right = true},
                 {.name = "sum", .right = true}});
    for (const auto& [currency, one] : found.currencies()) {
        const auto row = [&](const char* what, const desk::AuditSum& sum) {
            table.add({std::string(code_of(currency)), what, std::to_string(sum.count),
                       sum_text(sum.minor, currency)});
        };
        row("claimed, not decided", one.hoped_for);
        row("expected", one.expected);
        row("received", one.received);
        row("owed", one.owed);
        row("came, and taken back again", one.taken_back);
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    const auto owed = found.owed();
    Table rows({{.name = "order", .may_shrink = false},
                {.name = "owed", .right = true, .may_shrink = false},
                {.name = "since"},
                {.name = "why", .least = 16}});
    for (std::size_t i = 0; i < std::min(owed.size(), asked.limit); ++i)
        rows.add({owed[i].reference, to_string(owed[i].rest),
                  owed[i].since ? holdfast::to_string(*owed[i].since).substr(0, 10) : "",
                  owed[i].why});
    if (!rows.empty()) shell.out << '\n' << rows.draw(shell.width, shell.colour);
    print_more(shell, owed.size(), asked.limit);
    const auto reversals = found.reversals();
    for (std::size_t i = 0; i < std::min(reversals.size(), asked.limit); ++i)
        text(shell, reversals[i].system + ' ' + reversals[i].reference + ": " +
                        desk::to_text(reversals[i].reversal) + ".");
    print_more(shell, reversals.size(), asked.limit);
    if (found.currencies().empty()) shell.out << "No supplier owes anything, and nothing came.\n";
    return Exit::ok;
}

// --- The gap between two promises

std::string advice_of(const desk::GapSupplier& one) {
    std::string found;
    if (one.delivery_days)
        found = "promise delivery within " + std::to_string(*one.delivery_days) + " days at most";
    if (one.complaint_days)
        found += (found.empty() ? "" : ", ") + std::string("take complaints within ") +
                 std::to_string(*one.complaint_days) + " days of delivery, where law allows it";
    return found.empty() ? "" : found + "; by " + std::to_string(one.sample) + " orders";
}

void print_suppliers(Shell& shell, const std::vector<desk::GapSupplier>& suppliers,
                     std::size_t limit) {
    Table table({{.name = "seller", .least = 16},
                 {.name = "cover", .least = 8},
                 {.name = "orders", .right = true},
                 {.name = "uncovered", .right = true}});
    for (std::size_t i = 0; i < std::min(suppliers.size(), limit); ++i) {
        const auto& one = suppliers[i];
        auto below = advice_of(one);
        const auto add = [&](const char* what, const auto& sums) {
            for (const auto& [currency, sum] : sums) {
                table.add({seller_of(one.seller), what, std::to_string(sum.count),
                           sum_text(sum.minor, currency)},
                          below);
                below.clear();
            }
        };
        add("is over", one.over);
        add("will end", one.coming);
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    print_more(shell, suppliers.size(), limit);
}

Exit gap(Shell& shell, const Asked& asked) {
    auto view = desk_view(shell);
    const auto found = engine::gap_of(view, shell.rules());
    if (is_written(shell, asked.out, formats::gap_sheets(found), api::gap_json(found)))
        return Exit::ok;
    print_suppliers(shell, found.suppliers(), asked.limit);
    const auto rows = found.rows();
    Table table({{.name = "sale", .may_shrink = false},
                 {.name = "order", .may_shrink = false},
                 {.name = "complaint", .least = 12},
                 {.name = "cover ends", .may_shrink = false},
                 {.name = "uncovered", .right = true, .may_shrink = false}});
    for (std::size_t i = 0; i < std::min(rows.size(), asked.limit); ++i) {
        const auto& one = rows[i];
        const auto until = one.due_until ? "due until " + short_time(*one.due_until)
                                         : std::string("due, open-ended");
        table.add({one.sale_reference, one.reference, std::string(terms::to_string(one.reason)),
                   (one.estimated ? "= " : "") + holdfast::to_string(one.cover_ends).substr(0, 10),
                   one.uncovered ? to_string(*one.uncovered) : "?"},
                  until + ": " + one.basis);
    }
    if (!table.empty()) shell.out << '\n' << table.draw(shell.width, shell.colour);
    print_more(shell, rows.size(), asked.limit);
    if (rows.empty())
        text(shell, "No sale is known whose customer could ask for more than the supplier covers.");
    return Exit::ok;
}

void add_report(CLI::App& app, Run& run, const char* name, const char* about, const char* footer,
                Exit (*report)(Shell&, const Asked&)) {
    auto* command = app.add_subcommand(name, about);
    auto asked = std::make_shared<Asked>();
    command->add_option("--limit", asked->limit, "Rows at most (30)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--out", asked->out, "Into a file: .xlsx, or .csv with the first sheet");
    command->footer(footer);
    command->callback([&run, asked, report] {
        run = [asked, report](Shell& shell) { return report(shell, *asked); };
    });
}

}  // namespace

void add_suppliers(CLI::App& app, Run& run) {
    add_report(app, run, "scorecard",
               "Suppliers: promise against arrival, claims won, days until the money",
               "Examples:\n  holdfast scorecard\n  holdfast scorecard --out suppliers.xlsx",
               scorecard);
    add_report(app, run, "recovery", "What suppliers owe back, what is expected, and what came",
               "Examples:\n  holdfast recovery\n  holdfast recovery --out owed.csv", recovery);
    add_report(app, run, "gap",
               "Sales whose customer may still claim when the supplier's window has closed",
               "Examples:\n  holdfast gap\n  holdfast gap --out gap.xlsx", gap);
}

}  // namespace holdfast::cli
