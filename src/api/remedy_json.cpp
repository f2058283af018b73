#include "api/remedy_json.h"

#include "api/desk_json.h"

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::array terms_json(const desk::Outcome& outcome) {
    json::array rows;
    for (const auto& term : outcome.terms) {
        json::array rates;
        for (const auto& used : term.rates)
            rates.push_back({{"from", code_of(used.from)},
                             {"to", code_of(used.to)},
                             {"numerator", used.rate.numerator},
                             {"denominator", used.rate.denominator},
                             {"on", holdfast::to_string(used.on)}});
        rows.push_back({{"label", term.label},
                        {"amount", money_json(term.amount)},
                        {"report", money_json(term.report)},
                        {"on", holdfast::to_string(term.on)},
                        {"rates", rates}});
    }
    return rows;
}

json::object way_json(const desk::Way& way) {
    json::array steps, outcomes;
    for (const auto step : way.steps) steps.emplace_back(desk::to_string(step));
    for (const auto& outcome : way.outcomes) {
        json::object when;
        for (const auto& branch : outcome.when) when[desk::to_string(branch.fork)] = branch.yes;
        outcomes.push_back(
            {{"when", when},
             {"chance", outcome.chance ? json::value(*outcome.chance) : json::value()},
             {"possible", outcome.possible},
             {"customer_gets", outcome.gets},
             {"profit", money_json(outcome.profit)},
             {"terms", terms_json(outcome)}});
    }
    return {{"way", way.name},
            {"steps", steps},
            {"part", money_json(way.part)},
            {"allowed", way.allowed},
            {"reason", way.reason},
            {"condition", way.condition},
            {"expected", money_json(way.expected)},
            {"best", money_json(way.best)},
            {"worst", money_json(way.worst)},
            {"cash_now", money_json(way.cash_now)},
            {"customer_gets", way.gets},
            {"by", instant_json(way.by)},
            {"missing", texts_json(way.missing)},
            {"outcomes", outcomes}};
}

json::value claim_chance_json(const std::optional<desk::ClaimChance>& chance) {
    if (!chance) return nullptr;
    return json::object{{"likely", chance->likely}, {"low", chance->low},
                        {"high", chance->high},     {"sample", chance->sample},
                        {"alike", chance->alike},   {"all", chance->all},
                        {"group", chance->group}};
}

json::array claims_json(const engine::RemedyFound& found) {
    json::array rows;
    for (std::size_t i = 0; i < found.view.claims.size(); ++i) {
        const auto& claim = found.view.claims[i];
        const auto& supply = found.view.complaint.supplies[i];
        rows.push_back({{"purchase", supply.name},
                        {"state", desk::to_string(supply.claim)},
                        {"why", supply.claim_why},
                        {"reason", claim.reason ? json::value(terms::to_string(*claim.reason))
                                                : json::value()},
                        {"clause", claim.clause},
                        {"opens_at", instant_json(claim.opens_at)},
                        {"closes_at", instant_json(claim.closes_at)},
                        {"amount", money_json(claim.amount)},
                        {"estimated", claim.estimated},
                        {"reasons", reasons_json(claim.reasons)}});
    }
    return rows;
}

}  // namespace

json::object remedies_json(const engine::RemedyFound& found) {
    const auto& complaint = found.view.complaint;
    const auto& due = found.remedies.due;
    json::array ways;
    for (const auto& way : found.remedies.ways) ways.push_back(way_json(way));
    return {{"complaint", terms::to_string(complaint.reason)},
            {"goods_there", complaint.goods_there},
            {"under_way", complaint.under_way},
            {"currency", code_of(found.currency)},
            {"due", json::object{{"what", desk::to_string(due.what)},
                                 {"by", instant_json(due.by)},
                                 {"customer_bears_postage", due.customer_bears_postage},
                                 {"basis", texts_json(due.basis)}}},
            {"arrival", arrival_json(found.arrival)},
            {"claim_chance", claim_chance_json(found.claim)},
            {"claims", claims_json(found)},
            {"doubts", texts_json(found.view.doubts)},
            {"ways", ways}};
}

}  // namespace holdfast::api
