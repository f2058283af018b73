// Files into streams: reads a file, folds each observation into its stream's state, and writes what
// that changed.
//
// Importing is idempotent and free of order: an observation that changes nothing of the state
// writes nothing, and the fold is a join. Everything of one batch is one transaction; a file that
// breaks in the middle leaves whole records only, and importing it again finishes the work.
#pragma once

#include "engine/desk_view.h"
#include "engine/summary.h"
#include "formats/reader.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace holdfast::engine {

enum class RowFate : std::uint8_t { added, changed, same, rejected, noted };
std::string_view to_string(RowFate fate);  // "new", "changed", …

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
};

struct ImportReport {
    formats::FileReport file;
    Instant seen_at{};
    bool known_file = false;  // the same bytes were imported before
    std::uint64_t rows_new = 0, rows_changed = 0, rows_same = 0, rows_rejected = 0, notes = 0;
};

// Reads and writes one file. A FileError leaves the batches before it written and says so in its
// reason.
[[nodiscard]] std::expected<ImportReport, formats::FileError> import_file(
    store::Store& store, const std::filesystem::path& file, const ImportOptions& options);

// Writes down the links that the data suggest and nobody has spoken of: those that share a tracking
// number, and guesses that wait for a yes. Gives the number of guesses. All orders are looked at.
std::size_t write_guesses(store::Store& store, DeskView& view, Instant now);

// The stream that an observation of this link belongs to.
store::StreamId link_stream(const desk::LinkSeen& seen);

// Takes observations that come from elsewhere (a person's yes, a given rate) the same way.
class Importer {
public:
    Importer(store::Store& store, Instant now, std::string cause);
    ~Importer();
    Importer(const Importer&) = delete;
    Importer& operator=(const Importer&) = delete;

    RowFate add(desk::Observation observation);
    // Makes the marks of these observations' customers in one go; add() would make one at a time.
    void meet(std::span<const desk::Observation> observations);
    // Writes what is pending; called by add() when a batch is full. Call it at the end.
    void flush();

private:
    struct Batch;
    std::unique_ptr<Batch> batch_;
};

}  // namespace holdfast::engine
