// How things stand in a store, as whoever watches the service wants to know: is time kept up with,
// does everything leave, do the books sum to zero.
#pragma once

#include "base/instant.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::engine {

// How money told to leave stands while it is not settled. What somebody has accepted and not ended
// is under way; unknown is what was sent and not answered.
enum class MoneyState : std::uint8_t {
    pending,
    under_way,
    unknown,
    failed,
    needs_attention,
    count_
};
std::string_view to_string(MoneyState value);
std::optional<MoneyState> money_state_of(const store::OutboxRow& row);  // none: it is no money

struct Standing {
    Duration sweeper_lag{};        // of the deadline that should have struck first
    Duration outbox_oldest_age{};  // of what is to be sent and was not, or not for certain
    Duration unknown_oldest_age{};
    std::array<std::uint64_t, static_cast<std::size_t>(MoneyState::count_)> instructions{};
};

// Ages count from the event that told; for an order that lives by a test clock, whose events have
// other times, from when its row is due.
Standing read_standing(store::Store& store, Instant now);

// What all entries of each currency come to beside zero, without signs, in minor units. Reads the
// whole ledger.
std::uint64_t ledger_imbalance(store::Store& store);

}  // namespace holdfast::engine
