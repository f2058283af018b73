#include "api/desk_json.h"

#include "base/currency.h"

#include <utility>

namespace holdfast::api {

namespace json = boost::json;

namespace {

json::object sum_json(const desk::AuditSum& sum) {
    return {{"count", sum.count}, {"amount", sum.minor}};
}

json::object sums_json(const std::map<std::string, desk::AuditSum>& sums) {
    json::object object;
    for (const auto& [name, sum] : sums) object[name] = sum_json(sum);
    return object;
}

// Nothing where there is none: most rows have none.
json::value names_json(const std::vector<desk::PurchaseKey>& purchases) {
    if (purchases.empty()) return nullptr;
    json::array list;
    for (const auto& one : purchases)
        list.push_back({{"system", one.system}, {"reference", one.reference}});
    return list;
}

json::value disputes_json(const std::vector<desk::CustomerDispute>& disputes) {
    if (disputes.empty()) return nullptr;
    json::array list;
    for (const auto& one : disputes)
        list.push_back({{"system", one.system},
                        {"reference", one.reference},
                        {"kind", to_string(one.kind)},
                        {"amount", money_json(one.amount)},
                        {"answer_by", instant_json(one.answer_by)},
                        {"is_ours", one.is_ours}});
    return list;
}

json::value act_by_json(const std::optional<desk::ActBy>& act_by) {
    if (!act_by) return nullptr;
    return json::object{{"at", holdfast::to_string(act_by->at)}, {"why", act_by->why}};
}

json::value value_without_blanks(const json::value& value) {
    if (const auto* object = value.if_object()) return without_blanks(*object);
    const auto* list = value.if_array();
    if (!list) return value;
    json::array kept;
    for (const auto& one : *list)
        if (!one.is_null()) kept.push_back(value_without_blanks(one));
    return kept;
}

}  // namespace

json::value instant_json(const std::optional<Instant>& at) {
    return at ? json::value(holdfast::to_string(*at)) : json::value();
}

json::value money_json(const std::optional<Money>& amount) {
    if (!amount) return nullptr;
    return json::object{{"amount", amount->minor()}, {"currency", code_of(amount->currency())}};
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array list;
    for (const auto& text : texts) list.emplace_back(text);
    return list;
}

json::value arrival_json(const std::optional<desk::ArrivalChance>& arrival) {
    if (!arrival) return nullptr;
    return json::object{{"likely", arrival->likely},
                        {"low", arrival->low},
                        {"high", arrival->high},
                        {"sample", arrival->sample},
                        {"alike", arrival->alike}};
}

json::array reasons_json(std::span<const desk::ReasonCheck> reasons) {
    json::array list;
    for (const auto& one : reasons)
        list.push_back({{"reason", terms::to_string(one.reason)},
                        {"supported", one.supported},
                        {"why", one.why}});
    return list;
}

json::value reversal_json(const std::optional<desk::Reversal>& reversal) {
    if (!reversal) return nullptr;
    return json::object{{"came", money_json(reversal->came)},
                        {"taken_back", money_json(reversal->taken_back)},
                        {"seen_at", holdfast::to_string(reversal->seen_at)},
                        {"source", reversal->source}};
}

json::object item_json(const desk::WorkItem& item) {
    json::value countdown;
    if (item.countdown)
        countdown = json::object{{"at", holdfast::to_string(item.countdown->at)},
                                 {"what", item.countdown->what}};
    return {{"word", to_string(item.word)},
            {"system", item.system},
            {"reference", item.reference},
            {"title", item.title},
            {"at_stake", money_json(item.at_stake)},
            {"clause", item.clause},
            {"reason", item.reason ? json::value(terms::to_string(*item.reason)) : json::value()},
            {"opens_at", instant_json(item.opens_at)},
            {"closes_at", instant_json(item.closes_at)},
            {"promised_by", instant_json(item.promised_by)},
            {"arrival", arrival_json(item.arrival)},
            {"countdown", countdown},
            {"estimated", item.estimated},
            {"estimates", texts_json(item.estimates)},
            {"doubts", texts_json(item.doubts)},
            {"next_step", item.next_step},
            {"why", item.why},
            {"seller", item.seller},
            {"sales", texts_json(item.sale_references)},
            {"terms", item.terms_id},
            {"reversal", reversal_json(item.reversal)},
            {"purchases", names_json(item.purchases)},
            {"customer_disputes", disputes_json(item.disputes)},
            {"act_by", act_by_json(item.act_by)}};
}

json::object age_json(const engine::StoreAge& age) {
    return {{"purchases", age.purchases},
            {"sales", age.sales},
            {"parcels", age.parcels},
            {"imports", age.imports},
            {"rows_rejected", age.rows_rejected},
            {"oldest_at", instant_json(age.oldest_import)},
            {"newest_at", instant_json(age.newest_import)}};
}

json::object currencies_json(const desk::AuditTotals& totals) {
    json::object currencies;
    for (const auto& [currency, one] : totals.currencies)
        currencies[code_of(currency)] =
            json::object{{"open_now", sum_json(one.open_now)},
                         {"closing_3_days", sum_json(one.closing_3_days)},
                         {"closing_7_days", sum_json(one.closing_7_days)},
                         {"closing_30_days", sum_json(one.closing_30_days)},
                         {"lapsed", sum_json(one.lapsed)},
                         {"recovered", sum_json(one.recovered)},
                         {"waiting", sum_json(one.waiting)},
                         {"lapsed_by_month", sums_json(one.lapsed_by_month)},
                         {"lapsed_by_seller", sums_json(one.lapsed_by_seller)},
                         {"open_by_seller", sums_json(one.open_by_seller)}};
    return currencies;
}

json::array tasks_json(const std::vector<desk::Drift>& drifts) {
    json::array tasks;
    for (const auto& one : drifts)
        tasks.push_back({{"kind", "rule_may_have_changed"},
                         {"text", desk::sentence_of(one)},
                         {"system", one.system},
                         {"terms", one.terms},
                         {"compared", one.compared},
                         {"differing", one.differing},
                         {"examples", texts_json(one.examples)}});
    return tasks;
}

json::object where_json(const engine::SaleView& sale, const desk::WhereIsAnswer& answer) {
    json::array items;
    for (const auto& one : sale.purchases) items.push_back(item_json(one.item));
    return {{"system", sale.sale.system},
            {"reference", sale.sale.reference},
            {"state", answer.state},
            {"promised_by", instant_json(answer.promised_by)},
            {"arrival", arrival_json(answer.arrival)},
            {"promise_estimated", answer.promise_estimated},
            {"last_scan_at", instant_json(answer.last_scan_at)},
            {"open", texts_json(answer.open)},
            {"money", texts_json(answer.money)},
            {"reply", answer.reply},
            {"age", answer.age_text},
            {"purchases", items}};
}

json::object report_json(const engine::ImportReport& report) {
    return {{"format", report.file.format},
            {"description", report.file.description},
            {"why_no_orders", report.file.why_no_orders},
            {"records", report.file.records},
            {"new", report.rows_new},
            {"changed", report.rows_changed},
            {"same", report.rows_same},
            {"rejected", report.rows_rejected},
            {"notes", report.notes},
            {"seen_at", holdfast::to_string(report.seen_at)},
            {"imported_before", report.known_file}};
}

json::object row_json(const engine::RowReport& row) {
    return {{"line", row.place.line},
            {"column", row.place.column},
            {"fate", to_string(row.fate)},
            {"what", row.what},
            {"reason", row.reason}};
}

json::object without_blanks(const json::object& object) {
    json::object kept;
    for (const auto& [name, value] : object)
        if (!value.is_null()) kept[name] = value_without_blanks(value);
    return kept;
}

}  // namespace holdfast::api
