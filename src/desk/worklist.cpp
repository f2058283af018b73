#include "desk/worklist.h"

#include "base/word.h"
#include "desk/dispute.h"
#include "desk/stake.h"
#include "desk/text.h"
#include "terms/ask.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Action;
using terms::Moment;
using terms::Outcome;
using terms::Question;
using terms::Reason;
using terms::Verb;

constexpr std::array<std::pair<WorkWord, std::string_view>, 11> words = {{
    {WorkWord::claim_now, "claim_now"},
    {WorkWord::late_claim_now, "late_claim_now"},
    {WorkWord::closing_soon, "closing_soon"},
    {WorkWord::ask_extension, "ask_extension"},
    {WorkWord::do_not_confirm, "do_not_confirm"},
    {WorkWord::answer_due, "answer_due"},
    {WorkWord::return_due, "return_due"},
    {WorkWord::waiting, "waiting"},
    {WorkWord::missed, "missed"},
    {WorkWord::recovered, "recovered"},
    {WorkWord::none, "none"},
}};

void describe(WorkItem& item, const Purchase& purchase,
              std::span<const std::string> sale_references) {
    item.system = purchase.system;
    item.reference = purchase.reference;
    item.title = title_of(purchase);
    item.seller = text_of(purchase.store_name);
    item.sale_references.assign(sale_references.begin(), sale_references.end());
}

// --- One purchase on its way to a word

class Assessor {
public:
    Assessor(const Purchase& purchase, std::span<const Parcel> parcels, const terms::Terms& terms,
             const DeskOptions& options, Instant now)
        : purchase_(purchase),
          terms_(terms),
          options_(options),
          now_(now),
          found_(facts_of(purchase, parcels, options, now, terms)),
          stake_(stake_of(purchase)) {}

    WorkItem assess(std::span<const std::string> sale_references) {
        describe(item_, purchase_, sale_references);
        item_.terms_id = terms_.id;
        item_.doubts = found_.doubts;
        item_.age = found_.age;
        item_.promised_by = instant(Moment::promised_by);
        item_.promise_estimated = found_.is_estimate(Moment::promised_by);
        item_.reversal = reversal_of(purchase_);
        find_word();
        note_unknown_end();
        note_reversal();
        note_estimates();
        note_delivery_scan();
        note_cancelled_lines();
        note_age();
        return std::move(item_);
    }

private:
    bool knows(Moment moment) const { return found_.facts.at(moment).known(); }
    std::optional<Instant> instant(Moment moment) const {
        if (!knows(moment)) return std::nullopt;
        return found_.facts.at(moment).instant();
    }
    Phase progress() const {
        return purchase_.progress ? purchase_.progress->value : Phase::unknown;
    }
    std::string clause_of(const terms::Answer& answer) const {
        return answer.clause < 0 ? "" : terms_.clause_at(answer.clause)->id;
    }
    std::string by_clause() const { return item_.clause.empty() ? "" : " (" + item_.clause + ")"; }
    std::string order_name() const { return purchase_.system + ' ' + purchase_.reference; }

    // A word with its money, reason and next step.
    void say(WorkWord word, std::string why, std::string next_step) {
        item_.word = word;
        item_.why = std::move(why);
        item_.next_step = std::move(next_step);
    }
    void put_at_stake(const std::optional<Money>& sum) { item_.at_stake = sum; }
    void put_nothing_at_stake() {
        if (stake_.total) item_.at_stake = Money::zero(stake_.total->currency());
    }

    void find_word() {
        if (find_recovered() || find_unpaid() || find_dispute() || find_refund_due() ||
            find_delivered() || find_ended_dispute() || find_unshipped())
            return;
        find_claim();
    }

    // --- Money came back, or none was paid

