#include "order/checklist.h"

#include "order/facts.h"
#include "order/money.h"
#include "terms/evaluate.h"

#include "base/enum_word.h"

#include <algorithm>
#include <array>
#include <map>

namespace holdfast::order {
namespace {

using enum EvidenceMember;

// The numbers of the events that told what the order knows.
struct Origins {
    std::uint64_t placed = 0, return_sent = 0, return_delivered = 0;
    std::map<ShipmentNo, std::uint64_t> shipped, delivered;
    struct Refund {
        InstructionNo instruction;
        Minor amount = 0;
        std::uint64_t seq = 0;
    };
    std::vector<Refund> refunds;
};

class Trace {
public:
    Trace(const Order& order, DisputeNo dispute) : order_(order), dispute_(dispute) {}

    void take(const Recorded& recorded, std::uint64_t seq) {
        recorded_ = &recorded;
        seq_ = seq;
        std::visit([&](const auto& event) { note(event); }, recorded.event);
    }
    const Origins& origins() const { return origins_; }

private:
    void note(const Placed&) { origins_.placed = seq_; }
    void note(const Shipped& event) { origins_.shipped[event.shipment] = seq_; }
    void note(const Scanned& event) {
        const auto* scan = delivery_of(order_.shipments.at(index_of(event.shipment)));
        if (scan && scan->kind == event.kind && scan->when == recorded_->when)
            origins_.delivered[event.shipment] = seq_;
    }
    void note(const RefundIssued& event) {
        if (!event.dispute || *event.dispute == dispute_)
            origins_.refunds.push_back({event.instruction, event.amount, seq_});
    }
    void note(const ReturnSent& event) {
        if (event.dispute == dispute_) origins_.return_sent = seq_;
    }
    void note(const ReturnDelivered& event) {
        if (event.dispute == dispute_) origins_.return_delivered = seq_;
    }
    template <class Other>
    void note(const Other&) {}

    const Order& order_;
    DisputeNo dispute_;
    const Recorded* recorded_ = nullptr;
    std::uint64_t seq_ = 0;
    Origins origins_;
};

// A record in the making, with where its members come from.
class Making {
public:
    explicit Making(std::uint64_t seq) : seq_(seq) {}

    // Words that are not visible ASCII are no members of evidence.
    Making& with(EvidenceMember member, Word EvidenceRecord::* at, const Word& value) {
        if (is_processor_name(value.view())) set(member, at, value, seq_);
        return *this;
    }
    template <class T>
    Making& with(EvidenceMember member, std::optional<T> EvidenceRecord::* at, T value,
                 std::uint64_t seq) {
        set(member, at, value, seq);
        return *this;
    }
    template <class T>
    Making& with(EvidenceMember member, std::optional<T> EvidenceRecord::* at, T value) {
        return with(member, at, value, seq_);
    }
    KnownRecord as(EvidenceKind kind) const { return {kind, record_, from_}; }
    bool has_number() const { return !record_.tracking_number.empty(); }

private:
    template <class T>
    void set(EvidenceMember member, T EvidenceRecord::* at, const auto& value, std::uint64_t seq) {
        record_.*at = value;
        from_.emplace_back(member, seq);
    }

    std::uint64_t seq_;
    EvidenceRecord record_;
    std::vector<std::pair<EvidenceMember, std::uint64_t>> from_;
};

class Known {
public:
    Known(const Order& order, DisputeNo dispute, const Origins& origins)
        : order_(order), dispute_(dispute), origins_(origins) {}

    std::vector<KnownRecord> all() {
        for (const auto& [no, seq] : origins_.shipped) {
            const auto& parcel = order_.shipments.at(index_of(no));
            const bool is_of_dispute = parcel.replaces ? *parcel.replaces == dispute_
                                                       : overlap(parcel.lines, dispute().lines);
            if (is_of_dispute) of_parcel(no, parcel, seq);
        }
        of_return();
        for (const auto& one : origins_.refunds)
            add(Making(one.seq)
                    .with(refund, &EvidenceRecord::refund, one.instruction)
                    .with(amount, &EvidenceRecord::amount, one.amount),
                EvidenceKind::refund_confirmation);
        if (const auto total = placed_total_of(order_); total > 0)
            add(Making(origins_.placed).with(amount, &EvidenceRecord::amount, total),
                EvidenceKind::invoice);
        return std::move(all_);
    }

private:
    const Dispute& dispute() const { return order_.dispute(dispute_); }

