// holdfast audit: what could have been claimed, what lapsed, and what is still open.

#include "cli/audit_text.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/progress.h"
#include "cli/report_file.h"
#include "cli/table.h"
#include "formats/desk_sheets.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

void print_json(Shell& shell, const desk::AuditTotals& totals, const engine::StoreAge& age) {
    shell.out << json::serialize(json::object{{"at", holdfast::to_string(shell.at())},
                                              {"currencies", api::currencies_json(totals)},
                                              {"purchases", totals.purchases},
                                              {"settled", totals.settled},
                                              {"unknown", totals.unknown},
                                              {"estimated", totals.estimated},
                                              {"data", age_json(age)}})
              << '\n';
}

void print_sellers(Shell& shell, std::string_view title,
                   const std::map<std::string, desk::AuditSum>& sums, Currency currency) {
    if (sums.empty()) return;
    Table table({{.name = std::string(title), .least = 20},
                 {.name = "orders", .right = true},
                 {.name = "sum", .right = true}});
    for (const auto& [seller, sum] : desk::top_sellers(sums, 10))
        table.add({seller.empty() ? std::string("(no seller named)") : seller,
                   std::to_string(sum.count), to_string(Money::of_minor(sum.minor, currency))});
    shell.out << '\n' << table.draw(shell.width, shell.colour);
}

void print_months(Shell& shell, const std::map<std::string, desk::AuditSum>& sums,
                  Currency currency) {
    if (sums.empty()) return;
    Table table(
        {{.name = "lapsed in"}, {.name = "orders", .right = true}, {.name = "sum", .right = true}});
    for (const auto& [month, sum] : sums)
        table.add(
            {month, std::to_string(sum.count), to_string(Money::of_minor(sum.minor, currency))});
    shell.out << '\n' << table.draw(shell.width, shell.colour);
}

Exit audit(Shell& shell, const std::string& out) {
    auto view = desk_view(shell);
    const auto totals = audit_totals(shell, view);
    if (!out.empty()) {
        write_report(out, formats::audit_sheets(totals));
        shell.err << "The audit is in " << out << '\n';
        return Exit::ok;
    }
    const auto age = view.age();
    if (shell.json) {
        print_json(shell, totals, age);
        return Exit::ok;
    }
    print_audit(shell, totals);
    for (const auto& [currency, one] : totals.currencies) {
        print_months(shell, one.lapsed_by_month, currency);
        print_sellers(shell, "lapsed, by seller", one.lapsed_by_seller, currency);
        print_sellers(shell, "open, by seller", one.open_by_seller, currency);
    }
    shell.out << '\n'
              << wrap(age_text(age, shell.at()), static_cast<std::size_t>(shell.width), 0) << '\n';
    return Exit::ok;
}

}  // namespace

desk::AuditTotals audit_totals(Shell& shell, engine::DeskView& view) {
    Progress progress(shell.err, shell.err_is_terminal, "auditing");
    const auto all = view.age().purchases;
    std::uint64_t done = 0;
    desk::Audit audited(shell.at());
    view.each_purchase([&](const engine::PurchaseView& one) {
        progress.show(++done, all, "purchases");
        audited.add(one.item, one.purchase);
        return true;
    });
    return audited.totals();
}

void print_audit(Shell& shell, const desk::AuditTotals& totals) {
    Table table({{.name = "currency"},
                 {.name = "", .least = 20},
                 {.name = "orders", .right = true},
                 {.name = "sum", .right = true}});
    for (const auto& [currency, one] : totals.currencies) {
        const auto row = [&](const char* what, const desk::AuditSum& sum, const char* style) {
            table.add(
                {std::string(code_of(currency)), what, std::to_string(sum.count),
                 Cell(to_string(Money::of_minor(sum.minor, currency)), sum.count ? style : "")});
        };
        row("to claim or to answer", one.open_now, "bold green");
        row("of it, closing within 3 days", one.closing_3_days, "bold red");
        row("of it, closing within 7 days", one.closing_7_days, "yellow");
        row("of it, closing within 30 days", one.closing_30_days, "");
        row("waiting", one.waiting, "");
        row("recovered", one.recovered, "green");
        row("lapsed", one.lapsed, "red");
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    shell.out << totals.purchases << " purchases: " << totals.settled << " settled, "
              << totals.unknown << " unclear, " << totals.estimated << " resting on an estimate.\n";
}

void add_audit(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("audit", "Lapsed money: what was claimed, missed, and is still open");
    command->footer(
        "Examples:\n  holdfast audit\n  holdfast audit --at 2026-12-31T00:00:00Z --json");
    auto out = std::make_shared<std::string>();
    command->add_option("--out", *out, "Into a file: .xlsx, or .csv with the totals alone");
    command->callback([&run, out] { run = [out](Shell& shell) { return audit(shell, *out); }; });
}

}  // namespace holdfast::cli