    bool find_recovered() {
        const bool paid_back = stake_.total && purchase_.refunded &&
                               purchase_.refunded->value.is_positive() &&
                               purchase_.refunded->value.currency() == stake_.total->currency() &&
                               purchase_.refunded->value >= *stake_.total;
        if (!paid_back && end_kind_of(purchase_) != EndKind::claim_paid) return false;
        if (!paid_back && item_.reversal) return find_taken_back();
        put_nothing_at_stake();
        if (paid_back)
            say(WorkWord::recovered, holdfast::to_string(purchase_.refunded->value) + " came back",
                "Nothing to do.");
        else
            say(WorkWord::recovered,
                "the claim was granted (" + text_of(purchase_.end_reason) + ")",
                "Check that the money arrived.");
        note_late_arrival();
        return true;
    }

    // Granted, and its money is gone again: nobody but a person finds out why.
    bool find_taken_back() {
        put_at_stake(item_.reversal->taken_back);
        say(WorkWord::waiting, "the claim was granted (" + text_of(purchase_.end_reason) + ")",
            "Ask the platform for the money of " + order_name() + ".");
        return true;
    }

    // Goods that came after the money are somebody's: it is said, and left to people.
    void note_late_arrival() {
        const auto delivered = instant(Moment::delivered_all);
        if (!delivered || found_.is_estimate(Moment::delivered_all)) return;
        const auto opened = dispute_of(purchase_).opened;
        const bool after_claim = opened && *delivered > opened->value.at;
        const bool after_money =
            purchase_.refunded_at && *delivered > purchase_.refunded_at->value.at;
        if (!after_claim && !after_money) return;
        item_.why += "; and it arrived on " + to_minute(*delivered);
        item_.next_step =
            "It arrived after all: tell the supplier. Pay for it, send it back, or let the "
            "customer "
            "keep it if they agree; claim nothing more on it.";
    }

    bool find_unpaid() {
        if (!is_known_unpaid(purchase_)) return false;
        const bool never = end_kind_of(purchase_) == EndKind::never_paid;
        put_nothing_at_stake();
        if (!never && purchase_.pay_before && now_ < purchase_.pay_before->value.at) {
            item_.countdown = Countdown{purchase_.pay_before->value.at, "payment window ends"};
            say(WorkWord::none, "not paid yet",
                "Pay before " + to_minute(purchase_.pay_before->value.at) +
                    " if it is still wanted.");
        } else
            say(WorkWord::none, never ? "never paid" : "not paid", "Nothing to do.");
        return true;
    }

    // --- A dispute runs

    bool find_dispute() {
        const auto dispute = dispute_of(purchase_);
        if (!dispute.open) return false;
        put_at_stake(dispute.requested ? dispute.requested : stake_.open);
        const auto since =
            dispute.opened ? " since " + to_minute(dispute.opened->value.at) : std::string();
        const bool is_return = dispute.turn == DisputeView::Turn::our_return;
        const auto next = is_return ? ask_return() : ask_default();
        switch (dispute.turn) {
        case DisputeView::Turn::ours:
            say(WorkWord::answer_due,
                "a dispute is open" + since + " and waits for us (" + dispute.status + ")",
                "Answer the seller's offer on " + order_name() +
                    default_text(next, " before ", " Otherwise: "));
            break;
        case DisputeView::Turn::our_return: say_return(dispute.status, next); break;
        case DisputeView::Turn::theirs:
            say(WorkWord::waiting, "a dispute is open" + since, waiting_step(next));
            break;
        }
        return true;
    }

    // Once its date has passed, the return and its money are lost, whatever else the terms have in
    // store for the dispute.
    void say_return(const std::string& status, const terms::Answer& next) {
        const auto why = "a return is agreed and not sent (" + status + ")";
        if (!waits_for_return(next) || !next.opens_at || now_ < *next.opens_at)
            return say(WorkWord::return_due, why,
                       "Send the return and enter its tracking number" +
                           default_text(next, " before ", " Otherwise: "));
        item_.closes_at = next.opens_at;
        say(WorkWord::missed,
            why + "; it had to be sent before " + to_minute(*next.opens_at) + by_clause(),
            "By the terms the return is lost: " + happening(next) + by_clause() +
                ". Look at the dispute whether it still waits for it, or whether it was sent.");
    }
    bool waits_for_return(const terms::Answer& next) const {
        return next.clause >= 0 &&
               terms_.clause_at(next.clause)->waits_for == terms::Waiting::buyer_return;
    }

