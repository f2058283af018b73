// A running server's HTTP interface, as commands ask it (docs/api.md).
//
// The key comes from a file or the environment, never from the command line, and goes over plain
// http to this machine alone. What the server refuses ends the command, with the problem's words
// and the exit code of its status.
#pragma once

#include "cli/shell.h"
#include "http/client.h"
#include "http/event_stream.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace holdfast::cli {

struct ApiAsked {
    std::string url, key_file;  // empty: of the environment, or what `serve` uses by itself
};
void add_api_options(CLI::App& command, ApiAsked& asked);

class ApiClient {
public:
    ApiClient(Shell& shell, const ApiAsked& asked);

    const std::string& url() const { return url_; }

    boost::json::object get(const std::string& path);
    // Under a key of its own. Sent again with the same one where nobody knows what became of it.
    boost::json::object post(const std::string& path, const boost::json::object& body);

    // Which events; empty: all of them.
    struct Wanted {
        std::string types = {};  // "dispute.*,refund.issued"
        std::string after = {};  // those behind this one
    };
    // Those that there are, the oldest first, until `take` says no.
    using Take = std::function<bool(const boost::json::object& event)>;
    void each_event(const Wanted& wanted, const Take& take);
    // The last event that there is; empty: none yet.
    std::string last_event();

    // Follows /v1/events/stream until `take` says no (true) or it broke (false, and why). Whatever
    // the server refuses stops the command.
    using TakeStream = std::function<bool(const http::EventStreamReader& reader,
                                          const std::vector<http::StreamEvent>& events)>;
    struct Followed {
        bool is_left = false;
        std::string problem = {};
    };
    Followed follow(const Wanted& wanted, const TakeStream& take);

private:
    boost::json::object ask(http::Request request, const std::string& what);

    std::string url_, key_;
    std::string names_;  // what its idempotency keys begin with
    std::uint64_t posts_ = 0;
    http::Client client_;
};

// "http://127.0.0.1:3000/hook", "http://localhost", "http://[::1]:80".
bool is_on_this_machine(std::string_view url);

// Stops with configuration where neither file nor variable gives it.
std::string secret_of(const Shell& shell, const std::string& file, const std::string& variable);

// 26 characters that nobody had before.
std::string fresh_name();

// A member's text; empty: it is not there, or no text.
std::string text_of(const boost::json::object& object, std::string_view member);

}  // namespace holdfast::cli
