#include "engine/mail_words.h"

#include "base/word.h"
#include "engine/plain_words.h"
#include "order/actions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace holdfast::engine {
namespace {

using order::DisputeNo;
using order::Party;

// --- What happened

class Sentences {
public:
    explicit Sentences(const order::Order& order) : order_(order) {}

    std::string operator()(const order::CancelRequested&) const {
        return "The buyer asks to cancel the order.";
    }
    std::string operator()(const order::CancelDeclined&) const {
        return "The seller declined to cancel the order.";
    }
    std::string operator()(const order::Cancelled& event) const {
        return event.whole ? "The order is cancelled." : "A part of the order is cancelled.";
    }
    std::string operator()(const order::ExtensionRequested& event) const {
        return "The buyer asks for " + std::to_string(event.days) + " more days of delivery time.";
    }
    std::string operator()(const order::Extended& event) const {
        return "The delivery time is " + std::to_string(event.days) + " days longer.";
    }
    std::string operator()(const order::RefundIssued& event) const {
        return "A refund of " + money(event.amount) + " is on its way to you.";
    }
    std::string operator()(const order::Compensated& event) const {
        return "A compensation of " + money(event.amount) + " is on its way to you.";
    }
    std::string operator()(const order::DisputeOpened& event) const {
        return "The buyer opened a dispute (" + spaced(terms::to_string(event.reason)) +
               ") and asks for " + wish(event.wanted, event.requested) + ".";
    }
    std::string operator()(const order::DisputeModified& event) const {
        return "The buyer changed the dispute (" + spaced(terms::to_string(event.reason)) +
               ") and asks for " + wish(event.wanted, event.requested) + ".";
    }
    std::string operator()(const order::DisputeWithdrawn&) const {
        return "The buyer withdrew the dispute.";
    }
    std::string operator()(const order::DisputeAnswered&) const {
        return "The seller answered your dispute and does not agree.";
    }
    std::string operator()(const order::OfferMade& event) const {
        auto text = "The " + std::string(side(event.by)) + " offers " + plan(event.plan) + ".";
        if (event.expires_at)
            text += " The offer stands until " + clock_of(*event.expires_at) + ".";
        return text;
    }
    std::string operator()(const order::OfferAccepted& event) const {
        return "Your offer of " + plan(order_.offer(event.offer).plan) + " was accepted.";
    }
    std::string operator()(const order::OfferDeclined& event) const {
        return "Your offer of " + plan(order_.offer(event.offer).plan) + " was declined.";
    }
    std::string operator()(const order::OfferExpired& event) const {
        return "The " + std::string(side(order_.offer(event.offer).by)) +
               "'s offer has expired without an answer.";
    }
    std::string operator()(const order::SettlementWoke& event) const {
        return event.arrived
                   ? "The goods arrived in time, and what was agreed for that takes effect."
                   : "The goods did not arrive in time, and what was agreed for that "
                     "takes effect.";
    }
    std::string operator()(const order::Escalated&) const {
        return "The dispute is now with the marketplace, which will decide it.";
    }
    std::string operator()(const order::EvidenceRequested& event) const {
        return "The marketplace asks you for evidence, until " + clock_of(event.due_at) + ".";
    }
    std::string operator()(const order::EvidenceLapsed&) const {
        return "The time for the evidence that the marketplace asked you for is over.";
    }
    std::string operator()(const order::Decided& event) const {
        return verdict_of(event.verdict, order_.currency());
    }
    std::string operator()(const order::Appealed& event) const {
        return "The " + std::string(side(event.by)) + " appealed against the decision.";
    }
    std::string operator()(const order::ReturnAgreed& event) const {
        return "The goods are to be sent back, for a refund of " + money(event.amount) + ".";
    }
    std::string operator()(const order::ReturnPrepared&) const {
        return "The address for the return is there.";
    }
    std::string operator()(const order::ReturnSent& event) const {
        return "The buyer sent the goods back, with the tracking number " +
               std::string(event.tracking.view()) + ".";
    }
    std::string operator()(const order::ReturnDelivered&) const {
        return "The carrier says that the returned goods were delivered to you.";
    }
    std::string operator()(const order::ReturnReceived&) const {
        return "The seller has the returned goods.";
    }
    std::string operator()(const order::ReturnContested& event) const {
        return "The seller refuses what came back (" + spaced(to_string(event.condition)) +
               "); the marketplace will look at it.";
    }
    std::string operator()(const order::ReplacementAgreed&) const {
        return "A replacement was agreed. Please ship it.";
    }
    std::string operator()(const order::DisputeClosed& event) const {
        if (event.winner == Party::either) return "The dispute is closed.";
        return "The dispute is closed for the " + std::string(side(event.winner)) + ".";
    }
    std::string operator()(const order::ChargebackOpened& event) const {
        auto text = "The buyer's bank took back " + money(event.amount) + ".";
        if (event.evidence_due)
            text += " It takes evidence until " + clock_of(*event.evidence_due) + ".";
        return text;
    }
    std::string operator()(const order::ChargebackResolved& event) const {
        return event.state == order::ChargebackState::won
                   ? "The buyer's bank gave back what it had taken."
                   : "The buyer's bank keeps what it had taken.";
    }
    std::string operator()(const order::ArrivedAfterRefund& event) const {
        return "Goods worth " + money(event.value) + " came although you have your money back.";
    }
    std::string operator()(const order::Reminded& event) const {
        return "A reminder: your time to act ends on " + clock_of(event.closes_at) + ".";
    }
    template <class Other>
    std::string operator()(const Other&) const {
        return "Something changed.";
    }

private:
    std::string money(order::Minor amount) const { return sum_of(amount, order_.currency()); }
    std::string wish(std::optional<order::Remedy> remedy, order::Minor amount) const {
        return remedy ? spaced(terms::to_string(*remedy)) + ", " + money(amount) : money(amount);
    }
    std::string settlement(const order::Settlement& one) const {
        return settlement_of(one, order_.currency());
    }
    std::string plan(const order::Plan& plan) const { return plan_of(plan, order_.currency()); }

