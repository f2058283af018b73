#include "terms/vocabulary.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

using namespace std::string_view_literals;

constexpr std::array party_words = {
    "buyer"sv,
    "seller"sv,
    "platform"sv,
    "either"sv,
};
static_assert(party_words.size() == 4);
constexpr std::array verb_words = {
    "open_dispute"sv,    "modify_dispute"sv, "change_reason"sv,   "withdraw_dispute"sv,
    "offer"sv,           "accept"sv,         "decline"sv,         "respond"sv,
    "submit_evidence"sv, "escalate"sv,       "appeal"sv,          "send_return"sv,
    "complete_return"sv, "contest_return"sv, "return_no_fault"sv, "withdraw_contract"sv,
    "reject_goods"sv,    "extend"sv,         "cancel_order"sv,    "confirm_receipt"sv,
    "claim_credit"sv,    "use_credit"sv,     "use_label"sv,       "prove_delivery"sv,
    "chargeback"sv,      "claim_back"sv,
};
static_assert(verb_words.size() == count_of<Verb>);
constexpr std::array reason_words = {
    "not_received"sv, "late"sv,       "not_as_described"sv, "change_of_mind"sv, "counterfeit"sv,
    "damaged"sv,      "wrong_item"sv, "missing_parts"sv,    "refund_overdue"sv,
};
static_assert(reason_words.size() == count_of<Reason>);
constexpr std::array remedy_words = {
    "full_refund"sv, "partial_refund_keep"sv,     "return_for_full_refund"sv,
    "replacement"sv, "refund_with_replacement"sv, "credit"sv,
    "coupon"sv,      "cancel_undelivered_part"sv, "cancel_whole_return_delivered"sv,
};
static_assert(remedy_words.size() == count_of<Remedy>);
constexpr std::array action_words = {
    "refund"sv,        "release"sv,      "complete"sv, "escalate"sv,  "close"sv,
    "cancel_return"sv, "cancel_order"sv, "credit"sv,   "claw_back"sv,
};
static_assert(action_words.size() == count_of<Action>);
constexpr std::array topic_words = {
    "refund"sv,  "return_postage"sv, "counterfeit"sv,
    "funding"sv, "part_delivery"sv,  "compensation"sv,
};
static_assert(topic_words.size() == count_of<Topic>);
constexpr std::array outcome_words = {
    "already_compensated"sv,
    "already_disputed"sv,
    "already_settled"sv,
    "appeal_accepted"sv,
    "appeal_used"sv,
    "awaiting_seller_confirmation"sv,
    "blocked_until_promise_expires"sv,
    "buyer_must_request_intervention"sv,
    "buyer_owes_return_or_payment"sv,
    "cancel_part_or_whole"sv,
    "case_closed"sv,
    "case_closed_no_refund"sv,
    "claim_opened"sv,
    "clawback"sv,
    "compensation_cap"sv,
    "contact_wait"sv,
    "coupon"sv,
    "coupon_expired"sv,
    "coupon_valid"sv,
    "credit"sv,
    "dispute_closed"sv,
    "dispute_open"sv,
    "escalated"sv,
    "evidence_required"sv,
    "excluded"sv,
    "extension_granted"sv,
    "extension_must_lengthen"sv,
    "extension_used"sv,
    "label_denied"sv,
    "label_given"sv,
    "late"sv,
    "must_open_new_case"sv,
    "negotiating"sv,
    "no_manual_escalation"sv,
    "no_new_information"sv,
    "not_eligible"sv,
    "not_late"sv,
    "one_channel_only"sv,
    "open_accepted"sv,
    "order_closed_refund"sv,
    "order_completed"sv,
    "pending"sv,
    "platform_decides"sv,
    "proof_sufficient"sv,
    "refund_as_requested"sv,
    "refund_full"sv,
    "refund_partial"sv,
    "release_to_seller"sv,
    "released_to_seller"sv,
    "return_in_time"sv,
    "return_shipping"sv,
    "return_terminated"sv,
    "return_then_refund"sv,
    "signature_required"sv,
    "too_early"sv,
    "too_late"sv,
    "whole_bundle_required"sv,
    "withdrawal_valid"sv,
    "change_accepted"sv,
    "accepted"sv,
    "claim_rate_exceeded"sv,
};
static_assert(outcome_words.size() == count_of<Outcome>);
constexpr std::array funder_words = {
    "seller"sv,
    "platform"sv,
    "guarantee"sv,
};
static_assert(funder_words.size() == count_of<Funder>);
constexpr std::array waiting_words = {
    "seller"sv,        "buyer"sv,           "platform"sv, "buyer_return"sv,       "seller_return"sv,
    "seller_cancel"sv, "seller_shipment"sv, "shop"sv,     "seller_replacement"sv, "payment"sv,
};
static_assert(waiting_words.size() == count_of<Waiting>);
constexpr std::array stage_words = {
    "placed"sv,      "paid"sv,      "shipped"sv, "completed"sv, "cancelled"sv, "none"sv,
    "negotiating"sv, "escalated"sv, "decided"sv, "appealed"sv,  "closed"sv,
};
static_assert(stage_words.size() == count_of<Stage>);
constexpr std::array moment_words = {
    "placed"sv,
    "paid"sv,
    "processed"sv,
    "ship_by"sv,
    "shipped(first)"sv,
    "shipped(last)"sv,
    "shipped(all)"sv,
    "promised_by"sv,
    "scanned(first)"sv,
    "scanned(last)"sv,
    "delivered(first)"sv,
    "delivered(last)"sv,
    "delivered(all)"sv,
    "notified(delivery)"sv,
    "notified(installation)"sv,
    "notified(return)"sv,
    "completed"sv,
    "contacted"sv,
    "dispute.opened"sv,
    "dispute.modified"sv,
    "dispute.answered"sv,
    "dispute.withdrawn"sv,
    "dispute.closed"sv,
    "offer.made"sv,
    "offer.accepted"sv,
    "return.requested"sv,
    "return.agreed"sv,
    "return.tracking_given"sv,
    "return.sent"sv,
    "return.delivered"sv,
    "return.received"sv,
    "return.contested"sv,
    "escalated"sv,
    "asked"sv,
    "decided"sv,
    "appealed"sv,
    "appeal_decided"sv,
    "refunded"sv,
    "released"sv,
    "credited"sv,
    "cancelled"sv,
    "cancel.requested"sv,
    "cancel.answered"sv,
    "chargeback"sv,
    "shop_closed"sv,
    "ceased_trading"sv,
    "in_stock"sv,
    "availability_confirmed"sv,
    "installed"sv,
    "repair.began"sv,
    "repair.ended"sv,
    "guarantee_until"sv,
    "address_changed"sv,
    "extended"sv,
    "withdrawn"sv,
    "replacement.agreed"sv,
    "replacement.shipped"sv,
    "replacement.delivered"sv,
    "dispute.notified"sv,
};
static_assert(moment_words.size() == count_of<Moment>);
constexpr std::array attribute_words = {
    "tracking"sv,       "dispute.tracking"sv, "dispute.reason"sv, "carrier_class"sv,
    "destination"sv,    "seller_origin"sv,    "seller_class"sv,   "failure_cause"sv,
    "terms_variant"sv,  "finding"sv,          "currency"sv,       "return.label"sv,
    "holidays"sv,       "jurisdiction"sv,     "buyer_tier"sv,     "payment_method"sv,
    "request.reason"sv, "request.forum"sv,    "request.to"sv,
};
static_assert(attribute_words.size() == count_of<Attribute>);
constexpr std::array marks_words = {
    "item"sv,
    "return.missing"sv,
    "request"sv,
};
static_assert(marks_words.size() == count_of<Marks>);
constexpr std::array number_words = {
    "item"sv,
    "shipping"sv,
    "tax"sv,
    "fee"sv,
    "total"sv,
    "requested"sv,
    "offered"sv,
    "accepted"sv,
    "decided_amount"sv,
    "refunded_amount"sv,
    "seller_delivery_days"sv,
    "ordered_quantity"sv,
    "received_quantity"sv,
    "gift_market"sv,
    "free_shipping_threshold"sv,
    "shipping_borne_by_seller"sv,
    "returned_value"sv,
    "kept_value"sv,
    "return_shipping"sv,
    "tax_on_return"sv,
    "request.days"sv,
    "request.amount"sv,
    "buyer.orders"sv,
    "buyer.claims"sv,
    "buyer.claim_rate"sv,
    "seller.orders"sv,
    "seller.faults"sv,
    "seller.fault_rate"sv,
    "disputes"sv,
    "appeals"sv,
    "labels"sv,
    "credits"sv,
    "extensions"sv,
    "returns"sv,
};
static_assert(number_words.size() == count_of<Number>);
constexpr std::array evidence_words = {
    "photo"sv,
    "video"sv,
    "product_description"sv,
    "invoice"sv,
    "proof_of_shipment"sv,
    "tracking"sv,
    "proof_of_delivery"sv,
    "signature"sv,
    "return_tracking"sv,
    "refund_confirmation"sv,
    "correspondence"sv,
    "expert_report"sv,
    "authenticity_report"sv,
    "repair_estimate"sv,
    "carrier_report"sv,
    "customs_notice"sv,
    "police_report"sv,
    "refund_policy"sv,
    "other"sv,
};
static_assert(evidence_words.size() == count_of<EvidenceKind>);
constexpr std::array need_words = {"required"sv, "one_of"sv, "helpful"sv};
static_assert(need_words.size() == count_of<Need>);

