// What a request is about: the path's segments and the query's fields, decoded (RFC 3986, RFC 9112
// section 3.2).
//
// A path means one thing only. "." and ".." are refused, plain or encoded, and so are a slash, a
// backslash or a control character inside a segment, so no segment can lead out of a folder. Text
// is UTF-8. An empty segment stays one: "/a//b" is not "/a/b".
#pragma once

#include "http/head.h"
#include "http/wire_fault.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::http {

struct Target {
    std::string path = {};                   // as sent, without the query; "*" of "OPTIONS *"
    std::vector<std::string> segments = {};  // "/" has none, "/a/" has "a" and ""
    std::vector<std::pair<std::string, std::string>> query = {};  // in order, repeats kept

    // The first field of that name.
    std::optional<std::string_view> query_field(std::string_view name) const;
};

// "/a?b=c", "http://host/a?b=c" where the host is the head's own, "*" of OPTIONS.
[[nodiscard]] std::expected<Target, WireFault> parse_target(const Head& head);

// "%41" is "A". Nothing where a "%" is followed by anything but two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text);

// "a=1&b=x+y%21": also a form's body. Nothing where a field is not UTF-8 or holds a NUL.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

// "/a/b" in its parts, as of a path that begins with "/".
std::vector<std::string_view> path_parts(std::string_view path);

}  // namespace holdfast::http
