// What has happened to an order. Events are the truth and are kept for ever: members are added,
// never renamed, reused or taken out.
//
// Every event lists its members once, in fields(), for the codec, the printer and the docs.
#pragma once

#include "base/recorded.h"
#include "order/order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::order {

struct Placed {
    static constexpr std::string_view name = "placed";
    Placement placement;
    bool operator==(const Placed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("placement", placement);
    }
};

struct PaymentAuthorised {
    static constexpr std::string_view name = "payment_authorised";
    Minor amount = 0;
    std::optional<Instant> until = {};
    std::string reference = {};  // of the processor; empty: not said
    bool operator==(const PaymentAuthorised&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("amount", amount);
        f("until", until);
        f("reference", reference);
    }
};

struct PaymentCaptured {
    static constexpr std::string_view name = "payment_captured";
    Minor amount = 0;
    std::string reference = {};  // of the processor; empty: not said
    bool operator==(const PaymentCaptured&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("amount", amount);
        f("reference", reference);
    }
};

// The authorisation ran out, or was voided because nothing is left to pay for.
struct AuthorisationEnded {
    static constexpr std::string_view name = "authorisation_ended";
    Minor amount = 0;
    std::optional<InstructionNo> instruction = {};  // to void it
    bool operator==(const AuthorisationEnded&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("amount", amount);
        f("instruction", instruction);
    }
};

struct CancelRequested {
    static constexpr std::string_view name = "cancel_requested";
    bool operator==(const CancelRequested&) const = default;
    template <class F>
    void fields(F&&) const {}
};

struct CancelDeclined {
    static constexpr std::string_view name = "cancel_declined";
    bool operator==(const CancelDeclined&) const = default;
    template <class F>
    void fields(F&&) const {}
};

// Units taken out before they were shipped; `whole` if nothing else is left of the order.
struct Cancelled {
    static constexpr std::string_view name = "cancelled";
    Lines lines;
    bool whole = true;
    bool operator==(const Cancelled&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("lines", lines);
        f("whole", whole);
    }
};

struct Shipped {
    static constexpr std::string_view name = "shipped";
    ShipmentNo shipment;
    Lines lines;
    Word tracking = {};
    std::optional<DisputeNo> replaces = {};
    Word carrier = {};
    bool operator==(const Shipped&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("shipment", shipment);
        f("lines", lines);
        f("tracking", tracking);
        f("replaces", replaces);
        f("carrier", carrier);
    }
};

struct Scanned {
    static constexpr std::string_view name = "scanned";
    ShipmentNo shipment;
    ScanKind kind = ScanKind::moving;
    bool operator==(const Scanned&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("shipment", shipment);
        f("kind", kind);
    }
};

// The carrier took a scan back. A right already used on it stays used.
struct ScanWithdrawn {
    static constexpr std::string_view name = "scan_withdrawn";
    ShipmentNo shipment;
    ScanKind kind = ScanKind::moving;
    bool operator==(const ScanWithdrawn&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("shipment", shipment);
        f("kind", kind);
    }
};

struct ExtensionRequested {
    static constexpr std::string_view name = "extension_requested";
    std::int32_t days = 0;
    bool operator==(const ExtensionRequested&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("days", days);
    }
};

struct Extended {
    static constexpr std::string_view name = "extended";
    std::int32_t days = 0;
    When promised_by;  // from now on
    bool operator==(const Extended&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("days", days);
        f("promised_by", promised_by);
    }
};

struct ReceiptConfirmed {
    static constexpr std::string_view name = "receipt_confirmed";
    bool operator==(const ReceiptConfirmed&) const = default;
    template <class F>
    void fields(F&&) const {}
};

struct Completed {
    static constexpr std::string_view name = "completed";
    bool operator==(const Completed&) const = default;
    template <class F>
    void fields(F&&) const {}
};

// Held money goes to the seller, less the commission.
struct Released {
    static constexpr std::string_view name = "released";
    Minor gross = 0, commission = 0;
    bool operator==(const Released&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("gross", gross);
        f("commission", commission);
    }
};