template <class E, std::size_t N>
std::optional<E> find_in(const std::array<std::string_view, N>& words, std::string_view text) {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return std::nullopt;
    return static_cast<E>(found - words.begin());
}

// From the wide word to the narrow ones that count as it.
struct Wider {
    std::string_view wide;
    std::array<std::string_view, 8> narrow;
};
constexpr std::array tracking_words_wider = {
    Wider{"abnormal"sv,
          {"returned_to_sender"sv, "lost_in_transit"sv, "damaged"sv, "held_by_customs"sv,
           "refused_by_recipient"sv, "exception"sv, "silent"sv}},
    Wider{"in_transit"sv, {"out_for_delivery"sv, "pickup_waiting"sv}},
    Wider{"delivered"sv,
          {"delivered_no_signature"sv, "delivered_signed"sv, "delivered_not_received"sv}},
};

}  // namespace

std::string_view to_string(Party value) { return party_words.at(index_of(value)); }
std::string_view to_string(Verb value) { return verb_words.at(index_of(value)); }
std::string_view to_string(Reason value) { return reason_words.at(index_of(value)); }
std::string_view to_string(Remedy value) { return remedy_words.at(index_of(value)); }
std::string_view to_string(Action value) { return action_words.at(index_of(value)); }
std::string_view to_string(Topic value) { return topic_words.at(index_of(value)); }
std::string_view to_string(Outcome value) { return outcome_words.at(index_of(value)); }
std::string_view to_string(Funder value) { return funder_words.at(index_of(value)); }
std::string_view to_string(Waiting value) { return waiting_words.at(index_of(value)); }
std::string_view to_string(Stage value) { return stage_words.at(index_of(value)); }
std::string_view to_string(Moment value) { return moment_words.at(index_of(value)); }
std::string_view to_string(Attribute value) { return attribute_words.at(index_of(value)); }
std::string_view to_string(Marks value) { return marks_words.at(index_of(value)); }
std::string_view to_string(Number value) { return number_words.at(index_of(value)); }
std::string_view to_string(EvidenceKind value) { return evidence_words.at(index_of(value)); }
std::string_view to_string(Need value) { return need_words.at(index_of(value)); }

