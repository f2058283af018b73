// The one question: what may this party do about this order, at this instant, under these terms?
//
// ask() is a loop over the compiled clauses and allocates nothing. judge() is the verdict on one
// clause; explain() (explain.h) and the boundary tests call the same function, so an explanation
// cannot disagree with a decision. How an answer is found is docs/terms-language.md, section 8.
#pragma once

#include "terms/evaluate.h"
#include "terms/facts.h"
#include "terms/terms.h"

#include <cstdint>
#include <optional>
#include <span>

namespace holdfast::terms {

// What is asked. What the request itself says (its days, its evidence) are facts: request.*.
struct Question {
    enum class Kind : std::uint8_t {
        right,     // may `by` do `verb` for `reason` now?
        fallback,  // has a default with one of `actions`, or one that waits for `waits_for`,
                   // struck?
        award,     // what does `topic` come to?
    };
    Kind kind = Kind::right;
    Instant at{};
    Party by = Party::buyer;
    Verb verb = Verb::open_dispute;
    std::optional<Reason> reason = {};
    ActionSet actions = {};  // none: any
    std::optional<Waiting> waits_for = {};
    Topic topic = Topic::refund;
};

// The verdict on one clause, in the order in which a no is told.
enum class Verdict : std::uint8_t {
    yes,
    limited,
    spent,
    too_late,
    failed_condition,
    too_early,
    not_applicable
};

struct Judgement {
    Verdict verdict = Verdict::not_applicable;
    Outcome outcome = Outcome::not_eligible;
    std::optional<Instant> opens_at = {}, closes_at = {};  // of a default: when it strikes
    std::int32_t failed = -1;                              // the condition that failed first
    std::optional<Party> winner = {};
};

struct Answer {
    bool allowed = false;
    Outcome outcome = Outcome::not_eligible;
    std::optional<Instant> opens_at = {}, closes_at = {};
    std::int32_t clause = -1;  // of Terms::clauses; -1: none spoke
    std::optional<Party> winner = {};
    std::optional<std::int64_t> amount = {};  // minor units of the order's currency
    RemedySet remedies = {};
    std::optional<bool> return_required = {};
    std::optional<Party> return_shipping_paid_by = {};
    std::optional<Funder> funded_by = {};
    const Terms* law = nullptr;  // whose `clause` it is; none: the terms'
};

// Is this clause about what is asked at all?
bool concerns(const Clause& clause, const Question& question);

// The verdict on `clause`, which must concern the question. Of a limit: `limited` if it holds.
Judgement judge(const Terms& terms, const Clause& clause, const Facts& facts,
                const Question& question);

Answer ask(const Terms& terms, const Facts& facts, const Question& question);

// The same, with the law beside the terms: where the terms say no and the law says yes, the law's
// answer stands.
Answer ask(const Terms& terms, std::span<const Terms* const> law, const Facts& facts,
           const Question& question);

}  // namespace holdfast::terms
