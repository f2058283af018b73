#include "desk/customer_dispute.h"

#include "desk/text.h"

#include <algorithm>
#include <string>
#include <vector>

namespace holdfast::desk {
namespace {

std::string name_of(const CustomerDispute& dispute) {
    return dispute.system + ' ' + std::string(word_of(dispute.kind)) + ' ' + dispute.reference;
}
std::string name_of(const WorkItem& item) { return item.system + ' ' + item.reference; }

// A claim that can still be filed, now or later.
struct ClaimAhead {
    const WorkItem* item = nullptr;
    bool is_open = false;
};
std::optional<ClaimAhead> claim_ahead(const ServedBy& purchase, Instant now) {
    if (purchase.is_filed) return std::nullopt;
    const auto& item = purchase.item;
    if (can_be_claimed(item.word)) return ClaimAhead{&item, /*is_open=*/true};
    const bool opens_later = item.opens_at && now < *item.opens_at;
    return opens_later ? std::optional(ClaimAhead{&item, /*is_open=*/false}) : std::nullopt;
}

// "the claim on aliexpress 3099… must be filed by 2026-12-05 08:00 UTC"
std::string sentence_of(const ClaimAhead& claim) {
    const auto name = "the claim on " + name_of(*claim.item);
    const auto closes =
        claim.item->closes_at ? "must be filed by " + to_minute(*claim.item->closes_at) : "";
    if (!claim.is_open)
        return name + " opens on " + to_minute(*claim.item->opens_at) +
               (closes.empty() ? "" : " and " + closes);
    return name + ' ' + (closes.empty() ? "can be filed" : closes);
}

std::string sentence_of(const CustomerDispute& dispute, Instant now) {
    const auto name = "the customer's " + name_of(dispute);
    if (!dispute.is_ours) return name + " runs and is not ours to answer now";
    if (!dispute.answer_by) return name + " is ours to answer";
    return name + (now < *dispute.answer_by ? " must be answered by " : " was to be answered by ") +
           to_minute(*dispute.answer_by);
}

// The first of what is still ahead.
void consider(std::optional<Instant>& first, std::optional<Instant> at, Instant now) {
    if (at && now < *at) first = first ? std::min(*first, *at) : at;
}

std::optional<ActBy> act_by(std::span<const CustomerDispute> disputes,
                            std::span<const ClaimAhead> claims, Instant now) {
    std::optional<Instant> first;
    std::vector<std::string> why;
    for (const auto& one : disputes) {
        if (one.is_ours) consider(first, one.answer_by, now);
        why.push_back(sentence_of(one, now));
    }
    for (const auto& one : claims) {
        consider(first, one.item->closes_at, now);
        why.push_back(sentence_of(one));
    }
    if (!first) return std::nullopt;
    return ActBy{.at = *first, .why = join(why, "; ")};
}

std::string title_of(const CustomerDispute& dispute, std::span<const Sale> sales) {
    std::vector<std::string> names;
    for (const auto& sale : sales) names.push_back(sale.reference);
    return "The customer's " + std::string(word_of(dispute.kind)) +
           (names.empty() ? "" : " about " + join(names, ", "));
}

std::string answer_step(const CustomerDispute& dispute, Instant now) {
    const auto step = "Answer " + name_of(dispute);
    if (!dispute.answer_by) return step + ".";
    if (now < *dispute.answer_by) return step + " before " + to_minute(*dispute.answer_by) + ".";
    return "The answer to " + name_of(dispute) + " was due on " + to_minute(*dispute.answer_by) +
           ": look whether it is still taken.";
}

std::string upstream_step(std::span<const Sale> sales, std::span<const ServedBy> purchases,
                          std::span<const ClaimAhead> claims) {
    if (sales.empty()) return " No sale is known by it: import the order, or look it up there.";
    if (purchases.empty()) return " No purchase is linked to its sale: link it to see the claim.";
    std::vector<std::string> said;
    for (const auto& one : claims) said.push_back(sentence_of(one));
    return said.empty() ? " No claim upstream can be filed now." : " And " + join(said, "; ") + ".";
}

}  // namespace

bool is_dispute(const Movement& movement) {
    if (!movement.kind) return false;
    switch (movement.kind->value) {
    case MovementSeen::Kind::dispute:
    case MovementSeen::Kind::inquiry:
    case MovementSeen::Kind::return_of_goods: return true;
    case MovementSeen::Kind::refund:
    case MovementSeen::Kind::transfer:
    case MovementSeen::Kind::payment:         return false;
    }
    return false;
}

bool is_running_dispute(const Movement& movement) {
    return is_dispute(movement) && !movement.ended && !is_over(movement);
}

CustomerDispute customer_dispute_of(const Movement& dispute) {
    return {.system = dispute.system,
            .reference = dispute.reference,
            .kind = dispute.kind ? dispute.kind->value : MovementSeen::Kind::dispute,
            .amount = dispute.amount ? std::optional(dispute.amount->value) : std::nullopt,
            .answer_by = dispute.answer_by ? std::optional(dispute.answer_by->value) : std::nullopt,
            .is_ours = is_ours_to_answer(dispute)};
}

std::optional<Instant> first_answer_due(std::span<const CustomerDispute> disputes) {
    std::optional<Instant> first;
    for (const auto& one : disputes)
        if (one.is_ours && one.answer_by)
            first = first ? std::min(*first, *one.answer_by) : one.answer_by;
    return first;
}

void tell_disputes(ServedBy& purchase, std::span<const Movement> disputes, Instant now) {
    auto& item = purchase.item;
    for (const auto& one : disputes) item.disputes.push_back(customer_dispute_of(one));
    const auto claim = claim_ahead(purchase, now);
    if (!claim) return;
    item.act_by = act_by(item.disputes, {&*claim, 1}, now);
    if (item.act_by)
        item.next_step += " Act by " + to_minute(item.act_by->at) + ": " + item.act_by->why + ".";
}

WorkItem dispute_item(const Movement& movement, std::span<const Sale> sales,
                      std::span<const ServedBy> purchases, Instant now) {
    const auto dispute = customer_dispute_of(movement);
    WorkItem item;
    item.is_dispute = true;
    item.system = dispute.system;
    item.reference = dispute.reference;
    item.title = title_of(dispute, sales);
    item.why = sentence_of(movement);
    item.age = age_of(movement);
    for (const auto& sale : sales) item.sale_references.push_back(sale.reference);
    for (const auto& one : purchases)
        item.purchases.push_back({one.item.system, one.item.reference});
    if (!is_running_dispute(movement)) {
        item.next_step = "Nothing to do.";
        return item;
    }
    std::vector<ClaimAhead> claims;
    for (const auto& one : purchases)
        if (const auto ahead = claim_ahead(one, now)) claims.push_back(*ahead);
    item.word = dispute.is_ours ? WorkWord::answer_due : WorkWord::waiting;
    item.at_stake = dispute.amount;
    if (dispute.answer_by)
        item.countdown = Countdown{*dispute.answer_by,
                                   dispute.is_ours ? "answer is due" : "their answer is due"};
    item.next_step = dispute.is_ours ? answer_step(dispute, now)
                                     : "Wait: " + name_of(dispute) + " is not ours to answer now.";
    item.next_step += upstream_step(sales, purchases, claims);
    item.act_by = act_by({&dispute, 1}, claims, now);
    if (item.act_by && !claims.empty())
        item.next_step += " Act by " + to_minute(item.act_by->at) + ".";
    return item;
}

}  // namespace holdfast::desk
