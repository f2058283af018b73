// A link: a sale line and a purchase line belong together, by somebody's word or by a guess.
//
// A guess waits for a yes. What a person said goes before whatever a program found; of two of a
// kind the newer counts.
#pragma once

#include "desk/held.h"
#include "desk/observation.h"
#include "desk/purchase.h"
#include "desk/sale.h"

#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace holdfast::desk {

struct LinkDecision {
    LinkSeen::How how = LinkSeen::How::guess;
    LinkSeen::State state = LinkSeen::State::open;
    std::string reason;
    bool operator==(const LinkDecision&) const = default;
};

int confidence_of(const LinkDecision& decision);  // a person's goes before a program's
inline int urgency_of(const LinkDecision& decision) { return -static_cast<int>(decision.how); }
inline auto sort_key(const LinkDecision& decision) {
    return std::tuple(decision.state, decision.reason, decision.how);
}

struct Link {
    std::string sale_system, sale_reference, sale_sku;
    std::string purchase_system, purchase_reference, purchase_product_id;
    MaybeHeld<LinkDecision> decision;
    MaybeHeld<std::int32_t> sale_quantity, purchase_quantity;

    LinkSeen::State state() const {
        return decision ? decision->value.state : LinkSeen::State::open;
    }
    LinkSeen::How how() const { return decision ? decision->value.how : LinkSeen::How::guess; }
    bool is_confirmed() const { return state() == LinkSeen::State::confirmed; }
    bool is_open() const { return state() == LinkSeen::State::open; }
    bool operator==(const Link&) const = default;
};

// What somebody says of this link: given, by a person.
LinkSeen said_of(const Link& link, LinkSeen::State state);
// The same said now: what a person says counts over what a person said before, however soon after
// it and by whatever clock. `link`: as it is, if there is one.
Observation said_now(LinkSeen seen, const Link* link, Instant now);

void evolve(Link& link, const LinkSeen& seen, const Origin& origin);
bool same_values(const Link& a, const Link& b);
DataAge age_of(const Link& link);

// Links that the data suggest, for sales and purchases that no link names (a rejected one does):
// by a shared tracking number (confirmed), else by the same words, days, destination and quantity
// (a guess with its reason; only where nothing else fits as well).
std::vector<LinkSeen> guess_links(std::span<const Sale> sales, std::span<const Purchase> purchases,
                                  std::span<const Link> existing);

}  // namespace holdfast::desk
