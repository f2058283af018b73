// Which edition of a programme an order stands under: the one in force when it was placed.
#pragma once

#include "terms/terms.h"

#include <span>
#include <string_view>

namespace holdfast::terms {

// The latest-starting edition of `programme` whose [from, until), by the edition's own zone, holds
// `placed_at`; none if there is no such edition.
const Terms* choose_edition(std::span<const Terms> editions, std::string_view programme,
                            Instant placed_at);

// What an order keeps of the terms it was placed under.
struct Pin {
    std::string terms_id;
    Hash content_hash{};
    friend bool operator==(const Pin&, const Pin&) = default;
};
Pin pin_of(const Terms& terms);

}  // namespace holdfast::terms