// Money goes back to the buyer: from what is held, from the seller (who gets `commission` back
// for it), or from the guarantee. amount = from_held + from_seller + commission + from_guarantee.
struct RefundIssued {
    static constexpr std::string_view name = "refund_issued";
    InstructionNo instruction;
    std::optional<DisputeNo> dispute = {};
    Minor amount = 0, from_held = 0, from_seller = 0, commission = 0, from_guarantee = 0;
    Parts parts = {};
    bool operator==(const RefundIssued&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("instruction", instruction);
        f("dispute", dispute);
        f("amount", amount);
        f("from_held", from_held);
        f("from_seller", from_seller);
        f("commission", commission);
        f("from_guarantee", from_guarantee);
        f("parts", parts);
    }
};

// Money beyond what was paid for, by the seller or by the guarantee.
struct Compensated {
    static constexpr std::string_view name = "compensated";
    InstructionNo instruction;
    std::optional<DisputeNo> dispute = {};
    Compensation what = Compensation::goodwill;
    Minor amount = 0, from_seller = 0, from_guarantee = 0;
    bool operator==(const Compensated&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("instruction", instruction);
        f("dispute", dispute);
        f("what", what);
        f("amount", amount);
        f("from_seller", from_seller);
        f("from_guarantee", from_guarantee);
    }
};

struct GiftPromised {
    static constexpr std::string_view name = "gift_promised";
    Word sku;
    std::optional<DisputeNo> dispute = {};
    bool operator==(const GiftPromised&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("sku", sku);
        f("dispute", dispute);
    }
};

struct InstructionSettled {
    static constexpr std::string_view name = "instruction_settled";
    InstructionNo instruction;
    InstructionState state = InstructionState::succeeded;
    bool operator==(const InstructionSettled&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("instruction", instruction);
        f("state", state);
    }
};

struct InstructionRepeated {
    static constexpr std::string_view name = "instruction_repeated";
    InstructionNo failed, instruction;
    bool operator==(const InstructionRepeated&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("failed", failed);
        f("instruction", instruction);
    }
};

struct DisputeOpened {
    static constexpr std::string_view name = "dispute_opened";
    DisputeNo dispute;
    Lines lines;
    Reason reason = Reason::not_received;
    Word sub_reason = {};
    std::optional<Remedy> wanted = {};
    Minor requested = 0;
    Word tracking = {};                // as it stood
    std::vector<Remedy> granted = {};  // by the right; none named: any
    std::optional<Minor> most = {};    // by its award
    bool operator==(const DisputeOpened&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("lines", lines);
        f("reason", reason);
        f("sub_reason", sub_reason);
        f("wanted", wanted);
        f("requested", requested);
        f("tracking", tracking);
        f("granted", granted);
        f("most", most);
    }
};

struct DisputeModified {
    static constexpr std::string_view name = "dispute_modified";
    DisputeNo dispute;
    Reason reason = Reason::not_received;
    std::optional<Remedy> wanted = {};
    Minor requested = 0;
    std::vector<Remedy> granted = {};
    std::optional<Minor> most = {};
    bool operator==(const DisputeModified&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("reason", reason);
        f("wanted", wanted);
        f("requested", requested);
        f("granted", granted);
        f("most", most);
    }
};

struct DisputeWithdrawn {
    static constexpr std::string_view name = "dispute_withdrawn";
    DisputeNo dispute;
    bool operator==(const DisputeWithdrawn&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
    }
};

// The seller says no, with or without evidence.
struct DisputeAnswered {
    static constexpr std::string_view name = "dispute_answered";
    DisputeNo dispute;
    bool operator==(const DisputeAnswered&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
    }
};

struct OfferMade {
    static constexpr std::string_view name = "offer_made";
    OfferNo offer;
    DisputeNo dispute;
    Party by = Party::seller;
    Plan plan;
    std::optional<Instant> expires_at = {};
    bool operator==(const OfferMade&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("offer", offer);
        f("dispute", dispute);
        f("by", by);
        f("plan", plan);
        f("expires_at", expires_at);
    }
};

