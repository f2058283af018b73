#include "ledger/posting.h"

#include "base/verify.h"

#include <concepts>
#include <variant>

namespace holdfast::ledger {
namespace {

using order::Order;

template <class E, class... Es>
concept AnyOf = (std::same_as<E, Es> || ...);

// Named one by one, so that a new event has to be placed here or above.
template <class E>
concept MovesNothing =
    AnyOf<E, order::Placed, order::PaymentAuthorised, order::AuthorisationEnded,
          order::CancelRequested, order::CancelDeclined, order::Cancelled, order::Shipped,
          order::Scanned, order::ScanWithdrawn, order::ExtensionRequested, order::Extended,
          order::ReceiptConfirmed, order::Completed, order::GiftPromised,
          order::InstructionRepeated, order::DisputeOpened, order::DisputeModified,
          order::DisputeWithdrawn, order::DisputeAnswered, order::OfferMade, order::OfferAccepted,
          order::OfferDeclined, order::OfferExpired, order::SettlementWoke, order::Escalated,
          order::EvidenceRequested, order::EvidenceSubmitted, order::EvidenceLapsed, order::Decided,
          order::Appealed, order::ReturnAgreed, order::ReturnPrepared, order::ReturnSent,
          order::ReturnDelivered, order::ReturnReceived, order::ReturnContested,
          order::ReplacementAgreed, order::DisputeClosed, order::ChargebackAnswered,
          order::UpstreamLinked, order::UpstreamGranted, order::ArrivedAfterRefund,
          order::ArrivalSettled, order::DefaultStruck, order::OutageGivenBack, order::Reminded,
          order::Acknowledged, order::MessageSent, order::StandingSeen, order::NoticeMade,
          order::NoticeSent, order::NoticeDelivered, order::NoticeBounced, order::NoticeFailed>;

class Mover {
public:
    explicit Mover(const Order& before) : before_(before), all_(before.currency()) {}

    void operator()(const order::PaymentCaptured& event) {
        all_.add(Account::buyer, -event.amount).add(Account::escrow, event.amount);
    }
    void operator()(const order::Released& event) {
        all_.add(Account::escrow, -event.gross)
            .add(Account::fee, event.commission)
            .add(seller_side(before_), event.gross - event.commission);
    }
    void operator()(const order::RefundIssued& event) {
        take(event.from_held, event.from_seller, event.commission, event.from_guarantee);
        all_.add(Account::processor, event.amount);
    }
    void operator()(const order::Compensated& event) {
        take(/*held=*/0, event.from_seller, /*commission=*/0, event.from_guarantee);
        all_.add(Account::processor, event.amount);
    }
    // A failure leaves the money where it is, until the instruction is repeated.
    void operator()(const order::InstructionSettled& event) {
        const auto& told = before_.instructions.at(order::index_of(event.instruction));
        VERIFY(told.state != order::InstructionState::succeeded);
        if (event.state != order::InstructionState::succeeded ||
            told.kind == order::InstructionKind::void_authorisation)
            return;
        all_.add(Account::processor, -told.amount).add(Account::buyer, told.amount);
    }
    void operator()(const order::ChargebackOpened& event) {
        take(event.from_held, event.from_seller, event.commission, event.from_guarantee);
        all_.add(Account::buyer, event.amount);
    }
    void operator()(const order::ChargebackResolved& event) {
        if (event.state != order::ChargebackState::won) return;
        const auto& won = before_.chargebacks.at(order::index_of(event.chargeback));
        all_.add(Account::buyer, -won.amount)
            .add(Account::guarantee, won.from_guarantee)
            .add(Account::escrow, won.amount - won.from_guarantee);
    }
    template <MovesNothing E>
    void operator()(const E&) {}

    Postings take_all() { return all_.take(); }

private:
    void take(Minor held, Minor seller, Minor commission, Minor guarantee) {
        all_.add(Account::escrow, -held)
            .add(seller_side(before_), -seller)
            .add(Account::fee, -commission)
            .add(Account::guarantee, -guarantee);
    }

    const Order& before_;
    Transaction all_;
};

std::optional<TransferCause> cause_of(const order::Event& event) {
    if (std::holds_alternative<order::Released>(event)) return TransferCause::release;
    if (std::holds_alternative<order::RefundIssued>(event)) return TransferCause::refund;
    if (std::holds_alternative<order::Compensated>(event)) return TransferCause::compensation;
    if (std::holds_alternative<order::ChargebackOpened>(event)) return TransferCause::chargeback;
    return std::nullopt;
}

}  // namespace

Account seller_side(const Order& order) {
    return order.terms_of_sale.custody == order::Custody::held ? Account::transit : Account::seller;
}

Postings postings_of(const Order& before, const order::Recorded& event) {
    Mover mover(before);
    std::visit(mover, event.event);
    return mover.take_all();
}

std::optional<Transfer> transfer_of(const IdBytes& stream, const Order& before,
                                    const order::Recorded& event) {
    for (const auto& posting : postings_of(before, event)) {
        if (posting.account != Account::transit) continue;
        const auto cause = cause_of(event.event);
        VERIFY(cause);
        return Transfer{.key = {.stream = stream, .seq = before.version + 1},
                        .to = before.terms_of_sale.seller,
                        .currency = before.currency(),
                        .amount = posting.amount.minor(),
                        .cause = *cause};
    }
    return std::nullopt;
}

Standing standing_of(const Balances& balances) {
    return {.held = balances.of(Account::escrow),
            .fees = balances.of(Account::fee),
            .with_seller = balances.of(Account::transit) + balances.of(Account::seller),
            .by_guarantee = -balances.of(Account::guarantee),
            .outside = -balances.of(Account::buyer) - balances.of(Account::processor),
            .under_way = balances.of(Account::processor)};
}

Standing standing_of(const Order& order) {
    const auto& money = order.money;
    auto under_way = money.refunded + money.compensated;
    for (const auto& told : order.instructions)
        if (told.state == order::InstructionState::succeeded &&
            told.kind != order::InstructionKind::void_authorisation)
            under_way -= told.amount;
    return {.held = money.held,
            .fees = money.fees,
            .with_seller = money.released - money.advanced_by_seller,
            .by_guarantee = money.advanced_by_guarantee,
            .outside = money.captured - money.refunded - money.compensated - money.charged_back,
            .under_way = under_way};
}

void verify_agrees(const Balances& balances, const Order& order) {
    VERIFY(balances.currency() == order.currency());
    VERIFY(balances.sum() == 0);
    VERIFY(standing_of(balances) == standing_of(order));
}

}  // namespace holdfast::ledger
