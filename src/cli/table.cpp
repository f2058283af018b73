#include "cli/table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace holdfast::cli {
namespace {

struct Letter {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
};

// The next letter of UTF-8 text; a broken byte counts as one letter.
Letter letter_at(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = first < 0x80    ? 1
                              : first >= 0xF0 ? 4
                              : first >= 0xE0 ? 3
                              : first >= 0xC0 ? 2
                                              : 1;
    if (bytes == 1 || at + bytes > text.size()) return {first, 1};
    std::uint32_t code = first & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i)
        code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    return {code, bytes};
}

// Combining marks take no room, East Asian wide letters and pictures take two columns.
std::size_t columns_of(std::uint32_t code) {
    if ((code >= 0x300 && code <= 0x36F) || code == 0x200B || code == 0xFE0F) return 0;
    const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                      (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                      (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                      (code >= 0x1F300 && code <= 0x1FAFF);
    return wide ? 2 : 1;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> styles = {{
    {"bold", "1"},
    {"dim", "2"},
    {"red", "31"},
    {"green", "32"},
    {"yellow", "33"},
    {"blue", "34"},
    {"bold red", "1;31"},
    {"bold green", "1;32"},
}};

}  // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto letter = letter_at(text, at);
        width += columns_of(letter.code);
        at += letter.bytes;
    }
    return width;
}

std::string cut(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::size_t used = 0, at = 0;
    while (at < text.size()) {
        const auto letter = letter_at(text, at);
        if (used + columns_of(letter.code) > width - 1) break;
        used += columns_of(letter.code);
        at += letter.bytes;
    }
    return std::string(text.substr(0, at)) + "…";
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string made;
    std::size_t used = indent;
    bool line_is_empty = true;
    while (!text.empty()) {
        const auto space = text.find(' ');
        const auto word = text.substr(0, space);
        if (!line_is_empty && used + 1 + width_of(word) > width) {
            made += '\n' + std::string(indent, ' ');
            used = indent;
        } else if (!line_is_empty) {
            made += ' ';
            ++used;
        }
        made += word;
        used += width_of(word);
        line_is_empty = false;
        text.remove_prefix(space == text.npos ? text.size() : space + 1);
    }
    return made;
}

std::string printable(std::string_view text) {
    std::string made;
    for (const auto c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n' || c == '\t' || c == '\r')
            made += ' ';
        else if (byte < 0x20 || byte == 0x7F)
            made += '?';
        else
            made += c;
    }
    return made;
}

std::string paint(std::string_view text, std::string_view style, bool colour) {
    const auto found = std::ranges::find(styles, style, [](const auto& one) { return one.first; });
    if (!colour || found == styles.end()) return std::string(text);
    return "\x1b[" + std::string(found->second) + 'm' + std::string(text) + "\x1b[0m";
}

void Table::add(std::vector<Cell> row, std::string below) {
    for (auto& cell : row) cell.text = printable(cell.text);
    rows_.push_back(std::move(row));
    below_.push_back(printable(below));
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t most = width_of(columns_[i].name);
        for (const auto& row : rows_) most = std::max(most, width_of(row[i].text));
        wanted.push_back(most);
    }
    const auto total = [&] {
        std::size_t sum = 2 * (wanted.size() - 1);
        for (const auto one : wanted) sum += one;
        return sum;
    };
    // The widest column that may give way gives way first.
    while (total() > width) {
        std::size_t widest = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (columns_[i].may_shrink && wanted[i] > columns_[i].least &&
                (widest == columns_.size() || wanted[i] > wanted[widest]))
                widest = i;
        if (widest == columns_.size()) break;
        --wanted[widest];
    }
    return wanted;
}

std::string Table::draw(int width, bool colour) const {
    const auto wide = widths(static_cast<std::size_t>(width));
    std::string drawn;
    const auto line = [&](auto text_of) {
        std::string made;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const auto [text, style] = text_of(i);
            const auto shown = cut(text, wide[i]);
            const std::string gap(wide[i] - width_of(shown), ' ');
            if (i) made += "  ";
            if (columns_[i].right) made += gap;
            made += paint(shown, style, colour);
            if (!columns_[i].right && i + 1 < columns_.size()) made += gap;
        }
        made.erase(made.find_last_not_of(' ') + 1);
        drawn += made + '\n';
    };
    line([&](std::size_t i) { return std::pair(columns_[i].name, std::string("dim")); });
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        line([&](std::size_t column) {
            return std::pair(rows_[i][column].text, rows_[i][column].style);
        });
        if (below_[i].empty()) continue;
        // Painted line by line, since a style must not run over the break.
        const auto text = "    " + wrap(below_[i], static_cast<std::size_t>(width), 4);
        std::size_t begin = 0;
        while (begin < text.size()) {
            const auto end = std::min(text.find('\n', begin), text.size());
            drawn += paint(std::string_view(text).substr(begin, end - begin), "dim", colour) + '\n';
            begin = end + 1;
        }
    }
    return drawn;
}

}  // namespace holdfast::cli
