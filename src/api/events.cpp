// The feed of all that happened, an order's events, and ledger entries.
#include "api/json_out.h"
#include "api/service.h"
#include "base/verify.h"
#include "engine/event_text.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "store/codec/event_codec.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t looked_at_most = 1'000;  // events of the feed, for one page
constexpr std::size_t types_most = 100;

// "dispute.*,refund.issued"; a word that is no type is a fault.
std::optional<std::vector<std::string>> parse_types(std::string_view text) {
    std::vector<std::string> types;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto type = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto dot = type.find('.');
        if (type.empty() || type.size() > 100 || dot == std::string_view::npos || dot == 0 ||
            dot + 1 == type.size() || types.size() == types_most)
            return std::nullopt;
        types.emplace_back(type);
    }
    return types;
}

// The id of the last event up to `position` that is told of; empty: there is none.
std::string last_told(store::Store& store, std::uint64_t position) {
    constexpr std::uint64_t slice = 100;
    while (position > 0) {
        const auto after = position - std::min(position, slice);
        const auto events = store.feed(after, slice);
        for (auto event = events.rbegin(); event != events.rend(); ++event)
            if (event->position <= position && engine::is_told(*event))
                return engine::event_id(*event);
        position = after;
    }
    return {};
}

}  // namespace

// Where the event with this id stands in the feed. An id begins with the time at which its event
// was recorded, and times do not fall along one stream; between streams they may by a little.
std::optional<store::FeedEvent> Service::find_event(std::string_view id) {
    constexpr auto slack = std::chrono::minutes{5};
    constexpr std::size_t slice = 256;
    const auto bytes = parse_prefixed("evt", id);
    if (!bytes) return std::nullopt;
    const auto at = time_of(*bytes);
    return reads_.with([&](store::Store& store) -> std::optional<store::FeedEvent> {
        // The first position whose event was recorded in that time or later, by halves.
        std::uint64_t low = 0, high = store.feed_end();
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            const auto found = store.feed(middle, 1);
            if (!found.empty() && found.front().event.at < at - slack)
                low = middle + 1;
            else
                high = middle;
        }
        const auto find_from = [&](std::uint64_t after,
                                   Instant until) -> std::optional<store::FeedEvent> {
            while (true) {
                const auto events = store.feed(after, slice);
                for (const auto& event : events)
                    if (engine::is_told(event) && engine::event_id(event) == id) return event;
                if (events.size() < slice || events.back().event.at > until) return std::nullopt;
                after = events.back().position;
            }
        };
        auto found = find_from(low, at + slack);
        // The clocks of a sandbox show any time.
        return found || options_.livemode ? found : find_from(0, Instant::max());
    });
}

void Service::get_event(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto found = find_event(call.parameter("event_id"));
    if (!found) return call.send("not_found");
    auto body = json::parse(engine::event_body(*found)).as_object();
    body["data"].as_object()["details"] =
        json::parse(engine::event_details(*found));  // however long
    call.send(200, body);
}

// The place from which a feed is read: a cursor, the event that it follows, or the beginning.
std::optional<std::uint64_t> Service::feed_place(Call& call, std::string_view list) {
    const auto cursor = call.query("cursor");
    const auto after = call.query("after");
    if (cursor && after) call.fault("after", "invalid");
    if (call.has_faults()) return std::nullopt;
    if (cursor) {
        const auto place = place_of(*cursor, list);
        if (!place) call.send("invalid_cursor");
        return place;
    }
    if (!after) return 0;
    const auto event = find_event(*after);
    if (event) return event->position;
    call.fault("after", "invalid");
    call.has_faults();
    return std::nullopt;
}

std::vector<std::string> Service::wanted_types(Call& call) {
    const auto text = call.query("types");
    if (!text) return {};
    auto types = parse_types(*text);
    if (types) return *std::move(types);
    call.fault("types", "invalid");
    return {};
}

void Service::list_events(Call& call) {
    call.read_query({"after", "types", "limit", "cursor"});
    const auto limit = call.limit();
    const auto types = wanted_types(call);
    const auto list = "/v1/events?" + std::string(call.query("types").value_or(""));
    const auto from = feed_place(call, list);
    if (!from) return;
    json::array data;
    auto place = *from;
    const auto events =
        reads_.with([&](store::Store& store) { return store.feed(place, looked_at_most); });
    for (const auto& event : events) {
        if (data.size() == limit) break;
        place = event.position;
        if (engine::is_told(event, types)) data.push_back(json::parse(engine::event_body(event)));
    }
    const bool has_more =
        !events.empty() && (place != events.back().position || events.size() == looked_at_most);
    json::object page;
    page["data"] = std::move(data);
    page["has_more"] = has_more;
    page["next_cursor"] = cursor_of(place, list);
    call.send(200, page);
}

void Service::stream_events(Call& call) {
    call.read_query({"after", "types"});
    auto types = wanted_types(call);
    if (call.has_faults()) return;
    auto after = std::string(call.request().header("last-event-id"));
    if (after.empty()) after = call.query("after").value_or("");
    std::uint64_t position = 0;
    if (after.empty()) {
        reads_.with([&](store::Store& store) {
            position = store.feed_end();
            after = last_told(store, position);
        });
    } else if (const auto event = find_event(after)) {
        position = event->position;
    } else {
        call.fault("after", "invalid");
        call.has_faults();
        return;
    }
    http::Answer head{.headers = call.rate()};
    head.headers.push_back({"Content-Type", "text/event-stream"});
    auto stream = call.take_reply().stream(std::move(head));
    // What to come back with, should the connection break before anything has happened.
    static_cast<void>(stream.write(after.empty() ? ":\n\n" : "id: " + after + "\n\n"));
    followers_.add(std::move(stream), position, std::move(types));
}

void Service::list_order_entries(Call& call) {
    call.read_query({"limit", "cursor"});
    store::StreamId stream;
    const auto history = find_order_history(call, stream);
    if (!history) return;
    order::Order order;
    std::vector<json::object> entries;
    for (const auto& event : history->events) {
        const auto decoded = store::decode_order_event(event);
        if (!decoded) return call.send("damaged");
        add_entries(entries, stream.bytes, event.seq, event.at,
                    ledger::postings_of(order, *decoded));
        order::evolve(order, *decoded);
    }
    send_entries(call, entries);
}

void add_entries(std::vector<json::object>& entries, const IdBytes& stream, std::uint64_t seq,
                 Instant at, const ledger::Postings& postings) {
    const auto number = "_" + std::to_string(seq);
    std::size_t n = 0;
    for (const auto& [account, amount] : postings) {
        json::object out;
        out["object"] = "entry";
        out["id"] = "ent_" + to_base32(stream) + number + "_" + std::to_string(++n);
        out["transaction_id"] = "txn_" + to_base32(stream) + number;
        out["sequence"] = seq;
        put(out, "at", at);
        out["account"] = ledger::to_string(account);
        out["amount"] = money_view(amount.minor(), amount.currency());
        entries.push_back(std::move(out));
    }
}

void Service::send_entries(Call& call, const std::vector<json::object>& entries) {
    send_page(call, call.request().target.path, entries.size(),
              [&](std::size_t i) { return entries[entries.size() - 1 - i]; });
}

}  // namespace holdfast::api
