// What the tests of the stores share: short ways to make changes, a folder for their files.
#pragma once

#include "store/person.h"
#include "store/store.h"

#include <stdlib.h>
#include <filesystem>
#include <initializer_list>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::store_test {

using namespace store;

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 12h};

inline StreamId stream_id(std::string_view reference, StreamKind kind = StreamKind::purchase) {
    return stream_id_of(kind, "aliexpress", "main", reference);
}

inline StreamId purchase(std::string_view reference) { return stream_id(reference); }

inline std::vector<StreamId> purchases(const std::vector<std::string>& references) {
    std::vector<StreamId> streams;
    streams.reserve(references.size());
    for (const auto& reference : references) streams.push_back(purchase(reference));
    return streams;
}

inline Change change_of(std::string_view reference, std::uint64_t expected_version,
                        const std::vector<std::string>& payloads,
                        StreamKind kind = StreamKind::purchase) {
    Change change;
    change.stream = stream_id(reference, kind);
    change.kind = kind;
    change.expected_version = expected_version;
    for (const auto& payload : payloads)
        change.events.push_back({.at = noon + Duration{change.events.size()},
                                 .kind = change.events.empty() ? "seen" : "seen_again",
                                 .v = 1,
                                 .payload = payload});
    return change;
}

inline Change with_key(Change change, std::string_view key, std::string_view request) {
    change.request_key = key;
    change.request_hash = hash_of(request);
    return change;
}

inline IndexRow row_of(std::string_view reference, StreamKind kind = StreamKind::purchase) {
    IndexRow row;
    row.stream = stream_id(reference, kind);
    row.kind = kind;
    row.system = "aliexpress";
    row.reference = reference;
    row.seen_at = noon;
    row.facts = "{}";
    return row;
}

inline std::vector<IndexRow> scanned(Store& store, StreamKind kind) {
    std::vector<IndexRow> rows;
    store.scan(kind, [&](const IndexRow& row) {
        rows.push_back(row);
        return true;
    });
    return rows;
}

inline Random seeded_random(std::uint64_t seed) {
    return [source = std::mt19937_64(seed)](std::span<std::uint8_t> bytes) mutable {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(source());
    };
}

// A folder of its own under the system's temporary one, gone at the end.
class Directory {
public:
    Directory() {
        path_ = (std::filesystem::temp_directory_path() / "holdfast-test-XXXXXX").string();
        if (!mkdtemp(path_.data())) throw std::runtime_error("no temporary folder");
    }
    ~Directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    std::string file(std::string_view name) const { return path_ + '/' + std::string(name); }

private:
    std::string path_;
};

}  // namespace holdfast::store_test
