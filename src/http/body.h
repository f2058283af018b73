// The body of a request as its bytes arrive: a counted number of them, or chunks (RFC 9112, 7.1).
//
// Chunk extensions and trailer fields must be well-formed and few, and are dropped.
#pragma once

#include "http/head.h"
#include "http/wire_fault.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace holdfast::http {

class BodyReader {
public:
    BodyReader(const Head& head, std::uint64_t bytes_max);

    struct Step {
        std::size_t used = 0;         // 0: more bytes are needed
        std::string_view piece = {};  // of the body; may be empty where bytes were used
    };
    // The next step into `bytes`, which begin where the last step ended.
    [[nodiscard]] std::expected<Step, WireFault> next(std::string_view bytes);
    bool is_whole() const { return place_ == Place::end; }

    // Known before the first byte: the body is announced as too large.
    bool is_too_large() const { return place_ == Place::counted && left_ > bytes_left_; }

private:
    enum class Place : std::uint8_t { counted, chunk_line, chunk, chunk_end, trailer, end };
    using Stepped = std::expected<Step, WireFault>;

    Step take_piece(std::string_view bytes, Place after);
    Stepped read_chunk_line(std::string_view bytes);
    Stepped read_chunk_end(std::string_view bytes);
    Stepped read_trailer(std::string_view bytes);

    Place place_ = Place::end;
    std::uint64_t left_ = 0;  // of the body or the chunk
    std::uint64_t bytes_left_;
    std::size_t extension_bytes_ = 0, trailer_bytes_ = 0;
};

}  // namespace holdfast::http
