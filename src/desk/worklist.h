// The worklist: one word for every purchase, with the money, the clock and the next step.
//
// Derived at every look, never stored. The word rests on the same ask() that decides a claim, so it
// cannot promise what the terms do not give. In the order in which they are tried:
//
//   recovered, none      money came back; or nothing was ever paid
//   answer_due, return_due, missed, waiting   a dispute: our turn, our parcel, too late, theirs
//   waiting              cancelled after payment: the refund comes by itself
//   none, late_claim_now, missed      delivered: in time, late with a claim open, late and closed
//   waiting              not shipped
//   claim_now, closing_soon           not delivered and a claim is open
//   missed               not delivered, the last window closed, and its status is understood
//   ask_extension        no claim yet, the promise ends within `extension_before`
//   do_not_confirm       the same, but no more time can be had: only a click of ours could end it
//   waiting              no claim yet
#pragma once

#include "base/money.h"
#include "desk/arrival_chance.h"
#include "desk/observation.h"
#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/purchase_facts.h"
#include "desk/rates.h"
#include "desk/reversal.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

enum class WorkWord : std::uint8_t {
    claim_now,
    late_claim_now,
    closing_soon,
    ask_extension,
    do_not_confirm,
    answer_due,
    return_due,
    waiting,
    missed,
    recovered,
    none
};
std::string_view to_string(WorkWord word);
std::optional<WorkWord> parse_work_word(std::string_view text);
bool can_be_claimed(WorkWord word);  // now

struct Countdown {
    Instant at;
    std::string what;  // "claim closes", "claim opens", "promise ends", "refund falls due"
    bool operator==(const Countdown&) const = default;
};

// A customer's dispute about a sale (desk/customer_dispute.h), as far as a row shows it.
struct CustomerDispute {
    std::string system, reference;  // "stripe", "du_…"
    MovementSeen::Kind kind = MovementSeen::Kind::dispute;
    std::optional<Money> amount = {};
    std::optional<Instant> answer_by = {};
    bool is_ours = false;  // to answer
    bool operator==(const CustomerDispute&) const = default;
};

// The first of the clocks that run, and which they are.
struct ActBy {
    Instant at;
    std::string why;
    bool operator==(const ActBy&) const = default;
};

struct WorkItem {
    WorkWord word = WorkWord::none;
    std::string system, reference, title;
    std::optional<Money> at_stake;  // zero where nothing is; empty where no source names a sum
    std::string clause;             // its id; empty where no clause spoke
    std::optional<Instant> opens_at, closes_at;  // of the claim
    std::optional<Countdown> countdown;
    bool estimated = false;
    std::vector<std::string> estimates;  // why
    std::vector<std::string> doubts;
    std::string next_step;
    std::string why;
    std::string seller;  // the supplier's store
    std::vector<std::string> sale_references;
    std::string terms_id;
    std::optional<terms::Reason> reason;  // asked about: not_received or late
    std::optional<Instant> promised_by;
    bool promise_estimated = false;
    std::optional<ArrivalChance> arrival = {};  // where somebody asked a model for it
    std::optional<Reversal> reversal = {};      // of money that had come back
    DataAge age;
    bool is_dispute = false;                  // the row of a customer's dispute, not of a purchase
    std::vector<PurchaseKey> purchases = {};  // of a dispute's row: those that served its sales
    std::vector<CustomerDispute> disputes = {};  // of a purchase's row: about the sales it serves
    std::optional<ActBy> act_by = {};            // where a dispute and a claim hang together
    bool operator==(const WorkItem&) const = default;
};

WorkItem assess(const Purchase& purchase, std::span<const Parcel> parcels,
                std::span<const std::string> sale_references, const terms::Terms& terms,
                const DeskOptions& options, Instant now);

// A claim that somebody filed by hand, before any source shows its dispute.
struct FiledClaim {
    Instant at{};
    std::string case_number = {};  // the platform's; empty: it gave none
    bool operator==(const FiledClaim&) const = default;
};
// Of a row that may be claimed: it waits for the platform now, and nothing of it lapses.
void note_filed(WorkItem& item, const FiledClaim& claim);

// A purchase under no terms: what is known, and that no rule says more.
WorkItem assess_without_terms(const Purchase& purchase,
                              std::span<const std::string> sale_references);

// How much lapses how soon: what the worklist is sorted by.
struct Urgency {
    bool converted = false;  // to options.currency; else a rate is missing, or the sum
    std::int64_t stake = 0;  // minor units of it, else of its own currency
    std::optional<Instant> closes_at = {};
    std::optional<Instant> act_by = {};  // where a customer's dispute must be answered before
    bool operator==(const Urgency&) const = default;
};
Urgency urgency_of(const WorkItem& item, const Rates& rates, const DeskOptions& options,
                   Instant now);
// By the money that lapses per hour, then by stake; of two as urgent neither goes first.
bool is_more_urgent(const Urgency& a, const Urgency& b, Instant now);

// Sorted by the money that lapses per hour, what never closes or has closed after that; then by
// stake and reference. Sums that no rate converts to options.currency come after those it does.
void rank(std::vector<WorkItem>& items, const Rates& rates, const DeskOptions& options,
          Instant now);

}  // namespace holdfast::desk
