// The letters of a dispute's decisions, and that of one which is not made yet.
#include "api/json_out.h"
#include "api/service.h"
#include "api/wire_id.h"
#include "engine/decision_letter.h"
#include "store/codec/order_history.h"

#include <ranges>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::array lines_view(const std::vector<std::string>& lines) {
    json::array all;
    for (const auto& line : lines) all.push_back(word(line));
    return all;
}

json::object letter_view(const engine::Letter& letter) {
    json::object out;
    put(out, "at", letter.at);
    out["decided_by"] = to_string(letter.by);
    out["outcome"] = letter.outcome;
    out["facts"] = lines_view(letter.facts);
    json::array rules;
    for (const auto& rule : letter.rules)
        rules.push_back({{"clause", rule.clause}, {"text", rule.text}});
    out["rules"] = std::move(rules);
    out["grounds"] = lines_view(letter.grounds);
    out["appeals"] = lines_view(letter.appeals);
    return out;
}

}  // namespace

// With `more` behind what is written, by `by`. Nothing: the order cannot be read.
std::optional<std::vector<engine::Letter>> Service::find_letters(const FoundOrder& found,
                                                                 order::DisputeNo no,
                                                                 const order::Events& more,
                                                                 engine::DecidedBy by) {
    const auto history = reads_.with([&](store::Store& store) { return store.load(found.stream); });
    auto events = store::events_of_order(history, found.version);
    if (!events) return std::nullopt;
    events->insert(events->end(), found.caught_up.begin(), found.caught_up.end());
    events->insert(events->end(), more.begin(), more.end());
    return engine::letters_of(*events, no, found.rules, [&](std::uint64_t seq) {
        return seq <= found.version ? engine::decided_by(history.events[seq - 1].cause) : by;
    });
}

void Service::list_decisions(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto found = find_order(call);
    if (!found) return;
    const auto no = dispute_of(call);
    if (!order::has(found->live.state.disputes, no)) return call.send("not_found");
    const auto letters = find_letters(*found, no, {}, engine::DecidedBy::program);
    if (!letters) return call.send("damaged");
    json::array data;
    for (const auto& letter : *letters | std::views::reverse) data.push_back(letter_view(letter));
    json::object out;
    out["object"] = "decisions";
    out["dispute_id"] = thing_id("dsp", found->stream.bytes, no);
    out["order_id"] = order_id(found->stream.bytes);
    out["version"] = found->version;
    out["data"] = std::move(data);
    call.send(200, out, {etag(found->version)});
}

void Service::put_letter(json::object& preview, const Call& call, const FoundOrder& found,
                         const order::Events& decision) {
    const auto by =
        call.caller().is_person() ? engine::DecidedBy::person : engine::DecidedBy::program;
    const auto letters = find_letters(found, dispute_of(call), decision, by);
    if (letters && !letters->empty()) preview["letter"] = letter_view(letters->back());
}

}  // namespace holdfast::api
