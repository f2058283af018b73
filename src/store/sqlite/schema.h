// The tables of a store in a SQLite file, and whether a file is one.
#pragma once

#include "store/sqlite/connection.h"

#include <cstdint>

namespace holdfast::store::sqlite {

// Makes the tables in an empty file and checks that any other file is a store that this program
// knows; otherwise StoreDown, and the file is left as it was.
void prepare_schema(Connection& connection);
// Would prepare_schema() bring it forward? Then no program of the older schema may be at work on
// it.
bool is_older(Connection& connection);

std::int64_t program_schema();     // the newest that this program knows, and the one it writes
std::int64_t store_application();  // in the header of every store's file

}  // namespace holdfast::store::sqlite
