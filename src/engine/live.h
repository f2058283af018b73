// Streams as the engine holds them: folded, with the keys that were answered in them.
#pragma once

#include "ledger/account.h"
#include "ledger/party_event.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "store/store.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

struct LiveOrder {
    order::Order state;
    std::optional<ledger::Balances> balances = {};  // none before it is placed
    std::string account = {}, reference = {};
    std::string clock = {};  // see test_clocks.h; empty: the real time
    // Before this time does nothing to it, and what is ahead of it; none: not worked out since it
    // last changed.
    std::optional<Instant> quiet_until = {};
    std::optional<std::vector<order::Due>> ahead = {};
};
struct LiveParty {
    ledger::PartyBook state;
};

struct Live {
    std::variant<LiveOrder, LiveParty> what = {};
    std::vector<store::KeptRequest> requests = {};
    std::size_t last_change = 0;  // the writer's own: the last one of the batch under way

    std::uint64_t version() const;
    store::StreamKind kind() const;
};

// Folds a history. What cannot be read or cannot follow is named.
[[nodiscard]] std::expected<Live, std::string> fold(const store::StreamId& stream,
                                                    const store::History& history);

// The cause of the commit that placed an order names what else is known of it, since the index of
// orders must be made anew from the streams alone: "place:account:reference", or
// "place@clock:account:reference".
struct PlacedBy {
    std::string account, reference, clock;
    bool operator==(const PlacedBy&) const = default;
};
std::string placing_cause(std::string_view account, std::string_view reference,
                          std::string_view clock = {});
std::optional<PlacedBy> placed_by(std::string_view cause);

// Appends events to a live stream and to the change that will write them: the events' texts, what
// the ledger says of them, and what has to leave.
void append(Live& live, const order::Events& events, Instant now, store::Change& change);
void append(Live& live, const ledger::Events& events, Instant now, store::Change& change);

}  // namespace holdfast::engine
