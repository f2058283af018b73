#include "formats/file_source.h"

#include "base/hash.h"
#include "base/try.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace holdfast::formats {
namespace {

std::unexpected<FileError> no(std::string reason) {
    return std::unexpected(FileError{{}, std::move(reason)});
}

}  // namespace

FileSource::FileSource(std::ifstream stream, std::uint64_t size, const ReadOptions& options)
    : stream_(std::move(stream)), size_(size), options_(&options), piece_(piece_size, '\0') {}

std::expected<FileSource, FileError> FileSource::open(const std::filesystem::path& path,
                                                      const ReadOptions& options) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) return no("no such file");
    if (!std::filesystem::is_regular_file(status)) return no("not a regular file");
    const auto size = std::filesystem::file_size(path, error);
    if (error) return no("cannot be read: " + error.message());
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return no(std::string("cannot be opened: ") + std::strerror(errno));
    return FileSource(std::move(stream), size, options);
}

std::expected<std::string_view, FileError> FileSource::next() {
    stream_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    if (stream_.bad()) return no("cannot be read to its end");
    const std::string_view piece(piece_.data(), static_cast<std::size_t>(stream_.gcount()));
    done_ += piece.size();
    if (options_->progress && !piece.empty()) options_->progress(done_, size_);
    return piece;
}

std::expected<std::string, FileError> FileSource::rest(std::string_view first_piece,
                                                       std::size_t limit) {
    const auto too_large = [&] {
        return no("larger than " + std::to_string(limit >> 20) +
                  " MiB, which is the most that a JSON file may have");
    };
    if (size_ > limit) return too_large();
    std::string bytes(first_piece);
    for (auto piece = TRY(next()); !piece.empty(); piece = TRY(next())) {
        bytes += piece;
        if (bytes.size() > limit) return too_large();  // it has grown meanwhile
    }
    return bytes;
}

std::expected<Hash, FileError> hash_file(const std::filesystem::path& path) {
    const ReadOptions options;
    auto source = TRY(FileSource::open(path, options));
    Hasher hasher;
    for (auto piece = TRY(source.next()); !piece.empty(); piece = TRY(source.next()))
        hasher.add(piece);
    return hasher.finish();
}

}  // namespace holdfast::formats
