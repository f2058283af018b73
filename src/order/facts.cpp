#include "order/facts.h"

#include "base/verify.h"
#include "order/money.h"
#include "terms/ask.h"

#include <algorithm>
#include <array>

namespace holdfast::order {
namespace {

using terms::Attribute;
using terms::Known;
using terms::Marks;
using terms::Moment;
using terms::Number;

// The words of the terms' language for a parcel, the worst off first.
constexpr std::array<std::string_view, 14> tracking_words{
    "lost_in_transit", "returned_to_sender", "damaged",          "refused_by_recipient",
    "held_by_customs", "exception",          "silent",           "no_tracking",
    "label_only",      "in_transit",         "out_for_delivery", "pickup_waiting",
    "delivered",       "delivered_signed"};

std::string_view word_of(ScanKind kind) {
    switch (kind) {
    case ScanKind::accepted:
    case ScanKind::moving:             return "in_transit";
    case ScanKind::out_for_delivery:   return "out_for_delivery";
    case ScanKind::pickup_waiting:     return "pickup_waiting";
    case ScanKind::delivered:          return "delivered";
    case ScanKind::delivered_signed:   return "delivered_signed";
    case ScanKind::returned_to_sender: return "returned_to_sender";
    case ScanKind::lost:               return "lost_in_transit";
    case ScanKind::damaged:            return "damaged";
    case ScanKind::customs:            return "held_by_customs";
    case ScanKind::refused:            return "refused_by_recipient";
    case ScanKind::exception:          return "exception";
    case ScanKind::count_:             break;
    }
    VERIFY(!"a ScanKind outside its list");
    return {};
}

std::string_view word_of(const Shipment& shipment, std::optional<Duration> silent_after,
                         Instant at) {
    if (const auto* delivery = delivery_of(shipment)) return word_of(delivery->kind);
    const auto* scan = newest_scan(shipment);
    if (!scan) return shipment.tracking.empty() ? "no_tracking" : "label_only";
    const auto word = word_of(scan->kind);
    const bool normal = word == "in_transit" || word == "out_for_delivery";
    if (normal && silent_after && at >= scan->when + *silent_after) return "silent";
    return word;
}

// The parcels of the sale itself that carry one of these lines; replacements are another story.
template <class F>
void each_parcel(const Order& order, const Lines& lines, F&& use) {
    for (const auto& shipment : order.shipments)
        if (!shipment.replaces && overlap(shipment.lines, lines)) use(shipment);
}

bool is_all_shipped(const Order& order, const Lines& lines) {
    return !overlap(unshipped_lines(order), lines);
}

// The dispute that a question about these lines is about: one that runs, else the newest.
std::optional<DisputeNo> dispute_about(const Order& order, const Lines& lines) {
    std::optional<DisputeNo> found;
    for (std::size_t i = order.disputes.size(); i-- > 0;) {
        const auto& dispute = order.disputes[i];
        if (!overlap(dispute.lines, lines)) continue;
        if (dispute.is_quarrel()) return nth<DisputeNo>(i);
        if (!found) found = nth<DisputeNo>(i);
    }
    return found;
}

}  // namespace

const Scan* newest_scan(const Shipment& shipment) {
    const Scan* newest = nullptr;
    for (const auto& scan : shipment.scans)
        if (!scan.withdrawn && (!newest || scan.when >= newest->when)) newest = &scan;
    return newest;
}

bool has_scan(const Shipment& shipment, ScanKind kind) {
    return std::ranges::any_of(shipment.scans, [&](const Scan& one) { return one.kind == kind; });
}

const Scan* delivery_of(const Shipment& shipment) {
    const Scan* first = nullptr;
    for (const auto& scan : shipment.scans)
        if (!scan.withdrawn && is_delivery(scan.kind) && (!first || scan.when < first->when))
            first = &scan;
    return first;
}

Lines lines_of(const Order& order, const Scope& scope) {
    if (!scope.lines.empty()) return scope.lines;
    auto lines = scope.dispute ? order.dispute(*scope.dispute).lines : all_lines(order);
    return lines.empty() ? placed_lines(order) : lines;
}

Order with_standing(Order order, const Standing& standing, Instant seen_at) {
    order.standing = standing;
    order.standing_seen_at = seen_at;
    return order;
}

std::optional<Instant> received_of(const Dispute& dispute) {
    VERIFY(dispute.back);
    if (dispute.back->received || !dispute.is_closed() || !dispute.back->sent)
        return dispute.back->received;
    return dispute.changed_at;
}

namespace {

class FactsOf {
public:
    FactsOf(const Order& order, const Rules& rules, const Scope& scope, Instant at)
        : order_(order),
          rules_(rules),
          at_(at),
          dispute_(scope.dispute),
          lines_(lines_of(order, scope)) {
        if (!dispute_) dispute_ = dispute_about(order_, lines_);
    }

