#include "desk/purchase_facts.h"

#include "desk/dispute.h"
#include "desk/text.h"
#include "desk/tracking.h"

#include <algorithm>
#include <utility>

namespace holdfast::desk {
namespace {

using std::chrono::days;
using terms::Attribute;
using terms::Moment;
using terms::Number;

// A time with the reading that it comes from.
struct TimeOf {
    SeenTime time;
    Origin origin;
};

bool is_ended(Phase phase) { return phase == Phase::completed || phase == Phase::cancelled; }

// --- One purchase on its way to facts

class FactsBuilder {
public:
    FactsBuilder(const Purchase& purchase, std::span<const Parcel> parcels,
                 const DeskOptions& options, Instant now, const terms::Terms& terms)
        : purchase_(purchase),
          options_(options),
          now_(now),
          tracking_(tracking_of(purchase, parcels, terms.silent_after, now)) {}

    FactsOfPurchase build() {
        note_age();
        note_readings();
        find_start();
        find_shipping();
        find_promise();
        find_end();
        find_delivery();
        find_tracking();
        find_dispute();
        find_numbers();
        return std::move(found_);
    }

private:
    Phase progress() const {
        return purchase_.progress ? purchase_.progress->value : Phase::unknown;
    }
    Instant progress_seen_at() const {
        return purchase_.progress ? purchase_.progress->origin.seen_at : now_;
    }
    // The order was there by then at the latest, however often it was read again.
    Instant progress_since() const {
        const auto told = purchase_.first_told.find(progress());
        return told == purchase_.first_told.end() ? progress_seen_at() : told->second;
    }
    bool knows(Moment moment) const { return found_.facts.at(moment).known(); }
    Instant at(Moment moment) const { return found_.facts.at(moment).instant(); }

    terms::Known known(const Origin& origin) {
        return {found_.facts.source(source_of(origin)), origin.seen_at};
    }
    void doubt(std::string text) { found_.doubts.push_back(std::move(text)); }

    // A time as a source told it. What it leaves open is a doubt; the earliest instant counts.
    void set(Moment moment, const SeenTime& time, const Origin& origin) {
        found_.facts.set(moment, time.at, known(origin));
        doubt_kind(moment, time);
    }
    template <class T>
    void set(Moment moment, const MaybeHeld<T>& held) {
        if (held) set(moment, held->value, held->origin);
    }
    void set(Moment moment, const TimeOf& time) { set(moment, time.time, time.origin); }

    void doubt_kind(Moment moment, const SeenTime& time) {
        const std::string name(to_string(moment));
        const auto other = time.or_at ? to_minute(*time.or_at) : std::string("later");
        switch (time.kind) {
        case SeenTime::Kind::exact: return;
        case SeenTime::Kind::repeated_hour:
            return doubt(name + " falls into an hour that came twice: " + to_minute(time.at) +
                         " or " + other + "; the earlier counts");
        case SeenTime::Kind::skipped_hour:
            return doubt(name + " falls into an hour that never was: moved forward to " +
                         to_minute(time.at));
        case SeenTime::Kind::date_only:
            return doubt(name + " is a date without a time: from " + to_minute(time.at) +
                         " until " + other +
                         "; the earliest counts, so a window may open later than shown");
        }
    }

    void guess(Moment moment, Instant when, Confidence confidence, std::string reason,
               const Origin& origin) {
        found_.facts.set(
            moment, when,
            {found_.facts.source("estimate, from " + source_of(origin)), origin.seen_at});
        found_.estimates.push_back({moment, when, confidence, std::move(reason)});
    }

    // --- Age, and sources that disagree

    void note_age() {
        for (const auto* parcel : tracking_.parcels) found_.tracking_age.add(age_of(*parcel));
        found_.age = age_of(purchase_);
        found_.age.add(found_.tracking_age);
    }

    // That one source runs a step behind another is nothing; that one says it has ended is.
    void note_readings() {
        bool any_ended = false, any_running = false;
        std::string text;
        for (const auto& [format, reading] : purchase_.readings) {
            if (reading.phase == Phase::unknown || reading.phase == Phase::disputed) continue;
            (is_ended(reading.phase) ? any_ended : any_running) = true;
            const auto word =
                reading.status.empty() ? std::string(to_string(reading.phase)) : reading.status;
            if (!text.empty()) text += "; ";
            text.append(format).append(" says ").append(word);
            text.append(" (read ").append(to_minute(reading.origin.seen_at)).append(")");
        }
        if (any_ended && any_running) doubt("sources disagree: " + text);
    }

