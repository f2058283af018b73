// What a POST asks or tells about an order, read into the core's own words.
#pragma once

#include "api/members.h"
#include "api/operation.h"
#include "api/wire_id.h"
#include "engine/work.h"
#include "order/command.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::api {

// The terms that a placement names, with the hash of those that are loaded where it names none.
using PinOf = std::function<std::optional<terms::Pin>(std::string_view terms_id)>;

struct Placing {
    engine::PlaceOrder place;
    bool knows_terms = true, names_cast = false;
};
engine::Cast read_cast(Members& body);
Placing read_placing(Members& body, std::string_view account, const PinOf& pin_of);

// What an operation's path names, by the value that it has for a {name}. Nothing: no such thing.
std::optional<ThingId> subject_in(
    Operation operation, const std::function<std::string_view(std::string_view name)>& parameter);

// What somebody wrote, which no stream may hold: the member that it stands in.
struct FreeText {
    std::string_view member = {};
    std::string text = {};  // empty: nothing was written
};
FreeText read_free_text(Operation operation, Members& body);
// The hash in `command` that stands for its text.
Hash& text_hash_in(order::Command& command);

using OrderAsk = std::variant<order::Command, order::Observation>;

// `subject`: what the path names; for an operation on the order itself, its number is 0. `usual`:
// for whom a command is given that does not say. Nothing: the operation is about no single order.
std::optional<OrderAsk> read_order_ask(Operation operation, const ThingId& subject, Members& body,
                                       order::Party usual = order::Party::platform);

}  // namespace holdfast::api
