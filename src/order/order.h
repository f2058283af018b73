// The protected order: what it is, and where each of its small machines stands.
//
// The state is a product: payment, each shipment, each dispute with its offers, its return or its
// replacement, each chargeback. It is only ever made by folding events (evolve.h); nothing here
// decides. All sums are whole minor units of the order's one currency.
//
//   payment    unpaid -> authorised -> captured (in parts) -> held -> released | refunded
//   dispute    negotiating -> escalated -> decided -> appealed -> closed
//              negotiating | escalated -> sleeping (a settlement that waits) -> closed
//              … -> returning | replacing -> closed
//   order      placed -> paid -> shipped -> completed;  placed | paid -> cancelled
//
// For the money of an order, always:
//   captured + advanced = held + released + refunded + compensated + fees + charged_back
#pragma once

#include "base/currency.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/word.h"
#include "terms/choose.h"
#include "terms/facts.h"
#include "terms/vocabulary.h"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::order {

using terms::Party;
using terms::Reason;
using terms::Remedy;
using terms::When;

struct PartyTag {
    static constexpr std::string_view prefix = "pty";
};
using PartyId = Id<PartyTag>;

using Minor = std::int64_t;  // minor units of the order's currency

// The n-th thing of its kind within one order, from 1; 0 is none. Ids for the outside are derived
// from the order's id, the kind and this.
template <class Tag>
struct Ordinal {
    std::uint16_t value = 0;
    auto operator<=>(const Ordinal&) const = default;
};
using LineNo = Ordinal<struct LineTag>;
using ShipmentNo = Ordinal<struct ShipmentTag>;
using DisputeNo = Ordinal<struct DisputeTag>;
using OfferNo = Ordinal<struct OfferTag>;
using InstructionNo = Ordinal<struct InstructionTag>;
using ChargebackNo = Ordinal<struct ChargebackTag>;
using MessageNo = Ordinal<struct MessageTag>;
using EvidenceNo = Ordinal<struct EvidenceTag>;  // over all disputes of the order
using NoticeNo = Ordinal<struct NoticeTag>;

// The number of the thing at `index` of its list, and back; whether a list has that number.
template <class No>
No nth(std::size_t index) {
    return {static_cast<std::uint16_t>(index + 1)};
}
template <class Tag>
std::size_t index_of(Ordinal<Tag> no) {
    return no.value - 1U;
}
template <class T, class Tag>
bool has(const std::vector<T>& things, Ordinal<Tag> no) {
    return no.value >= 1 && no.value <= things.size();
}

enum class Custody : std::uint8_t { held, with_seller, outside, count_ };
enum class Decider : std::uint8_t { here, elsewhere, count_ };

// What a carrier said.
enum class ScanKind : std::uint8_t {
    accepted,
    moving,
    out_for_delivery,
    pickup_waiting,
    delivered,
    delivered_signed,
    returned_to_sender,
    lost,
    damaged,
    customs,
    refused,
    exception,
    count_
};

// How a return arrived.
enum class Condition : std::uint8_t {
    as_sent_out,
    opened,
    used,
    damaged,
    incomplete,
    other_item,
    empty_parcel,
    count_
};

// The published reasons of a verdict.
enum class VerdictCode : std::uint8_t {
    tracking_shows_delivery,
    no_proof_of_delivery,
    delivered_late,
    delivered_elsewhere,
    item_differs,
    item_damaged,
    parts_missing,
    counterfeit_shown,
    as_described,
    no_evidence_from_buyer,
    no_evidence_from_seller,
    return_not_as_sent_out,
    settled_by_terms,
    new_information,
    count_
};

enum class Compensation : std::uint8_t { goodwill, coupon, return_postage, count_ };

// What a buyer does about goods that came after the refund.
enum class ArrivalChoice : std::uint8_t { pay, send_back, keep, count_ };

// Who may read a message beside the one that wrote it.
enum class Audience : std::uint8_t { everyone, platform, count_ };

bool is_delivery(ScanKind kind);

std::string_view to_string(Custody value);
std::string_view to_string(Decider value);
std::string_view to_string(ScanKind value);
std::string_view to_string(Condition value);
std::string_view to_string(VerdictCode value);
std::string_view to_string(Compensation value);
std::string_view to_string(ArrivalChoice value);
std::string_view to_string(Audience value);

struct LineQuantity {
    LineNo line;
    std::int32_t quantity = 0;
    bool operator==(const LineQuantity&) const = default;
};
using Lines = std::vector<LineQuantity>;  // each line once; empty in a question: all

struct PlacedLine {
    Word sku = {};
    std::int32_t quantity = 1;  // 1 or more
    Minor unit_price = 0;       // 0 or more
    bool operator==(const PlacedLine&) const = default;
};

