// A body of several parts as its bytes arrive: multipart/form-data (RFC 7578, RFC 2046, 5.1).
//
// Read strictly: nothing stands before the first part or behind the last, and each part says its
// name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::http {

struct FormPart {
    std::string name;
    std::string file_name = {};   // as the client says; empty: it says none
    std::string media_type = {};  // as the client says; empty: it says none
    bool operator==(const FormPart&) const = default;
};

// Takes the parts one after the other. False ends the reading.
class PartSink {
public:
    virtual ~PartSink() = default;
    [[nodiscard]] virtual bool begin(const FormPart& part) = 0;
    [[nodiscard]] virtual bool take(std::string_view piece) = 0;
    [[nodiscard]] virtual bool end() = 0;
};

// Of a Content-Type header; nothing: it is no multipart/form-data, or names no boundary.
std::optional<std::string> form_boundary(std::string_view content_type);

class MultipartReader {
public:
    static constexpr std::size_t head_most = 4'096;  // bytes of a part's header fields

    explicit MultipartReader(std::string_view boundary);

    // False: the body is malformed, or the sink said so. Then nothing more is taken.
    [[nodiscard]] bool take(std::string_view bytes, PartSink& sink);
    bool is_whole() const { return place_ == Place::end; }

private:
    enum class Place : std::uint8_t { start, behind_delimiter, head, body, end };
    enum class Step : std::uint8_t { done, needs_more, wrong };

    Step step(PartSink& sink);
    Step read_start();
    Step read_behind_delimiter();
    Step read_head(PartSink& sink);
    Step read_body(PartSink& sink);
    Step read_end();
    std::string_view rest() const { return std::string_view(waiting_).substr(used_); }

    Place place_ = Place::start;
    std::string delimiter_;  // with its line end before it
    std::string waiting_;    // what has come and is not used up
    std::size_t used_ = 0;   // of it
};

}  // namespace holdfast::http
