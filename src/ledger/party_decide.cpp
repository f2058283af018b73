#include "ledger/party_decide.h"

#include "base/verify.h"
#include "ledger/party_evolve.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr std::int32_t days_max = 3650;

std::unexpected<Refusal> no(RefusalCode code, std::optional<Minor> limit = {}) {
    return std::unexpected(Refusal{code, limit});
}

// Room is left for as much again in every account, so that no sum ever leaves the range.
bool is_sum(const PartyBook& book, Currency currency, Minor amount) {
    if (amount <= 0 || amount > Money::max_minor / 4) return false;
    const auto* purse = book.find_purse(currency);
    if (!purse) return true;
    for (std::size_t i = 0; i < account_count; ++i) {
        const auto stands = purse->balances.of(static_cast<Account>(i));
        if (std::max(stands, -stands) > Money::max_minor / 2 - amount) return false;
    }
    return true;
}

struct Asked {
    const PartyBook& book;
    Instant when;
};

using Answer = std::expected<std::vector<Event>, Refusal>;

Answer yes(Event event) { return std::vector{std::move(event)}; }
Answer nothing() { return std::vector<Event>{}; }

bool is_held(const PartyBook& book, HoldReason reason) {
    return std::ranges::find(book.holds, reason, &Hold::reason) != book.holds.end();
}

// --- Requests

Answer handle(const Asked& asked, const HoldPayouts& hold) {
    if (hold.reason >= HoldReason::count_) return no(RefusalCode::malformed);
    if (is_held(asked.book, hold.reason)) return no(RefusalCode::already_held);
    return yes(PayoutHeld{.reason = hold.reason, .by = order::Party::platform});
}

Answer handle(const Asked& asked, const LiftHold& lift) {
    if (!is_held(asked.book, lift.reason)) return no(RefusalCode::unknown_hold);
    return yes(PayoutHoldLifted{.reason = lift.reason, .by = order::Party::platform});
}

Answer handle(const Asked& asked, const BatchPayout& batch) {
    if (batch.at_least < 1) return no(RefusalCode::malformed);
    if (!asked.book.holds.empty()) return no(RefusalCode::held);
    const auto payable = asked.book.of(Account::payable, batch.currency);
    if (payable < batch.at_least) return no(RefusalCode::nothing_payable, payable);
    return yes(PayoutBatched{.payout = {static_cast<std::uint32_t>(asked.book.payouts.size() + 1)},
                             .currency = batch.currency,
                             .amount = payable,
                             .items = asked.book.find_purse(batch.currency)->items});
}

Answer handle(const Asked&, const SetReserve& set) {
    if (set.basis_points < 0 || set.basis_points > 10'000 || set.days < 0 || set.days > days_max ||
        (set.basis_points > 0 && set.days == 0))
        return no(RefusalCode::malformed);
    return yes(ReserveSet{.basis_points = set.basis_points, .days = set.days});
}

Answer handle(const Asked& asked, const SetDepositCover& set) {
    if (asked.book.deposit_covers_debt == set.covers_debt) return nothing();
    return yes(DepositCoverSet{.covers_debt = set.covers_debt});
}

Answer handle(const Asked& asked, const SetPayoutAccount& set) {
    if (!set.account.empty() && !order::is_processor_name(set.account))
        return no(RefusalCode::malformed);
    if (asked.book.payout_account == set.account) return nothing();
    return yes(PayoutAccountSet{.account = set.account});
}

Answer handle(const Asked&, const BeginBooks&) { return nothing(); }

// The same again takes back that it bounced: somebody looked at it.
Answer handle(const Asked& asked, const SetContact& set) {
    if (set.mark.empty()) return no(RefusalCode::malformed);
    const auto& known = asked.book.contact;
    if (known && known->mark == set.mark && known->language == set.language && !known->bounced)
        return nothing();
    return yes(ContactSet{.mark = set.mark, .language = set.language});
}

