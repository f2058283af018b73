// Stripe moves the money.
//
//   refund              POST /v1/refunds, of the payment that the order was paid by
//   payout              POST /v1/transfers, to the seller's connected account
//   void_authorisation  POST /v1/payment_intents/…/cancel
//   compensation        failed: more than was paid is no refund
//
// Our key travels twice: as Stripe's idempotency key, which it forgets after a day or so, and as
// metadata, by which what happened is found again for ever. Every answer has a meaning that is
// written down in stripe_answer.h; what could have had an effect and was not answered is unknown.
// Asking never changes anything at Stripe.
#pragma once

#include "engine/processor.h"
#include "http/client.h"

#include <boost/json/object.hpp>

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::engine {

struct StripeOptions {
    std::string secret_key;
    std::string url = "https://api.stripe.com";
    std::string version = {};  // of their interface; empty: as the account is set
    http::Limits limits = {};
};

class StripeProcessor final : public Processor {
public:
    StripeProcessor(http::Client& client, StripeOptions options)
        : client_(client), options_(std::move(options)) {}

    std::string_view name() const override { return "stripe"; }
    Sending send(const Outgoing& outgoing) override;
    Sending ask(const Outgoing& outgoing) override;
    std::expected<std::vector<Listed>, std::string> list() override;

    // Takes a whole payout back from the seller's account. `key` is of the taking back.
    Sending reverse(const Outgoing& payout, std::string_view key);

private:
    using Fields = std::vector<std::pair<std::string, std::string>>;
    using Object = boost::json::object;
    using Called = std::expected<Object, Sending>;
    using OnItem = std::function<bool(const Object&)>;  // false: no more

    Sending send_refund(const Outgoing& outgoing);
    Sending send_transfer(const Outgoing& outgoing);
    Sending send_void(const Outgoing& outgoing);
    Sending ask_refund(const Outgoing& outgoing);
    Sending ask_transfer(const Outgoing& outgoing);
    Sending ask_void(const Outgoing& outgoing);
    std::expected<std::optional<Object>, Sending> find_transfer(const Outgoing& payout);

    Called post(std::string_view path, const Fields& fields, std::string_view key);
    Called get(std::string_view path, const Fields& query = {});
    Called call(http::Request request);
    // Every object of a list, page by page.
    std::expected<void, Sending> each(std::string_view path, Fields query, const OnItem& on_item);

    http::Client& client_;
    StripeOptions options_;
};

}  // namespace holdfast::engine
