// CSV with a header: which kind of table it is, and its rows by the names of columns.
//
// A kind is found by its header: every required column must be there, under any of its names, in
// any order. Unknown columns are tolerated.
#pragma once

#include "formats/csv_file.h"
#include "formats/date_text.h"
#include "formats/file_notes.h"
#include "formats/money_text.h"
#include "formats/reader.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// Why a record cannot be read, and where in it.
struct Trouble {
    std::string column;
    std::string reason;
};

template <class T>
using Result = std::expected<T, Trouble>;

struct CsvColumn {
    enum class Holds : std::uint8_t { text, id, money, date };
    std::string_view names;  // separated by '|'; compared by header_key()
    Holds holds = Holds::text;
    bool required = false;
};

// What the first rows of a file prove about all of them.
struct CsvStyle {
    DecimalMark mark = DecimalMark::unknown;
    DayOrder order = DayOrder::unknown;
};

struct CsvHeader {
    std::vector<std::string> names;      // as in the file
    std::vector<std::size_t> positions;  // by column of the kind; npos where it is missing
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

class CsvRow {
public:
    CsvRow(const CsvRecord& record, const CsvHeader& header) : record_(record), header_(header) {}

    std::uint64_t line() const { return record_.line; }
    bool has(std::size_t column) const { return header_.positions[column] != CsvHeader::npos; }
    std::string_view operator[](std::size_t column) const;  // trimmed, without guard; may be empty
    std::string name(std::size_t column) const;             // as in the file, for messages

    // By their position in the file, for tables whose columns the file decides.
    std::size_t width() const { return header_.names.size(); }
    std::string_view cell(std::size_t position) const;  // as by [column]
    const std::string& header(std::size_t position) const { return header_.names[position]; }

private:
    const CsvRecord& record_;
    const CsvHeader& header_;
};

// What the records of one file are read with.
struct CsvJob {
    const ReadOptions& options;
    Sink& sink;
    std::string file;
    CsvStyle style;
    FileNotes* notes = nullptr;  // of the reading that goes on

    desk::Origin origin(std::string_view format, std::uint64_t line) const;
};

// The reader of one kind, made for one file.
class CsvRecords {
public:
    virtual ~CsvRecords() = default;
    // A Trouble rejects the row; the file goes on.
    virtual Result<void> row(const CsvRow& row) = 0;
    virtual void finish() {}
};

struct CsvKind {
    std::string_view format;
    std::string_view description;
    std::string_view why_no_orders;  // set where this kind holds none
    std::span<const CsvColumn> columns;
    std::unique_ptr<CsvRecords> (*make)(const CsvJob& job) = nullptr;  // null: only counted
};

// Fields of a row. An empty cell and a missing column are absent.
Result<std::string> id_at(const CsvRow& row, std::size_t column);
// What the row says, else what was given for amounts that name none.
Result<std::optional<Currency>> currency_at(const CsvRow& row, std::size_t column,
                                            const CsvJob& job);
// An amount without a currency is left out, and noted.
Result<std::optional<Money>> money_at(const CsvRow& row, std::size_t column,
                                      std::optional<Currency> currency, const CsvJob& job);
Result<std::optional<desk::SeenTime>> date_at(const CsvRow& row, std::size_t column,
                                              const CsvJob& job);
Result<std::optional<std::int32_t>> count_at(const CsvRow& row, std::size_t column);
// Where the order stands by the words of a page; what they do not say is noted.
desk::Phase phase_at(const CsvRow& row, std::size_t column, const CsvJob& job);

class FileSource;

// `first` is what `source` has given so far.
[[nodiscard]] std::expected<FileReport, FileError> read_csv(std::string_view first,
                                                            FileSource& source, const CsvJob& job);

}  // namespace holdfast::formats
