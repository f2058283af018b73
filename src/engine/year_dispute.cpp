// What is done in the disputes of a made year: answers, offers, evidence, verdicts, returns.
#include "engine/year_life.h"

#include "order/evidence.h"
#include "order/facts.h"
#include "order/money.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

using namespace order;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// One dispute while it is looked at, with throws of its own.
struct Quarrel {
    Deeds& deeds;
    DisputeNo no;
    const Dispute& dispute;
    Chance chance;

    const Order& order() const { return deeds.order(); }
    SellerKind seller() const { return deeds.life().seller->kind; }
    bool is_about_coming() const {
        return dispute.reason == Reason::not_received || dispute.reason == Reason::late;
    }
    Minor most() const { return asked_sum(order(), dispute); }
};

std::int64_t offers_by(const Quarrel& quarrel, Party by) {
    return std::ranges::count_if(quarrel.order().offers, [&](const Offer& one) {
        return one.dispute == quarrel.no && one.by == by;
    });
}

// --- What is said and shown

std::string_view opening_text(Reason reason) {
    switch (reason) {
    case Reason::not_received:     return "My parcel has not come. Can you find out where it is?";
    case Reason::late:             return "It came days after the date you gave me.";
    case Reason::not_as_described: return "It is not the colour and material on the page.";
    case Reason::damaged:          return "The box was crushed and the item is broken.";
    case Reason::wrong_item:       return "This is not what I ordered.";
    case Reason::missing_parts:    return "One part is missing, so I cannot use it.";
    case Reason::counterfeit:      return "The label is misprinted: I do not think it is genuine.";
    case Reason::change_of_mind:   return "I would like to send it back, it is unused.";
    case Reason::refund_overdue:
    case Reason::count_:           break;
    }
    return "Please look at this.";
}

void add_words(Quarrel& quarrel) {
    constexpr std::array answers{
        "I am sorry about this. Let me check with the warehouse.",
        "Sorry for the trouble, I will make it good.",
        "The carrier's page shows it on its way, please give it a few more days.",
        "We packed it with care, could you tell me more?"};
    auto& deeds = quarrel.deeds;
    const auto& dispute = quarrel.dispute;
    if (quarrel.chance.happens(620, "writes"))
        deeds.say(dispute.opened + minutes{20}, Party::buyer, quarrel.no, 1,
                  opening_text(dispute.reason));
    if (quarrel.seller() < SellerKind::silent && quarrel.chance.happens(480, "writes back"))
        deeds.say(dispute.opened + quarrel.chance.time(hours{3}, hours{40}, "writes when"),
                  Party::seller, quarrel.no, 1, quarrel.chance.one_of(answers, "answer"));
    if (dispute.escalated && quarrel.chance.happens(500, "mediator writes"))
        deeds.say(*dispute.escalated + hours{14}, Party::platform, quarrel.no, 1,
                  "We are looking at this case. Please add whatever shows what happened.");
}

bool has_shown(const Quarrel& quarrel, Party by) {
    return std::ranges::any_of(quarrel.dispute.evidence,
                               [&](const Evidence& one) { return one.by == by; });
}

void show(Quarrel& quarrel, Instant at, Party by, EvidenceKind kind, EvidenceRecord record) {
    quarrel.deeds.ask(at, by,
                      SubmitEvidence{.dispute = quarrel.no,
                                     .kind = Word(to_string(kind)),
                                     .content = {},
                                     .record = std::move(record)},
                      quarrel.no.value * 10U + static_cast<std::uint64_t>(by));
}

void show_as_seller(Quarrel& quarrel, Instant at) {
    const auto& order = quarrel.order();
    if (order.shipments.empty()) return;
    const auto& parcel = order.shipments.front();
    const auto* came = delivery_of(parcel);
    EvidenceRecord record{
        .shipment = ShipmentNo{1}, .carrier = parcel.carrier, .tracking_number = parcel.tracking};
    if (came) {
        record.delivered_at = came->when;
        show(quarrel, at, Party::seller, EvidenceKind::proof_of_delivery, std::move(record));
    } else {
        record.shipped_at = parcel.when;
        show(quarrel, at, Party::seller, EvidenceKind::proof_of_shipment, std::move(record));
    }
}

