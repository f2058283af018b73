// Remedies: every way out of a customer's complaint, and what each of them leaves.
//
// A way is a row of steps. Where something is not known yet (does the parcel arrive, is our claim
// granted, does the customer accept) it forks into outcomes; each outcome is a list of terms that
// add up to its profit exactly. Chances are basis points, given or absent: an expected value that
// depends on an absent one is not shown, and `missing` says what it would take.
//
// What the customer is due (desk/due.h) is a constraint: a way that gives less is not allowed,
// whatever it earns. Profit only orders what is allowed.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/money.h"
#include "desk/due.h"
#include "desk/rates.h"
#include "terms/vocabulary.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

// An amount and the day by whose rate it is converted.
struct Dated {
    Money amount;
    Day on;
    bool operator==(const Dated&) const = default;
};

// Where our claim against a supplier stands.
enum class ClaimState : std::uint8_t {
    none,     // not possible, or nothing is left to claim
    open,     // possible now, or filed and not decided
    granted,  // the money is sure: it counts in every way
};

std::string_view to_string(ClaimState state);

// A purchase that served the sale. One that the complaint is not about counts with its cost alone:
// it is neither claimed on nor bought again.
struct Supply {
    std::string name;                    // "aliexpress 3099…"
    std::optional<Dated> cost = {};      // what we paid; absent: no source says
    std::optional<Dated> received = {};  // the supplier's refund that has come already
    ClaimState claim = ClaimState::none;
    std::optional<Dated> claimable = {};  // what the claim brings; the rest of `cost` if absent
    std::string claim_why = {};           // for people: why the claim stands there
    bool concerned = true;                // the complaint is about it
};

// Of those who are offered this share of what they have not had back, so many accept.
struct AcceptPoint {
    std::int32_t share = 0, chance = 0;  // basis points
    bool operator==(const AcceptPoint&) const = default;
};

// In basis points, 0 to 10,000. Absent: not known, and nothing is invented in its place.
struct Chances {
    std::optional<std::int32_t> arrival = {};  // that what is under way arrives after all
    std::optional<std::int32_t> arrival_by_promise = {};  // that it arrives by `wait_until`
    // That it arrives within so many days from now: each is a wait of its own.
    std::map<std::int32_t, std::int32_t> arrival_within = {};
    std::optional<std::int32_t> claim = {};   // that our open claims are granted, all or none
    std::optional<std::int32_t> accept = {};  // that the customer accepts an offer
    // Where it hangs on the offer: by share, growing; between two points in a straight line, and
    // beyond the last as there. From nothing, which nobody accepts.
    std::vector<AcceptPoint> accept_part = {};
};

// That the customer accepts `part` of `rest`: by the curve, else by `accept`.
std::optional<std::int32_t> accept_of(const Chances& chances, Money part, Money rest);

// What the operator of the desk set, for all sales.
struct RemedyRules {
    std::int32_t fee_basis_points = 0;            // what the payment processor took of the sale
    std::optional<Money> fee_fixed = {};          // and per sale
    std::int32_t fee_kept_basis_points = 10'000;  // the part of its fee that it keeps on a refund
    // The chance that a customer who is left with neither the goods as ordered nor the whole
    // refund takes the rest back through the bank, and what the bank takes for it.
    std::int32_t chargeback_basis_points = 0;
    std::optional<Money> chargeback_fee = {};
    std::int32_t resend_days = 63;  // until what is sent again has arrived
};

// `refunded` and `part` are of the currency of `paid`, and no amount is below 0.
struct Complaint {
    terms::Reason reason = terms::Reason::not_received;
    bool goods_there = false;            // the customer has them, in whatever state
    bool under_way = false;              // something may still arrive
    Dated paid;                          // by the customer
    std::optional<Dated> refunded = {};  // to the customer, before
    std::vector<Supply> supplies = {};   // none: what the goods cost is not known
    std::optional<Dated> resend = {};    // cost of sending again; what the purchases cost if absent
    std::optional<Dated> resend_other = {};    // cost of sending again from another supplier
    std::optional<Dated> gift = {};            // cost of an extra item
    std::optional<Dated> part = {};            // what a partial refund gives
    std::optional<Dated> return_postage = {};  // where we bear it
    std::optional<Instant> wait_until = {};    // what waiting waits for
};

enum class Step : std::uint8_t {
    wait,
    claim,
    resend,
    refund,
    part_refund,
    gift,
    return_goods,
    resend_other
};
std::string_view to_string(Step step);  // return_goods is "return"

enum class Fork : std::uint8_t { arrives, claim_granted, accepted, charged_back };
std::string_view to_string(Fork fork);  // "claim_granted"; kept with choices

struct Branch {
    Fork fork = Fork::arrives;
    bool yes = false;
    bool operator==(const Branch&) const = default;
};

// One term of a sum; what we pay is below 0.
struct SumTerm {
    std::string label;
    Money amount;                      // in its own currency
    std::optional<Money> report = {};  // in the report's; absent: no rate is known for the day
    Day on = {};                       // whose rate counts
    std::vector<RateUsed> rates = {};  // none where the currency is the report's
    bool operator==(const SumTerm&) const = default;
};

struct Outcome {
    std::vector<Branch> when;  // what must happen for it
    std::vector<SumTerm> terms;
    std::optional<Money> profit;  // their sum; absent where one is not known
    std::string gets;             // what the customer then has
    bool possible = true;         // its chance is not known to be 0
    // Basis points, rounded; absent where that of one branch is not known.
    std::optional<std::int32_t> chance = {};
};

struct Way {
    std::string name;  // "claim_then_resend", "wait_14_days_then_refund"
    std::vector<Step> steps;
    std::optional<std::int32_t> wait_days = {};  // of a wait that ends before the promise
    std::optional<Money> part = {};  // that it offers: as given, else the one that pays best
    bool allowed = false;
    std::string reason;     // why it is not allowed
    std::string condition;  // what must hold where it is allowed
    // In the report's currency; the expected profit is rounded once, half a unit to the even one.
    std::optional<Money> expected, best, worst;
    std::optional<Money> cash_now;  // what moves today; what is still to be answered does not
    std::string gets;               // what the customer gets
    std::optional<Instant> by;      // and by when, at the latest; absent: open-ended
    std::vector<Outcome> outcomes;
    std::vector<std::string> missing;  // what it takes to know the rest
};

struct Remedies {
    Due due;
    std::vector<Way> ways;  // allowed first, most profit first; then what is not allowed
};

// Allowed ways are ordered by the expected profit, by the worst where that is not known.
Remedies remedies_of(const Complaint& complaint, const Due& due, const Chances& chances,
                     const RemedyRules& rules, const Rates& rates, Currency report, Instant now);

// "it arrives", "our claim is not granted": for people.
std::string to_text(const Branch& branch);

}  // namespace holdfast::desk
