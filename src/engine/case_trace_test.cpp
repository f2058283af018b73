// Which clause an event is said to stand on, under terms made of a few clauses.
#include "engine/case_trace.h"

#include "engine/json_members.h"
#include "order/test_support.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace holdfast::engine {
namespace {

namespace json = boost::json;
using namespace order::test;
using order::Party;
using order::Reason;

const Instant day6 = noon + days{6};

std::optional<json::object> traced(const order::Order& before, order::Event event, Instant when,
                                   const terms::Terms& terms, Instant seen_at = day6) {
    return trace_of(before, {.at = seen_at, .when = when, .event = std::move(event)}, 7, terms);
}

// "clause, granted or not, outcome".
std::string ground_of(const json::object& trace) {
    const auto& clause = trace.at("clause");
    return (clause.is_null() ? "none" : std::string(text_in(clause))) +
           (trace.at("granted").as_bool() ? " yes " : " no ") +
           std::string(text_in(trace.at("outcome")));
}

order::DisputeOpened opened(Reason reason, order::Minor requested = 0) {
    return {.dispute = {1}, .lines = {}, .reason = reason, .requested = requested};
}

std::string when(std::string_view condition, std::string_view otherwise) {
    return "{ if = \"" + std::string(condition) + "\", else = \"" + std::string(otherwise) + "\" }";
}
std::string guarded(const std::string& conditions) { return "when = [" + conditions + "]\n"; }

}  // namespace

