#include "ledger/party.h"

#include "base/enum_word.h"
#include "base/verify.h"
#include "ledger/party_event.h"

#include <algorithm>
#include <array>

namespace holdfast::ledger {
std::string_view to_string(HoldReason value) {
    return enum_word(
        std::array<std::string_view, 6>{"new_seller", "dispute_rate", "identity_unverified",
                                        "legal_order", "negative_balance", "operator_decision"},
        value);
}

std::string_view to_string(FineReason value) {
    return enum_word(
        std::array<std::string_view, 6>{"cancelled_by_seller", "shipped_late", "false_tracking",
                                        "counterfeit", "payment_elsewhere", "other"},
        value);
}

std::string_view to_string(PayoutState value) {
    return enum_word(std::array<std::string_view, 3>{"in_flight", "succeeded", "failed"}, value);
}

std::string_view name_of(const Event& event) {
    return std::visit([]<class E>(const E&) { return E::name; }, event);
}

const Purse* PartyBook::find_purse(Currency currency) const {
    for (const auto& purse : purses)
        if (purse.balances.currency() == currency) return &purse;
    return nullptr;
}

Minor PartyBook::of(Account account, Currency currency) const {
    const auto* purse = find_purse(currency);
    return purse ? purse->balances.of(account) : 0;
}

Spread spread_in(const PartyBook& book, Currency currency, Minor amount,
                 std::int32_t basis_points) {
    VERIFY(amount >= 0);
    Spread spread;
    spread.debt = std::min(amount, -book.of(Account::debt, currency));
    const auto rest = amount - spread.debt;
    spread.reserve =
        share_of(Money::of_minor(rest, currency), basis_points, Rounding::half_even).minor();
    spread.payable = rest - spread.reserve;
    return spread;
}

Spread spread_out(const PartyBook& book, Currency currency, Minor amount) {
    VERIFY(amount >= 0);
    Spread spread;
    const auto take = [&](Account account) {
        const auto part = std::min(amount, book.of(account, currency));
        amount -= part;
        return -part;
    };
    spread.payable = take(Account::payable);
    spread.reserve = take(Account::reserve);
    if (book.deposit_covers_debt) spread.deposit = take(Account::deposit);
    spread.debt = -amount;
    return spread;
}

}  // namespace holdfast::ledger
