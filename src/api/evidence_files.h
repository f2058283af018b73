// Files of evidence beside the database: a folder for each dispute, each file named by the hash of
// its content. What they are is found by their content, images are kept without their metadata.
//
// Throws StoreDown where the folder cannot be written or read.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "formats/media_type.h"
#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct EvidencePlace {
    IdBytes order{};
    std::uint64_t dispute = 0;
};

struct KeptFile {
    Hash content{};  // of what is kept
    std::string_view media_type;
    std::uint64_t bytes = 0;
};

// A file while it comes in; it is gone with the object.
class IncomingFile {
public:
    IncomingFile(const std::filesystem::path& folder, const store::Random& random);
    ~IncomingFile();
    IncomingFile(const IncomingFile&) = delete;
    IncomingFile& operator=(const IncomingFile&) = delete;

    void write(std::string_view piece);
    std::string read() const;  // all of it
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    int file_ = -1;
};

enum class FileFault : std::uint8_t { too_many, type_not_allowed, malformed };

class EvidenceFiles {
public:
    static constexpr std::uint64_t bytes_most = std::uint64_t{10} << 20U;
    static constexpr std::size_t of_a_dispute = 50;

    // What was coming in when a server ended is taken away.
    explicit EvidenceFiles(std::filesystem::path folder);

    const std::filesystem::path& folder() const { return folder_; }
    // By one thread at a time. The same content again is the same file.
    std::expected<KeptFile, FileFault> keep(const EvidencePlace& place, const IncomingFile& file);
    // The file and its bytes; nothing: it is not there. From any thread.
    struct Found {
        std::string_view media_type, extension;
        std::string bytes;
    };
    std::optional<Found> find(const EvidencePlace& place, const Hash& content) const;

private:
    std::filesystem::path folder_of(const EvidencePlace& place) const;

    std::filesystem::path folder_;
    std::optional<formats::MediaTypes> types_;
};

}  // namespace holdfast::api