struct OfferAccepted {
    static constexpr std::string_view name = "offer_accepted";
    OfferNo offer;
    bool operator==(const OfferAccepted&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("offer", offer);
    }
};

struct OfferDeclined {
    static constexpr std::string_view name = "offer_declined";
    OfferNo offer;
    bool operator==(const OfferDeclined&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("offer", offer);
    }
};

struct OfferExpired {
    static constexpr std::string_view name = "offer_expired";
    OfferNo offer;
    bool operator==(const OfferExpired&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("offer", offer);
    }
};

// A settlement that slept wakes. If it then says nothing, the dispute goes on as before.
struct SettlementWoke {
    static constexpr std::string_view name = "settlement_woke";
    DisputeNo dispute;
    bool arrived = false;
    bool operator==(const SettlementWoke&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("arrived", arrived);
    }
};

struct Escalated {
    static constexpr std::string_view name = "escalated";
    DisputeNo dispute;
    bool operator==(const Escalated&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
    }
};

struct EvidenceRequested {
    static constexpr std::string_view name = "evidence_requested";
    DisputeNo dispute;
    Party of = Party::seller;
    Instant due_at{};
    bool operator==(const EvidenceRequested&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("of", of);
        f("due_at", due_at);
    }
};

struct EvidenceSubmitted {
    static constexpr std::string_view name = "evidence_submitted";
    DisputeNo dispute;
    Party by = Party::buyer;
    Word kind;
    Hash content{};
    EvidenceRecord record = {};
    bool operator==(const EvidenceSubmitted&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("by", by);
        f("kind", kind);
        f("content", content);
        f("record", record);
    }
};

struct EvidenceLapsed {
    static constexpr std::string_view name = "evidence_lapsed";
    DisputeNo dispute;
    Party of = Party::seller;
    bool operator==(const EvidenceLapsed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("of", of);
    }
};

struct Decided {
    static constexpr std::string_view name = "decided";
    DisputeNo dispute;
    Verdict verdict;
    bool operator==(const Decided&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("verdict", verdict);
    }
};

struct Appealed {
    static constexpr std::string_view name = "appealed";
    DisputeNo dispute;
    Party by = Party::buyer;
    bool operator==(const Appealed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("by", by);
    }
};

struct ReturnAgreed {
    static constexpr std::string_view name = "return_agreed";
    DisputeNo dispute;
    Minor amount = 0;
    std::optional<Party> postage_by = {};
    bool operator==(const ReturnAgreed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("amount", amount);
        f("postage_by", postage_by);
    }
};

// Where to send it, and with whose label. The address itself is kept outside the stream.
struct ReturnPrepared {
    static constexpr std::string_view name = "return_prepared";
    DisputeNo dispute;
    Hash address{};
    Word label;  // seller, platform, buyer
    Party by = Party::seller;
    bool operator==(const ReturnPrepared&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("address", address);
        f("label", label);
        f("by", by);
    }
};

struct ReturnSent {
    static constexpr std::string_view name = "return_sent";
    DisputeNo dispute;
    Word tracking;
    bool operator==(const ReturnSent&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("tracking", tracking);
    }
};

struct ReturnDelivered {
    static constexpr std::string_view name = "return_delivered";
    DisputeNo dispute;
    bool operator==(const ReturnDelivered&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
    }
};

struct ReturnReceived {
    static constexpr std::string_view name = "return_received";
    DisputeNo dispute;
    Condition condition = Condition::as_sent_out;
    bool operator==(const ReturnReceived&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("condition", condition);
    }
};

// The seller refuses what came back; the platform has to look.
struct ReturnContested {
    static constexpr std::string_view name = "return_contested";
    DisputeNo dispute;
    Condition condition = Condition::as_sent_out;
    bool operator==(const ReturnContested&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("condition", condition);
    }
};

struct ReplacementAgreed {
    static constexpr std::string_view name = "replacement_agreed";
    DisputeNo dispute;
    bool operator==(const ReplacementAgreed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
    }
};

