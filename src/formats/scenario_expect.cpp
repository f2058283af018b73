// What a scenario expects: events, a refusal, balances, what comes next, answers.
#include "formats/scenario_read.h"

#include "base/try.h"
#include "formats/order_text.h"
#include "order/refusal.h"

#include <algorithm>
#include <iterator>

namespace holdfast::formats {
namespace {

using namespace order;
using Line = ScenarioLine;

constexpr std::string_view stages[] = {"placed", "paid", "shipped", "completed", "cancelled"};

// "amount 105.00 from_held 105.00": each member's words last until the next member's name.
Parsed<Expectation> read_event(Line& line, bool absent) {
    const auto names = event_names();
    if (std::ranges::find(names, line.peek()) == names.end())
        return std::unexpected(line.fault_of(names, "the name of an event"));
    ExpectEvent expect{.name = std::string(line.peek()), .members = {}, .absent = absent};
    TRY(line.need(expect.name));
    const auto members = member_names(expect.name);
    const auto is_member = [&] { return std::ranges::find(members, line.peek()) != members.end(); };
    while (!line.is_done()) {
        if (!is_member()) {
            if (members.empty()) return std::unexpected(line.fault("the end of the line"));
            return std::unexpected(line.fault_of(members));
        }
        std::string name(line.peek()), value;
        TRY(line.need(name));
        if (line.is_done()) return std::unexpected(line.fault("what " + name + " is"));
        do {
            if (!value.empty()) value += ' ';
            value += line.peek();
            TRY(line.need(line.peek()));
        } while (!line.is_done() && !is_member());
        expect.members.emplace_back(std::move(name), std::move(value));
    }
    return expect;
}

Parsed<std::string> read_by_clause(Line& line) {
    if (!line.take("by")) return std::string();
    return std::string(TRY(line.word("a clause such as MP-3")).view());
}

Parsed<Expectation> read_refused(Line& line, const ScenarioOrder& order) {
    auto words = spellings<RefusalCode>();
    const auto outcomes = spellings<terms::Outcome>();
    words.insert(words.end(), outcomes.begin(), outcomes.end());
    if (std::ranges::find(words, line.peek()) == words.end())
        return std::unexpected(
            line.fault_of(words, "a refusal's code or the terms' own word, such as too_late"));
    ExpectRefused expect{.word = std::string(line.peek()), .clause = {}};
    TRY(line.need(expect.word));
    expect.clause = TRY(read_by_clause(line));
    if (line.take("at most")) expect.limit = TRY(line.amount(order.currency));
    return expect;
}

Parsed<Expectation> read_next(Line& line, bool first) {
    if (first && line.take("nothing")) return ExpectNext{};
    ExpectNext expect{.at = TRY(line.instant()), .what = {}, .first = first};
    if (!line.is_done())
        expect.what =
            TRY(line.word("a clause, offer, settlement, evidence or authorisation")).view();
    return expect;
}

Parsed<void> read_answer_part(Line& line, const ScenarioOrder& order, ExpectAnswer& expect) {
    if (line.take("for"))
        expect.scope.lines = TRY(read_lines(line, order));
    else if (line.take("on"))
        expect.scope.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    else if (line.take("at"))
        expect.at = TRY(line.instant());
    else if (line.take("days"))
        expect.days = TRY(line.count("a number of days", -60'000));
    else if (line.take("with evidence"))
        expect.has_evidence = true;
    else if (line.take("with new information"))
        expect.has_new_information = true;
    else
        return std::unexpected(line.fault("a colon and the answer, or for, on, at, days, with"));
    return {};
}

// The answer stands behind a colon, since "late" is both a reason and an answer.
Parsed<Expectation> read_answer(Line& line, const ScenarioOrder& order) {
    ExpectAnswer expect;
    expect.by = TRY(line.one_of<Party>());
    expect.verb = TRY(line.one_of<terms::Verb>());
    if (!line.is_after_colon()) expect.reason = line.take_one_of<Reason>();
    while (!line.is_after_colon()) TRY(read_answer_part(line, order, expect));
    expect.outcome = TRY(line.one_of<terms::Outcome>());
    expect.clause = TRY(read_by_clause(line));
    return expect;
}

Parsed<Expectation> read_dispute(Line& line) {
    const auto number = TRY(line.count("the number of the dispute"));
    return ExpectDispute{.dispute = {static_cast<std::uint16_t>(number)},
                         .phase = TRY(line.one_of<DisputePhase>())};
}

Parsed<Expectation> read_balance(Line& line, const ScenarioOrder& order) {
    ExpectBalance expect{.account = TRY(line.one_of<ledger::Account>())};
    expect.amount = TRY(line.amount(order.currency));
    return expect;
}

Parsed<Expectation> read_money(Line& line, const ScenarioOrder& order) {
    constexpr std::string_view sums[] = {"authorised",  "captured", "advanced",
                                         "held",        "released", "refunded",
                                         "compensated", "fees",     "charged_back"};
    if (std::ranges::find(sums, line.peek()) == std::end(sums))
        return std::unexpected(line.fault_of(sums));
    ExpectMoney expect{.member = std::string(line.peek())};
    TRY(line.need(expect.member));
    expect.amount = TRY(line.amount(order.currency));
    return expect;
}

Parsed<Expectation> read_stage(Line& line) {
    if (std::ranges::find(stages, line.peek()) == std::end(stages))
        return std::unexpected(line.fault_of(stages));
    return ExpectStage{.stage = TRY(line.one_of<terms::Stage>())};
}

}  // namespace

Parsed<Expectation> read_expectation(Line& line, const ScenarioOrder& order) {
    if (line.take("event")) return read_event(line, /*absent=*/false);
    if (line.take("no")) {
        TRY(line.need("event"));
        return read_event(line, /*absent=*/true);
    }
    if (line.take("refused")) return read_refused(line, order);
    if (line.take("balance")) return read_balance(line, order);
    if (line.take("money")) return read_money(line, order);
    if (line.take("exposure")) return ExpectExposure{.amount = TRY(line.amount(order.currency))};
    if (line.take("next")) return read_next(line, /*first=*/true);
    if (line.take("ahead")) return read_next(line, /*first=*/false);
    if (line.take("answer")) return read_answer(line, order);
    if (line.take("dispute")) return read_dispute(line);
    if (line.take("order")) return read_stage(line);
    return std::unexpected(line.fault_of({"event", "no", "refused", "balance", "money", "exposure",
                                          "next", "ahead", "answer", "dispute", "order"}));
}

}  // namespace holdfast::formats