void show_as_buyer(Quarrel& quarrel, Instant at) {
    const auto no = std::to_string(quarrel.chance.between(100'000, 999'999, "receipt"));
    if (quarrel.is_about_coming())
        show(quarrel, at, Party::buyer, EvidenceKind::police_report, {.reference = "report-" + no});
    else
        show(quarrel, at, Party::buyer, EvidenceKind::invoice,
             {.reference = "receipt-" + no, .amount = quarrel.dispute.requested});
}

void add_evidence(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    const bool is_loud = quarrel.seller() < SellerKind::silent;
    if (is_loud && !has_shown(quarrel, Party::seller) && chance.happens(420, "seller shows"))
        show_as_seller(quarrel, dispute.opened + chance.time(hours{8}, days{4}, "shows when"));
    if (!has_shown(quarrel, Party::buyer) && chance.happens(260, "buyer shows"))
        show_as_buyer(quarrel, dispute.opened + chance.time(hours{1}, days{2}, "buyer shows when"));
    for (const auto& asked : dispute.asked) {
        if (asked.answered || asked.lapsed || has_shown(quarrel, asked.of)) continue;
        const auto at = asked.at + chance.time(hours{5}, hours{60}, "shows what was asked for");
        if (!chance.happens(650, "shows what is asked for")) continue;
        if (asked.of == Party::buyer) show_as_buyer(quarrel, at);
        if (asked.of == Party::seller) show_as_seller(quarrel, at);
    }
}

// --- Negotiating

enum class Answer : std::uint8_t { all, part, tenth, no, nothing };

Answer answer_of(const Quarrel& quarrel) {
    using enum SellerKind;
    constexpr std::array answers{Answer::all, Answer::part, Answer::tenth, Answer::no,
                                 Answer::nothing};
    using Weights = std::array<int, answers.size()>;
    const auto weights_of = [](SellerKind seller) -> Weights {
        switch (seller) {
        case prompt:
        case usual:    return {58, 24, 3, 13, 2};
        case slow:     return {30, 22, 6, 16, 26};
        case careless: return {24, 38, 10, 20, 8};
        case stubborn: return {5, 8, 27, 58, 2};
        case silent:
        case gone:
        case count_:   break;
        }
        return {0, 0, 0, 0, 1};
    };
    return answers[quarrel.chance.weighed(weights_of(quarrel.seller()), "answer")];
}

// What was asked for, of another sum.
Settlement settled_with(const Quarrel& quarrel, Minor amount) {
    const auto& dispute = quarrel.dispute;
    if (amount <= 0) return {};
    const auto wanted = dispute.wanted.value_or(Remedy::full_refund);
    const bool is_all = amount >= quarrel.most();
    if (is_all && wanted == Remedy::replacement) return {.remedy = wanted, .amount = 0};
    if (is_all && wanted == Remedy::return_for_full_refund && !dispute.back)
        return {.remedy = wanted, .amount = amount};
    const bool is_whole = amount >= refundable(quarrel.order(), dispute.lines);
    return {.remedy = is_whole ? Remedy::full_refund : Remedy::partial_refund_keep,
            .amount = amount};
}

void offer(Quarrel& quarrel, Instant at, Party by, Plan plan) {
    quarrel.deeds.ask(at, by,
                      MakeOffer{.dispute = quarrel.no, .plan = std::move(plan), .expires_at = {}},
                      quarrel.no.value * 10U + static_cast<std::uint64_t>(by));
}

// A parcel that is only late: money back, unless it comes after all.
Plan plan_of(const Quarrel& quarrel, Instant at, Minor amount) {
    const auto then = settled_with(quarrel, amount);
    const bool may_come = quarrel.dispute.reason == Reason::not_received &&
                          quarrel.deeds.life().parcel == ParcelEnd::late &&
                          quarrel.chance.happens(600, "waits for the parcel");
    if (!may_come) return {.then = then, .arrives_by = {}, .otherwise = {}};
    return {.then = settled_with(quarrel, percent_of(amount, 10)),
            .arrives_by = at + days{12},
            .otherwise = then};
}

