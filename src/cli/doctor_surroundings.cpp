#include "cli/doctor_checks.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/lock.h"

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <set>
#include <system_error>
#include <utility>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mebibyte = 1024 * 1024;

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// --- Settings and data

Finding check_configuration(Shell& shell) {
    const auto& settings = shell.config().settings;
    const auto set =
        std::ranges::count_if(settings, [](const Setting& one) { return one.origin != "default"; });
    return {"configuration", Health::ok,
            "readable; " + std::to_string(set) + " of " + std::to_string(settings.size()) +
                " settings are not the default"};
}

Finding check_terms(Shell& shell) {
    const auto& rules = shell.rules();
    std::set<std::string> programmes;
    std::string in_force;
    for (const auto& one : rules.terms) {
        if (one.role == terms::Role::law || !programmes.insert(one.programme).second) continue;
        if (const auto* edition = rules.choose(one.programme, shell.at()))
            in_force += (in_force.empty() ? "" : ", ") + edition->id;
    }
    return {"terms", Health::ok,
            std::to_string(rules.terms.size()) + " files load; in force: " + in_force};
}

Finding check_time_zones(Shell& shell) {
    const auto& version = shell.rules().zones.version;
    if (version.empty())
        return {"time_zone_data", Health::warning, "the system's says no version",
                "install tzdata"};
    return {"time_zone_data", Health::ok, version};
}

// --- The disk

Finding check_folder(Shell& shell) {
    const auto folder = folder_of(shell.database());
    if (!fs::is_directory(folder))
        return {"folder", Health::problem, folder.string() + " is not there", "make it"};
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return {"folder", Health::problem,
                folder.string() + " cannot be written: " + std::strerror(errno),
                "give the program's user the right to write there"};
    return {"folder", Health::ok, fs::absolute(folder).lexically_normal().string() + ", writable"};
}

Finding check_space(Shell& shell) {
    constexpr std::uintmax_t too_little = 64, little = 1024;
    const auto free = fs::space(folder_of(shell.database())).available / mebibyte;
    const auto text = std::to_string(free) + " MiB are free";
    if (free < too_little)
        return {"space", Health::problem, text, "make room; without it nothing can be written"};
    if (free < little) return {"space", Health::warning, text, "make room soon"};
    return {"space", Health::ok, text};
}

struct FileSystem {
    std::uint64_t magic;
    std::string_view name;
    Health health;
};

// Of statfs(2). A write-ahead log needs memory that all who have the file open share, and locks
// that hold; network file systems promise neither.
constexpr std::array file_systems{
    FileSystem{0x6969, "nfs", Health::problem},
    FileSystem{0x517B, "smb", Health::problem},
    FileSystem{0xFE534D42, "smb2", Health::problem},
    FileSystem{0xFF534D42, "cifs", Health::problem},
    FileSystem{0x01021997, "9p", Health::problem},
    FileSystem{0x00C36400, "ceph", Health::problem},
    FileSystem{0x0BD00BD0, "lustre", Health::problem},
    FileSystem{0x5346414F, "afs", Health::problem},
    FileSystem{0x65735546, "fuse", Health::warning},
    FileSystem{0x01021994, "tmpfs", Health::warning},
    FileSystem{0xEF53, "ext4", Health::ok},
    FileSystem{0x58465342, "xfs", Health::ok},
    FileSystem{0x9123683E, "btrfs", Health::ok},
    FileSystem{0x2FC12FC1, "zfs", Health::ok},
    FileSystem{0x794C7630, "overlay", Health::ok},
};

Finding check_file_system(Shell& shell) {
    struct statfs found{};
    if (::statfs(folder_of(shell.database()).c_str(), &found) != 0)
        return {"file_system", Health::warning,
                std::string("cannot be told: ") + std::strerror(errno)};
    const auto magic = static_cast<std::uint64_t>(found.f_type) & 0xFFFFFFFFU;
    const auto known = std::ranges::find(file_systems, magic, &FileSystem::magic);
    if (known == file_systems.end()) return {"file_system", Health::ok, "none known to do harm"};
    const std::string name(known->name);
    if (known->health == Health::problem)
        return {"file_system", Health::problem,
                name + " is a network file system; the database is not safe on it",
                "move the database to a disk of this machine"};
    if (name == "tmpfs")
        return {"file_system", Health::warning, "tmpfs is memory: a restart takes it all",
                "move the database to a disk"};
    if (known->health == Health::warning)
        return {"file_system", Health::warning, name + " may stand for anything",
                "be sure that it is no network file system"};
    return {"file_system", Health::ok, name};
}

