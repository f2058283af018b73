// A server that speaks like Stripe, for tests: payment intents, refunds, transfers, their lists in
// pages, keys that are honoured, and the faults of a network and a busy service.
//
// It keeps its own books by other sums than ours, and counts what it finds wrong with the way that
// it is spoken to: a key used for two different requests, more refunded than was paid.
#pragma once

#include "local_http_server.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::test {

enum class StripeFault : std::uint8_t {
    none,
    error_before,     // 500, and nothing happened; kept for the key, as Stripe does
    error_after,      // 500, and it happened
    drop_before,      // no answer, and nothing happened
    drop_after,       // no answer, and it happened
    hang_before,      // nothing happens and the client has to give up
    hang_after,       // it happened, and the client has to give up
    half_answer,      // it happened, and the answer breaks off
    broken_json,      // it happened, and the answer is none
    too_many,         // 429
    conflict,         // 409: the same key is under way
    unauthorised,     // 401
    settles_later,    // it happened and is pending; settle() ends it
    refused_settles,  // pending, and settle() lets it fail
    count_
};

class StripeServer {
public:
    static constexpr const char* secret_key = "sk_test_local";

    std::function<StripeFault(const LocalRequest&)> fault = [](const LocalRequest&) {
        return StripeFault::none;
    };
    std::size_t page_size = 100;

    std::string url() const { return server_.url(); }

    // --- What there is before anybody asks

    void add_intent(const std::string& id, std::int64_t amount, const std::string& currency,
                    const std::string& status) {
        const std::lock_guard lock(mutex_);
        intents_.push_back({.id = id, .currency = currency, .status = status, .amount = amount});
    }
    void add_account(const std::string& id) {
        const std::lock_guard lock(mutex_);
        accounts_.push_back(id);
    }
    // What was pending succeeds, or fails where that was the fault.
    void settle() {
        const std::lock_guard lock(mutex_);
        for (auto& refund : refunds_)
            if (refund.status == "pending")
                refund.status = refund.will_fail ? "failed" : "succeeded";
    }

    // What a day does: a key used again is a new request.
    void forget_keys() {
        const std::lock_guard lock(mutex_);
        kept_.clear();
    }

    // --- What happened, by our keys

    struct Effect {
        std::string key, what;
        std::int64_t amount = 0;
        std::string currency;
    };
    std::vector<Effect> effects() {
        const std::lock_guard lock(mutex_);
        std::vector<Effect> all;
        for (const auto& one : refunds_)
            if (one.status != "failed")
                all.push_back({one.key, "refund", one.amount, one.currency});
        for (const auto& one : transfers_)
            if (one.reversed == 0) all.push_back({one.key, "transfer", one.amount, one.currency});
        for (const auto& one : intents_)
            if (one.status == "canceled")
                all.push_back({one.key, "void", one.amount, one.currency});
        return all;
    }
    std::vector<std::string> complaints() {
        const std::lock_guard lock(mutex_);
        return complaints_;
    }
    std::size_t requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::vector<std::string> targets() {
        const std::lock_guard lock(mutex_);
        return targets_;
    }

private:
    using Form = std::map<std::string, std::string>;
    using Object = boost::json::object;

    struct Intent {
        std::string id, currency, status;
        std::int64_t amount = 0, refunded = 0;
        std::string key = {};
    };
    struct Refund {
        std::string id, source, currency, status, key;
        std::int64_t amount = 0;
        bool will_fail = false;
    };
    struct Transfer {
        std::string id, currency, destination, group, key;
        std::int64_t amount = 0, reversed = 0;
    };
    struct Kept {
        std::string request;
        LocalAnswer answer;
    };

    // --- One request

    LocalAnswer handle(const LocalRequest& request) {
        const std::lock_guard lock(mutex_);
        ++requests_;
        targets_.push_back(request.method + " " + request.target);
        if (request.header("Authorization") != std::string("Bearer ") + secret_key)
            return error(401, "invalid_request_error", "");
        const auto now = fault(request);
        switch (now) {
        case StripeFault::drop_before:  return {.end = LocalAnswer::End::none};
        case StripeFault::hang_before:  return {.end = LocalAnswer::End::never};
        case StripeFault::too_many:     return error(429, "invalid_request_error", "rate_limit");
        case StripeFault::unauthorised: return error(401, "invalid_request_error", "");
        case StripeFault::conflict:
            return error(409, "invalid_request_error", "idempotency_key_in_use");
        default: break;
        }
        auto answer = request.method == "POST" ? honour_key(request, now) : get(request);
        switch (now) {
        case StripeFault::drop_after:  return {.end = LocalAnswer::End::none};
        case StripeFault::hang_after:  return {.end = LocalAnswer::End::never};
        case StripeFault::half_answer: answer.end = LocalAnswer::End::half; return answer;
        case StripeFault::broken_json: answer.body.resize(answer.body.size() / 2); return answer;
        case StripeFault::error_before:
        case StripeFault::error_after:
            return request.method == "POST" ? answer : error(500, "api_error", "");
        default: return answer;
        }
    }

