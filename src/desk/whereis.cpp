#include "desk/whereis.h"

#include "desk/end_kind.h"
#include "desk/text.h"
#include "desk/tracking.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace holdfast::desk {
namespace {

// What one purchase says about where its goods are.
struct Leg {
    const Purchase* purchase = nullptr;
    const WorkItem* item = nullptr;
    std::vector<const Parcel*> parcels;
    std::optional<Instant> silent_since;  // the last scan, where it is older than is normal
};

constexpr std::string_view said_not_ordered = "not ordered from a supplier yet";

// From how long without a scan on nobody is told any more that a parcel is on its way: as long as
// the terms that we ship call normal (their `silent_after`).
constexpr Duration quiet_after = std::chrono::days{30};

// Our own words of the desk, not the platform's.
enum class Where : std::uint8_t {
    not_ordered,
    preparing,
    under_way,
    completed,  // by hand or by a timer: it says nothing of arrival
    silent,
    trouble,
    delivered,
    cancelled,
    unknown
};

struct Trouble {
    ParcelStatus status;
    std::string_view for_people;
    Phrase for_customer;
};
constexpr std::array troubles = {
    Trouble{ParcelStatus::returning, "is on its way back to the sender", Phrase::returning},
    Trouble{ParcelStatus::lost, "is reported lost by the carrier", Phrase::lost},
    Trouble{ParcelStatus::damaged, "is reported damaged by the carrier", Phrase::damaged},
    Trouble{ParcelStatus::held, "is held up, as the carrier reports", Phrase::held},
    Trouble{ParcelStatus::silent, "was given up by its tracker: no news for long", Phrase::silent},
};

// That of the first parcel that has one; nullptr: none has.
const Trouble* trouble_of(const Leg& leg) {
    for (const auto* parcel : leg.parcels) {
        const auto* const found = std::ranges::find(troubles, status_of(*parcel), &Trouble::status);
        if (found != troubles.end()) return found;
    }
    return nullptr;
}

Where where_by_phase(const Purchase& purchase) {
    if (!purchase.progress) return Where::unknown;
    switch (purchase.progress->value) {
    case Phase::unpaid:
    case Phase::paid:         return Where::preparing;
    case Phase::part_shipped:
    case Phase::shipped:      return Where::under_way;
    case Phase::completed:    return Where::completed;
    case Phase::delivered:    return Where::delivered;
    case Phase::cancelled:    return Where::cancelled;
    case Phase::disputed:
    case Phase::frozen:
    case Phase::unknown:      return Where::unknown;
    }
    return Where::unknown;
}

bool is_scanned(const Leg& leg) {
    return std::ranges::any_of(
        leg.parcels, [](const Parcel* parcel) { return first_scan(*parcel).has_value(); });
}

Where where_of(const Leg& leg) {
    const auto status_is = [](ParcelStatus wanted) {
        return [wanted](const Parcel* parcel) { return status_of(*parcel) == wanted; };
    };
    if (!leg.parcels.empty() &&
        std::ranges::all_of(leg.parcels, status_is(ParcelStatus::delivered)))
        return Where::delivered;
    if (trouble_of(leg)) return Where::trouble;
    const auto by_phase = where_by_phase(*leg.purchase);
    const bool moving = is_scanned(leg);
    const bool was_sent = by_phase == Where::under_way || by_phase == Where::completed;
    if (was_sent && end_kind_of(*leg.purchase) == EndKind::confirmed) return Where::delivered;
    const bool may_come = by_phase != Where::delivered && by_phase != Where::cancelled;
    if (may_come && leg.silent_since) return Where::silent;
    if (by_phase == Where::preparing && moving) return Where::under_way;
    return by_phase == Where::unknown && moving ? Where::under_way : by_phase;
}

std::string for_people(const Leg& leg, Instant now) {
    switch (where_of(leg)) {
    case Where::not_ordered: return std::string(said_not_ordered);
    case Where::preparing:   return "is ordered, not shipped yet";
    case Where::under_way:   return is_scanned(leg) ? "is on its way" : "was sent; no scan is known";
    case Where::completed:   return "is shown as completed; no delivery is known";
    case Where::silent:
        return "was sent; no scan since " + to_minute(*leg.silent_since) + ", that is " +
               holdfast::to_words(now - *leg.silent_since);
    case Where::trouble:   return std::string(trouble_of(leg)->for_people);
    case Where::delivered: return "is shown as delivered";
    case Where::cancelled: return "was cancelled by the supplier";
    case Where::unknown:   return "is of unknown state";
    }
    return {};
}

bool is_ahead(Where where) { return where != Where::delivered && where != Where::cancelled; }

std::optional<ScanAt> last_scan(const Leg& leg) {
    std::optional<ScanAt> last;
    for (const auto* parcel : leg.parcels)
        if (auto scan = desk::last_scan(*parcel); scan && (!last || scan->at.at > last->at.at))
            last = std::move(scan);
    return last;
}

std::optional<ScanAt> delivery_scan(const Leg& leg) {
    std::optional<ScanAt> last;
    for (const auto* parcel : leg.parcels)
        if (auto scan = delivered_at(*parcel); scan && (!last || scan->at.at > last->at.at))
            last = std::move(scan);
    return last;
}

// --- For ourselves

// Of parcels that have all fallen silent, the newest scan; where others still move, that of the one
// that does not.
std::optional<Instant> last_before_silence(const Purchase& purchase,
                                           std::span<const Parcel> parcels, Instant now) {
    const auto tracking = tracking_of(purchase, parcels, quiet_after, now);
    if (!tracking.since) return std::nullopt;
    const auto first = *tracking.since - quiet_after;
    const bool all = tracking.last_scan && now - tracking.last_scan->at.at >= quiet_after;
    return all && !tracking.delivery_scan ? tracking.last_scan->at.at : first;
}

std::vector<Leg> legs_of(std::span<const Purchase> purchases, std::span<const Parcel> parcels,
                         std::span<const WorkItem> items, Instant now) {
    std::vector<Leg> legs;
    for (const auto& purchase : purchases) {
        Leg leg{.purchase = &purchase,
                .item = nullptr,
                .parcels = {},
                .silent_since = last_before_silence(purchase, parcels, now)};
        for (const auto& item : items)
            if (item.system == purchase.system && item.reference == purchase.reference)
                leg.item = &item;
        for (const auto& parcel : parcels)
            if (purchase.tracking_numbers.contains(parcel.tracking_number) ||
                parcel.purchases.contains({purchase.system, purchase.reference}))
                leg.parcels.push_back(&parcel);
        legs.push_back(std::move(leg));
    }
    return legs;
}

// The store's own files say that the goods left.
bool was_sent(const Sale& sale) {
    const auto status = to_lower(text_of(sale.fulfillment_status));
    return sale.fulfilled || !sale.tracking_numbers.empty() || status == "fulfilled" ||
           status == "partial";
}

std::string state_of(const Sale& sale, std::span<const Link> links, const std::vector<Leg>& legs,
                     Instant now) {
    std::string text = sale.reference + ": ";
    if (legs.empty()) {
        const bool waits =
            std::ranges::any_of(links, [](const Link& link) { return link.is_open(); });
        text += was_sent(sale) ? "sent by the store's own word, and no purchase is linked to it"
                               : std::string(said_not_ordered);
        return text + (waits ? ", or its link to a purchase still waits for a yes."
                             : ", as far as the data shows.");
    }
    std::vector<std::string> parts;
    parts.reserve(legs.size());
    for (const auto& leg : legs)
        parts.push_back(leg.purchase->system + ' ' + leg.purchase->reference + ' ' +
                        for_people(leg, now));
    return text + join(parts, "; ") + '.';
}

// What the store itself says came back to the customer, all of it: its refunds need not be known
// one by one.
void find_refund(WhereIsAnswer& answer, const Sale& sale) {
    if (!sale.refunded || !sale.refunded->value.is_positive()) return;
    const auto& [sum, origin] = *sale.refunded;
    auto text = sale.system + ' ' + sale.reference + ": " + holdfast::to_string(sum);
    if (sale.total && sale.total->value.currency() == sum.currency())
        text += " of " + holdfast::to_string(sale.total->value);
    answer.money.push_back(text + " refunded to the customer in all, as read " +
                           to_minute(origin.seen_at) + '.');
}

void find_promise(WhereIsAnswer& answer, const std::vector<Leg>& legs) {
    for (const auto& leg : legs) {
        if (!leg.item || !leg.item->promised_by || !is_ahead(where_of(leg))) continue;
        if (answer.promised_by && *answer.promised_by >= *leg.item->promised_by) continue;
        answer.promised_by = leg.item->promised_by;
        answer.promise_estimated = leg.item->promise_estimated;
    }
}

void find_arrival(WhereIsAnswer& answer, const std::vector<Leg>& legs) {
    for (const auto& leg : legs) {
        if (!leg.item || !leg.item->arrival || !is_ahead(where_of(leg))) continue;
        if (answer.arrival && answer.arrival->likely <= leg.item->arrival->likely) continue;
        answer.arrival = leg.item->arrival;
    }
}

void find_scan(WhereIsAnswer& answer, const std::vector<Leg>& legs, Instant now) {
    for (const auto& leg : legs) {
        const auto scan = last_scan(leg);
        if (!scan || (answer.last_scan_at && *answer.last_scan_at >= scan->at.at)) continue;
        answer.last_scan_at = scan->at.at;
        const auto age = now - scan->at.at;
        answer.last_scan = to_minute(scan->at.at) +
                           (age < Duration{0} ? " (after the instant asked for)"
                                              : " (" + holdfast::to_words(age) + " ago)") +
                           (scan->text.empty() ? "" : ": " + scan->text);
    }
}

void find_open(WhereIsAnswer& answer, const std::vector<Leg>& legs) {
    for (const auto& leg : legs) {
        if (!leg.item || leg.item->word == WorkWord::none) continue;
        auto text = leg.item->system + ' ' + leg.item->reference + ": " +
                    std::string(to_string(leg.item->word));
        const bool is_over = leg.item->word == WorkWord::missed;
        if (leg.item->closes_at)
            text += (is_over ? ", closed on " : " until ") + to_minute(*leg.item->closes_at);
        answer.open.push_back(std::move(text));
    }
}

void find_age(WhereIsAnswer& answer, const Sale& sale, const std::vector<Leg>& legs, Instant now) {
    answer.age.add(age_of(sale));
    for (const auto& leg : legs) {
        answer.age.add(age_of(*leg.purchase));
        for (const auto* parcel : leg.parcels) answer.age.add(age_of(*parcel));
    }
    if (!answer.age.newest) {
        answer.age_text = "no data";
        return;
    }
    const auto age = now - *answer.age.newest;
    answer.age_text = "newest data read " + to_minute(*answer.age.newest) +
                      (age < Duration{0} ? std::string(", after the instant asked for; oldest ")
                                         : " (" + holdfast::to_words(age) + " ago), oldest ") +
                      to_minute(*answer.age.oldest);
}

// --- For the customer

std::string day_of(Instant at) { return holdfast::to_string(at).substr(0, 10); }

// A letter in one language.
class Letter {
public:
    Letter(const Phrases& phrases, Instant now) : phrases_(phrases), now_(now) {}

