#include "engine/webhook_signature.h"

#include <doctest/doctest.h>

namespace holdfast::engine {
namespace {

using namespace std::chrono;

constexpr Instant now{seconds{1'772'442'000}};
constexpr std::string_view body = "{\"type\":\"dispute.opened\",\"text\":\"5 \xE2\x82\xAC\"}";

WebhookSecret counted(std::uint8_t size) {
    WebhookSecret secret(size);
    for (std::uint8_t i = 0; i < size; ++i) secret[i] = i;
    return secret;
}

}  // namespace

// Expected values by Python's hmac and base64 modules, over f"{id}.{timestamp}.".encode() + body:
// the keys are bytes(range(24)) and bytes(range(64)).
TEST_CASE("a webhook is signed by every secret") {
    const std::vector secrets{counted(24), counted(64)};
    const auto headers = sign_webhook("evt_1", now + 999ms, body, secrets);
    CHECK(headers.id == "evt_1");
    CHECK(headers.timestamp == "1772442000");
    CHECK(headers.signature ==
          "v1,c6Dr6Ty+P69xXMFjU6pMSgGURQKIvzESd6lmWaEdVfE= "
          "v1,K9XWLUFDDfyph5Bk96+GtYoY9iX0AZs5YeU02JbuR4w=");
    CHECK(sign_webhook("evt_1", now, "", {secrets.data(), 1}).signature ==
          "v1,wKhqTfFDNWsdzyVMWUdGzh9vmimyFBzEvc/6cTMZISw=");
    for (const auto& secret : secrets)
        CHECK_FALSE(check_webhook(headers, body, {&secret, 1}, now).has_value());
}

// Key, id, time and body of the example that the standard publishes; the signature by Python's
// hmac.
TEST_CASE("the standard's own example") {
    const auto secret = parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(secret);
    const Instant at{seconds{1'614'265'330}};
    const std::string_view text = "{\"test\": 2432232314}";
    const auto headers = sign_webhook("msg_p5jXN8AQM9LWM0D4loKWxJek", at, text, {&*secret, 1});
    CHECK(headers.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a webhook is believed by its bytes, its time and one of the secrets") {
    const std::vector secrets{counted(24), counted(64)};
    const auto good = sign_webhook("evt_1", now, body, {secrets.data(), 1});
    const auto check = [&](WebhookHeaders headers, Instant at = now, std::string_view text = body) {
        return check_webhook(headers, text, secrets, at);
    };
    using enum SignatureProblem;
    const auto with = [&](auto&& change) {
        auto headers = good;
        change(headers);
        return check(headers);
    };
    CHECK(check(good) == std::nullopt);
    CHECK(check(good, now + 5min) == std::nullopt);
    CHECK(check(good, now + 5min + 1ms) == too_old);
    CHECK(check(good, now - 5min) == std::nullopt);
    CHECK(check(good, now - 5min - 1ms) == too_new);
    CHECK(check(good, now, std::string(body) + " ") == wrong);
    CHECK(with([](auto& h) { h.id = "evt_2"; }) == wrong);
    CHECK(with([](auto& h) { h.timestamp = "1772442001"; }) == wrong);
    CHECK(with([](auto& h) { h.signature.clear(); }) == wrong);
    CHECK(with([](auto& h) { h.signature.replace(0, 3, "v2,"); }) == wrong);
    CHECK(with([](auto& h) { h.signature.resize(h.signature.size() - 4); }) == wrong);
    CHECK(with([](auto& h) { h.signature += "AAAA"; }) == wrong);
    CHECK(with([](auto& h) { h.signature = "v1a,x v1,AAAA " + h.signature; }) == std::nullopt);
    CHECK(with([](auto& h) { h.id = "evt_1.1772442000"; }) == malformed);
    CHECK(with([](auto& h) { h.id.clear(); }) == malformed);
    for (const auto* timestamp : {"", "x", "1772442000.5", " 1772442000", "-1", "99999999999999"})
        CHECK(with([&](auto& h) { h.timestamp = timestamp; }) == malformed);
    const auto other = counted(32);
    CHECK(check_webhook(good, body, {&other, 1}, now) == wrong);
    CHECK(check_webhook(good, body, {}, now) == wrong);
}

TEST_CASE("a secret is 24 to 64 bytes, written in one way") {
    CHECK(to_text(counted(24)) == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
    CHECK(parse_webhook_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX") == counted(24));
    CHECK(parse_webhook_secret(to_text(counted(64))) == counted(64));
    CHECK_FALSE(parse_webhook_secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"));
    CHECK_FALSE(parse_webhook_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY="));  // 23 bytes
    CHECK_FALSE(parse_webhook_secret("whsec_" + std::string(88, 'A')));           // 66 bytes
    CHECK_FALSE(parse_webhook_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n"));
    CHECK_FALSE(parse_webhook_secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY!"));
    const auto made = make_webhook_secret([](std::span<std::uint8_t> bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    });
    CHECK(made == counted(32));
}

}  // namespace holdfast::engine