    // The first answer under a key is the only one, whatever it was.
    LocalAnswer honour_key(const LocalRequest& request, StripeFault now) {
        const auto key = request.header("Idempotency-Key");
        const auto whole = request.target + "?" + request.body;
        if (key.empty()) complaints_.push_back("a POST without a key: " + request.target);
        if (const auto known = kept_.find(key); known != kept_.end()) {
            if (known->second.request == whole) return known->second.answer;
            complaints_.push_back("the key " + key + " was used for two requests");
            return error(400, "idempotency_error", "");
        }
        auto answer =
            now == StripeFault::error_before ? error(500, "api_error", "") : post(request, now);
        if (now == StripeFault::error_after && answer.status == 200)
            answer = error(500, "api_error", "");
        kept_.emplace(key, Kept{whole, answer});
        return answer;
    }

    LocalAnswer post(const LocalRequest& request, StripeFault now) {
        const auto form = parse_form(request.body);
        const auto path = parts_of(request.target);
        if (request.target == "/v1/refunds") return create_refund(form, now);
        if (request.target == "/v1/transfers") return create_transfer(form);
        if (path.size() == 4 && path[1] == "transfers" && path[3] == "reversals")
            return reverse_transfer(path[2], form);
        if (path.size() >= 3 && path[1] == "payment_intents") {
            auto* intent = find(intents_, path[2]);
            if (!intent) return error(404, "invalid_request_error", "resource_missing");
            if (path.size() == 3) {
                intent->key = form.at("metadata[holdfast_key]");
                return ok(object_of(*intent));
            }
            if (intent->status != "requires_capture")
                return error(400, "invalid_request_error", "payment_intent_unexpected_state");
            intent->status = "canceled";
            return ok(object_of(*intent));
        }
        return error(404, "invalid_request_error", "");
    }

    LocalAnswer create_refund(const Form& form, StripeFault now) {
        auto* intent =
            form.contains("payment_intent") ? find(intents_, form.at("payment_intent")) : nullptr;
        if (!intent) return error(404, "invalid_request_error", "resource_missing");
        const auto amount = number(form.at("amount"));
        if (intent->status != "succeeded")
            return error(400, "invalid_request_error", "charge_not_captured");
        if (intent->refunded == intent->amount)
            return error(400, "invalid_request_error", "charge_already_refunded");
        if (amount <= 0 || intent->refunded + amount > intent->amount)
            return error(400, "invalid_request_error", "amount_too_large");
        const bool later = now == StripeFault::settles_later || now == StripeFault::refused_settles;
        refunds_.push_back({.id = next_id("re_"),
                            .source = intent->id,
                            .currency = intent->currency,
                            .status = later ? "pending" : "succeeded",
                            .key = form.at("metadata[holdfast_key]"),
                            .amount = amount,
                            .will_fail = now == StripeFault::refused_settles});
        if (now != StripeFault::refused_settles) intent->refunded += amount;
        return ok(object_of(refunds_.back()));
    }

    LocalAnswer create_transfer(const Form& form) {
        if (std::ranges::find(accounts_, form.at("destination")) == accounts_.end())
            return error(400, "invalid_request_error", "resource_missing");
        transfers_.push_back({.id = next_id("tr_"),
                              .currency = form.at("currency"),
                              .destination = form.at("destination"),
                              .group = form.at("transfer_group"),
                              .key = form.at("metadata[holdfast_key]"),
                              .amount = number(form.at("amount"))});
        return ok(object_of(transfers_.back()));
    }

    LocalAnswer reverse_transfer(const std::string& id, const Form& form) {
        auto* transfer = find(transfers_, id);
        if (!transfer) return error(404, "invalid_request_error", "resource_missing");
        if (transfer->reversed > 0) return error(400, "invalid_request_error", "");
        transfer->reversed = transfer->amount;
        return ok({{"id", next_id("trr_")},
                   {"object", "transfer_reversal"},
                   {"amount", transfer->amount},
                   {"currency", transfer->currency},
                   {"transfer", transfer->id},
                   {"metadata", {{"holdfast_key", form.at("metadata[holdfast_key]")}}}});
    }

