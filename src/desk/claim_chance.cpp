#include "desk/claim_chance.h"

#include "desk/claim_end.h"
#include "desk/due.h"

namespace holdfast::desk {
namespace {

// What platforms call the reason of a dispute: nothing came, or what came is not as it should be.
std::string kind_of(terms::Reason reason) {
    return std::string(
        terms::to_string(is_about_the_goods(reason) ? terms::Reason::not_as_described : reason));
}

std::string reason_of(const Purchase& purchase) {
    for (const auto& [key, dispute] : purchase.disputes)
        if (dispute.reason) return dispute.reason->value;
    return {};
}

}  // namespace

std::string to_text(const ClaimChance& chance) {
    return to_text(Share{chance.likely, chance.low, chance.high}) + ", by " +
           std::to_string(chance.sample) +
           (chance.sample == 1 ? " decided claim" : " decided claims") + " on " + chance.group +
           "; " + std::to_string(chance.alike) + " on the same system for it, " +
           std::to_string(chance.all) + " in all";
}

ClaimHistory::Groups ClaimHistory::groups_of(const Purchase& purchase, const std::string& reason) {
    Groups groups;
    groups.system = purchase.system;
    groups.reason = groups.system + '\n' + reason;
    groups.supplier = groups.reason + '\n' + text_of(purchase.store_name);
    return groups;
}

void ClaimHistory::add(const Purchase& purchase) {
    const auto claim = claim_seen(purchase);
    if (!claim || claim->end == ClaimEnd::open || claim->end == ClaimEnd::unclear) return;
    const auto groups = groups_of(purchase, reason_of(purchase));
    for (const auto& group : {std::string(), groups.system, groups.reason, groups.supplier}) {
        auto& one = decided_[group];
        ++one.all;
        one.won += claim->end != ClaimEnd::declined;
    }
}

ClaimHistory::Decided ClaimHistory::decided_in(const std::string& group) const {
    const auto found = decided_.find(group);
    return found == decided_.end() ? Decided{} : found->second;
}

std::optional<ClaimChance> ClaimHistory::chance(const Purchase& purchase,
                                                terms::Reason reason) const {
    const auto all = decided_in("");
    if (all.all < decided_least) return std::nullopt;
    const auto groups = groups_of(purchase, kind_of(reason));
    // Of a group without claims the broader one's share stands.
    auto won = static_cast<double>(all.won), lost = static_cast<double>(all.all - all.won);
    for (const auto& group : {groups.system, groups.reason, groups.supplier}) {
        const auto one = decided_in(group);
        const auto share = (won + 0.5) / (won + lost + 1);
        won = static_cast<double>(one.won) + weight * share;
        lost = static_cast<double>(one.all - one.won) + weight * (1 - share);
    }
    const auto share = share_of_beta(won, lost);
    const auto seller = text_of(purchase.store_name);
    return ClaimChance{.likely = share.seen,
                       .low = share.low,
                       .high = share.high,
                       .sample = decided_in(groups.supplier).all,
                       .alike = decided_in(groups.reason).all,
                       .all = all.all,
                       .group = (seller.empty() ? "" : seller + " on ") + purchase.system + ", " +
                                kind_of(reason)};
}

}  // namespace holdfast::desk