    std::string reply(const Sale& sale, const std::vector<Leg>& legs,
                      const WhereIsAnswer& answer) const {
        auto text = phrases_.say(Phrase::hello, {{"order", sale.reference}}) + "\n\n";
        if (legs.empty()) text += unlinked(sale) + '\n';
        for (const auto& leg : legs) {
            const auto title = title_of(*leg.purchase);
            const auto about = sentences(leg);
            text += (legs.size() > 1 && !title.empty()
                         ? phrases_.say(Phrase::goods, {{"title", title}, {"text", about}})
                         : about) +
                    '\n';
        }
        if (answer.age.newest) text += '\n' + on_day(Phrase::as_of, *answer.age.newest) + '\n';
        return text + '\n' + phrases_.say(Phrase::end) + '\n';
    }

private:
    std::string on_day(Phrase phrase, Instant at) const {
        return phrases_.say(phrase, {{"day", day_of(at)}});
    }

    // Only a date that a source stated is told to a customer; an estimate of ours is not a promise.
    std::string promise(const Leg& leg) const {
        if (!leg.item || !leg.item->promised_by || leg.item->promise_estimated) return {};
        const auto at = *leg.item->promised_by;
        return ' ' + on_day(now_ < at ? Phrase::promise : Phrase::promise_passed, at);
    }