Answer handle(const Asked& asked, const ClearContact&) {
    if (!asked.book.contact) return nothing();
    return yes(ContactCleared{});
}

Answer handle(const Asked& asked, const ReturnDeposit& back) {
    if (!is_sum(asked.book, back.currency, back.amount)) return no(RefusalCode::malformed);
    const auto most = asked.book.of(Account::deposit, back.currency);
    if (back.amount > most) return no(RefusalCode::amount_exceeds, most);
    return yes(DepositReturned{.currency = back.currency,
                               .amount = back.amount,
                               .spread = spread_in(asked.book, back.currency, back.amount)});
}

Answer handle(const Asked& asked, const Fine& fine) {
    if (!is_sum(asked.book, fine.currency, fine.amount) || fine.clause.empty() ||
        fine.reason >= FineReason::count_)
        return no(RefusalCode::malformed);
    return yes(Fined{.currency = fine.currency,
                     .amount = fine.amount,
                     .clause = fine.clause,
                     .reason = fine.reason,
                     .spread = spread_out(asked.book, fine.currency, fine.amount)});
}

Answer handle(const Asked& asked, const WriteOffDebt& write_off) {
    if (!is_sum(asked.book, write_off.currency, write_off.amount) ||
        write_off.by == order::PartyId{})
        return no(RefusalCode::malformed);
    const auto most = -asked.book.of(Account::debt, write_off.currency);
    if (write_off.amount > most) return no(RefusalCode::amount_exceeds, most);
    return yes(DebtWrittenOff{
        .currency = write_off.currency, .amount = write_off.amount, .by = write_off.by});
}

// --- Observations

Answer see(const Asked& asked, const SeeTransfer& seen) {
    const auto& transfer = seen.transfer;
    const auto& book = asked.book;
    const auto found = book.received.find(transfer.key);
    if (found != book.received.end()) {
        if (found->second == Sum{transfer.currency, transfer.amount}) return nothing();
        return no(RefusalCode::duplicate_transfer);
    }
    const auto amount = std::max(transfer.amount, -transfer.amount);
    if (transfer.key.seq == 0 || !is_sum(book, transfer.currency, amount))
        return no(RefusalCode::malformed);

    TransferReceived event{.key = transfer.key,
                           .currency = transfer.currency,
                           .amount = transfer.amount,
                           .cause = transfer.cause,
                           .spread = {}};
    event.spread = transfer.amount > 0
                       ? spread_in(book, transfer.currency, amount, book.reserve.basis_points)
                       : spread_out(book, transfer.currency, amount);
    // From when it was the party's: a slow courier keeps nothing back for longer.
    if (event.spread.reserve > 0)
        event.reserved_until = asked.when + std::chrono::days{book.reserve.days};
    return yes(event);
}

Answer see(const Asked& asked, const SeePayout& seen) {
    if (seen.state != PayoutState::succeeded && seen.state != PayoutState::failed)
        return no(RefusalCode::malformed);
    if (seen.payout.value == 0 || seen.payout.value > asked.book.payouts.size())
        return no(RefusalCode::unknown_payout);
    const auto& payout = asked.book.payout(seen.payout);
    if (payout.state == seen.state) return nothing();
    const bool in_flight = payout.state == PayoutState::in_flight;
    if (!in_flight && asked.when <= payout.told_at) return nothing();  // older news, late

    PayoutSettled event{.payout = seen.payout, .state = seen.state};
    if (seen.state == PayoutState::failed)
        event.spread = spread_in(asked.book, payout.currency, payout.amount);
    else if (!in_flight)
        event.spread = spread_out(asked.book, payout.currency, payout.amount);
    return yes(event);
}

// What the processor's reference stood for, if it is known.
std::optional<Answer> seen_before(const Asked& asked, const Word& reference, Sum sum) {
    const auto found = asked.book.paid_in.find(reference);
    if (found == asked.book.paid_in.end()) return std::nullopt;
    if (found->second == sum) return nothing();
    return no(RefusalCode::duplicate_payment);
}

