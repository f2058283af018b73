// The words that terms, facts and answers are made of; each is one closed list.
//
// The spelling in terms files, on the wire and on the screen is the enumerator's own, with the
// brackets and dots of docs/terms-language.md where a moment or attribute has them.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace holdfast::terms {

enum class Party : std::uint8_t { buyer, seller, platform, either };

enum class Verb : std::uint8_t {
    open_dispute,
    modify_dispute,
    change_reason,
    withdraw_dispute,
    offer,
    accept,
    decline,
    respond,
    submit_evidence,
    escalate,
    appeal,
    send_return,
    complete_return,
    contest_return,
    return_no_fault,
    withdraw_contract,
    reject_goods,
    extend,
    cancel_order,
    confirm_receipt,
    claim_credit,
    use_credit,
    use_label,
    prove_delivery,
    chargeback,
    claim_back,
    count_
};

enum class Reason : std::uint8_t {
    not_received,
    late,
    not_as_described,
    change_of_mind,
    counterfeit,
    damaged,
    wrong_item,
    missing_parts,
    refund_overdue,
    count_
};

enum class Remedy : std::uint8_t {
    full_refund,
    partial_refund_keep,
    return_for_full_refund,
    replacement,
    refund_with_replacement,
    credit,
    coupon,
    cancel_undelivered_part,
    cancel_whole_return_delivered,
    count_
};

// What a default does.
enum class Action : std::uint8_t {
    refund,
    release,
    complete,
    escalate,
    close,
    cancel_return,
    cancel_order,
    credit,
    claw_back,
    count_
};

// What an award is about.
enum class Topic : std::uint8_t {
    refund,
    return_postage,
    counterfeit,
    funding,
    part_delivery,
    compensation,
    count_
};

// Why the answer is what it is; the last word of every answer.
enum class Outcome : std::uint8_t {
    already_compensated,
    already_disputed,
    already_settled,
    appeal_accepted,
    appeal_used,
    awaiting_seller_confirmation,
    blocked_until_promise_expires,
    buyer_must_request_intervention,
    buyer_owes_return_or_payment,
    cancel_part_or_whole,
    case_closed,
    case_closed_no_refund,
    claim_opened,
    clawback,
    compensation_cap,
    contact_wait,
    coupon,
    coupon_expired,
    coupon_valid,
    credit,
    dispute_closed,
    dispute_open,
    escalated,
    evidence_required,
    excluded,
    extension_granted,
    extension_must_lengthen,
    extension_used,
    label_denied,
    label_given,
    late,
    must_open_new_case,
    negotiating,
    no_manual_escalation,
    no_new_information,
    not_eligible,
    not_late,
    one_channel_only,
    open_accepted,
    order_closed_refund,
    order_completed,
    pending,
    platform_decides,
    proof_sufficient,
    refund_as_requested,
    refund_full,
    refund_partial,
    release_to_seller,
    released_to_seller,
    return_in_time,
    return_shipping,
    return_terminated,
    return_then_refund,
    signature_required,
    too_early,
    too_late,
    whole_bundle_required,
    withdrawal_valid,
    change_accepted,
    accepted,
    claim_rate_exceeded,
    count_
};

enum class Funder : std::uint8_t { seller, platform, guarantee, count_ };

enum class Waiting : std::uint8_t {
    seller,
    buyer,
    platform,
    buyer_return,
    seller_return,
    seller_cancel,
    seller_shipment,
    shop,
    seller_replacement,
    payment,
    count_
};

// Stages of the order and of its dispute, in one list since `in` and `stage` speak of both.
enum class Stage : std::uint8_t {
    placed,
    paid,
    shipped,
    completed,
    cancelled,
    none,
    negotiating,
    escalated,
    decided,
    appealed,
    closed,
    count_
};

enum class Moment : std::uint8_t {
    placed,
    paid,
    processed,
    ship_by,
    shipped_first,
    shipped_last,
    shipped_all,
    promised_by,
    scanned_first,
    scanned_last,
    delivered_first,
    delivered_last,
    delivered_all,
    notified_delivery,
    notified_installation,
    notified_return,
    completed,
    contacted,
    dispute_opened,
    dispute_modified,
    dispute_answered,
    dispute_withdrawn,
    dispute_closed,
    offer_made,
    offer_accepted,
    return_requested,
    return_agreed,
    return_tracking_given,
    return_sent,
    return_delivered,
    return_received,
    return_contested,
    escalated,
    asked,
    decided,
    appealed,
    appeal_decided,
    refunded,
    released,
    credited,
    cancelled,
    cancel_requested,
    cancel_answered,
    chargeback,
    shop_closed,
    ceased_trading,
    in_stock,
    availability_confirmed,
    installed,
    repair_began,
    repair_ended,
    guarantee_until,
    address_changed,
    extended,
    withdrawn,
    replacement_agreed,
    replacement_shipped,
    replacement_delivered,
    dispute_notified,
    count_
};

enum class Attribute : std::uint8_t {
    tracking,
    dispute_tracking,
    dispute_reason,
    carrier_class,
    destination,
    seller_origin,
    seller_class,
    failure_cause,
    terms_variant,
    finding,
    currency,
    return_label,
    holidays,
    jurisdiction,
    buyer_tier,
    payment_method,
    request_reason,
    request_forum,
    request_to,
    count_
};

// Sets of marks.
enum class Marks : std::uint8_t { item, return_missing, request, count_ };