    // What happens if the return is not sent goes before all else: it costs the money.
    terms::Answer ask_return() {
        const Question question{.kind = Question::Kind::fallback,
                                .at = now_,
                                .waits_for = terms::Waiting::buyer_return};
        const auto answer = terms::ask(terms_, found_.facts, question);
        return answer.opens_at ? taken(answer) : ask_default();
    }

    terms::Answer ask_default() {
        Question question{.kind = Question::Kind::fallback, .at = now_};
        for (const auto action : {Action::refund, Action::escalate, Action::close, Action::release,
                                  Action::cancel_return})
            question.actions.set(terms::index_of(action));
        return taken(terms::ask(terms_, found_.facts, question));
    }

    // Its clause and its date go into the row.
    terms::Answer taken(const terms::Answer& answer) {
        item_.clause = clause_of(answer);
        if (answer.opens_at && now_ < *answer.opens_at)
            item_.countdown = Countdown{*answer.opens_at, happening(answer)};
        return answer;
    }

    // What a default brings, in words: "refund as requested".
    std::string happening(const terms::Answer& answer) const {
        if (answer.clause < 0) return {};
        const auto& clause = *terms_.clause_at(answer.clause);
        if (clause.says) return spaced(terms::to_string(*clause.says));
        switch (clause.action) {
        case Action::refund:        return "refund falls due";
        case Action::release:       return "the seller is paid";
        case Action::complete:      return "the order completes";
        case Action::escalate:      return "the platform steps in";
        case Action::close:         return "the dispute closes";
        case Action::cancel_return: return "the return is cancelled";
        case Action::cancel_order:  return "the order is cancelled";
        case Action::credit:        return "a credit is given";
        case Action::claw_back:     return "the refund is taken back";
        case Action::count_:        break;
        }
        return {};
    }

    std::string default_text(const terms::Answer& next, std::string_view before,
                             std::string_view otherwise) const {
        if (!next.opens_at) return ".";
        if (now_ >= *next.opens_at)
            return " at once: since " + to_minute(*next.opens_at) + " " + happening(next) +
                   by_clause() + ".";
        return std::string(before) + to_minute(*next.opens_at) + "." + std::string(otherwise) +
               happening(next) + by_clause() + ".";
    }

    std::string waiting_step(const terms::Answer& next) const {
        if (!next.opens_at) return "Wait for the seller or the platform; the terms name no date.";
        const auto sum = next.amount && stake_.total
                             ? " of " + holdfast::to_string(
                                            Money::of_minor(*next.amount, stake_.total->currency()))
                             : std::string();
        if (now_ < *next.opens_at)
            return "Nothing to do until " + to_minute(*next.opens_at) +
                   ", when by the terms: " + happening(next) + sum + by_clause() + ".";
        return "By the terms, if the seller has not answered, since " + to_minute(*next.opens_at) +
               ": " + happening(next) + sum + by_clause() +
               ". Look at the dispute and check what happened.";
    }

    // --- Cancelled after payment

    bool find_refund_due() {
        if (progress() != Phase::cancelled && end_kind_of(purchase_) != EndKind::refund_due)
            return false;
        const auto reason = text_of(purchase_.end_reason);
        const auto why = "cancelled" + (reason.empty() ? "" : " (" + reason + ")") + cancelled_on();
        const auto sum = refundable();
        put_at_stake(sum);
        const auto text = sum ? holdfast::to_string(*sum) : std::string("the money");
        if (was_paid(purchase_))
            say(WorkWord::waiting, why + " after payment: the refund is due",
                "Check that " + text + " came back.");
        else
            say(WorkWord::waiting, why + "; no source says whether it was paid",
                "Look whether it was paid, and if so whether " + text + " came back.");
        return true;
    }
    std::string cancelled_on() const {
        const auto at = instant(Moment::cancelled);
        return at && !found_.is_estimate(Moment::cancelled) ? " on " + to_minute(*at) : "";
    }
    std::optional<Money> refundable() const {
        if (!stake_.total || !purchase_.refunded ||
            purchase_.refunded->value.currency() != stake_.total->currency())
            return stake_.total;
        return *stake_.total - purchase_.refunded->value;
    }

