// One purchase of the made reseller at the platform outside: what was meant to become of it, and
// what the platform, the carrier and the store say of it at the end of the year.
#pragma once

#include "desk/observation.h"
#include "engine/year_chance.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

enum class PurchaseFate : std::uint8_t {
    comes,       // in time
    late,        // after the promise
    never,       // and nobody has claimed yet, or ever did
    paid_back,   // a claim was granted
    in_dispute,  // a claim is open
    cancelled,   // never shipped
    count_
};

struct Bought {
    std::uint64_t number = 0;  // from 1
    Chance chance{0};
    Instant placed_at{}, shipped_at{}, promised_by{};
    PurchaseFate fate = PurchaseFate::comes;
    bool can_extend = true;
    std::string reference = {}, tracking = {}, sku = {}, title = {}, store_name = {};
    Money price = Money::zero(Currency::usd);  // of a piece
    std::int32_t quantity = 1;

    Money total() const { return Money::of_minor(price.minor() * quantity, price.currency()); }
    std::optional<Instant> delivered_at() const;  // it may lie after the end
};

// The throws of each are those of its number among `all`. An order like any other, placed at
// `placed_at`.
Bought bought(const Chance& all, std::uint64_t number, Instant placed_at);
// One that never came and was not claimed: its claim closes at `closes_at`.
Bought bought_and_lost(const Chance& all, std::uint64_t number, Instant closes_at);
// One whose promise ends at `promised_by`, and that is still on its way.
Bought bought_and_awaited(const Chance& all, std::uint64_t number, Instant promised_by,
                          bool can_extend);
// One with a claim that is open: the platform's word says for whom it waits.
Bought bought_and_disputed(const Chance& all, std::uint64_t number, Instant end);

std::string dispute_id_of(const Bought& one);
// The parcel and the purchase, as told at `seen_at`.
std::vector<desk::Observation> told_of(const Bought& one, Instant seen_at);

// The sale that a purchase was made for.
struct SoldFor {
    std::string number;  // "2001"
    Instant at{};        // when it was sold
    std::string sku, title;
    Money price = Money::zero(Currency::eur);  // of a piece
    std::int32_t quantity = 1;
    std::string tracking;  // empty: not sent yet
    std::optional<Instant> sent_at = {};
};
desk::Observation sale_of(const SoldFor& sold, const Chance& chance, Instant seen_at);

}  // namespace holdfast::engine
