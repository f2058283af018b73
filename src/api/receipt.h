// What a command answers with: which events it made and the ids of what came to be, or, of a
// preview, what would happen.
#pragma once

#include "engine/live.h"
#include "engine/work.h"
#include "order/actions.h"
#include "order/rules.h"

#include <boost/json/object.hpp>

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::api {

// Of an answer that is done or replayed, with its events.
boost::json::object receipt(const store::StreamId& stream, store::StreamKind kind,
                            const engine::Answer& answer);

// What would happen to an order that is caught up, and which open rights it would cost.
boost::json::object preview(const IdBytes& id, const engine::LiveOrder& before,
                            const order::Rules& rules, const order::Events& events, Instant now,
                            const std::optional<order::Standing>& standing = {});
boost::json::object preview(const IdBytes& id, const ledger::PartyBook& before,
                            const ledger::Events& events);

}  // namespace holdfast::api