struct Line {
    PlacedLine placed;
    std::int32_t cancelled = 0;  // units taken out before they were shipped
    Minor refunded = 0;          // of the goods' price
    bool operator==(const Line&) const = default;
};

struct Scan {
    ScanKind kind = ScanKind::moving;
    Instant when{};     // by the carrier
    Instant seen_at{};  // here
    bool withdrawn = false;
    bool operator==(const Scan&) const = default;
};

struct Shipment {
    Lines lines = {};
    Word tracking = {};  // empty: none
    Instant when{}, seen_at{};
    std::vector<Scan> scans = {};            // as seen
    std::optional<DisputeNo> replaces = {};  // sent to settle this dispute
    Word carrier = {};                       // by its code; empty: not said
    bool operator==(const Shipment&) const = default;
};

// One way to end a dispute. Without a remedy: nothing is owed.
struct Settlement {
    std::optional<Remedy> remedy = {};
    Minor amount = 0;  // to the buyer; of a return, once it is back
    bool operator==(const Settlement&) const = default;
};

// What an offer proposes: a settlement, or one that sleeps until the goods arrive or do not.
struct Plan {
    Settlement then;
    std::optional<Instant> arrives_by = {};  // then `then` if they arrive before it…
    Settlement otherwise = {};               // …and this if not; without remedy: all as before
    bool operator==(const Plan&) const = default;
};

enum class OfferState : std::uint8_t { open, accepted, declined, expired, replaced };

struct Offer {
    DisputeNo dispute;
    Party by = Party::seller;
    Plan plan;
    Instant made_at{};
    std::optional<Instant> expires_at = {};
    OfferState state = OfferState::open;
    bool operator==(const Offer&) const = default;
};

struct Verdict {
    Settlement settlement;
    Party winner = Party::buyer;
    std::vector<VerdictCode> codes = {};
    bool operator==(const Verdict&) const = default;
};

enum class DisputePhase : std::uint8_t {
    negotiating,
    escalated,
    decided,
    appealed,
    sleeping,
    returning,
    replacing,
    closed,
    count_
};
std::string_view to_string(DisputePhase value);

// The way back of disputed goods. Moments are when things happened.
struct Return {
    Minor amount = 0;                      // due to the buyer at its end
    std::optional<Party> postage_by = {};  // who pays the way back
    Hash address{};                        // where to, kept outside the stream; zero: not said
    Party address_by = Party::seller;      // whose text it is
    Word label = {};                       // who gave a label; empty: none yet
    std::optional<Instant> agreed = {}, sent = {}, delivered = {}, received = {}, contested = {};
    Instant delivered_seen_at{};
    std::optional<Condition> condition = {};
    Word tracking = {};
    bool operator==(const Return&) const = default;
};

// What a piece of evidence says in members of its own: the claim of whoever hands it in. Which of
// them a kind has is said in evidence.h.
struct EvidenceRecord {
    std::optional<ShipmentNo> shipment = {};
    Word carrier = {}, tracking_number = {};  // visible ASCII; empty: not said
    std::optional<Instant> shipped_at = {}, delivered_at = {};
    std::optional<InstructionNo> refund = {};  // one that was told from here
    std::string reference = {};                // a processor's or another's name; empty: not said
    std::optional<Minor> amount = {};
    bool operator==(const EvidenceRecord&) const = default;

    bool empty() const { return *this == EvidenceRecord{}; }
};

// How a party is told of an event. By mail it is this service that tells, or the marketplace.
enum class NoticeWay : std::uint8_t { mail, webhook, portal, app, letter, count_ };
std::string_view to_string(NoticeWay value);

// queued: to be told, and nothing is known of it yet. sent: it left, and somebody on the way took
// it. delivered: it is where the party reads. bounced: it came back. failed: it never left.
enum class NoticeState : std::uint8_t { queued, sent, delivered, bounced, failed, count_ };
std::string_view to_string(NoticeState value);

// That one party was told of one event in one way, and what is known of it. Reports come in any
// order; whatever their order, they leave the same state.
struct Notice {
    Party of = Party::seller;  // buyer or seller
    std::uint64_t about = 0;   // the event, by its number in the order's stream
    NoticeWay by = NoticeWay::mail;
    Instant made_at{};
    std::optional<Instant> sent = {}, delivered = {}, bounced = {}, failed = {};
    Instant delivered_seen_at{};  // when that was known here
    std::string to = {};  // who it went to, by their mark outside the streams; empty: unsaid
    Word code = {};       // of the newest report: "250 2.0.0", "no_contact"
    bool operator==(const Notice&) const = default;

