#include "engine/stripe_answer.h"

#include "engine/json_members.h"
#include "formats/stripe_money.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace holdfast::engine {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view body) {
    json::error_code error;
    const auto value = json::parse({body.data(), body.size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    return value.get_object();
}

// Answered with 400 or the like, and yet no word on whether anything moved.
bool is_passing(std::string_view type, std::string_view code) {
    constexpr std::array<std::string_view, 5> codes{"idempotency_key_in_use", "lock_timeout",
                                                    "rate_limit", "api_key_expired",
                                                    "platform_api_key_expired"};
    return type.empty() || type == "idempotency_error" || type == "api_error" ||
           type == "rate_limit_error" || std::ranges::find(codes, code) != codes.end();
}

void add_news(std::vector<StripeNews>& news, const json::object& made, Fate fate) {
    auto key = key_of(made);
    if (!key.empty())
        news.push_back({.key = std::move(key), .fate = fate, .amount = money_of(made)});
}

// By what the object is, not by what the event is called: their names have changed over time.
std::vector<StripeNews> news_of(const json::object& object) {
    std::vector<StripeNews> news;
    const auto what = text_of(object, "object");
    if (what == "refund") add_news(news, object, fate_of_refund(object));
    if (what == "transfer") add_news(news, object, fate_of_transfer(object));
    if (what == "payment_intent" && text_of(object, "status") == "canceled")
        add_news(news, object, fate_of_intent(object));
    const auto* refunds = member(member(object, "refunds"), "data").if_array();
    if (what != "charge" || !refunds) return news;
    for (const auto& one : *refunds)
        if (one.is_object()) add_news(news, one.get_object(), fate_of_refund(one.get_object()));
    return news;
}

}  // namespace

std::string word_of(std::string text) {
    const bool is_word =
        !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
            return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        });
    return is_word ? text : std::string();
}

Sending meaning_of_failure(int status, std::string_view body) {
    std::string type, code;
    if (const auto whole = parse_object(body))
        if (const auto* error = member(*whole, "error").if_object()) {
            type = word_of(text_of(*error, "type"));
            code = word_of(text_of(*error, "code"));
        }
    auto problem = std::to_string(status);
    for (const auto& word : {type, code})
        if (!word.empty()) problem += " " + word;
    const bool is_refusal = status == 400 || status == 402 || status == 404;
    const auto fate = is_refusal && !is_passing(type, code) ? Fate::failed : Fate::unknown;
    return {.fate = fate, .problem = std::move(problem)};
}

Fate fate_of_refund(const json::object& refund) {
    const auto status = text_of(refund, "status");
    if (status == "succeeded") return Fate::succeeded;
    if (status == "pending" || status == "requires_action") return Fate::under_way;
    if (status == "failed" || status == "canceled") return Fate::failed;
    return Fate::unknown;
}

Fate fate_of_transfer(const json::object& transfer) {
    const auto* reversed = member(transfer, "reversed").if_bool();
    if (!reversed) return Fate::unknown;
    return *reversed ? Fate::failed : Fate::succeeded;
}

// Whoever cancelled it: nothing is authorised any more.
Fate fate_of_intent(const json::object& intent) {
    const auto status = text_of(intent, "status");
    if (status.empty()) return Fate::unknown;
    return status == "canceled" ? Fate::succeeded : Fate::never_heard;
}

std::string text_of(const json::object& made, std::string_view name) {
    return std::string(text_in(member(made, name)));
}

std::string key_of(const json::object& made) {
    return std::string(text_in(member(member(made, "metadata"), stripe_key_name)));
}

std::optional<Money> money_of(const json::object& made) {
    const auto amount = number_in(member(made, "amount"));
    if (!amount) return std::nullopt;
    const auto reversed = number_in(member(made, "amount_reversed")).value_or(0);
    const bool is_part = reversed > 0 && reversed < *amount;
    return formats::parse_stripe_money(is_part ? *amount - reversed : *amount,
                                       text_of(made, "currency"));
}

std::expected<StripeEvent, std::string> read_stripe_event(std::string_view body) {
    const auto whole = parse_object(body);
    if (!whole || text_of(*whole, "object") != "event") return std::unexpected("is no event");
    StripeEvent event{.id = text_of(*whole, "id"), .type = text_of(*whole, "type")};
    const auto* live = member(*whole, "livemode").if_bool();
    const auto* object = member(member(*whole, "data"), "object").if_object();
    if (event.id.empty() || event.type.empty() || !live || !object)
        return std::unexpected("lacks its id, type, mode or object");
    event.is_live = *live;
    event.news = news_of(*object);
    return event;
}

}  // namespace holdfast::engine
