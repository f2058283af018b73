#include "api/party_requests.h"

#include "http/header.h"

namespace holdfast::api {
namespace {

constexpr std::int32_t days_most = 3650;

// A sum with its own currency: a party has books in several.
template <class T>
void need_sum(Members& body, T& of) {
    body.need_sum("amount", of.amount, 1, sum_max);
    of.currency = body.reading().currency.value_or(of.currency);
}

ledger::HoldReason read_hold(Members& body) {
    auto reason = ledger::HoldReason::operator_decision;
    body.may("reason", reason);
    return reason;
}

ledger::Request read_payout(Members& body) {
    ledger::BatchPayout batch;
    body.need("currency", batch.currency);
    body.reading().currency = batch.currency;
    body.may_sum("at_least", batch.at_least, 1, wire_max);
    return batch;
}

ledger::Request read_reserve(Members& body) {
    ledger::SetReserve set;
    body.need("basis_points", set.basis_points, Members::Range{0, 10'000});
    body.need("days", set.days, Members::Range{0, days_most});
    return set;
}

ledger::Request read_cover(Members& body) {
    ledger::SetDepositCover set;
    body.need("covers_debt", set.covers_debt);
    return set;
}

ledger::Request read_account(Members& body) {
    ledger::SetPayoutAccount set;
    body.need("account", set.account, TextRule{.most = 255, .allows = http::is_visible});
    return set;
}

ledger::Request read_returned(Members& body) {
    ledger::ReturnDeposit back;
    need_sum(body, back);
    return back;
}

ledger::Request read_fine(Members& body) {
    ledger::Fine fine;
    need_sum(body, fine);
    body.need("clause", fine.clause);
    body.may("reason", fine.reason);
    return fine;
}

ledger::Request read_write_off(Members& body) {
    ledger::WriteOffDebt write_off;
    need_sum(body, write_off);
    body.need("by", write_off.by);
    return write_off;
}

std::optional<ledger::Request> read_request(Operation operation, Members& body) {
    switch (operation) {
    case Operation::hold_payouts:       return ledger::HoldPayouts{read_hold(body)};
    case Operation::lift_hold:          return ledger::LiftHold{read_hold(body)};
    case Operation::batch_payout:       return read_payout(body);
    case Operation::set_reserve:        return read_reserve(body);
    case Operation::set_deposit_cover:  return read_cover(body);
    case Operation::set_payout_account: return read_account(body);
    case Operation::return_deposit:     return read_returned(body);
    case Operation::fine_party:         return read_fine(body);
    case Operation::write_off_debt:     return read_write_off(body);
    default:                            return std::nullopt;
    }
}

template <class Paid>
ledger::Seen read_paid(Members& body) {
    Paid paid;
    body.need("reference", paid.reference);
    need_sum(body, paid);
    return paid;
}

ledger::Seen read_settled(Members& body, std::uint64_t payout) {
    ledger::SeePayout seen{.payout = {static_cast<std::uint32_t>(payout)}};
    body.need("state", seen.state);
    if (seen.state == ledger::PayoutState::in_flight)
        body.reading().fault(body.pointer_to("state"), "invalid");
    return seen;
}

std::optional<ledger::Seen> read_seen(Operation operation, std::uint64_t payout, Members& body) {
    switch (operation) {
    case Operation::settle_payout:       return read_settled(body, payout);
    case Operation::record_deposit:      return read_paid<ledger::SeeDepositPaid>(body);
    case Operation::record_debt_payment: return read_paid<ledger::SeeDebtPaid>(body);
    default:                             return std::nullopt;
    }
}

}  // namespace

std::optional<PartyAsk> read_party_ask(Operation operation, std::uint64_t payout, Members& body) {
    if (auto seen = read_seen(operation, payout, body)) {
        auto when = Instant::max();  // the books take what is later than its arrival as that
        body.may("when", when);
        return ledger::Observation{.when = when, .seen = *std::move(seen)};
    }
    auto request = read_request(operation, body);
    if (!request) return std::nullopt;
    return ledger::Command{.request = *std::move(request)};
}

}  // namespace holdfast::api