    // --- Delivered: in time, or late

    bool find_delivered() {
        const auto delivered = instant(Moment::delivered_all);
        if (!delivered) return false;
        put_nothing_at_stake();
        const auto promise = instant(Moment::promised_by);
        const bool late = promise && *delivered >= *promise;
        const auto on =
            (found_.is_estimate(Moment::delivered_all) ? ", as far as known by " : " on ") +
            to_minute(*delivered);
        if (!late || !find_late(on, *promise)) {
            const auto how = late ? how_late(*promise) : std::string();
            say(WorkWord::none, "delivered" + on + how, "Nothing to do.");
        }
        return true;
    }

    // A guess is the latest that the delivery can have been: it shows no lateness.
    std::string how_late(Instant promise) const {
        if (found_.is_estimate(Moment::delivered_all))
            return "; whether that was before " + to_minute(promise) + " is not known";
        return ", after " + to_minute(promise) + ", and the terms give no claim for that";
    }

    bool has_late_right() const {
        return std::ranges::any_of(
            terms_.rights[terms::index_of(Verb::open_dispute)], [&](std::int32_t index) {
                return terms_.clause_at(index)->reasons[terms::index_of(Reason::late)];
            });
    }

    // A claim for lateness rests on two dates: neither may be a mere guess.
    bool find_late(const std::string& on, Instant promise) {
        if (!has_late_right() || found_.is_estimate(Moment::delivered_all) ||
            is_low(Moment::promised_by))
            return false;
        const auto answer = ask_claim(Reason::late);
        const bool closed = answer.closes_at && now_ >= *answer.closes_at;
        if (!answer.allowed && !closed) return false;
        put_at_stake(claimable(stake_, answer.amount));
        const auto why = "delivered" + on + ", " +
                         holdfast::to_words(*instant(Moment::delivered_all) - promise) +
                         " after the promise of " + to_minute(promise);
        if (answer.allowed)
            say(WorkWord::late_claim_now, why, claim_step(answer, "late delivery"));
        else
            say_missed(why + "; the claim closed on " + to_minute(*answer.closes_at),
                       "Nothing is left to claim.");
        return true;
    }

    bool is_low(Moment moment) const {
        return std::ranges::any_of(found_.estimates, [&](const Estimate& one) {
            return one.moment == moment && one.confidence == Confidence::low;
        });
    }

    // --- Not shipped

    bool find_unshipped() {
        if (knows(Moment::shipped_first) || progress() == Phase::completed) return false;
        put_at_stake(stake_.open);
        if (const auto unread = unread_status(purchase_); !unread.empty()) {
            say_unread(unread, unread);
            return true;
        }
        Question question{.kind = Question::Kind::fallback, .at = now_};
        question.actions.set(terms::index_of(Action::cancel_order));
        const auto answer = terms::ask(terms_, found_.facts, question);
        if (answer.opens_at) item_.clause = clause_of(answer);
        const auto paid = was_paid(purchase_);
        const bool named = progress() == Phase::unknown && !purchase_.tracking_numbers.empty();
        const bool sent = progress() == Phase::shipped || progress() == Phase::part_shipped ||
                          progress() == Phase::delivered || named;
        if (sent) {
            say(WorkWord::waiting, "sent, but no source says when it was ordered, paid or sent",
                "Read the order with its dates: without them no claim window can be computed.");
            return true;
        }
        const std::string why = paid ? "paid and not shipped" : "no source says how far it is";
        if (answer.opens_at && now_ < *answer.opens_at) {
            item_.countdown = Countdown{*answer.opens_at, "order is cancelled by itself"};
            say(WorkWord::waiting, why,
                "Nothing to do: if it is not shipped by " + to_minute(*answer.opens_at) +
                    " it is cancelled and refunded" + by_clause() + ".");
        } else if (answer.opens_at)
            say(WorkWord::waiting, why + " by " + to_minute(*answer.opens_at),
                "By the terms it is cancelled and refunded" + by_clause() +
                    ": look whether that happened.");
        else
            say(WorkWord::waiting, why,
                paid ? "Wait for the seller to ship, or cancel while nothing is sent."
                     : "Read the order again: its state is not known.");
        return true;
    }

