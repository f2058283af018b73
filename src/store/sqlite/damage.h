// Whether a SQLite store still is what was written into it.
#pragma once

#include "store/sqlite/connection.h"

#include <optional>
#include <string>

namespace holdfast::store::sqlite {

// The first page, event or stream that does not fit, in words, or nothing. Reads every event.
std::optional<std::string> find_damage(Connection& reader);

}  // namespace holdfast::store::sqlite