    NoticeState state() const {
        if (bounced) return NoticeState::bounced;
        if (delivered) return NoticeState::delivered;
        if (sent) return NoticeState::sent;
        return failed ? NoticeState::failed : NoticeState::queued;
    }
    bool is_told() const { return state() == NoticeState::delivered; }
};

struct Evidence {
    EvidenceNo no;
    Party by = Party::buyer;
    Word kind = {};  // older orders have kinds that are on no list
    Hash content{};  // of the file, or of the record's text where there is none
    Instant at{};
    EvidenceRecord record = {};
    bool operator==(const Evidence&) const = default;
};

struct EvidenceAsked {
    Party of = Party::seller;
    Instant at{}, due_at{};
    bool answered = false, lapsed = false;
    bool operator==(const EvidenceAsked&) const = default;
};

struct Dispute {
    Lines lines = {};
    Reason reason = Reason::not_received;
    Word sub_reason = {};
    std::optional<Remedy> wanted = {};
    Minor requested = 0;
    // What the right that opened it grants: these remedies (none named: any) and at most this sum.
    std::vector<Remedy> granted = {};
    std::optional<Minor> most = {};
    Word tracking = {};  // of its lines, when it was opened
    DisputePhase phase = DisputePhase::negotiating;
    Instant opened{};
    std::uint64_t opened_by = 0;  // the event, by its number in the order's stream
    // When it was first known here that the seller had been told of its opening.
    std::optional<Instant> notified = {};
    std::optional<Instant> modified, answered, withdrawn, accepted, escalated, decided, appealed,
        appeal_decided, closed;
    Instant changed_at{};  // when the phase last changed
    std::int32_t appeals = 0;
    std::optional<Verdict> verdict = {};
    std::optional<OfferNo> sleeping = {};  // the accepted offer it sleeps on
    std::vector<EvidenceAsked> asked = {};
    std::vector<Evidence> evidence = {};
    std::optional<Return> back = {};
    std::optional<Instant> replacement_agreed = {}, replacement_shipped = {},
                           replacement_delivered = {};
    Minor refunded = 0;
    Word upstream_system = {}, upstream_reference = {};  // our claim elsewhere that follows from it
    Minor upstream_granted = 0;
    bool operator==(const Dispute&) const = default;

    bool is_closed() const { return phase == DisputePhase::closed; }
    bool is_quarrel() const { return phase <= DisputePhase::sleeping; }  // not settled yet
};

enum class InstructionKind : std::uint8_t { refund, compensation, void_authorisation, count_ };
enum class InstructionState : std::uint8_t { pending, succeeded, failed, count_ };
std::string_view to_string(InstructionKind value);
std::string_view to_string(InstructionState value);

// Money told to leave. Its key for the processor comes from (order, kind, ordinal).
struct Instruction {
    InstructionKind kind = InstructionKind::refund;
    Minor amount = 0;
    InstructionState state = InstructionState::pending;
    std::optional<InstructionNo> again = {};  // the one that took its place
    std::string source = {};  // the payment that it gives back or voids; empty: not known
    bool operator==(const Instruction&) const = default;
};

// A payment as its processor knows it. One whose source did not name it is not listed.
struct ProcessorPayment {
    std::string reference = {};
    Minor authorised = 0;  // and not captured
    Minor captured = 0;
    Minor given_back = 0;  // by refunds that are under way or succeeded
    bool operator==(const ProcessorPayment&) const = default;
};

// How a processor may name a thing of its own (a payment, an account): 1 to 255 visible ASCII
// characters.
bool is_processor_name(std::string_view text);

enum class ChargebackState : std::uint8_t { open, answered, won, lost, count_ };
std::string_view to_string(ChargebackState value);

struct Chargeback {
    Minor amount = 0;
    Minor from_held = 0, from_seller = 0, from_guarantee = 0;
    Minor fee_back = 0;
    Instant opened{};
    std::optional<Instant> evidence_due = {};
    ChargebackState state = ChargebackState::open;
    bool operator==(const Chargeback&) const = default;
};

struct Money {
    Minor authorised = 0;  // and not captured
    std::optional<Instant> authorisation_until = {};
    Minor captured = 0, advanced_by_seller = 0, advanced_by_guarantee = 0;
    Minor held = 0, released = 0, refunded = 0, compensated = 0, fees = 0, charged_back = 0;
    Minor gross = 0;  // what released and fees came from, less what the seller gave back
    bool operator==(const Money&) const = default;

    Minor advanced() const { return advanced_by_seller + advanced_by_guarantee; }
};

// What somebody wrote about the order, or a dispute of it. Its text is kept outside the stream.
struct Message {
    Party by = Party::buyer;
    Audience to = Audience::everyone;
    std::optional<DisputeNo> dispute = {};
    Hash text{};
    std::vector<Hash> files = {};  // of the dispute's
    Instant at{};
    bool operator==(const Message&) const = default;

