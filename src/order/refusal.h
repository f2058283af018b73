// Why a request is refused: a closed list. The checks run in this list's order, and the first that
// fails is the answer; `not_granted` is the terms' own no, with its clause and instants, and
// comes after what makes no sense and before what is only a matter of sums.
#pragma once

#include "order/order.h"
#include "terms/ask.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::order {

enum class RefusalCode : std::uint8_t {
    // What makes no sense here.
    not_placed,          // there is no such order yet
    already_placed,      // there is one
    wrong_role,          // not for this party to do
    malformed,           // no lines, no quantity, a sum below 0 or out of range
    unknown_line,        // no such line, or one named twice
    quantity_too_large,  // more than was ordered and not cancelled
    unknown_shipment,
    unknown_dispute,
    unknown_offer,
    unknown_instruction,
    unknown_chargeback,
    unknown_notice,
    // Where things stand.
    order_over,         // completed or cancelled
    nothing_unshipped,  // all is on its way
    not_negotiating,    // the dispute is not where this can be done
    not_under_review,   // the dispute is not with the platform
    dispute_closed,
    offer_not_open,
    offer_expired,
    own_offer,   // one's own cannot be accepted
    no_return,   // no return where this can be done
    no_arrival,  // nothing came after a refund, or it is settled
    not_failed,  // only a failed instruction is repeated
    no_cancel_request,
    evidence_not_in_time,  // the chargeback's due date has passed
    code_missing,          // a verdict needs a published reason
    messages_ended,        // the order has been over for too long; `closes_at` says since when
    too_many_messages,     // as many as this party may write about the order
    // What the terms say.
    not_granted,
    // Sums, and what else runs.
    lines_in_dispute,    // another dispute on these goods is not over
    remedy_not_offered,  // the clause does not grant the remedy that is wanted
    amount_exceeds,      // more than can be refunded or granted; `limit` says how much can
    nothing_refundable,
    due_in_past,      // an instant that must lie ahead does not
    default_pending,  // a default has struck and is about to be carried out
    count_
};

std::string_view to_string(RefusalCode value);
std::string_view text_of(RefusalCode code);  // one sentence for people

struct Refusal {
    RefusalCode code = RefusalCode::malformed;
    // With not_granted:
    terms::Outcome outcome = terms::Outcome::not_eligible;
    std::int32_t clause = -1;  // of the terms, or of the law; -1: no clause speaks of it
    std::optional<Standing> standing = {};  // of the parties, where the terms were asked with it
    // With not_granted, default_pending and messages_ended:
    std::optional<Instant> opens_at = {}, closes_at = {};
    // With amount_exceeds:
    std::optional<Minor> limit = {};
    bool operator==(const Refusal&) const = default;
};

}  // namespace holdfast::order