    // --- Placed and paid

    void find_start() {
        set(Moment::placed, purchase_.created);
        set(Moment::ship_by, purchase_.ship_by);
        if (purchase_.paid) return set(Moment::paid, purchase_.paid);
        if (!was_paid(purchase_) || !purchase_.created) return;
        guess(Moment::paid, purchase_.created->value.at, Confidence::low,
              "paid at some time after the order was made; no source says when",
              purchase_.created->origin);
    }

    // --- Shipped

    // Stated time first, else the first scan; one per parcel. A tracker that kept only the end of
    // the way says nothing of its beginning: such a scan stands in only where no time is stated.
    std::vector<TimeOf> ship_times() const {
        std::vector<TimeOf> times;
        for (const auto* parcel : tracking_.parcels) {
            if (parcel->shipped)
                times.push_back({parcel->shipped->value, parcel->shipped->origin});
            else if (const auto scan = first_scan(*parcel);
                     scan && (!purchase_.shipped || scan->status == ParcelStatus::moving))
                times.push_back({scan->at, scan->origin});
        }
        return times;
    }

    std::size_t open_lines() const {
        const auto lines = lines_of(purchase_);
        return static_cast<std::size_t>(std::ranges::count_if(lines, [](const Line& line) {
            return end_kind_of(text_of(line.end_reason)) == EndKind::none &&
                   !(line.phase && is_ended(line.phase->value));
        }));
    }

    // One line of several units may come in several parcels.
    bool may_be_split() const {
        return std::ranges::any_of(lines_of(purchase_), [](const Line& line) {
            return line.quantity && line.quantity->value > 1 &&
                   !(line.phase && is_ended(line.phase->value));
        });
    }

    // Is everything that will be sent on its way?
    bool is_all_shipped(bool any_time) const {
        const bool one_line = !purchase_.lines.empty() && open_lines() <= 1;
        switch (progress()) {
        case Phase::unpaid:       return false;
        case Phase::paid:         return purchase_.shipped.has_value() || (any_time && one_line);
        case Phase::part_shipped: return one_line && !may_be_split();
        case Phase::unknown:      return any_time || !purchase_.tracking_numbers.empty();
        case Phase::cancelled:    return any_time;
        case Phase::shipped:
        case Phase::delivered:
        case Phase::completed:
        case Phase::disputed:
        case Phase::frozen:       return true;
        }
        return false;
    }

    void find_shipping() {
        auto times = ship_times();
        const bool several = tracking_.parcels.size() + tracking_.unseen > 1;
        if (purchase_.shipped) {
            if (!several) times.clear();
            times.push_back({purchase_.shipped->value.time, purchase_.shipped->origin});
        }
        const bool all = is_all_shipped(!times.empty());
        if (times.empty()) return guess_shipping(all);
        const auto by_time = [](const TimeOf& a, const TimeOf& b) { return a.time.at < b.time.at; };
        const auto [first, last] = std::ranges::minmax_element(times, by_time);
        set(Moment::shipped_first, *first);
        part_shipped_ = !all;
        if (!all) return doubt("only a part is known to be shipped");
        found_.facts.set(Moment::shipped_last, last->time.at, known(last->origin));
        found_.facts.set(Moment::shipped_all, last->time.at, known(last->origin));
        scanned_shipping_ = !purchase_.shipped && !stated_by_parcels();
    }
    bool stated_by_parcels() const {
        return std::ranges::all_of(
            tracking_.parcels, [](const Parcel* parcel) { return parcel->shipped.has_value(); });
    }

    // Late rather than early: windows that open so long after shipping are not shown too soon.
    void guess_shipping(bool all) {
        const bool part = progress() == Phase::part_shipped;
        const auto& start = purchase_.paid ? purchase_.paid : purchase_.created;
        if ((!all && !part) || !start) return;
        const auto later = start->value.at + days{options_.processing_days_default};
        const auto when = std::min(later, std::max(progress_since(), start->value.at));
        const auto reason = std::string(purchase_.paid ? "paid" : "created") + " + " +
                            std::to_string(options_.processing_days_default) +
                            " days: no source says when it was shipped";
        guess(Moment::shipped_first, when, Confidence::low, reason, start->origin);
        if (!all) return;
        guess(Moment::shipped_last, when, Confidence::low, reason, start->origin);
        guess(Moment::shipped_all, when, Confidence::low, reason, start->origin);
    }

