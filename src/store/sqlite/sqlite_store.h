// Streams in one SQLite file (and its -wal and -shm beside it): the embedded default.
//
// A commit is on the disk when a call returns. One connection writes and checkpoints, each scan
// reads through one of its own; several programs may open one file, and wait for each other to
// write.
#pragma once

#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <string>

namespace holdfast::store {

struct SqliteOptions {
    std::int64_t cache_mib = 256;  // at most
    Random random = fill_from_system;
};

// Throws StoreDown, naming the path, if the file cannot be opened, is no store, is damaged or was
// written by a newer program.
std::unique_ptr<Store> open_sqlite(const std::string& path, SqliteOptions options = {});

}  // namespace holdfast::store