    // A date that is still ahead is nobody's to repeat where nothing moves any more.
    std::string passed_promise(const Leg& leg) const {
        const bool is_over = leg.item && leg.item->promised_by && *leg.item->promised_by <= now_;
        return is_over ? promise(leg) : std::string{};
    }

    std::string scan(const Leg& leg) const {
        const auto last = last_scan(leg);
        return ' ' +
               (last ? on_day(Phrase::last_scan, last->at.at) : phrases_.say(Phrase::no_scan));
    }

    std::string sentences(const Leg& leg) const {
        switch (where_of(leg)) {
        case Where::not_ordered:
        case Where::preparing:   return phrases_.say(Phrase::preparing) + promise(leg);
        case Where::under_way:
        case Where::completed:   return phrases_.say(Phrase::sent) + scan(leg) + promise(leg);
        case Where::silent:
            return on_day(Phrase::sent_silent, *leg.silent_since) + passed_promise(leg) + ' ' +
                   phrases_.say(Phrase::looking_into);
        case Where::trouble:
            return phrases_.say(trouble_of(leg)->for_customer) + scan(leg) + ' ' +
                   phrases_.say(Phrase::looking_into);
        case Where::delivered: {
            const auto delivery = delivery_scan(leg);
            return delivery ? on_day(Phrase::delivered, delivery->at.at)
                            : phrases_.say(Phrase::received);
        }
        case Where::cancelled: return phrases_.say(Phrase::cancelled);
        case Where::unknown:   return phrases_.say(Phrase::unknown);
        }
        return {};
    }