    bool is_for(Party reader) const {
        return to == Audience::everyone || reader == by || reader == Party::platform;
    }
};
constexpr std::size_t messages_most = 200;  // of a party, about one order
constexpr std::size_t message_files_most = 10;
constexpr Duration messages_after = std::chrono::days{180};  // that nothing runs any more

// A refund, apart: goods by line, and what came with them.
struct Parts {
    std::vector<std::pair<LineNo, Minor>> goods = {};
    Minor shipping = 0, tax = 0, fee = 0;
    Minor excess = 0;  // paid beyond the order's total
    bool operator==(const Parts&) const = default;
};

// What was said once when the order was placed.
struct Placement {
    PartyId buyer, seller;
    Currency currency = Currency::eur;
    std::vector<PlacedLine> lines = {};
    Minor shipping = 0, tax = 0, fee = 0;
    std::int32_t commission_basis_points = 0;  // of what the seller is paid, 0 to 10 000
    Custody custody = Custody::held;
    Decider decider = Decider::here;
    terms::Pin terms;
    When promised_by = {};  // the latest delivery date
    When ship_by = {};
    std::vector<std::pair<terms::Attribute, Word>> attributes = {};
    std::vector<std::pair<terms::Number, std::int64_t>> numbers = {};
    std::vector<Word> item_marks = {};
    bool operator==(const Placement&) const = default;
};

// A default that struck: once for its clause, dispute and instant.
struct Struck {
    Word clause = {};
    DisputeNo dispute;
    Instant legal_at{};
    bool operator==(const Struck&) const = default;
};

// How the parties stood over the orders placed since, as far as the terms ask for it.
struct Standing {
    Instant since{};
    std::vector<std::pair<terms::Number, std::int64_t>> figures = {};
    bool operator==(const Standing&) const = default;
};

struct CancelAsked {
    Instant at{};
    std::optional<Instant> answered = {};
    bool operator==(const CancelAsked&) const = default;
};

struct Arrival {  // after the refund
    ShipmentNo shipment;
    Minor value = 0;
    Instant when{};
    std::optional<ArrivalChoice> choice = {};
    bool operator==(const Arrival&) const = default;
};

struct Order {
    bool placed = false;
    Placement terms_of_sale;
    Instant placed_at{};
    std::vector<Line> lines = {};
    Minor shipping_refunded = 0, tax_refunded = 0, fee_refunded = 0;
    When promised_by = {};
    std::optional<Instant> paid = {}, paid_seen_at = {}, extended = {}, completed = {},
                           cancelled = {}, confirmed = {};
    std::optional<Instant> payment_lost = {};  // an authorisation that ended before it was captured
    std::optional<Instant> extension_asked = {};
    std::int32_t extension_days_asked = 0;
    std::int32_t extensions = 0;
    std::optional<CancelAsked> cancel = {};
    std::vector<Shipment> shipments = {};
    std::vector<Dispute> disputes = {};
    std::vector<Offer> offers = {};
    std::vector<Instruction> instructions = {};
    std::vector<ProcessorPayment> payments = {};  // in the order they were first seen
    std::vector<Chargeback> chargebacks = {};
    std::vector<Arrival> arrivals = {};
    std::vector<Message> messages = {};
    std::vector<Struck> struck = {};
    std::vector<Struck> reminded = {};        // of these, which may never strike
    std::vector<terms::Outage> outages = {};  // given back to this order
    Standing standing = {};                   // as it was last seen
    std::optional<Instant> standing_seen_at = {};
    std::vector<Notice> notices = {};
    Money money;
    std::optional<Instant> refunded_at = {};  // of what was bought; what was paid too much aside
    std::optional<Instant> released_at = {};
    Instant last_at{};  // of the newest event
    std::uint64_t version = 0;
    bool operator==(const Order&) const = default;

    const Dispute& dispute(DisputeNo no) const { return disputes.at(index_of(no)); }
    Dispute& dispute(DisputeNo no) { return disputes.at(index_of(no)); }
    const Offer& offer(OfferNo no) const { return offers.at(index_of(no)); }
    Currency currency() const { return terms_of_sale.currency; }
    bool is_over() const { return completed.has_value() || cancelled.has_value(); }
};

// When nothing may be written about the order any more; none: not yet known, since it or a dispute
// of it runs.
std::optional<Instant> messages_end(const Order& order);

// Numbers of the next things.
template <class T>
std::uint16_t next_of(const std::vector<T>& things) {
    return static_cast<std::uint16_t>(things.size() + 1);
}

}  // namespace holdfast::order