Answer see(const Asked& asked, const SeeDepositPaid& seen) {
    if (auto known = seen_before(asked, seen.reference, {seen.currency, seen.amount}))
        return *std::move(known);
    if (seen.reference.empty() || !is_sum(asked.book, seen.currency, seen.amount))
        return no(RefusalCode::malformed);
    return yes(
        DepositPaid{.reference = seen.reference, .currency = seen.currency, .amount = seen.amount});
}

Answer see(const Asked& asked, const SeeDebtPaid& seen) {
    if (auto known = seen_before(asked, seen.reference, {seen.currency, seen.amount}))
        return *std::move(known);
    if (seen.reference.empty() || !is_sum(asked.book, seen.currency, seen.amount))
        return no(RefusalCode::malformed);
    return yes(DebtPaid{.reference = seen.reference,
                        .currency = seen.currency,
                        .amount = seen.amount,
                        .spread = spread_in(asked.book, seen.currency, seen.amount)});
}

Answer see(const Asked& asked, const SeeBounced& seen) {
    const auto& contact = asked.book.contact;
    if (!contact || contact->mark != seen.mark || contact->bounced) return nothing();
    return yes(ContactBounced{.code = seen.code});
}

Decision dated(Answer answer, Instant at, Instant when) {
    if (!answer) return std::unexpected(answer.error());
    Events events;
    for (auto& event : *answer) events.push_back({at, when, std::move(event)});
    return events;
}

}  // namespace

std::string_view to_string(RefusalCode value) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(RefusalCode::count_)>
        words = {"wrong_role",      "duplicate_transfer", "duplicate_payment", "malformed",
                 "unknown_payout",  "already_held",       "unknown_hold",      "held",
                 "nothing_payable", "amount_exceeds"};
    VERIFY(value < RefusalCode::count_);
    return words[static_cast<std::size_t>(value)];
}

Decision decide(const PartyBook& book, const Command& command, Instant received_at) {
    if (command.by != order::Party::platform) return no(RefusalCode::wrong_role);
    const auto at = std::max(received_at, book.last_at);
    const Asked asked{book, at};
    return dated(
        std::visit([&](const auto& request) { return handle(asked, request); }, command.request),
        at, at);
}

Decision observe(const PartyBook& book, const Observation& observation, Instant received_at) {
    const auto at = std::max(received_at, book.last_at);
    const auto when = std::min(observation.when, at);
    const Asked asked{book, when};
    return dated(std::visit([&](const auto& seen) { return see(asked, seen); }, observation.seen),
                 at, when);
}

std::optional<Instant> next_deadline(const PartyBook& book) {
    std::optional<Instant> next;
    for (const auto& purse : book.purses)
        if (!purse.reserved.empty())
            next = std::min(next.value_or(Instant::max()), purse.reserved.front().free_at);
    return next;
}

std::vector<Events> catch_up(const PartyBook& book, Instant now) {
    std::vector<Events> changes;
    auto due = next_deadline(book);
    if (!due || *due > now) return changes;  // the commonest; a book can be large
    for (auto state = book; due && *due <= now; due = next_deadline(state)) {
        auto& events = changes.emplace_back();
        while (next_deadline(state) == due) {
            const auto purse = std::ranges::find_if(state.purses, [&](const Purse& one) {
                return !one.reserved.empty() && one.reserved.front().free_at == *due;
            });
            VERIFY(purse != state.purses.end());
            const auto part = purse->reserved.front();
            events.push_back({std::max(*due, state.last_at), *due,
                              ReserveReleased{.reserve = part.no,
                                              .currency = purse->balances.currency(),
                                              .amount = part.left}});
            evolve(state, events.back());
        }
    }
    return changes;
}

}  // namespace holdfast::ledger
