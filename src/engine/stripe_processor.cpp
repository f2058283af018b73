#include "engine/stripe_processor.h"

#include "engine/json_members.h"
#include "engine/stripe_answer.h"
#include "formats/stripe_money.h"

#include "base/try.h"
#include "base/verify.h"

#include <boost/json/parse.hpp>

#include <optional>

namespace holdfast::engine {
namespace {

namespace json = boost::json;

Sending failed(std::string problem) {
    return {.fate = Fate::failed, .problem = std::move(problem)};
}
Sending unknown(std::string problem) {
    return {.fate = Fate::unknown, .problem = std::move(problem)};
}

const std::string key_field = "metadata[" + std::string(stripe_key_name) + "]";

// By what name Stripe takes the payment that an order was paid by.
std::expected<std::pair<std::string, std::string>, Sending> source_field(const Outgoing& outgoing) {
    const auto& source = outgoing.source;
    if (source.empty()) return std::unexpected(failed("the order names no payment"));
    if (source.starts_with("pi_")) return std::pair("payment_intent", source);
    if (source.starts_with("ch_") || source.starts_with("py_")) return std::pair("charge", source);
    return std::unexpected(failed("the order's payment is not of Stripe"));
}

std::expected<std::string, Sending> intent_path(const Outgoing& outgoing) {
    if (!outgoing.source.starts_with("pi_"))
        return std::unexpected(failed("only a payment intent can be voided"));
    return "/v1/payment_intents/" + http::percent_encoded(outgoing.source);
}

// Is it what was told? A processor that answers about something else is not believed.
Sending sending_of(const json::object& made, const Outgoing& outgoing, Fate fate) {
    if (key_of(made) != outgoing.key) return unknown("the answer is about something else");
    const auto amount = money_of(made);
    if (fate != Fate::failed && amount != outgoing.amount)
        return unknown("the answer is about another sum");
    if (fate == Fate::unknown) return unknown("the answer has a state that is not known");
    return {.fate = fate,
            .problem = fate == Fate::failed ? word_of(text_of(made, "failure_reason")) : ""};
}

}  // namespace

// --- Sending

Sending StripeProcessor::send(const Outgoing& outgoing) {
    switch (outgoing.what) {
    case Payment::refund:             return send_refund(outgoing);
    case Payment::payout:             return send_transfer(outgoing);
    case Payment::void_authorisation: return send_void(outgoing);
    case Payment::compensation:
        return failed("more than was paid is no refund: it has to be paid by another way");
    case Payment::count_: break;
    }
    VERIFY(false);
}

Sending StripeProcessor::send_refund(const Outgoing& outgoing) {
    const auto source = source_field(outgoing);
    if (!source) return source.error();
    const auto amount = formats::to_stripe_amount(outgoing.amount);
    if (!amount) return failed(amount.error());
    const auto refund = post(
        "/v1/refunds", {*source, {"amount", std::to_string(*amount)}, {key_field, outgoing.key}},
        outgoing.key);
    if (!refund) return refund.error();
    return sending_of(*refund, outgoing, fate_of_refund(*refund));
}

Sending StripeProcessor::send_transfer(const Outgoing& outgoing) {
    if (outgoing.destination.empty()) return failed("the seller has no account to be paid to");
    const auto amount = formats::to_stripe_amount(outgoing.amount);
    if (!amount) return failed(amount.error());
    const auto transfer =
        post("/v1/transfers",
             {{"amount", std::to_string(*amount)},
              {"currency", formats::to_stripe_currency(outgoing.amount.currency())},
              {"destination", outgoing.destination},
              {"transfer_group", outgoing.key},
              {key_field, outgoing.key}},
             outgoing.key);
    if (!transfer) return transfer.error();
    return sending_of(*transfer, outgoing, fate_of_transfer(*transfer));
}

// Cancelling takes no metadata, so the key is left there first, for the list.
Sending StripeProcessor::send_void(const Outgoing& outgoing) {
    const auto path = intent_path(outgoing);
    if (!path) return path.error();
    const auto marked = post(*path, {{key_field, outgoing.key}}, outgoing.key + ":mark");
    if (!marked) return marked.error();
    const auto cancelled = post(*path + "/cancel", {}, outgoing.key);
    if (cancelled) return sending_of(*cancelled, outgoing, fate_of_intent(*cancelled));
    if (cancelled.error().fate != Fate::failed) return cancelled.error();
    // It cannot be cancelled: because it is, or because it was captured meanwhile.
    const auto stands = ask_void(outgoing);
    return stands.fate == Fate::never_heard ? cancelled.error() : stands;
}

Sending StripeProcessor::reverse(const Outgoing& payout, std::string_view key) {
    const auto found = find_transfer(payout);
    if (!found) return found.error();
    if (!*found) return failed("there is no such payout");
    const auto path =
        "/v1/transfers/" + http::percent_encoded(text_of(**found, "id")) + "/reversals";
    const auto reversal = post(path, {{key_field, std::string(key)}}, key);
    if (!reversal) return reversal.error();
    if (key_of(*reversal) != key || text_of(*reversal, "transfer") != text_of(**found, "id"))
        return unknown("the answer is about something else");
    return {.fate = Fate::succeeded};
}

// --- Asking

Sending StripeProcessor::ask(const Outgoing& outgoing) {
    switch (outgoing.what) {
    case Payment::refund:             return ask_refund(outgoing);
    case Payment::payout:             return ask_transfer(outgoing);
    case Payment::void_authorisation: return ask_void(outgoing);
    case Payment::compensation:       return {.fate = Fate::never_heard};
    case Payment::count_:             break;
    }
    VERIFY(false);
}

Sending StripeProcessor::ask_refund(const Outgoing& outgoing) {
    const auto source = source_field(outgoing);
    if (!source) return {.fate = Fate::never_heard};
    std::optional<Object> found;
    const auto looked = each("/v1/refunds", {*source}, [&](const Object& refund) {
        if (key_of(refund) == outgoing.key) found = refund;
        return !found;
    });
    if (!looked) return unknown(looked.error().problem);
    if (!found) return {.fate = Fate::never_heard};
    return sending_of(*found, outgoing, fate_of_refund(*found));
}

std::expected<std::optional<StripeProcessor::Object>, Sending> StripeProcessor::find_transfer(
    const Outgoing& payout) {
    std::optional<Object> found;
    const Fields query{{"transfer_group", payout.key}};
    const auto looked = each("/v1/transfers", query, [&](const Object& transfer) {
        if (key_of(transfer) == payout.key) found = transfer;
        return !found;
    });
    if (!looked) return std::unexpected(unknown(looked.error().problem));
    return found;
}

Sending StripeProcessor::ask_transfer(const Outgoing& outgoing) {
    const auto found = find_transfer(outgoing);
    if (!found) return found.error();
    if (!*found) return {.fate = Fate::never_heard};
    return sending_of(**found, outgoing, fate_of_transfer(**found));
}

Sending StripeProcessor::ask_void(const Outgoing& outgoing) {
    const auto path = intent_path(outgoing);
    if (!path) return {.fate = Fate::never_heard};
    const auto intent = get(*path);
    if (!intent) return unknown(intent.error().problem);
    const auto fate = fate_of_intent(*intent);
    return {.fate = fate, .problem = fate == Fate::unknown ? "the answer has no state" : ""};
}

std::expected<std::vector<Listed>, std::string> StripeProcessor::list() {
    std::vector<Listed> all;
    std::string problem;
    const auto take = [&](const Object& made, Fate fate) {
        auto key = key_of(made);
        if (key.empty()) return true;  // not ours
        const auto amount = money_of(made);
        if (!amount || fate == Fate::unknown)
            problem = text_of(made, "id") + " cannot be read";
        else
            all.push_back({.key = std::move(key), .amount = *amount, .fate = fate});
        return problem.empty();
    };
    const auto list_of = [&](std::string_view path, const OnItem& on_item) {
        const auto looked = each(path, {}, on_item);
        if (!looked) problem = looked.error().problem;
        return problem.empty();
    };
    const bool is_whole =
        list_of("/v1/refunds", [&](const Object& one) { return take(one, fate_of_refund(one)); }) &&
        list_of("/v1/transfers",
                [&](const Object& one) { return take(one, fate_of_transfer(one)); }) &&
        list_of("/v1/payment_intents", [&](const Object& one) {
            return text_of(one, "status") != "canceled" || take(one, Fate::succeeded);
        });
    if (!is_whole) return std::unexpected(problem);
    return all;
}

// --- Speaking with Stripe

StripeProcessor::Called StripeProcessor::post(std::string_view path, const Fields& fields,
                                              std::string_view key) {
    return call({.method = http::Method::post,
                 .url = options_.url + std::string(path),
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                             {"Idempotency-Key", std::string(key)}},
                 .body = http::form_of(fields)});
}

