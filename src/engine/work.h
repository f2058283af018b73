// What is asked of the engine, and what it answers.
#pragma once

#include "engine/cast.h"
#include "ledger/party_command.h"
#include "ledger/party_decide.h"
#include "order/command.h"
#include "order/refusal.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

// Nothing but time: carries out what is due.
struct Tick {};

// One order to place. Its id follows from account, reference and `placed_at`, so that a repeat
// meets its first self; a reference belongs to one order of its account.
struct PlaceOrder {
    std::string account;  // of the marketplace; no ':' and no control characters
    std::string reference;
    Instant placed_at{};  // by the marketplace
    order::Placement placement;
    std::string clock = {};  // of the sandbox that it lives by; empty: the real time
    Cast cast = {};          // of the sandbox
};

// Who plays the other sides of an order of the sandbox from now on.
struct GiveCast {
    Cast cast;
};

struct Work {
    store::StreamId stream;
    std::variant<Tick, PlaceOrder, order::Command, order::Observation, ledger::Command,
                 ledger::Observation, GiveCast>
        what;
    Instant received_at{};
    std::string cause = {};                        // who or what; for people
    std::string key = {};                          // idempotency key; empty: none
    std::optional<Hash> request_hash = {};         // with a key
    std::optional<std::uint64_t> if_version = {};  // what the caller has seen
    std::vector<std::uint64_t> delivers = {};      // rows of the outbox that end with this
    std::optional<Currency> currency = {};  // of the sums in an order's request; none: no sum
    bool wants_events = false;              // in the answer
    // A party that nobody has named or paid begins with this; false: it is not found.
    bool begins_party = true;
};

enum class Outcome : std::uint8_t {
    done,              // committed, or nothing to do
    replayed,          // the key was answered before: this is the same receipt
    refused,           // by the rules
    key_reused,        // the key belongs to another request
    version_differs,   // not the version that the caller saw
    not_found,         // no such order
    currency_differs,  // the order's sums are in another currency
    reference_taken,   // another order of the account has the reference
    terms_unknown,     // the order's terms are not among those loaded
    damaged,           // its stream cannot be read; `problem` says where
    busy,              // the queue is full, or others write the stream: come again
    timed_out,         // waited longer than the request's time; nothing was done
    unavailable,       // the store cannot write now; send the key again to learn the truth
    stopping,          // the engine takes nothing more
    count_
};
std::string_view to_string(Outcome value);
bool is_passing(Outcome value);  // busy or unavailable: the same work may go through another time

struct Answer {
    Outcome outcome = Outcome::done;
    std::uint64_t version = 0;    // of the stream
    std::uint64_t first_seq = 0;  // of the events that the work made; 0: none
    std::variant<std::monostate, order::Refusal, ledger::Refusal> refusal = {};
    std::string problem = {};  // of damaged and unavailable
    // What the work made, where it wants to know; of a replay, what it made the first time. Without
    // their hashes.
    std::vector<store::Event> events = {};
    bool operator==(const Answer&) const = default;
};

// The id of an order: `placed_at` to the millisecond, then a hash of account and reference.
store::StreamId order_stream(std::string_view account, std::string_view reference,
                             Instant placed_at);
store::StreamId party_stream(order::PartyId party);
// The account that all orders of a marketplace are placed under, and its parties are named in.
inline constexpr std::string_view marketplace_account = "marketplace";
order::PartyId party_of(std::string_view account, std::string_view reference);
// Finds the one order of an account with this reference.
std::string reference_term(std::string_view account, std::string_view reference);

// Kinds of outbox rows.
inline constexpr std::string_view transfer_kind = "transfer";
inline constexpr std::string_view instruction_kind = "instruction";
inline constexpr std::string_view payout_kind = "payout";
inline constexpr std::string_view notice_kind = "notice";
inline constexpr std::string_view mail_kind = "mail";

}  // namespace holdfast::engine
