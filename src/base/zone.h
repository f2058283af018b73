// A time zone as a value: its name and every change of its offset between 1970 and 2100.
//
// Zones are loaded once at start (formats/zone_file.h) and handed in; nothing here reads files.
// A local time in the hour that a zone repeats is two instants, one in the hour that it skips is
// none; both are told, never guessed away.
#pragma once

#include "base/instant.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

class Zone {
public:
    struct Change {
        Instant at;                   // from here on
        std::chrono::seconds offset;  // local minus UTC
    };

    // `first` holds before changes.front(); changes are in order of time.
    Zone(std::string name, std::chrono::seconds first, std::vector<Change> changes);
    static Zone utc() { return Zone("UTC", std::chrono::seconds{0}, {}); }

    const std::string& name() const { return name_; }
    std::chrono::seconds offset_at(Instant at) const;
    LocalTime to_local(Instant at) const;
    Day day_of(Instant at) const;

    enum class Fit { unique, repeated, skipped };
    struct Instants {
        Fit fit;
        Instant earlier;  // repeated: the first; skipped: moved forward by the gap
        Instant later;    // repeated: the second; else the same
    };
    Instants to_instants(LocalTime local) const;

    // The first instant whose local day is `day` or a later one (where midnight or all of `day` is
    // skipped, the change that skips it), and the same for the day after.
    Instant start_of(Day day) const;
    Instant end_of(Day day) const { return start_of(day + std::chrono::days{1}); }

    // `at` moved by whole civil days with the same wall clock; in a skipped hour, moved forward;
    // in a repeated one, the earlier. No days leave `at` as it is.
    Instant add_civil_days(Instant at, std::chrono::days count) const;

    std::span<const Change> changes() const { return changes_; }

private:
    std::string name_;
    std::chrono::seconds first_;
    std::vector<Change> changes_;
};

// The zones that were loaded, found by name.
class Zones {
public:
    void add(Zone zone);
    const Zone* find(std::string_view name) const;
    std::string version;  // of the time zone data, for example "2026a"

private:
    std::vector<Zone> zones_;
};

}  // namespace holdfast
