// What Stripe's answers mean, without Stripe; with a server that speaks like it:
// tests/stripe_suite.
#include "engine/stripe_answer.h"
#include "formats/stripe_money.h"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <fstream>
#include <iterator>

namespace holdfast::engine {
namespace {

std::string sample(const std::string& name) {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/samples/stripe/" + name);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string error(const std::string& type, const std::string& code) {
    return R"({"error":{"type":")" + type + R"(","code":")" + code +
           R"(","message":"Mr Smith's card"}})";
}

std::string event(const std::string& object) {
    return R"({"id":"evt_1","object":"event","type":"any.type","livemode":false,"data":{"object":)" +
           object + "}}";
}

std::vector<StripeNews> news_of(const std::string& object) {
    const auto read = read_stripe_event(event(object));
    REQUIRE(read);
    return read->news;
}

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

}  // namespace

TEST_CASE("stripe: sums in its own smallest unit, never rounded") {
    struct Row {
        const char* currency;
        std::int64_t minor;
        std::int64_t amount;  // 0: Stripe has no such sum
    };
    // clang-format off
    const Row rows[] = {
        {"EUR", 1,      1},      {"EUR", 4'500, 4'500}, {"EUR", 0,     0},      {"EUR", -1, 0},
        {"JPY", 500,    500},    {"CLP", 163'056, 163'056},
        {"MGA", 500,    5},      {"MGA", 501,   0},     // two decimals in ISO, none there
        {"ISK", 5,      500},    {"UGX", 5,     500},   // the other way round
        {"KWD", 5'120,  5'120},  {"KWD", 5'124, 0},     {"BHD", 10,    10},     {"TND", 5, 0},
        {"HUF", 1'045,  1'045},  {"TWD", 80'045, 80'045},
        {"IQD", 1'000,  0},      // three decimals, and not among its five
        {"UGX", Money::max_minor, 0},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.currency);
        CAPTURE(row.minor);
        const auto money = Money::of_minor(row.minor, *parse_currency(row.currency));
        const auto amount = formats::to_stripe_amount(money);
        CHECK(amount.value_or(0) == row.amount);
        if (amount)
            CHECK(formats::parse_stripe_money(
                      *amount, formats::to_stripe_currency(money.currency())) == money);
    }
    CHECK(formats::to_stripe_currency(Currency::usd) == "usd");
    CHECK_FALSE(formats::parse_stripe_money(150, "ugx"));  // half a shilling
    CHECK_FALSE(formats::parse_stripe_money(-1, "eur"));
    CHECK_FALSE(formats::parse_stripe_money(1, "xyz"));
}

TEST_CASE("stripe: only a refusal that can be read is a failure for good") {
    struct Row {
        int status;
        std::string body;
        Fate fate;
        const char* problem;
    };
    using enum Fate;
    // clang-format off
    const Row rows[] = {
        {400, sample("error_charge_already_refunded.json"),                failed,  "400 invalid_request_error charge_already_refunded"},
        {400, sample("error_idempotency.json"),                            unknown, "400 idempotency_error"},
        {400, error("invalid_request_error", "amount_too_large"),          failed,  "400 invalid_request_error amount_too_large"},
        {400, error("invalid_request_error", ""),                          failed,  "400 invalid_request_error"},
        {400, error("invalid_request_error", "lock_timeout"),              unknown, "400 invalid_request_error lock_timeout"},
        {402, error("card_error", "balance_insufficient"),                 failed,  "402 card_error balance_insufficient"},
        {404, error("invalid_request_error", "resource_missing"),          failed,  "404 invalid_request_error resource_missing"},
        {404, "<html>",                                                    unknown, "404"},
        {400, "{}",                                                        unknown, "400"},
        {400, error("Mr Smith", "Mr Smith"),                               unknown, "400"},
        {401, error("invalid_request_error", ""),                          unknown, "401 invalid_request_error"},
        {403, error("invalid_request_error", "more_permissions_required"), unknown, "403 invalid_request_error more_permissions_required"},
        {409, error("invalid_request_error", "idempotency_key_in_use"),    unknown, "409 invalid_request_error idempotency_key_in_use"},
        {429, error("invalid_request_error", "rate_limit"),                unknown, "429 invalid_request_error rate_limit"},
        {500, error("api_error", ""),                                      unknown, "500 api_error"},
        {503, "",                                                          unknown, "503"},
        {302, "",                                                          unknown, "302"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.problem);
        const auto meaning = meaning_of_failure(row.status, row.body);
        CHECK(meaning.fate == row.fate);
        CHECK(meaning.problem == row.problem);
    }
}

TEST_CASE("stripe: the states of what it made") {
    const auto refund = [](const std::string& state) {
        return fate_of_refund(boost::json::parse(R"({"status":")" + state + "\"}").as_object());
    };
    CHECK(refund("succeeded") == Fate::succeeded);
    CHECK(refund("pending") == Fate::under_way);
    CHECK(refund("requires_action") == Fate::under_way);
    CHECK(refund("failed") == Fate::failed);
    CHECK(refund("canceled") == Fate::failed);
    CHECK(refund("something_new") == Fate::unknown);
    const auto read = [](const std::string& name) {
        return boost::json::parse(sample(name)).as_object();
    };
    CHECK(fate_of_refund(read("refund.json")) == Fate::succeeded);
    CHECK(money_of(read("refund.json")) == Money::of_minor(2'700, Currency::usd));
    CHECK(fate_of_refund(read("refund_failed_zero_decimal_currency.json")) == Fate::failed);
    CHECK(fate_of_transfer(read("transfer.json")) == Fate::succeeded);
    CHECK(money_of(read("transfer.json")) == Money::of_minor(4'106 - 1'026, Currency::usd));
    CHECK(key_of(read("transfer.json")).empty());
    CHECK(fate_of_transfer({}) == Fate::unknown);
    CHECK(fate_of_intent({{"status", "canceled"}}) == Fate::succeeded);
    CHECK(fate_of_intent({{"status", "requires_capture"}}) == Fate::never_heard);
    CHECK(fate_of_intent({}) == Fate::unknown);
}

TEST_CASE("stripe: an event tells what became of what is ours") {
    const std::string ours = R"("amount":500,"currency":"eur","metadata":{"holdfast_key":"k"})";
    CHECK(news_of(R"({"object":"refund","status":"succeeded",)" + ours + "}") ==
          std::vector<StripeNews>{{"k", Fate::succeeded, eur(500)}});
    CHECK(news_of(R"({"object":"refund","status":"failed",)" + ours + "}") ==
          std::vector<StripeNews>{{"k", Fate::failed, eur(500)}});
    CHECK(news_of(R"({"object":"refund","status":"pending",)" + ours + "}") ==
          std::vector<StripeNews>{{"k", Fate::under_way, eur(500)}});
    CHECK(news_of(R"({"object":"transfer","reversed":true,"amount_reversed":500,)" + ours + "}") ==
          std::vector<StripeNews>{{"k", Fate::failed, eur(500)}});
    CHECK(news_of(R"({"object":"payment_intent","status":"canceled",)" + ours + "}") ==
          std::vector<StripeNews>{{"k", Fate::succeeded, eur(500)}});
    CHECK(news_of(R"({"object":"payment_intent","status":"succeeded",)" + ours + "}").empty());
    CHECK(news_of(
              R"({"object":"charge","refunds":{"data":[{"object":"refund","status":"succeeded",)" +
              ours + R"(},{"object":"refund","status":"succeeded","metadata":{}}]}})") ==
          std::vector<StripeNews>{{"k", Fate::succeeded, eur(500)}});
    CHECK(news_of(R"({"object":"charge"})").empty());
    CHECK(news_of(R"({"object":"customer",)" + ours + "}").empty());

    const auto dispute = read_stripe_event(sample("webhook_charge_dispute_created.body.json"));
    REQUIRE(dispute);
    CHECK(dispute->id == "evt_demo1051");
    CHECK(dispute->type == "charge.dispute.created");
    CHECK_FALSE(dispute->is_live);
    CHECK(dispute->news.empty());

    for (const auto* text : {"", "[]", "{", "{}", R"({"object":"event"})",
                             R"({"object":"event","id":"e","type":"t","livemode":false})",
                             R"({"object":"event","id":"e","type":"t","data":{"object":{}}})",
                             R"({"object":"refund","id":"e","type":"t","livemode":false})"})
        CHECK_FALSE(read_stripe_event(text).has_value());
}

}  // namespace holdfast::engine