    // --- Not delivered

    terms::Answer ask_claim(Reason reason) {
        item_.reason = reason;
        const Question question{
            .at = now_, .by = terms::Party::buyer, .verb = Verb::open_dispute, .reason = reason};
        const auto answer =
            with_silence(terms::ask(terms_, found_.facts, question), question, found_);
        item_.clause = clause_of(answer);
        item_.opens_at = answer.opens_at;
        item_.closes_at = answer.closes_at;
        return answer;
    }

    // A dispute was there and has ended: whether anything is left to claim is for a person to see.
    bool find_ended_dispute() {
        if (purchase_.disputes.empty() || is_disputed(purchase_)) return false;
        put_at_stake(stake_.open);
        say(WorkWord::waiting, "a dispute on it has ended",
            "Look at how the dispute ended, and whether its money came; a plan that was accepted "
            "is final.");
        return true;
    }

    // Completed, with nobody saying how: most such orders simply arrived.
    bool is_unclear_end() const {
        const auto& tracking = found_.facts.word(terms::Attribute::tracking);
        return progress() == Phase::completed && end_kind_of(purchase_) != EndKind::timed_out &&
               (tracking == Word("unknown") || tracking == Word("no_tracking"));
    }

    void find_claim() {
        const auto answer = ask_claim(Reason::not_received);
        put_at_stake(claimable(stake_, answer.amount));
        if (answer.allowed) return find_open(answer);
        if (answer.closes_at && now_ >= *answer.closes_at && is_unclear_end()) {
            put_nothing_at_stake();
            return say(WorkWord::none,
                       "completed, and no source says whether it arrived; the claim closed on " +
                           to_minute(*answer.closes_at) + by_clause(),
                       "Nothing to do.");
        }
        if (answer.closes_at && now_ >= *answer.closes_at)
            return say_missed(not_delivered() + "; the claim closed on " +
                                  to_minute(*answer.closes_at) + by_clause(),
                              missed_step());
        const bool early =
            answer.clause >= 0 &&
            (answer.opens_at ? now_ < *answer.opens_at : answer.outcome != Outcome::not_eligible);
        if (early) return find_early(answer);
        const auto rule = answer.clause < 0
                              ? std::string("no clause speaks of it")
                              : spaced(terms::to_string(answer.outcome)) + by_clause();
        say(WorkWord::waiting, not_delivered() + "; a claim is not possible: " + rule,
            "Look at the order page: the terms that we know give no claim here.");
    }

    // The order's own word may mean that the money came back: nothing is called lost where nobody
    // knows what it means.
    void say_missed(const std::string& why, const std::string& next_step) {
        const auto unread = unread_status(purchase_);
        if (unread.empty()) return say(WorkWord::missed, why, next_step);
        say_unread(unread, unread + "; " + why);
    }
    void say_unread(const std::string& unread, std::string why) {
        std::erase(item_.doubts, unread);  // said already
        item_.opens_at.reset();
        item_.closes_at.reset();
        say(WorkWord::waiting, std::move(why),
            "Look at the order page whether the money came back, and read the order again: " +
                unread + ".");
    }

