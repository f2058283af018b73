// Copies of a SQLite store that are taken while it is in use, and proven.
#pragma once

#include "base/hash.h"
#include "store/store.h"

#include <filesystem>
#include <functional>

namespace holdfast::store {

// Writes the store as it stands at one instant into `copy`, which must not exist, and its hash into
// `copy`.hash beside it; both are on the disk when this returns. Throws StoreDown, and then leaves
// neither.
Hash back_up_sqlite(const std::filesystem::path& store, const std::filesystem::path& copy);

// Is `copy` byte for byte what back_up_sqlite() wrote? Throws StoreDown saying what differs.
void check_backup(const std::filesystem::path& copy);

// Makes `store`, which must not exist, from a copy that is whole. `prepare`, which may be empty,
// has had it before anybody can find it under its name. Throws StoreDown, and then leaves nothing.
void restore_sqlite(const std::filesystem::path& copy, const std::filesystem::path& store,
                    const std::function<void(Store&)>& prepare = {});

// The file of a store that is closed, and what stands beside it; no error where there is none.
void remove_sqlite(const std::filesystem::path& store) noexcept;

}  // namespace holdfast::store
