#include "engine/counterparties.h"

#include "base/verify.h"
#include "order/decide.h"
#include "order/evolve.h"
#include "order/facts.h"
#include "order/money.h"
#include "terms/evaluate.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

using namespace order;
using std::chrono::days;
using std::chrono::hours;

using Deed = std::variant<Command, Observation>;

// What somebody would do, and not before `at`.
struct Intent {
    Instant at{};
    std::string part;
    Deed deed;
};

std::string_view name_of(const Deed& deed) {
    const auto name = [](const auto& one) { return one.name; };
    if (const auto* command = std::get_if<Command>(&deed))
        return std::visit(name, command->request);
    return std::visit(name, std::get<Observation>(deed).seen);
}

// --- What they look at

// The order, whose turn is asked for, and what they come to want.
struct Scene {
    const Order& order;
    const Rules& rules;
    const Cast& cast;
    std::string part = {};  // of whoever is asked
    std::vector<Intent> intents = {};

    void ask(Instant at, Party by, Request request) {
        intents.push_back({at, part, Command{.by = by, .request = std::move(request)}});
    }
    void tell(Instant at, Seen seen) {
        intents.push_back({at, part, Observation{.when = at, .seen = std::move(seen)}});
    }
    std::optional<Instant> end_of(const When& when) const {
        const auto facts = facts_of(order, rules, {}, order.last_at);
        return terms::bound_of({*rules.terms, facts, order.last_at}, when);
    }
};

template <class F>
void each_dispute(const Order& order, F&& each) {
    for (std::size_t i = 0; i < order.disputes.size(); ++i)
        if (!order.disputes[i].is_closed()) each(nth<DisputeNo>(i), order.disputes[i]);
}

template <class F>
void each_open_offer(const Order& order, Party by, F&& each) {
    for (std::size_t i = 0; i < order.offers.size(); ++i)
        if (order.offers[i].state == OfferState::open && order.offers[i].by == by)
            each(nth<OfferNo>(i), order.offers[i]);
}

bool has_offered(const Order& order, DisputeNo no, Party by) {
    const auto since = asked_at(order.dispute(no));
    return std::ranges::any_of(order.offers, [&](const Offer& one) {
        return one.dispute == no && one.by == by && one.made_at >= since;
    });
}

// What the buyer asked for, of `amount`.
Settlement as_asked(const Order& order, const Dispute& dispute, Minor amount) {
    const bool is_all = amount == refundable(order, dispute.lines);
    const auto refund = is_all ? Remedy::full_refund : Remedy::partial_refund_keep;
    if (amount <= 0) return {};
    const auto wanted = dispute.wanted.value_or(refund);
    if (wanted == Remedy::replacement) return {.remedy = wanted};
    // What came back, or was refused when it did, is not sent again.
    if (wanted == Remedy::return_for_full_refund && !dispute.back)
        return {.remedy = wanted, .amount = amount};
    return {.remedy = refund, .amount = amount};
}

