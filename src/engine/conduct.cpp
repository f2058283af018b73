#include "engine/conduct.h"

#include "store/codec/order_history.h"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::size_t slice = 256;

// None: it cannot be read.
std::optional<order::Events> events_of(store::Store& store, const store::StreamId& stream) {
    const auto history = store.load(stream);
    return store::events_of_order(history, history.version);
}

class Reading {
public:
    Reading(store::Store& store, const RulesBook& rules, Instant since, Instant until,
            const Unwritten& unwritten)
        : store_(store), rules_(rules), since_(since), until_(until), unwritten_(unwritten) {}

    ConductOf of(const std::string& term) {
        if (unwritten_.begun)
            for (const auto& stream : unwritten_.begun(term)) take(stream);
        for (std::uint64_t before = UINT64_MAX; !found_.is_cut;) {
            const auto begun = store_.newest_with(term, before, slice);
            for (const auto& one : begun) {
                found_.is_cut = found_.orders.size() >= ConductOf::orders_most;
                if (found_.is_cut) break;
                take_written(one.stream);
            }
            if (begun.size() < slice) break;
            before = begun.back().place;
        }
        return std::move(found_);
    }

private:
    // An order to which nothing has happened in the span was not placed in it.
    void take_written(const store::StreamId& stream) {
        const auto row = store_.find(stream);
        if (!row || row->seen_at >= since_) take(stream);
    }
    void take(const store::StreamId& stream) {
        auto events = events_of(store_, stream);
        if (events && unwritten_.add) unwritten_.add(stream, *events);
        const auto* placed = events && !events->empty()
                                 ? std::get_if<order::Placed>(&events->front().event)
                                 : nullptr;
        const auto* terms = placed ? rules_.find(placed->placement.terms) : nullptr;
        if (!terms) {
            ++found_.unread;
            return;
        }
        const auto placed_at = events->front().when;
        if (placed_at < since_ || placed_at > until_) return;
        found_.orders.push_back(stream);
        found_.conducts.push_back(order::conduct_of(*events, *terms));
    }

    store::Store& store_;
    const RulesBook& rules_;
    Instant since_, until_;
    const Unwritten& unwritten_;
    ConductOf found_;
};

}  // namespace

std::string party_term(order::PartyId party, bool as_buyer) {
    return (as_buyer ? "buyer:" : "seller:") + to_string(party);
}

ConductOf conduct_of(store::Store& store, const RulesBook& rules, order::PartyId party,
                     bool as_buyer, Instant since, Instant until, const Unwritten& unwritten) {
    return Reading(store, rules, since, until, unwritten).of(party_term(party, as_buyer));
}

std::optional<order::Standing> standing_of(store::Store& store, const RulesBook& book,
                                           const order::Rules& rules,
                                           const order::Placement& placement, Instant now,
                                           const Unwritten& unwritten) {
    auto asked = rules.terms->asks_standing;
    for (const auto* law : rules.law) asked |= law->asks_standing;
    if (asked.none()) return std::nullopt;
    order::Standing standing{.since = now - rules.terms->looks_back};
    for (const bool as_buyer : {true, false}) {
        if (!order::asks_of(asked, as_buyer)) continue;
        const auto party = as_buyer ? placement.buyer : placement.seller;
        const auto found = conduct_of(store, book, party, as_buyer, standing.since, now, unwritten);
        const auto figures = order::figures_of(found.conducts, asked, as_buyer);
        standing.figures.insert(standing.figures.end(), figures.begin(), figures.end());
    }
    return standing;
}

}  // namespace holdfast::engine
