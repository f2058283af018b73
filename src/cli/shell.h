// What every command shares: where it reads and writes, what the terminal can do, the options that
// stand before or behind any command, and the moment it is.
//
// Data goes to `out`, everything else to `err`. The clock is read once, in main.cpp.
#pragma once

#include "base/instant.h"
#include "cli/config.h"
#include "cli/exit.h"
#include "cli/notify.h"
#include "engine/clock_guard.h"
#include "formats/rulebook.h"
#include "store/store.h"

#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace holdfast::cli {

// Ends the command with a sentence on stderr and this exit code; main() catches it.
class Stop : public std::runtime_error {
public:
    Stop(Exit code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    Exit code() const { return code_; }

private:
    Exit code_;
};

struct Shell {
    Shell(std::ostream& data, std::ostream& messages) : out(data), err(messages) {}

    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool colour = false;
    int width = 80;
    Instant now{};
    engine::Clock clock;                           // for what runs on
    std::map<std::string, std::string> variables;  // HOLDFAST_…
    Supervision supervision;                       // by a service manager
    std::filesystem::path working_folder;          // for holdfast.toml
    std::filesystem::path data_folder;             // holds terms/, calendars/, samples/

    // Set by the command line.
    bool json = false;
    bool no_input = false;
    std::string at_text;
    std::string database_text;
    std::string config_text;
    std::string terms_folder;

    // `--at`, else now. A text that is no instant stops with usage.
    Instant at() const;
    std::optional<Instant> given_at() const;
    const Config& config();
    const formats::Rulebook& rules();
    std::filesystem::path database();
    // Opens the database; with `must_exist`, a missing file stops with not_found and what to do.
    enum class Missing { make, stop };
    store::Store& store(Missing missing);
    // The same database to look at: beside a server too, and nothing of it changes.
    store::Store& read_store();

    std::string paint(std::string_view text, std::string_view style) const;  // "red", "bold", …

private:
    std::optional<Config> config_;
    std::unique_ptr<const formats::Rulebook> rules_;
    std::unique_ptr<store::Store> store_, read_store_;
};

std::string read_file(const std::filesystem::path& path);  // not_found where it cannot be read
// Makes the file, whole and on the disk; one that is there stops with conflict.
void write_new_file(const std::filesystem::path& path, std::string_view text);

// "in 1 d 12 h", "2 d 8 h ago", "now".
std::string from_now(Instant at, Instant now);
// "2026-11-25 00:00Z": minutes are enough for a table.
std::string short_time(Instant at);

}  // namespace holdfast::cli
