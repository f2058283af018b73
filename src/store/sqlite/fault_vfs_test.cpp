#include "store/sqlite/fault_vfs.h"

#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace holdfast::store_test {
namespace {

// What SQLite has of an open file, the real one's right behind it.
struct Handle {
    sqlite3_file base;
    FaultVfs* disk;
    FaultVfs::File* file;  // none for temporary ones
    bool syncs_folder;     // with its first sync
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
FaultVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultVfs*>(vfs->pAppData); }
const sqlite3_io_methods& real(sqlite3_file* file) { return *of(file).real()->pMethods; }

int close_file(sqlite3_file* file) { return real(file).xClose(of(file).real()); }

int read_file(sqlite3_file* file, void* out, int count, sqlite3_int64 at) {
    if (const int code = of(file).disk->judge(call_read, SQLITE_IOERR_READ)) return code;
    return real(file).xRead(of(file).real(), out, count, at);
}

// Half of a write that fails is there.
int write_file(sqlite3_file* file, const void* in, int count, sqlite3_int64 at) {
    const int code = of(file).disk->judge(call_write, SQLITE_IOERR_WRITE);
    if (of(file).disk->is_off()) return code;
    const int done = code == SQLITE_OK ? count : count / 2;
    if (of(file).file)
        of(file).file->pending.push_back(
            {at, std::string(static_cast<const char*>(in), static_cast<std::size_t>(done))});
    const int written = real(file).xWrite(of(file).real(), in, done, at);
    return code == SQLITE_OK ? written : code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = of(file).disk->judge(call_truncate, SQLITE_IOERR_TRUNCATE)) return code;
    if (of(file).file) of(file).file->pending.push_back({size});
    return real(file).xTruncate(of(file).real(), size);
}

int sync_file(sqlite3_file* file, int) {
    const int code = of(file).disk->judge(call_sync, SQLITE_IOERR_FSYNC);
    auto* known = of(file).file;
    if (!known || of(file).disk->is_off()) return code;
    if (code != SQLITE_OK) {
        of(file).disk->lose(*known);
        return code;
    }
    of(file).disk->sync(*known);
    if (std::exchange(of(file).syncs_folder, false)) of(file).disk->sync_folder();
    return code;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    if (const int code = of(file).disk->judge(call_look, SQLITE_IOERR_FSTAT)) return code;
    return real(file).xFileSize(of(file).real(), size);
}

int lock_file(sqlite3_file* file, int how) {
    if (const int code = of(file).disk->judge(call_lock, SQLITE_IOERR_LOCK)) return code;
    return real(file).xLock(of(file).real(), how);
}
int unlock_file(sqlite3_file* file, int how) { return real(file).xUnlock(of(file).real(), how); }
int check_lock(sqlite3_file* file, int* is_locked) {
    return real(file).xCheckReservedLock(of(file).real(), is_locked);
}
int control_file(sqlite3_file* file, int what, void* argument) {
    return real(file).xFileControl(of(file).real(), what, argument);
}
int sector_size(sqlite3_file* file) { return real(file).xSectorSize(of(file).real()); }
int traits_of_file(sqlite3_file* file) {
    return real(file).xDeviceCharacteristics(of(file).real());
}

int map_memory(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    if (const int code = of(file).disk->judge(call_share, SQLITE_IOERR_SHMMAP)) return code;
    return real(file).xShmMap(of(file).real(), page, size, extend, out);
}
int lock_memory(sqlite3_file* file, int at, int count, int flags) {
    if (flags & SQLITE_SHM_LOCK)
        if (const int code = of(file).disk->judge(call_share, SQLITE_IOERR_SHMLOCK)) return code;
    return real(file).xShmLock(of(file).real(), at, count, flags);
}
void order_memory(sqlite3_file* file) { real(file).xShmBarrier(of(file).real()); }
int unmap_memory(sqlite3_file* file, int is_deleted) {
    return real(file).xShmUnmap(of(file).real(), is_deleted);
}

// Version 2: shared memory, no mapping of the file, whose reads would not come by here.
constexpr sqlite3_io_methods methods{.iVersion = 2,
                                     .xClose = close_file,
                                     .xRead = read_file,
                                     .xWrite = write_file,
                                     .xTruncate = truncate_file,
                                     .xSync = sync_file,
                                     .xFileSize = size_of_file,
                                     .xLock = lock_file,
                                     .xUnlock = unlock_file,
                                     .xCheckReservedLock = check_lock,
                                     .xFileControl = control_file,
                                     .xSectorSize = sector_size,
                                     .xDeviceCharacteristics = traits_of_file,
                                     .xShmMap = map_memory,
                                     .xShmLock = lock_memory,
                                     .xShmBarrier = order_memory,
                                     .xShmUnmap = unmap_memory,
                                     .xFetch = nullptr,
                                     .xUnfetch = nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& handle = of(file);
    handle = {.base = {}, .disk = &of(vfs), .file = nullptr, .syncs_folder = false};
    if (const int code = of(vfs).judge(call_open, SQLITE_CANTOPEN)) return code;
    if (path && !(flags & SQLITE_OPEN_DELETEONCLOSE)) handle.file = of(vfs).open(path);
    constexpr int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    handle.syncs_folder = (flags & SQLITE_OPEN_CREATE) && (flags & journals);  // as the usual one
    std::memset(handle.real(), 0, static_cast<std::size_t>(of(vfs).real().szOsFile));
    const int code = of(vfs).real().xOpen(&of(vfs).real(), path, handle.real(), flags, out_flags);
    if (code == SQLITE_OK) handle.base.pMethods = &methods;
    return code;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int lasts) {
    if (const int code = of(vfs).judge(call_delete, SQLITE_IOERR_DELETE)) return code;
    of(vfs).remove(path, lasts != 0);
    return of(vfs).real().xDelete(&of(vfs).real(), path, /*syncDir=*/0);
}