Settlement part_of_asked(const Order& order, const Dispute& dispute, std::int32_t basis_points) {
    const auto amount = part_of(asked_sum(order, dispute), basis_points, 10'000);
    if (amount <= 0) return {};
    return {.remedy = Remedy::partial_refund_keep, .amount = amount};
}

// --- The carrier

// Nothing more is told of a parcel that arrived, or never will.
bool is_at_its_end(const Shipment& shipment) {
    return delivery_of(shipment) || has_scan(shipment, ScanKind::lost) ||
           has_scan(shipment, ScanKind::returned_to_sender);
}

struct ParcelEnd {
    ScanKind kind = ScanKind::delivered;
    std::optional<Instant> at = {};  // none: not yet
};

ParcelEnd end_of_parcel(const Scene& scene, const Shipment& shipment, CarrierPart part) {
    constexpr days promise_usual{30}, promise_of_replacement{10}, trouble_after{10}, most{7};
    constexpr days least{2};
    const auto promised = shipment.replaces ? std::nullopt : scene.end_of(scene.order.promised_by);
    const auto promise = promised.value_or(
        shipment.when + (shipment.replaces ? promise_of_replacement : promise_usual));
    const auto first = shipment.when + least;
    switch (part) {
    case CarrierPart::on_time:
        return {.at = std::max(first, std::min(shipment.when + most, promise - days{1}))};
    case CarrierPart::late: return {.at = std::max(first, promise + days{scene.cast.late_days})};
    case CarrierPart::lost: return {.kind = ScanKind::lost, .at = shipment.when + trouble_after};
    case CarrierPart::returned:
        return {.kind = ScanKind::returned_to_sender, .at = shipment.when + trouble_after};
    case CarrierPart::delivers_after_refund:
        if (!scene.order.refunded_at) return {};
        return {.at = std::max(first, *scene.order.refunded_at + days{3})};
    case CarrierPart::count_: break;
    }
    VERIFY(!"a CarrierPart outside its list");
}

void ask_carrier(Scene& scene, CarrierPart part) {
    for (std::size_t i = 0; i < scene.order.shipments.size(); ++i) {
        const auto& shipment = scene.order.shipments[i];
        if (is_at_its_end(shipment)) continue;
        const auto say = [&](Instant at, ScanKind kind) {
            if (!has_scan(shipment, kind))
                scene.tell(at, SeeScan{.shipment = nth<ShipmentNo>(i), .kind = kind});
        };
        const auto end = end_of_parcel(scene, shipment, part);
        say(shipment.when + hours{6}, ScanKind::accepted);
        say(shipment.when + days{1}, ScanKind::moving);
        if (end.at) say(*end.at, end.kind);
    }
    if (part == CarrierPart::lost) return;  // what goes back, too
    const days longer{part == CarrierPart::late ? scene.cast.late_days : 0};
    each_dispute(scene.order, [&](DisputeNo no, const Dispute& dispute) {
        if (dispute.back && dispute.back->sent && !dispute.back->delivered)
            scene.tell(*dispute.back->sent + days{5} + longer, SeeReturnDelivered{no});
    });
}

// --- The seller

void ship(Scene& scene, Instant at, std::optional<DisputeNo> replaces = {}) {
    const auto number = "sandbox-" + std::to_string(scene.order.shipments.size() + 1);
    scene.tell(at, SeeShipped{.tracking = Word(number), .replaces = replaces});
}

bool waits_for_shipping(const Order& order) {
    return order.paid && !order.is_over() && !unshipped_lines(order).empty() &&
           !(order.cancel && !order.cancel->answered);
}

void ask_prompt_seller(Scene& scene) {
    const auto& order = scene.order;
    if (waits_for_shipping(order)) ship(scene, *order.paid + hours{20});
    if (order.cancel && !order.cancel->answered)
        scene.ask(order.cancel->at + hours{4}, Party::seller, Cancel{});
    if (order.extension_asked && !(order.extended && *order.extended >= *order.extension_asked))
        scene.ask(*order.extension_asked + hours{4}, Party::seller,
                  Extend{order.extension_days_asked});
    each_open_offer(order, Party::buyer, [&](OfferNo no, const Offer& offer) {
        scene.ask(offer.made_at + days{1}, Party::seller, AcceptOffer{no});
    });
    each_dispute(order, [&](DisputeNo no, const Dispute& dispute) {
        if (!has_offered(order, no, Party::seller))
            scene.ask(
                asked_at(dispute) + days{1}, Party::seller,
                MakeOffer{.dispute = no,
                          .plan = {.then = as_asked(order, dispute, asked_sum(order, dispute))}});
        if (const auto& back = dispute.back) {
            if (back->agreed && back->label.empty())
                scene.ask(*back->agreed + days{1}, Party::seller,
                          PrepareReturn{.dispute = no, .address = {}, .label = "seller"});
            if (back->delivered)
                scene.ask(*back->delivered + days{1}, Party::seller, ReceiveReturn{no});
        }
        if (dispute.replacement_agreed && !dispute.replacement_shipped)
            ship(scene, *dispute.replacement_agreed + days{1}, no);
    });
}

void ask_stubborn_seller(Scene& scene) {
    const auto& order = scene.order;
    if (waits_for_shipping(order)) ship(scene, *order.paid + days{2});
    if (order.cancel && !order.cancel->answered)
        scene.ask(order.cancel->at + hours{12}, Party::seller, DeclineCancel{});
    each_open_offer(order, Party::buyer, [&](OfferNo no, const Offer& offer) {
        scene.ask(offer.made_at + days{1}, Party::seller, DeclineOffer{no});
    });
    each_dispute(order, [&](DisputeNo no, const Dispute& dispute) {
        const auto since = asked_at(dispute);
        if (!(dispute.answered && *dispute.answered >= since))
            scene.ask(since + days{1}, Party::seller, Respond{no});
        else if (!has_offered(order, no, Party::seller))
            scene.ask(
                since + days{1} + hours{1}, Party::seller,
                MakeOffer{.dispute = no, .plan = {.then = part_of_asked(order, dispute, 1'000)}});
        if (dispute.back && dispute.back->delivered)
            scene.ask(*dispute.back->delivered + days{1}, Party::seller,
                      ContestReturn{.dispute = no, .condition = Condition::used});
    });
}

void ask_late_seller(Scene& scene) {
    if (!waits_for_shipping(scene.order)) return;
    const auto by = scene.end_of(scene.order.terms_of_sale.ship_by);
    ship(scene, by ? *by - hours{1} : *scene.order.paid + days{9});
}

void ask_seller(Scene& scene, SellerPart part) {
    switch (part) {
    case SellerPart::silent:     return;
    case SellerPart::prompt:     return ask_prompt_seller(scene);
    case SellerPart::stubborn:   return ask_stubborn_seller(scene);
    case SellerPart::ships_late: return ask_late_seller(scene);
    case SellerPart::count_:     break;
    }
    VERIFY(!"a SellerPart outside its list");
}

// --- The buyer

void send_returns(Scene& scene) {
    each_dispute(scene.order, [&](DisputeNo no, const Dispute& dispute) {
        if (dispute.back && dispute.back->agreed && !dispute.back->sent)
            scene.ask(*dispute.back->agreed + days{2}, Party::buyer,
                      SendReturn{.dispute = no,
                                 .tracking = Word("sandbox-return-" + std::to_string(no.value))});
    });
}

void settle_arrivals(Scene& scene, ArrivalChoice choice) {
    for (const auto& arrival : scene.order.arrivals)
        if (!arrival.choice)
            scene.ask(arrival.when + days{2}, Party::buyer,
                      SettleArrival{.shipment = arrival.shipment, .choice = choice});
}

void ask_accepting_buyer(Scene& scene) {
    const auto& order = scene.order;
    each_open_offer(order, Party::seller, [&](OfferNo no, const Offer& offer) {
        scene.ask(offer.made_at + hours{12}, Party::buyer, AcceptOffer{no});
    });
    if (const auto came = delivered_all(order, all_lines(order)); came && !order.is_over())
        scene.ask(came->first + days{1}, Party::buyer, ConfirmReceipt{});
    send_returns(scene);
    settle_arrivals(scene, ArrivalChoice::pay);
}

void ask_disputing_buyer(Scene& scene, bool appeals) {
    const auto& order = scene.order;
    if (order.paid && order.disputes.empty() && !delivered_all(order, all_lines(order)))
        scene.ask(*order.paid + hours{1}, Party::buyer,
                  OpenDispute{.reason = Reason::not_received, .wanted = Remedy::full_refund});
    each_open_offer(order, Party::seller, [&](OfferNo no, const Offer& offer) {
        const auto& dispute = order.dispute(offer.dispute);
        const bool is_enough = offer.plan.then.amount >= asked_sum(order, dispute);
        scene.ask(offer.made_at + hours{12}, Party::buyer,
                  is_enough ? Request(AcceptOffer{no}) : Request(DeclineOffer{no}));
    });
    each_dispute(order, [&](DisputeNo no, const Dispute& dispute) {
        if (dispute.phase == DisputePhase::negotiating && dispute.answered)
            scene.ask(*dispute.answered + days{1}, Party::buyer, Escalate{no});
        if (appeals && dispute.decided && dispute.appeals == 0 &&
            dispute.verdict->settlement.amount < asked_sum(order, dispute))
            scene.ask(*dispute.decided + days{1}, Party::buyer,
                      Appeal{.dispute = no, .has_new_information = true});
    });
    send_returns(scene);
    settle_arrivals(scene, ArrivalChoice::send_back);
}

void ask_buyer(Scene& scene, BuyerPart part) {
    switch (part) {
    case BuyerPart::silent:    return;
    case BuyerPart::accepting: return ask_accepting_buyer(scene);
    case BuyerPart::disputing: return ask_disputing_buyer(scene, /*appeals=*/false);
    case BuyerPart::appealing: return ask_disputing_buyer(scene, /*appeals=*/true);
    case BuyerPart::count_:    break;
    }
    VERIFY(!"a BuyerPart outside its list");
}

// --- The mediator

Verdict verdict_of(const Order& order, const Dispute& dispute, MediatorPart part) {
    switch (part) {
    case MediatorPart::splitting:
    case MediatorPart::slow:
        return {.settlement = part_of_asked(order, dispute, 5'000),
                .winner = Party::either,
                .codes = {VerdictCode::settled_by_terms}};
    case MediatorPart::for_buyer:
        return {.settlement = as_asked(order, dispute, asked_sum(order, dispute)),
                .winner = Party::buyer,
                .codes = {VerdictCode::no_evidence_from_seller}};
    case MediatorPart::for_seller:
        return {.settlement = {},
                .winner = Party::seller,
                .codes = {VerdictCode::no_evidence_from_buyer}};
    case MediatorPart::count_: break;
    }
    VERIFY(!"a MediatorPart outside its list");
}

void ask_mediator(Scene& scene, MediatorPart part) {
    each_dispute(scene.order, [&](DisputeNo no, const Dispute& dispute) {
        if (dispute.phase != DisputePhase::escalated && dispute.phase != DisputePhase::appealed)
            return;
        auto decides_at = dispute.changed_at + days{2};
        if (part == MediatorPart::slow) {
            const auto asked = std::ranges::find_if(dispute.asked, [&](const EvidenceAsked& one) {
                return one.of == Party::seller && one.at >= dispute.changed_at;
            });
            const auto asks_at = dispute.changed_at + days{1};
            if (asked == dispute.asked.end())
                return scene.ask(
                    asks_at, Party::platform,
                    RequestEvidence{.dispute = no,
                                    .of = Party::seller,
                                    .due_at = std::max(asks_at, scene.order.last_at) + days{3}});
            decides_at = asked->due_at + days{1};
        }
        scene.ask(decides_at, Party::platform,
                  Decide{.dispute = no, .verdict = verdict_of(scene.order, dispute, part)});
    });
}

// --- All of them

// What each would do, the earliest first; at the same time in the order of the sides.
std::vector<Intent> intents_of(const Order& order, const Rules& rules, const Cast& cast) {
    Scene scene{.order = order, .rules = rules, .cast = cast};
    const auto ask = [&]<class Part>(std::string_view side, std::optional<Part> part, auto&& play) {
        if (!part) return;
        scene.part = std::string(side).append(".").append(to_string(*part));
        play(scene, *part);
    };
    ask("carrier", cast.carrier, ask_carrier);
    ask("seller", cast.seller, ask_seller);
    ask("buyer", cast.buyer, ask_buyer);
    ask("mediator", cast.mediator, ask_mediator);
    for (auto& intent : scene.intents) intent.at = std::max(intent.at, order.last_at);
    std::ranges::stable_sort(scene.intents, {}, &Intent::at);
    return std::move(scene.intents);
}

Decision do_at(const Order& order, const Rules& rules, const Deed& deed, Instant at,
               std::span<const Due> ahead) {
    if (const auto* command = std::get_if<Command>(&deed))
        return decide(order, rules, *command, at, ahead);
    auto seen = std::get<Observation>(deed);
    seen.when = at;
    return observe(order, rules, seen, at);
}

// As soon as it may be done, and before `end`, when time does something first.
std::optional<Act> act_of(const Order& order, const Rules& rules, const Intent& intent,
                          std::span<const Due> ahead, Instant end) {
    constexpr int tries = 3;  // what opens later may open later still
    auto at = intent.at;
    for (int i = 0; i < tries && at < end; ++i) {
        auto decision = do_at(order, rules, intent.deed, at, ahead);
        if (decision && decision->empty()) return std::nullopt;
        if (decision)
            return Act{.at = at,
                       .part = intent.part,
                       .does = name_of(intent.deed),
                       .events = *std::move(decision)};
        const auto opens_at = decision.error().opens_at;
        if (!opens_at || *opens_at <= at) return std::nullopt;
        at = *opens_at;
    }
    return std::nullopt;
}

void take(Order& order, const Events& events) {
    for (const auto& event : events) evolve(order, event);
}

constexpr std::size_t steps_most = 2'000;  // each ends something

}  // namespace

std::optional<Act> next_act(const Order& order, const Rules& rules, const Cast& cast,
                            std::span<const Due> ahead) {
    if (!order.placed || cast.is_empty()) return std::nullopt;
    auto end = ahead.empty() ? Instant::max() : ahead.front().legal_at + rules.grace;
    std::optional<Act> next;
    for (const auto& intent : intents_of(order, rules, cast)) {
        if (intent.at >= end) break;
        if (auto act = act_of(order, rules, intent, ahead, end)) {
            end = act->at;  // what others do as early as that comes after it
            next = std::move(act);
        }
    }
    return next;
}

std::optional<Act> foreseen_act(const Order& order, const Rules& rules, const Cast& cast) {
    auto state = order;
    for (std::size_t i = 0; i < steps_most; ++i) {
        auto ahead = deadlines(state, rules);
        if (auto act = next_act(state, rules, cast, ahead)) return act;
        if (ahead.empty()) return std::nullopt;
        const auto strikes_at = ahead.front().legal_at + rules.grace;
        const auto changes = catch_up(state, rules, strikes_at, {}, ahead);
        if (changes.empty()) return std::nullopt;
        for (const auto& change : changes) take(state, change);
    }
    return std::nullopt;
}

std::vector<Step> let_time_pass(const Order& order, const Rules& rules, const Cast& cast,
                                Instant now, std::span<const terms::Outage> outages,
                                std::vector<Due>& ahead) {
    std::vector<Step> steps;
    const auto add_time = [&](std::vector<Events> changes) {
        for (auto& change : changes) steps.push_back({.part = {}, .events = std::move(change)});
        return !changes.empty();
    };
    if (cast.is_empty()) {
        add_time(catch_up(order, rules, now, outages, ahead));
        return steps;
    }
    for (auto state = order;;) {
        VERIFY(steps.size() < steps_most);
        auto act = next_act(state, rules, cast, ahead);
        auto until = now;
        if (!ahead.empty()) until = std::min(until, ahead.front().legal_at + rules.grace);
        if (act) until = std::min(until, act->at);
        auto changes = catch_up(state, rules, until, outages, ahead);
        for (const auto& change : changes) take(state, change);
        if (add_time(std::move(changes))) continue;  // and what was to be done is another thing
        if (!act || act->at > now) return steps;
        take(state, act->events);
        ahead = deadlines(state, rules);
        steps.push_back({.part = std::move(act->part), .events = std::move(act->events)});
    }
}

}  // namespace holdfast::engine
