#include "engine/texts.h"

namespace holdfast::engine {

std::vector<NamedText> texts_of(const order::Order& order) {
    std::vector<NamedText> all;
    std::size_t number = 0;
    for (const auto& message : order.messages) {
        ++number;
        if (message.text == Hash{}) continue;  // of a story that was only played
        all.push_back({.text = message.text,
                       .owner = text_owner(order, message.by),
                       .what = "message " + std::to_string(number)});
    }
    for (const auto& dispute : order.disputes)
        if (dispute.back && dispute.back->address != Hash{})
            all.push_back({.text = dispute.back->address,
                           .owner = text_owner(order, dispute.back->address_by)});
    return all;
}

IdBytes text_owner(const order::Order& order, order::Party by) {
    if (by == order::Party::buyer) return order.terms_of_sale.buyer.bytes;
    if (by == order::Party::seller) return order.terms_of_sale.seller.bytes;
    return {};
}

}  // namespace holdfast::engine
