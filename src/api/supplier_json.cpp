#include "api/supplier_json.h"

#include "api/desk_json.h"

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::value share_json(const std::optional<desk::Share>& share) {
    if (!share) return nullptr;
    return json::object{{"seen", share->seen}, {"low", share->low}, {"high", share->high}};
}

json::value days_json(const std::optional<std::int32_t>& days) {
    return days ? json::value(*days) : json::value();
}

json::object sum_json(const desk::AuditSum& sum) {
    return {{"count", sum.count}, {"amount", sum.minor}};
}

json::object sums_json(const std::map<Currency, desk::AuditSum>& sums) {
    json::object out;
    for (const auto& [currency, sum] : sums) out[code_of(currency)] = sum_json(sum);
    return out;
}

}  // namespace

json::array scorecards_json(std::span<const desk::Scorecard> cards) {
    json::array rows;
    for (const auto& card : cards) {
        json::object money;
        for (const auto& [currency, its] : card.money)
            money[code_of(currency)] = json::object{
                {"bought", its.bought}, {"claimed", its.claimed}, {"received", its.received}};
        rows.push_back({{"system", card.system},
                        {"seller", card.seller},
                        {"purchases", card.purchases},
                        {"in_time", card.in_time},
                        {"late", card.late},
                        {"missing", card.missing},
                        {"lost", card.lost},
                        {"kept_promise", share_json(card.kept_promise())},
                        {"days_to_arrive", days_json(card.days_to_arrive)},
                        {"days_late", days_json(card.days_late)},
                        {"claims", json::object{{"all", card.claims},
                                                {"open", card.open},
                                                {"granted", card.granted},
                                                {"partly", card.partly},
                                                {"declined", card.declined},
                                                {"unclear", card.unclear}}},
                        {"won", share_json(card.won())},
                        {"days_to_money", days_json(card.days_to_money)},
                        {"money", money}});
    }
    return rows;
}

json::object recovery_json(const desk::Recovery& recovery) {
    json::object currencies;
    for (const auto& [currency, one] : recovery.currencies()) {
        json::object months;
        for (const auto& [month, sum] : one.received_by_month) months[month] = sum_json(sum);
        currencies[code_of(currency)] = json::object{
            {"hoped_for", sum_json(one.hoped_for)},   {"expected", sum_json(one.expected)},
            {"received", sum_json(one.received)},     {"owed", sum_json(one.owed)},
            {"taken_back", sum_json(one.taken_back)}, {"received_by_month", months}};
    }
    json::array owed;
    for (const auto& one : recovery.owed())
        owed.push_back({{"system", one.system},
                        {"reference", one.reference},
                        {"seller", one.seller},
                        {"expected", money_json(one.expected)},
                        {"received", money_json(one.received)},
                        {"owed", money_json(one.rest)},
                        {"since", instant_json(one.since)},
                        {"why", one.why}});
    json::array reversals;
    for (const auto& one : recovery.reversals())
        reversals.push_back({{"system", one.system},
                             {"reference", one.reference},
                             {"seller", one.seller},
                             {"reversal", reversal_json(one.reversal)}});
    return {{"currencies", currencies}, {"owed", owed}, {"reversals", reversals}};
}

json::object gap_json(const desk::TwoPromiseGap& gap) {
    json::array rows, suppliers;
    for (const auto& one : gap.rows())
        rows.push_back(
            {{"sale", json::object{{"system", one.sale_system}, {"reference", one.sale_reference}}},
             {"system", one.system},
             {"reference", one.reference},
             {"seller", one.seller},
             {"complaint", terms::to_string(one.reason)},
             {"cover_ends_at", instant_json(one.cover_ends)},
             {"is_over", one.is_over},
             {"estimated", one.estimated},
             {"due_until", instant_json(one.due_until)},
             {"basis", one.basis},
             {"uncovered", money_json(one.uncovered)}});
    for (const auto& one : gap.suppliers())
        suppliers.push_back({{"system", one.system},
                             {"seller", one.seller},
                             {"over", sums_json(one.over)},
                             {"coming", sums_json(one.coming)},
                             {"without_sum", one.without_sum},
                             {"delivery_days", days_json(one.delivery_days)},
                             {"complaint_days", days_json(one.complaint_days)},
                             {"sample", one.sample}});
    return {{"rows", rows}, {"suppliers", suppliers}};
}

}  // namespace holdfast::api
