#include "desk/due.h"

#include "base/verify.h"
#include "desk/text.h"
#include "terms/ask.h"

#include <algorithm>
#include <array>

namespace holdfast::desk {
namespace {

using std::chrono::days;
using terms::Moment;
using terms::Question;
using terms::Reason;
using terms::Verb;
using What = Due::What;

constexpr std::array<std::string_view, 27> members_of_the_union = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

class DueFinder {
public:
    DueFinder(const DueQuestion& question, const terms::Terms* law, Instant now)
        : question_(question), law_(law), now_(now) {
        set(Moment::placed, question.placed);
        set(Moment::paid, question.paid);
        const auto start = question.paid ? question.paid : question.placed;
        if (start && question.promise.delivery_days > 0) {
            promised_by_ = *start + days{question.promise.delivery_days};
            set(Moment::promised_by, promised_by_);
        }
        // Whoever complains about the goods has them, also where no scan says since when.
        delivered_ = question.goods_there ? question.delivered.value_or(now) : question.delivered;
        is_guessed_ = delivered_ && (!question.delivered || question.delivered_estimated);
        if (!question.goods_there) return;
        for (const auto moment :
             {Moment::delivered_first, Moment::delivered_last, Moment::delivered_all})
            set(moment, delivered_);
    }

    Due find() {
        if (question_.all_refunded) {
            say(What::nothing, "the customer has had all the money back");
            return due_;
        }
        switch (question_.reason) {
        case Reason::not_received:     find_missing(); break;
        case Reason::late:             question_.goods_there ? find_late() : find_missing(); break;
        case Reason::change_of_mind:   find_withdrawal(); break;
        case Reason::not_as_described:
        case Reason::damaged:
        case Reason::wrong_item:
        case Reason::missing_parts:    find_faulty(); break;
        case Reason::counterfeit:
        case Reason::refund_overdue:
        case Reason::count_:           VERIFY(!"no complaint of a customer");
        }
        if (is_guessed_ && due_.by && question_.goods_there)
            due_.basis.push_back(to_minute(*due_.by) + " is an estimate" + since_when());
        return due_;
    }

private:
    void set(Moment moment, const std::optional<Instant>& at) {
        if (at) facts_.set(moment, *at);
    }
    void say(What what, std::string basis) {
        due_.what = what;
        due_.basis.push_back(std::move(basis));
    }
    terms::Answer ask(Verb verb, std::optional<Reason> reason = {}) const {
        if (!law_) return {};
        return terms::ask(*law_, facts_, {.at = now_, .verb = verb, .reason = reason});
    }
    std::string cited(const terms::Answer& answer) const {
        const auto& clause = *law_->clause_at(answer.clause);
        return clause.id + ": " + clause.text;
    }
    static std::string by_sale() {
        return "no law file covers this destination: by the sale itself, the goods as ordered or "
               "the money";
    }

    void find_missing() {
        const auto answer = ask(Verb::open_dispute, Reason::late);
        const auto end = answer.clause >= 0 && answer.opens_at ? answer.opens_at : promised_by_;
        const auto basis = answer.clause >= 0 ? cited(answer)
                           : promised_by_
                               ? "the store promised delivery by " + to_minute(*promised_by_)
                               : by_sale();
        if (end && now_ < *end) {
            due_.by = end;
            return say(What::goods, basis);
        }
        const auto ends = ask(Verb::cancel_order);
        if (ends.allowed) return say(What::refund, cited(ends));
        say(What::goods_or_refund, basis);
    }

    std::string since_when() const {
        return ", counted from " + to_minute(*delivered_) + ": no scan says when the goods came";
    }