int find_file(sqlite3_vfs* vfs, const char* path, int flags, int* is_there) {
    if (const int code = of(vfs).judge(call_look, SQLITE_IOERR_ACCESS)) return code;
    return of(vfs).real().xAccess(&of(vfs).real(), path, flags, is_there);
}

int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return of(vfs).real().xFullPathname(&of(vfs).real(), path, size, out);
}
int fill_random(sqlite3_vfs* vfs, int count, char* out) {
    return of(vfs).real().xRandomness(&of(vfs).real(), count, out);
}
int sleep_not(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs* vfs, double* now) {
    return of(vfs).real().xCurrentTime(&of(vfs).real(), now);
}
int last_error(sqlite3_vfs* vfs, int size, char* out) {
    return of(vfs).real().xGetLastError(&of(vfs).real(), size, out);
}
int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* now) {
    return of(vfs).real().xCurrentTimeInt64(&of(vfs).real(), now);
}

// Counts down to the call that it is about, and stays there.
bool is_its_turn(std::optional<Fault>& fault, Call call) {
    if (!fault || !(fault->calls & call)) return false;
    if (fault->failure == Failure::full && call != call_write) return false;
    if (fault->at > 1) return --fault->at, false;
    return true;
}

void apply(std::string& content, const FaultVfs::Operation& operation) {
    const auto at = static_cast<std::size_t>(operation.at);
    if (!operation.bytes) return content.resize(at);
    if (content.size() < at + operation.bytes->size()) content.resize(at + operation.bytes->size());
    operation.bytes->copy(content.data() + at, operation.bytes->size());
}

std::optional<std::string> content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace

