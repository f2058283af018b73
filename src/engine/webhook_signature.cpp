#include "engine/webhook_signature.h"

#include "base/enum_word.h"
#include "base/mac.h"
#include "base/verify.h"

#include <array>
#include <charconv>
#include <string>

namespace holdfast::engine {
namespace {

constexpr std::string_view prefix = "whsec_", version = "v1,";
constexpr std::size_t secret_min = 24, secret_max = 64, secret_made = 32;

std::optional<SignatureProblem> check_time(std::string_view timestamp, Instant now) {
    std::int64_t seconds = 0;
    const auto* const end = timestamp.data() + timestamp.size();
    const auto read = std::from_chars(timestamp.data(), end, seconds);
    constexpr std::int64_t seconds_max = 100'000'000'000;  // milliseconds of it stay in range
    if (read.ec != std::errc() || read.ptr != end || seconds < 0 || seconds > seconds_max)
        return SignatureProblem::malformed;
    const Instant at{std::chrono::seconds{seconds}};
    if (at < now - signature_tolerance) return SignatureProblem::too_old;
    if (at > now + signature_tolerance) return SignatureProblem::too_new;
    return std::nullopt;
}

// Takes the part before the next `border` off `text`.
std::string_view take_part(std::string_view& text, char border) {
    const auto end = text.find(border);
    const auto part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

}  // namespace

std::string_view to_string(SignatureProblem value) {
    return enum_word(std::array<std::string_view, 4>{"malformed", "too_old", "too_new", "wrong"},
                     value);
}

std::optional<WebhookSecret> parse_webhook_secret(std::string_view text) {
    if (!text.starts_with(prefix)) return std::nullopt;
    auto bytes = parse_base64(text.substr(prefix.size()), secret_max);
    if (!bytes || bytes->size() < secret_min) return std::nullopt;
    return bytes;
}

std::string to_text(const WebhookSecret& secret) {
    VERIFY(secret.size() >= secret_min && secret.size() <= secret_max);
    return std::string(prefix) + base64_of(secret);
}

WebhookSecret make_webhook_secret(const std::function<void(std::span<std::uint8_t>)>& random) {
    WebhookSecret secret(secret_made);
    random(secret);
    return secret;
}

WebhookHeaders sign_webhook(std::string_view id, Instant now, std::string_view body,
                            std::span<const WebhookSecret> secrets) {
    VERIFY(!id.empty() && !id.contains('.') && !secrets.empty());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    WebhookHeaders headers{
        .id = std::string(id), .timestamp = std::to_string(seconds), .signature = {}};
    for (const auto& secret : secrets) {
        if (!headers.signature.empty()) headers.signature += ' ';
        headers.signature +=
            std::string(version) +
            base64_of(mac_of(secret, {headers.id, ".", headers.timestamp, ".", body}));
    }
    return headers;
}

std::optional<SignatureProblem> check_webhook(const WebhookHeaders& headers, std::string_view body,
                                              std::span<const WebhookSecret> secrets, Instant now) {
    if (headers.id.empty() || headers.id.contains('.')) return SignatureProblem::malformed;
    if (const auto problem = check_time(headers.timestamp, now)) return problem;
    std::string_view left = headers.signature;
    while (!left.empty()) {
        const auto part = take_part(left, ' ');
        if (!part.starts_with(version)) continue;
        const auto said = parse_base64(part.substr(version.size()), sizeof(Mac));
        if (!said) continue;
        for (const auto& secret : secrets)
            if (is_same(mac_of(secret, {headers.id, ".", headers.timestamp, ".", body}), *said))
                return std::nullopt;
    }
    return SignatureProblem::wrong;
}

}  // namespace holdfast::engine
