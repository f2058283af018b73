#include "engine/desk_remedies.h"

#include "base/currency.h"
#include "desk/claim.h"
#include "desk/purchase_facts.h"
#include "desk/remedy_sum.h"
#include "desk/text.h"
#include "engine/desk_reports.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace holdfast::engine {
namespace {

constexpr std::array<std::int32_t, 3> waits = {7, 14, 30};  // days, each a way of its own

std::optional<std::string> unknown_purchase(const RemedyAsk& ask, const SaleView& sale) {
    std::vector<std::string> known;
    for (const auto& one : sale.purchases) known.push_back(one.purchase.reference);
    for (const auto& wanted : ask.purchases)
        if (std::ranges::find(known, wanted) == known.end())
            return "found \"" + wanted + "\", expected a purchase of " + sale.sale.reference +
                   ": " + (known.empty() ? "none is linked" : desk::join(known, ", "));
    return std::nullopt;
}

std::expected<desk::ComplaintView, std::string> complaint_of(const DeskView& view,
                                                             const SaleView& sale,
                                                             const RemedyAsk& ask) {
    std::vector<desk::PurchaseSide> sides;
    for (const auto& one : sale.purchases)
        sides.push_back({.purchase = one.purchase,
                         .parcels = one.parcels,
                         .terms = one.terms,
                         .sales = std::max<std::size_t>(1, one.sale_references.size()),
                         .concerned = is_concerned(ask, one.purchase)});
    return desk::complaint_of(sale.sale, sides, ask.reason, view.settings().options, view.now(),
                              sale.movements);
}

void take_claim(const RemedyAsk& ask, desk::Complaint& complaint) {
    if (!ask.claim) return;
    for (auto& supply : complaint.supplies) {
        if (supply.claim == *ask.claim || !supply.concerned) continue;
        supply.claim = *ask.claim;
        supply.claim_why = "as given; by the data: " + supply.claim_why;
    }
}

void take_amounts(const DeskView& view, const RemedyAsk& ask, desk::Complaint& complaint) {
    const auto today = desk::day_of(view.now());
    const auto dated = [&](const std::optional<Money>& amount,
                           const std::optional<Money>& set = {}) -> std::optional<desk::Dated> {
        const auto& one = amount ? amount : set;
        return one ? std::optional(desk::Dated{*one, today}) : std::nullopt;
    };
    const auto& costs = view.settings().costs;
    complaint.resend = dated(ask.resend);
    complaint.resend_other = dated(ask.resend_other);
    complaint.gift = dated(ask.gift, costs.gift);
    complaint.return_postage = dated(ask.return_postage, costs.return_postage);
    complaint.part = dated(ask.part);
}

std::optional<std::string> wrong_part(const desk::Complaint& complaint) {
    if (!complaint.part) return std::nullopt;
    const auto& part = complaint.part->amount;
    const auto paid = complaint.paid.amount;
    const auto rest = complaint.refunded ? paid - complaint.refunded->amount : paid;
    if (part.currency() != paid.currency())
        return "found " + to_string(part) + ", but the sale was paid in " +
               std::string(code_of(paid.currency()));
    if (!part.is_positive() || part > rest)
        return "found " + to_string(part) + ", expected more than 0 and at most the " +
               to_string(rest) + " that the customer has not had back";
    return std::nullopt;
}

// The lowest of the purchases concerned.
std::optional<desk::ArrivalChance> lowest_arrival(const DeskView& view, const SaleView& sale,
                                                  const RemedyAsk& ask,
                                                  std::optional<std::int32_t> within_days) {
    std::optional<desk::ArrivalChance> lowest;
    for (const auto& one : sale.purchases) {
        if (!is_concerned(ask, one.purchase)) continue;
        const auto chance = view.arrival_of(one, within_days);
        if (chance && (!lowest || chance->likely < lowest->likely)) lowest = chance;
    }
    return lowest;
}

std::optional<desk::ArrivalChance> take_arrivals(const DeskView& view, const SaleView& sale,
                                                 const RemedyAsk& ask,
                                                 const desk::Complaint& complaint,
                                                 desk::Chances& chances) {
    if (chances.arrival || !complaint.under_way) return std::nullopt;
    const auto at_all = lowest_arrival(view, sale, ask, {});
    if (!at_all) return std::nullopt;
    chances.arrival = at_all->likely;
    for (const auto days : waits)
        if (const auto one = lowest_arrival(view, sale, ask, days))
            chances.arrival_within[days] = one->likely;
    if (!complaint.wait_until) return at_all;
    const auto left = std::chrono::ceil<std::chrono::days>(*complaint.wait_until - view.now());
    const auto within = static_cast<std::int32_t>(left.count());
    if (const auto one = lowest_arrival(view, sale, ask, within))
        chances.arrival_by_promise = one->likely;
    return at_all;
}

// Of the purchases concerned whose claim is open, the lowest: all are granted or none.
std::optional<desk::ClaimChance> take_claim_chance(const DeskView& view, const SaleView& sale,
                                                   const desk::ComplaintView& complaint,
                                                   desk::Chances& chances) {
    if (chances.claim) return std::nullopt;
    std::optional<desk::ClaimChance> lowest;
    for (std::size_t i = 0; i < sale.purchases.size(); ++i) {
        const auto& supply = complaint.complaint.supplies[i];
        if (!supply.concerned || supply.claim != desk::ClaimState::open) continue;
        const auto reason = complaint.claims[i].reason.value_or(complaint.complaint.reason);
        const auto chance = view.claim_chance_of(sale.purchases[i].purchase, reason);
        if (!chance) return std::nullopt;
        if (!lowest || chance->likely < lowest->likely) lowest = chance;
    }
    if (lowest) chances.claim = lowest->likely;
    return lowest;
}

// What the customer of the sale is due, by law and by the store's promise.
desk::Due due_of(const DeskView& view, const formats::Rulebook& rules, const desk::Sale& sale,
                 desk::DueQuestion question) {
    question.promise = view.settings().costs.promise;
    return desk::due_of(question, law_of(rules, sale, view.now()), view.now());
}

}  // namespace

