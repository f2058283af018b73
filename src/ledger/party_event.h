// What has happened to a party's money. Events are the truth and are kept for ever: members are
// added, never renamed, reused or taken out; fields() lists them once. An event tells how its sum
// fell on the accounts, so that a later change of the rules moves nothing in the past.
#pragma once

#include "base/recorded.h"
#include "ledger/party.h"
#include "order/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::ledger {

struct TransferReceived {
    static constexpr std::string_view name = "transfer_received";
    TransferKey key;
    Currency currency = Currency::eur;
    Minor amount = 0;
    TransferCause cause = TransferCause::release;
    Spread spread;
    std::optional<Instant> reserved_until = {};  // where part of it was reserved
    bool operator==(const TransferReceived&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("key", key);
        f("currency", currency);
        f("amount", amount);
        f("cause", cause);
        f("spread", spread);
        f("reserved_until", reserved_until);
    }
};

struct PayoutHeld {
    static constexpr std::string_view name = "payout_held";
    HoldReason reason = HoldReason::operator_decision;
    order::Party by = order::Party::platform;
    bool operator==(const PayoutHeld&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("reason", reason);
        f("by", by);
    }
};

struct PayoutHoldLifted {
    static constexpr std::string_view name = "payout_hold_lifted";
    HoldReason reason = HoldReason::operator_decision;
    order::Party by = order::Party::platform;
    bool operator==(const PayoutHoldLifted&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("reason", reason);
        f("by", by);
    }
};

// All that is payable leaves. The items are what it is made of, and sum to it.
struct PayoutBatched {
    static constexpr std::string_view name = "payout_batched";
    PayoutNo payout;
    Currency currency = Currency::eur;
    Minor amount = 0;
    std::vector<PayoutItem> items;
    bool operator==(const PayoutBatched&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("payout", payout);
        f("currency", currency);
        f("amount", amount);
        f("items", items);
    }
};

// What the processor said. A payout that failed is back with the party, debts first; one that comes
// back after it had succeeded, or succeeds after it had failed, is put right in the same way.
struct PayoutSettled {
    static constexpr std::string_view name = "payout_settled";
    PayoutNo payout;
    PayoutState state = PayoutState::succeeded;
    Spread spread = {};  // failed: sums to the amount; a late success: to less than 0; else empty
    bool operator==(const PayoutSettled&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("payout", payout);
        f("state", state);
        f("spread", spread);
    }
};

// For transfers from now on.
struct ReserveSet {
    static constexpr std::string_view name = "reserve_set";
    std::int32_t basis_points = 0, days = 0;
    bool operator==(const ReserveSet&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("basis_points", basis_points);
        f("days", days);
    }
};

struct ReserveReleased {  // by time
    static constexpr std::string_view name = "reserve_released";
    ReserveNo reserve;
    Currency currency = Currency::eur;
    Minor amount = 0;
    bool operator==(const ReserveReleased&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("reserve", reserve);
        f("currency", currency);
        f("amount", amount);
    }
};

struct DepositPaid {
    static constexpr std::string_view name = "deposit_paid";
    Word reference;  // of the processor
    Currency currency = Currency::eur;
    Minor amount = 0;
    bool operator==(const DepositPaid&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("reference", reference);
        f("currency", currency);
        f("amount", amount);
    }
};

// It pays the debt first; the rest is payable and leaves with the next payout.
struct DepositReturned {
    static constexpr std::string_view name = "deposit_returned";
    Currency currency = Currency::eur;
    Minor amount = 0;
    Spread spread;  // of the amount, without the deposit itself
    bool operator==(const DepositReturned&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("currency", currency);
        f("amount", amount);
        f("spread", spread);
    }
};

struct DepositCoverSet {
    static constexpr std::string_view name = "deposit_cover_set";
    bool covers_debt = false;
    bool operator==(const DepositCoverSet&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("covers_debt", covers_debt);
    }
};

struct Fined {
    static constexpr std::string_view name = "fined";
    Currency currency = Currency::eur;
    Minor amount = 0;
    Word clause;
    FineReason reason = FineReason::other;
    Spread spread;
    bool operator==(const Fined&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("currency", currency);
        f("amount", amount);
        f("clause", clause);
        f("reason", reason);
        f("spread", spread);
    }
};

struct DebtPaid {  // by the party; what is beyond the debt is payable
    static constexpr std::string_view name = "debt_paid";
    Word reference;  // of the processor
    Currency currency = Currency::eur;
    Minor amount = 0;
    Spread spread;
    bool operator==(const DebtPaid&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("reference", reference);
        f("currency", currency);
        f("amount", amount);
        f("spread", spread);
    }
};

struct DebtWrittenOff {  // and borne by `by`: the operator, or whose guarantee it is
    static constexpr std::string_view name = "debt_written_off";
    Currency currency = Currency::eur;
    Minor amount = 0;
    order::PartyId by;
    bool operator==(const DebtWrittenOff&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("currency", currency);
        f("amount", amount);
        f("by", by);
    }
};

struct PayoutAccountSet {  // for payouts from now on
    static constexpr std::string_view name = "payout_account_set";
    std::string account;  // by which the processor knows it; empty: none any more
    bool operator==(const PayoutAccountSet&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("account", account);
    }
};

struct ContactSet {  // and reached there from now on
    static constexpr std::string_view name = "contact_set";
    std::string mark;    // of a person outside the streams
    Word language = {};  // "de-AT"; empty: not said
    bool operator==(const ContactSet&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("mark", mark);
        f("language", language);
    }
};

struct ContactCleared {
    static constexpr std::string_view name = "contact_cleared";
    bool operator==(const ContactCleared&) const = default;
    template <class F>
    void fields(F&&) const {}
};

struct ContactBounced {  // what was sent there came back
    static constexpr std::string_view name = "contact_bounced";
    Word code = {};  // of the answer
    bool operator==(const ContactBounced&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("code", code);
    }
};

using Event = std::variant<TransferReceived, PayoutHeld, PayoutHoldLifted, PayoutBatched,
                           PayoutSettled, ReserveSet, ReserveReleased, DepositPaid, DepositReturned,
                           DepositCoverSet, Fined, DebtPaid, DebtWrittenOff, order::Acknowledged,
                           PayoutAccountSet, ContactSet, ContactCleared, ContactBounced>;

using Recorded = RecordedEvent<Event>;
using Events = std::vector<Recorded>;

std::string_view name_of(const Event& event);

}  // namespace holdfast::ledger
