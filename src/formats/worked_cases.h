// Worked cases: facts, a question, the right answer (the format of docs/facts/cases.json).
//
// Reading a case only translates: its facts into Facts, its question into a Question. No rule, no
// date and no case id stands here.
#pragma once

#include "terms/ask.h"
#include "terms/facts.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// A null in the file is not compared and stays empty.
struct Expected {
    std::optional<bool> allowed;
    std::optional<std::string> outcome;
    std::optional<Instant> opens_at, closes_at;
    std::optional<std::string> winner;
    std::optional<std::int64_t> amount;
    std::optional<std::vector<std::string>> remedies;
    std::optional<bool> return_required;
    std::optional<std::string> return_shipping_paid_by;
    std::optional<std::string> funded_by;
};

struct WorkedCase {
    std::string id, programme, title, kind, clause;
    bool inferred = false;
    terms::Facts facts;
    std::optional<terms::Question> question;  // nothing: a kind that this program does not ask
    Expected expected;
    bool uses_calendar = false;  // business days or holidays decide it
};

struct CasesError {
    std::string place;  // a JSON pointer, or "byte 17"
    std::string reason;
};

[[nodiscard]] std::expected<std::vector<WorkedCase>, CasesError> read_cases(std::string_view json);

struct Mismatch {
    std::string member, expected, got;
};

// Every member of `expected` that the answer does not meet.
std::vector<Mismatch> compare(const Expected& expected, const terms::Answer& answer);

}  // namespace holdfast::formats
