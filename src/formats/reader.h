// Files of other systems, read into observations.
//
// The format is found by content, never by name. A file that cannot be read at all is a FileError;
// a record that cannot is rejected with its place, and the others stand. Files are read in pieces:
// memory does not grow with their size. JSON alone is loaded whole, and at most 64 MiB of it.
#pragma once

#include "base/hash.h"
#include "base/zone.h"
#include "desk/observation.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace holdfast::formats {

struct Place {
    std::uint64_t line = 0;  // from 1; 0: the whole file
    std::string column;  // a column's name or a JSON path ("/result/order_amount"); may be empty
};

// Takes what a reader finds, in the order of the file. One record may give several observations.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void observed(desk::Observation observation) = 0;
    virtual void rejected(const Place& place, std::string reason) = 0;
    // Something a person should know; the record stands.
    virtual void noted(const Place& place, std::string text) = 0;
};

struct Mapping;

struct ReadOptions {
    const Zones* zones = nullptr;    // must hold America/Los_Angeles
    std::optional<Instant> seen_at;  // `--at`
    Instant now{};                   // where neither file nor --at says
    std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_all)>
        progress;                      // may be empty
    std::optional<Currency> currency;  // of amounts that name none; without it they are left out
    const Mapping* mapping = nullptr;  // of a CSV's columns; without it the header decides
};

// What a file turned out to be.
struct FileReport {
    std::string format;         // "aliexpress_exporter_csv"
    std::string description;    // "AliExpress order exporter, 30 columns, separated by ;"
    std::string why_no_orders;  // set where this kind of file holds none: what it is instead
    std::uint64_t records = 0;  // without headers and repeated headers
};

struct FileError {
    Place place;
    std::string reason;  // "neither CSV nor JSON: a NUL byte at offset 17"
};

[[nodiscard]] std::expected<FileReport, FileError> read_file(const std::filesystem::path& path,
                                                             const ReadOptions& options,
                                                             Sink& sink);

// The hash of a file's bytes, read in pieces.
[[nodiscard]] std::expected<Hash, FileError> hash_file(const std::filesystem::path& path);

}  // namespace holdfast::formats