    terms::Facts build() {
        set_placement();
        set_payment();
        set_parcels();
        set_sums();
        set_contact();
        if (dispute_) set_dispute(order_.dispute(*dispute_));
        for (const auto& outage : order_.outages) facts_.add_outage(outage.from, outage.until);
        return std::move(facts_);
    }

private:
    // What happened here was seen as it happened.
    void set(Moment moment, std::optional<Instant> when) {
        if (when) facts_.set(moment, *when, {.source = 0, .seen_at = *when});
    }
    void set(Moment moment, Instant when, Instant seen_at, const char* source) {
        facts_.set(moment, when, {.source = facts_.source(source), .seen_at = seen_at});
    }
    void set(Number number, std::int64_t value) { facts_.set(number, value, Known{}); }

    void set_placement() {
        const auto& sale = order_.terms_of_sale;
        for (const auto& [attribute, word] : sale.attributes) facts_.set(attribute, word);
        for (const auto& [number, value] : sale.numbers) facts_.set(number, value);
        for (const auto& mark : sale.item_marks) facts_.add_mark(Marks::item, mark);
        set_standing();
        facts_.set(Attribute::currency, Word(code_of(sale.currency)));
        set(Moment::placed, order_.placed_at);
        if (order_.promised_by.known())
            facts_.set(Moment::promised_by, order_.promised_by, {0, order_.placed_at});
        if (sale.ship_by.known()) facts_.set(Moment::ship_by, sale.ship_by, {0, order_.placed_at});
        set(Moment::extended, order_.extended);
        set(Moment::completed, order_.completed);
        set(Moment::cancelled, order_.cancelled);
        set(Number::extensions, order_.extensions);
        if (!order_.cancel) return;
        set(Moment::cancel_requested, order_.cancel->at);
        set(Moment::cancel_answered, order_.cancel->answered);
    }

    // What was seen of the parties' other orders goes before what was said when this one was
    // placed.
    void set_standing() {
        if (!order_.standing_seen_at) return;
        const Known known{.source = facts_.source("orders"), .seen_at = *order_.standing_seen_at};
        for (const auto& [number, value] : order_.standing.figures)
            facts_.set(number, value, known);
    }

    void set_payment() {
        if (order_.paid) set(Moment::paid, *order_.paid, *order_.paid_seen_at, "processor");
        set(Moment::released, order_.released_at);
        if (!order_.chargebacks.empty()) set(Moment::chargeback, order_.chargebacks.back().opened);
    }

    void set_parcels() {
        std::optional<Instant> first, last, last_seen;
        each_parcel(order_, lines_, [&](const Shipment& parcel) {
            if (!first || parcel.when < *first) first = parcel.when;
            if (!last || parcel.when > *last) last = parcel.when;
            if (!last_seen || parcel.seen_at > *last_seen) last_seen = parcel.seen_at;
        });
        facts_.set(Attribute::tracking, tracking_of(order_, rules_, lines_, at_));
        if (!first) return;
        set(Moment::shipped_first, *first, *last_seen, "carrier");
        if (is_all_shipped(order_, lines_)) {
            set(Moment::shipped_last, *last, *last_seen, "carrier");
            set(Moment::shipped_all, *last, *last_seen, "carrier");
        }
        set_scans();
    }

    void set_scans() {
        std::optional<Instant> first, last, last_seen, came_first, came_seen;
        each_parcel(order_, lines_, [&](const Shipment& parcel) {
            for (const auto& scan : parcel.scans) {
                if (scan.withdrawn) continue;
                if (!first || scan.when < *first) first = scan.when;
                if (!last || scan.when > *last) last = scan.when;
                if (!last_seen || scan.seen_at > *last_seen) last_seen = scan.seen_at;
            }
            const auto* came = delivery_of(parcel);
            if (!came) return;
            if (!came_first || came->when < *came_first) came_first = came->when;
            if (!came_seen || came->seen_at > *came_seen) came_seen = came->seen_at;
        });
        if (first) {
            set(Moment::scanned_first, *first, *last_seen, "carrier");
            set(Moment::scanned_last, *last, *last_seen, "carrier");
        }
        if (!came_first) return;
        set(Moment::delivered_first, *came_first, *came_seen, "carrier");
        const auto all = delivered_all(order_, lines_);
        if (!all) return;
        set(Moment::delivered_last, all->first, all->second, "carrier");
        set(Moment::delivered_all, all->first, all->second, "carrier");
    }

    // The price of these lines as placed, with their share of what came with it.
    void set_sums() {
        const auto& sale = order_.terms_of_sale;
        const auto all = goods_of(order_, placed_lines(order_));
        const auto some = goods_of(order_, lines_);
        const auto part = [&](Minor extra) { return part_of(extra, some, all); };
        set(Number::item, some);
        set(Number::shipping, part(sale.shipping));
        set(Number::tax, part(sale.tax));
        set(Number::fee, part(sale.fee));
        set(Number::disputes, std::ranges::count_if(order_.disputes, [&](const Dispute& one) {
                return overlap(one.lines, lines_);
            }));
        Minor refunded = 0;
        for (const auto& [no, quantity] : lines_) {
            // What came back for units that were cancelled is no refund of these.
            const auto& line = order_.lines.at(index_of(no));
            const auto cancelled = order_.cancelled ? 0 : line.placed.unit_price * line.cancelled;
            refunded += std::max<Minor>(0, line.refunded - cancelled);
        }
        if (refunded > 0) {
            set(Number::refunded_amount, refunded);
            set(Moment::refunded, order_.refunded_at);
        }
    }

