// What Stripe's answers mean, and what it tells by itself.
#pragma once

#include "engine/processor.h"

#include <boost/json/object.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// Where our key stands in everything that we make there.
inline constexpr std::string_view stripe_key_name = "holdfast_key";

// An answer that is no 2xx. Only a refusal that can be read means that nothing moved and nothing
// will; whatever may change (a key to mend, too many requests, the same key under way, their own
// failure) is unknown. The problem is Stripe's code, never its text, which may speak of people.
Sending meaning_of_failure(int status, std::string_view body);

Fate fate_of_refund(const boost::json::object& refund);
Fate fate_of_transfer(const boost::json::object& transfer);  // reversed as a whole: failed
Fate fate_of_intent(const boost::json::object& intent);      // as something that was to be voided

std::string key_of(const boost::json::object& made);  // of its metadata; empty: not ours
// Stripe's codes are words like "charge_already_refunded"; any other text is not one.
std::string word_of(std::string text);
std::string text_of(const boost::json::object& made, std::string_view name);
std::optional<Money> money_of(const boost::json::object& made);

// Something of ours of which an event tells. `amount` is for comparing with what was told.
struct StripeNews {
    std::string key;
    Fate fate = Fate::unknown;
    std::optional<Money> amount = {};
    bool operator==(const StripeNews&) const = default;
};

struct StripeEvent {
    std::string id;    // the same each time that it is delivered
    std::string type;  // "refund.updated"
    bool is_live = false;
    std::vector<StripeNews> news = {};  // none: it speaks of nothing that we made
};

// A body whose signature was checked (webhook_signature.h). Says what is wrong with one that is no
// event.
[[nodiscard]] std::expected<StripeEvent, std::string> read_stripe_event(std::string_view body);

}  // namespace holdfast::engine
