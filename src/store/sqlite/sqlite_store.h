// Streams in one SQLite file (and its -wal and -shm beside it): the embedded default.
//
// A commit is on the disk when a call returns. One connection writes and checkpoints, each scan
// reads through one of its own; several programs may open one file, and wait for each other to
// write; beside a server none may.
#pragma once

#include "store/person.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace holdfast::store {

// The write-ahead log may grow to 16384 pages, 128 MiB: an import touches the same pages of the
// indexes again and again, and each is then written once.
struct SqliteOptions {
    std::int64_t cache_mib = 256;  // at most
    Random random = fill_from_system;
    bool exclusive = false;               // a server: nobody else may have the file open
    bool read_only = false;               // beside anybody, a server too; what writes is StoreDown
    std::size_t cached_streams = 65'536;  // whose heads are known without looking
    int log_pages_most = 16'384;          // of the write-ahead log, before the file takes it over
    bool synced = true;                   // false: a crash may ruin it; for what can be made anew
    std::string vfs = {};                 // SQLite's way to the disk; tests put failing ones here
};

// Throws StoreDown, naming the path, if the file cannot be opened, is no store, is damaged, was
// written by a newer program, or if a server has it open (or anybody, for a server). A file of an
// older program is brought up to date first; who only reads refuses it.
std::unique_ptr<Store> open_sqlite(const std::string& path, SqliteOptions options = {});

}  // namespace holdfast::store
