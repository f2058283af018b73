#include "desk/purchase.h"

#include "desk/search.h"
#include "desk/text.h"

#include <array>
#include <tuple>

namespace holdfast::desk {
namespace {

// --- Folding

std::string key_of(const DisputeSeen& dispute) {
    if (!dispute.dispute_id.empty()) return dispute.dispute_id;
    return "line " + dispute.line_id;
}

void evolve(Dispute& dispute, const DisputeSeen& seen, const Origin& origin) {
    take_text(dispute.dispute_id, seen.dispute_id, origin);
    take_text(dispute.line_id, seen.line_id, origin);
    take_text(dispute.reason, seen.reason, origin);
    take_text(dispute.status, seen.status, origin);
    take(dispute.opened, seen.opened, origin);
    take(dispute.answered, seen.answered, origin);
    take(dispute.ended, seen.ended, origin);
    take(dispute.requested, seen.requested, origin);
    take(dispute.maximum, seen.maximum, origin);
    take_text(dispute.tracking, seen.tracking, origin);
    if (!seen.told.empty()) take(dispute.told, seen.told, origin);
}

// A status that shows a dispute speaks of disputes too.
std::optional<bool> dispute_word_of(const PurchaseSeen& seen) {
    if (seen.in_dispute) return seen.in_dispute;
    return seen.phase == Phase::disputed ? std::optional(true) : std::nullopt;
}

auto sort_key(const StatusReading& reading) {
    return std::tuple(reading.origin.seen_at, stage_of(reading.phase), reading.status,
                      reading.end_reason, reading.in_dispute, desk::sort_key(reading.origin));
}

void keep_reading(Purchase& purchase, const PurchaseSeen& seen, const Origin& origin) {
    const auto in_dispute = dispute_word_of(seen);
    if (seen.phase == Phase::unknown && seen.status.empty() && seen.end_reason.empty() &&
        !in_dispute)
        return;
    StatusReading reading{seen.phase, seen.status, seen.end_reason, in_dispute, origin};
    const auto [found, made] = purchase.readings.try_emplace(origin.format, reading);
    if (!made && sort_key(found->second) < sort_key(reading)) found->second = std::move(reading);
}

// The newest promise of one format, whatever its confidence.
void keep_promise(Purchase& purchase, const PromiseSeen& promise, const Origin& origin) {
    const auto key = [](const Held<PromiseSeen>& held) {
        return std::tuple(held.origin.seen_at, held.value.confidence, desk::sort_key(held.value),
                          desk::sort_key(held.origin));
    };
    Held<PromiseSeen> reading{promise, origin};
    const auto [found, made] = purchase.promises.try_emplace(origin.format, reading);
    if (!made && key(found->second) < key(reading)) found->second = std::move(reading);
}

// The greatest sum of one format, as it was told first.
void keep_refund(Purchase& purchase, const Money& refunded, const Origin& origin) {
    const Held<Money> one{refunded, origin};
    const auto [found, made] = purchase.refunds_most.try_emplace(origin.format, one);
    if (made) return;
    const auto sum = desk::sort_key(refunded), most = desk::sort_key(found->second.value);
    if (sum > most ||
        (sum == most && desk::sort_key(origin) < desk::sort_key(found->second.origin)))
        found->second = one;
}

void evolve_status(Purchase& purchase, const PurchaseSeen& seen, const Origin& origin) {
    if (seen.phase != Phase::unknown) {
        take(purchase.phase, seen.phase, origin);
        const auto told = purchase.first_told.try_emplace(seen.phase, origin.seen_at).first;
        told->second = std::min(told->second, origin.seen_at);
    }
    if (seen.phase != Phase::unknown && seen.phase != Phase::disputed &&
        seen.phase != Phase::frozen)
        take(purchase.progress, seen.phase, origin);
    take_text(purchase.status, seen.status, origin);
    take_text(purchase.end_reason, seen.end_reason, origin);
    take(purchase.in_dispute, dispute_word_of(seen), origin);
    take(purchase.can_extend, seen.can_extend, origin);
    keep_reading(purchase, seen, origin);
}

void evolve_times(Purchase& purchase, const PurchaseSeen& seen, const Origin& origin) {
    take(purchase.created, seen.created, origin);
    take(purchase.paid, seen.paid, origin);
    if (seen.shipped) take(purchase.shipped, ShipTime{*seen.shipped, seen.shipped_basis}, origin);
    take(purchase.delivered, seen.delivered, origin);
    take(purchase.completed, seen.completed, origin);
    take(purchase.ended, seen.ended, origin);
    take(purchase.pay_before, seen.pay_before, origin);
    take(purchase.ship_by, seen.ship_by, origin);
    take(purchase.commit_days, seen.commit_days, origin);
    take(purchase.promise, seen.promise, origin);
    if (seen.promise) keep_promise(purchase, *seen.promise, origin);
}

// --- Every held field, for what is done to all of them

template <class AnyDispute, class Visit>
void each_held_dispute(AnyDispute& dispute, const Visit& visit) {
    visit(dispute.dispute_id), visit(dispute.line_id), visit(dispute.reason), visit(dispute.status);
    visit(dispute.opened), visit(dispute.answered), visit(dispute.ended);
    visit(dispute.requested), visit(dispute.maximum), visit(dispute.tracking);
    visit(dispute.told);
}

template <class AnyPurchase, class Visit>
void each_held(AnyPurchase& one, const Visit& visit) {
    visit(one.account), visit(one.status), visit(one.end_reason), visit(one.store_name);
    visit(one.ship_method), visit(one.destination), visit(one.title), visit(one.created);
    visit(one.paid), visit(one.delivered), visit(one.completed), visit(one.ended);
    visit(one.pay_before), visit(one.ship_by), visit(one.shipped), visit(one.commit_days);
    visit(one.promise), visit(one.phase), visit(one.progress), visit(one.in_dispute);
    visit(one.can_extend), visit(one.total), visit(one.refunded);
    visit(one.refunded_at);
    for (auto& [key, dispute] : one.disputes) each_held_dispute(dispute, visit);
}

Purchase without_origins(Purchase purchase) {
    each_held(purchase, [](auto& held) {
        if (held) held->origin = {};
    });
    for (auto& [format, most] : purchase.refunds_most) most.origin = {};
    for (auto& [format, reading] : purchase.readings) reading.origin = {};
    for (auto& [format, promise] : purchase.promises) promise.origin = {};
    purchase.first_told.clear();
    forget_origins(purchase.lines);
    return purchase;
}

bool has_word(std::string_view status, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return status.find(word) != status.npos; });
}

