// Who has a store open: one server alone, or any number of programs beside each other.
//
// An advisory lock on an empty file of its own beside the store, held as long as the object lives
// and gone with the process however that ends. The file stays: were it taken away, two could hold
// locks on different files of its name.
#pragma once

#include <string>

namespace holdfast::store::sqlite {

enum class Sharing { with_programs, with_nobody };

class FileLock {
public:
    // Does not wait: throws StoreDown if whoever has the store open leaves no room.
    FileLock(const std::string& store_path, Sharing sharing);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int file_ = -1;
};

// Has a server the store open? Looks, and is in nobody's way but that of a server that starts at
// this very moment.
bool is_served(const std::string& store_path);

}  // namespace holdfast::store::sqlite
