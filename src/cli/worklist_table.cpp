#include "cli/worklist_table.h"

#include "cli/desk_shell.h"
#include "cli/table.h"

#include <ostream>

namespace holdfast::cli {
namespace {

std::string countdown_text(const Shell& shell, const desk::WorkItem& item) {
    if (!item.countdown) return "";
    return (item.estimated ? "= " : "") + item.countdown->what + ' ' +
           from_now(item.countdown->at, shell.at());
}

std::string step_text(const desk::WorkItem& item) {
    return item.next_step +
           (item.arrival ? " Still arrives: " + desk::to_text(*item.arrival) + "." : std::string{});
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
    std::vector<Column> columns{{.name = "word", .may_shrink = false},
                                {.name = "order", .may_shrink = false},
                                {.name = "at stake", .right = true, .may_shrink = false},
                                {.name = "countdown", .least = 20},
                                {.name = "clause", .least = 6}};
    if (one_row) columns.push_back({.name = "next step", .least = 20});
    Table table(std::move(columns));
    for (const auto& item : items) {
        const auto stake = item.at_stake ? to_string(*item.at_stake) : std::string("?");
        std::vector<Cell> row{Cell(std::string(to_string(item.word)), style_of(item.word)),
                              item.reference, stake, countdown_text(shell, item), item.clause};
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