    // A window that only an estimate has closed may still be open.
    std::string missed_step() const {
        if (found_.promise_contested)
            return "Sources differ on the promise: look at the order page, by another of them a "
                   "claim may still be possible.";
        if (!is_low(Moment::promised_by) && !is_low(Moment::completed))
            return "Nothing is left to claim under these terms.";
        return "The closing date rests on an estimate: look at the order page, a claim may still "
               "be possible.";
    }

    std::string not_delivered() const {
        auto text = "no delivery is known; tracking: " +
                    spaced(found_.facts.word(terms::Attribute::tracking).view());
        if (!found_.tracking_reason.empty()) text += " (" + found_.tracking_reason + ")";
        if (progress() == Phase::completed) text += "; the order is completed";
        return text;
    }

    void find_open(const terms::Answer& answer) {
        const bool soon = answer.closes_at && *answer.closes_at - now_ <= options_.closing_soon;
        if (answer.closes_at) item_.countdown = Countdown{*answer.closes_at, "claim closes"};
        say(soon ? WorkWord::closing_soon : WorkWord::claim_now, not_delivered(),
            claim_step(answer, "goods not received"));
    }

    std::string claim_step(const terms::Answer& answer, std::string_view what) {
        if (answer.closes_at) item_.countdown = Countdown{*answer.closes_at, "claim closes"};
        const bool is_bounded = item_.at_stake && stake_.open && *item_.at_stake < *stake_.open;
        return "Open a dispute for " + std::string(what) + " on " + order_name() +
               (is_bounded ? ", for " + holdfast::to_string(*item_.at_stake) + " at most," : "") +
               (answer.closes_at ? " before " + to_minute(*answer.closes_at) : "") + by_clause() +
               ".";
    }

    // The claim opens later. What matters until then is that the order does not end before it.
    void find_early(const terms::Answer& answer) {
        if (answer.opens_at) item_.countdown = Countdown{*answer.opens_at, "claim opens"};
        const auto promise = instant(Moment::promised_by);
        const auto opens = answer.opens_at ? "a claim opens on " + to_minute(*answer.opens_at)
                                           : std::string("no claim is open yet");
        const auto why = not_delivered() + "; " + opens + by_clause();
        const bool ending = promise && *promise - now_ <= options_.extension_before;
        if (!ending) return say(WorkWord::waiting, why, "Nothing to do until then.");
        if (now_ < *promise) item_.countdown = Countdown{*promise, "promise ends"};
        const bool can_extend =
            now_ < *promise && (!purchase_.can_extend || purchase_.can_extend->value);
        if (can_extend)
            return say(
                WorkWord::ask_extension, why,
                "Ask the seller for more time before " + to_minute(*promise) + "; " + opens + ".");
        say(WorkWord::do_not_confirm, why, "Do not confirm receipt; " + opens + ".");
    }

    // --- What is said beside the word

    void note_reversal() {
        if (!item_.reversal) return;
        item_.why += "; " + to_text(*item_.reversal);
        item_.next_step += " Look who took the money back, and why.";
    }

    bool rests_on_dates() const {
        switch (item_.word) {
        case WorkWord::none:
        case WorkWord::recovered:      return false;
        case WorkWord::claim_now:
        case WorkWord::late_claim_now:
        case WorkWord::closing_soon:
        case WorkWord::ask_extension:
        case WorkWord::do_not_confirm:
        case WorkWord::answer_due:
        case WorkWord::return_due:
        case WorkWord::waiting:
        case WorkWord::missed:         return true;
        }
        return false;
    }

    void note_estimates() {
        if (!rests_on_dates()) return;
        for (const auto& estimate : found_.estimates) {
            if (estimate.moment == Moment::paid || estimate.moment == Moment::refunded) continue;
            auto text = std::string(to_string(estimate.moment)) + " " + to_minute(estimate.at) +
                        " is an estimate: " + estimate.reason;
            item_.estimates.push_back(std::move(text));
        }
        item_.estimated = !item_.estimates.empty();
        if (item_.estimated && can_be_claimed(item_.word))
            item_.next_step +=
                " The dates are estimates: look at the order page for the real ones first.";
    }

