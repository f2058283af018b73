// A claim packet: all that it takes to file a claim by hand on a platform that has no interface for
// it. The text to paste, what to attach, what to do one after the other, and the case number to
// enter in the end.
//
// The reason comes from the facts. Another one may be asked for, and is refused with why where the
// facts contradict it or the terms do not give it. A form that takes less text gets the same claim
// without what is not needed; a delivery scan is never left out.
#pragma once

#include "base/money.h"
#include "desk/claim.h"
#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/phrases.h"
#include "desk/purchase.h"
#include "desk/worklist.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::desk {

// What the platform's form takes.
struct PacketForm {
    std::optional<std::size_t> text_most = {};  // letters (Unicode code points); absent: no limit
                                                // is known
};
// As far as a source says: PayPal's notes have 2,000 letters, CJ's messages 500.
PacketForm form_of(std::string_view system);

struct PacketAttachment {
    std::uint32_t number = 0;  // from 1
    std::string what;
    std::string source;  // the file that it comes from; empty: somebody has to bring it
    bool needed = false;
    bool operator==(const PacketAttachment&) const = default;
};

struct ClaimPacket {
    std::string system, reference;
    terms::Reason reason = terms::Reason::not_received;
    std::string why, clause;  // what the reason rests on; the clause that gives the claim
    std::optional<Money> amount;
    std::optional<Instant> closes_at;
    std::string language, text;
    std::optional<std::size_t> text_most;  // of the form; absent: not known
    bool shortened = false;
    std::vector<PacketAttachment> attachments;
    std::vector<std::string> steps;  // the last one: enter the case number
    // The same under the names that the platform's own interface gives them, as docs/claims.md has
    // them; none where it has no such interface, or none that we know.
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<ReasonCheck> reasons;  // all, and why those that cannot be chosen cannot
};

struct PacketAsk {
    std::optional<terms::Reason> complaint = {};  // what the customer says; absent: nothing, and
                                                  // the claim quotes nobody
    std::optional<terms::Reason> reason = {};     // of the claim; absent: from the facts
    std::optional<Instant> customer_due_by = {};  // until when we owe the customer
    std::optional<FiledClaim> filed = {};         // by hand already
};

// The error is a sentence: why there is no such claim.
[[nodiscard]] std::expected<ClaimPacket, std::string> claim_packet(
    const Purchase& purchase, std::span<const Parcel> parcels, const terms::Terms* terms,
    const DeskOptions& options, const PacketAsk& ask, const PacketForm& form,
    const Phrases& phrases, Instant now);

}  // namespace holdfast::desk
