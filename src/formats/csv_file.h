// CSV, byte by byte: records out of pieces of a file, with the line on which each begins.
//
// A record is not a line: line breaks inside quotes belong to their cell. LF, CRLF and lone CR all
// end a line. A cell holds at most 1 MiB and a record 4 MiB, so memory stays bounded whatever the
// file holds.
#pragma once

#include "formats/reader.h"

#include <csv.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

struct CsvRecord {
    std::uint64_t line = 0;               // where it begins, from 1
    std::string_view bytes;               // all cells, one after another
    std::vector<std::string_view> cells;  // views into `bytes`
};

class CsvParser {
public:
    static constexpr std::size_t cell_max = std::size_t{1} << 20;
    static constexpr std::size_t record_max = std::size_t{4} << 20;

    // Says whether to go on.
    using OnRecord = std::function<bool(const CsvRecord&)>;

    // `line`: on which the text begins.
    CsvParser(char separator, OnRecord on_record, std::uint64_t line = 1);
    ~CsvParser();
    CsvParser(const CsvParser&) = delete;
    CsvParser& operator=(const CsvParser&) = delete;

    [[nodiscard]] std::expected<void, FileError> feed(std::string_view piece);

    // The end of the file. Where it came inside a quoted cell: the line on which that cell begins.
    [[nodiscard]] std::expected<std::optional<std::uint64_t>, FileError> finish();

    bool stopped() const { return stopped_; }

private:
    static void on_cell(void* bytes, std::size_t size, void* self);
    static void on_row(int end, void* self);

    std::expected<void, FileError> feed_line(std::string_view line, bool ends);
    std::expected<void, FileError> give(std::string_view bytes);
    void hand_out();

    csv_parser parser_;
    char separator_;
    OnRecord on_record_;
    std::string bytes_;  // of the cells that are complete
    std::vector<std::size_t> ends_;
    CsvRecord record_;
    std::uint64_t line_;
    std::uint64_t quote_line_ = 0;  // where the quoted cell begins that goes over several lines
    bool in_record_ = false;
    bool row_done_ = false;
    bool after_cr_ = false;
    bool stopped_ = false;
};

// "sep=;" before the header, which Excel writes and obeys.
struct SeparatorLine {
    char separator;
    std::size_t size;  // with its end
};
std::optional<SeparatorLine> separator_line(std::string_view text);

// The separator of a header, counted outside quotes: the most frequent of ',', ';' and tab.
char separator_of(std::string_view header);

}  // namespace holdfast::formats
