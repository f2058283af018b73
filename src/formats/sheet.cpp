#include "formats/sheet.h"

#include "base/currency.h"
#include "base/verify.h"

#include <xlsxwriter.h>

#include <unistd.h>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

namespace holdfast::formats {
namespace {

namespace fs = std::filesystem;

// What Excel, LibreOffice and Google Sheets begin a formula with.
bool is_formula(std::string_view text) {
    return !text.empty() && std::string_view("=+-@\t\r\n").contains(text.front());
}

// "12.90" of EUR 12.90.
std::string decimal(const Money& money) {
    auto text = to_string(money);  // "12.90 EUR"
    return text.substr(0, text.find(' '));
}

// --- CSV

struct CsvText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& text) const {
        return is_formula(text) ? "'" + text : text;
    }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(const Money& money) const { return decimal(money); }
    std::string operator()(Instant at) const { return to_string(at); }
    std::string operator()(Day day) const { return to_string(day); }
};

void add_field(std::string& line, std::string_view text) {
    if (!line.empty() && !line.ends_with('\n')) line += ',';
    if (text.find_first_of("\",\r\n") == text.npos && !text.empty()) {
        line += text;
        return;
    }
    line += '"';
    for (const char c : text) line.append(c == '"' ? 2 : 1, c);
    line += '"';
}

std::string currency_of(const Cell& cell) {
    const auto* money = std::get_if<Money>(&cell);
    return money ? std::string(code_of(money->currency())) : std::string();
}

// --- XLSX

constexpr double seconds_of_day = 86'400.0;

// Days since 1899-12-30, as spreadsheets count.
double serial(Instant at) {
    const auto epoch = std::chrono::sys_days{std::chrono::year{1899} / 12 / 30};
    const auto since = at.time_since_epoch() - epoch.time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    return static_cast<double>(milliseconds) / 1000.0 / seconds_of_day;
}

class Book {
public:
    explicit Book(const fs::path& path) : book_(workbook_new(path.c_str())) {
        if (!book_) return;
        head_ = workbook_add_format(book_);
        format_set_bold(head_);
        time_ = workbook_add_format(book_);
        format_set_num_format(time_, "yyyy-mm-dd hh:mm:ss");
        day_ = workbook_add_format(book_);
        format_set_num_format(day_, "yyyy-mm-dd");
        for (auto& [digits, format] : money_) {
            format = workbook_add_format(book_);
            const std::string zeros(digits, '0');
            format_set_num_format(format, ("#,##0" + (digits ? "." + zeros : "")).c_str());
        }
    }
    ~Book() {
        if (book_) static_cast<void>(workbook_close(book_));
    }
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    bool add(const Sheet& sheet) {
        auto* made = book_ ? workbook_add_worksheet(book_, sheet.name.c_str()) : nullptr;
        if (!made) return false;
        lxw_col_t column = 0;
        for (const auto& one : sheet.columns) {
            worksheet_write_string(made, 0, column++, one.name.c_str(), head_);
            if (one.is_money)
                worksheet_write_string(made, 0, column++, (one.name + " currency").c_str(), head_);
        }
        worksheet_freeze_panes(made, 1, 0);
        lxw_row_t row = 1;
        for (const auto& cells : sheet.rows) {
            column = 0;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                put(made, row, column++, cells[i]);
                if (!sheet.columns[i].is_money) continue;
                if (const auto currency = currency_of(cells[i]); !currency.empty())
                    worksheet_write_string(made, row, column, currency.c_str(), nullptr);
                ++column;
            }
            ++row;
        }
        return true;
    }

    // Empty: all is well.
    std::string close() {
        const auto error = workbook_close(book_);
        book_ = nullptr;
        return error == LXW_NO_ERROR ? "" : lxw_strerror(error);
    }

private:
    void put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Cell& cell) {
        struct Put {
            Book& book;
            lxw_worksheet* sheet;
            lxw_row_t row;
            lxw_col_t column;
            void operator()(std::monostate) const {}
            void operator()(const std::string& text) const {
                worksheet_write_string(sheet, row, column, text.c_str(), nullptr);
            }
            void operator()(std::int64_t number) const {
                worksheet_write_number(sheet, row, column, static_cast<double>(number), nullptr);
            }
            void operator()(const Money& money) const {
                const auto digits = static_cast<std::size_t>(exponent_of(money.currency()));
                const auto value = static_cast<double>(money.minor()) /
                                   std::pow(10.0, static_cast<double>(digits));
                worksheet_write_number(sheet, row, column, value, book.money_format(digits));
            }
            void operator()(Instant at) const {
                worksheet_write_number(sheet, row, column, serial(at), book.time_);
            }
            void operator()(Day day) const {
                const auto at = Instant{std::chrono::sys_days{day.time_since_epoch()}};
                worksheet_write_number(sheet, row, column, serial(at), book.day_);
            }
        };
        std::visit(Put{*this, sheet, row, column}, cell);
    }

    lxw_format* money_format(std::size_t digits) const {
        for (const auto& [known, format] : money_)
            if (known == digits) return format;
        return nullptr;
    }

    struct Digits {
        std::size_t digits;
        lxw_format* format;
    };
    lxw_workbook* book_;
    lxw_format *head_ = nullptr, *time_ = nullptr, *day_ = nullptr;
    Digits money_[4] = {{0, nullptr}, {2, nullptr}, {3, nullptr}, {4, nullptr}};
};

// A name in `folder` that no other file has; the file is gone with this.
class TemporaryFile {
public:
    explicit TemporaryFile(const fs::path& folder) : path_((folder / "sheet-XXXXXX").string()) {
        const int file = ::mkstemp(path_.data());
        is_made_ = file >= 0;
        if (is_made_) ::close(file);
    }
    ~TemporaryFile() {
        std::error_code error;
        if (is_made_) fs::remove(path_, error);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    bool is_made() const { return is_made_; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
    bool is_made_ = false;
};

}  // namespace

std::string to_csv(const Sheet& sheet) {
    std::string text = "\xEF\xBB\xBF";
    std::string line;
    for (const auto& column : sheet.columns) {
        add_field(line, column.name);
        if (column.is_money) add_field(line, column.name + " currency");
    }
    text += line + "\r\n";
    for (const auto& row : sheet.rows) {
        VERIFY(row.size() == sheet.columns.size());
        line.clear();
        for (std::size_t i = 0; i < row.size(); ++i) {
            add_field(line, std::visit(CsvText{}, row[i]));
            if (sheet.columns[i].is_money) add_field(line, currency_of(row[i]));
        }
        text += line + "\r\n";
    }
    return text;
}

std::expected<std::string, std::string> to_xlsx(std::span<const Sheet> sheets,
                                                const fs::path& folder) {
    const TemporaryFile file(folder);
    if (!file.is_made()) return std::unexpected("no file can be made in " + folder.string());
    Book book(file.path());
    for (const auto& sheet : sheets)
        if (!book.add(sheet)) return std::unexpected("no sheet can be named " + sheet.name);
    if (auto error = book.close(); !error.empty()) return std::unexpected(std::move(error));
    std::ifstream made(file.path(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(made), {});
}

}  // namespace holdfast::formats
