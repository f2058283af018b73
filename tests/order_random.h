// Random orders, requests, observations and instants: whatever may come, and mostly what makes
// sense where the order stands, so that a short sequence goes deep.
#pragma once

#include "order_world.h"

namespace holdfast::test {

class Chooser {
public:
    Chooser(Random& random, const World& world, Instant now)
        : random_(random), world_(world), now_(now) {}

    order::Command command() {
        const auto request = this->request();
        return {.by = by_of(request), .request = request};
    }

    order::Observation observation() {
        using namespace std::chrono;
        auto when = now_;
        if (random_.chance(20)) when -= minutes{random_.below(4 * 24 * 60)};
        if (random_.chance(3)) when += hours{random_.below(48)};
        return {.when = when, .seen = seen()};
    }

private:
    const order::Order& order() const { return world_.order; }

    // --- Parts

    template <class No, class T>
    No number(const std::vector<T>& things) {
        const auto size = std::ssize(things);
        if (size == 0 || random_.chance(2)) return {static_cast<std::uint16_t>(size + 1)};
        if (random_.chance(1)) return {};
        if (random_.chance(70)) return {static_cast<std::uint16_t>(size)};
        return {static_cast<std::uint16_t>(random_.between(1, size))};
    }
    order::DisputeNo dispute() { return number<order::DisputeNo>(order().disputes); }
    std::optional<order::DisputeNo> some_dispute() {
        if (order().disputes.empty() || random_.chance(50)) return {};
        return dispute();
    }

    order::Lines lines() {
        if (order().lines.empty() || random_.chance(50)) return {};
        order::Lines some;
        for (std::size_t i = 0; i < order().lines.size(); ++i) {
            if (random_.chance(40)) continue;
            const auto left = order().lines[i].placed.quantity - order().lines[i].cancelled;
            const auto quantity = random_.chance(3) ? random_.between(-1, left + 1)
                                                    : random_.between(1, std::max(left, 1));
            some.push_back({{static_cast<std::uint16_t>(i + 1)},
                            static_cast<std::int32_t>(left > 0 ? quantity : 1)});
        }
        if (!some.empty() && random_.chance(2)) some.push_back(some.front());
        if (random_.chance(1)) some.push_back({{9}, 1});
        return some;
    }

    // Around a sum: nothing, one, half, all, one too much.
    order::Minor around(order::Minor all) {
        switch (random_.below(20)) {
        case 0:  return 0;
        case 1:  return -1;
        case 2:  return all + 1;
        case 3:  return 1;
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:  return all;
        case 9:
        case 10: return all / 2;
        default: return all > 1 ? random_.between(1, all) : 1;
        }
    }
    order::Minor of_dispute(order::DisputeNo no) {
        if (no.value == 0 || no.value > order().disputes.size()) return 1;
        return order::refundable(order(), order().dispute(no).lines);
    }
    std::optional<order::Remedy> remedy() {
        if (random_.chance(20)) return {};
        if (random_.chance(20)) return random_.any<order::Remedy>();
        return random_.one_of({order::Remedy::full_refund, order::Remedy::partial_refund_keep,
                               order::Remedy::return_for_full_refund, order::Remedy::replacement});
    }
    Instant ahead() {
        using namespace std::chrono;
        if (random_.chance(5)) return now_ - milliseconds{random_.below(3)};
        return now_ + (random_.chance(20) ? milliseconds{1}
                                          : milliseconds{hours{random_.between(1, 400)}});
    }
    order::Settlement settlement(order::DisputeNo no) {
        return {.remedy = remedy(), .amount = around(of_dispute(no))};
    }
    Word word() { return random_.chance(3) ? Word() : Word("w"); }
    // A photo, or a claim of when it came; some of a kind that is on no list.
    order::SubmitEvidence evidence(order::DisputeNo no) {
        if (word().empty()) return {.dispute = no, .kind = "hearsay", .content = Hash{}};
        if (now_.time_since_epoch().count() % 2 == 0 || order().shipments.empty())
            return {.dispute = no, .kind = "photo", .content = Hash{}};
        return {.dispute = no,
                .kind = "proof_of_delivery",
                .record = {.shipment = order::ShipmentNo{1}, .delivered_at = now_}};
    }

