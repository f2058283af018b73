#include "terms/facts.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

constexpr bool is_counter(Number number) { return number >= Number::disputes; }

// A number that stands for nothing when nobody speaks of it.
constexpr bool counts_as_zero(Number number) {
    return is_counter(number) || number == Number::shipping || number == Number::tax ||
           number == Number::fee;
}

std::int64_t order_of(When when) {
    if (when.is_day())
        return std::chrono::duration_cast<Duration>(when.day().time_since_epoch()).count();
    return when.instant().time_since_epoch().count();
}

// Is `a` known, and `b` unknown or not after it?
bool stands(When a, When b) { return a.known() && (!b.known() || order_of(a) >= order_of(b)); }

}  // namespace

void Facts::set(Moment moment, When when, Known known) {
    moments_[index_of(moment)] = when;
    moments_known_[index_of(moment)] = known;
}

void Facts::set(Attribute attribute, Word word, Known known) {
    words_[index_of(attribute)] = word;
    words_known_[index_of(attribute)] = known;
}

void Facts::set(Number number, std::int64_t value, Known known) {
    numbers_[index_of(number)] = value;
    numbers_known_[index_of(number)] = known;
}

std::optional<std::int64_t> Facts::number(Number number) const {
    const auto& held = numbers_[index_of(number)];
    if (held) return held;
    if (counts_as_zero(number)) return 0;
    if (number != Number::total) return std::nullopt;

    const auto& item = numbers_[index_of(Number::item)];
    if (!item) return std::nullopt;
    return *item + *this->number(Number::shipping) + *this->number(Number::tax) +
           *this->number(Number::fee);
}

bool Facts::has_mark(Marks set, const Word& mark) const {
    return std::ranges::find(marks(set), mark) != marks(set).end();
}

void Facts::add_mark(Marks set, Word mark) {
    if (!has_mark(set, mark)) marks_[index_of(set)].push_back(mark);
}

void Facts::remove_mark(Marks set, const Word& mark) { std::erase(marks_[index_of(set)], mark); }

void Facts::add_outage(Instant from, Instant until) {
    if (from >= until) return;
    const auto apart = [&](const Outage& old) { return old.until < from || old.from > until; };
    for (const auto& old : outages_) {
        if (apart(old)) continue;
        from = std::min(from, old.from);
        until = std::max(until, old.until);
    }
    std::erase_if(outages_, [&](const Outage& old) { return !apart(old); });
    const auto place = std::ranges::lower_bound(outages_, from, {}, &Outage::from);
    outages_.insert(place, Outage{from, until});
}

std::uint16_t Facts::source(std::string name) {
    const auto found = std::ranges::find(sources_, name);
    if (found == sources_.end()) {
        sources_.push_back(std::move(name));
        return static_cast<std::uint16_t>(sources_.size() - 1);
    }
    return static_cast<std::uint16_t>(found - sources_.begin());
}

Stage order_stage(const Facts& facts) {
    if (facts.at(Moment::cancelled).known()) return Stage::cancelled;
    if (facts.at(Moment::completed).known()) return Stage::completed;
    if (facts.at(Moment::shipped_all).known()) return Stage::shipped;
    if (facts.at(Moment::paid).known()) return Stage::paid;
    return Stage::placed;
}

Stage dispute_stage(const Facts& facts) {
    // A case that a platform decided or escalated was opened, whether or not that was seen.
    const auto opened = facts.at(Moment::dispute_opened);
    for (const auto end :
         {Moment::dispute_closed, Moment::dispute_withdrawn, Moment::offer_accepted})
        if (facts.at(end).known() && stands(facts.at(end), opened)) return Stage::closed;
    if (facts.at(Moment::appealed).known() && !facts.at(Moment::appeal_decided).known())
        return Stage::appealed;
    if (facts.at(Moment::decided).known()) return Stage::decided;
    if (facts.at(Moment::escalated).known()) return Stage::escalated;
    return opened.known() ? Stage::negotiating : Stage::none;
}

bool is_open(Stage dispute) {
    return dispute == Stage::negotiating || dispute == Stage::escalated ||
           dispute == Stage::decided || dispute == Stage::appealed;
}

bool waits_for(const Facts& facts, Waiting who) {
    const auto known = [&](Moment moment) { return facts.at(moment).known(); };
    const auto dispute = dispute_stage(facts);
    switch (who) {
    case Waiting::seller: {
        if (!is_open(dispute) && !known(Moment::asked)) return false;
        const auto answered = facts.at(Moment::dispute_answered);
        return std::ranges::any_of(
            std::array{Moment::dispute_opened, Moment::dispute_modified, Moment::escalated,
                       Moment::asked, Moment::decided},
            [&](Moment moment) { return stands(facts.at(moment), answered); });
    }
    case Waiting::buyer:
        return known(Moment::offer_made) && is_open(dispute) &&
               !stands(facts.at(Moment::dispute_modified), facts.at(Moment::offer_made));
    case Waiting::platform: return dispute == Stage::escalated || dispute == Stage::appealed;
    case Waiting::buyer_return:
        return (known(Moment::return_agreed) || known(Moment::return_requested)) &&
               !known(Moment::return_sent) && !known(Moment::return_tracking_given) &&
               !known(Moment::return_delivered) && !known(Moment::return_received);
    case Waiting::seller_return:
        return (known(Moment::return_sent) || known(Moment::return_tracking_given) ||
                known(Moment::return_delivered) || known(Moment::notified_return)) &&
               !known(Moment::return_received) && !known(Moment::return_contested);
    case Waiting::seller_cancel:
        return known(Moment::cancel_requested) && !known(Moment::cancel_answered) &&
               !known(Moment::cancelled) && !known(Moment::shipped_first) &&
               !known(Moment::shipped_all);
    case Waiting::seller_shipment:
        return known(Moment::paid) && !known(Moment::shipped_all) && !known(Moment::cancelled);
    case Waiting::shop: return known(Moment::shop_closed);
    case Waiting::seller_replacement:
        return known(Moment::replacement_agreed) && !known(Moment::replacement_shipped) &&
               !known(Moment::replacement_delivered);
    case Waiting::payment:
        return known(Moment::placed) && !known(Moment::paid) && !known(Moment::cancelled);
    case Waiting::count_: break;
    }
    VERIFY(!"a Waiting outside its list");
    return false;
}

}  // namespace holdfast::terms
