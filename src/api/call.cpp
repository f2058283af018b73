#include "api/call.h"

#include "base/utf8.h"
#include "base/verify.h"
#include "store/codec/strict_json.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::int64_t limit_usual = 20, limit_most = 100;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Members in order of their names, so that equal bodies have equal texts.
boost::json::value sorted(const boost::json::value& value) {
    if (const auto* object = value.if_object()) {
        std::map<std::string_view, const boost::json::value*> members;
        for (const auto& member : *object) members.emplace(member.key(), &member.value());
        boost::json::object out;
        for (const auto& [name, inside] : members) out[name] = sorted(*inside);
        return out;
    }
    if (const auto* list = value.if_array()) {
        boost::json::array out;
        for (const auto& inside : *list) out.push_back(sorted(inside));
        return out;
    }
    return value;
}

}  // namespace

Call::Call(Operation operation, http::ServerRequest request, http::Reply reply,
           std::string problems)
    : operation_(operation),
      request_(std::move(request)),
      reply_(std::move(reply)),
      problems_(std::move(problems)) {}

bool Call::load_body(Body body) {
    if (request_.body.empty() && body == Body::may_be_empty) return true;
    if (!http::is_same_name(http::without_parameters(request_.header("content-type")),
                            "application/json")) {
        send("unsupported_media_type");
        return false;
    }
    auto parsed = store::parse_strict(request_.body, {});
    // Events keep what other sources wrote in broken UTF-8; whoever asks here writes it well.
    if (parsed && !is_utf8(request_.body))
        parsed = std::unexpected(store::DecodeError{"", "is not UTF-8"});
    if (!parsed) {
        auto wrong = problem("invalid_json");
        wrong.errors.push_back({.pointer = parsed.error().pointer, .code = "invalid"});
        wrong.detail = "The body" + parsed.error().pointer + " " + parsed.error().problem + ".";
        send(std::move(wrong));
        return false;
    }
    body_ = std::move(parsed->get_object());
    return true;
}

KeyRequest Call::key_request(std::string key, const boost::json::object& body) const {
    return {.key = std::move(key),
            .hash = request_hash(request_.method, request_.target.path, body)};
}

void Call::fault(std::string_view parameter, std::string code) {
    reading_.faults.push_back({.parameter = std::string(parameter), .code = std::move(code)});
}

void Call::read_query(std::initializer_list<std::string_view> known) {
    const auto& fields = request_.target.query;
    for (auto i = fields.begin(); i != fields.end(); ++i) {
        const auto is_same = [&](const auto& field) { return field.first == i->first; };
        if (std::ranges::find(known, std::string_view(i->first)) == known.end())
            fault(i->first, "unknown");
        else if (std::any_of(fields.begin(), i, is_same))
            fault(i->first, "not_unique");
    }
}

std::optional<std::string_view> Call::query(std::string_view name) const {
    return request_.target.query_field(name);
}

bool Call::query_flag(std::string_view name) {
    const auto text = query(name);
    if (text && *text != "true" && *text != "false") fault(name, "invalid");
    return text == "true";
}

std::optional<Instant> Call::query_instant(std::string_view name) {
    const auto text = query(name);
    if (!text) return std::nullopt;
    const auto at = text->ends_with('Z') ? parse_instant(*text) : std::nullopt;
    if (!at) fault(name, "invalid");
    return at;
}

std::optional<std::int64_t> Call::query_number(std::string_view name, std::int64_t least,
                                               std::int64_t most) {
    const auto text = query(name);
    if (!text) return std::nullopt;
    const auto number = parse_number<std::int64_t>(*text);
    if (number && *number >= least && *number <= most) return number;
    reading_.faults.push_back(
        {.parameter = std::string(name), .code = "invalid", .min = least, .max = most});
    return std::nullopt;
}

std::size_t Call::limit() {
    return static_cast<std::size_t>(query_number("limit", 1, limit_most).value_or(limit_usual));
}

