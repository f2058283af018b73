#include "engine/outbox_desk.h"

#include "engine/outbox_text.h"

namespace holdfast::engine {

using store::OutboxState;

void each_row(store::Store& store, const std::function<bool(const store::OutboxRow&)>& visit) {
    constexpr std::size_t slice = 1'000;
    for (std::uint64_t after = 0;;) {
        const auto rows = store.outbox(after, slice);
        if (rows.empty()) return;
        after = rows.back().no;
        for (const auto& row : rows)
            if (!visit(row)) return;
    }
}

std::optional<store::OutboxRow> find_row(store::Store& store, std::uint64_t no) {
    if (no == 0) return std::nullopt;
    auto rows = store.outbox(no - 1, 1);
    if (rows.empty() || rows.front().no != no) return std::nullopt;
    return std::move(rows.front());
}

std::expected<store::OutboxUpdate, std::string> retry_of(const store::OutboxRow& row, Instant now) {
    const bool is_payment = row.item.kind == instruction_kind || row.item.kind == payout_kind;
    if (is_payment && !outgoing_of(row))
        return std::unexpected("its text cannot be read; nothing can be sent of it");
    const bool may_be_sent = is_payment && row.state != OutboxState::pending;
    return store::OutboxUpdate{.no = row.no,
                               .lease = row.lease,
                               .state = may_be_sent ? OutboxState::unknown : OutboxState::pending,
                               .due = now,
                               .attempts = 0,
                               .problem = row.problem};
}

}  // namespace holdfast::engine
