#include "engine/case_trace.h"

#include "order/facts.h"
#include "order/rules.h"
#include "terms/ask.h"

#include <variant>

namespace holdfast::engine {
namespace {

namespace json = boost::json;
using terms::Verb;

struct Wish {
    Verb verb = Verb::open_dispute;
    order::Party by = order::Party::buyer;
    order::Scope scope = {};
    std::optional<order::Reason> reason = {};
    std::optional<order::Minor> amount = {};
};

json::value instant_or_null(const std::optional<Instant>& at) {
    return at ? json::value(to_string(*at)) : json::value();
}

json::object begun(std::uint64_t seq, const order::Recorded& event) {
    return {{"event", seq}, {"name", order::name_of(event.event)}};
}

void add_clause(json::object& trace, const terms::Clause* clause) {
    trace["clause"] = clause ? json::value(clause->id) : json::value();
    trace["text"] = clause ? json::value(clause->text) : json::value();
}

class Asker {
public:
    Asker(const order::Order& before, Instant at, const terms::Terms& terms)
        : before_(before), at_(at), terms_(terms) {}

    terms::Answer ask(const Wish& wish) const {
        auto facts = order::facts_of(before_, {.terms = &terms_}, wish.scope, at_);
        if (wish.amount) facts.set(terms::Number::request_amount, *wish.amount);
        if (wish.reason)
            facts.set(terms::Attribute::request_reason, Word(terms::to_string(*wish.reason)));
        const terms::Question question{
            .at = at_, .by = wish.by, .verb = wish.verb, .reason = wish.reason};
        const auto answer = terms::ask(terms_, facts, question);
        if (answer.allowed) return answer;
        facts.add_mark(terms::Marks::request, "evidence");
        facts.add_mark(terms::Marks::request, "new_information");
        const auto with_all = terms::ask(terms_, facts, question);
        return with_all.allowed ? with_all : answer;
    }

private:
    const order::Order& before_;
    Instant at_;
    const terms::Terms& terms_;
};

class Tracer {
public:
    Tracer(const order::Order& before, const order::Recorded& event, std::uint64_t seq,
           const terms::Terms& terms)
        : before_(before), event_(event), seq_(seq), terms_(terms) {}

    std::optional<json::object> operator()(const order::DefaultStruck& struck) const {
        auto trace = begun(seq_, event_);
        const auto* clause = terms_.find(struck.clause.view());
        trace["by"] = "time";
        trace["at"] = to_string(event_.when);
        add_clause(trace, clause);
        // A deadline that an earlier event told, of which no clause speaks.
        if (!clause) trace["deadline"] = struck.clause.view();
        return trace;
    }
    std::optional<json::object> operator()(const order::DisputeOpened& opened) const {
        const bool by_right = opened.reason == order::Reason::change_of_mind &&
                              terms_.speaks_of(Verb::return_no_fault);
        return asked({.verb = by_right ? Verb::return_no_fault : Verb::open_dispute,
                      .scope = {.dispute = {}, .lines = opened.lines},
                      .reason = opened.reason,
                      .amount = opened.requested});
    }
    std::optional<json::object> operator()(const order::Appealed& appealed) const {
        return asked({.verb = Verb::appeal,
                      .by = appealed.by,
                      .scope = {.dispute = appealed.dispute, .lines = {}}});
    }
    // The platform's own judgement, for reasons that it gave.
    std::optional<json::object> operator()(const order::Decided& decided) const {
        auto trace = begun(seq_, event_);
        trace["by"] = terms::to_string(order::Party::platform);
        trace["at"] = to_string(event_.at);
        json::array codes;
        for (const auto code : decided.verdict.codes) codes.emplace_back(to_string(code));
        trace["winner"] = terms::to_string(decided.verdict.winner);
        trace["codes"] = std::move(codes);
        return trace;
    }
    template <class E>
    std::optional<json::object> operator()(const E&) const {
        return std::nullopt;
    }

private:
    json::object asked(const Wish& wish) const {
        const auto answer = Asker(before_, event_.at, terms_).ask(wish);
        auto trace = begun(seq_, event_);
        trace["by"] = terms::to_string(wish.by);
        trace["at"] = to_string(event_.at);
        add_clause(trace, terms_.clause_at(answer.clause));
        trace["granted"] =
            answer.allowed;  // by these terms alone; the law beside them is not asked
        trace["outcome"] = terms::to_string(answer.outcome);
        trace["opens_at"] = instant_or_null(answer.opens_at);
        trace["closes_at"] = instant_or_null(answer.closes_at);
        return trace;
    }

    const order::Order& before_;
    const order::Recorded& event_;
    std::uint64_t seq_;
    const terms::Terms& terms_;
};

}  // namespace

std::optional<json::object> trace_of(const order::Order& before, const order::Recorded& event,
                                     std::uint64_t seq, const terms::Terms& terms) {
    return std::visit(Tracer(before, event, seq, terms), event.event);
}

}  // namespace holdfast::engine
