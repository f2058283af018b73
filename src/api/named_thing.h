// A thing of an order that a request's body names.
#pragma once

#include "api/members.h"
#include "api/wire_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

// The number of a thing of this order; of another's: 0, which is none. No text leaves `no` as it
// is.
template <class No>
void may_name(Members& body, std::string_view name, std::string_view prefix, const IdBytes& order,
              std::optional<No>& no) {
    std::string text;
    body.may(name, text, TextRule{.least = 1, .most = 100});
    if (text.empty()) return;
    const auto thing = parse_thing(prefix, text);
    if (!thing) return body.reading().fault(body.pointer_to(name), "invalid");
    no = No{static_cast<std::uint16_t>(thing->stream == order ? thing->number : 0)};
}

}  // namespace holdfast::api