    // --- Promised

    struct Promise {
        Instant at;
        Confidence confidence = Confidence::low;
        std::string basis;
        Origin origin;
        bool estimated = false;
    };

    std::optional<Promise> told_promise() const {
        if (!purchase_.promise) return std::nullopt;
        const auto& [promise, origin] = *purchase_.promise;
        return Promise{promise.at, promise.confidence, promise.basis, origin,
                       promise.confidence == Confidence::low};
    }

    std::optional<Promise> computed_promise() const {
        if (!purchase_.commit_days || !knows(Moment::shipped_all)) return std::nullopt;
        const auto when = at(Moment::shipped_all) + days{purchase_.commit_days->value};
        const auto count = std::to_string(purchase_.commit_days->value) + " days";
        const auto& origin = purchase_.commit_days->origin;
        if (found_.is_estimate(Moment::shipped_all))
            return Promise{when, Confidence::low, "estimated ship time + " + count, origin, true};
        if (scanned_shipping_)
            return Promise{when, Confidence::medium, "first carrier scan + " + count, origin, true};
        return Promise{when, Confidence::high, "ship time + " + count, origin, false};
    }

    std::pair<std::int32_t, std::string> default_days() const {
        const auto method = text_of(purchase_.ship_method);
        const auto named = options_.method_days.find(method);
        if (named == options_.method_days.end())
            return {options_.delivery_days_default, "the desk's default"};
        return {named->second, "the desk's days for " + method};
    }

    // Counted from the order's start where the ship time is itself a guess: a promise that is too
    // early hides no deadline, and one guess on another would.
    std::optional<Promise> default_promise() const {
        if (!knows(Moment::shipped_first)) return std::nullopt;
        const bool shipped = knows(Moment::shipped_all) && !found_.is_estimate(Moment::shipped_all);
        const auto& start = purchase_.paid ? purchase_.paid : purchase_.created;
        if (!shipped && !start) return std::nullopt;
        const auto [count, whose] = default_days();
        const auto from = shipped ? at(Moment::shipped_all) : start->value.at;
        const auto basis = std::string(shipped          ? "ship time"
                                       : purchase_.paid ? "paid"
                                                        : "created") +
                           " + " + std::to_string(count) + " days, " + whose +
                           ": no source says what was promised";
        const auto& origin = start               ? start->origin
                             : purchase_.shipped ? purchase_.shipped->origin
                                                 : no_origin_;
        return Promise{from + days{count}, Confidence::low, basis, origin, true};
    }

    void find_promise() {
        auto promise = told_promise();
        const auto computed = computed_promise();
        if (promise && computed) doubt_promises(*promise, *computed);
        if (computed && (!promise || computed->confidence > promise->confidence))
            promise = computed;
        if (!promise) promise = default_promise();
        if (!promise) return;
        doubt_other_readings(*promise);
        if (promise->estimated)
            guess(Moment::promised_by, promise->at, promise->confidence, promise->basis,
                  promise->origin);
        else
            found_.facts.set(Moment::promised_by, promise->at, known(promise->origin));
    }

    void doubt_promises(const Promise& told, const Promise& computed) {
        const auto apart = told.at > computed.at ? told.at - computed.at : computed.at - told.at;
        if (apart <= std::chrono::hours{1}) return;
        doubt("two readings of the promise: " + to_minute(told.at) + " (" + told.basis + ") and " +
              to_minute(computed.at) + " (" + computed.basis + ")");
    }

    // What other sources told of the promise, where it is not the same hour.
    void doubt_other_readings(const Promise& believed) {
        for (const auto& [format, reading] : purchase_.promises) {
            const auto at = reading.value.at;
            const auto apart = at > believed.at ? at - believed.at : believed.at - at;
            if (apart <= std::chrono::hours{1}) continue;
            found_.promise_contested = true;
            doubt("another reading of the promise: " + to_minute(at) + " (" + reading.value.basis +
                  "; " + format + ", read " + to_minute(reading.origin.seen_at) + ")");
        }
    }

    // --- Completed, cancelled

