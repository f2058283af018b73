// What can go wrong around the program, one check at a time.
//
// Time is Shell::at(), so that what another hour would find can be asked. Checks look and change
// nothing; what throws inside one is a problem of that check and of no other.
#pragma once

#include "cli/shell.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::cli {

enum class Health : std::uint8_t { ok, warning, problem };
std::string_view to_string(Health value);

struct Finding {
    std::string check;  // "database", "clock", …; stable
    Health health = Health::ok;
    std::string text;     // what was found
    std::string to_do{};  // empty: nothing
};

// The surroundings: settings, data, terms, the folder, its disk and the file in it.
std::vector<Finding> check_surroundings(Shell& shell);
// What the store says: clock, outages, fence, outbox, deadlines, terms of orders, backups. None
// where there is no store that can be read.
std::vector<Finding> check_store(Shell& shell);

}  // namespace holdfast::cli