FaultVfs::FaultVfs(std::uint64_t seed) : random_(seed), real_(sqlite3_vfs_find(nullptr)) {
    static int made = 0;
    name_ = "holdfast-fault-" + std::to_string(++made);
    vfs_.iVersion = 2;
    vfs_.szOsFile = static_cast<int>(sizeof(Handle)) + real_->szOsFile;
    vfs_.mxPathname = real_->mxPathname;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = find_file;
    vfs_.xFullPathname = full_path;
    vfs_.xRandomness = fill_random;
    vfs_.xSleep = sleep_not;
    vfs_.xCurrentTime = current_time;
    vfs_.xGetLastError = last_error;
    vfs_.xCurrentTimeInt64 = current_time_ms;
    sqlite3_vfs_register(&vfs_, /*makeDflt=*/0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultVfs::fail(const Fault& fault) { fault_ = fault; }
void FaultVfs::cut_power_at(std::uint64_t call, unsigned calls) {
    cut_ = {.at = call, .calls = calls};
}

int FaultVfs::judge(Call call, int code) {
    ++calls_;
    if (is_its_turn(cut_, call)) is_off_ = true;
    if (!is_off_ && !is_its_turn(fault_, call)) return SQLITE_OK;
    ++hits_;
    if (is_off_) return code;
    const bool is_full = fault_->failure == Failure::full;
    if (fault_->failing == Failing::once) fault_.reset();
    return is_full ? SQLITE_FULL : code;
}

FaultVfs::File* FaultVfs::open(const char* path) {
    auto& file = known(path);
    // The old one is gone for good when a new one takes its name.
    if (file.is_deleted) file = {.path = path, .lasting = {}, .pending = {}};
    return &file;
}

void FaultVfs::remove(const char* path, bool lasts) {
    auto& file = known(path);
    if (lasts) file = {.path = path, .lasting = {}, .pending = {}};
    file.is_deleted = !lasts;
}

void FaultVfs::sync(File& file) const {
    if (!file.lasting) file.lasting.emplace();
    for (const auto& operation : file.pending) apply(*file.lasting, operation);
    file.pending.clear();
}

void FaultVfs::sync_folder() {
    for (auto& [path, file] : files_)
        if (file.is_deleted) file = {.path = path, .lasting = {}, .pending = {}};
}

void FaultVfs::lose(File& file) {
    file.pending.clear();
    if (happens(0.5)) return;
    const std::string content = file.lasting.value_or("");
    std::filesystem::resize_file(file.path, content.size());
    std::fstream(file.path, std::ios::binary | std::ios::in | std::ios::out) << content;
}

FaultVfs::File& FaultVfs::known(const std::string& path) {
    const auto [found, is_new] = files_.try_emplace(path);
    if (is_new) found->second = {.path = path, .lasting = content_of(path), .pending = {}};
    return found->second;
}

bool FaultVfs::happens(double probability) {
    return std::bernoulli_distribution(probability)(random_);
}

void FaultVfs::write_torn(std::string& content, const Operation& operation) {
    constexpr std::size_t sector = 512;
    const auto at = static_cast<std::size_t>(operation.at);
    const std::size_t end = at + operation.bytes->size();
    for (std::size_t begin = at; begin < end;) {
        const std::size_t next = std::min(end, (begin / sector + 1) * sector);
        if (happens(0.5))
            apply(content, {.at = static_cast<std::int64_t>(begin),
                            .bytes = operation.bytes->substr(begin - at, next - begin)});
        begin = next;
    }
}

// Now all of it outlives the cut, now nothing, now something.
std::optional<std::string> FaultVfs::outcome(const File& file) {
    if (file.is_deleted && happens(0.5)) return std::nullopt;
    const bool is_there = file.lasting || (!file.pending.empty() && happens(0.5));
    if (!is_there) return std::nullopt;

    std::string content = file.lasting.value_or("");
    const double kept = std::array{0.0, 0.5, 0.9, 1.0}[random_() % 4];
    for (const auto& operation : file.pending) {
        if (happens(kept)) {
            apply(content, operation);
            continue;
        }
        ++lost_;
        if (operation.bytes && happens(0.5)) write_torn(content, operation);
    }
    return content;
}

void FaultVfs::come_back() {
    for (const auto& [path, file] : files_) {
        const auto content = outcome(file);
        std::filesystem::remove(path);
        if (content) std::ofstream(path, std::ios::binary) << *content;
        std::filesystem::remove(path + "-shm");
    }
    files_.clear();
    is_off_ = false;
    cut_.reset();
}

namespace {

// Writes `text` at `at` of the file, and makes it last if it is to.
void put(sqlite3_file* file, std::int64_t at, const std::string& text, bool lasts) {
    REQUIRE(file->pMethods->xWrite(file, text.data(), static_cast<int>(text.size()), at) == 0);
    if (lasts) REQUIRE(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == 0);
}

TEST_CASE("a power cut keeps what was synced, and each sector of the rest or not") {
    int kept = 0, gone = 0, torn = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const Directory directory;
        const std::string path = directory.file("f");
        FaultVfs disk(seed);
        sqlite3_vfs* vfs = sqlite3_vfs_find(disk.name().c_str());
        REQUIRE(vfs);
        std::vector<char> memory(static_cast<std::size_t>(vfs->szOsFile));
        auto* file = reinterpret_cast<sqlite3_file*>(memory.data());
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
        REQUIRE(vfs->xOpen(vfs, path.c_str(), file, flags, nullptr) == SQLITE_OK);
        put(file, 0, std::string(2048, 'a'), /*lasts=*/true);
        put(file, 512, std::string(1024, 'b'), /*lasts=*/false);
        std::string shown(2048, ' ');
        REQUIRE(file->pMethods->xRead(file, shown.data(), 2048, 0) == SQLITE_OK);
        CHECK(shown == std::string(512, 'a') + std::string(1024, 'b') + std::string(512, 'a'));
        disk.cut_power();
        CHECK(file->pMethods->xWrite(file, "c", 1, 0) == SQLITE_IOERR_WRITE);
        CHECK(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_IOERR_FSYNC);
        file->pMethods->xClose(file);
        disk.come_back();

        const std::string content = content_of(path).value();
        REQUIRE(content.size() == 2048);
        const auto b = std::ranges::count(content, 'b');
        CHECK(std::ranges::count(content, 'a') == 2048 - b);
        CHECK(b % 512 == 0);
        ++(b == 0 ? gone : b == 1024 ? kept : torn);
    }
    CHECK(kept > 5);
    CHECK(gone > 5);
    CHECK(torn > 5);
}

TEST_CASE("a fault hits the call that it is for, once or from then on") {
    FaultVfs disk(1);
    disk.fail({.at = 2, .calls = call_sync | call_read});
    CHECK(disk.judge(call_read, 7) == SQLITE_OK);
    CHECK(disk.judge(call_write, 7) == SQLITE_OK);
    CHECK(disk.judge(call_sync, 7) == 7);
    CHECK(disk.judge(call_sync, 7) == SQLITE_OK);
    disk.fail({.failing = Failing::for_good, .failure = Failure::full});
    CHECK(disk.judge(call_read, 7) == SQLITE_OK);
    for (int i = 0; i < 3; ++i) CHECK(disk.judge(call_write, 7) == SQLITE_FULL);
    CHECK(disk.hits() == 4);
    disk.mend();
    CHECK(disk.judge(call_write, 7) == SQLITE_OK);
    disk.cut_power_at(2);
    CHECK(disk.judge(call_look, 7) == SQLITE_OK);
    CHECK(disk.judge(call_look, 7) == 7);
    CHECK(disk.judge(call_look, 7) == 7);
    CHECK(disk.is_off());
}

}  // namespace
}  // namespace holdfast::store_test
