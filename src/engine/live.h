// Streams as the engine holds them: folded, with the keys that were answered in them.
#pragma once

#include "engine/cast.h"
#include "ledger/account.h"
#include "ledger/party_event.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
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
    Cast cast = {};          // of the sandbox
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
// orders must be made anew from the streams alone: "place:account:reference", in a sandbox also
// "place@clock+cast:account:reference", either without the other.
struct PlacedBy {
    std::string account, reference, clock;
    Cast cast = {};
    bool operator==(const PlacedBy&) const = default;
};
std::string placing_cause(std::string_view account, std::string_view reference,
                          std::string_view clock = {}, const Cast& cast = {});
std::optional<PlacedBy> placed_by(std::string_view cause);

// The cause of the commit that named a party, and the reference in it.
std::string naming_cause(std::string_view reference);
std::optional<std::string_view> named_by(std::string_view cause);

// Appends events to a live stream and to the change that will write them: the events' texts, what
// the ledger says of them, and what has to leave.
enum class Telling : std::uint8_t { nobody, by_mail };  // are parties told of what happened?
void append(Live& live, const order::Events& events, Instant now, store::Change& change,
            Telling telling = Telling::nobody);
void append(Live& live, const ledger::Events& events, Instant now, store::Change& change);
// What an order is found by: its parties, its reference, its clock, and that a dispute of it is
// open.
std::vector<std::string> terms_of(const LiveOrder& order);
inline constexpr std::string_view open_dispute_term = "open_dispute";
// Finds the parties that are reached by this person.
std::string contact_term(std::string_view mark);

}  // namespace holdfast::engine