    // Completed by hand means that it arrived; a claim must not be made on not knowing which it
    // was.
    void note_unknown_end() {
        if (!can_be_claimed(item_.word)) return;
        if (const auto unread = unread_status(purchase_); !unread.empty())
            item_.next_step = "First look at the order page: " + unread +
                              ". If nothing came back: " + item_.next_step;
        if (progress() != Phase::completed) return;
        if (end_kind_of(purchase_) == EndKind::timed_out) return;
        item_.next_step =
            "First find out whether it arrived: the order is completed, and no source "
            "says whether by hand or by itself. If it did not: " +
            item_.next_step;
    }

    // Whoever claims states the facts, and a delivery scan is one.
    void note_delivery_scan() {
        if (!found_.delivery_scan) return;
        const auto text =
            " A parcel has a delivery scan of " + to_minute(found_.delivery_scan->at.at);
        if (can_be_claimed(item_.word))
            item_.next_step += text + ": say so.";
        else if (item_.word != WorkWord::none && item_.word != WorkWord::recovered)
            item_.next_step += text + ".";
    }

    void note_cancelled_lines() {
        if (!stake_.cancelled || item_.word == WorkWord::recovered ||
            progress() == Phase::cancelled)
            return;
        item_.next_step += " " + join(stake_.cancelled_lines, ", ") +
                           " was cancelled: check that " + holdfast::to_string(*stake_.cancelled) +
                           " came back for it.";
    }

    void note_age() {
        const auto newest = found_.age.newest;
        if (!newest || now_ - *newest < options_.stale_after || !rests_on_dates()) return;
        item_.next_step += " The newest data is " + holdfast::to_words(now_ - *newest) +
                           " old: read the order again first.";
    }

    const Purchase& purchase_;
    const terms::Terms& terms_;
    const DeskOptions& options_;
    Instant now_;
    FactsOfPurchase found_;
    Stake stake_;
    WorkItem item_;
};

}  // namespace

std::string_view to_string(WorkWord word) {
    for (const auto& [value, text] : words)
        if (value == word) return text;
    verify_failed("a WorkWord outside its list", __FILE__, __LINE__);
}

std::optional<WorkWord> parse_work_word(std::string_view text) {
    for (const auto& [value, word] : words)
        if (word == text) return value;
    return std::nullopt;
}

bool can_be_claimed(WorkWord word) {
    return word == WorkWord::claim_now || word == WorkWord::closing_soon ||
           word == WorkWord::late_claim_now;
}

WorkItem assess(const Purchase& purchase, std::span<const Parcel> parcels,
                std::span<const std::string> sale_references, const terms::Terms& terms,
                const DeskOptions& options, Instant now) {
    return Assessor(purchase, parcels, terms, options, now).assess(sale_references);
}

void note_filed(WorkItem& item, const FiledClaim& claim) {
    if (!can_be_claimed(item.word)) return;
    const auto named = claim.case_number.empty() ? "" : " (" + claim.case_number + ")";
    item.word = WorkWord::waiting;
    item.why +=
        "; a claim was filed on " + to_minute(claim.at) + named + ", and no source shows it yet";
    item.next_step = "Read the order again once the platform shows the dispute.";
    if (item.closes_at)
        item.next_step += " Was it not taken, it can be filed until " + to_minute(*item.closes_at) +
                          (item.clause.empty() ? "" : " (" + item.clause + ")") + ".";
    item.closes_at.reset();
    item.countdown.reset();
}

WorkItem assess_without_terms(const Purchase& purchase,
                              std::span<const std::string> sale_references) {
    WorkItem item;
    describe(item, purchase, sale_references);
    item.age = age_of(purchase);
    item.at_stake = stake_of(purchase).open;
    item.why = "no edition of the programme's terms covers the day of this order";
    item.next_step = "Look at the order page: no rule here says what can be claimed.";
    return item;
}

}  // namespace holdfast::desk
