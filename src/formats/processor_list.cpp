#include "formats/processor_list.h"

#include "base/utf8.h"

#include "base/try.h"
#include "formats/csv_file.h"
#include "formats/json_file.h"
#include "formats/money_text.h"
#include "formats/text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

namespace holdfast::formats {
namespace {

using ParseAmount = std::expected<Money, std::string> (*)(std::string_view, Currency);

enum Column : std::size_t { key, amount, currency, state };
constexpr std::array<std::string_view, 4> columns{"key", "amount", "currency", "state"};

std::unexpected<FileError> no(Place place, std::string reason) {
    return std::unexpected(FileError{std::move(place), std::move(reason)});
}

std::optional<ListedState> parse_state(std::string_view word) {
    if (word == "succeeded") return ListedState::succeeded;
    if (word == "failed") return ListedState::failed;
    if (word == "pending") return ListedState::pending;
    return std::nullopt;
}

// `place_of` says where a column of this payment stands.
std::expected<ListedPayment, FileError> payment_of(
    const std::array<std::string_view, 4>& cells, ParseAmount parse_amount,
    const std::function<Place(std::size_t)>& place_of) {
    if (cells[key].empty()) return no(place_of(key), "the key is missing");
    const auto in = parse_currency(cells[currency]);
    if (!in)
        return no(place_of(currency), shown(cells[currency]) + " is not an ISO 4217 code like EUR");
    const auto money = parse_amount(cells[amount], *in);
    if (!money) return no(place_of(amount), money.error());
    const auto known = parse_state(cells[state]);
    if (!known)
        return no(place_of(state),
                  shown(cells[state]) + " is none of succeeded, failed and pending");
    return ListedPayment{.key = std::string(cells[key]), .amount = *money, .state = *known};
}

// --- CSV

class Table {
public:
    // Says whether to go on.
    bool take(const CsvRecord& record) {
        const auto taken = has_header_ ? take_row(record) : take_header(record);
        if (!taken) error_ = taken.error();
        return taken.has_value();
    }
    std::expected<std::vector<ListedPayment>, FileError> finish() {
        if (error_) return std::unexpected(std::move(*error_));
        if (!has_header_) return no({}, "the file is empty");
        return std::move(payments_);
    }

private:
    std::expected<void, FileError> take_header(const CsvRecord& record) {
        has_header_ = true;
        for (std::size_t column = 0; column < columns.size(); ++column) {
            const auto is_it = [&](std::string_view cell) {
                return header_key(cell) == columns[column];
            };
            const auto count = std::ranges::count_if(record.cells, is_it);
            if (count != 1)
                return no({record.line, std::string(columns[column])},
                          count == 0 ? "the header has no such column"
                                     : "the header has this column twice");
            positions_[column] = static_cast<std::size_t>(
                std::ranges::find_if(record.cells, is_it) - record.cells.begin());
        }
        width_ = record.cells.size();
        return {};
    }

    std::expected<void, FileError> take_row(const CsvRecord& record) {
        if (record.cells.size() == 1 && trimmed(record.cells[0]).empty()) return {};
        if (record.cells.size() != width_)
            return no({record.line, {}}, "found " + std::to_string(record.cells.size()) +
                                             " cells, the header has " + std::to_string(width_));
        std::array<std::string_view, 4> cells;
        for (std::size_t i = 0; i < cells.size(); ++i)
            cells[i] = trimmed(record.cells[positions_[i]]);
        const auto line = record.line;
        payments_.push_back(TRY(payment_of(cells, parse_decimal, [line](std::size_t column) {
            return Place{line, std::string(columns[column])};
        })));
        return {};
    }

    bool has_header_ = false;
    std::size_t width_ = 0;
    std::array<std::size_t, 4> positions_{};
    std::vector<ListedPayment> payments_;
    std::optional<FileError> error_;
};

std::expected<std::vector<ListedPayment>, FileError> parse_csv(std::string_view text) {
    if (const auto at = find_invalid_utf8(text)) return no({}, "is not UTF-8: save it as UTF-8");
    Table table;
    CsvParser parser(separator_of(text.substr(0, text.find('\n'))),
                     [&](const CsvRecord& record) { return table.take(record); });
    TRY(parser.feed(text));
    if (!parser.stopped())
        if (const auto cut = TRY(parser.finish())) return no({*cut, {}}, "a cell is cut off");
    return table.finish();
}

// --- JSON

std::expected<std::vector<ListedPayment>, FileError> parse_objects(std::string_view text) {
    const auto whole = TRY(parse_json(text));
    std::vector<ListedPayment> payments;
    std::size_t number = 0;
    for (const auto& item : list_in(whole, "data")) {
        std::array<std::string_view, 4> cells;
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = item[columns[i]].text();
        const auto at = "/" + std::to_string(number++) + "/";
        if (item[columns[amount]].kind() != Json::Kind::number)
            return no({0, at + "amount"}, "is not a whole number of minor units");
        payments.push_back(TRY(payment_of(cells, parse_minor, [&](std::size_t column) {
            return Place{0, at + std::string(columns[column])};
        })));
    }
    return payments;
}

}  // namespace

std::expected<std::vector<ListedPayment>, FileError> parse_processor_list(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto begin = trimmed(text.substr(0, 64));
    if (begin.starts_with('[') || begin.starts_with('{')) return parse_objects(text);
    return parse_csv(text);
}

}  // namespace holdfast::formats
