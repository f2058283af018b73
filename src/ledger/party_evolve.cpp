#include "ledger/party_evolve.h"

#include "base/verify.h"

#include <algorithm>
#include <utility>

namespace holdfast::ledger {
namespace {

// --- What moves

Transaction& add(Transaction& all, const Spread& spread) {
    return all.add(Account::payable, spread.payable)
        .add(Account::reserve, spread.reserve)
        .add(Account::deposit, spread.deposit)
        .add(Account::debt, spread.debt);
}

Postings between(Currency currency, Account from, Account to, Minor amount) {
    return Transaction(currency).add(from, -amount).add(to, amount).take();
}

Postings spread_from(Currency currency, Account from, Minor amount, const Spread& spread) {
    Transaction all(currency);
    all.add(from, -amount);
    return add(all, spread).take();
}

class Mover {
public:
    explicit Mover(const PartyBook& before) : before_(before) {}

    Postings operator()(const TransferReceived& event) const {
        return spread_from(event.currency, Account::transit, event.amount, event.spread);
    }
    Postings operator()(const PayoutHeld&) const { return {}; }
    Postings operator()(const order::Acknowledged&) const { return {}; }
    Postings operator()(const PayoutHoldLifted&) const { return {}; }
    Postings operator()(const PayoutBatched& event) const {
        return between(event.currency, Account::payable, Account::payout, event.amount);
    }
    Postings operator()(const PayoutSettled& event) const {
        const auto& payout = before_.payout(event.payout);
        VERIFY(payout.state != event.state);
        const bool was_in_flight = payout.state == PayoutState::in_flight;
        switch (event.state) {
        case PayoutState::in_flight: break;
        case PayoutState::succeeded:
            if (was_in_flight)
                return between(payout.currency, Account::payout, Account::bank, payout.amount);
            return spread_from(payout.currency, Account::bank, -payout.amount, event.spread);
        case PayoutState::failed:
            return spread_from(payout.currency, was_in_flight ? Account::payout : Account::bank,
                               payout.amount, event.spread);
        case PayoutState::count_: break;
        }
        VERIFY(!"a payout cannot settle as this");
    }
    Postings operator()(const ReserveSet&) const { return {}; }
    Postings operator()(const ReserveReleased& event) const {
        return between(event.currency, Account::reserve, Account::payable, event.amount);
    }
    Postings operator()(const DepositPaid& event) const {
        return between(event.currency, Account::bank, Account::deposit, event.amount);
    }
    Postings operator()(const DepositReturned& event) const {
        return spread_from(event.currency, Account::deposit, event.amount, event.spread);
    }
    Postings operator()(const DepositCoverSet&) const { return {}; }
    Postings operator()(const PayoutAccountSet&) const { return {}; }
    Postings operator()(const ContactSet&) const { return {}; }
    Postings operator()(const ContactCleared&) const { return {}; }
    Postings operator()(const ContactBounced&) const { return {}; }
    Postings operator()(const Fined& event) const {
        return spread_from(event.currency, Account::fines, -event.amount, event.spread);
    }
    Postings operator()(const DebtPaid& event) const {
        return spread_from(event.currency, Account::bank, event.amount, event.spread);
    }
    Postings operator()(const DebtWrittenOff& event) const {
        return between(event.currency, Account::transit, Account::debt, event.amount);
    }

private:
    const PartyBook& before_;
};

// --- What else follows

Purse& purse_of(PartyBook& book, Currency currency) {
    for (auto& purse : book.purses)
        if (purse.balances.currency() == currency) return purse;
    return book.purses.emplace_back(
        Purse{.balances = Balances(currency), .reserved = {}, .items = {}});
}

void put_by(PartyBook& book, Currency currency, Minor amount, Instant free_at) {
    auto& parts = purse_of(book, currency).reserved;
    const auto place = std::ranges::upper_bound(parts, free_at, {}, &ReservePart::free_at);
    parts.insert(place, {.no = {++book.reserves_made}, .left = amount, .free_at = free_at});
}

// What covers a sum is taken from the parts that would be free soonest.
void use_reserve(Purse& purse, Minor amount) {
    while (amount > 0) {
        VERIFY(!purse.reserved.empty());
        auto& part = purse.reserved.front();
        const auto used = std::min(part.left, amount);
        part.left -= used;
        amount -= used;
        if (part.left == 0) purse.reserved.pop_front();
    }
}

// Writes all but the balances into the book; these are posted already.
class Fold {
public:
    Fold(PartyBook& book, const Recorded& recorded) : book_(book), recorded_(recorded) {}

