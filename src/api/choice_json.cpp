#include "api/choice_json.h"

#include "api/desk_json.h"

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::value flag_json(const std::optional<bool>& flag) {
    return flag ? json::value(*flag) : json::value();
}

}  // namespace

json::array choices_json(std::span<const engine::ChoiceSeen> choices) {
    json::array rows;
    for (const auto& one : choices)
        rows.push_back({{"system", one.system},
                        {"reference", one.reference},
                        {"sale", json::object{{"system", one.choice.sale_system},
                                              {"reference", one.choice.sale_reference}}},
                        {"complaint", one.choice.complaint},
                        {"way", one.choice.way},
                        {"at", instant_json(one.at)},
                        {"by", one.by},
                        {"arrived", flag_json(one.hindsight.arrived)},
                        {"claim_granted", flag_json(one.hindsight.claim_granted)},
                        {"came_to", money_json(one.regret.chosen)},
                        {"best", money_json(one.regret.best)},
                        {"best_way", one.regret.best_way},
                        {"regret", money_json(one.regret.sum)},
                        {"undecided", one.regret.undecided}});
    return rows;
}

}  // namespace holdfast::api