template <>
std::span<const std::string_view> words_of<Party>() {
    return party_words;
}
template <>
std::span<const std::string_view> words_of<Verb>() {
    return verb_words;
}
template <>
std::span<const std::string_view> words_of<Reason>() {
    return reason_words;
}
template <>
std::span<const std::string_view> words_of<Remedy>() {
    return remedy_words;
}
template <>
std::span<const std::string_view> words_of<Action>() {
    return action_words;
}
template <>
std::span<const std::string_view> words_of<Topic>() {
    return topic_words;
}
template <>
std::span<const std::string_view> words_of<Outcome>() {
    return outcome_words;
}
template <>
std::span<const std::string_view> words_of<Funder>() {
    return funder_words;
}
template <>
std::span<const std::string_view> words_of<Waiting>() {
    return waiting_words;
}
template <>
std::span<const std::string_view> words_of<Stage>() {
    return stage_words;
}
template <>
std::span<const std::string_view> words_of<Moment>() {
    return moment_words;
}
template <>
std::span<const std::string_view> words_of<Attribute>() {
    return attribute_words;
}
template <>
std::span<const std::string_view> words_of<Marks>() {
    return marks_words;
}
template <>
std::span<const std::string_view> words_of<Number>() {
    return number_words;
}
template <>
std::span<const std::string_view> words_of<EvidenceKind>() {
    return evidence_words;
}
template <>
std::span<const std::string_view> words_of<Need>() {
    return need_words;
}