    const order::Order& order_;
};

// --- What it is about

std::optional<DisputeNo> dispute_of(const order::Order& order, const order::Event& event) {
    return std::visit(
        [&](const auto& one) -> std::optional<DisputeNo> {
            if constexpr (requires { DisputeNo{one.dispute}; })
                return one.dispute;
            else if constexpr (requires { one.dispute.has_value(); })
                return one.dispute;
            else if constexpr (requires { order::OfferNo{one.offer}; })
                return order.offer(one.offer).dispute;
            else
                return std::nullopt;
        },
        event);
}

bool is_about(const order::Order& order, const order::Action& action,
              std::optional<DisputeNo> dispute) {
    if (!dispute) return !std::holds_alternative<DisputeNo>(action.subject);
    if (const auto* one = std::get_if<DisputeNo>(&action.subject)) return *one == *dispute;
    if (const auto* one = std::get_if<order::OfferNo>(&action.subject))
        return order.offer(*one).dispute == *dispute;
    return false;
}

// --- What they may do

struct Phrase {
    std::string_view request, words;
};
constexpr std::array phrases{
    Phrase{"respond", "answer that you do not agree"},
    Phrase{"make_offer", "make an offer"},
    Phrase{"accept_offer", "accept the offer"},
    Phrase{"decline_offer", "decline the offer"},
    Phrase{"escalate", "ask the marketplace to decide"},
    Phrase{"submit_evidence", "send evidence"},
    Phrase{"modify_dispute", "change what you ask for"},
    Phrase{"withdraw_dispute", "withdraw the dispute"},
    Phrase{"appeal", "appeal"},
    Phrase{"prepare_return", "say where the goods are to be sent"},
    Phrase{"send_return", "send the goods back"},
    Phrase{"receive_return", "say that the goods are back"},
    Phrase{"contest_return", "say that what came back is not right"},
    Phrase{"cancel", "cancel the order"},
    Phrase{"decline_cancel", "decline to cancel"},
    Phrase{"extend", "give more delivery time"},
    Phrase{"request_extension", "ask for more delivery time"},
    Phrase{"confirm_receipt", "confirm that the goods are there"},
    Phrase{"open_dispute", "open a dispute"},
    Phrase{"settle_arrival", "say what is to become of the goods that came"},
    Phrase{"answer_chargeback", "answer the bank"}};

std::string choices(const Occasion& about, std::optional<DisputeNo> dispute) {
    std::vector<std::string> lines;
    for (const auto& action :
         order::actions(about.order, about.rules, about.of, about.now, about.ahead)) {
        const auto phrase = std::ranges::find(phrases, action.request, &Phrase::request);
        if (phrase == phrases.end() || !is_about(about.order, action, dispute)) continue;
        std::string line = "- " + std::string(phrase->words);
        if (action.opens_at && *action.opens_at > about.now)
            line += ", from " + clock_of(*action.opens_at);
        if (action.closes_at) line += ", until " + clock_of(*action.closes_at);
        if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    }
    if (lines.empty()) return {};
    std::string text = "\nWhat you can do:\n";
    for (const auto& line : lines) text += line + "\n";
    return text;
}

// --- What silence brings

std::string_view words_of(order::Due::Kind kind) {
    switch (kind) {
    case order::Due::Kind::offer: return "The offer expires.";
    case order::Due::Kind::settlement:
        return "What was agreed for goods that do not arrive takes effect.";
    case order::Due::Kind::evidence:
        return "The marketplace decides without the evidence it asked for.";
    case order::Due::Kind::authorisation: return "The payment is void.";
    case order::Due::Kind::clause:        break;
    }
    return "The terms decide.";
}

std::string silence(const Occasion& about, std::optional<DisputeNo> dispute) {
    const auto due = std::ranges::find(about.ahead, dispute, &order::Due::dispute);
    if (due == about.ahead.end()) return {};
    const auto* clause =
        due->kind == order::Due::Kind::clause ? about.rules.terms->clause_at(due->clause) : nullptr;
    const auto what = clause && !clause->text.empty() ? clause->text + " (" + clause->id + ")"
                                                      : std::string(words_of(due->kind));
    return "\nIf nothing is done, this happens on " + clock_of(due->legal_at) + ":\n" + what + "\n";
}

}  // namespace

MailWords words_for(const Occasion& about) {
    const auto dispute = dispute_of(about.order, about.event);
    const auto order = "order " + std::string(about.reference);
    const auto what = std::visit(Sentences(about.order), about.event);
    const auto greeting =
        about.name.empty() ? std::string("Hello,") : "Hello " + std::string(about.name) + ",";
    const auto letter = about.letter ? "\n" + reasons_of(*about.letter) : std::string();
    return {.subject = "About " + order + (dispute ? ": the dispute" : ""),
            .text = greeting + "\n\n" + what + "\n" + letter + choices(about, dispute) +
                    silence(about, dispute) + "\nYou get this mail as the " +
                    std::string(side(about.of)) + " of " + order + ".\n"};
}

}  // namespace holdfast::engine
