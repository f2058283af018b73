// An order's life from now on, under what somebody assumes.
#include "engine/forecast.h"
#include "api/json_out.h"
#include "api/service.h"
#include "engine/event_text.h"
#include "order/evolve.h"

#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

// The clause that time acted under; none: it was an instant that an event had told.
const terms::Clause* clause_of(const engine::Foreseen& step, const order::Rules& rules) {
    for (const auto& event : step.events)
        if (const auto* struck = std::get_if<order::DefaultStruck>(&event.event))
            return rules.terms->find(struck->clause.view());
    return nullptr;
}

json::object step_view(const engine::Foreseen& step, const order::Rules& rules) {
    json::object out;
    put(out, "at", step.events.front().when);
    out["by"] = step.by.empty() ? "time" : step.by;
    if (const auto* clause = clause_of(step, rules)) {
        out["clause"] = clause->id;
        out["text"] = clause->text;
    }
    json::array events;
    for (const auto& event : step.events)
        events.push_back(
            word(engine::event_type(store::StreamKind::order, order::name_of(event.event))));
    out["events"] = std::move(events);
    return out;
}

}  // namespace

void Service::forecast_order(Call& call) {
    call.read_query({"as", "silent", "arrives_at"});
    const auto reader = reader_of(call);
    const engine::Assumed assumed{
        .silent = call.query_word<engine::Silent>("silent").value_or(engine::Silent::both),
        .arrives_at = call.query_instant("arrives_at")};
    if (!reader || call.has_faults()) return;
    auto found = find_order(call);
    if (!found) return;
    json::object out;
    out["object"] = "forecast";
    out["order_id"] = order_id(found->stream.bytes);
    out["version"] = found->version;
    put(out, "at", found->now);
    out["silent"] = to_string(assumed.silent);
    json::array steps;
    for (const auto& step :
         engine::forecast(found->live.state, found->rules, assumed, found->now)) {
        for (const auto& event : step.events) order::evolve(found->live.state, event);
        auto view = step_view(step, found->rules);
        view["money"] = balance_view(found->seen(*reader, options_.livemode));
        steps.push_back(std::move(view));
        found->now = std::max(found->now, step.events.back().at);
    }
    const auto& end = found->live.state;
    out["steps"] = std::move(steps);
    out["state"] = state_of(end);
    out["money"] = balance_view(found->seen(*reader, options_.livemode));
    auto rights = order::rights(end, found->rules, found->now);
    std::erase_if(rights, [&](const order::Right& right) {
        return !right.is_open(found->rules, found->now);
    });
    out["rights"] = rights_view(found->rules, rights);
    put(out, "ends_at", found->now);
    call.send(200, out, {etag(found->version)});
}

}  // namespace holdfast::api
