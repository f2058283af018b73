#include "formats/file_notes.h"

#include "formats/text.h"

#include <algorithm>

namespace holdfast::formats {
namespace {

// More words than this are no statuses: a column is read as what it is not.
constexpr std::size_t words_most = 20;

std::string counted(std::uint64_t rows, bool is_csv) {
    return rows <= 1 ? "" : " (" + std::to_string(rows) + (is_csv ? " rows)" : " records)");
}

}  // namespace

// A row counts once, whatever it holds. JSON has no rows, and counts each time.
void FileNotes::Count::add(std::uint64_t line) {
    if (line == 0 || line != last_line) ++rows;
    last_line = line;
}

void FileNotes::no_currency(const Place& place) {
    if (amounts_.rows == 0) amounts_.column = place.column;
    amounts_.add(place.line);
}

void FileNotes::unknown_status(const Place& place, std::string_view word) {
    const auto known = std::ranges::find_if(
        words_, [&](const Count& one) { return one.word == word && one.column == place.column; });
    if (known != words_.end()) return known->add(place.line);
    if (words_.size() == words_most) {
        ++words_left_out_;
        return;
    }
    auto& added = words_.emplace_back();
    added.column = place.column;
    added.word = word;
    added.add(place.line);
}

void FileNotes::tell(Sink& sink) const {
    if (amounts_.rows)
        sink.noted({0, amounts_.column}, "the amounts name no currency and are left out" +
                                             counted(amounts_.rows, amounts_.last_line != 0) +
                                             ": --currency says which one they are in");
    for (const auto& one : words_)
        sink.noted({0, one.column}, shown(one.word) + " is no status we know" +
                                        counted(one.rows, one.last_line != 0));
    if (words_left_out_)
        sink.noted({}, "further statuses that we do not know: " + std::to_string(words_left_out_) +
                           (words_left_out_ == 1 ? " record" : " records"));
}

}  // namespace holdfast::formats
