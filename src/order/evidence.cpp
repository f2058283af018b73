#include "order/evidence.h"

#include "order/facts.h"
#include "order/money.h"

#include "base/enum_word.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace holdfast::order {
namespace {

using enum EvidenceMember;

EvidenceMembers set_of(std::initializer_list<EvidenceMember> members) {
    EvidenceMembers set;
    for (const auto member : members) set.set(terms::index_of(member));
    return set;
}

struct Row {
    EvidenceKind kind;
    EvidenceRule rule;
};

// What a kind always has, has one of, and may have.
// clang-format off
const std::array<Row, terms::count_of<EvidenceKind>>& table() {
    using enum EvidenceKind;
    static const auto parcel = set_of({shipment, carrier, tracking_number});
    static const std::array<Row, terms::count_of<EvidenceKind>> rows{{
        {photo,               {set_of({content}),         {},                                   set_of({shipment})}},
        {video,               {set_of({content}),         {},                                   set_of({shipment})}},
        {product_description, {set_of({content}),         {},                                   set_of({reference})}},
        {invoice,             {{},                        set_of({content, amount}),            set_of({reference})}},
        {proof_of_shipment,   {{},                        set_of({content, shipped_at}),        parcel}},
        {tracking,            {set_of({tracking_number}), {},                                   set_of({shipment, carrier, shipped_at})}},
        {proof_of_delivery,   {{},                        set_of({content, delivered_at}),      parcel}},
        {signature,           {{},                        set_of({content, delivered_at}),      parcel}},
        {return_tracking,     {set_of({tracking_number}), {},                                   set_of({content, carrier, shipped_at, delivered_at})}},
        {refund_confirmation, {set_of({amount}),          set_of({content, refund, reference}), {}}},
        {correspondence,      {set_of({content}),         {},                                   {}}},
        {expert_report,       {set_of({content}),         {},                                   set_of({reference})}},
        {authenticity_report, {set_of({content}),         {},                                   set_of({reference})}},
        {repair_estimate,     {set_of({content, amount}), {},                                   set_of({reference})}},
        {carrier_report,      {set_of({content}),         {},                                   parcel | set_of({reference})}},
        {customs_notice,      {set_of({content}),         {},                                   parcel | set_of({reference})}},
        {police_report,       {{},                        set_of({content, reference}),         {}}},
        {refund_policy,       {set_of({content}),         {},                                   {}}},
        {other,               {set_of({content}),         {},                                   set_of({reference})}},
    }};
    return rows;
}
// clang-format on

bool is_visible(std::string_view text) { return text.empty() || is_processor_name(text); }

bool is_invalid(EvidenceMember member, const EvidenceRecord& record) {
    switch (member) {
    case carrier:         return !is_visible(record.carrier.view());
    case tracking_number: return !is_visible(record.tracking_number.view());
    case reference:       return !is_visible(record.reference);
    case amount:          return record.amount && *record.amount < 1;
    default:              return false;
    }
}

EvidenceMember first_of(EvidenceMembers members) {
    members.reset(terms::index_of(content));
    std::size_t i = 0;
    while (!members[i]) ++i;
    return static_cast<EvidenceMember>(i);
}

void add_line(std::string& text, EvidenceMember member, std::string_view value) {
    text.append(to_string(member)).append("=").append(value).append("\n");
}

std::string to_digits(Instant at) { return std::to_string(at.time_since_epoch().count()); }

// Compares one member with what is known of it. With several parcels in question, a claim that is
// true of one of them stands.
template <class T>
class Known {
public:
    explicit Known(const T& claimed) : claimed_(claimed) {}

    void add(const T& known) {
        if (known == T{}) return;
        is_met_ |= known == claimed_;
        known_ = known;
    }
    // What is known instead; T{}: nothing that says otherwise.
    T otherwise() const { return claimed_ == T{} || is_met_ ? T{} : known_; }

private:
    T claimed_;
    T known_{};
    bool is_met_ = false;
};

std::vector<const Shipment*> parcels_of(const Order& order, DisputeNo dispute,
                                        const EvidenceRecord& record) {
    std::vector<const Shipment*> named, all;
    if (record.shipment) return {&order.shipments.at(index_of(*record.shipment))};
    for (const auto& one : order.shipments) {
        if (!record.tracking_number.empty() && one.tracking == record.tracking_number)
            named.push_back(&one);
        if (one.replaces ? one.replaces == dispute
                         : overlap(one.lines, order.dispute(dispute).lines))
            all.push_back(&one);
    }
    return named.empty() ? all : named;
}

EvidenceRecord of_parcels(const Order& order, DisputeNo dispute, const EvidenceRecord& claim) {
    Known carrier_of(claim.carrier);
    Known number(claim.tracking_number);
    Known shipped(claim.shipped_at), delivered(claim.delivered_at);
    for (const auto* parcel : parcels_of(order, dispute, claim)) {
        carrier_of.add(parcel->carrier);
        number.add(parcel->tracking);
        shipped.add(parcel->when);
        if (const auto* scan = delivery_of(*parcel)) delivered.add(scan->when);
    }
    return {.carrier = carrier_of.otherwise(),
            .tracking_number = number.otherwise(),
            .shipped_at = shipped.otherwise(),
            .delivered_at = delivered.otherwise()};
}

EvidenceRecord of_return(const Return& back, const EvidenceRecord& claim) {
    Known number(claim.tracking_number);
    Known shipped(claim.shipped_at), delivered(claim.delivered_at);
    number.add(back.tracking);
    shipped.add(back.sent);
    delivered.add(back.delivered);
    return {.tracking_number = number.otherwise(),
            .shipped_at = shipped.otherwise(),
            .delivered_at = delivered.otherwise()};
}

EvidenceRecord of_sum(std::optional<Minor> known, const EvidenceRecord& claim) {
    Known sum(claim.amount);
    sum.add(known);
    return {.amount = sum.otherwise()};
}

}  // namespace

