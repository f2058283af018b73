// Why something may or may not be done: the trace of the terms' answer.
#include "api/json_out.h"
#include "api/service.h"
#include "order/wish.h"
#include "terms/explain.h"

#include <array>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using terms::Verb;

// The requests that stand on a right, and the verb by which the terms know each.
struct Explained {
    std::string_view action;
    Verb verb;
};
constexpr std::array explained{Explained{"cancel", Verb::cancel_order},
                               Explained{"extend", Verb::extend},
                               Explained{"confirm_receipt", Verb::confirm_receipt},
                               Explained{"open_dispute", Verb::open_dispute},
                               Explained{"modify_dispute", Verb::modify_dispute},
                               Explained{"withdraw_dispute", Verb::withdraw_dispute},
                               Explained{"respond", Verb::respond},
                               Explained{"make_offer", Verb::offer},
                               Explained{"accept_offer", Verb::accept},
                               Explained{"decline_offer", Verb::decline},
                               Explained{"escalate", Verb::escalate},
                               Explained{"submit_evidence", Verb::submit_evidence},
                               Explained{"appeal", Verb::appeal},
                               Explained{"send_return", Verb::send_return},
                               Explained{"receive_return", Verb::complete_return},
                               Explained{"contest_return", Verb::contest_return}};

bool is_about_order(Verb verb) {
    return verb == Verb::cancel_order || verb == Verb::extend || verb == Verb::confirm_receipt ||
           verb == Verb::open_dispute;
}

constexpr std::string_view word_of(terms::Verdict verdict) {
    switch (verdict) {
    case terms::Verdict::yes:              return "yes";
    case terms::Verdict::limited:          return "limited";
    case terms::Verdict::spent:            return "spent";
    case terms::Verdict::too_late:         return "too_late";
    case terms::Verdict::failed_condition: return "failed_condition";
    case terms::Verdict::too_early:        return "too_early";
    case terms::Verdict::not_applicable:   return "not_applicable";
    }
    return {};
}

json::object trace_view(const terms::Terms& one, const terms::ClauseTrace& trace, Currency currency,
                        order::Party reader) {
    const auto& clause = *one.clause_at(trace.clause);
    json::object out;
    out["clause"] = clause.id;
    out["kind"] = terms::to_string(clause.kind);
    out["text"] = clause.text;
    out["verdict"] = word_of(trace.judgement.verdict);
    out["outcome"] = terms::to_string(trace.judgement.outcome);
    if (!trace.opens.empty()) out["opens"] = trace.opens;
    if (!trace.closes.empty()) out["closes"] = trace.closes;
    put(out, "opens_at", trace.judgement.opens_at);
    put(out, "closes_at", trace.judgement.closes_at);
    if (trace.amount) out["amount"] = money_view(*trace.amount, currency);
    json::array conditions, facts;
    for (const auto& condition : trace.conditions)
        conditions.push_back(
            {{"text", condition.text}, {"holds", condition.holds}, {"decided", condition.decided}});
    for (const auto& fact : trace.facts) {
        json::object row{{"name", fact.name}};
        const auto number = terms::parse_word<terms::Number>(fact.name);
        const bool is_hidden = number && !may_read(*number, reader);
        if (!fact.value.empty() && !is_hidden) row["value"] = fact.value;
        if (!fact.source.empty()) row["source"] = fact.source;
        if (fact.seen_at != Instant{}) put(row, "seen_at", fact.seen_at);
        facts.push_back(std::move(row));
    }
    out["conditions"] = std::move(conditions);
    out["facts"] = std::move(facts);
    return out;
}

