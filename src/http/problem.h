// What went wrong, for programs and people: application/problem+json (RFC 9457).
//
// `code` is stable and is what programs look at; `detail` is for people. Nothing in it is secret.
#pragma once

#include "http/answer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::http {

// A JSON value as it stands.
struct JsonText {
    std::string text;
};
using ProblemValue = std::variant<std::int64_t, bool, std::string, JsonText>;

struct ProblemMember {  // "max": 4990
    std::string name;
    ProblemValue value;
};

struct ProblemError {
    std::string pointer = {};  // RFC 6901, into the request's body; empty: left out
    std::string code = {};
    std::vector<ProblemMember> members = {};
};

struct Problem {
    int status = 500;
    std::string code = {};
    std::string title = {};
    std::string type = {};                                    // a URI; empty: "about:blank"
    std::string detail = {}, instance = {}, request_id = {};  // empty: left out
    std::vector<ProblemError> errors = {};
    std::vector<ProblemMember> members = {};  // of this code alone: "state", "version"
};

std::string to_json(const Problem& problem);
Answer to_answer(const Problem& problem);

// A JSON string with its quotes. What is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace holdfast::http