// The quarrel is over. A return or a replacement may still be on its way; it ends by a second one.
struct DisputeClosed {
    static constexpr std::string_view name = "dispute_closed";
    DisputeNo dispute;
    Party winner = Party::either;
    bool operator==(const DisputeClosed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("winner", winner);
    }
};

// The processor took money for a dispute of its own; amount = the four sources together.
struct ChargebackOpened {
    static constexpr std::string_view name = "chargeback_opened";
    ChargebackNo chargeback;
    Minor amount = 0, from_held = 0, from_seller = 0, commission = 0, from_guarantee = 0;
    std::optional<Instant> evidence_due = {};
    bool operator==(const ChargebackOpened&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("chargeback", chargeback);
        f("amount", amount);
        f("from_held", from_held);
        f("from_seller", from_seller);
        f("commission", commission);
        f("from_guarantee", from_guarantee);
        f("evidence_due", evidence_due);
    }
};

struct ChargebackAnswered {
    static constexpr std::string_view name = "chargeback_answered";
    ChargebackNo chargeback;
    Hash content{};
    bool operator==(const ChargebackAnswered&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("chargeback", chargeback);
        f("content", content);
    }
};

// Won: the money is back, the guarantee's part with the guarantee, the rest held.
struct ChargebackResolved {
    static constexpr std::string_view name = "chargeback_resolved";
    ChargebackNo chargeback;
    ChargebackState state = ChargebackState::lost;
    bool operator==(const ChargebackResolved&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("chargeback", chargeback);
        f("state", state);
    }
};

struct UpstreamLinked {
    static constexpr std::string_view name = "upstream_linked";
    DisputeNo dispute;
    Word system, reference;
    bool operator==(const UpstreamLinked&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("system", system);
        f("reference", reference);
    }
};

struct UpstreamGranted {
    static constexpr std::string_view name = "upstream_granted";
    DisputeNo dispute;
    Minor amount = 0;
    bool operator==(const UpstreamGranted&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("dispute", dispute);
        f("amount", amount);
    }
};

// Goods came for which the buyer has the money back.
struct ArrivedAfterRefund {
    static constexpr std::string_view name = "arrived_after_refund";
    ShipmentNo shipment;
    Minor value = 0;
    bool operator==(const ArrivedAfterRefund&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("shipment", shipment);
        f("value", value);
    }
};

struct ArrivalSettled {
    static constexpr std::string_view name = "arrival_settled";
    ShipmentNo shipment;
    ArrivalChoice choice = ArrivalChoice::pay;
    bool operator==(const ArrivalSettled&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("shipment", shipment);
        f("choice", choice);
    }
};

// A default struck; what it did follows in the same change. Its legal instant is `when`.
struct DefaultStruck {
    static constexpr std::string_view name = "default_struck";
    Word clause;  // or a deadline that an event told: "offer", "settlement", "evidence",
                  // "authorisation"
    std::optional<DisputeNo> dispute = {};
    bool operator==(const DefaultStruck&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("clause", clause);
        f("dispute", dispute);
    }
};

// The service was down; windows that ran in that time stay open longer by it.
struct OutageGivenBack {
    static constexpr std::string_view name = "outage_given_back";
    Instant from{}, until{};
    bool operator==(const OutageGivenBack&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("from", from);
        f("until", until);
    }
};

// A party was told of a deadline that strikes against it unless it acts.
struct Reminded {
    static constexpr std::string_view name = "reminded";
    Party of = Party::buyer;
    Word clause;  // as in DefaultStruck
    std::optional<DisputeNo> dispute = {};
    Instant closes_at{};
    bool operator==(const Reminded&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("of", of);
        f("clause", clause);
        f("dispute", dispute);
        f("closes_at", closes_at);
    }
};

// A request that carried a key changed nothing; the key stands on this, so that it is answered the
// same way for ever.
struct Acknowledged {
    static constexpr std::string_view name = "acknowledged";
    bool operator==(const Acknowledged&) const = default;
    template <class F>
    void fields(F&&) const {}
};

