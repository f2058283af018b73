// holdfast links list|confirm|reject: which store order is which supplier order.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "engine/importer.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

std::string sale_text(const desk::Link& link) {
    return link.sale_reference + (link.sale_sku.empty() ? "" : " " + link.sale_sku);
}
std::string purchase_text(const desk::Link& link) {
    return link.purchase_reference +
           (link.purchase_product_id.empty() ? "" : " " + link.purchase_product_id);
}

std::string reason_of(const desk::Link& link) {
    return link.decision ? link.decision->value.reason : std::string{};
}

// Guesses that are new are written down first: a person answers what is stored.
std::vector<desk::Link> all_links(Shell& shell) {
    write_guesses(shell);
    auto links = desk_view(shell).links();
    // What waits for a yes stands on top.
    std::ranges::sort(links, {}, [](const desk::Link& link) {
        return std::tuple(!link.is_open(), link.sale_reference, link.sale_sku,
                          link.purchase_reference);
    });
    return links;
}

Exit list(Shell& shell) {
    const auto links = all_links(shell);
    auto view = desk_view(shell);
    const auto alone = view.unlinked_sales();
    if (shell.json) {
        json::array rows, sales;
        for (const auto& link : links)
            rows.push_back({{"sale", link.sale_reference},
                            {"sku", link.sale_sku},
                            {"purchase", link.purchase_reference},
                            {"product_id", link.purchase_product_id},
                            {"how", to_string(link.how())},
                            {"state", to_string(link.state())},
                            {"reason", reason_of(link)}});
        for (const auto& sale : alone) sales.emplace_back(sale.reference);
        shell.out << json::serialize(json::object{{"links", rows}, {"unlinked_sales", sales}})
                  << '\n';
        return Exit::ok;
    }
    Table table({{.name = "state", .may_shrink = false},
                 {.name = "how"},
                 {.name = "sale", .least = 8},
                 {.name = "purchase", .least = 16},
                 {.name = "reason", .least = 6}});
    for (const auto& link : links)
        table.add({Cell(std::string(to_string(link.state())), link.is_open()        ? "yellow"
                                                              : link.is_confirmed() ? "green"
                                                                                    : "dim"),
                   std::string(to_string(link.how())), sale_text(link), purchase_text(link),
                   reason_of(link)});
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    for (const auto& sale : alone)
        shell.out << shell.paint("no purchase", "yellow") << "  " << sale.reference << '\n';
    const auto open =
        std::ranges::count_if(links, [](const desk::Link& link) { return link.is_open(); });
    shell.out << links.size() << (links.size() == 1 ? " link, " : " links, ") << open
              << " waiting for a yes: holdfast links confirm SALE PURCHASE\n";
    return Exit::ok;
}

struct Pair {
    std::string sale, purchase;
};

bool names(const desk::Link& link, const Pair& pair) {
    return desk::normalise_search(link.sale_reference) == desk::normalise_search(pair.sale) &&
           desk::normalise_search(link.purchase_reference) == desk::normalise_search(pair.purchase);
}

// A person's word on every link between the two; where there is none, confirming makes one.
Exit decide(Shell& shell, const Pair& pair, desk::LinkSeen::State state) {
    auto view = desk_view(shell);
    std::vector<desk::Observation> said;
    for (const auto& link : all_links(shell)) {
        if (!names(link, pair)) continue;
        said.push_back(desk::said_now(desk::said_of(link, state), &link, shell.at()));
    }
    if (said.empty()) {
        if (state == desk::LinkSeen::State::rejected)
            throw Stop(Exit::not_found, "no link between " + pair.sale + " and " + pair.purchase);
        const auto sales = view.search(pair.sale).sales;
        const auto found = view.search(pair.purchase);
        const auto* purchase = !found.purchases.empty() ? &found.purchases.front()
                               : !found.sales.empty() && !found.sales.front().purchases.empty()
                                   ? &found.sales.front().purchases.front()
                                   : nullptr;
        if (sales.empty())
            throw Stop(Exit::not_found, "no store order is known by \"" + pair.sale + '"');
        if (!purchase)
            throw Stop(Exit::not_found, "no purchase is known by \"" + pair.purchase + '"');
        desk::LinkSeen seen;
        seen.sale_system = sales.front().sale.system;
        seen.sale_reference = sales.front().sale.reference;
        seen.purchase_system = purchase->purchase.system;
        seen.purchase_reference = purchase->purchase.reference;
        seen.state = state;
        said.push_back(desk::said_now(std::move(seen), nullptr, shell.at()));
    }
    engine::Importer importer(shell.store(Shell::Missing::stop), shell.now, "person");
    for (auto& one : said) importer.add(std::move(one));
    importer.flush();
    if (shell.json)
        shell.out << json::serialize(
                         json::object{{"links", said.size()}, {"state", to_string(state)}})
                  << '\n';
    else
        shell.out << to_string(state) << ": " << pair.sale << " and " << pair.purchase << " ("
                  << said.size() << (said.size() == 1 ? " link)\n" : " links)\n");
    return Exit::ok;
}

void add_decision(CLI::App& command, Run& run, const char* name, const char* help,
                  desk::LinkSeen::State state) {
    auto* one = command.add_subcommand(name, help);
    auto pair = std::make_shared<Pair>();
    one->add_option("SALE", pair->sale, "The store order, #1052")->required();
    one->add_option("PURCHASE", pair->purchase, "The supplier order")->required();
    one->callback([&run, pair, state] {
        run = [pair, state](Shell& shell) { return decide(shell, *pair, state); };
    });
}

}  // namespace

void add_links(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("links", "Which store order is which supplier order");
    command->require_subcommand(1);
    command->footer(
        "A guess is never acted on until it is confirmed.\n\nExamples:\n  holdfast links list\n  "
        "holdfast links confirm '#1052' 3099000000000103\n  holdfast links reject '#1052' "
        "3099000000000103");
    command->add_subcommand("list", "All links, guesses first, and sales without any")
        ->callback([&run] { run = list; });
    add_decision(*command, run, "confirm", "Say yes to a guess, or link two orders",
                 desk::LinkSeen::State::confirmed);
    add_decision(*command, run, "reject", "Say no", desk::LinkSeen::State::rejected);
}

}  // namespace holdfast::cli
