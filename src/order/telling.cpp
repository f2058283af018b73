#include "order/telling.h"

#include <optional>

namespace holdfast::order {
namespace {

constexpr Hearers nobody{}, both{.buyer = true, .seller = true}, buyer{.buyer = true},
    seller{.seller = true};

Hearers party(Party one) {
    return {.buyer = one == Party::buyer || one == Party::either,
            .seller = one == Party::seller || one == Party::either};
}

// Of something that one of them did: the other, or both if it was neither.
Hearers others(Party by) { return {.buyer = by != Party::buyer, .seller = by != Party::seller}; }

// Flat, and in the order of event.h.
class Listeners {
public:
    explicit Listeners(const Order& after) : after_(after) {}

    Hearers operator()(const Placed&) const { return nobody; }
    Hearers operator()(const PaymentAuthorised&) const { return nobody; }
    Hearers operator()(const PaymentCaptured&) const { return nobody; }
    Hearers operator()(const AuthorisationEnded&) const { return nobody; }
    Hearers operator()(const CancelRequested&) const { return seller; }
    Hearers operator()(const CancelDeclined&) const { return buyer; }
    Hearers operator()(const Cancelled&) const { return both; }
    Hearers operator()(const Shipped&) const { return nobody; }
    Hearers operator()(const Scanned&) const { return nobody; }
    Hearers operator()(const ScanWithdrawn&) const { return nobody; }
    Hearers operator()(const ExtensionRequested&) const { return seller; }
    Hearers operator()(const Extended&) const { return buyer; }
    Hearers operator()(const ReceiptConfirmed&) const { return nobody; }
    Hearers operator()(const Completed&) const { return nobody; }
    Hearers operator()(const Released&) const { return nobody; }
    Hearers operator()(const RefundIssued&) const { return buyer; }
    Hearers operator()(const Compensated&) const { return buyer; }
    Hearers operator()(const GiftPromised&) const { return nobody; }
    Hearers operator()(const InstructionSettled&) const { return nobody; }
    Hearers operator()(const InstructionRepeated&) const { return nobody; }
    Hearers operator()(const DisputeOpened&) const { return seller; }
    Hearers operator()(const DisputeModified&) const { return seller; }
    Hearers operator()(const DisputeWithdrawn&) const { return seller; }
    Hearers operator()(const DisputeAnswered&) const { return buyer; }
    Hearers operator()(const OfferMade& event) const { return others(event.by); }
    Hearers operator()(const OfferAccepted& event) const { return maker(event.offer); }
    Hearers operator()(const OfferDeclined& event) const { return maker(event.offer); }
    Hearers operator()(const OfferExpired&) const { return both; }
    Hearers operator()(const SettlementWoke&) const { return both; }
    Hearers operator()(const Escalated&) const { return both; }
    Hearers operator()(const EvidenceRequested& event) const { return party(event.of); }
    Hearers operator()(const EvidenceSubmitted&) const { return nobody; }
    Hearers operator()(const EvidenceLapsed& event) const { return party(event.of); }
    Hearers operator()(const Decided&) const { return both; }
    Hearers operator()(const Appealed& event) const { return others(event.by); }
    Hearers operator()(const ReturnAgreed&) const { return buyer; }
    Hearers operator()(const ReturnPrepared&) const { return buyer; }
    Hearers operator()(const ReturnSent&) const { return seller; }
    Hearers operator()(const ReturnDelivered&) const { return seller; }
    Hearers operator()(const ReturnReceived&) const { return buyer; }
    Hearers operator()(const ReturnContested&) const { return buyer; }
    Hearers operator()(const ReplacementAgreed&) const { return seller; }
    Hearers operator()(const DisputeClosed&) const { return both; }
    Hearers operator()(const ChargebackOpened&) const { return seller; }
    Hearers operator()(const ChargebackAnswered&) const { return nobody; }
    Hearers operator()(const ChargebackResolved&) const { return seller; }
    Hearers operator()(const UpstreamLinked&) const { return nobody; }
    Hearers operator()(const UpstreamGranted&) const { return nobody; }
    Hearers operator()(const ArrivedAfterRefund&) const { return buyer; }
    Hearers operator()(const ArrivalSettled&) const { return nobody; }
    Hearers operator()(const DefaultStruck&) const { return nobody; }  // what it did is told
    Hearers operator()(const OutageGivenBack&) const { return nobody; }
    Hearers operator()(const Reminded& event) const { return party(event.of); }
    Hearers operator()(const Acknowledged&) const { return nobody; }
    Hearers operator()(const MessageSent& event) const {
        return event.to == Audience::everyone ? others(event.by) : nobody;
    }
    Hearers operator()(const StandingSeen&) const { return nobody; }
    Hearers operator()(const NoticeMade&) const { return nobody; }
    Hearers operator()(const NoticeSent&) const { return nobody; }
    Hearers operator()(const NoticeDelivered&) const { return nobody; }
    Hearers operator()(const NoticeBounced&) const { return nobody; }
    Hearers operator()(const NoticeFailed&) const { return nobody; }

private:
    Hearers maker(OfferNo offer) const { return party(after_.offer(offer).by); }

    const Order& after_;
};

}  // namespace

Hearers hearers_of(const Order& after, const Event& event) {
    return std::visit(Listeners(after), event);
}

Events notices_of(const Order& after, const Events& change, std::uint64_t first) {
    Events notices;
    Hearers told;
    auto next = next_of(after.notices);
    for (std::size_t i = 0; i < change.size(); ++i) {
        const auto hearers = hearers_of(after, change[i].event);
        const auto add = [&](Party of) {
            notices.push_back(
                {.at = change[i].at,
                 .when = change[i].at,
                 .event = NoticeMade{
                     .notice = {next++}, .of = of, .about = first + i, .by = NoticeWay::mail}});
        };
        if (hearers.buyer && !told.buyer) add(Party::buyer);
        if (hearers.seller && !told.seller) add(Party::seller);
        told = {.buyer = told.buyer || hearers.buyer, .seller = told.seller || hearers.seller};
    }
    return notices;
}

}  // namespace holdfast::order
