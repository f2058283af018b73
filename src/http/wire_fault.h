// Why a request is not taken: what is wrong with its bytes, its size or its pace.
//
// After any of these nobody can be sure where the next request begins, so the connection ends with
// the answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace holdfast::http {

enum class WireFault : std::uint8_t {
    bad_line_end,   // a CR or LF that stands alone
    bad_character,  // a control character
    bad_request_line,
    bad_method,
    bad_target,
    bad_version,
    bad_field,     // no name, no colon, or white space before it
    folded_field,  // a line that goes on in the next one
    missing_host,
    repeated_host,
    bad_host,
    host_mismatch,  // the target names another one
    bad_content_length,
    repeated_content_length,  // whether or not they say the same
    length_and_coding,        // Content-Length beside Transfer-Encoding
    bad_transfer_coding,      // anything but "chunked" once, or from an HTTP/1.0 client
    bad_chunk,
    bad_trailer,
    incomplete,  // the client said that nothing more comes
    too_slow,
    body_too_large,
    uri_too_long,
    expectation_failed,
    headers_too_large,
    not_a_proxy,  // CONNECT
    version_not_supported,
    count_
};

std::string_view to_string(WireFault value);  // "bad_line_end"
int status_of(WireFault value);
std::string_view sentence_of(WireFault value);  // for people: "A line ends with CR LF and …"

}  // namespace holdfast::http
