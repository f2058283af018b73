#include "api/filing_json.h"

#include "api/desk_json.h"
#include "base/currency.h"

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::object plan_json(const desk::FilingPlan& plan) {
    json::array filings;
    for (const auto& one : plan.filings)
        filings.push_back({{"system", one.wish.system},
                           {"reference", one.wish.reference},
                           {"worth", money_json(one.wish.worth)},
                           {"stake", money_json(one.wish.stake)},
                           {"closes_at", instant_json(one.wish.closes_at)},
                           {"file_at", instant_json(one.at)}});
    json::array without_rate;
    for (const auto currency : plan.without_rate) without_rate.emplace_back(code_of(currency));
    return {{"system", plan.system},
            {"account", plan.account},
            {"orders", plan.orders},
            {"filed", plan.filed},
            {"allowed", plan.allowed},
            {"lost", money_json(plan.lost)},
            {"lost_without_sum", plan.lost_without_sum},
            {"without_rate", without_rate},
            {"filings", filings}};
}

}  // namespace

json::object filing_json(std::span<const desk::FilingPlan> plans, const desk::FilingRule& rule) {
    json::array accounts;
    for (const auto& plan : plans) accounts.push_back(plan_json(plan));
    return {
        {"cap_basis_points", rule.cap_basis_points}, {"days", rule.days}, {"accounts", accounts}};
}

}  // namespace holdfast::api