    void find_end() {
        const auto kind = end_kind_of(purchase_);
        const bool contradicted = purchase_.progress && !is_ended(progress()) &&
                                  purchase_.completed &&
                                  progress_seen_at() > purchase_.completed->origin.seen_at;
        if (contradicted)
            doubt("a newer reading shows the order as not completed");
        else if (progress() == Phase::cancelled)
            find_cancelled(kind);
        else if (purchase_.completed)
            set(Moment::completed, purchase_.completed);
        else if (progress() == Phase::completed)
            find_completed(kind);
        else
            note_unread_end();
    }

    void find_cancelled(EndKind kind) {
        if (kind == EndKind::confirmed || kind == EndKind::timed_out)
            doubt("shown as cancelled, but its end reason is " + text_of(purchase_.end_reason));
        if (purchase_.ended)
            set(Moment::cancelled, purchase_.ended);
        else
            guess(Moment::cancelled, progress_since(), Confidence::low,
                  "cancelled before it was read; no source says when", purchase_.progress->origin);
    }

    // With no time told: what confirmed itself did so when the promise ended, and the earliest is
    // taken, since the last claim window counts from there.
    void find_completed(EndKind kind) {
        if (purchase_.ended) return set(Moment::completed, purchase_.ended);
        const auto& origin = purchase_.progress->origin;
        if (kind == EndKind::confirmed || !knows(Moment::promised_by)) {
            doubt("the order was completed at an unknown time before it was read");
            return guess(Moment::completed, progress_since(), Confidence::low,
                         "completed before it was read; no source says when", origin);
        }
        const auto when = std::min(at(Moment::promised_by), progress_since());
        if (kind == EndKind::timed_out)
            return guess(Moment::completed, when, Confidence::medium,
                         "the order confirmed itself when the promise ended", origin);
        doubt("completed, and no source says whether by hand or by itself");
        guess(Moment::completed, when, Confidence::low,
              "no source says when it was completed: the end of the promise, or when it was read",
              origin);
    }

    void note_unread_end() {
        if (!is_end_alone(text_of(purchase_.status))) return;
        if (purchase_.progress &&
            purchase_.progress->origin.seen_at > purchase_.status->origin.seen_at)
            return;
        doubt("the order has ended (" + text_of(purchase_.status) + "), and no source says why");
    }

    // --- Delivered

    void find_delivery() {
        found_.last_scan = tracking_.last_scan;
        found_.delivery_scan = tracking_.delivery_scan;
        std::vector<ScanAt> deliveries;
        for (const auto* parcel : tracking_.parcels)
            if (auto scan = delivered_at(*parcel)) deliveries.push_back(std::move(*scan));
        const auto by_time = [](const ScanAt& a, const ScanAt& b) { return a.at.at < b.at.at; };
        if (!deliveries.empty()) {
            const auto [first, last] = std::ranges::minmax_element(deliveries, by_time);
            set(Moment::delivered_first, first->at, first->origin);
            if (part_shipped_) return;  // what is not sent has not come
            if (tracking_.all_delivered && deliveries.size() == tracking_.parcels.size())
                return set_delivered(last->at, last->origin);
        }
        if (tracking_.all_delivered)
            return guess_delivered("delivered before it was read; no source says when",
                                   word_origin(), word_origin().seen_at);
        find_delivery_by_word();
    }

    // Who said that the parcels are delivered: a status, else a scan.
    Origin word_origin() const {
        for (const auto* parcel : tracking_.parcels)
            if (parcel->status) return parcel->status->origin;
        return tracking_.last_scan ? tracking_.last_scan->origin : Origin{};
    }

    void set_delivered(const SeenTime& time, const Origin& origin) {
        if (!knows(Moment::delivered_first))
            found_.facts.set(Moment::delivered_first, time.at, known(origin));
        found_.facts.set(Moment::delivered_all, time.at, known(origin));
        set(Moment::delivered_last, time, origin);
    }
    void guess_delivered(const std::string& reason, const Origin& origin, Instant by) {
        for (const auto moment :
             {Moment::delivered_first, Moment::delivered_last, Moment::delivered_all})
            if (!knows(moment)) guess(moment, by, Confidence::low, reason, origin);
    }