Finding check_disk_sync(Shell& shell) {
    const int folder = ::open(folder_of(shell.database()).c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_flushed = folder >= 0 && ::fsync(folder) == 0;
    const std::string why = is_flushed ? "" : std::strerror(errno);
    if (folder >= 0) ::close(folder);
    if (!is_flushed)
        return {"disk_sync", Health::problem, "the folder cannot be flushed: " + why,
                "check the disk; what is not flushed can be lost"};
    return {"disk_sync", Health::ok,
            "the folder can be flushed; every commit is (synchronous = FULL)"};
}

// --- The database

Finding check_sqlite() {
    const std::string version(store::sqlite_version());
    const auto defect = store::known_defect(version);
    if (defect.empty()) return {"sqlite", Health::ok, version};
    return {"sqlite", Health::warning, version + ": " + std::string(defect),
            "Holdfast has one connection that writes, so it does not strike here; let no other "
            "tool write to the file, or install 3.51.3 or newer"};
}

Finding check_server(Shell& shell) {
    if (store::sqlite::is_served(shell.database().string()))
        return {"server", Health::ok,
                "a server has the database open; commands that write go through it"};
    return {"server", Health::ok, "no server has the database open"};
}

Finding check_database(Shell& shell) {
    const auto path = shell.database();
    if (!fs::exists(path))
        return {"database", Health::warning, path.string() + ": is not there yet",
                "`holdfast import FILE…` or a server makes it"};
    const auto file = store::inspect_sqlite(path.string());
    if (!file.is_store)
        return {"database", Health::problem, path.string() + ": is not a Holdfast store",
                "name another file with --database"};
    return {"database", Health::ok,
            path.string() + " opens; " +
                std::to_string(file.page_bytes * file.pages / std::int64_t{mebibyte}) + " MiB"};
}

Finding check_schema(Shell& shell) {
    const auto file = store::inspect_sqlite(shell.database().string());
    const auto text = "schema " + std::to_string(file.schema) + ", this program's is " +
                      std::to_string(file.program_schema);
    if (file.schema > file.program_schema)
        return {"schema", Health::problem, text + ": a newer Holdfast wrote it",
                "use that version or a newer one"};
    if (file.schema < file.program_schema)
        return {"schema", Health::warning, text,
                "`holdfast migrate run` brings it up to date; take a backup first"};
    return {"schema", Health::ok, text};
}

Finding check_journal(Shell& shell) {
    const auto mode = store::inspect_sqlite(shell.database().string()).journal_mode;
    if (mode == "wal") return {"journal", Health::ok, "wal"};
    return {"journal", Health::warning, mode + " instead of wal",
            "the next command that writes sets it; if it stays so, another tool changes it"};
}

using Check = std::function<Finding(Shell&)>;

// What fails to be checked is a problem of what was checked.
Finding run(Shell& shell, std::string_view name, const Check& check, std::string_view to_do) {
    try {
        return check(shell);
    } catch (const std::exception& error) {
        return {std::string(name), Health::problem, error.what(), std::string(to_do)};
    }
}

}  // namespace

std::string_view to_string(Health value) {
    switch (value) {
    case Health::ok:      return "ok";
    case Health::warning: return "warning";
    case Health::problem: return "problem";
    }
    return {};
}

std::vector<Finding> check_surroundings(Shell& shell) {
    std::vector<Finding> all;
    const auto add = [&](std::string_view name, const Check& check, std::string_view to_do) {
        all.push_back(run(shell, name, check, to_do));
        return all.back().health != Health::problem;
    };
    const bool is_configured =
        add("configuration", check_configuration, "mend the setting that it names");
    if (!is_configured && shell.database_text.empty()) return all;
    if (add("terms", check_terms, "mend the file; `holdfast terms lint FILE` says more"))
        add("time_zone_data", check_time_zones, "install tzdata");
    add("sqlite", [](Shell&) { return check_sqlite(); }, "");
    if (!add("folder", check_folder, "make it")) return all;
    add("space", check_space, "");
    add("file_system", check_file_system, "");
    add("disk_sync", check_disk_sync, "");
    if (!add("database", check_database, "restore a backup, or name another with --database"))
        return all;
    if (all.back().health == Health::warning) return all;  // not there yet
    add("schema", check_schema, "");
    add("journal", check_journal, "");
    add("server", check_server, "");
    return all;
}

}  // namespace holdfast::cli