// Whole numbers: sums in minor units of the order's currency, quantities, days, and how often; how
// the parties stand, over the orders that the terms look back on (rates in basis points).
enum class Number : std::uint8_t {
    item,
    shipping,
    tax,
    fee,
    total,
    requested,
    offered,
    accepted,
    decided_amount,
    refunded_amount,
    seller_delivery_days,
    ordered_quantity,
    received_quantity,
    gift_market,
    free_shipping_threshold,
    shipping_borne_by_seller,
    returned_value,
    kept_value,
    return_shipping,
    tax_on_return,
    request_days,
    request_amount,
    buyer_orders,
    buyer_claims,
    buyer_claim_rate,
    seller_orders,
    seller_faults,
    seller_fault_rate,
    disputes,
    appeals,
    labels,
    credits,
    extensions,
    returns,
    count_
};

// What a piece of evidence is. `other` is for what no word of the list says.
enum class EvidenceKind : std::uint8_t {
    photo,
    video,
    product_description,
    invoice,
    proof_of_shipment,
    tracking,
    proof_of_delivery,
    signature,
    return_tracking,
    refund_confirmation,
    correspondence,
    expert_report,
    authenticity_report,
    repair_estimate,
    carrier_report,
    customs_notice,
    police_report,
    refund_policy,
    other,
    count_
};

// How much a checklist wants of the kinds that an item names: all, one, or as many as there are.
enum class Need : std::uint8_t { required, one_of, helpful, count_ };

template <class E>
inline constexpr std::size_t count_of = static_cast<std::size_t>(E::count_);
template <class E>
constexpr std::size_t index_of(E value) {
    return static_cast<std::size_t>(value);
}

using RemedySet = std::bitset<count_of<Remedy>>;
using ReasonSet = std::bitset<count_of<Reason>>;
using VerbSet = std::bitset<count_of<Verb>>;
using ActionSet = std::bitset<count_of<Action>>;
using StageSet = std::bitset<count_of<Stage>>;
using MomentSet = std::bitset<count_of<Moment>>;
using NumberSet = std::bitset<count_of<Number>>;

std::string_view to_string(Party value);
std::string_view to_string(Verb value);
std::string_view to_string(Reason value);
std::string_view to_string(Remedy value);
std::string_view to_string(Action value);
std::string_view to_string(Topic value);
std::string_view to_string(Outcome value);
std::string_view to_string(Funder value);
std::string_view to_string(Waiting value);
std::string_view to_string(Stage value);
std::string_view to_string(Moment value);     // "shipped(all)", "dispute.opened"
std::string_view to_string(Attribute value);  // "dispute.tracking"
std::string_view to_string(Marks value);      // "return.missing"
std::string_view to_string(Number value);     // counters as "appeals"
std::string_view to_string(EvidenceKind value);
std::string_view to_string(Need value);

// Every word of one list, in the order of its enumerators; for messages and lookups.
template <class E>
std::span<const std::string_view> words_of();

// The enumerator that `text` spells, or nothing.
template <class E>
std::optional<E> parse_word(std::string_view text);

template <>
std::span<const std::string_view> words_of<Party>();
template <>
std::span<const std::string_view> words_of<Verb>();
template <>
std::span<const std::string_view> words_of<Reason>();
template <>
std::span<const std::string_view> words_of<Remedy>();
template <>
std::span<const std::string_view> words_of<Action>();
template <>
std::span<const std::string_view> words_of<Topic>();
template <>
std::span<const std::string_view> words_of<Outcome>();
template <>
std::span<const std::string_view> words_of<Funder>();
template <>
std::span<const std::string_view> words_of<Waiting>();
template <>
std::span<const std::string_view> words_of<Stage>();
template <>
std::span<const std::string_view> words_of<Moment>();
template <>
std::span<const std::string_view> words_of<Attribute>();
template <>
std::span<const std::string_view> words_of<Marks>();
template <>
std::span<const std::string_view> words_of<Number>();
template <>
std::span<const std::string_view> words_of<EvidenceKind>();
template <>
std::span<const std::string_view> words_of<Need>();
template <>
std::optional<Party> parse_word<Party>(std::string_view text);
template <>
std::optional<Verb> parse_word<Verb>(std::string_view text);
template <>
std::optional<Reason> parse_word<Reason>(std::string_view text);
template <>
std::optional<Remedy> parse_word<Remedy>(std::string_view text);
template <>
std::optional<Action> parse_word<Action>(std::string_view text);
template <>
std::optional<Topic> parse_word<Topic>(std::string_view text);
template <>
std::optional<Outcome> parse_word<Outcome>(std::string_view text);
template <>
std::optional<Funder> parse_word<Funder>(std::string_view text);
template <>
std::optional<Waiting> parse_word<Waiting>(std::string_view text);
template <>
std::optional<Stage> parse_word<Stage>(std::string_view text);
template <>
std::optional<Moment> parse_word<Moment>(std::string_view text);  // with short forms
template <>
std::optional<Attribute> parse_word<Attribute>(std::string_view text);
template <>
std::optional<Marks> parse_word<Marks>(std::string_view text);
template <>
std::optional<Number> parse_word<Number>(std::string_view text);
template <>
std::optional<EvidenceKind> parse_word<EvidenceKind>(std::string_view text);
template <>
std::optional<Need> parse_word<Need>(std::string_view text);

// Does this number say how a party stands?
constexpr bool is_standing(Number number) {
    return number >= Number::buyer_orders && number <= Number::seller_fault_rate;
}

// Does a known `word` count as the wider `wanted` one? ("lost_in_transit" is "abnormal".)
bool tracking_is(std::string_view word, std::string_view wanted);
bool is_tracking_word(std::string_view word);

}  // namespace holdfast::terms
