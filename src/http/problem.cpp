#include "http/problem.h"

#include "base/utf8.h"

#include <fmt/format.h>

namespace holdfast::http {
namespace {

// Writes one object's members.
class Members {
public:
    void add(std::string_view name, std::string_view json) {
        text_ += text_.empty() ? "" : ",";
        text_ += json_string(name) + ":";
        text_ += json;
    }
    void add_text(std::string_view name, std::string_view text) { add(name, json_string(text)); }
    void add_unless_empty(std::string_view name, std::string_view text) {
        if (!text.empty()) add_text(name, text);
    }
    void add_all(const std::vector<ProblemMember>& members) {
        for (const auto& [name, value] : members) add(name, json_of(value));
    }
    std::string object() const { return "{" + text_ + "}"; }

private:
    static std::string json_of(const ProblemValue& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
        if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
        if (const auto* json = std::get_if<JsonText>(&value)) return json->text;
        return json_string(std::get<std::string>(value));
    }

    std::string text_;
};

std::string json_of(const std::vector<ProblemError>& errors) {
    std::string json;
    for (const auto& error : errors) {
        Members members;
        members.add_unless_empty("pointer", error.pointer);
        members.add_text("code", error.code);
        members.add_all(error.members);
        json += (json.empty() ? "" : ",") + members.object();
    }
    return "[" + json + "]";
}

std::string escaped(char c) {
    switch (c) {
    case '"':  return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default:   break;
    }
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
}

}  // namespace

std::string json_string(std::string_view text) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string json = "\"";
    while (!text.empty()) {
        const auto size = utf8_character(text);
        if (size == 0)
            json += replacement;
        else if (size == 1)
            json += escaped(text[0]);
        else
            json += text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return json += '"';
}

std::string to_json(const Problem& problem) {
    Members members;
    members.add_text("type", problem.type.empty() ? "about:blank" : problem.type);
    members.add_text("title", problem.title);
    members.add("status", std::to_string(problem.status));
    members.add_text("code", problem.code);
    members.add_unless_empty("detail", problem.detail);
    members.add_unless_empty("instance", problem.instance);
    members.add_unless_empty("request_id", problem.request_id);
    members.add_all(problem.members);
    if (!problem.errors.empty()) members.add("errors", json_of(problem.errors));
    return members.object();
}

Answer to_answer(const Problem& problem) {
    return {.status = problem.status,
            .headers = {{"Content-Type", "application/problem+json"}},
            .body = to_json(problem)};
}

}  // namespace holdfast::http
