#include "cli/api_client.h"

#include "cli/table.h"
#include "http/address.h"
#include "http/header.h"
#include "store/person.h"

#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

constexpr auto usual_url = "http://127.0.0.1:8080";
constexpr auto silence_most = std::chrono::seconds{45};  // a comment comes every 15
constexpr int tries_most = 4;

std::string variable_of(const Shell& shell, const std::string& name) {
    const auto found = shell.variables.find(name);
    return found == shell.variables.end() ? "" : found->second;
}

std::string trimmed_file(const std::string& file) {
    return std::string(http::trimmed(read_file(file)));
}

std::string key_of(Shell& shell, const std::string& file) {
    const auto beside = shell.database().string() + ".key";
    const bool is_named = !file.empty() || !variable_of(shell, "HOLDFAST_API_KEY").empty() ||
                          !variable_of(shell, "HOLDFAST_API_KEY_FILE").empty();
    if (!is_named && std::filesystem::exists(beside)) return secret_of(shell, beside, {});
    auto key = secret_of(shell, file, "HOLDFAST_API_KEY");
    if (!key.empty()) return key;
    throw Stop(Exit::configuration,
               "no key: say --key-file FILE or set HOLDFAST_API_KEY (`holdfast serve` writes its "
               "first one to " +
                   beside + ")");
}

std::string url_of(const Shell& shell, std::string url) {
    if (url.empty()) url = variable_of(shell, "HOLDFAST_API_URL");
    if (url.empty()) url = usual_url;
    while (url.ends_with('/')) url.pop_back();
    if (url.starts_with("https://") || is_on_this_machine(url)) return url;
    throw Stop(Exit::usage, "--api: " + url +
                                ": expected https://…, or http:// to this machine; the key could "
                                "be read on its way");
}

Exit exit_of(int status) {
    switch (status) {
    case 401:
    case 403: return Exit::not_allowed;
    case 404: return Exit::not_found;
    case 409:
    case 412: return Exit::conflict;
    case 429:
    case 503: return Exit::try_again;
    default:  return Exit::failure;
    }
}

json::object object_of(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    return !error && value.is_object() ? std::move(value.get_object()) : json::object{};
}

// "422 not_granted: The terms do not grant this; the clause says why. (clause MP-2)"
std::string words_of(const http::Response& response) {
    const auto problem = object_of(response.body);
    auto words = std::to_string(response.status);
    if (const auto code = text_of(problem, "code"); !code.empty()) words += " " + code;
    if (const auto detail = text_of(problem, "detail"); !detail.empty()) words += ": " + detail;
    for (const auto* member : {"clause", "opens_at", "closes_at"})
        if (const auto text = text_of(problem, member); !text.empty())
            words += std::string(" ") + member + " " + text + ".";
    if (const auto* errors = problem.if_contains("errors"); errors && errors->is_array())
        for (const auto& error : errors->get_array()) words += " " + json::serialize(error);
    if (const auto id = text_of(problem, "request_id"); !id.empty()) words += " (" + id + ")";
    return printable(words);
}

[[noreturn]] void stop_for(const http::Response& response, const std::string& what) {
    throw Stop(exit_of(response.status), what + ": " + words_of(response));
}
[[noreturn]] void stop_for(const http::HttpProblem& problem, const std::string& what) {
    using Kind = http::HttpProblemKind;
    const bool is_away = problem.kind == Kind::cannot_connect ||
                         problem.kind == Kind::cannot_resolve || problem.kind == Kind::timed_out;
    throw Stop(is_away ? Exit::try_again : Exit::failure,
               what + ": " + printable(problem.text) +
                   (is_away ? "; is `holdfast serve` running there?" : ""));
}

// Will the same, sent again, do no more than tell what became of it?
bool is_worth_again(const http::Outcome& outcome) {
    if (!outcome) return outcome.error().may_have_had_effect;
    return outcome->status == 429 || outcome->status >= 500;
}

}  // namespace

void add_api_options(CLI::App& command, ApiAsked& asked) {
    command.add_option("--api", asked.url,
                       "the server, as http://127.0.0.1:8080; else HOLDFAST_API_URL");
    command.add_option("--key-file", asked.key_file,
                       "file with the secret key; else HOLDFAST_API_KEY, else DATABASE.key");
}