std::string Call::idempotency_key() {
    std::vector<std::string_view> values;
    for (const auto& header : request_.headers)
        if (http::is_same_name(header.name, "idempotency-key")) values.push_back(header.value);
    auto key = values.size() == 1 ? values.front() : std::string_view();
    const bool is_quoted = key.size() >= 2 && key.starts_with('"') && key.ends_with('"');
    if (is_quoted) key = key.substr(1, key.size() - 2);
    if (key.empty() || key.size() > 255 || !http::is_visible(key)) {
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
    fault("If-Match", "invalid");
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

void Call::send(http::Answer answer) {
    answer.headers.insert(answer.headers.end(), rate_.begin(), rate_.end());
    take_reply().send(std::move(answer));
}

void Call::send(int status, const boost::json::object& body, std::vector<http::Header> more) {
    more.push_back({"Content-Type", "application/json"});
    send({.status = status, .headers = std::move(more), .body = boost::json::serialize(body)});
}

namespace {

// What a bearer is told (RFC 6750 section 3); whoever brought no token is told of no error.
std::string challenge(std::string_view code, const http::ServerRequest& request) {
    std::string text = "Bearer realm=\"holdfast\"";
    if (request.header("authorization").empty()) return text;
    if (code == "credentials_invalid") text += ", error=\"invalid_token\"";
    if (code == "scope_missing") text += ", error=\"insufficient_scope\"";
    return text;
}

}  // namespace

http::Answer answer_of(http::Problem problem, const http::ServerRequest& request,
                       const std::string& types, Duration retry_after) {
    problem.type = types + problem.code;
    problem.instance = request.target.path;
    problem.request_id = to_string(request.id);
    auto answer = http::to_answer(problem);
    if (problem.status == 401 || problem.code == "scope_missing")
        answer.headers.push_back({"WWW-Authenticate", challenge(problem.code, request)});
    if (problem.status == 503 || problem.status == 429)
        answer.headers.push_back(
            {"Retry-After",
             std::to_string(std::chrono::ceil<std::chrono::seconds>(retry_after).count())});
    return answer;
}

void Call::send(http::Problem problem, std::optional<Duration> retry_after) {
    const auto usual = problem.status == 429 ? retry_after_ : std::chrono::seconds{1};
    send(answer_of(std::move(problem), request_, problems_, retry_after.value_or(usual)));
}

void Call::send_nothing(std::vector<http::Header> headers) {
    send({.status = 204, .headers = std::move(headers)});
}

void Call::set_rate(const RateLimit& limit, const RateStanding& standing) {
    rate_ = rate_headers(limit, standing);
    retry_after_ = standing.resets_in;
}

http::Reply Call::take_reply() {
    VERIFY(reply_.has_value());
    auto reply = std::move(*reply_);
    reply_.reset();
    return reply;
}

http::Header etag(std::uint64_t version) { return {"ETag", "\"" + std::to_string(version) + "\""}; }

Hash request_hash(std::string_view method, std::string_view path, const boost::json::object& body) {
    std::string text(method);
    text.append(" ").append(path).append("\n");
    return hash_of(text + boost::json::serialize(sorted(body)));
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

void send_page(Call& call, std::string_view list, std::size_t count,
               const std::function<boost::json::value(std::size_t)>& view,
               boost::json::object page) {
    const auto limit = call.limit();
    std::uint64_t from = 0;
    if (const auto cursor = call.query("cursor")) {
        const auto place = place_of(*cursor, list);
        if (!place && !call.has_faults()) return call.send("invalid_cursor");
        from = place.value_or(0);
    }
    if (call.has_faults()) return;
    boost::json::array data;
    std::uint64_t i = std::min<std::uint64_t>(from, count);
    for (; i < count && data.size() < limit; ++i) data.push_back(view(i));
    page["data"] = std::move(data);
    page["has_more"] = i < count;
    if (i < count) page["next_cursor"] = cursor_of(i, list);
    call.send(200, page);
}

void do_work(Call& call, const std::function<void(Call&)>& work) {
    try {
        work(call);
    } catch (const std::exception&) {
        if (!call.is_answered()) call.send("unavailable");
    }
}

}  // namespace holdfast::api
