// A scenario: a story about one order in lines that support staff read and write. Commands and
// observations go in; what is expected to come of them stands among them. docs/scenarios.md has
// the language.
//
// Reading only translates. What happens is the program's to say (cli/player.h), under any terms.
#pragma once

#include "formats/scenario_line.h"
#include "ledger/account.h"
#include "order/command.h"
#include "order/facts.h"
#include "terms/ask.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::formats {

// --- What is expected of the step before.

struct ExpectEvent {
    std::string name;
    std::vector<std::pair<std::string, std::string>> members;  // as order_text.h writes them
    bool absent = false;                                       // "expect no event …"
};
struct ExpectRefused {
    std::string word;    // a refusal's code, or the terms' own word
    std::string clause;  // empty: not compared
    std::optional<order::Minor> limit = {};
};
struct ExpectBalance {
    ledger::Account account = ledger::Account::escrow;
    order::Minor amount = 0;
};
struct ExpectMoney {
    std::string member;  // of order::Money
    order::Minor amount = 0;
};
struct ExpectExposure {
    order::Minor amount = 0;
};
struct ExpectNext {
    std::optional<Instant> at = {};  // none: nothing is ahead
    std::string what;                // a clause, or "offer", "settlement", …; empty: not compared
    bool first = true;               // else somewhere ahead: "expect ahead …"
};
struct ExpectAnswer {
    terms::Party by = terms::Party::buyer;
    terms::Verb verb = terms::Verb::open_dispute;
    std::optional<terms::Reason> reason = {};
    order::Scope scope = {};
    std::optional<Instant> at = {};  // none: now
    std::optional<std::int32_t> days = {};
    bool has_evidence = false, has_new_information = false;
    terms::Outcome outcome = terms::Outcome::not_eligible;
    std::string clause;
};
struct ExpectDispute {
    order::DisputeNo dispute;
    order::DisputePhase phase = order::DisputePhase::negotiating;
};
struct ExpectStage {
    terms::Stage stage = terms::Stage::placed;
};
using Expectation =
    std::variant<ExpectEvent, ExpectRefused, ExpectBalance, ExpectMoney, ExpectExposure, ExpectNext,
                 ExpectAnswer, ExpectDispute, ExpectStage>;

// --- Steps

struct TimePasses {};

struct Step {
    std::size_t line = 0;  // in the file, from 1
    std::string text;      // as written, without its instant and comment
    Instant at{};          // when it comes in here; never before the step above
    std::variant<order::Command, order::Observation, TimePasses, terms::Outage, Expectation> what;
    // "as parcel 2": the number that the new thing is expected to get, by its kind.
    std::optional<std::pair<std::string, std::uint16_t>> named = {};
};

struct Scenario {
    std::string title;  // the first comment
    std::string terms;  // an id; empty: the command line has to say
    std::vector<std::string> law;
    std::optional<Duration> grace = {};
    std::vector<Step> steps;

    bool has_expectations() const;
};

struct ScenarioError {
    std::size_t line = 0;
    Fault fault;
    bool operator==(const ScenarioError&) const = default;
};
// "story.txt:12: found "opns", expected …; nearest: "opens""
std::string to_string(const ScenarioError& error, std::string_view file);

// Every line that cannot be read, or the scenario.
[[nodiscard]] std::expected<Scenario, std::vector<ScenarioError>> read_scenario(
    std::string_view text);

}  // namespace holdfast::formats
