#include "terms/choose.h"

namespace holdfast::terms {

const Terms* choose_edition(std::span<const Terms> editions, std::string_view programme,
                            Instant placed_at) {
    const Terms* chosen = nullptr;
    for (const auto& edition : editions) {
        if (edition.programme != programme) continue;
        const auto day = edition.zone->day_of(placed_at);
        if (edition.from && day < *edition.from) continue;
        if (edition.until && day >= *edition.until) continue;
        const bool starts_later =
            !chosen || (edition.from && (!chosen->from || *edition.from > *chosen->from));
        if (starts_later) chosen = &edition;
    }
    return chosen;
}

Pin pin_of(const Terms& terms) { return {terms.id, terms.content_hash}; }

}  // namespace holdfast::terms
