// The desk's answers as JSON, the same on the command line and over HTTP.
//
// Here a value that is not known stands as null: `scan --json` and its kind are stable that way.
// Over HTTP nothing is ever null, see without_blanks().
#pragma once

#include "desk/audit.h"
#include "desk/claim.h"
#include "desk/whereis.h"
#include "desk/worklist.h"
#include "engine/desk_view.h"
#include "engine/importer.h"

#include <boost/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::api {

boost::json::value instant_json(const std::optional<Instant>& at);
boost::json::value money_json(const std::optional<Money>& amount);
// Basis points, and how many journeys stand behind them.
boost::json::value arrival_json(const std::optional<desk::ArrivalChance>& arrival);
boost::json::array texts_json(const std::vector<std::string>& texts);
boost::json::array reasons_json(std::span<const desk::ReasonCheck> reasons);
boost::json::value reversal_json(const std::optional<desk::Reversal>& reversal);
boost::json::object item_json(const desk::WorkItem& item);
boost::json::array tasks_json(const std::vector<desk::Drift>& drifts);
boost::json::object age_json(const engine::StoreAge& age);
boost::json::object currencies_json(const desk::AuditTotals& totals);
boost::json::object where_json(const engine::SaleView& sale, const desk::WhereIsAnswer& answer);
boost::json::object report_json(const engine::ImportReport& report);
boost::json::object row_json(const engine::RowReport& row);

// What is null or an empty text is left out, at any depth.
boost::json::object without_blanks(const boost::json::object& object);

}  // namespace holdfast::api
