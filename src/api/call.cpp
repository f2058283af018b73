#include "api/call.h"

#include "base/verify.h"
#include "store/codec/strict_json.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::size_t limit_usual = 20, limit_most = 100;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string_view media_type(std::string_view header) {
    return http::trimmed(header.substr(0, header.find(';')));
}

}  // namespace

Call::Call(Operation operation, http::ServerRequest request, http::Reply reply,
           std::string problems)
    : operation_(operation),
      request_(std::move(request)),
      reply_(std::move(reply)),
      problems_(std::move(problems)) {}

const boost::json::object* Call::read_body(bool may_be_empty) {
    if (request_.body.empty() && may_be_empty) return &body_;
    if (!http::is_same_name(media_type(request_.header("content-type")), "application/json")) {
        send("unsupported_media_type");
        return nullptr;
    }
    auto parsed = store::parse_strict(request_.body, {});
    if (!parsed) {
        auto wrong = problem("invalid_json");
        wrong.errors.push_back({.pointer = parsed.error().pointer, .code = "invalid"});
        wrong.detail = "The body" + parsed.error().pointer + " " + parsed.error().problem + ".";
        send(std::move(wrong));
        return nullptr;
    }
    body_ = std::move(parsed->get_object());
    return &body_;
}

void Call::fault_parameter(std::string_view name, std::string code) {
    reading_.faults.push_back({.parameter = std::string(name), .code = std::move(code)});
}

void Call::read_query(std::initializer_list<std::string_view> known) {
    const auto& fields = request_.target.query;
    for (auto i = fields.begin(); i != fields.end(); ++i) {
        const auto is_same = [&](const auto& field) { return field.first == i->first; };
        if (std::ranges::find(known, std::string_view(i->first)) == known.end())
            fault_parameter(i->first, "unknown");
        else if (std::any_of(fields.begin(), i, is_same))
            fault_parameter(i->first, "not_unique");
    }
}

std::optional<std::string_view> Call::query(std::string_view name) const {
    return request_.target.query_field(name);
}

bool Call::query_flag(std::string_view name) {
    const auto text = query(name);
    if (text && *text != "true" && *text != "false") fault_parameter(name, "invalid");
    return text == "true";
}

std::optional<Instant> Call::query_instant(std::string_view name) {
    const auto text = query(name);
    if (!text) return std::nullopt;
    const auto at = text->ends_with('Z') ? parse_instant(*text) : std::nullopt;
    if (!at) fault_parameter(name, "invalid");
    return at;
}

std::size_t Call::limit() {
    const auto text = query("limit");
    if (!text) return limit_usual;
    const auto limit = parse_number<std::size_t>(*text);
    if (limit && *limit >= 1 && *limit <= limit_most) return *limit;
    reading_.faults.push_back(
        {.parameter = "limit", .code = "invalid", .min = 1, .max = std::int64_t{limit_most}});
    return limit_usual;
}

std::string Call::idempotency_key() {
    std::vector<std::string_view> values;
    for (const auto& header : request_.headers)
        if (http::is_same_name(header.name, "idempotency-key")) values.push_back(header.value);
    auto key = values.size() == 1 ? values.front() : std::string_view();
    const bool is_quoted = key.size() >= 2 && key.starts_with('"') && key.ends_with('"');
    if (is_quoted) key = key.substr(1, key.size() - 2);
    if (key.empty() || key.size() > 255 || !is_visible_ascii(key)) {
        send("key_missing");
        return {};
    }
    return std::string(key);
}

std::optional<std::uint64_t> Call::if_match() {
    const auto text = request_.header("if-match");
    if (text.empty() || text == "*") return std::nullopt;
    if (text.size() > 2 && text.starts_with('"') && text.ends_with('"'))
        if (const auto version = parse_number<std::uint64_t>(text.substr(1, text.size() - 2)))
            return version;
    fault_parameter("If-Match", "invalid");
    return std::nullopt;
}

bool Call::has_faults() {
    if (is_answered()) return true;
    if (!reading_.faults.empty()) {
        send(problem_of(reading_.faults));
        return true;
    }
    if (reading_.currencies_differ) {
        send("currency_differs");
        return true;
    }
    return false;
}

void Call::send(int status, const boost::json::object& body, std::vector<http::Header> more) {
    more.push_back({"Content-Type", "application/json"});
    take_reply().send(
        {.status = status, .headers = std::move(more), .body = boost::json::serialize(body)});
}

void Call::send(http::Problem problem) {
    problem.type = problems_ + problem.code;
    problem.instance = request_.target.path;
    problem.request_id = to_string(request_.id);
    auto answer = http::to_answer(problem);
    if (problem.status == 401)
        answer.headers.push_back({"WWW-Authenticate", "Bearer realm=\"holdfast\""});
    if (problem.status == 503 || problem.status == 429)
        answer.headers.push_back({"Retry-After", "1"});
    take_reply().send(std::move(answer));
}

void Call::send_nothing() { take_reply().send({.status = 204}); }

http::Reply Call::take_reply() {
    VERIFY(reply_.has_value());
    auto reply = std::move(*reply_);
    reply_.reset();
    return reply;
}

std::string cursor_of(std::uint64_t place, std::string_view list) {
    const auto mark = hash_of(list);
    return "c1." + to_hex(std::span(mark).first(4)) + "." + std::to_string(place);
}

std::optional<std::uint64_t> place_of(std::string_view cursor, std::string_view list) {
    const auto dot = cursor.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto place = parse_number<std::uint64_t>(cursor.substr(dot + 1));
    if (!place || cursor_of(*place, list) != cursor) return std::nullopt;
    return place;
}

}  // namespace holdfast::api
