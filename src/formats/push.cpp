#include "formats/push.h"

#include "base/enum_word.h"
#include "base/mac.h"
#include "formats/pinned_certificate.h"
#include "formats/text.h"

#include <sodium.h>
#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace holdfast::formats {
namespace {

using Problem = std::optional<PushProblem>;

constexpr std::size_t path_secret_least = 32;  // letters of a name that is its own secret

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

Mac digest_of(std::initializer_list<std::string_view> parts) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (const auto part : parts) crypto_hash_sha256_update(&state, bytes_of(part), part.size());
    Mac digest{};
    crypto_hash_sha256_final(&state, digest.data());
    return digest;
}

Problem check_time(Instant at, Instant now) {
    if (at < now - push_tolerance) return PushProblem::too_old;
    if (at > now + push_tolerance) return PushProblem::too_new;
    return std::nullopt;
}

// --- Each way of signing

// base64(HMAC-SHA256(secret, body))
Problem check_body_mac(const PushRules& rules, std::string_view said, std::string_view body) {
    if (said.empty()) return PushProblem::no_signature;
    const auto bytes = parse_base64(said, sizeof(Mac));
    if (!bytes || bytes->size() != sizeof(Mac)) return PushProblem::malformed;
    const bool is_theirs = std::ranges::any_of(rules.secrets, [&](const std::string& secret) {
        return is_same(mac_of(secret, {body}), *bytes);
    });
    return is_theirs ? Problem{} : PushProblem::wrong;
}

// hex(SHA-256(body + "/" + key)): no HMAC
Problem check_digest(const PushRules& rules, std::string_view said, std::string_view body) {
    if (said.empty()) return PushProblem::no_signature;
    const auto bytes = parse_hex(said);
    if (!bytes || bytes->size() != sizeof(Mac)) return PushProblem::malformed;
    const bool is_theirs = std::ranges::any_of(rules.secrets, [&](const std::string& key) {
        return is_same(digest_of({body, "/", key}), *bytes);
    });
    return is_theirs ? Problem{} : PushProblem::wrong;
}

// "t=<seconds>,v1=<hex>,…" over "<seconds>.<body>": any v1, other versions are passed over
Problem check_stripe(const PushRules& rules, std::string_view said, std::string_view body,
                     Instant now) {
    if (said.empty()) return PushProblem::no_signature;
    std::string_view time;
    std::vector<std::string_view> signatures;
    for (const auto part : split(said, ",")) {
        if (part.starts_with("t=")) time = part.substr(2);
        if (part.starts_with("v1=")) signatures.push_back(part.substr(3));
    }
    constexpr std::int64_t seconds_most = 100'000'000'000;
    const auto seconds = parse_count(time, seconds_most);
    if (!seconds) return PushProblem::malformed;
    if (const auto problem = check_time(Instant{std::chrono::seconds{*seconds}}, now))
        return problem;
    for (const auto& secret : rules.secrets) {
        const auto mac = mac_of(secret, {time, ".", body});
        for (const auto signature : signatures)
            if (const auto bytes = parse_hex(signature); bytes && is_same(mac, *bytes))
                return std::nullopt;
    }
    return PushProblem::wrong;
}

// The certificate is ours already; that the sender names one of PayPal's keeps a mix-up apart.
bool is_at_paypal(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    url.remove_prefix(scheme.size());
    const auto host = url.substr(0, url.find_first_of("/?#"));
    return host == "paypal.com" || host.ends_with(".paypal.com");
}

Problem check_paypal(const PushRules& rules, const FindHeader& header, std::string_view body,
                     Instant now) {
    const auto said = header("paypal-transmission-sig");
    const auto time = header("paypal-transmission-time");
    if (said.empty()) return PushProblem::no_signature;
    constexpr std::size_t signature_most = 1024;
    const auto signature = parse_base64(said, signature_most);
    const auto at = parse_instant(time);
    if (!signature || !at || header("paypal-auth-algo") != "SHA256withRSA" ||
        !is_at_paypal(header("paypal-cert-url")))
        return PushProblem::malformed;
    if (const auto problem = check_time(*at, now)) return problem;
    const auto text =
        paypal_signed_text(header("paypal-transmission-id"), time, rules.webhook_id, body);
    return is_signed_by(rules.certificate, text, *signature, now) ? Problem{} : PushProblem::wrong;
}