TEST_CASE("a dispute is traced to the right that granted it, asked as it was asked then") {
    const auto dispute = right("O", "buyer", "open_dispute");
    const auto return_right = right("R", "buyer", "return_no_fault");
    const auto limit =
        "[[limit]]\nid = \"L\"\nbars = [\"return_no_fault\"]\n"
        "when = [\"lacks paid\"]\nsays = \"case_closed\"\n";
    const auto up_to_10 = when("request.amount <= 1000", "excluded");
    const auto with_evidence = when("request has evidence", "evidence_required");
    struct Row {
        const char* name;
        std::string clauses;
        order::DisputeOpened event;
        const char* expected;
    };
    using enum Reason;
    // clang-format off
    const Row rows[] = {
        {"by the right to dispute",      dispute + return_right,                 opened(damaged),        "O yes open_accepted"},
        {"by the right to send back",    dispute + return_right,                 opened(change_of_mind), "R yes return_then_refund"},
        {"where there is no such right", dispute,                                opened(change_of_mind), "O yes open_accepted"},
        {"nor where it is only barred",  dispute + limit,                        opened(change_of_mind), "O yes open_accepted"},
        {"for the reason",               right("O", "buyer", "open_dispute", guarded(when("request.reason in damaged", "excluded"))), opened(damaged),    "O yes open_accepted"},
        {"for another reason",           right("O", "buyer", "open_dispute", guarded(when("request.reason in damaged", "excluded"))), opened(wrong_item), "O no excluded"},
        {"for a sum that is allowed",    right("O", "buyer", "open_dispute", guarded(up_to_10)), opened(damaged, 1'000), "O yes open_accepted"},
        {"for a sum that is not",        right("O", "buyer", "open_dispute", guarded(up_to_10)), opened(damaged, 1'001), "O no excluded"},
        {"with what it brought along",   right("O", "buyer", "open_dispute", guarded(with_evidence)), opened(damaged), "O yes open_accepted"},
        {"which is added only if needed", right("O1", "buyer", "open_dispute", guarded("\"request lacks evidence\"")) + right("O2", "buyer", "open_dispute"), opened(damaged), "O1 yes open_accepted"},
        {"and is not why it was refused", right("O", "buyer", "open_dispute", guarded(with_evidence + ", " + up_to_10)), opened(damaged, 1'001), "O no evidence_required"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto terms = little(row.clauses);
        Life life(terms);
        life.paid().shipped();
        const auto trace = traced(life.order, row.event, day6, terms);
        REQUIRE(trace);
        CHECK(ground_of(*trace) == row.expected);
    }
}

TEST_CASE("a trace says which event, who, when, and the clause with its times") {
    const auto terms = little(right("O", "buyer", "open_dispute",
                                    "text = \"Say so.\"\nopens = \"placed\"\n"
                                    "closes = \"placed + 10d\"\n"));
    Life life(terms);
    life.paid().shipped();
    const auto event = opened(Reason::damaged);
    const json::object bounded{{"event", 7},
                               {"name", "dispute_opened"},
                               {"by", "buyer"},
                               {"at", "2026-01-11T12:00:00.000Z"},
                               {"clause", "O"},
                               {"text", "Say so."},
                               {"granted", true},
                               {"outcome", "open_accepted"},
                               {"opens_at", "2026-01-05T12:00:00.000Z"},
                               {"closes_at", "2026-01-15T12:00:00.000Z"}};
    CHECK(json::serialize(*traced(life.order, event, noon, terms)) == json::serialize(bounded));

    auto unbounded = bounded;
    unbounded["clause"] = unbounded["text"] = unbounded["opens_at"] = unbounded["closes_at"] =
        nullptr;
    unbounded["granted"] = false;
    unbounded["outcome"] = "not_eligible";
    const auto silent = traced(life.order, event, noon, silence());
    CHECK(json::serialize(*silent) == json::serialize(unbounded));
}

TEST_CASE("an appeal is traced to its right, with the new information that it brought") {
    const auto terms =
        little(right("O", "buyer", "open_dispute") +
               right("A", "seller", "appeal",
                     guarded("\"dispute.open\", " +
                             when("request has new_information", "no_new_information"))));
    Life life(terms);
    life.paid().shipped();
    REQUIRE(life.ask(Party::buyer, day6, order::OpenDispute{.reason = Reason::damaged}));
    const auto appealed = [&](Party by) {
        return traced(life.order, order::Appealed{.dispute = {1}, .by = by}, day6, terms).value();
    };
    CHECK(ground_of(appealed(Party::seller)) == "A yes appeal_accepted");
    CHECK(text_in(appealed(Party::seller)["by"]) == "seller");
    CHECK(ground_of(appealed(Party::buyer)) == "none no not_eligible");
}

TEST_CASE("what time did is traced to its clause, or to the deadline that an event had told") {
    const auto terms = little(
        "[[default]]\nid = \"D\"\ntext = \"It ends.\"\n"
        "at = \"placed + 3d\"\nthen = { do = \"cancel_order\" }\n");
    Life life(terms);
    const auto struck = [&](std::string_view clause) {
        return traced(life.order, order::DefaultStruck{.clause = Word(clause)}, noon + days{3},
                      terms)
            .value();
    };
    json::object expected{{"event", 7},    {"name", "default_struck"},
                          {"by", "time"},  {"at", "2026-01-08T12:00:00.000Z"},
                          {"clause", "D"}, {"text", "It ends."}};
    CHECK(json::serialize(struck("D")) == json::serialize(expected));
    expected["clause"] = expected["text"] = nullptr;
    expected["deadline"] = "offer";
    CHECK(json::serialize(struck("offer")) == json::serialize(expected));
}

TEST_CASE("a verdict is the platform's, for reasons that it gave; other events need no ground") {
    Life life(silence());
    order::Verdict verdict{.settlement = {}, .winner = Party::seller};
    verdict.codes = {order::VerdictCode::as_described, order::VerdictCode::no_evidence_from_buyer};
    const auto trace =
        traced(life.order, order::Decided{.dispute = {1}, .verdict = verdict}, noon, silence());
    const json::object expected{
        {"event", 7},         {"name", "decided"},
        {"by", "platform"},   {"at", "2026-01-11T12:00:00.000Z"},
        {"winner", "seller"}, {"codes", {"as_described", "no_evidence_from_buyer"}}};
    CHECK(json::serialize(trace.value()) == json::serialize(expected));
    CHECK_FALSE(traced(life.order, order::Acknowledged{}, noon, silence()));
}

}  // namespace holdfast::engine
