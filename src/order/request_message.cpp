// What the parties write to each other.
#include "order/handle.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

bool are_sensible(const SendMessage& send) {
    if (send.files.size() > message_files_most) return false;
    if (!send.files.empty() && !send.dispute) return false;  // files are a dispute's
    for (auto i = send.files.begin(); i != send.files.end(); ++i)
        if (std::find(send.files.begin(), i, *i) != i) return false;
    return true;
}

}  // namespace

std::optional<Instant> messages_end(const Order& order) {
    if (!order.is_over()) return std::nullopt;
    auto last = std::max(order.completed.value_or(Instant{}), order.cancelled.value_or(Instant{}));
    for (const auto& dispute : order.disputes) {
        if (!dispute.is_closed()) return std::nullopt;
        last = std::max(last, dispute.changed_at);
    }
    return last + messages_after;
}

Check handle(const Asked& asked, const SendMessage& send) {
    TRY(need_role(asked, {Party::buyer, Party::seller, Party::platform}));
    if (!are_sensible(send)) return no(RefusalCode::malformed);
    if (send.dispute) TRY(need_dispute(asked, *send.dispute));
    const auto& order = asked.order();
    const auto end = messages_end(order);
    if (end && asked.received_at >= *end)
        return std::unexpected(Refusal{.code = RefusalCode::messages_ended, .closes_at = end});
    const auto written = std::ranges::count(order.messages, asked.by, &Message::by);
    if (static_cast<std::size_t>(written) >= messages_most)
        return no(RefusalCode::too_many_messages);
    if (asked.granted) asked.granted->closes_at = end;
    asked.draft.add(MessageSent{.message = {next_of(order.messages)},
                                .by = asked.by,
                                .to = send.to,
                                .dispute = send.dispute,
                                .text = send.text,
                                .files = send.files});
    return {};
}

}  // namespace holdfast::order
