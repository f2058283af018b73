// Disputes that are over, beside one that is to be decided: which are like it, and how they ended.
//
// Like it is one for the same reason, in the same currency, of which carriers said the same when
// it was opened, about a sum from half of this one's to twice it. The nearest come first: those
// that share more of its traits, then those of a nearer sum, then the newest. It says what was done
// before, and decides nothing.
#pragma once

#include "order/order.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::order {

// Traits that two disputes share or not; of evidence and escalation, whether there was any.
enum class Trait : std::uint8_t { terms, escalated, buyer_evidence, seller_evidence, count_ };
std::string_view to_string(Trait value);
inline constexpr std::size_t trait_count = static_cast<std::size_t>(Trait::count_);

// right: the terms gave what was asked for at once, and nobody had to agree.
enum class EndedBy : std::uint8_t { withdrawal, agreement, decision, silence, right, count_ };
std::string_view to_string(EndedBy value);

// How much of what was asked for came back.
enum class Given : std::uint8_t { all, half_or_more, under_half, replacement, nothing, count_ };
std::string_view to_string(Given value);

struct Ending {
    EndedBy by = EndedBy::silence;
    Given given = Given::nothing;
    auto operator<=>(const Ending&) const = default;
};

// What of a dispute others are compared with.
struct Precedent {
    Reason reason = Reason::not_received;
    Currency currency = Currency::eur;
    Word tracking = {};
    Minor requested = 0, refunded = 0;
    std::string terms_id = {};
    bool escalated = false, buyer_evidence = false, seller_evidence = false;
    std::optional<Ending> ending = {};  // none: it is not over
    Instant at{};                       // its phase last changed
};
Precedent precedent_of(const Order& order, DisputeNo no);

// Of `a` and `b`; at the place of each Trait.
std::array<bool, trait_count> shared(const Precedent& a, const Precedent& b);

// The places in `past` of those that are over and like `one`, the nearest first.
std::vector<std::size_t> like(const Precedent& one, std::span<const Precedent> past);

}  // namespace holdfast::order
