// What is done about an order of a made year outside its disputes: paying, shipping, what carriers
// say, receipt, and what opens a dispute.
#include "engine/year_life.h"

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

// --- The parcel

Word tracking_of(const Life& life, std::size_t parcel) {
    constexpr std::array heads{"NP", "SW", "CB", "HL"};
    const auto chance = life.chance.of(2'000 + parcel);
    return Word::cut(std::string(chance.one_of(heads, "head")) +
                     std::to_string(100'000'000 + chance.about("tracking") % 900'000'000) + "XX");
}

Word carrier_of(const Life& life) {
    constexpr std::array carriers{"nordpost", "swiftline", "colibri", "harbourlink"};
    return Word(life.seller->id.bytes[9] % 3 == 0 ? carriers[3]
                                                  : life.chance.one_of(carriers, "carrier"));
}

std::optional<Duration> handling_of(const Deeds& deeds) {
    const auto& chance = deeds.chance();
    switch (deeds.life().seller->kind) {
    case SellerKind::prompt:
    case SellerKind::stubborn: return chance.time(hours{4}, hours{30}, "handling");
    case SellerKind::usual:
    case SellerKind::silent:
    case SellerKind::careless: return chance.time(hours{12}, hours{70}, "handling");
    case SellerKind::slow:     return chance.time(days{3}, days{9}, "handling");
    case SellerKind::gone:
        if (deeds.order().paid >= deeds.life().seller->gone_at) return std::nullopt;
        return chance.time(days{1}, days{3}, "handling");
    case SellerKind::count_: break;
    }
    VERIFY(!"a SellerKind outside its list");
}

// When its carrier says last of it, and what; a replacement comes in time.
struct End {
    ScanKind kind = ScanKind::delivered;
    std::optional<Instant> at = {};
};

End end_of(const Deeds& deeds, const Shipment& shipment) {
    const auto& life = deeds.life();
    const auto& chance = life.chance;
    const auto least = shipment.when + hours{30};
    if (shipment.replaces)
        return {.at = shipment.when + chance.time(days{3}, days{9}, "replacement")};
    switch (life.parcel) {
    case ParcelEnd::in_time:
    case ParcelEnd::elsewhere: {
        const auto latest = std::max(least + hours{1}, life.promised_by - hours{5});
        const auto room = std::min<Duration>(latest - least, days{life.is_abroad() ? 13 : 4});
        return {.kind = chance.happens(120, "signed") ? ScanKind::delivered_signed
                                                      : ScanKind::delivered,
                .at = least + chance.time(Duration{0}, room, "transit")};
    }
    case ParcelEnd::late:
        return {.at = std::max(least, life.promised_by + chance.time(hours{20}, days{15}, "late"))};
    case ParcelEnd::lost:
        return {.kind = ScanKind::lost,
                .at = shipment.when + chance.time(days{8}, days{16}, "lost")};
    case ParcelEnd::goes_back:
        return {.kind = ScanKind::returned_to_sender,
                .at = shipment.when + chance.time(days{6}, days{14}, "goes back")};
    case ParcelEnd::silent: return {};
    case ParcelEnd::count_: break;
    }
    VERIFY(!"a ParcelEnd outside its list");
}

void add_scans(Deeds& deeds, ShipmentNo no, const Shipment& shipment) {
    const auto end = end_of(deeds, shipment);
    if (end.at && has_scan(shipment, end.kind)) return;
    const auto chance = deeds.chance().of(3'000U + no.value);
    const auto say = [&](Instant at, ScanKind kind) {
        if (!has_scan(shipment, kind) && (!end.at || at < *end.at))
            deeds.see(at, SeeScan{.shipment = no, .kind = kind},
                      no.value * 100U + static_cast<std::uint64_t>(kind));
    };
    const auto accepted = shipment.when + chance.time(hours{2}, hours{14}, "accepted");
    say(accepted, ScanKind::accepted);
    say(accepted + chance.time(hours{9}, hours{20}, "moving"), ScanKind::moving);
    if (deeds.life().is_abroad() && chance.happens(450, "customs"))
        say(accepted + chance.time(days{2}, days{5}, "customs"), ScanKind::customs);
    if (!end.at) return;
    if (is_delivery(end.kind))
        say(*end.at - chance.time(hours{3}, hours{7}, "out"), ScanKind::out_for_delivery);
    deeds.see(*end.at, SeeScan{.shipment = no, .kind = end.kind},
              no.value * 100U + static_cast<std::uint64_t>(end.kind));
}

// Some of what was lost turns up when the buyer has the money back.
void add_late_arrival(Deeds& deeds, ShipmentNo no, const Shipment& shipment) {
    const auto& order = deeds.order();
    if (shipment.replaces || delivery_of(shipment) || !order.refunded_at) return;
    const auto chance = deeds.chance().of(3'500U + no.value);
    if (!chance.happens(130, "turns up")) return;
    deeds.see(*order.refunded_at + chance.time(days{2}, days{20}, "turns up when"),
              SeeScan{.shipment = no, .kind = ScanKind::delivered}, no.value * 100U + 99);
}

void add_first_shipping(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto handling = handling_of(deeds);
    if (!handling) return;
    const auto left = unshipped_lines(order);
    const bool in_two =
        left.size() > 1 && order.shipments.empty() && deeds.chance().happens(220, "two parcels");
    const auto at =
        order.shipments.empty() ? *order.paid + *handling : order.shipments.back().when + hours{26};
    deeds.see(at,
              SeeShipped{.lines = in_two ? Lines{left.front()} : left,
                         .tracking = tracking_of(deeds.life(), order.shipments.size()),
                         .replaces = {},
                         .carrier = carrier_of(deeds.life())},
              order.shipments.size() + 1);
}

// --- Receipt and time

void add_receipt(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto came = delivered_all(order, all_lines(order));
    if (!came || order.is_over()) return;
    const auto& life = deeds.life();
    const bool is_content = !life.fault && life.parcel != ParcelEnd::elsewhere;
    if (is_content && life.chance.happens(460, "confirms"))
        deeds.ask(came->first + life.chance.time(hours{3}, days{6}, "confirms when"), Party::buyer,
                  ConfirmReceipt{});
}

void add_more_time(Deeds& deeds) {
    const auto& order = deeds.order();
    if (order.is_over() || order.shipments.empty() || delivered_all(order, all_lines(order)))
        return;
    const auto& life = deeds.life();
    const bool is_answered =
        !order.extension_asked || (order.extended && *order.extended >= *order.extension_asked);
    if (!order.extension_asked && life.chance.happens(14, "asks for time"))
        deeds.ask(life.promised_by - days{2}, Party::buyer, RequestExtension{.days = 10});
    if (!is_answered && life.seller->kind <= SellerKind::usual)
        deeds.ask(*order.extension_asked + hours{9}, Party::seller,
                  Extend{.days = order.extension_days_asked});
    if (order.extensions == 0 && life.parcel == ParcelEnd::late &&
        life.seller->kind <= SellerKind::usual && life.chance.happens(280, "lengthens"))
        deeds.ask(life.promised_by - hours{30}, Party::seller, Extend{.days = 8});
}

// --- Disputes are opened

// Of an order of several lines one is wrong, more often than not.
Lines lines_at_fault(const Deeds& deeds) {
    auto lines = all_lines(deeds.order());
    if (lines.size() > 1 && deeds.chance().happens(700, "one line")) lines.resize(1);
    return lines;
}

OpenDispute complaint_of(const Deeds& deeds, Reason reason) {
    constexpr std::array remedies{Remedy::return_for_full_refund, Remedy::partial_refund_keep,
                                  Remedy::replacement};
    constexpr std::array weights{42, 40, 18};
    const auto& chance = deeds.chance();
    OpenDispute open{.lines = lines_at_fault(deeds), .reason = reason, .has_evidence = true};
    const bool is_whole = reason == Reason::counterfeit || reason == Reason::missing_parts;
    if (reason == Reason::change_of_mind)
        open.wanted = Remedy::return_for_full_refund;
    else if (is_whole && chance.happens(500, "all back"))
        open.wanted = Remedy::full_refund;
    else
        open.wanted = remedies[chance.weighed(weights, "wanted")];
    if (open.wanted == Remedy::partial_refund_keep)
        open.amount = percent_of(refundable(deeds.order(), open.lines),
                                 chance.between(2, 7, "part wanted") * 10);
    return open;
}

void add_missing_goods(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& life = deeds.life();
    const auto& chance = life.chance;
    if (order.shipments.empty() || !chance.happens(900, "looks after it")) return;
    const auto end = end_of(deeds, order.shipments.front());
    const bool is_bad = end.at && !is_delivery(end.kind);
    auto at = life.promised_by + chance.time(hours{4}, days{8}, "complains");
    if (order.extended) at += days{8};
    if (is_bad) at = std::min(at, *end.at + chance.time(hours{8}, days{3}, "complains of a loss"));
    const auto came = delivered_all(order, all_lines(order));
    if (life.parcel == ParcelEnd::elsewhere && came)
        at = came->first + chance.time(hours{5}, days{5}, "complains of nothing");
    else if (came) {
        // It came before anybody complained: some want a part back.
        if (!chance.happens(360, "minds the delay")) return;
        OpenDispute late;
        late.reason = Reason::late;
        late.wanted = Remedy::partial_refund_keep;
        late.amount = percent_of(total_of(order), chance.between(2, 8, "for the delay") * 5);
        deeds.ask(came->first + chance.time(hours{3}, days{4}, "complains of the delay"),
                  Party::buyer, std::move(late));
        return;
    }
    OpenDispute missing;
    missing.reason = Reason::not_received;
    missing.wanted =
        chance.happens(110, "wants it again") ? Remedy::replacement : Remedy::full_refund;
    deeds.ask(at, Party::buyer, std::move(missing));
}

void add_complaints(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& life = deeds.life();
    if (!order.paid || !order.disputes.empty() || order.cancelled) return;
    if (life.parcel != ParcelEnd::in_time && !order.completed) return add_missing_goods(deeds);
    const auto came = delivered_all(order, all_lines(order));
    if (!life.fault || !came) return;
    deeds.ask(came->first + life.chance.time(hours{2}, days{9}, "complains"), Party::buyer,
              complaint_of(deeds, *life.fault));
}

// --- Kindness, and the bank

void add_kindness(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& chance = deeds.chance();
    const auto came = delivered_all(order, all_lines(order));
    if (!came || !order.disputes.empty() || order.money.compensated > 0) return;
    const auto total = total_of(order);
    const auto at = came->first + chance.time(days{1}, days{4}, "kind when");
    if (order.money.refunded == 0 && chance.happens(7, "gives back a part"))
        deeds.ask(at, Party::seller, Refund{.lines = {}, .amount = percent_of(total, 10)});
    if (chance.happens(4, "goodwill"))
        deeds.ask(at, Party::platform, Compensate{.dispute = {}, .amount = percent_of(total, 5)});
}

void add_chargebacks(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& chance = deeds.chance();
    if (!order.paid) return;
    if (order.chargebacks.empty()) {
        if (order.money.refunded > 0 || !chance.happens(3, "chargeback")) return;
        const auto at = *order.paid + chance.time(days{15}, days{60}, "chargeback when");
        return deeds.see(
            at, SeeChargeback{.amount = order.money.captured, .evidence_due = at + days{14}});
    }
    const auto& one = order.chargebacks.front();
    if (one.state == ChargebackState::open && chance.happens(850, "answers the bank"))
        deeds.ask(one.opened + chance.time(days{1}, days{6}, "answers the bank when"),
                  Party::platform, AnswerChargeback{.chargeback = {1}, .content = {}});
    if (one.state == ChargebackState::open || one.state == ChargebackState::answered)
        deeds.see(one.opened + chance.time(days{21}, days{55}, "the bank decides"),
                  SeeChargebackResolved{.chargeback = {1},
                                        .state = chance.happens(450, "the bank agrees")
                                                     ? ChargebackState::won
                                                     : ChargebackState::lost});
}

void add_repeats(Deeds& deeds) {
    const auto& order = deeds.order();
    for (std::size_t i = 0; i < order.instructions.size(); ++i) {
        const auto& one = order.instructions[i];
        if (one.state == InstructionState::failed && !one.again)
            deeds.ask(order.last_at + hours{20}, Party::platform,
                      RepeatInstruction{nth<InstructionNo>(i)}, i + 1);
    }
}

}  // namespace

void add_payment(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& life = deeds.life();
    const auto& chance = life.chance;
    if (order.money.captured > 0 || order.cancelled || order.payment_lost) return;
    if (chance.happens(12, "never pays")) return;
    const auto total = total_of(order);
    const auto name = "pay_" + std::to_string(life.number);
    auto at = life.placed_at + chance.time(minutes{1}, minutes{25}, "pays");
    if (chance.happens(25, "pays later")) at += chance.time(hours{8}, hours{60}, "pays when");
    if (!chance.happens(350, "by card"))
        deeds.see(at, SeeCaptured{.amount = total, .reference = name});
    else if (order.money.authorised == 0)
        deeds.see(at, SeeAuthorised{.amount = total, .until = at + days{7}, .reference = name});
    else
        deeds.see(at + chance.time(minutes{20}, hours{3}, "is captured"),
                  SeeCaptured{.amount = total, .reference = name});
}

void add_shipping(Deeds& deeds) {
    const auto& order = deeds.order();
    const auto& chance = deeds.chance();
    if (order.paid && !order.is_over() && !unshipped_lines(order).empty()) {
        if (order.shipments.empty() && !order.cancel && chance.happens(11, "buyer cancels"))
            deeds.ask(*order.paid + chance.time(minutes{30}, hours{9}, "cancels when"),
                      Party::buyer, Cancel{});
        if (chance.happens(6, "sold out"))
            deeds.ask(*order.paid + chance.time(hours{8}, days{3}, "sold out when"), Party::seller,
                      Cancel{}, 1);
        if (order.cancel && !order.cancel->answered) {
            if (chance.happens(400, "cannot stop it"))
                deeds.ask(order.cancel->at + hours{20}, Party::seller, DeclineCancel{});
        } else {
            add_first_shipping(deeds);
        }
    }
    for (std::size_t i = 0; i < order.shipments.size(); ++i) {
        add_scans(deeds, nth<ShipmentNo>(i), order.shipments[i]);
        add_late_arrival(deeds, nth<ShipmentNo>(i), order.shipments[i]);
    }
}

void add_ends(Deeds& deeds) {
    add_receipt(deeds);
    add_more_time(deeds);
    add_complaints(deeds);
    add_kindness(deeds);
    add_chargebacks(deeds);
    add_repeats(deeds);
    for (const auto& arrival : deeds.order().arrivals)
        if (!arrival.choice)
            deeds.ask(arrival.when + days{3}, Party::buyer,
                      SettleArrival{.shipment = arrival.shipment,
                                    .choice = deeds.chance().happens(600, "pays for it")
                                                  ? ArrivalChoice::pay
                                                  : ArrivalChoice::send_back},
                      arrival.shipment.value);
}

}  // namespace holdfast::engine