    LocalAnswer get(const LocalRequest& request) {
        const auto question = request.target.find('?');
        const auto path = parts_of(request.target.substr(0, question));
        const auto query = question == std::string::npos
                               ? Form()
                               : parse_form(request.target.substr(question + 1));
        if (path.size() == 3 && path[1] == "payment_intents") {
            const auto* intent = find(intents_, path[2]);
            return intent ? ok(object_of(*intent))
                          : error(404, "invalid_request_error", "resource_missing");
        }
        const auto is_of = [&](const char* name, const std::string& value) {
            return !query.contains(name) || query.at(name) == value;
        };
        if (path.back() == "refunds")
            return page(refunds_, query,
                        [&](const Refund& one) { return is_of("payment_intent", one.source); });
        if (path.back() == "transfers")
            return page(transfers_, query,
                        [&](const Transfer& one) { return is_of("transfer_group", one.group); });
        return page(intents_, query, [](const Intent&) { return true; });
    }

    // Newest first, as theirs.
    template <class T, class Filter>
    LocalAnswer page(const std::vector<T>& all, const Form& query, Filter&& is_in) {
        boost::json::array data;
        bool is_begun = !query.contains("starting_after"), has_more = false;
        const auto limit =
            std::min<std::size_t>(page_size, static_cast<std::size_t>(number(query.at("limit"))));
        for (auto one = all.rbegin(); one != all.rend(); ++one) {
            if (is_begun && is_in(*one)) {
                has_more = data.size() == limit;
                if (has_more) break;
                data.push_back(object_of(*one));
            }
            is_begun |= !is_begun && one->id == query.at("starting_after");
        }
        return ok({{"object", "list"}, {"data", std::move(data)}, {"has_more", has_more}});
    }

    // --- What it all looks like

    static Object metadata_of(const std::string& key) {
        return key.empty() ? Object() : Object{{"holdfast_key", key}};
    }
    static Object object_of(const Intent& one) {
        return {{"id", one.id},         {"object", "payment_intent"},
                {"amount", one.amount}, {"currency", one.currency},
                {"status", one.status}, {"metadata", metadata_of(one.key)}};
    }
    static Object object_of(const Refund& one) {
        return {{"id", one.id},
                {"object", "refund"},
                {"amount", one.amount},
                {"currency", one.currency},
                {"status", one.status},
                {"payment_intent", one.source},
                {"metadata", metadata_of(one.key)}};
    }
    static Object object_of(const Transfer& one) {
        return {{"id", one.id},
                {"object", "transfer"},
                {"amount", one.amount},
                {"amount_reversed", one.reversed},
                {"reversed", one.reversed == one.amount},
                {"currency", one.currency},
                {"destination", one.destination},
                {"transfer_group", one.group},
                {"metadata", metadata_of(one.key)}};
    }
    static LocalAnswer ok(Object object) {
        return {.status = 200,
                .body = boost::json::serialize(object),
                .headers = {{"Content-Type", "application/json"}}};
    }
    static LocalAnswer error(unsigned status, const std::string& type, const std::string& code) {
        Object about{{"type", type}, {"message", "a text for people"}};
        if (!code.empty()) about["code"] = code;
        return {.status = status, .body = boost::json::serialize(Object{{"error", about}})};
    }

    // --- Small things

    template <class T>
    static T* find(std::vector<T>& all, const std::string& id) {
        const auto found = std::ranges::find(all, id, &T::id);
        return found == all.end() ? nullptr : &*found;
    }
    std::string next_id(const char* prefix) { return prefix + std::to_string(++made_); }

    static std::int64_t number(const std::string& text) {
        std::int64_t value = -1;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }
    static std::vector<std::string> parts_of(std::string_view path) {
        std::vector<std::string> parts;
        while (!path.empty()) {
            path.remove_prefix(1);  // the slash
            parts.emplace_back(path.substr(0, path.find('/')));
            path.remove_prefix(parts.back().size());
        }
        return parts;
    }
    static std::string decoded(std::string_view text) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            unsigned byte = 0;
            if (text[i] == '%' && i + 2 < text.size()) {
                std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16);
                plain += static_cast<char>(byte);
                i += 2;
            } else {
                plain += text[i] == '+' ? ' ' : text[i];
            }
        }
        return plain;
    }
    static Form parse_form(std::string_view text) {
        Form form;
        while (!text.empty()) {
            const auto pair = text.substr(0, text.find('&'));
            const auto middle = pair.find('=');
            form[decoded(pair.substr(0, middle))] = decoded(pair.substr(middle + 1));
            text.remove_prefix(std::min(pair.size() + 1, text.size()));
        }
        return form;
    }

    std::mutex mutex_;
    std::vector<Intent> intents_;
    std::vector<Refund> refunds_;
    std::vector<Transfer> transfers_;
    std::vector<std::string> accounts_, complaints_, targets_;
    std::map<std::string, Kept> kept_;
    std::size_t requests_ = 0;
    std::uint64_t made_ = 0;
    LocalHttpServer server_{[this](const LocalRequest& request) { return handle(request); }};
};

}  // namespace holdfast::test