    void of_parcel(ShipmentNo no, const Shipment& parcel, std::uint64_t seq) {
        auto making = Making(seq);
        making.with(shipment, &EvidenceRecord::shipment, no)
            .with(carrier, &EvidenceRecord::carrier, parcel.carrier)
            .with(tracking_number, &EvidenceRecord::tracking_number, parcel.tracking);
        const auto came = origins_.delivered.find(no);
        if (came != origins_.delivered.end()) {
            const auto& scan = *delivery_of(parcel);
            auto delivery = making;
            delivery.with(delivered_at, &EvidenceRecord::delivered_at, scan.when, came->second);
            add(delivery, EvidenceKind::proof_of_delivery);
            if (scan.kind == ScanKind::delivered_signed) add(delivery, EvidenceKind::signature);
        }
        making.with(shipped_at, &EvidenceRecord::shipped_at, parcel.when);
        add(making, EvidenceKind::proof_of_shipment);
        if (making.has_number()) add(making, EvidenceKind::tracking);
    }

    void of_return() {
        if (!dispute().back || origins_.return_sent == 0) return;
        const auto& back = *dispute().back;
        auto making = Making(origins_.return_sent);
        making.with(tracking_number, &EvidenceRecord::tracking_number, back.tracking);
        if (!making.has_number()) return;
        making.with(shipped_at, &EvidenceRecord::shipped_at, *back.sent);
        if (origins_.return_delivered > 0)
            making.with(delivered_at, &EvidenceRecord::delivered_at, *back.delivered,
                        origins_.return_delivered);
        add(making, EvidenceKind::return_tracking);
    }

    void add(const Making& making, EvidenceKind kind) { all_.push_back(making.as(kind)); }

    const Order& order_;
    DisputeNo dispute_;
    const Origins& origins_;
    std::vector<KnownRecord> all_;
};

bool is_of(const Evidence& evidence, EvidenceKind kind) {
    return evidence.kind.view() == terms::to_string(kind);
}

bool holds_all(const terms::Context& context, const terms::Conditions& range) {
    for (auto i = range.begin; i < range.end; ++i)
        if (!terms::holds(context, context.terms.conditions[i])) return false;
    return true;
}

ItemStanding standing_of(const terms::ChecklistItem& item, const Dispute& dispute,
                         const std::vector<KnownRecord>& known) {
    ItemStanding standing{.item = &item, .met_by = {}, .known = {}};
    const auto given_of = [&](EvidenceKind kind) {
        return [&item, kind](const Evidence& one) { return one.by == item.of && is_of(one, kind); };
    };
    for (const auto& one : dispute.evidence)
        if (std::ranges::any_of(item.kinds, [&](EvidenceKind kind) { return given_of(kind)(one); }))
            standing.met_by.push_back(one.no);
    const bool is_met =
        item.need == terms::Need::required
            ? std::ranges::all_of(item.kinds,
                                  [&](EvidenceKind kind) {
                                      return std::ranges::any_of(dispute.evidence, given_of(kind));
                                  })
            : !standing.met_by.empty();
    if (is_met) standing.state = ItemState::provided;
    for (const auto& one : known) {
        if (std::ranges::find(item.kinds, one.kind) == item.kinds.end()) continue;
        const bool is_given = std::ranges::any_of(dispute.evidence, [&](const Evidence& given) {
            return given_of(one.kind)(given) && given.record == one.record;
        });
        if (!is_given) standing.known.push_back(&one);
    }
    return standing;
}

}  // namespace

std::string_view to_string(ItemState value) {
    return enum_word(std::array<std::string_view, 3>{"provided", "missing", "not_applicable"},
                     value);
}

std::vector<KnownRecord> known_records(const Order& order, const Events& events,
                                       DisputeNo dispute) {
    Trace trace(order, dispute);
    for (std::size_t i = 0; i < events.size(); ++i) trace.take(events[i], i + 1);
    return Known(order, dispute, trace.origins()).all();
}

std::vector<ItemStanding> standing_of(const Order& order, const Rules& rules,
                                      const terms::Terms& checklist, DisputeNo no, Party of,
                                      const std::vector<KnownRecord>& known, Instant at) {
    const auto& dispute = order.dispute(no);
    const auto facts = facts_of(order, rules, {.dispute = no}, at);
    const terms::Context context{checklist, facts, at};
    std::vector<ItemStanding> all;
    for (const auto& item : checklist.checklist) {
        if (of != Party::either && of != item.of) continue;
        if (item.reasons.any() && !item.reasons[terms::index_of(dispute.reason)]) continue;
        if (holds_all(context, item.when))
            all.push_back(standing_of(item, dispute, known));
        else
            all.push_back(
                {.item = &item, .state = ItemState::not_applicable, .met_by = {}, .known = {}});
    }
    return all;
}

}  // namespace holdfast::order
