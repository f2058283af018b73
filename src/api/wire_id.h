// Ids on the wire. A thing of an order carries the order's 26 characters and its number behind them
// ("dsp_01kjma0fm057ebe6p38y71tzxa_1"), a payout its party's: so they lead back to their stream.
#pragma once

#include "base/id.h"
#include "order/order.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct ThingId {
    IdBytes stream{};
    std::uint64_t number = 0;  // from 1
    bool operator==(const ThingId&) const = default;
};
std::string thing_id(std::string_view prefix, const IdBytes& stream, std::uint64_t number);
// Only as thing_id() writes it, with a number of at most `most`.
std::optional<ThingId> parse_thing(std::string_view prefix, std::string_view text,
                                   std::uint64_t most = 65'535);

std::string order_id(const IdBytes& stream);  // "ord_…"
std::string party_id(const IdBytes& stream);  // "pty_…"
// Only in lower case, as they are written.
std::optional<IdBytes> parse_prefixed(std::string_view prefix, std::string_view text);

template <class Tag>
std::string thing_id(std::string_view prefix, const IdBytes& stream, order::Ordinal<Tag> no) {
    return thing_id(prefix, stream, no.value);
}

}  // namespace holdfast::api