    void find_late() {
        const auto answer = ask(Verb::open_dispute, Reason::late);
        if (answer.allowed && is_guessed_)
            say(What::nothing,
                "the goods are there, and no scan says when they came: whether they were late is "
                "not known");
        else
            say(What::nothing, answer.allowed
                                   ? "the goods came late and are there (" + cited(answer) +
                                         "): nothing that we know is due beyond them"
                                   : "the goods are there");
        const auto withdrawal = ask(Verb::withdraw_contract);
        if (withdrawal.allowed && withdrawal.closes_at)
            due_.basis.push_back("they may still be sent back until " +
                                 to_minute(*withdrawal.closes_at) +
                                 (is_guessed_ ? ", an estimate" + since_when() : "") + " (" +
                                 cited(withdrawal) + ")");
    }

    // Rejection for the whole money goes before replacement, where the law has it.
    void find_faulty() {
        const auto reject = ask(Verb::reject_goods);
        if (reject.allowed) {
            due_.by = reject.closes_at;
            return say(What::refund, cited(reject));
        }
        const auto claim = ask(Verb::open_dispute, question_.reason);
        if (claim.allowed) return say(What::goods_or_refund, cited(claim));
        if (claim.outcome == terms::Outcome::too_late && claim.clause >= 0)
            return say(What::nothing, "too late: " + cited(claim));
        say(What::goods_or_refund,
            law_ ? "by the sale itself, the goods as ordered or the money" : by_sale());
    }

    void find_withdrawal() {
        const auto answer = ask(Verb::withdraw_contract);
        const auto start = delivered_ ? delivered_ : std::optional<Instant>{};
        const bool promised = question_.promise.return_days > 0 &&
                              (!start || now_ < *start + days{question_.promise.return_days});
        if (!answer.allowed && !promised)
            return say(What::nothing, answer.clause >= 0 ? "too late: " + cited(answer)
                                                         : "no law file and no promise of the "
                                                           "store grants a change of mind");
        due_.by = answer.allowed ? answer.closes_at : std::nullopt;
        if (promised && start) {
            const auto until = *start + days{question_.promise.return_days};
            due_.by = due_.by ? std::max(*due_.by, until) : until;
        }
        const auto what = question_.goods_there ? What::return_for_refund : What::refund;
        say(what, answer.allowed
                      ? cited(answer)
                      : "the store promised " + std::to_string(question_.promise.return_days) +
                            " days to send it back");
        find_postage();
    }
    void find_postage() {
        if (!law_) return;
        const auto award = terms::ask(*law_, facts_,
                                      {.kind = Question::Kind::award,
                                       .at = now_,
                                       .reason = question_.reason,
                                       .topic = terms::Topic::return_postage});
        if (award.return_shipping_paid_by != terms::Party::buyer) return;
        due_.customer_bears_postage = true;
        due_.basis.push_back(cited(award));
    }

    const DueQuestion& question_;
    const terms::Terms* law_;
    Instant now_;
    terms::Facts facts_;
    std::optional<Instant> promised_by_, delivered_;
    bool is_guessed_ = false;  // delivered_ was stated by nobody
    Due due_;
};

}  // namespace

std::string_view to_string(Due::What what) {
    switch (what) {
    case What::nothing:           return "nothing";
    case What::goods:             return "goods";
    case What::goods_or_refund:   return "goods_or_refund";
    case What::refund:            return "refund";
    case What::return_for_refund: return "return_for_refund";
    }
    return {};
}

bool is_about_the_goods(terms::Reason reason) {
    using terms::Reason;
    return reason == Reason::damaged || reason == Reason::wrong_item ||
           reason == Reason::missing_parts || reason == Reason::not_as_described;
}

bool is_complaint(Reason reason) {
    return reason != Reason::counterfeit && reason != Reason::refund_overdue &&
           reason != Reason::count_;
}

std::string_view law_for(std::string_view destination) {
    if (destination == "GB" || destination == "UK") return "uk-cra";
    return std::ranges::find(members_of_the_union, destination) != members_of_the_union.end()
               ? "eu-crd"
               : "";
}

Due due_of(const DueQuestion& question, const terms::Terms* law, Instant now) {
    return DueFinder(question, law, now).find();
}

}  // namespace holdfast::desk
