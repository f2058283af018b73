// How a dispute stands against its programme's checklist, and what of it the order can fill in.
//
// A checklist is guidance: nothing is refused for what it misses, and it is the programme's newest
// one, whatever edition the order was placed under.
#pragma once

#include "order/event.h"
#include "order/evidence.h"
#include "order/order.h"
#include "order/rules.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace holdfast::order {

// A record that the order knows all of: it can be handed in as it is.
struct KnownRecord {
    EvidenceKind kind = EvidenceKind::other;
    EvidenceRecord record;
    // Which event each member comes from, by its number in the order's stream, from 1.
    std::vector<std::pair<EvidenceMember, std::uint64_t>> from;
};

// What is known of a dispute's parcels, refunds, return and sums: of `events`, the order's own from
// the first on. The order may be further than they are.
std::vector<KnownRecord> known_records(const Order& order, const Events& events, DisputeNo dispute);

enum class ItemState : std::uint8_t { provided, missing, not_applicable, count_ };
std::string_view to_string(ItemState value);

struct ItemStanding {
    const terms::ChecklistItem* item = nullptr;
    ItemState state = ItemState::missing;
    std::vector<EvidenceNo> met_by;         // as handed in
    std::vector<const KnownRecord*> known;  // of its kinds, and not handed in yet
};

// The items for the dispute's reason that ask for evidence of `of` (either: of both), in the order
// of the checklist. Those whose conditions do not hold at `at` do not apply.
std::vector<ItemStanding> standing_of(const Order& order, const Rules& rules,
                                      const terms::Terms& checklist, DisputeNo no, Party of,
                                      const std::vector<KnownRecord>& known, Instant at);

}  // namespace holdfast::order
