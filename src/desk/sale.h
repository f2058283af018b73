// A sale: an order in the reseller's own store, folded from what every source said about it.
#pragma once

#include "desk/held.h"
#include "desk/line.h"
#include "desk/observation.h"

#include <set>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Sale {
    std::string system, reference;
    MaybeHeld<std::string> sale_id, financial_status, fulfillment_status, destination;
    MaybeHeld<std::string> email, name, phone, address;  // empty where persons are kept elsewhere
    MaybeHeld<SeenTime> created, paid, cancelled, fulfilled;
    MaybeHeld<Money> total, presentment_total, refunded;
    MaybeHeld<bool> test;
    MaybeHeld<Instant> deliver_by;
    Lines lines;
    std::set<std::string> tracking_numbers, payment_ids;
    bool operator==(const Sale&) const = default;
};

void evolve(Sale& sale, const SaleSeen& seen, const Origin& origin);
bool same_values(const Sale& a, const Sale& b);
std::vector<Line> lines_of(const Sale& sale);
DataAge age_of(const Sale& sale);
std::vector<std::string> search_terms(const Sale& sale);
std::vector<std::string> search_terms(const SaleSeen& only);  // as of the same of a purchase

}  // namespace holdfast::desk