void put_answer(json::object& out, const order::Rules& rules, const terms::Answer& answer,
                Currency currency) {
    out["allowed"] = answer.allowed;
    out["outcome"] = terms::to_string(answer.outcome);
    if (const auto* clause = order::clause_of(rules, answer)) out["clause"] = clause->id;
    out["by_law"] = answer.law != nullptr;
    put(out, "opens_at", answer.opens_at);
    put(out, "closes_at", answer.closes_at);
    if (answer.winner) out["winner"] = terms::to_string(*answer.winner);
    if (answer.amount) out["amount"] = money_view(*answer.amount, currency);
    json::array remedies;
    for (std::size_t i = 0; i < answer.remedies.size(); ++i)
        if (answer.remedies[i])
            remedies.push_back(word(terms::to_string(static_cast<terms::Remedy>(i))));
    if (!remedies.empty()) out["remedies"] = std::move(remedies);
    if (answer.return_required) out["return_required"] = *answer.return_required;
    if (answer.return_shipping_paid_by)
        out["return_shipping_paid_by"] = terms::to_string(*answer.return_shipping_paid_by);
    if (answer.funded_by) out["funded_by"] = terms::to_string(*answer.funded_by);
}

// What is asked, apart from the order.
std::optional<std::string_view> read_wish(Call& call, order::Wish& wish,
                                          std::optional<ThingId>& dispute) {
    std::optional<std::string_view> action;
    if (const auto text = call.query("action")) {
        for (const auto& one : explained)
            if (one.action == *text) {
                action = one.action;
                wish.verb = one.verb;
            }
        if (!action) call.fault("action", "invalid");
    } else {
        call.fault("action", "missing");
    }
    wish.reason = call.query_word<order::Reason>("reason");
    wish.days = call.query_number("days", 1, 3650);
    wish.amount = call.query_number("amount", 1, wire_max);
    wish.has_evidence = call.query_flag("has_evidence");
    wish.has_new_information = call.query_flag("has_new_information");
    if (action == "open_dispute" && !call.query("reason")) call.fault("reason", "missing");
    if (const auto text = call.query("dispute_id")) {
        dispute = parse_thing("dsp", *text);
        if (!dispute) call.fault("dispute_id", "invalid");
    } else if (action && !is_about_order(wish.verb)) {
        call.fault("dispute_id", "missing");
    }
    return action;
}

}  // namespace

void Service::explain_order(Call& call) {
    call.read_query({"action", "as", "reason", "dispute_id", "days", "amount", "has_evidence",
                     "has_new_information"});
    const auto by = reader_of(call);
    order::Wish wish;
    std::optional<ThingId> dispute;
    if (!by && call.is_answered()) return;
    const auto action = read_wish(call, wish, dispute);
    if (call.has_faults()) return;
    auto found = find_order(call);
    if (!found) return;
    auto& order = found->live.state;
    if (order::is_asked_with_standing(wish.verb)) {
        reads_.see_standing(*found);
        if (found->standing)
            order = order::with_standing(std::move(order), *found->standing, found->now);
    }
    if (dispute) {
        const order::DisputeNo no{static_cast<std::uint16_t>(dispute->number)};
        if (dispute->stream != found->stream.bytes || !order::has(order.disputes, no))
            return call.send("unknown_dispute");
        wish.scope.dispute = no;
    }
    const auto explanation = order::explain(order, found->rules, *by, wish, found->now);
    const auto& one = *found->rules.terms;
    json::object out;
    out["object"] = "explanation";
    out["order_id"] = order_id(found->stream.bytes);
    out["version"] = found->version;
    put(out, "at", found->now);
    out["action"] = *action;
    out["verb"] = terms::to_string(wish.verb);
    out["by"] = terms::to_string(*by);
    if (wish.reason) out["reason"] = terms::to_string(*wish.reason);
    put_answer(out, found->rules, explanation.answer, order.currency());
    out["terms"] = {{"terms_id", one.id}, {"content_hash", to_hex(one.content_hash)}};
    json::array clauses, flips;
    for (const auto& trace : explanation.clauses)
        clauses.push_back(trace_view(one, trace, order.currency(), *by));
    for (const auto& flip : explanation.flips)
        flips.push_back({{"text", flip.text}, {"outcome", word(terms::to_string(flip.outcome))}});
    out["clauses"] = std::move(clauses);
    out["flips"] = std::move(flips);
    call.send(200, out, {etag(found->version)});
}

}  // namespace holdfast::api
