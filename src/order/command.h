// What may be asked of an order (requests) and what it is told (observations).
//
// A request is someone's wish and can be refused. An observation has already happened: it is
// recorded with its time and the time it was seen, and refused only if it makes no sense here (a
// line that does not exist). The same observation again changes nothing.
#pragma once

#include "order/order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::order {

// --- Requests. Sums are minor units of the order's currency.

struct Place {  // by the platform: the marketplace's own backend
    static constexpr std::string_view name = "place";
    Placement placement;
};
struct Cancel {  // what is not shipped; a buyer without the right asks the seller
    static constexpr std::string_view name = "cancel";
};
struct DeclineCancel {  // by the seller
    static constexpr std::string_view name = "decline_cancel";
};
struct RequestExtension {  // by the buyer
    static constexpr std::string_view name = "request_extension";
    std::int32_t days = 0;
};
struct Extend {  // by the seller
    static constexpr std::string_view name = "extend";
    std::int32_t days = 0;
};
struct ConfirmReceipt {  // ends the order, and disputes that the goods did not come
    static constexpr std::string_view name = "confirm_receipt";
};
struct OpenDispute {
    static constexpr std::string_view name = "open_dispute";
    Lines lines = {};  // empty: all
    Reason reason = Reason::not_received;
    Word sub_reason = {};
    std::optional<Remedy> wanted = {};
    std::optional<Minor> amount = {};  // none: all that can be refunded for the lines
    bool has_evidence = false;
};
struct ModifyDispute {
    static constexpr std::string_view name = "modify_dispute";
    DisputeNo dispute;
    std::optional<Reason> reason = {};
    std::optional<Remedy> wanted = {};
    std::optional<Minor> amount = {};
};
struct WithdrawDispute {
    static constexpr std::string_view name = "withdraw_dispute";
    DisputeNo dispute;
};
struct Respond {  // the seller says no
    static constexpr std::string_view name = "respond";
    DisputeNo dispute;
};
struct MakeOffer {
    static constexpr std::string_view name = "make_offer";
    DisputeNo dispute;
    Plan plan;
    std::optional<Instant> expires_at = {};
};
struct AcceptOffer {
    static constexpr std::string_view name = "accept_offer";
    OfferNo offer;
};
struct DeclineOffer {
    static constexpr std::string_view name = "decline_offer";
    OfferNo offer;
};
struct Escalate {
    static constexpr std::string_view name = "escalate";
    DisputeNo dispute;
};
struct RequestEvidence {  // by the platform
    static constexpr std::string_view name = "request_evidence";
    DisputeNo dispute;
    Party of = Party::seller;
    Instant due_at{};
};
struct SubmitEvidence {
    static constexpr std::string_view name = "submit_evidence";
    DisputeNo dispute;
    Word kind;                         // one of terms::EvidenceKind
    std::optional<Hash> content = {};  // of a file
    EvidenceRecord record = {};        // what goes with the kind: evidence.h
};
struct Decide {  // by the platform
    static constexpr std::string_view name = "decide";
    DisputeNo dispute;
    Verdict verdict;
};
struct Appeal {
    static constexpr std::string_view name = "appeal";
    DisputeNo dispute;
    bool has_new_information = false;
};
struct PrepareReturn {  // by the seller or the platform
    static constexpr std::string_view name = "prepare_return";
    DisputeNo dispute;
    Hash address{};
    Word label;
};
struct SendReturn {
    static constexpr std::string_view name = "send_return";
    DisputeNo dispute;
    Word tracking;
};
struct ReceiveReturn {  // by the seller: accepted, whatever its condition
    static constexpr std::string_view name = "receive_return";
    DisputeNo dispute;
    Condition condition = Condition::as_sent_out;
};
struct ContestReturn {  // by the seller: refused
    static constexpr std::string_view name = "contest_return";
    DisputeNo dispute;
    Condition condition = Condition::other_item;
};
struct Refund {  // by the seller or the platform, without a dispute
    static constexpr std::string_view name = "refund";
    Lines lines = {};
    std::optional<Minor> amount = {};
};
struct Compensate {  // by the seller or the platform, at most what terms allow
    static constexpr std::string_view name = "compensate";
    std::optional<DisputeNo> dispute = {};
    Compensation what = Compensation::goodwill;
    Minor amount = 0;
};
struct PromiseGift {  // by the seller
    static constexpr std::string_view name = "promise_gift";
    Word sku;
    std::optional<DisputeNo> dispute = {};
};
struct RepeatInstruction {  // by the platform, of one that failed
    static constexpr std::string_view name = "repeat_instruction";
    InstructionNo instruction;
};
struct AnswerChargeback {  // by the seller or the platform
    static constexpr std::string_view name = "answer_chargeback";
    ChargebackNo chargeback;
    Hash content{};
};
struct LinkUpstream {  // by the seller or the platform
    static constexpr std::string_view name = "link_upstream";
    DisputeNo dispute;
    Word system, reference;
};
struct SettleArrival {  // by the buyer
    static constexpr std::string_view name = "settle_arrival";
    ShipmentNo shipment;
    ArrivalChoice choice = ArrivalChoice::pay;
};
struct SendMessage {  // while the order or a dispute of it runs, and for a time after
    static constexpr std::string_view name = "send_message";
    Audience to = Audience::everyone;
    std::optional<DisputeNo> dispute = {};
    Hash text{};
    std::vector<Hash> files = {};  // of the dispute's, each once
};

