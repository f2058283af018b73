// The accounts of a stream, and what one event moves between them.
//
// A posting adds its amount to one account. The postings of one event sum to zero per currency, and
// so do all the accounts of a stream at any time. Accounts of what is owed to somebody or kept for
// them stand at 0 or above; those of what somebody owes or has put in, at 0 or below.
#pragma once

#include "base/currency.h"
#include "base/money.h"
#include "order/order.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace holdfast::ledger {

using order::Minor;  // minor units of the currency named beside it

enum class Account : std::uint8_t {
    // Of an order's stream:
    escrow,     // held here
    buyer,      // outside, of the buyer: what came back, less what they paid
    seller,     // outside, of the seller: where the order's money does not run through us
    fee,        // our commission
    processor,  // told to leave and not known to have left; below 0: more left than was told
    guarantee,  // below 0: what the guarantee has put in
    // Of both: what was handed over to other streams, less what came from them. Over all streams it
    // sums to what is on its way between them.
    transit,
    // Of a party's stream:
    payable,  // the party's, free to be paid out
    reserve,  // the party's, kept back for a time
    debt,     // below 0: what the party owes
    payout,   // told to leave to the party and not known to have left
    deposit,  // the party's, kept for as long as the operator says
    fines,    // taken from the party for good
    bank,     // outside, of the party: what was paid out, less what they paid in
    count_
};
inline constexpr std::size_t account_count = static_cast<std::size_t>(Account::count_);

std::string_view to_string(Account value);

struct Posting {
    Account account = Account::escrow;
    Money amount;  // never 0
    bool operator==(const Posting&) const = default;
};
using Postings = std::vector<Posting>;

bool is_zero_sum(const Postings& postings);  // per currency

// Postings in the making: what is 0 is left out.
class Transaction {
public:
    explicit Transaction(Currency currency) : currency_(currency) {}

    Transaction& add(Account account, Minor amount);
    Postings take();  // VERIFYs that they sum to zero

private:
    Currency currency_;
    Postings postings_;
};

// Where the accounts of one stream stand in one currency.
class Balances {
public:
    explicit Balances(Currency currency) : currency_(currency) {}

    Currency currency() const { return currency_; }
    Minor of(Account account) const { return minor_[static_cast<std::size_t>(account)]; }
    Minor sum() const;  // 0, after every whole event

    void post(const Posting& posting);    // another currency is a bug
    void post(const Postings& postings);  // those of this currency; the others are left
    bool operator==(const Balances&) const = default;

private:
    Currency currency_;
    std::array<Minor, account_count> minor_{};
};

}  // namespace holdfast::ledger
