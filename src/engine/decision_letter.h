// The letter of a decision: what both sides read of why a dispute ended as it did.
//
// It names the facts that were relied on, the clauses with their text, the grounds, whether it was
// decided by lapse of time or by whom else, and how to appeal until when (Regulation (EU)
// 2022/2065, article 17, asks for these). Every sentence comes from the order and its terms, as
// they stood when it was decided: nothing is added. In English.
#pragma once

#include "order/event.h"
#include "order/rules.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// person: somebody who was signed in. program: whoever asked by a key. time: a clause of the terms,
// since nobody acted.
enum class DecidedBy : std::uint8_t { person, program, time, count_ };
std::string_view to_string(DecidedBy value);
// By the cause of the commit that the decision stands in.
DecidedBy decided_by(std::string_view cause);

struct LetterRule {
    std::string clause, text;
    bool operator==(const LetterRule&) const = default;
};

struct Letter {
    std::uint64_t seq = 0;  // of the event that decided: "decided", or "dispute_closed" by time
    Instant at{};
    DecidedBy by = DecidedBy::person;
    std::string outcome;
    std::vector<std::string> facts = {};
    std::vector<LetterRule> rules = {};
    std::vector<std::string> grounds = {};
    std::vector<std::string> appeals = {};  // how to, by whom and until when; never empty
};

// Who decided at this event, by its number.
using DecidedAt = std::function<DecidedBy(std::uint64_t seq)>;

// Of each decision of a dispute, the oldest first; `events` are all of its order from the first.
std::vector<Letter> letters_of(const order::Events& events, order::DisputeNo dispute,
                               const order::Rules& rules, const DecidedAt& by);

// All but the outcome, as it stands in a mail.
std::string reasons_of(const Letter& letter);

}  // namespace holdfast::engine
