#include "cli/worklist_table.h"

#include "cli/desk_shell.h"
#include "cli/table.h"

#include <algorithm>
#include <ostream>

namespace holdfast::cli {
namespace {

std::string countdown_text(const Shell& shell, const desk::WorkItem& item) {
    if (!item.countdown) return "";
    return (item.estimated ? "= " : "") + item.countdown->what + ' ' +
           from_now(item.countdown->at, shell.at());
}

std::string stake_text(const desk::WorkItem& item) {
    return item.at_stake ? to_string(*item.at_stake) : std::string("?");
}

std::string step_text(const desk::WorkItem& item) {
    return item.next_step +
           (item.arrival ? " Still arrives: " + desk::to_text(*item.arrival) + "." : std::string{});
}

// Ids of some platforms are so long that a row with all of it would be wider than the screen: then
// the countdown stands first in the line under it, whose step names the clause.
bool is_too_wide(const Shell& shell, std::span<const desk::WorkItem> items) {
    std::size_t word = 0, order = 0, stake = 0, countdown = 0, clause = 0;
    for (const auto& item : items) {
        word = std::max(word, to_string(item.word).size());
        order = std::max(order, width_of(item.reference));
        stake = std::max(stake, stake_text(item).size());
        countdown = std::max(countdown, countdown_text(shell, item).size());
        clause = std::max(clause, item.clause.size());
    }
    const auto gaps = std::size_t{4 * 2};
    return word + order + stake + countdown + clause + gaps > static_cast<std::size_t>(shell.width);
}

void line(Shell& shell, std::string_view label, const std::string& text) {
    if (text.empty()) return;
    const std::string start = "  " + std::string(label);
    shell.out << start << wrap(printable(text), static_cast<std::size_t>(shell.width), start.size())
              << '\n';
}

}  // namespace

// Where there is room, the next step stands in the row; else on a line of its own under it.
constexpr int width_of_one_row = 130;

void print_worklist(Shell& shell, std::span<const desk::WorkItem> items) {
    if (items.empty()) {
        shell.out << "Nothing to do.\n";
        return;
    }
    const bool one_row = shell.width >= width_of_one_row;
    const bool is_short = !one_row && is_too_wide(shell, items);
    std::vector<Column> columns{{.name = "word", .may_shrink = false},
                                {.name = "order", .may_shrink = false},
                                {.name = "at stake", .right = true, .may_shrink = false}};
    if (!is_short) {
        columns.push_back({.name = "countdown", .least = 20});
        columns.push_back({.name = "clause", .least = 6});
    }
    if (one_row) columns.push_back({.name = "next step", .least = 20});
    Table table(std::move(columns));
    for (const auto& item : items) {
        std::vector<Cell> row{Cell(std::string(to_string(item.word)), style_of(item.word)),
                              item.reference, stake_text(item)};
        auto countdown = countdown_text(shell, item);
        if (is_short) {
            if (!countdown.empty()) countdown += ". ";
            table.add(std::move(row), countdown + step_text(item));
            continue;
        }
        row.emplace_back(std::move(countdown));
        row.emplace_back(item.clause);
        if (one_row) row.emplace_back(step_text(item));
        table.add(std::move(row), one_row ? std::string{} : step_text(item));
    }
    shell.out << table.draw(shell.width, shell.colour);
}

void print_item(Shell& shell, const desk::WorkItem& item) {
    shell.out << shell.paint(to_string(item.word), style_of(item.word)) << "  " << item.system
              << ' ' << item.reference;
    if (item.at_stake) shell.out << "  " << to_string(*item.at_stake);
    if (!item.title.empty()) shell.out << "  " << printable(item.title);
    shell.out << '\n';
    line(shell, "why   ", item.why);
    line(shell, "next  ", item.next_step);
    if (item.countdown)
        line(shell, "clock ",
             countdown_text(shell, item) + " (" + short_time(item.countdown->at) + ")");
    if (item.arrival) line(shell, "comes ", desk::to_text(*item.arrival));
    if (!item.clause.empty()) line(shell, "by    ", item.clause + " of " + item.terms_id);
    for (const auto& estimate : item.estimates) line(shell, "=     ", estimate);
    for (const auto& doubt : item.doubts) line(shell, "?     ", doubt);
}

}  // namespace holdfast::cli