std::string_view to_string(EvidenceMember value) {
    return enum_word(
        std::array<std::string_view, 9>{"content", "shipment", "carrier", "tracking_number",
                                        "shipped_at", "delivered_at", "refund", "reference",
                                        "amount"},
        value);
}

const EvidenceRule& rule_of(EvidenceKind kind) {
    const auto& row = table().at(terms::index_of(kind));
    VERIFY(row.kind == kind);
    return row.rule;
}

EvidenceMembers members_of(const EvidenceRecord& record) {
    EvidenceMembers set;
    set[terms::index_of(shipment)] = record.shipment.has_value();
    set[terms::index_of(carrier)] = !record.carrier.empty();
    set[terms::index_of(tracking_number)] = !record.tracking_number.empty();
    set[terms::index_of(shipped_at)] = record.shipped_at.has_value();
    set[terms::index_of(delivered_at)] = record.delivered_at.has_value();
    set[terms::index_of(refund)] = record.refund.has_value();
    set[terms::index_of(reference)] = !record.reference.empty();
    set[terms::index_of(amount)] = record.amount.has_value();
    return set;
}

std::vector<EvidenceFault> faults_of(EvidenceKind kind, bool has_content,
                                     const EvidenceRecord& record) {
    using Why = EvidenceFault::Why;
    const auto& rule = rule_of(kind);
    const auto allowed = rule.all | rule.any | rule.may;
    auto given = members_of(record);
    given[terms::index_of(content)] = has_content;
    auto missing = rule.all & ~given;
    if (rule.any.any() && (rule.any & given).none())
        missing.set(terms::index_of(first_of(rule.any)));
    std::vector<EvidenceFault> faults;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto member = static_cast<EvidenceMember>(i);
        if (missing[i]) faults.push_back({member, Why::missing});
        if (given[i] && !allowed[i]) faults.push_back({member, Why::not_fitting});
        if (given[i] && allowed[i] && is_invalid(member, record))
            faults.push_back({member, Why::invalid});
    }
    return faults;
}

Hash content_of(EvidenceKind kind, const EvidenceRecord& record) {
    std::string text = "evidence=" + std::string(terms::to_string(kind)) + "\n";
    if (record.shipment) add_line(text, shipment, std::to_string(record.shipment->value));
    if (!record.carrier.empty()) add_line(text, carrier, record.carrier.view());
    if (!record.tracking_number.empty())
        add_line(text, tracking_number, record.tracking_number.view());
    if (record.shipped_at) add_line(text, shipped_at, to_digits(*record.shipped_at));
    if (record.delivered_at) add_line(text, delivered_at, to_digits(*record.delivered_at));
    if (record.refund) add_line(text, refund, std::to_string(record.refund->value));
    if (!record.reference.empty()) add_line(text, reference, record.reference);
    if (record.amount) add_line(text, amount, std::to_string(*record.amount));
    return hash_of(text);
}

bool has_file(const Evidence& evidence) {
    const auto kind = terms::parse_word<EvidenceKind>(evidence.kind.view());
    return !kind || evidence.content != content_of(*kind, evidence.record);
}

std::optional<Minor> find_refund(const Order& order, InstructionNo no) {
    if (!has(order.instructions, no)) return std::nullopt;
    const auto& one = order.instructions[index_of(no)];
    return one.kind == InstructionKind::refund ? std::optional(one.amount) : std::nullopt;
}

EvidenceRecord known_otherwise(const Order& order, DisputeNo dispute, const Evidence& evidence) {
    const auto kind = terms::parse_word<EvidenceKind>(evidence.kind.view());
    const auto& claim = evidence.record;
    if (!kind || claim.empty()) return {};
    switch (*kind) {
    case EvidenceKind::return_tracking: {
        const auto& back = order.dispute(dispute).back;
        return back ? of_return(*back, claim) : EvidenceRecord{};
    }
    case EvidenceKind::refund_confirmation:
        return claim.refund ? of_sum(find_refund(order, *claim.refund), claim) : EvidenceRecord{};
    case EvidenceKind::invoice:         return of_sum(placed_total_of(order), claim);
    case EvidenceKind::repair_estimate: return {};
    default:                            return of_parcels(order, dispute, claim);
    }
}

}  // namespace holdfast::order
