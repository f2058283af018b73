#include "cli/serve_log.h"

#include <boost/json/serialize.hpp>

#include <ostream>
#include <string>
#include <utility>

namespace holdfast::cli {

namespace json = boost::json;

void ServeLog::served(const http::ServedRequest& request) {
    RequestCounters::served(request);
    json::object more{{"request_id", to_string(request.id)},
                      {"route", request.route},
                      {"status", request.status},
                      {"duration_ms", request.duration.count() / 1000}};
    if (!request.trace_id.empty()) more["trace_id"] = request.trace_id;
    // Of what is pushed, the last part of the path may be a secret.
    constexpr std::string_view pushes = "/v1/pushes/";
    const bool is_secret = request.route.starts_with(pushes) || request.path.starts_with(pushes);
    const std::string_view shown = is_secret ? "/v1/pushes/{name}" : request.path;
    write(request.status >= 500 ? "error" : "info", "request",
          std::string(request.method) + " " + std::string(shown), std::move(more));
}

void ServeLog::failed(const http::RequestId& id, std::string_view what) {
    error("handler_failed", what, {{"request_id", to_string(id)}});
}

void ServeLog::info(std::string_view event, std::string_view msg, json::object more) {
    write("info", event, msg, std::move(more));
}

void ServeLog::error(std::string_view event, std::string_view msg, json::object more) {
    write("error", event, msg, std::move(more));
}

void ServeLog::write(std::string_view level, std::string_view event, std::string_view msg,
                     json::object more) {
    json::object line{{"ts", to_string(now_())}, {"level", level}, {"event", event}, {"msg", msg}};
    for (auto& member : more) line.insert(std::move(member));
    const auto text = json::serialize(line) + "\n";
    const std::scoped_lock lock(mutex_);
    out_ << text << std::flush;
}

}  // namespace holdfast::cli