void add_answer(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    const auto since = asked_at(dispute);
    const bool is_answered =
        (dispute.answered && *dispute.answered >= since) || offers_by(quarrel, Party::seller) > 0;
    if (is_answered) return;
    const auto at = since + (quarrel.seller() == SellerKind::slow
                                 ? chance.time(days{3}, hours{117}, "answers when")
                                 : chance.time(hours{3}, hours{84}, "answers when"));
    const auto most = quarrel.most();
    switch (answer_of(quarrel)) {
    case Answer::all: return offer(quarrel, at, Party::seller, plan_of(quarrel, at, most));
    case Answer::part:
        return offer(quarrel, at, Party::seller,
                     {.then = settled_with(
                          quarrel, percent_of(most, chance.between(3, 7, "part offered") * 10))});
    case Answer::tenth:
        return offer(quarrel, at, Party::seller,
                     {.then = settled_with(quarrel, percent_of(most, 10))});
    case Answer::no:
        return quarrel.deeds.ask(at, Party::seller, Respond{quarrel.no}, quarrel.no.value);
    case Answer::nothing: return;
    }
}

void take_offer(Quarrel& quarrel, OfferNo no, const Offer& made) {
    const auto chance = quarrel.chance.of(no.value);
    const auto other = made.by == Party::seller ? Party::buyer : Party::seller;
    const auto at = made.made_at + chance.time(hours{2}, hours{60}, "takes it when");
    const bool is_enough = made.plan.then.remedy == Remedy::replacement ||
                           made.plan.arrives_by.has_value() ||
                           made.plan.then.amount * 10 >= quarrel.most() * 6;
    const auto yes = other == Party::seller ? 560 : is_enough ? 900 : 330;
    if (chance.happens(yes, "takes it"))
        return quarrel.deeds.ask(at, other, AcceptOffer{no}, no.value);
    if (chance.happens(650, "declines"))
        return quarrel.deeds.ask(at, other, DeclineOffer{no}, no.value);
    if (other == Party::buyer && offers_by(quarrel, Party::buyer) == 0)
        offer(quarrel, at, Party::buyer,
              {.then = settled_with(quarrel, percent_of(quarrel.most(), 75))});
}

void add_negotiation(Quarrel& quarrel) {
    const auto& order = quarrel.order();
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    auto& deeds = quarrel.deeds;
    add_answer(quarrel);
    bool has_open_offer = false, was_declined = false;
    for (std::size_t i = 0; i < order.offers.size(); ++i) {
        const auto& one = order.offers[i];
        if (one.dispute != quarrel.no) continue;
        was_declined |= one.state == OfferState::declined;
        if (one.state != OfferState::open) continue;
        has_open_offer = true;
        take_offer(quarrel, nth<OfferNo>(i), one);
    }
    if (dispute.answered && !dispute.modified && chance.happens(70, "asks for less") &&
        dispute.requested > 100)
        deeds.ask(*dispute.answered + chance.time(hours{6}, hours{30}, "asks for less when"),
                  Party::buyer,
                  ModifyDispute{.dispute = quarrel.no,
                                .reason = {},
                                .wanted = Remedy::partial_refund_keep,
                                .amount = dispute.requested * 7 / 10},
                  quarrel.no.value);
    const bool is_stuck = (dispute.answered || was_declined) && !has_open_offer;
    if (is_stuck && chance.happens(720, "asks us in"))
        deeds.ask(order.last_at + chance.time(hours{8}, days{4}, "asks us in when"), Party::buyer,
                  Escalate{quarrel.no}, quarrel.no.value);
}

// --- Who gives up

