// holdfast mappings list|show|save|delete: which column of a CSV means what, by name.

#include "api/mapping_book.h"
#include "api/mapping_json.h"
#include "cli/commands.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string name, file;
};

void check_name(const std::string& name) {
    if (!api::MappingBook::is_name(name))
        throw Stop(Exit::usage, "found \"" + name +
                                    "\", expected a name of 1 to 64 letters a to z, digits, '-' "
                                    "and '_'");
}

json::object json_of(const std::string& name, const formats::Mapping& mapping) {
    auto out = api::mapping_json(mapping);
    out["name"] = name;
    return out;
}

Exit list(Shell& shell) {
    const auto mappings = api::MappingBook().load(shell.read_store());
    if (shell.json) {
        json::array all;
        for (const auto& [name, mapping] : mappings) all.push_back(json_of(name, mapping));
        shell.out << json::serialize(json::object{{"mappings", all}}) << '\n';
        return Exit::ok;
    }
    Table table(
        {{.name = "name"}, {.name = "of"}, {.name = "system"}, {.name = "columns", .least = 20}});
    for (const auto& [name, mapping] : mappings) {
        std::string columns;
        for (const auto& [field, column] : mapping.columns)
            columns += (columns.empty() ? "" : ", ") + std::string(to_string(field));
        table.add({name, std::string(to_string(mapping.of)), mapping.system, columns});
    }
    if (!table.empty()) shell.out << table.draw(shell.width, shell.colour);
    return Exit::ok;
}

Exit show(Shell& shell, const Asked& asked) {
    const auto mappings = api::MappingBook().load(shell.read_store());
    const auto found = mappings.find(asked.name);
    if (found == mappings.end())
        throw Stop(Exit::not_found, "no mapping is called \"" + asked.name + '"');
    if (shell.json)
        shell.out << json::serialize(json_of(found->first, found->second)) << '\n';
    else
        shell.out << formats::to_text(found->second);
    return Exit::ok;
}

Exit save(Shell& shell, const Asked& asked) {
    check_name(asked.name);
    const auto mapping = formats::parse_mapping(read_file(asked.file));
    if (!mapping) throw Stop(Exit::usage, asked.file + ": " + mapping.error());
    api::MappingBook().save(shell.store(Shell::Missing::make), asked.name, *mapping, shell.now);
    shell.err << "Saved: holdfast import FILE --mapping " << asked.name << '\n';
    return Exit::ok;
}

Exit remove(Shell& shell, const Asked& asked) {
    if (!api::MappingBook().remove(shell.store(Shell::Missing::stop), asked.name, shell.now))
        throw Stop(Exit::not_found, "no mapping is called \"" + asked.name + '"');
    return Exit::ok;
}

}  // namespace

void add_mappings(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("mappings", "Which column of a CSV means what, by name");
    command->require_subcommand(1);
    auto asked = std::make_shared<Asked>();

    command->add_subcommand("list", "All of them")->callback([&run] {
        run = [](Shell& shell) { return list(shell); };
    });
    auto* one = command->add_subcommand("show", "One, as the file that it was saved from");
    one->add_option("NAME", asked->name)->required();
    one->callback([&run, asked] { run = [asked](Shell& shell) { return show(shell, *asked); }; });

    auto* saved = command->add_subcommand("save", "A file under a name, in the place of another");
    saved->add_option("NAME", asked->name)->required();
    saved->add_option("FILE", asked->file, "As `holdfast import --propose` writes one")->required();
    saved->footer(
        "Example:\n  holdfast import orders.csv --propose > dsers.toml\n"
        "  holdfast mappings save dsers dsers.toml\n"
        "  holdfast import orders.csv --mapping dsers");
    saved->callback([&run, asked] { run = [asked](Shell& shell) { return save(shell, *asked); }; });

    auto* removed = command->add_subcommand("delete", "What was imported by it stays");
    removed->add_option("NAME", asked->name)->required();
    removed->callback(
        [&run, asked] { run = [asked](Shell& shell) { return remove(shell, *asked); }; });
}

}  // namespace holdfast::cli
