#include "formats/push.h"

#include "formats/sample_reader.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <doctest/doctest.h>

#include <iterator>
#include <map>
#include <memory>

namespace holdfast::formats {
namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

const Instant now = *parse_instant("2026-11-23T02:13:22Z");
constexpr std::string_view body = R"({"hello":"\/ world"})";

std::string sample_bytes(const std::string& name) {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/samples/" + name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<PushProblem> check(const PushRules& rules, const Headers& headers,
                                 std::string_view bytes = body, Instant at = now) {
    return check_push(
        rules,
        [&](std::string_view name) {
            const auto found = headers.find(name);
            return found == headers.end() ? std::string_view{} : std::string_view(found->second);
        },
        bytes, at);
}

PushRules rules_of(PushSender sender, std::vector<std::string> secrets) {
    return {.sender = sender, .secrets = std::move(secrets)};
}

// A key and a certificate of its own that is in force from 2026-11-01 for 60 days.
class TestCertificate {
public:
    TestCertificate() : key_(EVP_RSA_gen(2048), EVP_PKEY_free) {
        const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
        X509_set_pubkey(made.get(), key_.get());
        constexpr std::time_t begins = 1'793'491'200;
        ASN1_TIME_set(X509_getm_notBefore(made.get()), begins);
        ASN1_TIME_adj(X509_getm_notAfter(made.get()), begins, 60, 0);
        REQUIRE(X509_sign(made.get(), key_.get(), EVP_sha256()) != 0);
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
        REQUIRE(PEM_write_bio_X509(bio.get(), made.get()) == 1);
        char* data = nullptr;
        const auto size = BIO_get_mem_data(bio.get(), &data);
        pem_.assign(data, static_cast<std::size_t>(size));
    }

    const std::string& pem() const { return pem_; }

    std::string sign(std::string_view text) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free);
        std::vector<unsigned char> signature(256);
        auto size = signature.size();
        REQUIRE(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
        REQUIRE(EVP_DigestSign(context.get(), signature.data(), &size,
                               reinterpret_cast<const unsigned char*>(text.data()),
                               text.size()) == 1);
        std::string base64(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
        sodium_bin2base64(base64.data(), base64.size(), signature.data(), size,
                          sodium_base64_VARIANT_ORIGINAL);
        base64.pop_back();
        return base64;
    }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::string pem_;
};

}  // namespace

