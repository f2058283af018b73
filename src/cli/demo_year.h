// The demo's own database: a made year of a marketplace and of a reseller, with users to sign in
// as.
//
// It lies beside the database that is set, under a name that says what it is, and is never the
// user's: whatever else stands under its name is left alone.
#pragma once

#include "cli/shell.h"

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace holdfast::cli {

struct YearAsked {
    std::uint64_t seed = 1;
    std::uint32_t orders = 20'000;
};

// "holdfast-demo.db" beside the database that is set, or what --database names.
std::filesystem::path demo_database(Shell& shell);

// Did a demo make the database that stands there?
bool is_demo_database(const std::filesystem::path& database);

// Makes it anew, in a file that takes the old one's place when it is whole. Stops with conflict
// where a database stands there that no demo made.
void make_demo_year(Shell& shell, const std::filesystem::path& database, const YearAsked& asked);

// One user for each role, and their password; nothing where the database has none.
void print_sign_ins(const std::filesystem::path& database, std::ostream& out);

}  // namespace holdfast::cli
