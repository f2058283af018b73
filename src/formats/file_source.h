// A file read once, in pieces.
#pragma once

#include "formats/reader.h"

#include <expected>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace holdfast::formats {

class FileSource {
public:
    static constexpr std::size_t piece_size = std::size_t{256} * 1024;

    [[nodiscard]] static std::expected<FileSource, FileError> open(
        const std::filesystem::path& path, const ReadOptions& options);

    // The next piece, full except at the end of the file; empty there. It holds until the next.
    [[nodiscard]] std::expected<std::string_view, FileError> next();

    // The bytes that stand before `limit`, gathered; a longer file is an error.
    [[nodiscard]] std::expected<std::string, FileError> rest(std::string_view first_piece,
                                                             std::size_t limit);

private:
    FileSource(std::ifstream stream, std::uint64_t size, const ReadOptions& options);

    std::ifstream stream_;
    std::uint64_t size_;
    std::uint64_t done_ = 0;
    const ReadOptions* options_;
    std::string piece_;
};

}  // namespace holdfast::formats
