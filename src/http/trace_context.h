// The `traceparent` field (W3C Trace Context): which trace a request belongs to, for logs and for
// the calls that we make because of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::http {

struct TraceParent {
    std::string trace_id, parent_id;  // 32 and 16 lower-case hexadecimal digits, not all 0
    bool is_sampled = false;
    bool operator==(const TraceParent&) const = default;
};

// Of a version that we do not know the front is read; what breaks the form is no trace at all.
std::optional<TraceParent> parse_traceparent(std::string_view text);

std::string to_string(const TraceParent& trace);  // as version 00

}  // namespace holdfast::http