struct SenderOf {
    std::string_view word;
    std::string_view formats;  // how the names of its formats begin
};
constexpr std::array<SenderOf, static_cast<std::size_t>(PushSender::count_)> senders{{
    {"shopify", "shopify_"},
    {"woocommerce", "woocommerce_"},
    {"aftership", "aftership"},
    {"17track", "17track"},
    {"stripe", "stripe_json"},
    {"paypal", "paypal_json"},
    {"aliexpress", "aliexpress_push"},
}};

}  // namespace

std::string_view to_string(PushSender sender) {
    return senders.at(static_cast<std::size_t>(sender)).word;
}

std::optional<PushSender> parse_push_sender(std::string_view word) {
    const auto* const found = std::ranges::find(senders, word, &SenderOf::word);
    if (found == senders.end()) return std::nullopt;
    return static_cast<PushSender>(found - senders.begin());
}

std::string_view to_string(PushProblem problem) {
    return enum_word(
        std::array<std::string_view, 5>{"no_signature", "malformed", "too_old", "too_new", "wrong"},
        problem);
}

std::string why_incomplete(const PushRules& rules, std::string_view name) {
    switch (rules.sender) {
    case PushSender::aliexpress:
        if (name.size() < path_secret_least)
            return "AliExpress signs nothing, so the name is the secret: 32 letters or more";
        return {};
    case PushSender::paypal:
        if (rules.webhook_id.empty()) return "PayPal signs the id of the webhook: webhook_id";
        if (!is_certificate(rules.certificate))
            return "PayPal signs by a certificate: certificate_file names a PEM file that holds it";
        return {};
    case PushSender::shopify:
    case PushSender::woocommerce:
    case PushSender::aftership:
    case PushSender::seventeen_track:
    case PushSender::stripe:
    case PushSender::count_:          break;
    }
    // An empty secret would make a signature that looks as if it proved something.
    if (rules.secrets.empty() || std::ranges::any_of(rules.secrets, &std::string::empty))
        return "no secret is set: secret, or secret_file";
    return {};
}

bool is_ping(PushSender sender, std::string_view body) {
    constexpr std::string_view begins = "webhook_id=";
    return sender == PushSender::woocommerce && body.starts_with(begins) &&
           is_digits(trimmed(body.substr(begins.size())));
}

std::optional<PushProblem> check_push(const PushRules& rules, const FindHeader& header,
                                      std::string_view body, Instant now) {
    switch (rules.sender) {
    case PushSender::shopify: return check_body_mac(rules, header("x-shopify-hmac-sha256"), body);
    case PushSender::woocommerce:
        return check_body_mac(rules, header("x-wc-webhook-signature"), body);
    case PushSender::aftership:       return check_body_mac(rules, header("aftership-hmac-sha256"), body);
    case PushSender::seventeen_track: return check_digest(rules, header("sign"), body);
    case PushSender::stripe:          return check_stripe(rules, header("stripe-signature"), body, now);
    case PushSender::paypal:          return check_paypal(rules, header, body, now);
    case PushSender::aliexpress:      return std::nullopt;
    case PushSender::count_:          break;
    }
    return PushProblem::malformed;
}

bool may_send(PushSender sender, std::string_view format) {
    return format.starts_with(senders.at(static_cast<std::size_t>(sender)).formats);
}

std::string paypal_signed_text(std::string_view transmission_id, std::string_view time,
                               std::string_view webhook_id, std::string_view body) {
    boost::crc_32_type crc;
    crc.process_bytes(body.data(), body.size());
    return joined({transmission_id, time, webhook_id, std::to_string(crc.checksum())}, "|");
}

}  // namespace holdfast::formats
