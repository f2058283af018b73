// holdfast keys create|list|revoke: secret keys of the HTTP interface, while no server runs.

#include "cli/commands.h"
#include "cli/key_file.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string to, id;
    std::vector<std::string> scopes;
    std::int64_t days = 90;
    bool live = false;
};

std::string id_of(const api::Key& key) { return "key_" + to_base32(key.id); }

api::Scopes scopes_of(const std::vector<std::string>& words) {
    if (words.empty()) return api::all_scopes();
    api::Scopes scopes;
    for (const auto& word : words) {
        const auto scope = api::parse_scope(word);
        if (!scope) throw Stop(Exit::usage, "--scope: no such scope, " + word);
        scopes.set(api::Key::index_of(*scope));
    }
    return scopes;
}

std::string text_of(const api::Scopes& scopes) {
    if (scopes == api::all_scopes()) return "all";
    std::string text;
    for (const auto word : api::words_of(scopes)) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

Exit create(Shell& shell, const Asked& asked) {
    const auto scopes = scopes_of(asked.scopes);
    auto& store = shell.store(Shell::Missing::make);
    api::KeyBook keys;
    keys.load(store);
    require_mode(keys, asked.live);
    const auto made =
        keys.create(store, asked.live, scopes, shell.now + std::chrono::days{asked.days}, shell.now,
                    store::fill_from_system);
    write_secret_file(asked.to, made->secret);
    if (shell.json)
        shell.out << json::serialize(json::object{{"id", id_of(made->key)}, {"file", asked.to}})
                  << '\n';
    else
        shell.out << id_of(made->key) << ", good for " << asked.days << " days: its secret is in "
                  << asked.to << '\n';
    return Exit::ok;
}

Exit list(Shell& shell) {
    api::KeyBook keys;
    keys.load(shell.read_store());
    json::array rows;
    for (const auto& key : keys.all(shell.now)) {
        if (shell.json)
            rows.push_back({{"id", id_of(key)},
                            {"livemode", key.livemode},
                            {"scopes", text_of(key.scopes)},
                            {"expires_at", holdfast::to_string(key.expires_at)}});
        else
            shell.out << id_of(key) << "  " << (key.livemode ? "live" : "test") << "  until "
                      << short_time(key.expires_at) << "  " << text_of(key.scopes) << '\n';
    }
    if (shell.json) shell.out << json::serialize(rows) << '\n';
    return Exit::ok;
}

Exit revoke(Shell& shell, const Asked& asked) {
    auto& store = shell.store(Shell::Missing::stop);
    api::KeyBook keys;
    keys.load(store);
    for (const auto& key : keys.all(shell.now))
        if (id_of(key) == asked.id && keys.revoke(store, key.id, key.livemode, shell.now))
            return Exit::ok;
    throw Stop(Exit::not_found,
               "no key " + asked.id + " is in force; `holdfast keys list` shows those");
}

}  // namespace

void write_secret_file(const std::filesystem::path& path, const std::string& secret) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const auto text = secret + "\n";
    const bool is_written = file >= 0 && ::fchmod(file, 0600) == 0 &&
                            ::write(file, text.data(), text.size()) == std::ssize(text);
    if (file >= 0) ::close(file);
    if (!is_written) throw Stop(Exit::failure, path.string() + ": cannot be written");
}

void require_mode(const api::KeyBook& keys, bool live) {
    if (const auto mode = keys.livemode(); mode && *mode != live)
        throw Stop(Exit::conflict, live ? "this database is a sandbox; name another for --live"
                                        : "this database is live: say --live");
}

void add_keys(CLI::App& app, Run& run) {
    auto* keys = app.add_subcommand("keys", "secret keys of the HTTP interface");
    keys->require_subcommand(1);
    auto asked = std::make_shared<Asked>();
    auto* made = keys->add_subcommand("create", "make a key; its secret goes to a file");
    made->add_option("--to", asked->to, "file for the secret, its owner's alone")->required();
    made->add_option("--scope", asked->scopes, "what it may do, as orders:read; none: all");
    made->add_option("--days", asked->days, "how long it is good")->check(CLI::Range(1, 3650));
    made->add_flag("--live", asked->live, "of a live database");
    made->footer("Example:\n  holdfast keys create --to reader.key --scope orders:read --days 30");
    made->callback(
        [asked, &run] { run = [asked](Shell& shell) { return create(shell, *asked); }; });
    auto* listed = keys->add_subcommand("list", "keys that are in force");
    listed->callback([&run] { run = [](Shell& shell) { return list(shell); }; });
    auto* ended = keys->add_subcommand("revoke", "end a key at once");
    ended->add_option("id", asked->id, "as `keys list` shows it")->required();
    ended->callback(
        [asked, &run] { run = [asked](Shell& shell) { return revoke(shell, *asked); }; });
}

}  // namespace holdfast::cli