    order::Placement placement();
    order::Request request();
    order::Request request_about_order(std::int64_t which);
    order::Request request_about_dispute(std::int64_t which);
    order::Request request_about_return(std::int64_t which);
    order::Request request_about_money(std::int64_t which);
    order::Seen seen();

    // Mostly the party whose act it is.
    terms::Party by_of(const order::Request& request) {
        using terms::Party;
        if (order().placed && random_.chance(12))
            return random_.one_of({Party::buyer, Party::seller, Party::platform});
        const auto usual = [&](const auto& one) -> Party {
            using T = std::decay_t<decltype(one)>;
            using namespace order;
            if constexpr (is_one<T, Place, RequestEvidence, Decide, RepeatInstruction>)
                return Party::platform;
            else if constexpr (is_one<T, Respond, Extend, DeclineCancel, ReceiveReturn,
                                      ContestReturn, PromiseGift>)
                return Party::seller;
            else if constexpr (is_one<T, Refund, Compensate, AnswerChargeback, LinkUpstream,
                                      PrepareReturn>)
                return random_.one_of({Party::seller, Party::platform});
            else if constexpr (is_one<T, AcceptOffer, DeclineOffer>)
                return other_of(one.offer);
            else if constexpr (is_one<T, SendMessage>)
                return random_.one_of({Party::buyer, Party::seller, Party::platform});
            else if constexpr (is_one<T, MakeOffer, SubmitEvidence, Appeal, Cancel, Escalate>)
                return random_.one_of({Party::buyer, Party::seller});
            else
                return Party::buyer;
        };
        return std::visit(usual, request);
    }
    terms::Party other_of(order::OfferNo offer) {
        if (offer.value == 0 || offer.value > order().offers.size()) return terms::Party::buyer;
        return order().offer(offer).by == terms::Party::buyer ? terms::Party::seller
                                                              : terms::Party::buyer;
    }
    template <class T, class... Us>
    static constexpr bool is_one = (std::is_same_v<T, Us> || ...);

