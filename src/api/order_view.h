// An order, its disputes and instructions as a reader sees them: the contract's views.
//
// What a reader may do, and the rights behind it, come from order/actions.h: from the functions
// that decide.
#pragma once

#include "base/hash.h"
#include "engine/live.h"
#include "order/actions.h"
#include "order/rules.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::api {

// A text that an order names, as it is kept now.
struct SeenText {
    std::optional<std::string> text = {};
    bool is_erased = false;
};
using SeenTexts = std::map<Hash, SeenText>;

// One order as it stands at `now`, caught up, and for whom it is drawn.
struct OrderSeen {
    const IdBytes& id;
    const engine::LiveOrder& live;
    const order::Rules& rules;
    std::span<const order::Due> ahead;
    const SeenTexts& addresses;
    order::Party reader = order::Party::platform;
    Instant now{};
    Instant created_at{};  // recorded
    bool livemode = false;
    std::optional<order::Standing> standing = {};  // of the parties, where the terms ask for it
};

enum class Detail : std::uint8_t { whole, brief };  // brief: without actions and rights

boost::json::object order_view(const OrderSeen& seen, Detail detail);
boost::json::object dispute_view(const OrderSeen& seen, order::DisputeNo no, Detail detail);
boost::json::object message_view(const OrderSeen& seen, order::MessageNo no, const SeenText& text);
boost::json::object instruction_view(const OrderSeen& seen, order::InstructionNo no);
boost::json::object balance_view(const OrderSeen& seen);  // of its money
boost::json::array rights_view(const order::Rules& rules, std::span<const order::Right> rights);

// Who is waited for, of the order or of one of its disputes: words of the contract.
boost::json::array waiting_view(const OrderSeen& seen, std::optional<order::DisputeNo> of = {});

// What a default of the terms does by itself; nothing: an end that moves neither money nor a
// dispute.
std::optional<boost::json::object> silence_view(const OrderSeen& seen, const order::Due& due);

// How a party stands is for that party and the platform to read; `reader` none: the platform.
bool may_read(terms::Number number, std::optional<order::Party> reader);

// "placed", "paid", "part_shipped", "shipped", "completed" or "cancelled".
std::string_view state_of(const order::Order& order);

boost::json::object money_view(order::Minor amount, Currency currency);

}  // namespace holdfast::api