void add_giving_up(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    const auto came = delivered_all(quarrel.order(), dispute.lines);
    if (dispute.reason == Reason::not_received && came && came->first > dispute.opened) {
        if (chance.happens(700, "is content"))
            quarrel.deeds.ask(came->first + chance.time(hours{4}, days{2}, "is content when"),
                              Party::buyer, WithdrawDispute{quarrel.no}, quarrel.no.value);
    } else if (chance.happens(45, "gives up")) {
        quarrel.deeds.ask(dispute.opened + chance.time(hours{9}, days{7}, "gives up when"),
                          Party::buyer, WithdrawDispute{quarrel.no}, quarrel.no.value);
    }
}

// --- Before the mediator

enum class Winner : std::uint8_t { buyer, seller, both };

Winner winner_of(const Quarrel& quarrel) {
    constexpr std::array winners{Winner::buyer, Winner::seller, Winner::both};
    constexpr std::array<int, 3> lost{88, 4, 8}, came{34, 48, 18}, quality{52, 24, 24};
    const bool is_there = delivered_all(quarrel.order(), quarrel.dispute.lines).has_value();
    const auto& weights = !quarrel.is_about_coming() ? quality : is_there ? came : lost;
    return winners[quarrel.chance.of(static_cast<std::uint64_t>(quarrel.dispute.appeals))
                       .weighed(weights, "winner")];
}

VerdictCode code_for_buyer(Reason reason) {
    switch (reason) {
    case Reason::not_received:     return VerdictCode::no_proof_of_delivery;
    case Reason::late:             return VerdictCode::delivered_late;
    case Reason::not_as_described:
    case Reason::wrong_item:       return VerdictCode::item_differs;
    case Reason::damaged:          return VerdictCode::item_damaged;
    case Reason::missing_parts:    return VerdictCode::parts_missing;
    case Reason::counterfeit:      return VerdictCode::counterfeit_shown;
    case Reason::change_of_mind:
    case Reason::refund_overdue:
    case Reason::count_:           break;
    }
    return VerdictCode::settled_by_terms;
}

Verdict verdict_of(const Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto most = quarrel.most();
    Verdict verdict;
    switch (winner_of(quarrel)) {
    case Winner::buyer:
        verdict = {.settlement = settled_with(quarrel, most),
                   .winner = Party::buyer,
                   .codes = {code_for_buyer(dispute.reason)}};
        break;
    case Winner::seller:
        verdict = {.settlement = {},
                   .winner = Party::seller,
                   .codes = {quarrel.is_about_coming() ? VerdictCode::tracking_shows_delivery
                                                       : VerdictCode::as_described}};
        break;
    case Winner::both:
        verdict = {.settlement = settled_with(quarrel, percent_of(most, 50)),
                   .winner = Party::either,
                   .codes = {VerdictCode::settled_by_terms}};
        break;
    }
    if (dispute.appeals > 0) verdict.codes.push_back(VerdictCode::new_information);
    return verdict;
}

void add_review(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    const bool is_appeal = dispute.phase == DisputePhase::appealed;
    const auto since = dispute.changed_at;
    const auto no = quarrel.no.value * 10U + (is_appeal ? 1U : 0U);
    if (dispute.asked.empty() && !is_appeal && chance.happens(520, "asks for evidence")) {
        const auto at = std::max(since + chance.time(hours{6}, days{3}, "asks for evidence when"),
                                 quarrel.order().last_at);
        return quarrel.deeds.ask(
            at, Party::platform,
            RequestEvidence{
                .dispute = quarrel.no,
                .of = chance.happens(700, "of the seller") ? Party::seller : Party::buyer,
                .due_at = at + days{4}},
            no);
    }
    // A few cases lie until their time is over.
    if (chance.happens(30, "is forgotten")) return;
    auto least = dispute.asked.empty() || is_appeal ? since + days{2}
                                                    : dispute.asked.back().due_at + hours{3};
    if (since >= quarrel.deeds.life().rush_from + days{30}) least += days{3};
    quarrel.deeds.ask(least + chance.time(hours{4}, days{7}, is_appeal ? "appeal" : "review"),
                      Party::platform,
                      Decide{.dispute = quarrel.no, .verdict = verdict_of(quarrel)}, no);
}