    Random& random_;
    const World& world_;
    Instant now_;
};

inline order::Placement Chooser::placement() {
    using namespace std::chrono;
    order::Placement placement;
    placement.currency = random_.one_of({Currency::eur, Currency::jpy, *parse_currency("KWD")});
    const auto count = random_.between(1, 3);
    for (std::int64_t i = 0; i < count; ++i)
        placement.lines.push_back(
            {.sku = "s",
             .quantity = static_cast<std::int32_t>(random_.chance(1) ? 0 : random_.between(1, 4)),
             .unit_price = random_.chance(15) ? 0 : random_.between(1, 5000)});
    if (random_.chance(60)) placement.shipping = random_.between(0, 700);
    if (random_.chance(40)) placement.tax = random_.between(0, 900);
    if (random_.chance(20)) placement.fee = random_.between(0, 99);
    placement.commission_basis_points = static_cast<std::int32_t>(random_.between(0, 2000));
    placement.terms = terms::pin_of(*world_.rules.terms);
    if (random_.chance(80)) {
        const auto promise = now_ + hours{random_.between(1, 50 * 24)};
        placement.promised_by = promise;
        if (random_.chance(30))
            placement.promised_by = Day{floor<days>(promise).time_since_epoch()};
    }
    if (random_.chance(30)) placement.ship_by = now_ + hours{random_.between(1, 20 * 24)};
    for (const auto* mark : {"custom_made", "perishable", "hygiene"})
        if (random_.chance(8)) placement.item_marks.emplace_back(mark);
    return placement;
}

inline order::Request Chooser::request() {
    if (!order().placed && random_.chance(97)) return order::Place{placement()};
    const bool runs = !order().disputes.empty() && !order().disputes.back().is_closed();
    if (order().cancel && !order().cancel->answered && random_.chance(20))
        return order::DeclineCancel{};
    auto which = random_.below(order().disputes.empty() ? 60 : 100);
    if (runs && random_.chance(65)) {
        const bool returns = order().disputes.back().phase == order::DisputePhase::returning;
        which = returns && random_.chance(80) ? random_.between(88, 99) : random_.between(60, 87);
    }
    if (which < 36) return request_about_order(which);
    if (which < 60) return request_about_money(which);
    if (which < 86) return request_about_dispute(which);
    return request_about_return(which);
}

inline order::Request Chooser::request_about_order(std::int64_t which) {
    using namespace order;
    if (which < 1) return Place{placement()};
    if (which < 3) return Cancel{};
    if (which < 4) return DeclineCancel{};
    if (which < 5) return RequestExtension{static_cast<std::int32_t>(random_.between(-1, 40))};
    if (which < 8)
        return Extend{static_cast<std::int32_t>(random_.chance(80) ? random_.between(1, 30)
                                                                   : random_.between(-3, 40))};
    if (which < 11) return ConfirmReceipt{};
    OpenDispute open{.lines = lines(), .reason = random_.any<Reason>(), .has_evidence = false};
    if (random_.chance(50)) open.reason = Reason::not_received;
    if (random_.chance(40)) open.wanted = remedy();
    if (random_.chance(50)) {
        const auto lines = open.lines.empty() ? all_lines(order()) : open.lines;
        const bool known = std::ranges::all_of(lines, [&](const LineQuantity& one) {
            return one.line.value >= 1 && one.line.value <= order().lines.size();
        });
        open.amount = around(known ? refundable(order(), lines) : 1);
    }
    open.has_evidence = random_.chance(50);
    return open;
}

inline order::Request Chooser::request_about_money(std::int64_t which) {
    using namespace order;
    if (which < 43) {
        Refund refund{.lines = lines()};
        if (random_.chance(70)) refund.amount = around(refundable(order()) / 2);
        return refund;
    }
    if (which < 46)
        return Compensate{.dispute = some_dispute(),
                          .what = random_.any<Compensation>(),
                          .amount = around(total_of(order()) / 5)};
    if (which < 47) return PromiseGift{.sku = word(), .dispute = some_dispute()};
    if (which < 48) return SendMessage{.to = random_.any<Audience>(), .dispute = some_dispute()};
    if (which < 52) return RepeatInstruction{number<InstructionNo>(order().instructions)};
    if (which < 55)
        return AnswerChargeback{.chargeback = number<ChargebackNo>(order().chargebacks)};
    if (which < 57)
        return LinkUpstream{.dispute = dispute(), .system = word(), .reference = word()};
    return SettleArrival{.shipment = number<ShipmentNo>(order().shipments),
                         .choice = random_.any<ArrivalChoice>()};
}

inline order::Request Chooser::request_about_dispute(std::int64_t which) {
    using namespace order;
    const auto no = dispute();
    if (which < 63) {
        ModifyDispute modify{.dispute = no};
        if (random_.chance(30)) modify.reason = random_.any<Reason>();
        if (random_.chance(50)) modify.wanted = remedy();
        if (random_.chance(50)) modify.amount = around(of_dispute(no));
        return modify;
    }
    if (which < 65) return WithdrawDispute{no};
    if (which < 67) return Respond{no};
    if (which < 72) {
        MakeOffer make{.dispute = no, .plan = {.then = settlement(no)}};
        if (random_.chance(30)) {
            make.plan.arrives_by = ahead();
            if (random_.chance(70)) make.plan.otherwise = settlement(no);
        }
        if (random_.chance(50)) make.expires_at = ahead();
        return make;
    }
    if (which < 76) return AcceptOffer{number<OfferNo>(order().offers)};
    if (which < 77) return DeclineOffer{number<OfferNo>(order().offers)};
    if (which < 80) return Escalate{no};
    if (which < 81)
        return RequestEvidence{no, random_.one_of({Party::buyer, Party::seller}), ahead()};
    if (which < 82) return evidence(no);
    if (which < 84) return Appeal{.dispute = no, .has_new_information = random_.chance(80)};
    Verdict verdict{.settlement = settlement(no),
                    .winner = random_.one_of({Party::buyer, Party::seller, Party::either}),
                    .codes = {VerdictCode::no_proof_of_delivery}};
    if (random_.chance(3)) verdict.codes.clear();
    return Decide{.dispute = no, .verdict = verdict};
}

inline order::Request Chooser::request_about_return(std::int64_t which) {
    using namespace order;
    const auto no = dispute();
    if (which < 88) {
        Verdict verdict{
            .settlement = {.remedy = Remedy::return_for_full_refund, .amount = of_dispute(no)},
            .winner = Party::buyer,
            .codes = {VerdictCode::item_differs}};
        return Decide{.dispute = no, .verdict = verdict};
    }
    if (which < 90) return PrepareReturn{.dispute = no, .label = word()};
    if (which < 94) return SendReturn{.dispute = no, .tracking = word()};
    if (which < 97) return ReceiveReturn{.dispute = no, .condition = random_.any<Condition>()};
    return ContestReturn{.dispute = no, .condition = random_.any<Condition>()};
}

inline order::Seen Chooser::seen() {
    using namespace order;
    const auto which = random_.below(100);
    const auto total = order().placed ? total_of(order()) : 1;
    if (which >= 4 && which < 22 && !order().paid)
        return SeeCaptured{.amount = std::max<Minor>(total, 1)};
    if (which < 4) {
        SeeAuthorised seen{.amount = around(total)};
        if (random_.chance(70)) seen.until = ahead();
        return seen;
    }
    if (which < 8) return SeeCaptured{.amount = around(total)};
    if (which < 9) return SeeAuthorisationEnded{};
    if (which < 25 || order().shipments.empty()) {
        SeeShipped seen{.lines = random_.chance(60) ? Lines{} : lines()};
        if (random_.chance(70))
            seen.tracking = Word(
                std::string_view("ABCDEFGH").substr(static_cast<std::size_t>(random_.below(8)), 1));
        if (random_.chance(30)) seen.replaces = some_dispute();
        return seen;
    }
    if (which < 65) {
        SeeScan seen{.shipment = number<ShipmentNo>(order().shipments),
                     .kind = ScanKind::delivered};
        if (random_.chance(60)) seen.kind = random_.any<ScanKind>();
        return seen;
    }
    if (which < 70)
        return SeeScanWithdrawn{
            .shipment = number<ShipmentNo>(order().shipments),
            .kind = random_.chance(70) ? ScanKind::delivered : random_.any<ScanKind>()};
    if (which < 74) return SeeReturnDelivered{dispute()};
    if (which < 84)
        return SeeInstruction{.instruction = number<InstructionNo>(order().instructions),
                              .state = random_.any<InstructionState>()};
    if (which < 88) {
        SeeChargeback seen{.amount = around(order().money.captured)};
        if (random_.chance(70)) seen.evidence_due = ahead();
        return seen;
    }
    if (which < 91) {
        const auto state = random_.any<NoticeState>();
        if (!order().notices.empty() && random_.chance(40))
            return SeeNotice{
                .notice = number<NoticeNo>(order().notices), .state = state, .code = word()};
        auto about = static_cast<std::uint64_t>(
            random_.between(0, static_cast<std::int64_t>(order().version) + 1));
        if (!order().disputes.empty() && random_.chance(60))
            about = order().disputes.back().opened_by;
        return SeeTold{.of = random_.one_of({Party::buyer, Party::seller, Party::seller}),
                       .about = about,
                       .by = random_.any<NoticeWay>(),
                       .state = state};
    }
    if (which < 95)
        return SeeChargebackResolved{
            .chargeback = number<ChargebackNo>(order().chargebacks),
            .state = random_.chance(95)
                         ? random_.one_of({ChargebackState::won, ChargebackState::lost})
                         : random_.any<ChargebackState>()};
    return SeeUpstreamGranted{.dispute = dispute(), .amount = around(total)};
}

// The next instant: near, far, or at one of the edges of what comes next by itself.
inline Instant later_instant(Random& random, const World& world, Instant now) {
    using namespace std::chrono;
    const auto grace = world.rules.grace;
    if (random.chance(20)) {
        const auto next = order::next_deadline(world.order, world.rules);
        if (next && next->legal_at + grace > now) {
            const auto legal = next->legal_at;
            const Instant edges[] = {legal - 1ms,
                                     legal - 1ms,
                                     legal,
                                     legal,
                                     legal + 1ms,
                                     legal + grace - 1ms,
                                     legal + grace - 1ms,
                                     legal + grace,
                                     legal + grace + 1ms,
                                     legal + grace + 96h};
            return std::max(now, random.pick(edges));
        }
    }
    const auto kind = random.below(20);
    if (kind < 8) return now;
    if (kind < 12) return now + milliseconds{random.below(3'600'000)};
    if (kind < 17) return now + minutes{random.below(2 * 24 * 60)};
    if (kind < 19) return now + minutes{random.below(8 * 24 * 60)};
    return now + hours{random.below(45 * 24)};
}

}  // namespace holdfast::test