    // A parcel that is known to be elsewhere, and was read no earlier than `seen_at`.
    const Parcel* contradiction(Instant seen_at) const {
        for (const auto* parcel : tracking_.parcels)
            if (parcel->status && parcel->status->value != ParcelStatus::delivered &&
                parcel->status->origin.seen_at >= seen_at)
                return parcel;
        return nullptr;
    }

    // By a source's word on the order, or by the person who confirmed it: not by a timer.
    void find_delivery_by_word() {
        if (purchase_.delivered) {
            if (contradiction(purchase_.delivered->origin.seen_at))
                return doubt("shown as delivered on " + to_minute(purchase_.delivered->value.at) +
                             ", but its tracking says otherwise: " + tracking_.reason);
            return set_delivered(purchase_.delivered->value, purchase_.delivered->origin);
        }
        const auto kind = end_kind_of(purchase_);
        if (kind == EndKind::confirmed && knows(Moment::completed)) return confirm_delivery();
        if (progress() != Phase::delivered) return;
        if (contradiction(progress_seen_at()))
            return doubt("the supplier shows it as delivered, but its tracking says otherwise: " +
                         tracking_.reason);
        guess_delivered("shown as delivered by the supplier; no scan says when",
                        purchase_.progress->origin, progress_since());
    }

    void confirm_delivery() {
        for (const auto moment :
             {Moment::delivered_first, Moment::delivered_last, Moment::delivered_all})
            if (!knows(moment))
                guess(moment, at(Moment::completed), Confidence::low,
                      "the buyer confirmed receipt; no delivery scan is known", completed_origin());
        if (tracking_.word != "unknown" && tracking_.word != "no_tracking")
            doubt("the buyer confirmed receipt, but tracking says otherwise: " + tracking_.reason);
    }
    const Origin& completed_origin() const {
        if (purchase_.completed) return purchase_.completed->origin;
        return purchase_.ended ? purchase_.ended->origin : purchase_.progress->origin;
    }

    // --- Tracking

    void find_tracking() {
        for (const auto* parcel : tracking_.parcels)
            if (const auto scan = first_scan(*parcel))
                note_scan(Moment::scanned_first, *scan, /*later=*/false);
        if (tracking_.last_scan)
            note_scan(Moment::scanned_last, *tracking_.last_scan, /*later=*/true);
        auto word = tracking_.word;
        found_.tracking_reason = tracking_.reason;
        found_.tracking_since = tracking_.since;
        if (tracking_.since)
            doubt("tracking counts as silent from " + to_minute(*tracking_.since) +
                  " on; before that the parcel was on its way");
        const bool silent_source = word == "unknown" || word == "no_tracking";
        if (silent_source && knows(Moment::delivered_all) &&
            end_kind_of(purchase_) != EndKind::confirmed) {
            word = "delivered";
            found_.tracking_reason = "shown as delivered by the supplier";
        }
        const auto seen_at = found_.tracking_age.newest.value_or(found_.age.newest.value_or(now_));
        found_.facts.set(Attribute::tracking, Word::cut(word),
                         {found_.facts.source("parcels"), seen_at});
        note_stale_tracking();
    }

    void note_scan(Moment moment, const ScanAt& scan, bool later) {
        if (knows(moment) && (at(moment) < scan.at.at) != later) return;
        found_.facts.set(moment, scan.at.at, known(scan.origin));
    }

    void note_stale_tracking() {
        const auto& newest = found_.tracking_age.newest;
        if (tracking_.all_delivered || !newest || now_ - *newest < options_.stale_after) return;
        doubt("tracking was read " + holdfast::to_words(now_ - *newest) +
              " ago, later scans may exist");
    }

    // --- Disputes and numbers

    void find_dispute() {
        const auto dispute = dispute_of(purchase_);
        found_.facts.set(Number::disputes, dispute.count, known(dispute.origin));
        if (dispute.count == 0) return;
        if (dispute.opened)
            set(Moment::dispute_opened, dispute.opened);
        else
            guess(Moment::dispute_opened, dispute.origin.seen_at, Confidence::low,
                  "opened before it was read; no source says when", dispute.origin);
        set(Moment::dispute_answered, dispute.answered);
        set_word(Attribute::dispute_reason, dispute.reason, dispute.origin);
        set_word(Attribute::dispute_tracking,
                 dispute.tracking.empty() ? found_.facts.word(Attribute::tracking).view()
                                          : std::string_view(dispute.tracking),
                 dispute.origin);
        if (dispute.requested) set(Number::requested, dispute.requested->minor(), dispute.origin);
        for (const auto& told : dispute.told) set_told(told, dispute.origin);
        if (!dispute.told.empty()) return;  // the end is among it
        if (dispute.open)
            find_turn(dispute);
        else if (dispute.ended)
            set(Moment::dispute_closed, dispute.ended);
        else
            guess(Moment::dispute_closed,
                  std::max(dispute.origin.seen_at, at(Moment::dispute_opened)), Confidence::low,
                  "closed before it was read; no source says when", dispute.origin);
    }

