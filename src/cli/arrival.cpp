// holdfast arrival: how parcels have come in, by lane; the chance that one still does; and whether
// such chances came true.

#include "desk/arrival.h"
#include "api/arrival_json.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/report_file.h"
#include "cli/table.h"
#include "desk/arrival_report.h"
#include "desk/share.h"
#include "formats/desk_sheets.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::int32_t, 4> days_shown = {7, 14, 30, 60};

struct Asked {
    std::string order, out;
    std::int32_t within_days = 30;
    std::size_t limit = 30;
    bool calibration = false;
};

std::string percent(std::int32_t basis_points) {
    return std::to_string(desk::percent_of(basis_points)) + " %";
}

std::string name_of(const desk::Lane& lane) {
    const auto part = [](const std::string& text) { return text.empty() ? "?" : text; };
    return part(lane.method) + ", " + part(lane.origin) + " to " + part(lane.destination);
}

std::string days_text(const std::optional<std::int32_t>& days) {
    return days ? std::to_string(*days) : "";
}

void print_lanes(Shell& shell, std::span<const desk::LaneRow> rows, std::size_t limit) {
    if (rows.empty()) {
        shell.out << "No journey is known yet: no file says when anything was shipped.\n";
        return;
    }
    Table table({{.name = "lane", .least = 20},
                 {.name = "journeys", .right = true},
                 {.name = "arrived", .right = true},
                 {.name = "lost", .right = true},
                 {.name = "half by day", .right = true},
                 {.name = "9 of 10 by", .right = true}});
    for (const auto& row : rows.first(std::min(limit, rows.size())))
        table.add({name_of(row.lane), std::to_string(row.journeys), std::to_string(row.arrived),
                   std::to_string(row.lost), days_text(row.half_days), days_text(row.most_days)});
    shell.out << table.draw(shell.width, shell.colour);
    print_more(shell, rows.size(), limit);
}

Exit show_lanes(Shell& shell, engine::DeskView& view, const Asked& asked) {
    const auto rows = desk::lanes_of(view.journeys());
    if (!asked.out.empty()) {
        const auto sheet = formats::lanes_sheet(rows);
        write_report(asked.out, {&sheet, 1});
        shell.err << "The lanes are in " << asked.out << '\n';
        return Exit::ok;
    }
    if (!shell.json) {
        print_lanes(shell, rows, asked.limit);
        return Exit::ok;
    }
    shell.out << json::serialize(json::object{{"at", holdfast::to_string(shell.at())},
                                              {"lanes", api::lanes_json(rows)}})
              << '\n';
    return Exit::ok;
}

Exit show_calibration(Shell& shell, engine::DeskView& view, const Asked& asked) {
    const auto found = desk::calibrate(view.journeys(), asked.within_days);
    if (shell.json) {
        auto document = api::calibration_json(found);
        document["at"] = holdfast::to_string(shell.at());
        shell.out << json::serialize(document) << '\n';
        return Exit::ok;
    }
    Table table({{.name = "chance given", .least = 14},
                 {.name = "parcels", .right = true},
                 {.name = "given", .right = true},
                 {.name = "came", .right = true}});
    for (std::size_t i = 0; i < found.tenths.size(); ++i)
        if (const auto& row = found.tenths[i]; row.count)
            table.add({std::to_string(i * 10) + " to " + std::to_string(i * 10 + 10) + " %",
                       std::to_string(row.count), percent(row.given), percent(row.came)});
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    const auto text =
        found.count == 0
            ? std::string("The history is too short to compare: no journey was followed for long.")
            : "One half of the history forecast the other, " + std::to_string(found.count) +
                  " times: whether a parcel comes within " + std::to_string(found.within_days) +
                  " days. Given and come are " + percent(found.error) + " apart.";
    shell.out << wrap(text, static_cast<std::size_t>(shell.width), 0) << '\n';
    return Exit::ok;
}

// --- One order

void show(Shell& shell, engine::DeskView& view, const engine::PurchaseView& one,
          json::array& orders) {
    if (shell.json) {
        orders.push_back({{"system", one.purchase.system},
                          {"reference", one.purchase.reference},
                          {"chances", api::chances_json(view, one)}});
        return;
    }
    Table table({{.name = "arrives", .least = 16},
                 {.name = "chance", .right = true},
                 {.name = "of 90 %", .least = 14}});
    const auto add = [&](const std::string& name, std::optional<std::int32_t> within) {
        const auto chance = view.arrival_of(one, within);
        if (chance)
            table.add({name, percent(chance->likely),
                       percent(chance->low) + " to " + percent(chance->high)});
        return chance;
    };
    for (const auto days : days_shown) add("within " + std::to_string(days) + " days", days);
    const auto at_all = add("at all", {});
    shell.out << one.purchase.system << ' ' << one.purchase.reference << '\n';
    if (at_all)
        shell.out << table.draw(shell.width, shell.colour)
                  << wrap("By " + std::to_string(at_all->sample) +
                              " parcels of this lane that had come as far, " +
                              std::to_string(at_all->alike) + " of all lanes.",
                          static_cast<std::size_t>(shell.width), 0)
                  << '\n';
    else
        shell.out << wrap("No chance is known: nothing of it is under way, or fewer than " +
                              std::to_string(static_cast<int>(desk::ArrivalModel::journeys_least)) +
                              " parcels of the history had come as far.",
                          static_cast<std::size_t>(shell.width), 0)
                  << '\n';
}

Exit show_order(Shell& shell, engine::DeskView& view, const Asked& asked) {
    const auto found = view.search(asked.order);
    if (found.sales.empty() && found.purchases.empty())
        throw Stop(Exit::not_found, "no order is known by \"" + asked.order + "\"");
    view.learn_arrivals();
    json::array orders;
    for (const auto& sale : found.sales)
        for (const auto& one : sale.purchases) show(shell, view, one, orders);
    for (const auto& one : found.purchases) show(shell, view, one, orders);
    if (shell.json)
        shell.out << json::serialize(json::object{{"at", holdfast::to_string(shell.at())},
                                                  {"purchases", orders}})
                  << '\n';
    return Exit::ok;
}

Exit arrival(Shell& shell, const Asked& asked) {
    auto view = desk_view(shell);
    if (asked.calibration) return show_calibration(shell, view, asked);
    return asked.order.empty() ? show_lanes(shell, view, asked) : show_order(shell, view, asked);
}

}  // namespace

void add_arrival(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "arrival", "The chance that a parcel still arrives, by your own history, lane by lane");
    auto asked = std::make_shared<Asked>();
    command->add_option("TEXT", asked->order, "An order or tracking number (none: all lanes)");
    command->add_flag("--calibration", asked->calibration,
                      "Whether chances given on this history came true");
    command->add_option("--within", asked->within_days, "Days that --calibration looks ahead (30)")
        ->check(CLI::Range(1, 365));
    command->add_option("--limit", asked->limit, "Lanes at most (30)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--out", asked->out, "All lanes into a file: .csv or .xlsx");
    command->footer(
        "A lane is the supplier's method, the origin and the destination. Chances need ten parcels "
        "that had come as far.\n\n"
        "Examples:\n  holdfast arrival\n  holdfast arrival 3099000000000103\n  holdfast arrival "
        "--calibration --within 30");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return arrival(shell, *asked); }; });
}

}  // namespace holdfast::cli
