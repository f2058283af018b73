// Lines of a message as they arrive, and the header fields on them, read without mercy.
#pragma once

#include "http/header.h"
#include "http/wire_fault.h"

#include <expected>
#include <optional>
#include <string_view>

namespace holdfast::http {

// The line at the front of `bytes` without its CR LF; none: not whole yet. A CR or LF that stands
// alone and a control character other than tab are faults as soon as they are seen.
[[nodiscard]] std::expected<std::optional<std::string_view>, WireFault> line_at(
    std::string_view bytes);

// "Name: value"; the name is a token and the colon follows it at once. `line` is of line_at().
[[nodiscard]] std::expected<Header, WireFault> parse_field(std::string_view line);

}  // namespace holdfast::http
