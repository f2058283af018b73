// What comes with a webhook, a line each: id, timestamp, signature; the rest is the body. Nothing
// is believed that the secret has not signed.
#include "target.h"

#include "base/verify.h"
#include "engine/webhook_signature.h"

#include <algorithm>
#include <array>
#include <string>

namespace holdfast::fuzz {
namespace {

const Instant now = *parse_instant("2026-03-01T09:00:00.000Z");

void check_ours(const engine::WebhookHeaders& headers, std::string_view body) {
    const engine::WebhookSecret secret(32, 0x5A);
    const std::array secrets{secret};
    if (engine::check_webhook(headers, body, secrets, now)) return;
    const Instant at{std::chrono::seconds{std::stoll(headers.timestamp)}};
    const auto signed_by_us = engine::sign_webhook(headers.id, at, body, secrets);
    VERIFY(headers.signature.contains(signed_by_us.signature));
}

void check_secret(std::string_view text) {
    const auto secret = engine::parse_webhook_secret(text);
    if (!secret) return;
    VERIFY(engine::parse_webhook_secret(engine::to_text(*secret)) == secret);
    VERIFY(secret->size() >= 24 && secret->size() <= 64);
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    auto rest = fuzz::text_of(data, size);
    engine::WebhookHeaders headers;
    headers.id = fuzz::take_until(rest, '\n');
    headers.timestamp = fuzz::take_until(rest, '\n');
    headers.signature = fuzz::take_until(rest, '\n');
    fuzz::check_ours(headers, rest);
    fuzz::check_secret(headers.signature);
    return 0;
}
