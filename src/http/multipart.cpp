#include "http/multipart.h"

#include "http/header.h"

#include <algorithm>
#include <utility>

namespace holdfast::http {
namespace {

constexpr std::size_t boundary_most = 70;  // RFC 2046, 5.1.1

bool is_boundary(std::string_view text) {
    constexpr std::string_view others = "'()+_,-./:=? ";
    return !text.empty() && text.size() <= boundary_most && !text.ends_with(' ') &&
           std::ranges::all_of(text, [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      others.contains(c);
           });
}

// A token, or a quoted string without its quotes; `rest` begins behind it.
std::optional<std::string> take_value(std::string_view& rest) {
    std::string value;
    if (!rest.starts_with('"')) {
        const auto end = std::min(rest.find_first_of("; \t"), rest.size());
        value = rest.substr(0, end);
        rest.remove_prefix(end);
        return is_token(value) ? std::optional(value) : std::nullopt;
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        }
        const bool is_escape =
            rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
        if (is_escape) ++i;
        value += rest[i];
    }
    return std::nullopt;
}

// The parameter of a header such as `form-data; name="file"`. Nothing: it is not there, stands
// twice, or the header is malformed.
std::optional<std::string> parameter_of(std::string_view header, std::string_view name) {
    std::optional<std::string> found;
    auto rest = header.substr(std::min(header.find(';'), header.size()));
    while (!rest.empty()) {
        if (!rest.starts_with(';')) return std::nullopt;
        rest = rest.substr(1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos || !is_token(rest.substr(0, equals)))
            return std::nullopt;
        const auto key = rest.substr(0, equals);
        rest.remove_prefix(equals + 1);
        auto value = take_value(rest);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (!value) return std::nullopt;
        if (!is_same_name(key, name)) continue;
        if (found) return std::nullopt;
        found = std::move(value);
    }
    return found;
}

// A part from the lines of its head, each with its end.
std::optional<FormPart> part_of(std::string_view lines) {
    std::vector<Header> headers;
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return std::nullopt;
        const auto value = trimmed(line.substr(colon + 1));
        const std::string name(line.substr(0, colon));
        if (!is_line(value) || !find_header(headers, name).empty()) return std::nullopt;
        headers.push_back({name, std::string(value)});
    }
    const auto disposition = find_header(headers, "content-disposition");
    const auto name = parameter_of(disposition, "name");
    if (!is_same_name(without_parameters(disposition), "form-data") || !name || name->empty())
        return std::nullopt;
    // A name in any other coding would be another meaning for the same bytes.
    if (!find_header(headers, "content-transfer-encoding").empty()) return std::nullopt;
    return FormPart{
        .name = *name,
        .file_name = parameter_of(disposition, "filename").value_or(""),
        .media_type = std::string(without_parameters(find_header(headers, "content-type")))};
}

}  // namespace

std::optional<std::string> form_boundary(std::string_view content_type) {
    if (!is_same_name(without_parameters(content_type), "multipart/form-data")) return std::nullopt;
    auto boundary = parameter_of(content_type, "boundary");
    return boundary && is_boundary(*boundary) ? std::move(boundary) : std::nullopt;
}

MultipartReader::MultipartReader(std::string_view boundary)
    : delimiter_("\r\n--" + std::string(boundary)) {}

bool MultipartReader::take(std::string_view bytes, PartSink& sink) {
    waiting_ += bytes;
    auto last = Step::done;
    while (last == Step::done) last = step(sink);
    waiting_.erase(0, std::exchange(used_, 0));
    return last == Step::needs_more;
}

MultipartReader::Step MultipartReader::step(PartSink& sink) {
    switch (place_) {
    case Place::start:            return read_start();
    case Place::behind_delimiter: return read_behind_delimiter();
    case Place::head:             return read_head(sink);
    case Place::body:             return read_body(sink);
    case Place::end:              return read_end();
    }
    return Step::wrong;
}

// The first delimiter has no line before it.
MultipartReader::Step MultipartReader::read_start() {
    const auto first = std::string_view(delimiter_).substr(2);
    if (!first.starts_with(rest().substr(0, first.size()))) return Step::wrong;
    if (rest().size() < first.size()) return Step::needs_more;
    used_ += first.size();
    place_ = Place::behind_delimiter;
    return Step::done;
}

MultipartReader::Step MultipartReader::read_behind_delimiter() {
    if (rest().size() < 2) return Step::needs_more;
    const auto next = rest().substr(0, 2);
    if (next != "\r\n" && next != "--") return Step::wrong;
    place_ = next == "--" ? Place::end : Place::head;
    used_ += 2;
    return Step::done;
}

MultipartReader::Step MultipartReader::read_head(PartSink& sink) {
    const auto end = rest().find("\r\n\r\n");
    if (end == std::string_view::npos || end > head_most)
        return rest().size() > head_most ? Step::wrong : Step::needs_more;
    const auto part = part_of(rest().substr(0, end + 2));
    if (!part || !sink.begin(*part)) return Step::wrong;
    used_ += end + 4;
    place_ = Place::body;
    return Step::done;
}

MultipartReader::Step MultipartReader::read_body(PartSink& sink) {
    const auto end = rest().find(delimiter_);
    if (end != std::string_view::npos) {
        if (end > 0 && !sink.take(rest().substr(0, end))) return Step::wrong;
        if (!sink.end()) return Step::wrong;
        used_ += end + delimiter_.size();
        place_ = Place::behind_delimiter;
        return Step::done;
    }
    // The last bytes may be the beginning of a delimiter.
    if (rest().size() >= delimiter_.size()) {
        const auto sure = rest().size() - delimiter_.size() + 1;
        if (!sink.take(rest().substr(0, sure))) return Step::wrong;
        used_ += sure;
    }
    return Step::needs_more;
}

MultipartReader::Step MultipartReader::read_end() {
    return std::string_view("\r\n").starts_with(rest()) ? Step::needs_more : Step::wrong;
}

}  // namespace holdfast::http
