// decide: events, or one refusal. What time does by itself is derived: next_deadline, catch_up.
//
// Pure. The book must be caught up to `received_at`. An event's time is max(received_at, the newest
// event's). The checks run in the order of RefusalCode, and the first that fails is the answer.
#pragma once

#include "ledger/party.h"
#include "ledger/party_command.h"
#include "ledger/party_event.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::ledger {

enum class RefusalCode : std::uint8_t {
    wrong_role,          // not for this party to do
    duplicate_transfer,  // the key was received with another sum
    duplicate_payment,   // the reference was seen with another sum
    malformed,           // a sum, share or number of days out of range; a word missing
    unknown_payout,      // no such payout
    already_held,        // for this reason
    unknown_hold,        // payouts are not held for this reason
    held,                // payouts are held, for whatever reason
    nothing_payable,     // nothing, or less than asked for; `limit` says how much there is
    amount_exceeds,      // more than there is; `limit` says how much
    count_
};
std::string_view to_string(RefusalCode value);

struct Refusal {
    RefusalCode code = RefusalCode::malformed;
    std::optional<Minor> limit = {};
    bool operator==(const Refusal&) const = default;
};

using Decision = std::expected<Events, Refusal>;

[[nodiscard]] Decision decide(const PartyBook& book, const Command& command, Instant received_at);

// Nothing is refused for being inconvenient: only what makes no sense, or what is not what its key
// stood for.
[[nodiscard]] Decision observe(const PartyBook& book, const Observation& observation,
                               Instant received_at);

// When the next part of a reserve is free. No window of anybody's ends there, so there is no
// grace: it is free at that instant.
std::optional<Instant> next_deadline(const PartyBook& book);

// What time alone has done up to and with `now`: one change per instant, soonest first.
std::vector<Events> catch_up(const PartyBook& book, Instant now);

}  // namespace holdfast::ledger
