#include "api/past_disputes.h"

#include "api/json_out.h"
#include "api/service.h"
#include "api/wire_id.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <map>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t shown_most = 8;
constexpr std::size_t events_at_once = 2'000;

// Of the feed's events, the disputes that ended.
std::vector<PastDisputes::Place> ended_in(const std::vector<store::FeedEvent>& feed) {
    static const std::string closing(order::name_of(order::DisputeClosed{}));
    static const std::string withdrawing(order::name_of(order::DisputeWithdrawn{}));
    std::vector<PastDisputes::Place> all;
    for (const auto& one : feed) {
        const auto& kind = one.event.kind;
        if (one.kind != store::StreamKind::order || (kind != closing && kind != withdrawing))
            continue;
        const auto event = store::decode_order_event(one.event);
        if (!event) continue;  // damaged: where its order is asked for
        if (const auto* closed = std::get_if<order::DisputeClosed>(&event->event))
            all.push_back({one.stream, closed->dispute});
        if (const auto* withdrawn = std::get_if<order::DisputeWithdrawn>(&event->event))
            all.push_back({one.stream, withdrawn->dispute});
    }
    return all;
}

// Was there more?
template <class Thing>
bool keep_newest(std::vector<Thing>& all) {
    if (all.size() <= PastDisputes::kept_most) return false;
    all.erase(all.begin(),
              all.begin() + static_cast<std::ptrdiff_t>(all.size() - PastDisputes::kept_most));
    return true;
}

json::object ending_view(const order::Ending& ending) {
    return {{"ended_by", word(to_string(ending.by))}, {"given", word(to_string(ending.given))}};
}

json::object precedent_view(const FoundOrder& found, const PastDisputes::Place& place,
                            const order::Precedent& one, const order::Precedent& past) {
    auto view = ending_view(*past.ending);
    view["dispute_id"] = thing_id("dsp", found.stream.bytes, place.no);
    view["order_id"] = order_id(found.stream.bytes);
    view["reference"] = found.live.reference;
    view["requested"] = money_view(past.requested, past.currency);
    view["refunded"] = money_view(past.refunded, past.currency);
    put(view, "closed_at", past.at);
    json::array shares;
    const auto traits = order::shared(one, past);
    for (std::size_t i = 0; i < traits.size(); ++i)
        if (traits[i]) shares.push_back(word(to_string(static_cast<order::Trait>(i))));
    view["shares"] = std::move(shares);
    return view;
}

}  // namespace

void PastDisputes::follow(Instant now) {
    const auto end = reads_.with([](store::Store& store) { return store.feed_end(); });
    auto position = position_;
    if (end > position + events_most) {
        position = end - events_most;
        is_cut_ = true;
    }
    std::vector<Place> ended;
    while (position < end) {
        const auto feed =
            reads_.with([&](store::Store& store) { return store.feed(position, events_at_once); });
        if (feed.empty()) break;
        const auto more = ended_in(feed);
        ended.insert(ended.end(), more.begin(), more.end());
        position = feed.back().position;
    }
    is_cut_ |= keep_newest(ended);
    // All of it, or nothing where something cannot be read.
    std::vector<Place> places;
    std::vector<order::Precedent> precedents;
    for (const auto& place : ended)
        if (const auto found = reads_.order(place.order.bytes, now)) {  // damaged: told elsewhere
            places.push_back(place);
            precedents.push_back(order::precedent_of(found->live.state, place.no));
        }
    places_.insert(places_.end(), places.begin(), places.end());
    precedents_.insert(precedents_.end(), precedents.begin(), precedents.end());
    is_cut_ |= keep_newest(places_);
    keep_newest(precedents_);
    position_ = position;
}

void Service::list_similar_disputes(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    const auto found = find_order(*call);
    if (!found) return;
    const auto no = dispute_of(*call);
    if (!order::has(found->live.state.disputes, no)) return call->send("not_found");
    const PastDisputes::Place own{found->stream, no};
    at_work_desk(call, [this, own, one = order::precedent_of(found->live.state, no)](Call& asked) {
        past_disputes_.follow(asked.now());
        const auto& places = past_disputes_.places();
        const auto& past = past_disputes_.precedents();
        std::map<order::Ending, std::int64_t> endings;
        json::array shown, counts;
        for (const auto i : order::like(one, past)) {
            if (places[i] == own) continue;
            ++endings[*past[i].ending];
            if (shown.size() == shown_most) continue;
            if (const auto other = reads_.order(places[i].order.bytes, asked.now()))
                shown.push_back(precedent_view(*other, places[i], one, past[i]));
        }
        for (const auto& [ending, count] : endings) {
            auto row = ending_view(ending);
            row["count"] = count;
            counts.push_back(std::move(row));
        }
        json::object out;
        out["object"] = "similar_disputes";
        out["dispute_id"] = thing_id("dsp", own.order.bytes, own.no);
        out["looked_at"] = places.size();
        out["is_cut"] = past_disputes_.is_cut();
        out["endings"] = std::move(counts);
        out["data"] = std::move(shown);
        asked.send(200, out);
    });
}

}  // namespace holdfast::api