    void operator()(const TransferReceived& event) {
        const Sum sum{event.currency, event.amount};
        VERIFY(event.amount != 0 && book_.received.emplace(event.key, sum).second);
        note(event.currency, event.spread, event.key);
        if (event.spread.reserve <= 0) return;
        VERIFY(event.reserved_until);
        put_by(book_, event.currency, event.spread.reserve, *event.reserved_until);
    }
    void operator()(const PayoutHeld& event) {
        VERIFY(std::ranges::find(book_.holds, event.reason, &Hold::reason) == book_.holds.end());
        book_.holds.push_back({.reason = event.reason, .by = event.by, .since = recorded_.when});
    }
    void operator()(const PayoutHoldLifted& event) {
        VERIFY(std::erase_if(book_.holds,
                             [&](const Hold& hold) { return hold.reason == event.reason; }) == 1);
    }
    void operator()(const PayoutBatched& event) {
        VERIFY(event.payout.value == book_.payouts.size() + 1 && event.amount > 0);
        auto& purse = purse_of(book_, event.currency);
        VERIFY(event.items == purse.items && purse.balances.of(Account::payable) == 0);
        purse.items.clear();
        book_.payouts.push_back({.currency = event.currency,
                                 .amount = event.amount,
                                 .state = PayoutState::in_flight,
                                 .told_at = recorded_.when});
        VERIFY(is_sound(book_));
    }
    void operator()(const PayoutSettled& event) {
        auto& payout = book_.payouts.at(event.payout.value - 1U);
        payout.state = event.state;
        payout.told_at = recorded_.when;
        note(payout.currency, event.spread);
    }
    void operator()(const order::Acknowledged&) {}
    void operator()(const ReserveSet& event) {
        book_.reserve = {.basis_points = event.basis_points, .days = event.days};
    }
    void operator()(const ReserveReleased& event) {
        auto& purse = purse_of(book_, event.currency);
        VERIFY(!purse.reserved.empty());
        const auto part = purse.reserved.front();
        VERIFY(part.no == event.reserve && part.left == event.amount &&
               part.free_at == recorded_.when);
        purse.reserved.pop_front();
        note(event.currency, {.payable = event.amount});
    }
    void operator()(const DepositPaid& event) {
        note_paid(event.reference, {event.currency, event.amount});
    }
    void operator()(const DepositReturned& event) { note(event.currency, event.spread); }
    void operator()(const DepositCoverSet& event) { book_.deposit_covers_debt = event.covers_debt; }
    void operator()(const Fined& event) { note(event.currency, event.spread); }
    void operator()(const DebtPaid& event) {
        note_paid(event.reference, {event.currency, event.amount});
        note(event.currency, event.spread);
    }
    void operator()(const DebtWrittenOff&) {}
    void operator()(const PayoutAccountSet& event) { book_.payout_account = event.account; }
    void operator()(const ContactSet& event) {
        book_.contact = Contact{.mark = event.mark, .language = event.language};
    }
    void operator()(const ContactCleared&) { book_.contact.reset(); }
    void operator()(const ContactBounced& event) {
        VERIFY(book_.contact);
        book_.contact->bounced = recorded_.when;
        book_.contact->code = event.code;
    }

private:
    void note(Currency currency, const Spread& spread, std::optional<TransferKey> key = {}) {
        auto& purse = purse_of(book_, currency);
        if (spread.payable != 0)
            purse.items.push_back(
                {.seq = book_.version + 1, .amount = spread.payable, .transfer = key});
        if (spread.reserve < 0) use_reserve(purse, -spread.reserve);
    }
    void note_paid(const Word& reference, Sum sum) {
        VERIFY(book_.paid_in.emplace(reference, sum).second);
    }

    PartyBook& book_;
    const Recorded& recorded_;
};

}  // namespace

Postings postings_of(const PartyBook& before, const Recorded& recorded) {
    return std::visit(Mover(before), recorded.event);
}

void evolve(PartyBook& book, const Recorded& recorded) {
    VERIFY(recorded.at >= book.last_at);
    const auto postings = postings_of(book, recorded);
    for (const auto& posting : postings)
        purse_of(book, posting.amount.currency()).balances.post(posting);
    Fold fold(book, recorded);
    std::visit(fold, recorded.event);
    book.last_at = recorded.at;
    ++book.version;
    for (const auto& purse : book.purses) VERIFY(is_sound(purse.balances));
}

PartyBook replay(std::span<const Recorded> events) {
    PartyBook book;
    for (const auto& event : events) evolve(book, event);
    return book;
}

std::optional<Transfer> transfer_of(const IdBytes& stream, const PartyBook& before,
                                    const Recorded& recorded) {
    const auto* event = std::get_if<DebtWrittenOff>(&recorded.event);
    if (!event) return std::nullopt;
    return Transfer{.key = {.stream = stream, .seq = before.version + 1},
                    .to = event->by,
                    .currency = event->currency,
                    .amount = -event->amount,
                    .cause = TransferCause::write_off};
}

bool is_sound(const Balances& balances) {
    for (const auto account :
         {Account::payable, Account::reserve, Account::payout, Account::deposit, Account::fines})
        if (balances.of(account) < 0) return false;
    const auto debt = balances.of(Account::debt);
    return balances.sum() == 0 && debt <= 0 &&
           (debt == 0 ||
            (balances.of(Account::payable) == 0 && balances.of(Account::reserve) == 0));
}

bool is_sound(const PartyBook& book) {
    for (const auto& purse : book.purses) {
        Minor reserved = 0, items = 0, in_flight = 0;
        for (const auto& part : purse.reserved) reserved += part.left;
        for (const auto& item : purse.items) items += item.amount;
        for (const auto& payout : book.payouts)
            if (payout.state == PayoutState::in_flight &&
                payout.currency == purse.balances.currency())
                in_flight += payout.amount;
        const auto& balances = purse.balances;
        if (!is_sound(balances) || reserved != balances.of(Account::reserve) ||
            items != balances.of(Account::payable) || in_flight != balances.of(Account::payout))
            return false;
    }
    return true;
}

}  // namespace holdfast::ledger
