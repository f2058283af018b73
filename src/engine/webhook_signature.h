// Signatures of webhooks, by Standard Webhooks 1.0.0: the sender and the receiver share a secret,
// and every message carries HMAC-SHA256 over "<id>.<timestamp>.<body as sent>".
//
// A secret is written "whsec_" and the base64 of 24 to 64 bytes; the bytes are the key. While it is
// being changed there are two, and a message carries a signature by each.
#pragma once

#include "base/instant.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

using WebhookSecret = std::vector<std::uint8_t>;  // 24 to 64 bytes

std::optional<WebhookSecret> parse_webhook_secret(std::string_view text);
std::string to_text(const WebhookSecret& secret);  // "whsec_…"
// 32 bytes from `random`, which fills what it is given.
WebhookSecret make_webhook_secret(const std::function<void(std::span<std::uint8_t>)>& random);

struct WebhookHeaders {
    std::string id, timestamp, signature;
};

// The headers of one attempt at `now`. An id has no dot in it: it could move the border to the
// timestamp.
WebhookHeaders sign_webhook(std::string_view id, Instant now, std::string_view body,
                            std::span<const WebhookSecret> secrets);

enum class SignatureProblem : std::uint8_t { malformed, too_old, too_new, wrong, count_ };
std::string_view to_string(SignatureProblem value);

// Of both ways that a clock can be wrong.
inline constexpr Duration signature_tolerance = std::chrono::minutes{5};

// Nothing: one of its signatures is by one of the secrets, and it is of now. Signatures of other
// versions than v1 are passed over.
std::optional<SignatureProblem> check_webhook(const WebhookHeaders& headers, std::string_view body,
                                              std::span<const WebhookSecret> secrets, Instant now);

}  // namespace holdfast::engine
