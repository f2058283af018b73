#include "http/head.h"

#include "http/line.h"

#include "base/try.h"
#include "base/verify.h"

#include <algorithm>
#include <array>
#include <limits>

namespace holdfast::http {
namespace {

constexpr std::size_t method_bytes_max = 32;
// What a request line has beside its target: method, version and two spaces.
constexpr std::size_t line_bytes_beside_target = method_bytes_max + 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits and nothing else. A number past all limits stays past them.
std::optional<std::uint64_t> parse_length(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    constexpr auto max = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t length = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (length > (max - digit) / 10) return max;
        length = length * 10 + digit;
    }
    return length;
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
           parse_length(text).value_or(0) <= 65'535;
}

bool is_name_character(char c) {
    constexpr std::string_view others = "-._~";
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.contains(c);
}

bool is_address_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

// "shop.example", "127.0.0.1:8080", "[::1]:8080".
bool is_host(std::string_view text) {
    const bool is_v6 = text.starts_with('[');
    const auto end = is_v6 ? text.find(']') : text.find(':');
    if (is_v6 && end == std::string_view::npos) return false;
    const auto name = is_v6 ? text.substr(1, end - 1) : text.substr(0, end);
    const auto rest = is_v6                           ? text.substr(end + 1)
                      : end == std::string_view::npos ? std::string_view{}
                                                      : text.substr(end);
    if (name.empty() ||
        !std::ranges::all_of(name, is_v6 ? is_address_character : is_name_character))
        return false;
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
}

std::unexpected<WireFault> no(WireFault fault) { return std::unexpected(fault); }

}  // namespace

std::expected<bool, WireFault> HeadReader::read(std::string_view bytes) {
    while (!is_whole_) {
        const auto line = TRY(line_at(bytes.substr(used_)));
        TRY(check_room(line ? line->size() : bytes.size() - used_));
        if (!line) return false;
        used_ += line->size() + 2;
        TRY(read_line(*line));
    }
    return true;
}

HeadReader::Checked HeadReader::check_room(std::size_t line_bytes) const {
    if (fields_begin_ == 0 && line_bytes > limits_.target_bytes + line_bytes_beside_target)
        return no(WireFault::uri_too_long);
    if (fields_begin_ != 0 && used_ - fields_begin_ + line_bytes > limits_.field_bytes)
        return no(WireFault::headers_too_large);
    return {};
}

HeadReader::Checked HeadReader::read_line(std::string_view line) {
    if (fields_begin_ == 0) {
        // One empty line before a request is forgiven: some clients end a body with it.
        if (line.empty() && used_ == 2) return {};
        TRY(read_request_line(line));
        fields_begin_ = used_;
        return {};
    }
    if (line.empty()) return finish();
    return add(TRY(parse_field(line)));
}

HeadReader::Checked HeadReader::read_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return no(WireFault::bad_request_line);
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    if (method.size() > method_bytes_max || !is_token(method)) return no(WireFault::bad_method);
    if (target.size() > limits_.target_bytes) return no(WireFault::uri_too_long);
    if (target.empty() || target.contains(' ')) return no(WireFault::bad_request_line);
    if (!is_visible(target)) return no(WireFault::bad_target);
    TRY(read_version(line.substr(last + 1)));
    head_.method = method;
    head_.target = target;
    return {};
}

// A minor version that we do not know is read as the last one that we do (RFC 9110, 2.5).
HeadReader::Checked HeadReader::read_version(std::string_view text) {
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]))
        return no(WireFault::bad_version);
    if (text[5] != '1') return no(WireFault::version_not_supported);
    head_.minor = text[7] == '0' ? 0 : 1;
    return {};
}

HeadReader::Checked HeadReader::add(Header field) {
    if (head_.headers.size() == limits_.fields) return no(WireFault::headers_too_large);
    TRY(note(field));
    head_.headers.push_back(std::move(field));
    return {};
}

HeadReader::Checked HeadReader::note(const Header& field) {
    struct Noted {
        std::string_view name;
        Checked (HeadReader::*note)(const Header&);
    };
    static constexpr std::array noted{Noted{"Host", &HeadReader::note_host},
                                      Noted{"Content-Length", &HeadReader::note_length},
                                      Noted{"Transfer-Encoding", &HeadReader::note_coding},
                                      Noted{"Connection", &HeadReader::note_connection},
                                      Noted{"Expect", &HeadReader::note_expect}};
    for (const auto& one : noted)
        if (is_same_name(one.name, field.name)) return (this->*one.note)(field);
    return {};
}

HeadReader::Checked HeadReader::note_host(const Header& field) {
    if (!head_.host.empty()) return no(WireFault::repeated_host);
    if (!is_host(field.value)) return no(WireFault::bad_host);
    head_.host = field.value;
    return {};
}

HeadReader::Checked HeadReader::note_length(const Header& field) {
    if (head_.content_length) return no(WireFault::repeated_content_length);
    head_.content_length = parse_length(field.value);
    if (!head_.content_length) return no(WireFault::bad_content_length);
    return {};
}

HeadReader::Checked HeadReader::note_coding(const Header& field) {
    if (has_coding_ || !is_same_name(field.value, "chunked"))
        return no(WireFault::bad_transfer_coding);
    has_coding_ = true;
    return {};
}

HeadReader::Checked HeadReader::note_connection(const Header& field) {
    says_close_ |= lists_token(field.value, "close");
    says_keep_alive_ |= lists_token(field.value, "keep-alive");
    return {};
}

HeadReader::Checked HeadReader::note_expect(const Header& field) {
    if (head_.minor == 0) return {};  // it does not know what it asks for
    if (!is_same_name(field.value, "100-continue")) return no(WireFault::expectation_failed);
    head_.expects_continue = true;
    return {};
}

HeadReader::Checked HeadReader::finish() {
    if (head_.minor >= 1 && head_.host.empty()) return no(WireFault::missing_host);
    if (has_coding_ && head_.content_length) return no(WireFault::length_and_coding);
    if (has_coding_ && head_.minor == 0) return no(WireFault::bad_transfer_coding);
    if (head_.method == "CONNECT") return no(WireFault::not_a_proxy);
    head_.is_chunked = has_coding_;
    head_.keeps_alive = !says_close_ && (head_.minor >= 1 || says_keep_alive_);
    is_whole_ = true;
    return {};
}

}  // namespace holdfast::http
