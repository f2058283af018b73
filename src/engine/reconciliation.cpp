#include "engine/reconciliation.h"

#include "base/verify.h"
#include "engine/live.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace holdfast::engine {
namespace {

using Rows = std::map<std::string, std::uint64_t>;  // key -> number

Fate fate_of(order::InstructionState state) {
    switch (state) {
    case order::InstructionState::pending:   return Fate::under_way;
    case order::InstructionState::succeeded: return Fate::succeeded;
    case order::InstructionState::failed:    return Fate::failed;
    case order::InstructionState::count_:    break;
    }
    VERIFY(false);
}
Fate fate_of(ledger::PayoutState state) {
    switch (state) {
    case ledger::PayoutState::in_flight: return Fate::under_way;
    case ledger::PayoutState::succeeded: return Fate::succeeded;
    case ledger::PayoutState::failed:    return Fate::failed;
    case ledger::PayoutState::count_:    break;
    }
    VERIFY(false);
}

class Collector {
public:
    explicit Collector(const Rows& rows) : rows_(rows) {}

    void add(const store::StreamId& stream, const LiveOrder& order) {
        const auto& all = order.state.instructions;
        for (std::size_t i = 0; i < all.size(); ++i)
            add(outgoing_of(stream, InstructionText{.no = order::nth<order::InstructionNo>(i),
                                                    .kind = all[i].kind,
                                                    .currency = order.state.currency(),
                                                    .amount = all[i].amount}),
                fate_of(all[i].state));
    }
    void add(const store::StreamId& stream, const LiveParty& party) {
        const auto& all = party.state.payouts;
        for (std::size_t i = 0; i < all.size(); ++i)
            add(outgoing_of(stream, PayoutText{.no = {static_cast<std::uint32_t>(i + 1)},
                                               .currency = all[i].currency,
                                               .amount = all[i].amount}),
                fate_of(all[i].state));
    }
    std::vector<OurPayment> take() {
        std::ranges::sort(all_, {}, [](const OurPayment& one) { return one.outgoing.key; });
        return std::move(all_);
    }

private:
    // The key is the one that the courier would send.
    void add(Outgoing outgoing, Fate fate) {
        const auto row = rows_.find(outgoing.key);
        all_.push_back({.outgoing = std::move(outgoing),
                        .fate = fate,
                        .row = row == rows_.end() ? 0 : row->second});
    }

    const Rows& rows_;
    std::vector<OurPayment> all_;
};

std::string hint(const OurPayment& ours, std::string_view how) {
    if (ours.row == 0) return "";
    return "; `holdfast outbox settle " + std::to_string(ours.row) + " --" + std::string(how) +
           "` if that is right";
}

std::string_view state_here(Fate fate) {
    return fate == Fate::succeeded ? "executed" : fate == Fate::failed ? "failed" : "open";
}

// Ours alone: what the processor has no word of.
std::optional<std::string> unlisted(const OurPayment& ours) {
    if (ours.fate != Fate::succeeded || ours.outgoing.what == Payment::void_authorisation)
        return std::nullopt;
    return to_string(ours.outgoing.amount) + " executed in our books, unknown to the processor";
}

// Both know it.
std::optional<std::string> difference(const OurPayment& ours, const Listed& theirs) {
    if (ours.outgoing.amount != theirs.amount)
        return to_string(ours.outgoing.amount) + " in our books, " + to_string(theirs.amount) +
               " at the processor";
    const auto here = std::string(state_here(ours.fate)) + " in our books";
    switch (theirs.fate) {
    case Fate::succeeded:
        if (ours.fate == Fate::succeeded) return std::nullopt;
        return here + ", executed at the processor" + hint(ours, "succeeded");
    case Fate::failed:
        if (ours.fate == Fate::failed) return std::nullopt;
        return here + ", failed at the processor" + hint(ours, "failed");
    case Fate::under_way:
        if (ours.fate == Fate::under_way) return std::nullopt;
        return here + ", still pending at the processor";
    case Fate::unknown:
    case Fate::never_heard:
    case Fate::count_:      break;
    }
    VERIFY(false);
}

}  // namespace

std::expected<std::vector<OurPayment>, std::string> payments_of(store::Store& store) {
    Rows rows;
    each_row(store, [&](const store::OutboxRow& row) {
        if (const auto outgoing = outgoing_of(row)) rows.emplace(outgoing->key, row.no);
        return true;
    });
    Collector collector(rows);
    std::string problem;
    for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
        store.scan(kind, [&](const store::IndexRow& row) {
            const auto live = fold(row.stream, store.load(row.stream));
            if (!live)
                problem = live.error();
            else
                std::visit([&](const auto& one) { collector.add(row.stream, one); }, live->what);
            return problem.empty();
        });
    if (!problem.empty()) return std::unexpected(problem);
    return collector.take();
}

std::vector<std::string> find_differences(std::span<const OurPayment> ours,
                                          std::span<const Listed> theirs) {
    std::multimap<std::string, std::string> all;  // by key
    std::map<std::string_view, const Listed*> listed;
    for (const auto& one : theirs)
        if (!listed.emplace(one.key, &one).second) all.emplace(one.key, "listed twice");
    for (const auto& one : ours) {
        const auto found = listed.find(one.outgoing.key);
        const auto differs =
            found == listed.end() ? unlisted(one) : difference(one, *found->second);
        if (differs) all.emplace(one.outgoing.key, *differs);
        if (found != listed.end()) listed.erase(found);
    }
    for (const auto& [key, one] : listed)
        if (one->fate != Fate::failed)  // nothing moved
            all.emplace(key, to_string(one->amount) + " at the processor, not in our books");
    std::vector<std::string> lines;
    for (const auto& [key, text] : all) lines.push_back(key + ": " + text);
    return lines;
}

}  // namespace holdfast::engine
