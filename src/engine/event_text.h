// Events as the world outside is told of them: the same id, type and body on every way.
#pragma once

#include "store/store.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::engine {

// "evt_…": the event's time and a hash of its stream and number; the same for ever.
std::string event_id(const store::FeedEvent& event);

// What it is about, a dot and what happened: "dispute.opened", "order.placed". Of an event of an
// order or a party; a kind that this program does not know is told of as its stream's.
std::string event_type(store::StreamKind stream, std::string_view kind);

// Told of at all? Orders and parties are, and of them all but what stands for a key alone.
bool is_told(const store::FeedEvent& event);

// Does one of `types` name it? "dispute.opened" does, and "dispute.*"; no types at all name all.
bool is_wanted(std::string_view type, std::span<const std::string> types);

// Told of to whoever wants these types.
bool is_told(const store::FeedEvent& event, std::span<const std::string> types);

// The members of the event itself, as JSON. Of evidence its kind and hash: what it says in members
// of its own is for those who see the dispute.
std::string event_details(const store::FeedEvent& event);

inline constexpr std::size_t event_body_most = 20'000;

// {"id", "type", "timestamp", "sequence", "data": {"order_id" or "party_id", "version",
// "played_by", "details"}}, on one line. `played_by` is the counterparty of a sandbox that did it,
// as "seller.prompt"; nobody's has none. `details` are the event's own members; they are left out
// where the body would be longer than `event_body_most`: whoever wants them asks for the event.
std::string event_body(const store::FeedEvent& event);

}  // namespace holdfast::engine
