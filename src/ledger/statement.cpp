#include "ledger/statement.h"

#include "base/verify.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr std::array own_accounts = {Account::payable, Account::reserve, Account::deposit,
                                     Account::payout, Account::debt};

Balances balances_of(const PartyBook& book, Currency currency) {
    const auto* purse = book.find_purse(currency);
    return purse ? purse->balances : Balances(currency);
}

std::optional<TransferKey> transfer_behind(const Event& event) {
    const auto* received = std::get_if<TransferReceived>(&event);
    return received ? std::optional(received->key) : std::nullopt;
}

std::optional<PayoutNo> payout_behind(const Event& event) {
    if (const auto* batched = std::get_if<PayoutBatched>(&event)) return batched->payout;
    if (const auto* settled = std::get_if<PayoutSettled>(&event)) return settled->payout;
    return std::nullopt;
}

void add_lines(std::vector<Line>& lines, const PartyBook& before, const Recorded& recorded,
               Currency currency) {
    for (const auto& posting : postings_of(before, recorded))
        if (is_own(posting.account) && posting.amount.currency() == currency)
            lines.push_back({.seq = before.version + 1,
                             .at = recorded.at,
                             .when = recorded.when,
                             .what = name_of(recorded.event),
                             .transfer = transfer_behind(recorded.event),
                             .payout = payout_behind(recorded.event),
                             .account = posting.account,
                             .amount = posting.amount.minor()});
}

void verify_adds_up(const Statement& statement) {
    auto sum = statement.opening_balance();
    for (const auto& line : statement.lines) sum += line.amount;
    VERIFY(sum == statement.closing_balance());
    for (const auto account : own_accounts) {
        auto stands = statement.opening.of(account);
        for (const auto& line : statement.lines)
            if (line.account == account) stands += line.amount;
        VERIFY(stands == statement.closing.of(account));
    }
}

// Whose a posting of an order's stream is; nobody's: what is held.
std::optional<order::Party> party_of(Account account) {
    switch (account) {
    case Account::buyer:
    case Account::processor: return order::Party::buyer;
    case Account::seller:
    case Account::transit:   return order::Party::seller;
    case Account::fee:
    case Account::guarantee: return order::Party::platform;
    case Account::escrow:    return std::nullopt;
    case Account::payable:
    case Account::reserve:
    case Account::debt:
    case Account::payout:
    case Account::deposit:
    case Account::fines:
    case Account::bank:
    case Account::count_:    break;
    }
    VERIFY(!"not an account of an order");
}

// What was told to leave and now has left is with the buyer as before: two lines, no share.
bool is_arrival(const order::Recorded& recorded) {
    return std::holds_alternative<order::InstructionSettled>(recorded.event);
}

OrderShare& share_of(OrderStatement& statement, order::Party party) {
    switch (party) {
    case order::Party::buyer:    return statement.buyer;
    case order::Party::seller:   return statement.seller;
    case order::Party::platform: return statement.platform;
    case order::Party::either:   break;
    }
    VERIFY(!"money is somebody's");
}

// One line per event, party and account; no posting is of 0.
void add(OrderStatement& statement, OrderLine line, Account account, Minor amount) {
    line.account = account;
    for (auto& other : statement.lines)
        if (other.seq == line.seq && other.party == line.party && other.account == account) {
            other.amount += amount;
            return;
        }
    line.amount = amount;
    statement.lines.push_back(line);
}

void add_shares(OrderStatement& statement, std::size_t first) {
    for (auto i = first; i < statement.lines.size(); ++i) {
        const auto& line = statement.lines[i];
        auto& share = share_of(statement, line.party);
        if (line.amount > 0)
            share.got += line.amount;
        else
            share.gave -= line.amount;
        if (line.account == Account::fee)
            share.fees += line.party == order::Party::seller ? -line.amount : line.amount;
    }
}

void add_lines(OrderStatement& statement, const order::Order& before,
               const order::Recorded& recorded) {
    OrderLine line{.seq = before.version + 1,
                   .at = recorded.at,
                   .when = recorded.when,
                   .what = order::name_of(recorded.event)};
    const auto first = statement.lines.size();
    for (const auto& [account, money] : postings_of(before, recorded)) {
        const auto party = party_of(account);
        if (!party) {
            statement.held += money.minor();
            continue;
        }
        line.party = *party;
        add(statement, line, account, money.minor());
        if (account != Account::fee) continue;
        line.party = order::Party::seller;
        add(statement, line, account, -money.minor());
        add(statement, line, seller_side(before), money.minor());
    }
    if (!is_arrival(recorded)) add_shares(statement, first);
}

}  // namespace

bool is_own(Account account) {
    return std::ranges::find(own_accounts, account) != own_accounts.end();
}

Minor own_balance(const Balances& balances) {
    Minor sum = 0;
    for (const auto account : own_accounts) sum += balances.of(account);
    return sum;
}

Statement statement_of(std::span<const Recorded> events, Currency currency, Instant from,
                       Instant until) {
    VERIFY(from <= until);
    PartyBook book;
    Statement statement{.from = from,
                        .until = until,
                        .opening = Balances(currency),
                        .closing = Balances(currency),
                        .lines = {}};
    for (const auto& event : events) {
        if (event.at >= until) break;
        if (event.at >= from) add_lines(statement.lines, book, event, currency);
        evolve(book, event);
        if (event.at < from) statement.opening = balances_of(book, currency);
    }
    statement.closing = balances_of(book, currency);
    verify_adds_up(statement);
    return statement;
}

OrderStatement statement_of(std::span<const order::Recorded> events) {
    order::Order state;
    OrderStatement statement;
    for (const auto& event : events) {
        if (state.placed) add_lines(statement, state, event);
        order::evolve(state, event);
    }
    statement.currency = state.currency();
    VERIFY(statement.buyer.net() + statement.seller.net() + statement.platform.net() +
               statement.held ==
           0);
    VERIFY(statement.held == state.money.held);
    return statement;
}

}  // namespace holdfast::ledger
