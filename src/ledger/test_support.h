// For the tests of this folder: chance that is the same every time, and books that are checked.
#pragma once

#include "ledger/party_decide.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/test_support.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace holdfast::ledger::test {

using order::test::days;
using order::test::hours;
using order::test::noon;

// As many cases as a checked build can take in a few seconds.
#ifdef __SANITIZE_ADDRESS__
inline constexpr int many = 20'000;
#else
inline constexpr int many = 1'000'000;
#endif

class Dice {  // splitmix64
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        auto z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    // Both ends belong to it.
    std::int64_t from_to(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(to - from + 1));
    }
    // Of any size up to `most`: small sums, where a unit counts, as often as large ones.
    std::int64_t sum(std::int64_t most) {
        const auto bits = from_to(0, 53);
        return std::min<std::int64_t>(most, static_cast<std::int64_t>(next() >> (64 - bits - 1)));
    }

private:
    std::uint64_t state_;
};

inline order::PartyId party(std::uint8_t n) {
    order::PartyId id;
    id.bytes[15] = n;
    return id;
}

inline TransferKey key(std::uint64_t seq) {
    IdBytes stream{};
    stream[15] = 7;
    return {.stream = stream, .seq = seq};
}

inline Transfer transfer(std::uint64_t seq, Minor amount, Currency currency = Currency::eur) {
    return {.key = key(seq),
            .to = party(2),
            .currency = currency,
            .amount = amount,
            .cause = amount > 0 ? TransferCause::release : TransferCause::refund};
}

// One party's book, its events, and what is asked of it in turn. Every step catches up first.
class Holder {
public:
    void pass(Instant now) {
        for (const auto& change : catch_up(book, now)) apply(change);
    }
    Decision ask(Instant now, Request request, order::Party by = order::Party::platform) {
        pass(now);
        return keep(decide(book, {by, std::move(request)}, now));
    }
    Decision see(Instant now, Seen seen) { return see(now, now, std::move(seen)); }
    Decision see(Instant now, Instant when, Seen seen) {
        pass(now);
        return keep(observe(book, {when, std::move(seen)}, now));
    }
    Minor of(Account account, Currency currency = Currency::eur) const {
        return book.of(account, currency);
    }

    PartyBook book;
    Events events;

private:
    Decision keep(Decision decision) {
        if (decision) apply(*decision);
        return decision;
    }
    void apply(const Events& change) {
        for (const auto& event : change) {
            REQUIRE(is_zero_sum(postings_of(book, event)));
            evolve(book, event);
            REQUIRE(is_sound(book));
            events.push_back(event);
        }
    }
};

inline Refusal refusal(const Decision& decision) {
    REQUIRE_FALSE(decision.has_value());
    return decision.error();
}

// An order's accounts, posted event by event and compared with the order after each.
inline Balances balances_of(const order::Events& events) {
    order::Order state;
    std::optional<Balances> balances;
    for (const auto& event : events) {
        const auto postings = state.placed ? postings_of(state, event) : Postings{};
        order::evolve(state, event);
        if (!balances) balances.emplace(state.currency());
        balances->post(postings);
        verify_agrees(*balances, state);
    }
    REQUIRE(balances.has_value());
    return *balances;
}

inline std::vector<Transfer> transfers_of(const order::Events& events) {
    order::Order state;
    std::vector<Transfer> all;
    for (const auto& event : events) {
        if (state.placed)
            if (auto one = transfer_of(key(0).stream, state, event)) all.push_back(*one);
        order::evolve(state, event);
    }
    return all;
}

}  // namespace holdfast::ledger::test
