// Money of a supplier that came and was taken back again: one source said of a purchase that more
// had come than the same source says now (a refund that was reversed, a chargeback that was lost).
//
// Sources that differ from each other prove nothing; only a source that takes its own word back
// does.
#pragma once

#include "base/instant.h"
#include "base/money.h"

#include <optional>
#include <string>

namespace holdfast::desk {

struct Purchase;

struct Reversal {
    Money came;        // the most that was said to have come
    Money taken_back;  // and is not there any more
    Instant seen_at;   // when the source said less
    std::string source;
    bool operator==(const Reversal&) const = default;
};

// By the source that is believed on the money that came back.
std::optional<Reversal> reversal_of(const Purchase& purchase);

// "39.00 USD came back and 39.00 USD of it was taken back again, as mapped_csv, refunds.csv:3 says"
std::string to_text(const Reversal& reversal);

}  // namespace holdfast::desk