// Somebody wrote. The text itself is kept outside the stream.
struct MessageSent {
    static constexpr std::string_view name = "message_sent";
    MessageNo message;
    Party by = Party::buyer;
    Audience to = Audience::everyone;
    std::optional<DisputeNo> dispute = {};
    Hash text{};
    std::vector<Hash> files = {};
    bool operator==(const MessageSent&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("message", message);
        f("by", by);
        f("to", to);
        f("dispute", dispute);
        f("text", text);
        f("files", files);
    }
};

// How the parties stood when a dispute was asked for, over the orders placed since: what the terms
// were asked with.
struct StandingSeen {
    static constexpr std::string_view name = "standing_seen";
    Instant since{};
    std::vector<std::pair<terms::Number, std::int64_t>> figures = {};
    bool operator==(const StandingSeen&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("since", since);
        f("figures", figures);
    }
};

// A party is to be told of an event, or was. What became of it follows.
struct NoticeMade {
    static constexpr std::string_view name = "notice_made";
    NoticeNo notice;
    Party of = Party::seller;
    std::uint64_t about = 0;  // the event, by its number in this stream
    NoticeWay by = NoticeWay::mail;
    bool operator==(const NoticeMade&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
        f("of", of);
        f("about", about);
        f("by", by);
    }
};

struct NoticeSent {
    static constexpr std::string_view name = "notice_sent";
    NoticeNo notice;
    std::string to = {};  // who, by their mark outside the streams; empty: not said
    Word code = {};       // of the answer, or why: "250 2.0.0", "no_contact"
    bool operator==(const NoticeSent&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
        f("to", to);
        f("code", code);
    }
};

struct NoticeDelivered {
    static constexpr std::string_view name = "notice_delivered";
    NoticeNo notice;
    std::string to = {};  // who, by their mark outside the streams; empty: not said
    Word code = {};       // of the answer, or why: "250 2.0.0", "no_contact"
    bool operator==(const NoticeDelivered&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
        f("to", to);
        f("code", code);
    }
};

struct NoticeBounced {
    static constexpr std::string_view name = "notice_bounced";
    NoticeNo notice;
    std::string to = {};  // who, by their mark outside the streams; empty: not said
    Word code = {};       // of the answer, or why: "250 2.0.0", "no_contact"
    bool operator==(const NoticeBounced&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
        f("to", to);
        f("code", code);
    }
};

struct NoticeFailed {
    static constexpr std::string_view name = "notice_failed";
    NoticeNo notice;
    std::string to = {};  // who, by their mark outside the streams; empty: not said
    Word code = {};       // of the answer, or why: "250 2.0.0", "no_contact"
    bool operator==(const NoticeFailed&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
        f("to", to);
        f("code", code);
    }
};

using Event =
    std::variant<Placed, PaymentAuthorised, PaymentCaptured, AuthorisationEnded, CancelRequested,
                 CancelDeclined, Cancelled, Shipped, Scanned, ScanWithdrawn, ExtensionRequested,
                 Extended, ReceiptConfirmed, Completed, Released, RefundIssued, Compensated,
                 GiftPromised, InstructionSettled, InstructionRepeated, DisputeOpened,
                 DisputeModified, DisputeWithdrawn, DisputeAnswered, OfferMade, OfferAccepted,
                 OfferDeclined, OfferExpired, SettlementWoke, Escalated, EvidenceRequested,
                 EvidenceSubmitted, EvidenceLapsed, Decided, Appealed, ReturnAgreed, ReturnPrepared,
                 ReturnSent, ReturnDelivered, ReturnReceived, ReturnContested, ReplacementAgreed,
                 DisputeClosed, ChargebackOpened, ChargebackAnswered, ChargebackResolved,
                 UpstreamLinked, UpstreamGranted, ArrivedAfterRefund, ArrivalSettled, DefaultStruck,
                 OutageGivenBack, Reminded, Acknowledged, MessageSent, StandingSeen, NoticeMade,
                 NoticeSent, NoticeDelivered, NoticeBounced, NoticeFailed>;

using Recorded = RecordedEvent<Event>;
using Events = std::vector<Recorded>;

std::string_view name_of(const Event& event);

}  // namespace holdfast::order
