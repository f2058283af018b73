// What happened to a party's money in a span of time, line by line, and what each party of an order
// got and gave.
//
// A statement is by the time of recording (`at`): what was once stated for a span that is over
// never changes, however late a thing is told. Opening balance and lines together are the closing
// balance; this is verified against the book folded on its own.
#pragma once

#include "ledger/account.h"
#include "ledger/party_event.h"
#include "ledger/transfer.h"
#include "order/event.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace holdfast::ledger {

// What a statement's balance is made of: the party's payable, reserve, deposit and payouts in
// flight, less what they owe. The rest of the accounts are the other side.
bool is_own(Account account);
Minor own_balance(const Balances& balances);

struct Line {
    std::uint64_t seq = 0;                     // of the event in the party's stream
    Instant at{};                              // recorded
    Instant when{};                            // happened
    std::string_view what;                     // name of the event
    std::optional<TransferKey> transfer = {};  // the order or other stream behind it
    std::optional<PayoutNo> payout = {};
    Account account = Account::payable;  // one of the party's own
    Minor amount = 0;                    // added to it; not 0
    bool operator==(const Line&) const = default;
};

struct Statement {
    Instant from{}, until{};
    Balances opening, closing;
    std::vector<Line> lines;  // in order of seq

    Minor opening_balance() const { return own_balance(opening); }
    Minor closing_balance() const { return own_balance(closing); }
};

// Of all of a party's events, oldest first, those recorded in [from, until) in `currency`.
Statement statement_of(std::span<const Recorded> events, Currency currency, Instant from,
                       Instant until);

// --- One order

// One side of a movement. The seller's side is before the commission, which is a line of its own,
// with the platform's fee against it.
struct OrderLine {
    std::uint64_t seq = 0;  // of the event in the order's stream
    Instant at{}, when{};
    std::string_view what;
    order::Party party = order::Party::buyer;  // buyer, seller or platform
    Account account = Account::buyer;  // buyer, processor; seller, transit, fee; fee, guarantee
    Minor amount = 0;                  // above 0: they got it
    bool operator==(const OrderLine&) const = default;
};

struct OrderShare {
    Minor got = 0, gave = 0;  // each 0 or more
    Minor fees = 0;           // of these: commission, less what came back
    Minor net() const { return got - gave; }
    bool operator==(const OrderShare&) const = default;
};

// `processor` is the buyer's, on its way to them.
struct OrderStatement {
    Currency currency = Currency::eur;
    std::vector<OrderLine> lines;
    OrderShare buyer, seller, platform;
    Minor held = 0;  // nobody's yet: buyer, seller, platform and this sum to 0
};

// Of all of an order's events, oldest first.
OrderStatement statement_of(std::span<const order::Recorded> events);

}  // namespace holdfast::ledger
