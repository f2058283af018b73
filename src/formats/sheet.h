// A table for people's spreadsheets: as CSV (RFC 4180) and as XLSX.
//
// What a spreadsheet would run as a formula is defused: in CSV such a text gets an apostrophe
// before it, in XLSX it is a text and stays one.
#pragma once

#include "base/instant.h"
#include "base/money.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::formats {

// Nothing, a text, a number, a sum (in its currency's major units), an instant (UTC), a day.
using Cell = std::variant<std::monostate, std::string, std::int64_t, Money, Instant, Day>;

template <class T>
Cell cell_of(const std::optional<T>& value) {
    return value ? Cell(*value) : Cell();
}

// A column of sums is followed by one of their currencies, named "NAME currency".
struct Column {
    std::string name;
    bool is_money = false;
};

struct Sheet {
    std::string name;  // 1 to 31 characters, none of []:*?/\ (XLSX)
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;  // each as long as `columns`
};

std::string to_csv(const Sheet& sheet);  // UTF-8 with a byte order mark, lines end with CR LF

// A workbook of these sheets, made in a file of its own in `folder`, which is gone afterwards. The
// error says why there is none.
[[nodiscard]] std::expected<std::string, std::string> to_xlsx(std::span<const Sheet> sheets,
                                                              const std::filesystem::path& folder);

}  // namespace holdfast::formats