template <>
std::optional<Party> parse_word<Party>(std::string_view text) {
    return find_in<Party>(party_words, text);
}
template <>
std::optional<Verb> parse_word<Verb>(std::string_view text) {
    return find_in<Verb>(verb_words, text);
}
template <>
std::optional<Reason> parse_word<Reason>(std::string_view text) {
    return find_in<Reason>(reason_words, text);
}
template <>
std::optional<Remedy> parse_word<Remedy>(std::string_view text) {
    return find_in<Remedy>(remedy_words, text);
}
template <>
std::optional<Action> parse_word<Action>(std::string_view text) {
    return find_in<Action>(action_words, text);
}
template <>
std::optional<Topic> parse_word<Topic>(std::string_view text) {
    return find_in<Topic>(topic_words, text);
}
template <>
std::optional<Outcome> parse_word<Outcome>(std::string_view text) {
    return find_in<Outcome>(outcome_words, text);
}
template <>
std::optional<Funder> parse_word<Funder>(std::string_view text) {
    return find_in<Funder>(funder_words, text);
}
template <>
std::optional<Waiting> parse_word<Waiting>(std::string_view text) {
    return find_in<Waiting>(waiting_words, text);
}
template <>
std::optional<Stage> parse_word<Stage>(std::string_view text) {
    return find_in<Stage>(stage_words, text);
}
template <>
std::optional<Attribute> parse_word<Attribute>(std::string_view text) {
    return find_in<Attribute>(attribute_words, text);
}
template <>
std::optional<Marks> parse_word<Marks>(std::string_view text) {
    return find_in<Marks>(marks_words, text);
}
template <>
std::optional<Number> parse_word<Number>(std::string_view text) {
    return find_in<Number>(number_words, text);
}
template <>
std::optional<EvidenceKind> parse_word<EvidenceKind>(std::string_view text) {
    return find_in<EvidenceKind>(evidence_words, text);
}
template <>
std::optional<Need> parse_word<Need>(std::string_view text) {
    return find_in<Need>(need_words, text);
}
template <>
std::optional<Moment> parse_word<Moment>(std::string_view text) {
    if (text == "shipped") return Moment::shipped_all;
    if (text == "delivered") return Moment::delivered_last;
    if (text == "scanned") return Moment::scanned_last;
    return find_in<Moment>(moment_words, text);
}

bool tracking_is(std::string_view word, std::string_view wanted) {
    if (word == wanted) return true;
    for (const auto& wider : tracking_words_wider)
        if (wider.wide == wanted)
            return std::ranges::find(wider.narrow, word) != wider.narrow.end();
    return false;
}

bool is_tracking_word(std::string_view word) {
    if (word.empty()) return false;
    if (word == "unknown" || word == "no_tracking" || word == "label_only") return true;
    for (const auto& wider : tracking_words_wider)
        if (wider.wide == word || std::ranges::find(wider.narrow, word) != wider.narrow.end())
            return true;
    return false;
}

}  // namespace holdfast::terms
