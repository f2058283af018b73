#include "api/evidence_files.h"

#include "api/secret.h"
#include "formats/image_metadata.h"
#include "store/flush.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace holdfast::api {
namespace {

namespace fs = std::filesystem;

using Strip = std::optional<std::string> (*)(std::string_view);

struct Allowed {
    std::string_view media_type, extension;
    Strip strip = nullptr;  // none: kept as it is
};
constexpr std::array allowed{
    Allowed{"image/jpeg", "jpg", formats::jpeg_without_metadata},
    Allowed{"image/png", "png", formats::png_without_metadata},
    Allowed{"image/webp", "webp", formats::webp_without_metadata},
    Allowed{"application/pdf", "pdf"},
    Allowed{"video/mp4", "mp4"},
    Allowed{"text/plain", "txt"},
};

[[noreturn]] void fail(const fs::path& path) {
    throw store::StoreDown(path.string() + ": " + std::strerror(errno));
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw store::StoreDown(folder.string() + ": " + error.message());
}

class File {
public:
    File(const fs::path& path, int flags, mode_t mode = 0)
        : file_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~File() {
        if (file_ >= 0) ::close(file_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_open() const { return file_ >= 0; }
    int number() const { return file_; }

private:
    int file_;
};

void write_all(int file, std::string_view bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail(path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string read_all(int file, const fs::path& path) {
    struct stat facts{};
    if (::fstat(file, &facts) != 0) fail(path);
    std::string bytes(static_cast<std::size_t>(facts.st_size), '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto got =
            ::pread(file, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail(path);
        at += static_cast<std::size_t>(got);
    }
    return bytes;
}

// On the disk under its name, whole or not at all.
void put_file(const fs::path& path, std::string_view bytes) {
    const fs::path fresh = path.string() + ".new";
    {
        File file(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (!file.is_open()) fail(fresh);
        write_all(file.number(), bytes, fresh);
    }
    store::flush(fresh);
    if (::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
    // The folders of the dispute and of the order may be new as well.
    store::flush_folder_of(path);
    store::flush_folder_of(path.parent_path());
    store::flush_folder_of(path.parent_path().parent_path());
}

std::size_t count_files(const fs::path& folder) {
    std::error_code error;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder, error), fs::directory_iterator()));
}

std::string file_name(const Hash& content, std::string_view extension) {
    return to_hex(content) + "." + std::string(extension);
}

}  // namespace

IncomingFile::IncomingFile(const fs::path& folder, const store::Random& random)
    : path_(folder / "incoming" / make_secret("", random)) {
    make_folder(path_.parent_path());
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file_ < 0) fail(path_);
}

IncomingFile::~IncomingFile() {
    if (file_ >= 0) ::close(file_);
    ::unlink(path_.c_str());
}

void IncomingFile::write(std::string_view piece) { write_all(file_, piece, path_); }
std::string IncomingFile::read() const { return read_all(file_, path_); }

EvidenceFiles::EvidenceFiles(fs::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    fs::remove_all(folder_ / "incoming", error);  // one that cannot be is said by the first file
}

fs::path EvidenceFiles::folder_of(const EvidencePlace& place) const {
    return folder_ / to_base32(place.order) / std::to_string(place.dispute);
}

std::expected<KeptFile, FileFault> EvidenceFiles::keep(const EvidencePlace& place,
                                                       const IncomingFile& file) {
    auto bytes = file.read();
    if (!types_) types_.emplace();
    const auto type = types_->of(bytes);
    const auto kind = std::ranges::find(allowed, type, &Allowed::media_type);
    if (bytes.empty() || kind == allowed.end()) return std::unexpected(FileFault::type_not_allowed);
    if (kind->strip) {
        auto stripped = kind->strip(bytes);
        if (!stripped) return std::unexpected(FileFault::malformed);
        bytes = *std::move(stripped);
    }
    const KeptFile kept{
        .content = hash_of(bytes), .media_type = kind->media_type, .bytes = bytes.size()};
    const auto folder = folder_of(place);
    const auto path = folder / file_name(kept.content, kind->extension);
    if (File(path, O_RDONLY).is_open()) return kept;
    if (count_files(folder) >= of_a_dispute) return std::unexpected(FileFault::too_many);
    make_folder(folder);
    put_file(path, bytes);
    return kept;
}

std::optional<EvidenceFiles::Found> EvidenceFiles::find(const EvidencePlace& place,
                                                        const Hash& content) const {
    for (const auto& kind : allowed) {
        const auto path = folder_of(place) / file_name(content, kind.extension);
        const File file(path, O_RDONLY);
        if (!file.is_open()) continue;
        return Found{kind.media_type, kind.extension, read_all(file.number(), path)};
    }
    return std::nullopt;
}

}  // namespace holdfast::api
