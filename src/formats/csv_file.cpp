#include "formats/csv_file.h"

#include "base/try.h"
#include "base/verify.h"
#include "formats/text.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

std::unexpected<FileError> no(std::uint64_t line, std::string reason) {
    return std::unexpected(FileError{{line, {}}, std::move(reason)});
}

// Finds the ends of lines; each byte of a piece is looked at once per kind of line end.
class LineFinder {
public:
    explicit LineFinder(std::string_view piece) : piece_(piece), lf_(piece.find('\n')) {}

    struct Line {
        std::size_t size;  // with its end
        bool ends;         // false where the piece ends first
    };
    Line line_at(std::size_t at) {
        if (lf_ != std::string_view::npos && lf_ < at) lf_ = piece_.find('\n', at);
        const auto until = std::min(lf_, piece_.size());
        const auto cr = piece_.substr(at, until - at).find('\r');
        if (cr != std::string_view::npos && at + cr + 1 != lf_) return {cr + 1, true};
        if (lf_ == std::string_view::npos) return {piece_.size() - at, false};
        return {lf_ + 1 - at, true};
    }

private:
    std::string_view piece_;
    std::size_t lf_;
};

bool is_blank(std::string_view line, char separator) {
    return std::ranges::all_of(line, [&](char c) {
        return c == ' ' || c == '\r' || c == '\n' || (c == '\t' && separator != '\t');
    });
}

}  // namespace

CsvParser::CsvParser(char separator, OnRecord on_record, std::uint64_t line)
    : parser_{}, separator_(separator), on_record_(std::move(on_record)), line_(line) {
    VERIFY(csv_init(&parser_, 0) == 0);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
    csv_set_blk_size(&parser_, 4096);
}

CsvParser::~CsvParser() { csv_free(&parser_); }

void CsvParser::on_cell(void* bytes, std::size_t size, void* self) {
    auto& parser = *static_cast<CsvParser*>(self);
    if (size != 0) parser.bytes_.append(static_cast<const char*>(bytes), size);
    parser.ends_.push_back(parser.bytes_.size());
}

void CsvParser::on_row(int, void* self) { static_cast<CsvParser*>(self)->row_done_ = true; }

std::expected<void, FileError> CsvParser::feed(std::string_view piece) {
    if (after_cr_ && piece.starts_with('\n')) {  // a CRLF that two pieces share
        TRY(give(piece.substr(0, 1)));
        piece.remove_prefix(1);
    }
    LineFinder finder(piece);
    for (std::size_t at = 0; at < piece.size() && !stopped_;) {
        const auto line = finder.line_at(at);
        TRY(feed_line(piece.substr(at, line.size), line.ends));
        at += line.size;
    }
    after_cr_ = piece.ends_with('\r');
    return {};
}

// One line at a time, so that a record's end is seen together with the line it stands on.
std::expected<void, FileError> CsvParser::feed_line(std::string_view line, bool ends) {
    if (!in_record_ && is_blank(line, separator_)) {
        if (ends) ++line_;
        return {};
    }
    const bool begins = !in_record_;
    if (begins) {
        in_record_ = true;
        record_.line = line_;
        quote_line_ = line_;
    }
    const auto cells_before = ends_.size();
    TRY(give(line));
    if (!row_done_ && ends_.size() != cells_before) quote_line_ = line_;
    if (ends) ++line_;
    if (row_done_) hand_out();
    return {};
}

std::expected<void, FileError> CsvParser::give(std::string_view bytes) {
    constexpr std::size_t step = std::size_t{64} * 1024;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
        const auto part = bytes.substr(0, step);
        const auto taken = csv_parse(&parser_, part.data(), part.size(), on_cell, on_row, this);
        if (taken != part.size()) return no(line_, csv_strerror(csv_error(&parser_)));
        if (parser_.entry_pos > cell_max)
            return no(quote_line_, "a cell of more than 1 MiB begins here: is a quote missing?");
        if (bytes_.size() + parser_.entry_pos > record_max)
            return no(record_.line, "a record of more than 4 MiB begins here");
    }
    return {};
}

void CsvParser::hand_out() {
    record_.bytes = bytes_;
    record_.cells.clear();
    std::size_t begin = 0;
    for (const auto end : ends_) {
        record_.cells.emplace_back(record_.bytes.substr(begin, end - begin));
        begin = end;
    }
    if (!on_record_(record_)) stopped_ = true;
    bytes_.clear();
    ends_.clear();
    in_record_ = false;
    row_done_ = false;
}

std::expected<std::optional<std::uint64_t>, FileError> CsvParser::finish() {
    if (!in_record_ || stopped_) return std::nullopt;
    TRY(give("\n"));  // ends the last record, unless a quote is open
    if (!row_done_) return quote_line_;
    hand_out();
    return std::nullopt;
}

std::optional<SeparatorLine> separator_line(std::string_view text) {
    constexpr std::string_view lead = "sep=";
    constexpr std::string_view separators = ",;\t|";
    const auto end = text.find_first_of("\r\n");
    if (end != lead.size() + 1 || folded(text.substr(0, lead.size())) != lead) return std::nullopt;
    const char separator = text[lead.size()];
    if (!separators.contains(separator)) return std::nullopt;
    return SeparatorLine{separator, end + (text.substr(end).starts_with("\r\n") ? 2 : 1)};
}

char separator_of(std::string_view header) {
    std::size_t counts[3] = {};
    constexpr std::string_view separators = ",;\t";
    bool quoted = false;
    for (const char c : header) {
        if (c == '"') quoted = !quoted;
        const auto at = separators.find(c);
        if (!quoted && at != std::string_view::npos) ++counts[at];
    }
    return separators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts)];
}

}  // namespace holdfast::formats
