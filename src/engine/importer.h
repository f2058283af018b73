// Files into streams: reads a file, folds each observation into its stream's state, and writes what
// that changed.
//
// Importing is idempotent and free of order (engine/import_batch.h). Everything of one batch is one
// transaction; a file that breaks in the middle leaves whole records only, and importing it again
// finishes the work.
#pragma once

#include "engine/desk_view.h"
#include "engine/import_batch.h"
#include "formats/reader.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace holdfast::engine {

struct RowReport {
    RowFate fate = RowFate::same;
    formats::Place place;
    std::string what;    // "purchase aliexpress 3099000000000101"; empty of a rejected row
    std::string reason;  // of a rejected or noted row
};

struct ImportOptions {
    const Zones* zones = nullptr;
    std::optional<Instant> seen_at;  // `--at`
    Instant now{};
    std::optional<Currency> currency;              // of amounts that name none
    const formats::Mapping* mapping = nullptr;     // of a CSV's columns
    std::function<void(const RowReport&)> on_row;  // may be empty
    std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_all)> progress;
    // In one transaction. Each touches all pages of the indexes that lie in the order of hashes:
    // the more rows, the fewer pages are written for each, and the longer others wait to write.
    std::size_t rows_at_once = 16'384;
};

struct ImportReport {
    formats::FileReport file;
    Instant seen_at{};
    bool known_file = false;  // the same bytes were imported before
    std::uint64_t rows_new = 0, rows_changed = 0, rows_same = 0, rows_rejected = 0, notes = 0;
};

// Reads and writes one file: one thread reads, one has the store to itself, and the caller's folds
// and is told of rows and progress. A FileError leaves the batches before it written and says so in
// its reason.
[[nodiscard]] std::expected<ImportReport, formats::FileError> import_file(
    store::Store& store, const std::filesystem::path& file, const ImportOptions& options);

// Writes down the links that the data suggest and nobody has spoken of: those that share a tracking
// number, and guesses that wait for a yes. Gives the number of guesses. All orders are looked at.
std::size_t write_guesses(store::Store& store, DeskView& view, Instant now);

// The stream that an observation of this link belongs to.
store::StreamId link_stream(const desk::LinkSeen& seen);

// Takes observations that come from elsewhere (a person's yes, a push) the same way, one by one.
class Importer {
public:
    Importer(store::Store& store, Instant now, std::string cause);

    RowFate add(desk::Observation observation);
    // Writes what is pending, in one transaction. add() calls it when much is; call it at the end.
    void flush();

private:
    store::Store& store_;
    Instant now_;
    std::string cause_;
    ImportBatch batch_;
};

}  // namespace holdfast::engine