using Request = std::variant<Place, Cancel, DeclineCancel, RequestExtension, Extend, ConfirmReceipt,
                             OpenDispute, ModifyDispute, WithdrawDispute, Respond, MakeOffer,
                             AcceptOffer, DeclineOffer, Escalate, RequestEvidence, SubmitEvidence,
                             Decide, Appeal, PrepareReturn, SendReturn, ReceiveReturn,
                             ContestReturn, Refund, Compensate, PromiseGift, RepeatInstruction,
                             AnswerChargeback, LinkUpstream, SettleArrival, SendMessage>;

struct Command {
    Party by = Party::buyer;  // buyer, seller or platform
    Request request;
    // How the parties stand, for terms that ask for it when a dispute is opened.
    std::optional<Standing> standing = {};
};

// --- Observations

struct SeeAuthorised {
    static constexpr std::string_view name = "authorised";
    Minor amount = 0;
    std::optional<Instant> until = {};
    std::string reference = {};  // by which the processor knows the payment; empty: not said
};
struct SeeCaptured {
    static constexpr std::string_view name = "captured";
    Minor amount = 0;
    std::string reference = {};
};
struct SeeAuthorisationEnded {
    static constexpr std::string_view name = "authorisation_ended";
};
struct SeeShipped {
    static constexpr std::string_view name = "shipped";
    Lines lines = {};  // empty: all that is not shipped
    Word tracking = {};
    std::optional<DisputeNo> replaces = {};
    Word carrier = {};  // visible ASCII
};
struct SeeScan {
    static constexpr std::string_view name = "scanned";
    ShipmentNo shipment;
    ScanKind kind = ScanKind::moving;
};
struct SeeScanWithdrawn {  // the newest one of this kind
    static constexpr std::string_view name = "scan_withdrawn";
    ShipmentNo shipment;
    ScanKind kind = ScanKind::moving;
};
struct SeeReturnDelivered {
    static constexpr std::string_view name = "return_delivered";
    DisputeNo dispute;
};
struct SeeInstruction {
    static constexpr std::string_view name = "instruction_settled";
    InstructionNo instruction;
    InstructionState state = InstructionState::succeeded;
};
struct SeeChargeback {
    static constexpr std::string_view name = "chargeback_opened";
    Minor amount = 0;
    std::optional<Instant> evidence_due = {};
};
struct SeeChargebackResolved {
    static constexpr std::string_view name = "chargeback_resolved";
    ChargebackNo chargeback;
    ChargebackState state = ChargebackState::lost;
};
struct SeeUpstreamGranted {
    static constexpr std::string_view name = "upstream_granted";
    DisputeNo dispute;
    Minor amount = 0;
};

// Somebody told a party of an event of this order, or tried to.
struct SeeTold {
    static constexpr std::string_view name = "notice_recorded";
    Party of = Party::seller;
    std::uint64_t about = 0;  // the event, by its number in the order's stream
    NoticeWay by = NoticeWay::portal;
    NoticeState state = NoticeState::delivered;  // not queued
    Word code = {};
};
// What became of a notice.
struct SeeNotice {
    static constexpr std::string_view name = "notice_reported";
    NoticeNo notice;
    NoticeState state = NoticeState::delivered;  // not queued
    std::string to = {};
    Word code = {};
};

using Seen = std::variant<SeeAuthorised, SeeCaptured, SeeAuthorisationEnded, SeeShipped, SeeScan,
                          SeeScanWithdrawn, SeeReturnDelivered, SeeInstruction, SeeChargeback,
                          SeeChargebackResolved, SeeUpstreamGranted, SeeTold, SeeNotice>;

struct Observation {
    Instant when{};  // by its source; a time after it was seen is taken as seen
    Seen seen;
};

}  // namespace holdfast::order
