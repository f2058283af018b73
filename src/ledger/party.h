// A party's own stream: what is the party's, what is kept back, what they owe, what was paid out.
//
//   transfer in  -> debt first, then the reserve's share, the rest payable
//   transfer out -> payable, then reserve, then deposit if that is agreed, the rest is debt
//   reserve      -> payable, each part when its days are over
//   payable      -> payout (in flight) -> bank, or back if it failed
//
// The state is only ever made by folding events (party_evolve.h). Each currency stands for itself:
// a debt in one is not paid from another.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/word.h"
#include "ledger/account.h"
#include "ledger/transfer.h"
#include "order/order.h"

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::ledger {

// The n-th payout, or the n-th part put into the reserve, of one party; from 1.
template <class Tag>
struct Count {
    std::uint32_t value = 0;
    auto operator<=>(const Count&) const = default;
};
using PayoutNo = Count<struct PayoutTag>;
using ReserveNo = Count<struct ReserveTag>;

enum class HoldReason : std::uint8_t {
    new_seller,
    dispute_rate,
    identity_unverified,
    legal_order,
    negative_balance,
    operator_decision,
    count_
};
std::string_view to_string(HoldReason value);

enum class FineReason : std::uint8_t {
    cancelled_by_seller,
    shipped_late,
    false_tracking,
    counterfeit,
    payment_elsewhere,
    other,
    count_
};
std::string_view to_string(FineReason value);

enum class PayoutState : std::uint8_t { in_flight, succeeded, failed, count_ };
std::string_view to_string(PayoutState value);

struct Hold {
    HoldReason reason = HoldReason::operator_decision;
    order::Party by = order::Party::platform;
    Instant since{};
    bool operator==(const Hold&) const = default;
};

// How much of each transfer in is kept back, and for how long. 0: nothing is.
struct ReservePolicy {
    std::int32_t basis_points = 0;  // 0 to 10 000
    std::int32_t days = 0;          // 24 hours each; 1 or more where something is kept back
    bool operator==(const ReservePolicy&) const = default;
};

struct ReservePart {
    ReserveNo no;
    Minor left = 0;
    Instant free_at{};
    bool operator==(const ReservePart&) const = default;
};

// What moved `payable` since the last payout: an event of this stream, and the transfer behind it.
struct PayoutItem {
    std::uint64_t seq = 0;  // of the event in this stream
    Minor amount = 0;       // below 0: netted from this payout
    std::optional<TransferKey> transfer = {};
    bool operator==(const PayoutItem&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("seq", seq);
        f("amount", amount);
        f("transfer", transfer);
    }
};

struct Payout {
    Currency currency = Currency::eur;
    Minor amount = 0;
    PayoutState state = PayoutState::in_flight;
    Instant told_at{};  // by the processor, of the newest state
    bool operator==(const Payout&) const = default;
};

// All in one currency.
struct Purse {
    Balances balances;
    std::deque<ReservePart> reserved;  // soonest free first; sums to the reserve
    std::vector<PayoutItem> items;     // since the last payout; sums to payable
    bool operator==(const Purse&) const = default;
};

struct Sum {
    Currency currency = Currency::eur;
    Minor amount = 0;
    bool operator==(const Sum&) const = default;
};

// Where the party is reached: who they are stands with the people outside the streams.
struct Contact {
    std::string mark;                     // of the person
    Word language = {};                   // "de-AT"; empty: not said
    std::optional<Instant> bounced = {};  // what was sent there came back
    Word code = {};                       // with this answer
    bool operator==(const Contact&) const = default;
};

struct PartyBook {
    std::vector<Purse> purses;  // in order of first use
    std::vector<Hold> holds;    // one per reason
    ReservePolicy reserve;
    bool deposit_covers_debt = false;
    std::string payout_account;  // by which the processor knows where payouts go; empty: not known
    std::optional<Contact> contact;
    std::uint32_t reserves_made = 0;
    std::vector<Payout> payouts;
    std::map<TransferKey, Sum> received;
    std::map<Word, Sum> paid_in;  // deposits and debts paid, by the processor's reference
    Instant last_at{};
    std::uint64_t version = 0;
    bool operator==(const PartyBook&) const = default;

    const Payout& payout(PayoutNo no) const { return payouts.at(no.value - 1U); }
    const Purse* find_purse(Currency currency) const;
    Minor of(Account account, Currency currency) const;  // 0 in a currency never used
};

// How a sum falls on the party's accounts: what each event adds to each of them.
struct Spread {
    Minor payable = 0, reserve = 0, deposit = 0;
    Minor debt = 0;  // above 0 pays it off, below 0 makes it
    bool operator==(const Spread&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("payable", payable);
        f("reserve", reserve);
        f("deposit", deposit);
        f("debt", debt);
    }
    Minor sum() const { return payable + reserve + deposit + debt; }
};

// `amount` (0 or more) for the party: debt first, then `basis_points` of the rest, rounded half to
// even, into the reserve.
Spread spread_in(const PartyBook& book, Currency currency, Minor amount,
                 std::int32_t basis_points = 0);
// `amount` (0 or more) taken from the party; the spread sums to -amount.
Spread spread_out(const PartyBook& book, Currency currency, Minor amount);

}  // namespace holdfast::ledger