    // A word that this version does not know tells it nothing.
    void set_told(const MomentSeen& told, const Origin& origin) {
        const auto moment = terms::parse_word<Moment>(told.moment);
        if (!moment) return;
        found_.facts.set(*moment, told.at, known(origin));
        if (*moment == Moment::appealed) set(Number::appeals, 1, origin);
        if (*moment == Moment::return_agreed) set(Number::returns, 1, origin);
    }

    void find_turn(const DisputeView& dispute) {
        if (dispute.turn == DisputeView::Turn::theirs) return;
        const auto moment =
            dispute.turn == DisputeView::Turn::ours ? Moment::offer_made : Moment::return_agreed;
        if (dispute.answered)
            set(moment, dispute.answered);
        else
            guess(moment, dispute.origin.seen_at, Confidence::low,
                  "shown by the status " + dispute.status, dispute.origin);
    }

    void find_numbers() {
        if (purchase_.total) {
            const auto& [total, origin] = *purchase_.total;
            set(Number::item, total.minor(), origin);
            set(Number::shipping, 0, origin);
            set_word(Attribute::currency, code_of(total.currency()), origin);
        }
        if (purchase_.commit_days)
            set(Number::seller_delivery_days, purchase_.commit_days->value,
                purchase_.commit_days->origin);
        if (purchase_.destination)
            set_word(Attribute::destination, purchase_.destination->value,
                     purchase_.destination->origin);
        find_refund();
        find_quantity();
    }

    void find_refund() {
        if (!purchase_.refunded || !purchase_.refunded->value.is_positive()) return;
        const auto& [refunded, origin] = *purchase_.refunded;
        set(Number::refunded_amount, refunded.minor(), origin);
        set(Moment::refunded, purchase_.refunded_at);
        if (!purchase_.refunded_at)
            guess(Moment::refunded, origin.seen_at, Confidence::low, "refunded before it was read",
                  origin);
    }

    void find_quantity() {
        std::int64_t ordered = 0;
        const Line* told = nullptr;
        const auto lines = lines_of(purchase_);
        for (const auto& line : lines) {
            if (!line.quantity) return;
            ordered += line.quantity->value;
            told = &line;
        }
        if (told) set(Number::ordered_quantity, ordered, told->quantity->origin);
    }

    void set(Number number, std::int64_t value, const Origin& origin) {
        found_.facts.set(number, value, known(origin));
    }
    void set_word(Attribute attribute, std::string_view word, const Origin& origin) {
        if (!word.empty()) found_.facts.set(attribute, Word::cut(word), known(origin));
    }

    const Purchase& purchase_;
    const DeskOptions& options_;
    Instant now_;
    Tracking tracking_;
    FactsOfPurchase found_;
    bool scanned_shipping_ = false;
    bool part_shipped_ = false;
    Origin no_origin_;
};

}  // namespace

const Estimate* FactsOfPurchase::estimate_of(terms::Moment moment) const {
    const auto found = std::ranges::find(estimates, moment, &Estimate::moment);
    return found == estimates.end() ? nullptr : &*found;
}

FactsOfPurchase facts_of(const Purchase& purchase, std::span<const Parcel> parcels,
                         const DeskOptions& options, Instant now, const terms::Terms& terms) {
    return FactsBuilder(purchase, parcels, options, now, terms).build();
}

terms::Answer with_silence(terms::Answer answer, const terms::Question& question,
                           const FactsOfPurchase& facts) {
    const bool rests_on_it = answer.allowed && question.verb == terms::Verb::open_dispute &&
                             question.reason == terms::Reason::not_received;
    if (rests_on_it && facts.tracking_since)
        answer.opens_at =
            std::max(answer.opens_at.value_or(*facts.tracking_since), *facts.tracking_since);
    return answer;
}

}  // namespace holdfast::desk
