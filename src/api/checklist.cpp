// What a dispute should be shown with, what is there, and what the order can fill in by itself.
#include "order/checklist.h"
#include "api/evidence_view.h"
#include "api/json_out.h"
#include "api/service.h"
#include "engine/event_text.h"
#include "store/codec/order_history.h"

#include <optional>
#include <string>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

class ChecklistView {
public:
    ChecklistView(const OrderSeen& seen, const store::StreamId& stream,
                  const store::History& history)
        : seen_(seen), stream_(stream), history_(history) {}

    json::object item(const terms::Terms& checklist, const order::ItemStanding& standing) const {
        const auto& item = *standing.item;
        json::object out;
        out["id"] = item.id;
        out["of"] = terms::to_string(item.of);
        json::array kinds, when, evidence, prefilled;
        for (const auto kind : item.kinds) kinds.push_back(word(terms::to_string(kind)));
        for (auto i = item.when.begin; i < item.when.end; ++i)
            when.push_back(word(checklist.conditions[i].text));
        for (const auto no : standing.met_by)
            evidence.push_back(word(thing_id("evd", seen_.id, no)));
        for (const auto* known : standing.known) prefilled.push_back(record(item, *known));
        out["kinds"] = std::move(kinds);
        if (!when.empty()) out["when"] = std::move(when);
        out["need"] = terms::to_string(item.need);
        out["text"] = item.text;
        out["state"] = to_string(standing.state);
        out["evidence"] = std::move(evidence);
        out["prefilled"] = std::move(prefilled);
        return out;
    }

private:
    // `submit` is the very body to hand it in with.
    json::object record(const terms::ChecklistItem& item, const order::KnownRecord& known) const {
        json::object submit, from;
        submit["as"] = terms::to_string(item.of);
        submit["kind"] = terms::to_string(known.kind);
        submit["record"] = record_view(seen_.id, seen_.live.state.currency(), known.record);
        for (const auto& [member, seq] : known.from)
            from[wire_name(member)] = engine::event_id(
                {.stream = stream_, .kind = history_.kind, .event = history_.events.at(seq - 1)});
        return {{"submit", std::move(submit)}, {"from", std::move(from)}};
    }

    const OrderSeen& seen_;
    const store::StreamId& stream_;
    const store::History& history_;
};

}  // namespace

void Service::get_checklist(Call& call) {
    call.read_query({"as"});
    const auto reader = reader_of(call);
    if (!reader || call.has_faults()) return;
    const auto found = find_order(call);
    if (!found) return;
    const auto no = dispute_of(call);
    const auto& order = found->live.state;
    if (!order::has(order.disputes, no)) return call.send("not_found");

    const auto history =
        reads_.with([&](store::Store& store) { return store.load(found->stream); });
    const auto events = store::events_of_order(history, found->version);
    if (!events) return call.send("damaged");

    const auto seen = found->seen(*reader, options_.livemode);
    const auto* checklist = book_.find_checklist(found->rules.terms->programme);
    const auto of = *reader == order::Party::platform ? order::Party::either : *reader;
    json::object out;
    out["object"] = "checklist";
    out["dispute_id"] = thing_id("dsp", found->stream.bytes, no);
    out["order_id"] = order_id(found->stream.bytes);
    out["version"] = found->version;
    out["reason"] = terms::to_string(order.dispute(no).reason);
    if (checklist) {
        out["checklist_id"] = checklist->id;
        out["title"] = checklist->title;
    }
    json::array items;
    if (checklist) {
        const auto known = order::known_records(order, *events, no);
        const ChecklistView view(seen, found->stream, history);
        for (const auto& standing :
             order::standing_of(order, found->rules, *checklist, no, of, known, found->now))
            items.push_back(view.item(*checklist, standing));
    }
    out["items"] = std::move(items);
    call.send(200, out, {etag(found->version)});
}

}  // namespace holdfast::api
