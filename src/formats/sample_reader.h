// For tests: reads a file and keeps what comes out of it.
#pragma once

#include "formats/reader.h"
#include "formats/zone_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::formats {

// What one reading gave.
class Reading : public Sink {
public:
    std::expected<FileReport, FileError> result = std::unexpected(FileError{});
    std::vector<desk::Observation> observations;
    std::vector<std::pair<Place, std::string>> rejects;
    std::vector<std::pair<Place, std::string>> notes;

    void observed(desk::Observation observation) override {
        observations.push_back(std::move(observation));
    }
    void rejected(const Place& place, std::string reason) override {
        rejects.emplace_back(place, std::move(reason));
    }
    void noted(const Place& place, std::string text) override {
        notes.emplace_back(place, std::move(text));
    }

    template <class Seen>
    std::vector<Seen> all() const {
        std::vector<Seen> list;
        for (const auto& observation : observations)
            if (const auto* seen = std::get_if<Seen>(&observation.seen)) list.push_back(*seen);
        return list;
    }

    // The only one of its kind.
    template <class Seen>
    Seen one() const {
        const auto list = all<Seen>();
        REQUIRE(list.size() == 1);
        return list[0];
    }

    bool notes_say(std::string_view part) const {
        for (const auto& [place, text] : notes)
            if (text.find(part) != std::string::npos) return true;
        return false;
    }
};

inline const Zones& sample_zones() {
    static const Zones zones = load_zones({"America/Los_Angeles", "Europe/Berlin"}).value();
    return zones;
}

inline const Instant sample_now = *parse_instant("2026-11-23T12:00:00Z");

inline Reading read_path(const std::filesystem::path& path, std::optional<Instant> seen_at = {},
                         std::optional<Currency> currency = {}) {
    Reading reading;
    ReadOptions options;
    options.zones = &sample_zones();
    options.seen_at = seen_at;
    options.now = sample_now;
    options.currency = currency;
    reading.result = read_file(path, options, reading);
    return reading;
}

inline Reading read_sample(std::string_view name, std::optional<Instant> seen_at = {},
                           std::optional<Currency> currency = {}) {
    return read_path(std::filesystem::path(HOLDFAST_SOURCE_DIR) / "samples" / name, seen_at,
                     currency);
}

// Bytes as a file of that name, for as long as the object lives.
class TestFile {
public:
    explicit TestFile(std::string_view bytes, std::string_view name = "file") {
        auto pattern = (std::filesystem::temp_directory_path() / "holdfast-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        path_ = folder_ / name;
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TestFile() { std::filesystem::remove_all(folder_); }
    TestFile(const TestFile&) = delete;
    TestFile& operator=(const TestFile&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path folder_;
    std::filesystem::path path_;
};

inline Reading read_bytes(std::string_view bytes, std::string_view name = "file") {
    const TestFile file(bytes, name);
    return read_path(file.path());
}

}  // namespace holdfast::formats
