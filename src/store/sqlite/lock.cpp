#include "store/sqlite/lock.h"

#include "store/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace holdfast::store::sqlite {
namespace {

constexpr int mode = 0666;  // less the umask, as SQLite makes the store itself

// A signal may interrupt even what does not wait.
bool try_lock(int file, int how) {
    int result = -1;
    do result = flock(file, how | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

// Only another server keeps programs out; whoever is in the way of a server and lets programs in is
// a program.
std::string_view who_is_there(int file, Sharing sharing) {
    if (sharing == Sharing::with_programs)
        return "a Holdfast server has it open; stop it, or go through it";
    if (try_lock(file, LOCK_SH)) return "another program has it open; wait until it has ended";
    return "another Holdfast server has it open";
}

}  // namespace

FileLock::FileLock(const std::string& store_path, Sharing sharing) {
    const auto refuse = [&](std::string_view why) {
        throw StoreDown("the store " + store_path + ": " + std::string(why));
    };
    const std::string path = store_path + "-lock";
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode);
    if (file_ < 0) refuse(path + ": " + std::strerror(errno));
    if (try_lock(file_, sharing == Sharing::with_nobody ? LOCK_EX : LOCK_SH)) return;

    const std::string why(errno == EWOULDBLOCK ? who_is_there(file_, sharing)
                                               : std::string_view(std::strerror(errno)));
    close(file_);
    refuse(why);
}

bool is_served(const std::string& store_path) {
    const int file = open((store_path + "-lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;  // nobody ever had it open
    const bool is_free = try_lock(file, LOCK_SH);
    close(file);
    return !is_free;
}

FileLock::~FileLock() { close(file_); }

}  // namespace holdfast::store::sqlite
