#include "store/flush.h"

#include "store/store.h"

#include <fcntl.h>
#include <unistd.h>

namespace holdfast::store {

void flush(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_flushed = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!is_flushed) throw StoreDown(path.string() + ": cannot be flushed to the disk");
}

void flush_folder_of(const std::filesystem::path& path) {
    flush(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

}  // namespace holdfast::store