void add_appeal(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    if (dispute.appeals > 0 || !quarrel.chance.happens(230, "appeals")) return;
    const auto by = dispute.verdict->winner == Party::buyer ? Party::seller : Party::buyer;
    quarrel.deeds.ask(*dispute.decided + quarrel.chance.time(hours{10}, days{6}, "appeals when"),
                      by, Appeal{.dispute = quarrel.no, .has_new_information = true},
                      quarrel.no.value);
}

// --- Sending back, sending anew

void add_return(Quarrel& quarrel) {
    const auto& back = *quarrel.dispute.back;
    const auto& chance = quarrel.chance;
    auto& deeds = quarrel.deeds;
    const auto no = quarrel.no.value;
    if (!back.agreed) return;
    if (!back.sent) {
        if (back.label.empty() && chance.happens(800, "prepares"))
            deeds.ask(*back.agreed + chance.time(hours{4}, days{3}, "prepares when"), Party::seller,
                      PrepareReturn{.dispute = quarrel.no, .address = {}, .label = "seller"}, no);
        if (chance.happens(880, "sends back"))
            deeds.ask(
                *back.agreed + chance.time(days{2}, days{12}, "sends back when"), Party::buyer,
                SendReturn{.dispute = quarrel.no,
                           .tracking = Word::cut("RT" + std::to_string(chance.between(
                                                            10'000'000, 99'999'999, "way back")))},
                no);
        return;
    }
    if (!back.delivered && chance.happens(930, "comes back"))
        deeds.see(*back.sent + chance.time(days{2}, days{9}, "comes back when"),
                  SeeReturnDelivered{quarrel.no}, no);
    if (!back.delivered || back.received || back.contested) return;
    const auto at = *back.delivered + chance.time(hours{6}, days{4}, "looks at it when");
    if (chance.happens(80, "finds it used"))
        deeds.ask(at, Party::seller,
                  ContestReturn{.dispute = quarrel.no, .condition = Condition::used}, no);
    else if (quarrel.seller() < SellerKind::silent && chance.happens(820, "takes it back"))
        deeds.ask(at, Party::seller, ReceiveReturn{.dispute = quarrel.no}, no);
}

void add_replacement(Quarrel& quarrel) {
    const auto& dispute = quarrel.dispute;
    const auto& chance = quarrel.chance;
    if (!dispute.replacement_agreed || dispute.replacement_shipped ||
        !chance.happens(870, "sends another"))
        return;
    const auto number = chance.between(100'000'000, 999'999'999, "another");
    quarrel.deeds.see(*dispute.replacement_agreed + chance.time(hours{10}, days{7}, "another when"),
                      SeeShipped{.lines = dispute.lines,
                                 .tracking = Word::cut("RP" + std::to_string(number)),
                                 .replaces = quarrel.no,
                                 .carrier = "nordpost"},
                      quarrel.no.value);
}

void add_dispute(Quarrel& quarrel) {
    switch (quarrel.dispute.phase) {
    case DisputePhase::negotiating:
        add_words(quarrel);
        add_evidence(quarrel);
        add_giving_up(quarrel);
        return add_negotiation(quarrel);
    case DisputePhase::escalated:
        add_words(quarrel);
        add_evidence(quarrel);
        add_giving_up(quarrel);
        return add_review(quarrel);
    case DisputePhase::appealed:  return add_review(quarrel);
    case DisputePhase::decided:   return add_appeal(quarrel);
    case DisputePhase::returning: return add_return(quarrel);
    case DisputePhase::replacing: return add_replacement(quarrel);
    case DisputePhase::sleeping:
    case DisputePhase::closed:
    case DisputePhase::count_:    return;
    }
}

}  // namespace

void add_disputes(Deeds& deeds) {
    const auto& order = deeds.order();
    for (std::size_t i = 0; i < order.disputes.size(); ++i) {
        Quarrel quarrel{.deeds = deeds,
                        .no = nth<DisputeNo>(i),
                        .dispute = order.disputes[i],
                        .chance = deeds.chance().of(4'000 + i)};
        add_dispute(quarrel);
    }
}

}  // namespace holdfast::engine
