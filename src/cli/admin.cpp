// holdfast admin create: a user who may do everything, while no server runs.

#include "api/passwords.h"
#include "api/users.h"
#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string name, password_file;
};

// The first line of the file, or of the standard input.
std::string read_password(const std::string& file) {
    std::string line;
    if (file.empty() || file == "-") {
        std::getline(std::cin, line);
    } else {
        std::ifstream in(file);
        if (!in) throw Stop(Exit::failure, file + ": cannot be read");
        std::getline(in, line);
    }
    if (line.size() < api::password_least || line.size() > api::password_most)
        throw Stop(Exit::usage, "the password: from " + std::to_string(api::password_least) +
                                    " to " + std::to_string(api::password_most) + " bytes");
    return line;
}

Exit create(Shell& shell, const Asked& asked) {
    if (!api::is_user_name(asked.name))
        throw Stop(Exit::usage, "--name: 1 to 64 visible ASCII characters");
    const auto password = read_password(asked.password_file);
    auto& store = shell.store(Shell::Missing::make);
    api::UserBook users;
    users.load(store);
    const auto made = users.create(
        store, {.name = asked.name, .roles = api::admin, .password = api::hash_password(password)},
        shell.now, store::fill_from_system);
    if (!made) throw Stop(Exit::conflict, "another user has the name " + asked.name);
    const auto id = "usr_" + to_base32(made->user.id);
    if (shell.json)
        shell.out << json::serialize(json::object{{"id", id}, {"name", asked.name}}) << '\n';
    else
        shell.out << id << ": " << asked.name << " may sign in\n";
    return Exit::ok;
}

}  // namespace

void add_admin(CLI::App& app, Run& run) {
    auto* command =
        app.add_subcommand("admin", "users of the HTTP interface who may do everything");
    command->require_subcommand(1);
    auto asked = std::make_shared<Asked>();
    auto* made = command->add_subcommand("create", "make one, while no server runs");
    made->add_option("--name", asked->name, "to sign in with")->required();
    made->add_option("--password-file", asked->password_file,
                     "its first line is the password; none: the standard input's");
    made->footer("Example:\n  holdfast admin create --name anna --password-file anna.password");
    made->callback(
        [asked, &run] { run = [asked](Shell& shell) { return create(shell, *asked); }; });
}

}  // namespace holdfast::cli