StripeProcessor::Called StripeProcessor::get(std::string_view path, const Fields& query) {
    const auto asked = query.empty() ? std::string() : "?" + http::form_of(query);
    return call({.url = options_.url + std::string(path) + asked});
}

StripeProcessor::Called StripeProcessor::call(http::Request request) {
    request.limits = options_.limits;
    request.headers.push_back({"Authorization", "Bearer " + options_.secret_key});
    if (!options_.version.empty()) request.headers.push_back({"Stripe-Version", options_.version});
    const auto answer = client_.send(request);
    if (!answer)
        return std::unexpected(unknown(answer.error().may_have_had_effect
                                           ? answer.error().text
                                           : "not sent: " + answer.error().text));
    if (!answer->is_success())
        return std::unexpected(meaning_of_failure(answer->status, answer->body));
    json::error_code error;
    auto value = json::parse(answer->body, error);
    if (!value.is_object())  // nor is what does not parse
        return std::unexpected(unknown("the answer cannot be read"));
    return std::move(value.get_object());
}

std::expected<void, Sending> StripeProcessor::each(std::string_view path, Fields query,
                                                   const OnItem& on_item) {
    query.emplace_back("limit", "100");
    const auto filters = query.size();
    std::string last;
    while (true) {
        query.resize(filters);
        if (!last.empty()) query.emplace_back("starting_after", last);
        const auto page = TRY(get(path, query));
        const auto* data = member(page, "data").if_array();
        const auto* more = member(page, "has_more").if_bool();
        if (!data || !more) return std::unexpected(unknown("the list cannot be read"));
        std::string end;
        for (const auto& item : *data) {
            if (!item.is_object()) return std::unexpected(unknown("the list cannot be read"));
            if (!on_item(item.get_object())) return {};
            end = text_of(item.get_object(), "id");
        }
        if (!*more) return {};
        if (end.empty() || end == last) return std::unexpected(unknown("the list does not end"));
        last = std::move(end);
    }
}

}  // namespace holdfast::engine