TEST_CASE("a push without a signature, with a broken one, and with somebody else's") {
    struct Row {
        PushSender sender;
        const char* header;
        const char* wrong;
    };
    const std::string hex(64, '0');
    const Row rows[] = {
        {PushSender::shopify, "x-shopify-hmac-sha256",
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {PushSender::woocommerce, "x-wc-webhook-signature",
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {PushSender::aftership, "aftership-hmac-sha256",
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {PushSender::seventeen_track, "sign", hex.c_str()},
    };
    for (const auto& row : rows) {
        CAPTURE(row.header);
        const auto rules = rules_of(row.sender, {"secret"});
        CHECK(check(rules, {}) == PushProblem::no_signature);
        CHECK(check(rules, {{row.header, ""}}) == PushProblem::no_signature);
        CHECK(check(rules, {{row.header, "AAAA"}}) == PushProblem::malformed);
        CHECK(check(rules, {{row.header, "not of this alphabet!"}}) == PushProblem::malformed);
        CHECK(check(rules, {{row.header, row.wrong}}) == PushProblem::wrong);
    }
}

TEST_CASE("while a secret is being changed either is taken") {
    const auto signed_body = sample_bytes("woocommerce/webhook_order_created_2051.body.json");
    const Headers headers = {
        {"x-wc-webhook-signature", "/lJpnTSQsQ2LkBXXro4HKA2a5W4sT47pe5UiyvogP+g="}};
    const std::string secret = "demo_woo_webhook_secret_not_real";
    CHECK(!check(rules_of(PushSender::woocommerce, {"new", secret}), headers, signed_body));
    CHECK(!check(rules_of(PushSender::woocommerce, {secret, "old"}), headers, signed_body));
    CHECK(check(rules_of(PushSender::woocommerce, {"new", "old"}), headers, signed_body) ==
          PushProblem::wrong);
}

TEST_CASE("WooCommerce's ping is known, and nothing else is taken for one") {
    CHECK(is_ping(PushSender::woocommerce, sample_bytes("woocommerce/webhook_ping.body.txt")));
    CHECK(!is_ping(PushSender::shopify, "webhook_id=142"));
    CHECK(!is_ping(PushSender::woocommerce, "webhook_id="));
    CHECK(!is_ping(PushSender::woocommerce, "webhook_id=142&order=1"));
    CHECK(!is_ping(PushSender::woocommerce, R"({"webhook_id":142})"));
}

TEST_CASE("Stripe's time is part of what is signed") {
    const auto signed_body = sample_bytes("stripe/webhook_charge_dispute_created.body.json");
    const auto rules = rules_of(PushSender::stripe, {"whsec_demo_stripe_secret_not_real"});
    const std::string signature =
        "fb11ea49dee8c905b4d1015bc02eef7ff4f9f8d3116a7d6bd0cba1a6b5a94161";
    const auto with = [&](const std::string& header, Instant at = now) {
        return check(rules, {{"stripe-signature", header}}, signed_body, at);
    };
    const auto good = "t=1795400002,v1=" + signature;
    CHECK(!with(good));
    CHECK(!with(good, now + 5min));
    CHECK(with(good, now + 5min + 1ms) == PushProblem::too_old);
    CHECK(!with(good, now - 5min));
    CHECK(with(good, now - 5min - 1ms) == PushProblem::too_new);
    CHECK(!with("t=1795400002,v1=" + std::string(64, '0') + ",v1=" + signature));
    CHECK(with("t=1795400002,v0=" + signature) == PushProblem::wrong);
    CHECK(with("t=1795400003,v1=" + signature) == PushProblem::wrong);
    CHECK(with("v1=" + signature) == PushProblem::malformed);
    CHECK(with("t=-1,v1=" + signature) == PushProblem::malformed);
}

TEST_CASE("PayPal signs the sum of the bytes by the key of a certificate that we hold") {
    const TestCertificate certificate, other;
    const auto signed_body = sample_bytes("paypal/webhook_dispute_created.body.json");
    const std::string time = "2026-11-23T02:13:22Z";
    const PushRules rules{.sender = PushSender::paypal,
                          .secrets = {},
                          .webhook_id = "DEMOWEBHOOKID0001",
                          .certificate = certificate.pem()};
    CHECK(why_incomplete(rules, "paypal").empty());
    const auto text = paypal_signed_text("id-1", time, "DEMOWEBHOOKID0001", signed_body);
    const Headers good = {{"paypal-transmission-id", "id-1"},
                          {"paypal-transmission-time", time},
                          {"paypal-transmission-sig", certificate.sign(text)},
                          {"paypal-auth-algo", "SHA256withRSA"},
                          {"paypal-cert-url", "https://api.paypal.com/v1/notifications/certs/C"}};
    CHECK(!check(rules, good, signed_body));

    const auto with = [&](const std::string& name, const std::string& value, Instant at = now) {
        auto headers = good;
        headers[name] = value;
        return check(rules, headers, signed_body, at);
    };
    CHECK(check(rules, good, signed_body + " ") == PushProblem::wrong);
    CHECK(with("paypal-transmission-id", "id-2") == PushProblem::wrong);
    CHECK(with("paypal-transmission-sig", other.sign(text)) == PushProblem::wrong);
    CHECK(with("paypal-transmission-sig", "") == PushProblem::no_signature);
    CHECK(with("paypal-auth-algo", "none") == PushProblem::malformed);
    CHECK(with("paypal-cert-url", "https://paypal.com.evil.example/c") == PushProblem::malformed);
    CHECK(with("paypal-cert-url", "http://api.paypal.com/c") == PushProblem::malformed);
    CHECK(with("paypal-cert-url", "https://evil.example/?x=.paypal.com") == PushProblem::malformed);
    CHECK(with("paypal-auth-algo", "SHA256withRSA", now + 6min) == PushProblem::too_old);

    auto elsewhere = rules;
    elsewhere.webhook_id = "ANOTHER";
    CHECK(check(elsewhere, good, signed_body) == PushProblem::wrong);
}

TEST_CASE("a certificate counts in its term alone") {
    const TestCertificate certificate;
    const std::string time = "2027-01-01T00:00:00Z";  // a day after its end
    const PushRules rules{.sender = PushSender::paypal,
                          .secrets = {},
                          .webhook_id = "W",
                          .certificate = certificate.pem()};
    const Headers headers = {
        {"paypal-transmission-id", "id-1"},
        {"paypal-transmission-time", time},
        {"paypal-transmission-sig", certificate.sign(paypal_signed_text("id-1", time, "W", body))},
        {"paypal-auth-algo", "SHA256withRSA"},
        {"paypal-cert-url", "https://api.paypal.com/c"}};
    CHECK(check(rules, headers, body, *parse_instant(time)) == PushProblem::wrong);
}

TEST_CASE("rules that prove nothing are told before anything is taken") {
    CHECK(why_incomplete(rules_of(PushSender::shopify, {}), "a") ==
          "no secret is set: secret, or secret_file");
    CHECK(!why_incomplete(rules_of(PushSender::woocommerce, {"x", ""}), "a").empty());
    CHECK(why_incomplete(rules_of(PushSender::stripe, {"x"}), "a").empty());
    CHECK(!why_incomplete(rules_of(PushSender::aliexpress, {}), "aliexpress").empty());
    CHECK(why_incomplete(rules_of(PushSender::aliexpress, {}), std::string(32, 'k')).empty());
    CHECK(!why_incomplete({.sender = PushSender::paypal}, "a").empty());
    CHECK(
        !why_incomplete({.sender = PushSender::paypal, .webhook_id = "W", .certificate = "no"}, "a")
             .empty());
}

TEST_CASE("who signs for one system does not speak for another") {
    for (int i = 0; i < static_cast<int>(PushSender::count_); ++i) {
        const auto sender = static_cast<PushSender>(i);
        CHECK(parse_push_sender(to_string(sender)) == sender);
        CHECK(!may_send(sender, "holdfast_order"));
        CHECK(!may_send(sender, ""));
    }
    CHECK(may_send(PushSender::shopify, "shopify_order_json"));
    CHECK(!may_send(PushSender::shopify, "aliexpress_order_api"));
    CHECK(!may_send(PushSender::aliexpress, "aliexpress_order_api"));
    CHECK(may_send(PushSender::seventeen_track, "17track"));
    CHECK(!parse_push_sender("ebay"));
}

// By Python's hmac, over "1772442000." and the text.
TEST_CASE("what Stripe sends is believed by its bytes and its time") {
    constexpr std::string_view text = "{\"type\":\"dispute.opened\",\"text\":\"5 \xE2\x82\xAC\"}";
    const std::string hex = "d795ecbeeb7ddf6ac26ec554c599c0ba9fd3f691db483b418bff05a00b9436e6";
    const Instant then{std::chrono::seconds{1'772'442'000}};
    const auto told = [&](const std::string& header, Instant when, std::string_view bytes,
                          std::vector<std::string> secrets) {
        return check(rules_of(PushSender::stripe, std::move(secrets)),
                     {{"stripe-signature", header}}, bytes, when);
    };
    const auto at = [&](const std::string& header, Instant when) {
        return told(header, when, text, {"whsec_demo"});
    };
    using namespace std::chrono_literals;
    using enum PushProblem;
    CHECK(at("t=1772442000,v1=" + hex, then) == std::nullopt);
    CHECK(at("v1=00,t=1772442000,v1=" + hex, then) == std::nullopt);
    CHECK(at("t=1772442000,v1=" + hex, then + 5min + 1ms) == too_old);
    CHECK(at("t=1772442000,v1=" + hex, then - 5min - 1ms) == too_new);
    CHECK(at("t=1772442001,v1=" + hex, then) == wrong);
    CHECK(at("t=1772442000,v0=" + hex, then) == wrong);
    CHECK(at("t=1772442000,v1=" + hex + "0", then) == wrong);
    CHECK(at("t=1772442000,v1=" + hex + "00", then) == wrong);
    CHECK(at("t=1772442000,v1=" + hex + "g", then) == wrong);
    CHECK(at("t=1772442000,v1=", then) == wrong);
    CHECK(at("t=1772442000", then) == wrong);
    CHECK(at("v1=" + hex, then) == malformed);
    CHECK(at("", then) == no_signature);
    CHECK(told("t=1772442000,v1=" + hex, then, "{}", {"whsec_demo"}) == wrong);
    CHECK(told("t=1772442000,v1=" + hex, then, text, {"whsec_other"}) == wrong);
    CHECK(told("t=1772442000,v1=" + hex, then, text, {"whsec_other", "whsec_demo"}) ==
          std::nullopt);
}

}  // namespace holdfast::formats