Instant newest_of(const Dispute& dispute) {
    DataAge age;
    each_held_dispute(dispute, [&](const auto& held) { age.add(held); });
    return age.newest.value_or(Instant{});
}

// A status that showed a dispute is over once the same source shows another one.
bool has_moved_on(const Purchase& purchase) {
    const auto reading = purchase.readings.find(purchase.in_dispute->origin.format);
    if (reading == purchase.readings.end()) return false;
    const auto& now = reading->second;
    return now.origin.seen_at > purchase.in_dispute->origin.seen_at && !now.in_dispute &&
           now.phase != Phase::unknown && now.phase != Phase::frozen;
}

}  // namespace

void evolve(Purchase& purchase, const PurchaseSeen& seen, const Origin& origin) {
    if (purchase.reference.empty()) {
        purchase.system = seen.system;
        purchase.reference = seen.reference;
    }
    evolve_status(purchase, seen, origin);
    evolve_times(purchase, seen, origin);
    take_text(purchase.account, seen.account, origin);
    take_text(purchase.store_name, seen.store_name, origin);
    take_text(purchase.ship_method, seen.ship_method, origin);
    take_text(purchase.destination, seen.destination, origin);
    take_text(purchase.title, seen.title, origin);
    take(purchase.total, seen.total, origin);
    take(purchase.refunded, seen.refunded, origin);
    if (seen.refunded) keep_refund(purchase, *seen.refunded, origin);
    take(purchase.refunded_at, seen.refunded_at, origin);
    evolve(purchase.lines, seen.lines, origin);
    for (const auto& dispute : seen.disputes)
        evolve(purchase.disputes[key_of(dispute)], dispute, origin);
    purchase.tracking_numbers.insert(seen.tracking_numbers.begin(), seen.tracking_numbers.end());
}

bool same_values(const Purchase& a, const Purchase& b) {
    return without_origins(a) == without_origins(b);
}

std::vector<Line> lines_of(const Purchase& purchase) { return lines_of(purchase.lines); }

std::string title_of(const Purchase& purchase) {
    if (purchase.title) return purchase.title->value;
    const auto lines = lines_of(purchase);
    // A marketplace may know its goods by their sku alone.
    for (const auto name : {&Line::title, &Line::sku}) {
        const auto named =
            std::ranges::find_if(lines, [&](const Line& line) { return (line.*name).has_value(); });
        if (named == lines.end()) continue;
        const auto& first = ((*named).*name)->value;
        if (lines.size() == 1) return first;
        return first + " and " + std::to_string(lines.size() - 1) + " more";
    }
    return {};
}

bool is_open(const Dispute& dispute) {
    const bool reopened = dispute.ended && dispute.status &&
                          dispute.status->origin.seen_at > dispute.ended->origin.seen_at;
    if (dispute.ended && !reopened) return false;
    return !has_word(to_lower(text_of(dispute.status)),
                     {"finish", "cancel", "closed", "resolved", "end_issue", "withdrawn", "ended"});
}

bool is_disputed(const Purchase& purchase) {
    const auto& word = purchase.in_dispute;
    Instant newest{};
    for (const auto& [key, dispute] : purchase.disputes) {
        const auto seen_at = newest_of(dispute);
        newest = std::max(newest, seen_at);
        const bool denied = word && !word->value && word->origin.seen_at > seen_at;
        if (is_open(dispute) && !denied) return true;
    }
    if (!word || !word->value || has_moved_on(purchase)) return false;
    return purchase.disputes.empty() || word->origin.seen_at > newest;
}

DataAge age_of(const Purchase& purchase) {
    DataAge age;
    each_held(purchase, [&](const auto& held) { age.add(held); });
    add_age(age, purchase.lines);
    for (const auto& [format, reading] : purchase.readings) age.add(reading.origin.seen_at);
    return age;
}

std::vector<std::string> search_terms(const Purchase& purchase) {
    std::vector<std::string> words{purchase.reference};
    words.insert(words.end(), purchase.tracking_numbers.begin(), purchase.tracking_numbers.end());
    for (const auto& [key, dispute] : purchase.disputes)
        words.push_back(text_of(dispute.dispute_id));
    return search_terms_of(words);
}

std::vector<std::string> search_terms(const PurchaseSeen& only) {
    std::vector<std::string> words{only.reference};
    words.insert(words.end(), only.tracking_numbers.begin(), only.tracking_numbers.end());
    for (const auto& dispute : only.disputes) words.push_back(dispute.dispute_id);
    return search_terms_of(words);
}

}  // namespace holdfast::desk
