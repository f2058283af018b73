// A file or a folder on the disk, and not only in the system's memory.
#pragma once

#include <filesystem>

namespace holdfast::store {

// Throw StoreDown where it cannot be done.
void flush(const std::filesystem::path& path);
void flush_folder_of(const std::filesystem::path& path);  // so that its name is there, too

}  // namespace holdfast::store
