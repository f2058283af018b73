// The signature vectors of samples/webhooks: each gives the answer that it names, and of a valid
// one no byte can be changed, neither of what was signed nor of the signature.
#include "engine/webhook_signature.h"
#include "formats/aliexpress_signature.h"
#include "formats/push.h"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

namespace holdfast::test {
namespace {

namespace json = boost::json;
using formats::AliExpressSigning;
using formats::PushSender;

std::string bytes_of(const std::string& name) {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/samples/" + name, std::ios::binary);
    REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string text_of(const json::object& vector, std::string_view name) {
    const auto* value = vector.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string body_of(const json::object& vector) {
    return vector.contains("body_file") ? bytes_of(text_of(vector, "body_file"))
                                        : text_of(vector, "body");
}

// Whether `text` is refused by `is_good` with any one of its bytes changed. Of the signature's
// last letters some bits stand for nothing; a changed one is refused as not canonical.
void check_every_byte(const std::string& text,
                      const std::function<bool(const std::string&)>& is_good) {
    REQUIRE(is_good(text));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        if (is_good(changed)) FAIL_CHECK("byte " << i << " of " << text.size() << " is not signed");
    }
}

// --- Standard Webhooks, which we send ourselves

using Answer = std::optional<engine::SignatureProblem>;

Answer answer_of(const json::object& vector, std::string_view body, std::string_view signature) {
    const auto secret = engine::parse_webhook_secret(text_of(vector, "secret"));
    REQUIRE(secret);
    const engine::WebhookHeaders headers{.id = text_of(vector, "webhook_id"),
                                         .timestamp = text_of(vector, "webhook_timestamp"),
                                         .signature = std::string(signature)};
    const Instant now{std::chrono::seconds{vector.at("now_for_test").as_int64()}};
    return engine::check_webhook(headers, body, {&*secret, 1}, now);
}

void check_standard(const json::object& vector) {
    const auto body = body_of(vector), signature = text_of(vector, "webhook_signature");
    const auto expected = text_of(vector, "expect");
    const auto answer = answer_of(vector, body, signature);
    if (expected == "rejected: timestamp") {
        CHECK(answer == engine::SignatureProblem::too_old);
    } else if (expected == "rejected: signature") {
        CHECK(answer == engine::SignatureProblem::wrong);
    } else {
        REQUIRE(expected == "valid");
        check_every_byte(body, [&](const std::string& changed) {
            return !answer_of(vector, changed, signature);
        });
        // Of several signatures one is enough: the last is the one that counts here.
        const auto last = signature.substr(signature.rfind("v1,"));
        check_every_byte(
            last, [&](const std::string& changed) { return !answer_of(vector, body, changed); });
    }
}

// --- What others push

void check_pushed(const json::object& vector, PushSender sender, const std::string& header) {
    const formats::PushRules rules{.sender = sender, .secrets = {text_of(vector, "secret")}};
    const auto* timestamp = vector.if_contains("timestamp");
    const Instant now{std::chrono::seconds{timestamp ? timestamp->as_int64() : 0}};
    const auto is_good = [&](const std::string& body, const std::string& value) {
        const auto find = [&](std::string_view name) {
            return name == header ? std::string_view(value) : std::string_view{};
        };
        return !formats::check_push(rules, find, body, now);
    };
    const auto body = body_of(vector), value = text_of(vector, "value");
    check_every_byte(body, [&](const std::string& changed) { return is_good(changed, value); });
    check_every_byte(value, [&](const std::string& changed) { return is_good(body, changed); });
}

const std::map<std::string, std::pair<PushSender, std::string>> by_header = {
    {"X-Shopify-Hmac-SHA256", {PushSender::shopify, "x-shopify-hmac-sha256"}},
    {"X-WC-Webhook-Signature", {PushSender::woocommerce, "x-wc-webhook-signature"}},
    {"aftership-hmac-sha256", {PushSender::aftership, "aftership-hmac-sha256"}},
    {"sign", {PushSender::seventeen_track, "sign"}},
    {"Stripe-Signature", {PushSender::stripe, "stripe-signature"}},
};

// --- What we sign for AliExpress

void check_aliexpress(const json::object& vector, AliExpressSigning how) {
    std::map<std::string, std::string> parameters;
    for (const auto& one : vector.at("params").as_object())
        parameters[std::string(one.key())] = std::string(one.value().as_string());
    const auto secret = text_of(vector, "secret"), path = text_of(vector, "api_path");
    const auto sign = text_of(vector, "sign");
    auto base = formats::aliexpress_signed_text(parameters, path);
    if (how == AliExpressSigning::md5) base = secret + base + secret;
    CHECK(base == text_of(vector, "base_string"));
    CHECK(formats::sign_aliexpress(parameters, secret, how, path) == sign);
    for (auto& [name, value] : parameters)
        check_every_byte(value, [&, kept = value](const std::string& changed) {
            value = changed;
            const auto made = formats::sign_aliexpress(parameters, secret, how, path);
            value = kept;
            return made == sign;
        });
    parameters["sign"] = "left out";
    CHECK(formats::sign_aliexpress(parameters, secret, how, path) == sign);
}

void check_paypal(const json::object& vector) {
    CHECK(formats::paypal_signed_text("00000000-0000-11f0-8000-000000000052",
                                      "2026-11-20T08:09:13Z", "DEMOWEBHOOKID0001",
                                      body_of(vector)) == text_of(vector, "base_string"));
}

}  // namespace

TEST_CASE("every signature vector gives the answer that it names") {
    const auto file = json::parse(bytes_of("webhooks/signature_vectors.json"));
    std::size_t vectors = 0;
    for (const auto& one : file.at("vectors").as_array()) {
        const auto& vector = one.as_object();
        const auto scheme = text_of(vector, "scheme");
        CAPTURE(text_of(vector, "name"));
        ++vectors;
        if (scheme == "standard_webhooks_v1")
            check_standard(vector);
        else if (scheme == "aliexpress_md5")
            check_aliexpress(vector, AliExpressSigning::md5);
        else if (scheme == "aliexpress_sha256")
            check_aliexpress(vector, AliExpressSigning::sha256);
        else if (scheme == "paypal_crc32_base")
            check_paypal(vector);
        else {
            const auto sender = by_header.find(text_of(vector, "header"));
            REQUIRE(sender != by_header.end());
            check_pushed(vector, sender->second.first, sender->second.second);
        }
    }
    CHECK(vectors == 16);
}

}  // namespace holdfast::test
