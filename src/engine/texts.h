// The texts that an order names by their hashes, and whose they are.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "order/order.h"

#include <string>
#include <vector>

namespace holdfast::engine {

struct NamedText {
    Hash text{};
    IdBytes owner{};        // see Store::keep_text
    std::string what = {};  // "message 3"; of what may be kept elsewhere: empty
};
std::vector<NamedText> texts_of(const order::Order& order);

// Whose text it is that `by` writes: a party's, or the marketplace's own.
IdBytes text_owner(const order::Order& order, order::Party by);

}  // namespace holdfast::engine