    std::string unlinked(const Sale& sale) const {
        if (!was_sent(sale)) return phrases_.say(Phrase::not_sent);
        const std::vector<std::string> numbers(sale.tracking_numbers.begin(),
                                               sale.tracking_numbers.end());
        auto text = phrases_.say(Phrase::sent);
        if (!numbers.empty())
            text += ' ' + phrases_.say(Phrase::tracking, {{"numbers", join(numbers, ", ")}});
        return text + ' ' + phrases_.say(Phrase::looking_up);
    }

    const Phrases& phrases_;
    Instant now_;
};

}  // namespace

WhereIsAnswer where_is(const Sale& sale, std::span<const Link> links,
                       std::span<const Purchase> purchases, std::span<const Parcel> parcels,
                       std::span<const WorkItem> items, const Phrases& phrases, Instant now) {
    const auto legs = legs_of(purchases, parcels, items, now);
    WhereIsAnswer answer;
    answer.state = state_of(sale, links, legs, now);
    find_refund(answer, sale);
    find_promise(answer, legs);
    find_arrival(answer, legs);
    find_scan(answer, legs, now);
    find_open(answer, legs);
    find_age(answer, sale, legs, now);
    answer.reply = Letter(phrases, now).reply(sale, legs, answer);
    return answer;
}

}  // namespace holdfast::desk
