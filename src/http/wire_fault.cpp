#include "http/wire_fault.h"

#include "base/verify.h"

#include <array>
#include <cstddef>

namespace holdfast::http {
namespace {

struct Row {
    std::string_view word;
    int status = 0;
    std::string_view sentence;
};

// clang-format off
constexpr std::array<Row, static_cast<std::size_t>(WireFault::count_)> rows{{
    {"bad_line_end",            400, "A line ends with CR LF; neither stands alone."},
    {"bad_character",           400, "A control character has no place here."},
    {"bad_request_line",        400, "A request begins with method, target and version, one space between."},
    {"bad_method",              400, "The method is not a token."},
    {"bad_target",              400, "The target cannot be read."},
    {"bad_version",             400, "The version is not of the form HTTP/1.1."},
    {"bad_field",               400, "A header field is a name, a colon right after it, and a value."},
    {"folded_field",            400, "A header field stands on one line."},
    {"missing_host",            400, "The Host field is missing."},
    {"repeated_host",           400, "There is more than one Host field."},
    {"bad_host",                400, "The Host field names no host."},
    {"host_mismatch",           400, "The target and the Host field name different hosts."},
    {"bad_content_length",      400, "The Content-Length is not a number."},
    {"repeated_content_length", 400, "There is more than one Content-Length."},
    {"length_and_coding",       400, "Content-Length and Transfer-Encoding exclude each other."},
    {"bad_transfer_coding",     400, "The only transfer coding is chunked, once, of HTTP/1.1."},
    {"bad_chunk",               400, "A chunk of the body cannot be read."},
    {"bad_trailer",             400, "What follows the last chunk cannot be read."},
    {"incomplete",              400, "The request ended before it was whole."},
    {"too_slow",                408, "The request took too long to arrive."},
    {"body_too_large",          413, "The body is larger than is taken here."},
    {"uri_too_long",            414, "The target is longer than is taken here."},
    {"expectation_failed",      417, "The only expectation met is 100-continue."},
    {"headers_too_large",       431, "The header fields are too many or too long."},
    {"not_a_proxy",             501, "This server opens no tunnels."},
    {"version_not_supported",   505, "This server speaks HTTP/1.1."},
}};
// clang-format on

const Row& row_of(WireFault value) {
    VERIFY(value < WireFault::count_);
    return rows[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view to_string(WireFault value) { return row_of(value).word; }
int status_of(WireFault value) { return row_of(value).status; }
std::string_view sentence_of(WireFault value) { return row_of(value).sentence; }

}  // namespace holdfast::http