bool is_concerned(const RemedyAsk& ask, const desk::Purchase& purchase) {
    return ask.purchases.empty() ||
           std::ranges::find(ask.purchases, purchase.reference) != ask.purchases.end();
}

std::expected<RemedyFound, RemedyFault> remedies_of(DeskView& view, const formats::Rulebook& rules,
                                                    const SaleView& sale, const RemedyAsk& ask) {
    if (const auto wrong = unknown_purchase(ask, sale))
        return std::unexpected(RemedyFault{"purchase", *wrong});
    auto complaint = complaint_of(view, sale, ask);
    if (!complaint) return std::unexpected(RemedyFault{"", complaint.error()});
    RemedyFound found{.view = *std::move(complaint), .remedies = {}};
    auto& its = found.view.complaint;
    take_claim(ask, its);
    take_amounts(view, ask, its);
    if (const auto wrong = wrong_part(its)) return std::unexpected(RemedyFault{"part", *wrong});
    auto chances = ask.chances;
    found.arrival = take_arrivals(view, sale, ask, its, chances);
    found.claim = take_claim_chance(view, sale, found.view, chances);
    found.currency = ask.currency.value_or(its.paid.amount.currency());
    found.remedies =
        desk::remedies_of(its, due_of(view, rules, sale.sale, found.view.due), chances,
                          view.settings().costs.rules, view.rates(), found.currency, view.now());
    return found;
}

std::vector<std::string> drafts_of(const DeskView& view, const SaleView& sale, const RemedyAsk& ask,
                                   const desk::ComplaintView& complaint,
                                   const desk::Languages& languages) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < sale.purchases.size(); ++i) {
        const auto& one = sale.purchases[i];
        if (!one.terms || !is_concerned(ask, one.purchase)) continue;
        const auto facts = desk::facts_of(one.purchase, one.parcels, view.settings().options,
                                          view.now(), *one.terms);
        const auto& phrases = phrases_for(view.settings(), languages, one.purchase);
        auto claim = desk::claim_text(one.purchase, facts, complaint.claims[i], phrases);
        if (!claim.empty()) texts.push_back(std::move(claim));
        texts.push_back(
            desk::discount_message(one.purchase, facts, complaint.complaint.reason, phrases));
    }
    return texts;
}

}  // namespace holdfast::engine
