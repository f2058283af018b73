#include "engine/standing.h"

#include "base/enum_word.h"
#include "engine/live.h"
#include "engine/outbox_desk.h"
#include "engine/work.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace holdfast::engine {
namespace {

using store::OutboxRow;
using store::OutboxState;

bool is_to_leave(const OutboxRow& row) {
    return row.state == OutboxState::pending || row.state == OutboxState::unknown;
}

Instant told_at(store::Store& store, const OutboxRow& row) {
    const auto events = store.load(row.stream).events;
    if (row.seq == 0 || row.seq > events.size()) return row.item.due;
    const auto placed = placed_by(events.front().cause);
    if (placed && !placed->clock.empty()) return row.item.due;
    return events[row.seq - 1].at;
}

Duration age_of(store::Store& store, const std::optional<OutboxRow>& row, Instant now) {
    if (!row) return {};
    return std::max(Duration{0}, now - told_at(store, *row));
}

}  // namespace

std::string_view to_string(MoneyState value) {
    constexpr std::array<std::string_view, 5> words{"pending", "under_way", "unknown", "failed",
                                                    "needs_attention"};
    return enum_word(words, value);
}

// A try that was not answered is counted; one that was accepted is not (courier.cpp).
std::optional<MoneyState> money_state_of(const OutboxRow& row) {
    if (row.item.kind != instruction_kind && row.item.kind != payout_kind) return std::nullopt;
    switch (row.state) {
    case OutboxState::pending: return MoneyState::pending;
    case OutboxState::unknown:
        return row.attempts > 0 ? MoneyState::unknown : MoneyState::under_way;
    case OutboxState::failed:          return MoneyState::failed;
    case OutboxState::needs_attention: return MoneyState::needs_attention;
    }
    return std::nullopt;
}

Standing read_standing(store::Store& store, Instant now) {
    Standing standing;
    const auto due = store.due(now, 1);
    if (!due.empty()) standing.sweeper_lag = now - *due.front().next_deadline;

    std::optional<OutboxRow> oldest, oldest_unknown;  // rows come in the order in which they began
    each_row(store, [&](const OutboxRow& row) {
        const auto state = money_state_of(row);
        if (state) ++standing.instructions[static_cast<std::size_t>(*state)];
        if (!oldest && is_to_leave(row)) oldest = row;
        if (!oldest_unknown && state == MoneyState::unknown) oldest_unknown = row;
        return true;
    });
    standing.outbox_oldest_age = age_of(store, oldest, now);
    standing.unknown_oldest_age = age_of(store, oldest_unknown, now);
    return standing;
}

std::uint64_t ledger_imbalance(store::Store& store) {
    std::map<Currency, std::int64_t> sums;
    for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
        for (const auto& entry : store.balances_of(kind))
            sums[entry.amount.currency()] += entry.amount.minor();
    std::uint64_t imbalance = 0;
    for (const auto& [currency, sum] : sums) imbalance += static_cast<std::uint64_t>(std::abs(sum));
    return imbalance;
}

}  // namespace holdfast::engine
