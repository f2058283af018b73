// What one order may still cost, over all its remedies at once, and who would bear it.
//
// Each dispute that is not over counts once, with the most that its request, an open or sleeping
// offer, its verdict or its agreed return may come to; all together count at most what can still go
// back to the buyer. Sums are minor units of the order's currency, 0 or more unless said.
#pragma once

#include "ledger/account.h"
#include "ledger/party.h"
#include "order/order.h"

#include <optional>
#include <vector>

namespace holdfast::ledger {

// Who bears a sum that goes to the buyer.
struct Bearers {
    Minor seller = 0;  // of what they have or would have got, after the commission
    Minor fees = 0;    // commission that falls away
    Minor guarantee = 0;
    bool operator==(const Bearers&) const = default;
    Minor sum() const { return seller + fees + guarantee; }
};

// What terms say of sums; asked by the caller.
struct Caps {
    std::optional<Minor> compensation = {};  // all that may be given beyond what was paid
    bool guarantee_pays = false;             // for refunds yet to come, before the seller
};

// One dispute that is not over.
struct DisputeExposure {
    order::DisputeNo dispute;
    Minor requested = 0;    // by the buyer; 0 once it is settled
    Minor offered = 0;      // the largest offer that is open or sleeps
    Minor decided = 0;      // by a verdict not carried out
    Minor returning = 0;    // due when the return is back
    Minor at_most = 0;      // of money back: the largest of them, as far as its lines allow
    Minor credit = 0;       // the largest credit or coupon offered or decided
    Minor replacement = 0;  // goods offered, decided or agreed and not sent yet, at their price
    bool operator==(const DisputeExposure&) const = default;
};

struct Exposure {
    // What has happened.
    Minor captured = 0, refunded = 0, compensated = 0, charged_back = 0;
    Minor replaced = 0;  // goods sent as replacements, at their price
    Minor twice = 0;     // left twice: an instruction that was repeated and then had not failed
    Minor chargebacks_open = 0;  // of what is charged back: may still be won
    Bearers borne;               // of all that was refunded, compensated and charged back

    // What may come.
    std::vector<DisputeExposure> disputes;
    Minor refundable = 0;  // the cap: what can still go back to the buyer
    Minor open = 0;        // money back over all disputes, at most `refundable`
    Bearers would_bear;    // of `open`
    std::optional<Minor> compensation_left = {};  // of its cap; none: no cap is known
    Minor credit = 0;                             // over all disputes
    Minor replacement = 0;                        // over all disputes
    Minor at_most = 0;  // open + replacement + the larger of credit and what is left of the cap
    bool operator==(const Exposure&) const = default;
};

Exposure exposure_of(const order::Order& order, const Caps& caps = {});

// Of the open exposure, what would be taken from the seller's own stream: released already.
Minor from_released(const order::Order& order, const Caps& caps = {});

// --- Netting: what is kept of a seller here, against what they owe and may come to owe.

struct Cover {
    Minor owed = 0;                               // their debt and what may still be taken
    Minor payable = 0, reserve = 0, deposit = 0;  // used to cover it, in this order
    Minor uncovered = 0;                          // would fall on the guarantee until they pay
    bool operator==(const Cover&) const = default;
};
// `to_take`, 0 or more: from_released() over all of the party's orders in this currency.
Cover cover_of(const PartyBook& book, Currency currency, Minor to_take);

}  // namespace holdfast::ledger
