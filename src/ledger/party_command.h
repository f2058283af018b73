// What may be asked of a party's book (requests) and what it is told (observations).
//
// Requests are the operator's, by party `platform`; a seller asks for none of them. Sums are minor
// units of the currency beside them, above 0 unless said otherwise.
#pragma once

#include "ledger/party.h"
#include "ledger/transfer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::ledger {

// --- Requests

struct HoldPayouts {
    static constexpr std::string_view name = "hold_payouts";
    HoldReason reason = HoldReason::operator_decision;
};
struct LiftHold {
    static constexpr std::string_view name = "lift_hold";
    HoldReason reason = HoldReason::operator_decision;
};
struct BatchPayout {  // all that is payable in one currency
    static constexpr std::string_view name = "batch_payout";
    Currency currency = Currency::eur;
    Minor at_least = 1;  // less is not worth a payout
};
struct SetReserve {  // for transfers from now on
    static constexpr std::string_view name = "set_reserve";
    std::int32_t basis_points = 0;  // 0 to 10 000
    std::int32_t days = 0;          // 0 to 3650; 1 or more with basis points
};
struct SetDepositCover {
    static constexpr std::string_view name = "set_deposit_cover";
    bool covers_debt = false;
};
struct ReturnDeposit {  // at most the deposit
    static constexpr std::string_view name = "return_deposit";
    Currency currency = Currency::eur;
    Minor amount = 0;
};
struct Fine {
    static constexpr std::string_view name = "fine";
    Currency currency = Currency::eur;
    Minor amount = 0;
    Word clause;
    FineReason reason = FineReason::other;
};
struct WriteOffDebt {  // at most the debt
    static constexpr std::string_view name = "write_off_debt";
    Currency currency = Currency::eur;
    Minor amount = 0;
    order::PartyId by;  // who bears it
};
struct BeginBooks {  // there is such a party; one that has books keeps them as they are
    static constexpr std::string_view name = "begin_books";
};
struct SetPayoutAccount {  // for payouts from now on
    static constexpr std::string_view name = "set_payout_account";
    std::string account;  // by which the processor knows it; empty: none any more
};

struct SetContact {
    static constexpr std::string_view name = "set_contact";
    std::string mark;    // of the person, see store.h
    Word language = {};  // BCP 47; empty: not said
};
struct ClearContact {
    static constexpr std::string_view name = "clear_contact";
};

using Request =
    std::variant<HoldPayouts, LiftHold, BatchPayout, SetReserve, SetDepositCover, ReturnDeposit,
                 Fine, WriteOffDebt, SetPayoutAccount, BeginBooks, SetContact, ClearContact>;

struct Command {
    order::Party by = order::Party::platform;
    Request request;
};

// --- Observations. The same one again changes nothing.

struct SeeTransfer {
    static constexpr std::string_view name = "transfer";
    Transfer transfer;
};
struct SeePayout {
    static constexpr std::string_view name = "payout";
    PayoutNo payout;
    PayoutState state = PayoutState::succeeded;  // or failed
};
struct SeeDepositPaid {
    static constexpr std::string_view name = "deposit_paid";
    Word reference;  // the processor's, one for ever
    Currency currency = Currency::eur;
    Minor amount = 0;
};
struct SeeDebtPaid {
    static constexpr std::string_view name = "debt_paid";
    Word reference;
    Currency currency = Currency::eur;
    Minor amount = 0;
};

struct SeeBounced {  // what was sent to this contact; of an older one it changes nothing
    static constexpr std::string_view name = "contact_bounced";
    std::string mark;
    Word code = {};
};

using Seen = std::variant<SeeTransfer, SeePayout, SeeDepositPaid, SeeDebtPaid, SeeBounced>;

struct Observation {
    Instant when{};  // by its source; a time after it was seen is taken as seen
    Seen seen;
};

}  // namespace holdfast::ledger
