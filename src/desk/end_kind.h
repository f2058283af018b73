// What the end reasons of platforms mean for the money.
#pragma once

#include "desk/purchase.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::desk {

// How an order ended, by the platform's word.
enum class EndKind : std::uint8_t {
    none,
    confirmed,   // the buyer said that it arrived
    timed_out,   // confirmed by itself: nobody said that it arrived
    refund_due,  // cancelled or refused after payment
    never_paid,
    claim_paid,
    unknown,  // ended, with a word that we do not know
};
EndKind end_kind_of(std::string_view end_reason);

// How the whole order ended: by its own end reason, else by that of its lines where all agree.
EndKind end_kind_of(const Purchase& purchase);

// By a source's word on the payment, or because it was sent. Where neither is known both are false:
// a purchase that only a tracker told of may well be paid.
bool was_paid(const Purchase& purchase);
bool is_known_unpaid(const Purchase& purchase);

// What the newest status leaves open, as a sentence: a word that is not known, or an end without a
// reason. Empty where it is known what the status says.
std::string unread_status(const Purchase& purchase);

// The order has ended by this word, and how is the end reason's to say.
bool is_end_alone(std::string_view status);

}  // namespace holdfast::desk
