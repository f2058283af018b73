#include "desk/reversal.h"

#include "desk/purchase.h"

namespace holdfast::desk {

std::optional<Reversal> reversal_of(const Purchase& purchase) {
    if (!purchase.refunded) return std::nullopt;
    const auto& [now, origin] = *purchase.refunded;
    const auto most = purchase.refunds_most.find(origin.format);
    if (most == purchase.refunds_most.end()) return std::nullopt;
    const auto& came = most->second.value;
    if (came.currency() != now.currency() || came <= now ||
        most->second.origin.seen_at >= origin.seen_at)
        return std::nullopt;
    return Reversal{.came = came,
                    .taken_back = came - now,
                    .seen_at = origin.seen_at,
                    .source = source_of(origin)};
}

std::string to_text(const Reversal& reversal) {
    return to_string(reversal.came) + " came back and " + to_string(reversal.taken_back) +
           " of it was taken back again, as " + reversal.source + " says";
}

}  // namespace holdfast::desk
