// How the name of a member stands in a JSON pointer (RFC 6901).
#pragma once

#include <string>
#include <string_view>

namespace holdfast::store {

// Adds "/" and the name, with "~" as "~0" and "/" as "~1".
inline void add_step(std::string& pointer, std::string_view name) {
    pointer += '/';
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace holdfast::store
