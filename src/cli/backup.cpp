// holdfast backup create|verify FILE, restore FILE: copies of the database, proven.

#include "store/sqlite/backup.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "engine/anchor.h"
#include "engine/auditor.h"
#include "engine/service_log.h"
#include "store/sqlite/sqlite_store.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

void say(Shell& shell, const json::object& answer, const std::string& sentence) {
    if (shell.json)
        shell.out << json::serialize(answer) << '\n';
    else
        shell.out << sentence << '\n';
}

// For `doctor`, which tells how old the last copy is.
void note_backup(Shell& shell, const std::string& file) {
    std::ofstream(shell.database().string() + "-backup")
        << holdfast::to_string(shell.now) << ' ' << fs::absolute(file).string() << '\n';
}

// An anchor of the copy: what it holds must be in the store for ever after.
std::string anchor(Shell& shell, const std::string& copy) {
    const auto file = copy + ".anchor";
    store::HeadReader heads(copy);
    const auto made = engine::append_anchor(file, heads, shell.now);
    if (!made) throw Stop(Exit::failure, file + ": " + made.error());
    return file;
}

Exit create(Shell& shell, const std::string& file) {
    shell.read_store();  // a store that this program knows; a server may have it open
    if (fs::exists(file + ".anchor"))
        throw Stop(Exit::failure, file + ".anchor: is there already; name another file");
    const auto hash = to_hex(store::back_up_sqlite(shell.database(), file));
    const auto anchored = anchor(shell, file);
    note_backup(shell, file);
    say(shell, {{"file", file}, {"hash", hash}, {"anchor", anchored}},
        file + " written, and its hash beside it: " + hash + "\n`holdfast backup verify " + file +
            "` proves it by restoring it\n`holdfast verify --anchor " + anchored +
            "` tells, whenever, whether the database still has what the copy has");
    return Exit::ok;
}

// A database of its own that is gone at the end.
class Trial {
public:
    explicit Trial(const fs::path& copy)
        : path_(copy.string() + ".trial-" + std::to_string(::getpid())) {
        store::restore_sqlite(copy, path_);
    }
    ~Trial() { store::remove_sqlite(path_); }
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

Exit prove(Shell& shell, const std::string& file) {
    const Trial trial(file);
    engine::AuditCounts counts;
    std::optional<std::string> problem;
    {
        const auto store = store::open_sqlite(trial.path().string());
        problem = engine::find_problem(*store, counts);
    }
    say(shell,
        {{"file", file},
         {"whole", !problem},
         {"damage", problem ? json::value(*problem) : json::value()},
         {"orders", counts.orders},
         {"parties", counts.parties}},
        problem ? file + " is damaged: " + *problem
                : file + " was restored beside itself and read: every stream is whole, " +
                      std::to_string(counts.orders) + " orders and " +
                      std::to_string(counts.parties) + " parties replayed");
    return problem ? Exit::failure : Exit::ok;
}

Exit restore(Shell& shell, const std::string& file) {
    const auto path = shell.database();
    if (fs::exists(path))
        throw Stop(Exit::conflict, path.string() +
                                       ": is there already; move it away first, or name "
                                       "another with --database");
    store::restore_sqlite(file, path, [&](store::Store& store) {
        engine::ServiceLog log(store);
        log.read();
        log.fence(shell.now, "restored from " + fs::path(file).filename().string());
    });
    say(shell, {{"database", path.string()}, {"fenced", true}},
        path.string() + " restored; no money leaves it until it is reconciled with the processor");
    return Exit::ok;
}

}  // namespace

void add_backup(CLI::App& app, Run& run) {
    const auto file = std::make_shared<std::string>();
    auto* backup = app.add_subcommand("backup", "Copies of the database, taken while it is in use");
    backup->require_subcommand(1);
    backup->footer(
        "  holdfast backup create monday.holdfast\n"
        "  holdfast backup verify monday.holdfast\n"
        "  holdfast restore monday.holdfast --database new.db");
    const auto add = [&](CLI::App& parent, const char* name, const char* about, auto what) {
        auto* command = parent.add_subcommand(name, about);
        command->add_option("file", *file, "the copy")->required();
        command->callback([&run, file, what] {
            run = [file, what](Shell& shell) { return what(shell, *file); };
        });
    };
    add(*backup, "create", "Write a copy and its hash", create);
    add(*backup, "verify", "Restore a copy beside itself and check all of it", prove);
    add(app, "restore", "Make a database from a copy; no money leaves it until reconciled",
        restore);
}

}  // namespace holdfast::cli
