// holdfast clock list|advance: test clocks of a running server, and what moving one brings about.

#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/table.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t named_most = 10;

struct Asked {
    ApiAsked api;
    std::string clock, by;
};

// "20d", "36h", "90m", "45s", "1d12h", or as ISO 8601 has it.
std::optional<Duration> parse_span(std::string_view text) {
    if (text.starts_with('P')) return parse_duration(text);
    std::string upper;
    for (const char c : text)
        upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto days_end = upper.find('D');
    if (days_end == upper.npos) return parse_duration("PT" + upper);
    const auto rest = upper.substr(days_end + 1);
    return parse_duration("P" + upper.substr(0, days_end + 1) + (rest.empty() ? "" : "T" + rest));
}

Instant destination(const std::string& by, Instant shows) {
    if (const auto at = parse_instant(by)) return *at;
    const auto span = parse_span(by);
    if (!span)
        throw Stop(Exit::usage, by + ": expected 20d, 36h, P20D or an instant such as "
                                     "2026-11-23T12:00:00Z");
    if (!is_sayable(shows + *span)) throw Stop(Exit::usage, by + ": that is too far");
    return shows + *span;
}

Instant instant_of(const json::object& object, std::string_view member) {
    const auto at = parse_instant(text_of(object, member));
    if (!at) throw Stop(Exit::failure, "the server's answer has no " + std::string(member));
    return *at;
}

std::vector<json::object> all_clocks(ApiClient& api) {
    std::vector<json::object> clocks;
    std::string cursor;
    do {
        const auto page =
            api.get("/v1/test_clocks?limit=100" + (cursor.empty() ? "" : "&cursor=" + cursor));
        for (const auto& clock : page.at("data").as_array()) clocks.push_back(clock.as_object());
        cursor =
            page.at("has_more") == true ? http::percent_encoded(text_of(page, "next_cursor")) : "";
    } while (!cursor.empty());
    return clocks;
}

json::object find_clock(ApiClient& api, const std::string& named) {
    if (!named.empty()) return api.get("/v1/test_clocks/" + http::percent_encoded(named));
    auto clocks = all_clocks(api);
    if (clocks.size() == 1) return std::move(clocks.front());
    if (clocks.empty())
        throw Stop(Exit::not_found, "there is no test clock; `holdfast trigger TYPE` makes one");
    std::string names;
    for (std::size_t i = 0; i < std::min(clocks.size(), named_most); ++i)
        names += " " + text_of(clocks[i], "id");
    throw Stop(Exit::conflict, "there are " + std::to_string(clocks.size()) +
                                   " test clocks; say --clock with one of" + printable(names) +
                                   (clocks.size() > named_most ? " …" : ""));
}

// What happened behind `after` to orders of the clock, between two times that it showed.
class Fired {
public:
    Fired(ApiClient& api, std::string clock, Instant from, Instant to)
        : api_(api), clock_(std::move(clock)), from_(from), to_(to) {}

    std::vector<json::object> find(const std::string& after) {
        std::vector<json::object> found;
        api_.each_event({.after = after}, [&](const json::object& event) {
            if (is_of_clock(event)) found.push_back(event);
            return true;
        });
        std::ranges::stable_sort(
            found, {}, [](const json::object& event) { return instant_of(event, "timestamp"); });
        return found;
    }

private:
    bool is_of_clock(const json::object& event) {
        const auto at = parse_instant(text_of(event, "timestamp"));
        const auto* data = event.if_contains("data");
        if (!at || *at < from_ || *at > to_ || !data || !data->is_object()) return false;
        const auto order = text_of(data->get_object(), "order_id");
        if (order.empty()) return false;
        auto known = is_mine_.find(order);
        if (known == is_mine_.end())
            known =
                is_mine_.emplace(order, text_of(api_.get("/v1/orders/" + order), "clock") == clock_)
                    .first;
        return known->second;
    }

    ApiClient& api_;
    std::string clock_;
    Instant from_, to_;
    std::map<std::string, bool> is_mine_;  // by order
};

// By whom of the order's cast; nothing: by time.
std::string played_by(const json::object& event) {
    const auto part = text_of(event.at("data").as_object(), "played_by");
    return part.empty() ? part : "  " + printable(part);
}

void show(Shell& shell, const json::object& clock, const std::vector<json::object>& events) {
    shell.out << text_of(clock, "id") << " shows " << text_of(clock, "shows") << '\n';
    for (const auto& event : events)
        shell.out << text_of(event, "timestamp") << "  " << printable(text_of(event, "type"))
                  << "  " << printable(text_of(event.at("data").as_object(), "order_id"))
                  << played_by(event) << '\n';
    if (events.empty()) shell.out << "Nothing fell due.\n";
}

Exit advance(Shell& shell, const Asked& asked) {
    ApiClient api(shell, asked.api);
    const auto before = find_clock(api, asked.clock);
    const auto id = text_of(before, "id");
    const auto shows = instant_of(before, "shows");
    const auto to = destination(asked.by, shows);
    const auto last = api.last_event();
    const auto after = api.post("/v1/test_clocks/" + id + "/advance", {{"to", to_string(to)}});
    const auto events = Fired(api, id, shows, to).find(last);
    if (!shell.json) {
        show(shell, after, events);
        return Exit::ok;
    }
    json::array fired;
    for (const auto& event : events) fired.push_back(event);
    shell.out << json::serialize(json::object{{"clock_id", id},
                                              {"showed", to_string(shows)},
                                              {"shows", to_string(to)},
                                              {"events", std::move(fired)}})
              << '\n';
    return Exit::ok;
}

Exit list(Shell& shell, const Asked& asked) {
    ApiClient api(shell, asked.api);
    const auto clocks = all_clocks(api);
    if (shell.json) {
        shell.out << json::serialize(json::array(clocks.begin(), clocks.end())) << '\n';
        return Exit::ok;
    }
    Table table({{.name = "clock", .may_shrink = false},
                 {.name = "shows", .may_shrink = false},
                 {.name = "orders", .right = true}});
    for (const auto& clock : clocks)
        table.add({text_of(clock, "id"), short_time(instant_of(clock, "shows")),
                   json::serialize(clock.at("orders"))});
    shell.out << (clocks.empty() ? "There is no test clock.\n"
                                 : table.draw(shell.width, shell.colour));
    return Exit::ok;
}

}  // namespace

void add_clock(CLI::App& app, Run& run) {
    auto* clock = app.add_subcommand("clock", "test clocks of a sandbox's server");
    clock->require_subcommand(1);
    auto asked = std::make_shared<Asked>();
    auto* moved = clock->add_subcommand("advance", "move one forward, and show what fell due");
    moved->add_option("BY", asked->by, "20d, 36h, P20D, or an instant")->required();
    moved->add_option("--clock", asked->clock, "clk_…; the only one, if left out");
    add_api_options(*moved, asked->api);
    moved->footer(
        "Examples:\n  holdfast clock advance 20d\n"
        "  holdfast clock advance 2026-12-24T00:00:00Z --clock clk_01kjm9yn104f4rghttb6129736");
    moved->callback(
        [asked, &run] { run = [asked](Shell& shell) { return advance(shell, *asked); }; });
    auto* listed = clock->add_subcommand("list", "all of them");
    add_api_options(*listed, asked->api);
    listed->callback(
        [asked, &run] { run = [asked](Shell& shell) { return list(shell, *asked); }; });
}

}  // namespace holdfast::cli
