// The full trace behind an answer: for each clause that spoke the verdict, the window, the sum, the
// facts with their source, the condition that failed; and what would flip the answer.
//
// Every verdict comes from judge() and every flip was tried with ask() before it is named, so a
// trace can leave something out but cannot say what the program would not do.
#pragma once

#include "terms/ask.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::terms {

struct FactLine {
    std::string name;    // "shipped(all)"
    std::string value;   // "2026-09-26T00:00:00.000Z", "in_transit"; empty: not known
    std::string source;  // who said it
    Instant seen_at{};
};

struct ConditionLine {
    std::string text;
    bool holds = false;
    bool decided = false;  // this is the one that the verdict rests on
};

struct ClauseTrace {
    std::int32_t clause = -1;  // of Terms::clauses
    Judgement judgement;
    std::string opens, closes;  // the expressions as text; empty: no bound
    std::optional<std::int64_t> amount;
    std::vector<ConditionLine> conditions;
    std::vector<FactLine> facts;
};

// One change that turns a yes into a no, or a no into a yes.
struct Flip {
    struct AskAt {
        Instant at;
    };
    struct SetMoment {
        Moment moment;
        When when;
    };  // unknown When: if it were not known
    struct SetWord {
        Attribute attribute;
        Word word;
    };  // empty: if it were not known
    struct SetNumber {
        Number number;
        std::int64_t value;
    };
    struct SetMark {
        Marks set;
        Word mark;
        bool present;
    };
    std::variant<AskAt, SetMoment, SetWord, SetNumber, SetMark> change;
    std::string text;  // "from 2026-11-25T00:00:00.000Z", "if tracking were abnormal"
    Outcome outcome = Outcome::not_eligible;  // what the answer would then be
};

// The facts and the question with that one change made.
void apply(const Flip& flip, Facts& facts, Question& question);

struct Explanation {
    Answer answer;
    std::vector<ClauseTrace> clauses;  // that concern the question, the deciding one first
    std::vector<Flip> flips;           // instants first, nearest first
};

Explanation explain(const Terms& terms, const Facts& facts, const Question& question);

}  // namespace holdfast::terms
