// Tables on a terminal: columns as wide as they need, cut to the width there is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::cli {

struct Column {
    std::string name;
    bool right = false;     // numbers stand on the right
    std::size_t least = 4;  // never cut below this
    bool may_shrink = true;
};

struct Cell {
    Cell(std::string cell_text) : text(std::move(cell_text)) {}  // NOLINT: reads as text
    Cell(const char* cell_text) : text(cell_text) {}             // NOLINT
    Cell(std::string cell_text, std::string cell_style)
        : text(std::move(cell_text)), style(std::move(cell_style)) {}
    std::string text;
    std::string style;  // for Shell::paint; empty: plain
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    // `below`, if any, follows the row on lines of its own, indented and dim.
    void add(std::vector<Cell> row, std::string below = {});
    bool empty() const { return rows_.empty(); }
    // Each line ends with a line break and is at most `width` wide.
    std::string draw(int width, bool colour) const;

private:
    std::vector<std::size_t> widths(std::size_t width) const;
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
    std::vector<std::string> below_;  // one a row
};

// Columns that `text` takes on a screen: UTF-8, wide East Asian letters count two.
std::size_t width_of(std::string_view text);
// At most `width` columns, ended by "…" where something was cut.
std::string cut(std::string_view text, std::size_t width);
// Broken at spaces into lines of at most `width` columns. The first begins at column `indent`,
// where the caller already is; the others get `indent` spaces. first.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent);
// Control characters become visible, so that data from a file cannot drive the terminal.
std::string printable(std::string_view text);

std::string paint(std::string_view text, std::string_view style, bool colour);

}  // namespace holdfast::cli
