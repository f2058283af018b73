// holdfast trigger: makes an event of some type happen in a sandbox, through its server.

#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/stories.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <ostream>
#include <string>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    ApiAsked api;
    std::string type;
};

std::string known_types() {
    std::string list;
    for (const auto type : story_types()) list.append(list.empty() ? "" : " ").append(type);
    return list;
}

// The last of that type.
json::object find_event(const std::vector<json::object>& events, const std::string& type) {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        if (text_of(*event, "type") == type) return *event;
    throw Stop(Exit::failure, "the order lived as told, and no " + type +
                                  " came of it; are the marketplace terms changed?");
}

Exit trigger(Shell& shell, const Asked& asked) {
    const auto* story = find_story(asked.type);
    if (!story)
        throw Stop(Exit::usage, "no story leads to " + printable(asked.type) + "; known are\n" +
                                    wrap(known_types(), static_cast<std::size_t>(shell.width), 0));
    ApiClient api(shell, asked.api);
    Life life(api, shell.at());
    tell(*story, life);
    const auto events = life.events();
    const auto event = find_event(events, asked.type);
    if (shell.json) {
        json::array types;
        for (const auto& one : events) types.push_back(json::string(text_of(one, "type")));
        shell.out << json::serialize(json::object{{"type", asked.type},
                                                  {"event_id", text_of(event, "id")},
                                                  {"order_id", life.order()},
                                                  {"clock_id", life.clock()},
                                                  {"clock_shows", to_string(life.shows())},
                                                  {"events", std::move(types)}})
                  << '\n';
        return Exit::ok;
    }
    shell.out << asked.type << "  " << text_of(event, "id") << "  " << life.order() << '\n';
    shell.err << "Its clock shows " << short_time(life.shows())
              << "; go on with: holdfast clock advance 5d --clock " << life.clock() << '\n';
    return Exit::ok;
}

}  // namespace

void add_trigger(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("trigger", "make an event of some type happen in a sandbox");
    auto asked = std::make_shared<Asked>();
    command->add_option("TYPE", asked->type, "as dispute.opened")->required();
    add_api_options(*command, asked->api);
    command->footer(
        "It places an order on a test clock of its own and lets it live as far as the "
        "event.\nTypes: " +
        known_types() + "\nExample:\n  holdfast trigger dispute.opened");
    command->callback(
        [asked, &run] { run = [asked](Shell& shell) { return trigger(shell, *asked); }; });
}

}  // namespace holdfast::cli
