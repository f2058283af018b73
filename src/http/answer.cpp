#include "http/answer.h"

#include "http/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::http {
namespace {

// Kept by the server itself.
constexpr std::array<std::string_view, 6> own_names{
    "Connection", "Content-Length", "Date", "Keep-Alive", "Request-Id", "Transfer-Encoding"};

// Said unless the answer says it otherwise.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> usual_headers{{
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
}};

constexpr std::array<std::pair<int, std::string_view>, 33> reasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

bool is_own(std::string_view name) {
    return std::ranges::any_of(own_names,
                               [&](std::string_view own) { return is_same_name(own, name); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

void add_usual(std::string& head, const Answer& answer) {
    for (const auto& [name, value] : usual_headers) {
        const bool is_said = std::ranges::any_of(
            answer.headers, [&](const Header& one) { return is_same_name(one.name, name); });
        if (!is_said) add(head, name, value);
    }
}

void add_framing(std::string& head, const Answer& answer, const HeadFacts& facts) {
    if (facts.form == BodyForm::chunked) add(head, "Transfer-Encoding", "chunked");
    if (facts.form == BodyForm::counted && !has_no_body(answer.status))
        add(head, "Content-Length", std::to_string(answer.body.size()));
    if (!facts.keeps_alive) add(head, "Connection", "close");
    if (facts.keeps_alive && facts.minor == 0) add(head, "Connection", "keep-alive");
}

}  // namespace

std::string_view reason_of(int status) {
    const auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
    return found == reasons.end() ? std::string_view{} : found->second;
}

bool has_no_body(int status) { return status == 204 || status == 304; }

bool is_sendable(const Answer& answer) {
    const bool is_final = answer.status >= 200 && answer.status <= 599;
    const bool is_body_right = answer.body.empty() || !has_no_body(answer.status);
    return is_final && is_body_right && std::ranges::all_of(answer.headers, [](const Header& one) {
               return is_token(one.name) && is_line(one.value) && !is_own(one.name);
           });
}

std::string render_head(const Answer& answer, const HeadFacts& facts) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", answer.status, reason_of(answer.status));
    add(head, "Date", to_http_date(facts.now));
    add(head, "Request-Id", to_string(facts.request));
    for (const auto& one : answer.headers) add(head, one.name, one.value);
    add_usual(head, answer);
    add_framing(head, answer, facts);
    return head += "\r\n";
}

}  // namespace holdfast::http