    // When the buyer first wrote to the seller.
    void set_contact() {
        const auto& all = order_.messages;
        const auto first = std::ranges::find_if(all, [](const Message& one) {
            return one.by == Party::buyer && one.to == Audience::everyone;
        });
        if (first != all.end()) set(Moment::contacted, first->at);
    }

    void set_dispute(const Dispute& dispute) {
        set(Moment::dispute_opened, dispute.opened);
        if (dispute.notified)
            set(Moment::dispute_notified, *dispute.notified, *dispute.notified, "notice");
        set(Moment::dispute_modified, dispute.modified);
        set(Moment::dispute_answered, dispute.answered);
        set(Moment::dispute_withdrawn, dispute.withdrawn);
        set(Moment::offer_accepted, dispute.accepted);
        set(Moment::escalated, dispute.escalated);
        set(Moment::decided, dispute.decided);
        set(Moment::appealed, dispute.appealed);
        set(Moment::appeal_decided, dispute.appeal_decided);
        if (!dispute.withdrawn) set(Moment::dispute_closed, dispute.closed);
        set(Moment::replacement_agreed, dispute.replacement_agreed);
        set(Moment::replacement_shipped, dispute.replacement_shipped);
        set(Moment::replacement_delivered, dispute.replacement_delivered);
        facts_.set(Attribute::dispute_reason, Word(to_string(dispute.reason)));
        facts_.set(Attribute::dispute_tracking, dispute.tracking);
        set(Number::requested, dispute.requested);
        set(Number::appeals, dispute.appeals);
        if (dispute.verdict) set(Number::decided_amount, dispute.verdict->settlement.amount);
        for (const auto& asked : dispute.asked)
            if (asked.of == Party::seller && !asked.answered && !asked.lapsed)
                set(Moment::asked, asked.at);
        set_offers();
        if (dispute.back) set_return(dispute, *dispute.back);
    }

    void set_offers() {
        for (const auto& offer : order_.offers) {
            if (offer.dispute != *dispute_) continue;
            set(Moment::offer_made, offer.made_at);
            if (offer.state == OfferState::open) set(Number::offered, offer.plan.then.amount);
            if (offer.state == OfferState::accepted) set(Number::accepted, offer.plan.then.amount);
        }
    }

    // A return that was settled without a word of the seller counts as received when it was.
    void set_return(const Dispute& dispute, const Return& back) {
        set(Moment::return_agreed, back.agreed);
        set(Moment::return_sent, back.sent);
        if (back.delivered)
            set(Moment::return_delivered, *back.delivered, back.delivered_seen_at, "carrier");
        set(Moment::return_received, received_of(dispute));
        set(Moment::return_contested, back.contested);
        set(Number::returns, 1);
        facts_.set(Attribute::return_label, back.label);
    }

    const Order& order_;
    const Rules& rules_;
    Instant at_;
    std::optional<DisputeNo> dispute_;
    Lines lines_;
    terms::Facts facts_;
};

}  // namespace

terms::Facts facts_of(const Order& order, const Rules& rules, const Scope& scope, Instant at) {
    return FactsOf(order, rules, scope, at).build();
}

std::optional<Minor> compensation_cap(const Order& order, const Rules& rules,
                                      std::optional<DisputeNo> dispute, Instant at) {
    const auto answer = terms::ask(
        *rules.terms, facts_of(order, rules, {.dispute = dispute}, at),
        {.kind = terms::Question::Kind::award, .at = at, .topic = terms::Topic::compensation});
    return answer.allowed ? answer.amount : std::nullopt;
}

Word tracking_of(const Order& order, const Rules& rules, const Lines& lines, Instant at) {
    auto worst = tracking_words.size();
    each_parcel(order, lines, [&](const Shipment& parcel) {
        const auto word = word_of(parcel, rules.terms->silent_after, at);
        const auto found = std::ranges::find(tracking_words, word) - tracking_words.begin();
        worst = std::min(worst, static_cast<std::size_t>(found));
    });
    return {worst < tracking_words.size() ? tracking_words[worst] : "no_tracking"};
}

std::optional<std::pair<Instant, Instant>> delivered_all(const Order& order, const Lines& lines) {
    if (!is_all_shipped(order, lines)) return std::nullopt;
    std::optional<std::pair<Instant, Instant>> last;
    bool all = true;
    each_parcel(order, lines, [&](const Shipment& parcel) {
        const auto* came = delivery_of(parcel);
        if (!came) {
            all = false;
            return;
        }
        if (!last) last.emplace(came->when, came->seen_at);
        last->first = std::max(last->first, came->when);
        last->second = std::max(last->second, came->seen_at);
    });
    return all ? last : std::nullopt;
}

}  // namespace holdfast::order
