// A purchase: an order at a supplier, folded from what every source said about it.
//
// Each field holds the reading that won (desk/held.h). Sources that contradict each other stay
// apart in `readings` and `promises`, so that both can be shown with their dates.
#pragma once

#include "desk/held.h"
#include "desk/line.h"
#include "desk/observation.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Dispute {
    MaybeHeld<std::string> dispute_id, line_id, reason, status;
    MaybeHeld<SeenTime> opened, answered, ended;
    MaybeHeld<Money> requested, maximum;
    MaybeHeld<std::string> tracking;
    MaybeHeld<std::vector<MomentSeen>> told;  // the newest list as a whole: things get undone
    bool operator==(const Dispute&) const = default;
};

// The newest that one format said about the state of the order.
struct StatusReading {
    Phase phase = Phase::unknown;
    std::string status;      // raw
    std::string end_reason;  // raw
    std::optional<bool> in_dispute;
    Origin origin;
    bool operator==(const StatusReading&) const = default;
};

struct Purchase {
    std::string system, reference;
    MaybeHeld<std::string> account, status, end_reason, store_name, ship_method, destination, title;
    MaybeHeld<SeenTime> created, paid, delivered, completed, ended, pay_before, ship_by;
    MaybeHeld<ShipTime> shipped;
    MaybeHeld<std::int32_t> commit_days;
    MaybeHeld<PromiseSeen> promise;
    MaybeHeld<Phase> phase;               // as believed
    MaybeHeld<Phase> progress;            // the same without `disputed` and `frozen`, which hide it
    std::map<Phase, Instant> first_told;  // when a source first knew of each phase
    MaybeHeld<bool> in_dispute, can_extend;
    MaybeHeld<Money> total, refunded;
    MaybeHeld<SeenTime> refunded_at;
    std::map<std::string, Held<Money>> refunds_most;    // the most that each format told of
    std::map<std::string, StatusReading> readings;      // newest by format
    std::map<std::string, Held<PromiseSeen>> promises;  // newest by format
    Lines lines;                                        // as sources name them; see lines_of()
    std::map<std::string, Dispute> disputes;            // by id, else line
    std::set<std::string> tracking_numbers;
    bool operator==(const Purchase&) const = default;
};

void evolve(Purchase& purchase, const PurchaseSeen& seen, const Origin& origin);

// The same state but for where and when it was read?
bool same_values(const Purchase& a, const Purchase& b);

std::vector<Line> lines_of(const Purchase& purchase);

// A title for people: the order's own, else that of its lines, else their sku.
std::string title_of(const Purchase& purchase);

// Whether a dispute runs, by the purchase's own word and by its disputes.
bool is_disputed(const Purchase& purchase);
bool is_open(const Dispute& dispute);

DataAge age_of(const Purchase& purchase);

// Every word by which a person may look for it, normalised (desk/search.h).
std::vector<std::string> search_terms(const Purchase& purchase);
// Of the purchase that only this was said about; needs no fold.
std::vector<std::string> search_terms(const PurchaseSeen& only);

}  // namespace holdfast::desk