ApiClient::ApiClient(Shell& shell, const ApiAsked& asked)
    : url_(url_of(shell, asked.url)),
      key_(key_of(shell, asked.key_file)),
      names_(fresh_name()),
      client_({.allow_private = true, .allow_http = true}) {}

json::object ApiClient::ask(http::Request request, const std::string& what) {
    request.url = url_ + request.url;
    request.headers.push_back({"Authorization", "Bearer " + key_});
    request.headers.push_back({"Accept", "application/json"});
    auto outcome = client_.send(request);
    for (int tries = 1; tries < tries_most && is_worth_again(outcome); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{250} * (1 << tries));
        outcome = client_.send(request);
    }
    if (!outcome) stop_for(outcome.error(), what);
    if (outcome->status >= 300) stop_for(*outcome, what);
    return object_of(outcome->body);
}

json::object ApiClient::get(const std::string& path) { return ask({.url = path}, "GET " + path); }

json::object ApiClient::post(const std::string& path, const json::object& body) {
    http::Request request{.method = http::Method::post, .url = path, .body = json::serialize(body)};
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", names_ + "-" + std::to_string(++posts_)}};
    return ask(std::move(request), "POST " + path);
}

void ApiClient::each_event(const Wanted& wanted, const Take& take) {
    auto list = std::string("/v1/events?limit=100");
    if (!wanted.types.empty()) list += "&types=" + http::percent_encoded(wanted.types);
    auto path = list;
    if (!wanted.after.empty()) path += "&after=" + http::percent_encoded(wanted.after);
    while (true) {
        const auto page = get(path);
        const auto* data = page.if_contains("data");
        if (!data || !data->is_array()) return;
        for (const auto& event : data->get_array())
            if (event.is_object() && !take(event.get_object())) return;
        if (page.at("has_more") != true) return;
        path = list + "&cursor=" + http::percent_encoded(text_of(page, "next_cursor"));
    }
}

std::string ApiClient::last_event() {
    std::string last;
    const auto followed = follow({}, [&](const http::EventStreamReader& reader, const auto&) {
        last = reader.last_id();
        return !reader.has_begun();
    });
    if (!followed.is_left)
        throw Stop(Exit::try_again, "GET /v1/events/stream: " + followed.problem);
    return last;
}

ApiClient::Followed ApiClient::follow(const Wanted& wanted, const TakeStream& take) {
    const std::string what = "GET /v1/events/stream";
    http::Request request{.url = url_ + "/v1/events/stream"};
    if (!wanted.types.empty()) request.url += "?types=" + http::percent_encoded(wanted.types);
    request.headers = {{"Authorization", "Bearer " + key_}, {"Accept", "text/event-stream"}};
    if (!wanted.after.empty()) request.headers.push_back({"Last-Event-ID", wanted.after});
    http::EventStreamReader reader;
    Followed followed;
    const auto outcome = client_.follow(request, silence_most, [&](std::string_view piece) {
        const auto events = reader.take(piece);
        followed.is_left = !take(reader, events);
        return !followed.is_left && !reader.is_broken();
    });
    if (followed.is_left) return followed;
    if (outcome && outcome->status != 200 && !is_worth_again(outcome)) stop_for(*outcome, what);
    followed.problem = !outcome                 ? printable(outcome.error().text)
                       : outcome->status != 200 ? words_of(*outcome)
                       : reader.is_broken()     ? "it makes no sense"
                                                : "it ended";
    return followed;
}

bool is_on_this_machine(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) return false;
    url.remove_prefix(scheme.size());
    const auto authority = url.substr(0, url.find_first_of("/?#\\"));
    if (authority.contains('@')) return false;
    if (authority == "[::1]" || authority.starts_with("[::1]:")) return true;
    const auto host = authority.substr(0, authority.find(':'));
    const auto address = http::parse_address(host);
    return host == "localhost" || (address && !address->is_v6 && address->bytes[0] == 127);
}

std::string secret_of(const Shell& shell, const std::string& file, const std::string& variable) {
    if (!file.empty()) return trimmed_file(file);
    if (auto text = variable_of(shell, variable); !text.empty()) return text;
    const auto named = variable_of(shell, variable + "_FILE");
    return named.empty() ? "" : trimmed_file(named);
}

std::string fresh_name() {
    IdBytes bytes{};
    store::fill_from_system(bytes);
    return to_base32(bytes);
}

std::string text_of(const json::object& object, std::string_view member) {
    const auto* value = object.if_contains(member);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace holdfast::cli
