// What a customer is due for a complaint: by law where a file of it covers the destination, by what
// the store promised, and else by the sale itself (the goods as ordered, or the money back).
#pragma once

#include "base/instant.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

struct Due {
    enum class What : std::uint8_t {
        nothing,            // whatever is given is goodwill
        goods,              // the goods until `by`; then goods or money
        goods_or_refund,    // as ordered, or the whole money back: the store's choice
        refund,             // the whole money back, at the customer's word
        return_for_refund,  // the whole money back against the goods
    };
    What what = What::goods_or_refund;
    std::optional<Instant> by = {};  // until when; absent: at once
    bool customer_bears_postage = false;
    std::vector<std::string> basis = {};  // sentences, each with its clause where it has one
    bool operator==(const Due&) const = default;
};
std::string_view to_string(Due::What what);

// What the store itself promised. 0: nothing.
struct StorePromise {
    std::int32_t delivery_days = 0;  // from payment
    std::int32_t return_days = 0;    // from delivery, without a reason
};

struct DueQuestion {
    terms::Reason reason = terms::Reason::not_received;  // see is_complaint()
    std::optional<Instant> placed = {}, paid = {};       // of the sale
    std::optional<Instant> delivered = {};               // the last part of it
    bool delivered_estimated = false;  // no scan says when: the latest that it can have been
    bool goods_there = false;
    bool all_refunded = false;
    StorePromise promise = {};
};

// not_received, late, not_as_described, damaged, wrong_item, missing_parts, change_of_mind.
bool is_complaint(terms::Reason reason);
// Something came, and is not as it should be.
bool is_about_the_goods(terms::Reason reason);

// The programme of the law file for a destination (ISO 3166 alpha-2): "eu-crd", "uk-cra"; empty
// where none of ours covers it.
std::string_view law_for(std::string_view destination);

// `law` may be nothing.
Due due_of(const DueQuestion& question, const terms::Terms* law, Instant now);

}  // namespace holdfast::desk
