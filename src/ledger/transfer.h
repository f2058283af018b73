// A sum on its way from one stream to another, carried by the outbox.
//
// The stream it comes from posts `amount` to its transit account with the event that sends it, the
// stream it goes to posts the opposite when it is received. At least once outside, one effect
// inside: the key names the transfer for ever.
#pragma once

#include "base/currency.h"
#include "base/id.h"
#include "ledger/account.h"
#include "order/order.h"

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace holdfast::ledger {

struct TransferKey {
    IdBytes stream{};       // it comes from
    std::uint64_t seq = 0;  // of the event that sent it, from 1
    auto operator<=>(const TransferKey&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("stream", stream);
        f("seq", seq);
    }
};

enum class TransferCause : std::uint8_t {
    release,       // the order's money is the seller's
    refund,        // the seller's part of what went back to the buyer
    compensation,  // the seller's part of what the buyer got beyond
    chargeback,    // the seller's part of what the processor took
    write_off,     // a debt that the operator bears
    count_
};
std::string_view to_string(TransferCause value);

struct Transfer {
    TransferKey key;
    order::PartyId to;
    Currency currency = Currency::eur;
    Minor amount = 0;  // above 0: for the party; below: taken from them; never 0
    TransferCause cause = TransferCause::release;
    bool operator==(const Transfer&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("key", key);
        f("to", to);
        f("currency", currency);
        f("amount", amount);
        f("cause", cause);
    }
};

// What many transfers come to, per party and currency, in order of both; sums of 0 are left in.
struct Net {
    order::PartyId party;
    Currency currency = Currency::eur;
    Minor in = 0, out = 0;  // each 0 or more; net is in - out
    bool operator==(const Net&) const = default;
};
std::vector<Net> net_of(std::span<const Transfer> transfers);

}  // namespace holdfast::ledger
