// evolve: what an event makes of a party's book, and what money it moves. Never refuses; an event
// that cannot follow is a bug or a damaged history and fails a VERIFY. So does a book that does
// not add up after it.
#pragma once

#include "base/id.h"
#include "ledger/account.h"
#include "ledger/party.h"
#include "ledger/party_event.h"
#include "ledger/transfer.h"

#include <optional>
#include <span>

namespace holdfast::ledger {

void evolve(PartyBook& book, const Recorded& recorded);
PartyBook replay(std::span<const Recorded> events);

// `before` is the book without the event. Sums to zero.
Postings postings_of(const PartyBook& before, const Recorded& recorded);

// What of the event has to be carried on: a debt written off, to whom bears it.
std::optional<Transfer> transfer_of(const IdBytes& stream, const PartyBook& before,
                                    const Recorded& recorded);

// After each event and per currency: the accounts sum to zero; each stands on its side of it; what
// is payable and a debt never stand side by side.
bool is_sound(const Balances& balances);

// And: parts of the reserve, items and payouts in flight sum to their accounts. Reads everything,
// so evolve() asks it only when a payout leaves.
bool is_sound(const PartyBook& book);

}  // namespace holdfast::ledger
