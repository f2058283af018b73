#include "store/codec/order_history.h"

#include "store/codec/event_codec.h"

#include <utility>

namespace holdfast::store {

std::optional<order::Events> events_of_order(const History& history, std::uint64_t version) {
    order::Events events;
    for (const auto& event : history.events) {
        if (event.seq > version) break;
        auto decoded = decode_order_event(event);
        if (!decoded) return std::nullopt;
        events.push_back(*std::move(decoded));
    }
    return events;
}

}  // namespace holdfast::store
