// The platforms' status words in our vocabulary. A word we do not know is Phase::unknown, and its
// raw text is kept by whoever asked.
#pragma once

#include "desk/observation.h"

#include <string_view>

namespace holdfast::formats {

// AliExpress `order_status`, upper or lower case. FINISH and ARCHIVE mean "ended, for any reason"
// and are unknown here.
desk::Phase phase_of_order_status(std::string_view status);

// AliExpress `end_reason`: completed or cancelled. A claim that was paid undoes the deal, so it
// counts as cancelled.
desk::Phase phase_of_end_reason(std::string_view reason);

// Both together, with `logistics_status` where the reason is missing; that may be empty too.
desk::Phase phase_of_order(std::string_view status, std::string_view logistics_status,
                           std::string_view end_reason);

// The text of an order page or an export in English, French, German, Spanish, Italian,
// Portuguese, Dutch, Polish or Russian ("En attente de livraison").
desk::Phase phase_of_status_text(std::string_view text);

// Do we know this word, though it may not say where the order stands ("FINISH")? An empty one is
// none.
bool is_known_status(std::string_view text);

// `orderStatus` of a push message ("OrderShipped").
desk::Phase phase_of_push(std::string_view status);

}  // namespace holdfast::formats
