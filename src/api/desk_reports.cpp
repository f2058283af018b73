// Reports for which all of the store is read: arrivals, suppliers, the gap, the filing plan,
// regrets.
#include "engine/desk_reports.h"
#include "api/arrival_json.h"
#include "api/choice_json.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/filing_json.h"
#include "api/json_out.h"
#include "api/supplier_json.h"
#include "engine/desk_choices.h"
#include "engine/filing.h"

#include <utility>

namespace holdfast::api {

void DeskService::report_on(const Shared& call, Make make) {
    const bool is_taken = long_work_.submit([this, call, make = std::move(make)] {
        do_work(*call, [&](Call& asked) {
            const auto reads = open_store_();
            engine::DeskView view(*reads, book_, settings_, asked.now());
            auto out = without_blanks(make(*reads, view));
            put(out, "at", asked.now());
            asked.send(200, out);
        });
    });
    if (!is_taken) call->send("busy");
}

void DeskService::get_arrivals(const Shared& call) {
    constexpr std::int64_t days_usual = 30, days_most = 365;
    call->read_query({"within_days"});
    const auto days = call->query_number("within_days", 1, days_most).value_or(days_usual);
    if (call->has_faults()) return;
    report_on(call, [days](store::Store&, engine::DeskView& view) {
        const auto journeys = view.journeys();
        return boost::json::object{
            {"lanes", lanes_json(desk::lanes_of(journeys))},
            {"calibration",
             calibration_json(desk::calibrate(journeys, static_cast<std::int32_t>(days)))}};
    });
}

void DeskService::get_scorecards(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    report_on(call, [](store::Store&, engine::DeskView& view) {
        return boost::json::object{{"suppliers", scorecards_json(engine::scorecards_of(view))}};
    });
}

void DeskService::get_recovery(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    report_on(call, [](store::Store&, engine::DeskView& view) {
        return recovery_json(engine::recovery_of(view));
    });
}

void DeskService::get_gap(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    report_on(call, [this](store::Store&, engine::DeskView& view) {
        return gap_json(engine::gap_of(view, book_));
    });
}

void DeskService::get_filing_plan(const Shared& call) {
    constexpr std::int64_t days_usual = 90, days_most = 730;
    call->read_query({"cap_basis_points", "days"});
    const auto cap = call->query_number("cap_basis_points", 0, 10'000);
    const auto days = call->query_number("days", 1, days_most).value_or(days_usual);
    if (!cap && !call->query("cap_basis_points")) call->fault("cap_basis_points", "missing");
    if (call->has_faults()) return;
    const desk::FilingRule rule{.cap_basis_points = static_cast<std::int32_t>(*cap),
                                .days = static_cast<std::int32_t>(days)};
    report_on(call, [rule](store::Store&, engine::DeskView& view) {
        return filing_json(engine::filing_plans(view, rule), rule);
    });
}

void DeskService::get_regrets(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    report_on(call, [](store::Store& store, engine::DeskView& view) {
        return boost::json::object{{"choices", choices_json(engine::choices_of(store, view))}};
    });
}

}  // namespace holdfast::api
