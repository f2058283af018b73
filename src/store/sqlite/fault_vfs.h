// A disk for tests that fails when it is told to, under SQLite's usual one. Not in the product.
//
// What is written can be read at once, but only xSync makes it last: when the power is cut, each
// write since then is kept, lost or torn at a sector of 512 bytes, as the seed has it, and so is
// the making, cutting and deleting of files. A sync that fails loses what it should have kept, at
// once or, as a Linux that still has it in memory, when the power goes. Nothing is really flushed,
// so it is fast.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace holdfast::store_test {

enum Call : unsigned {
    call_open = 1,
    call_read = 2,
    call_write = 4,
    call_sync = 8,
    call_truncate = 16,
    call_delete = 32,
    call_lock = 64,
    call_share = 128,  // of the memory beside the write-ahead log
    call_look = 256,   // for a file, or at its size
    call_any = 511
};

enum class Failing { once, for_good };
enum class Failure { broken, full };  // full: only writes fail

struct Fault {
    std::uint64_t at = 1;  // the first, second, … of these calls from now on
    unsigned calls = call_any;
    Failing failing = Failing::once;
    Failure failure = Failure::broken;
};

class FaultVfs {
public:
    explicit FaultVfs(std::uint64_t seed);
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    const std::string& name() const { return name_; }

    void fail(const Fault& fault);
    void mend() { fault_.reset(); }
    void cut_power_at(std::uint64_t call, unsigned calls = call_any);  // counted from now on
    void cut_power() { is_off_ = true; }
    // Puts on the real disk what outlived the cut. Nobody has a file open any more.
    void come_back();

    std::uint64_t calls() const { return calls_; }  // so far
    std::uint64_t hits() const { return hits_; }    // of them failed
    std::uint64_t lost() const { return lost_; }    // writes that came_back() left out or tore
    bool is_off() const { return is_off_; }

    struct Operation {  // a write, or without bytes a change of size
        std::int64_t at = 0;
        std::optional<std::string> bytes = {};
    };
    struct File {
        std::string path;
        std::optional<std::string> lasting;  // none: not there for sure
        std::vector<Operation> pending;
        bool is_deleted = false;  // since, perhaps
    };

    // For the calls from SQLite.
    int judge(Call call, int code);  // SQLITE_OK or how this call fails
    File* open(const char* path);
    void remove(const char* path, bool lasts);
    void sync(File& file) const;
    void sync_folder();  // what was deleted stays so
    void lose(File& file);
    sqlite3_vfs& real() const { return *real_; }

private:
    File& known(const std::string& path);
    bool happens(double probability);
    std::optional<std::string> outcome(const File& file);
    void write_torn(std::string& content, const Operation& operation);

    std::string name_;
    std::mt19937_64 random_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
    std::map<std::string, File> files_;
    std::optional<Fault> fault_;
    std::optional<Fault> cut_;
    std::uint64_t calls_ = 0, hits_ = 0, lost_ = 0;
    bool is_off_ = false;
};

}  // namespace holdfast::store_test
