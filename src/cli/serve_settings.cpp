#include "cli/serve_settings.h"

#include "api/console.h"
#include "cli/shell.h"
#include "http/header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace holdfast::cli {
namespace {

[[noreturn]] void stop(const std::string& sentence) { throw Stop(Exit::configuration, sentence); }

bool is_loopback(std::string_view host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

// Plain HTTP never leaves this machine.
bool is_plain_here(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) return false;
    const auto authority = url.substr(scheme.size(), url.substr(scheme.size()).find('/'));
    return is_loopback(authority.substr(0, authority.rfind(':')));
}

// "https://shop.example" or "https://shop.example:8443"; without path, wildcard or anything that
// could end the directive.
bool is_origin(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    const bool is_plain = is_plain_here(text);
    if (!is_plain && !text.starts_with(scheme)) return false;
    const auto authority = text.substr(is_plain ? scheme.size() - 1 : scheme.size());
    return !authority.empty() && std::ranges::all_of(authority, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
    });
}

void check_stripe_key(std::string_view key, bool live) {
    if (key.empty())
        stop(
            "processor.stripe_key: none is set; HOLDFAST_PROCESSOR_STRIPE_KEY_FILE names a file "
            "that holds it");
    constexpr std::array<std::string_view, 2> test{"sk_test_", "rk_test_"};
    constexpr std::array<std::string_view, 2> real{"sk_live_", "rk_live_"};
    const auto& wanted = live ? real : test;
    if (std::ranges::none_of(wanted, [&](auto prefix) { return key.starts_with(prefix); }))
        stop(std::string("processor.stripe_key: ") +
             (live ? "live orders need a live key" : "a sandbox needs a test key"));
}

ProcessorSettings stripe_settings(const Config& config, bool live) {
    check_stripe_key(config.stripe_key, live);
    const bool is_plain = is_plain_here(config.stripe_url);
    if (!is_plain && !config.stripe_url.starts_with("https://"))
        stop("processor.stripe_url: expected https://…, or http:// on this machine");
    const bool is_usual = config.stripe_url == Config{}.stripe_url;
    return {.kind = ProcessorKind::stripe,
            .stripe = {.secret_key = config.stripe_key, .url = config.stripe_url},
            .client = {.allow_private = !is_usual, .allow_http = is_plain},
            .reconcile_every = std::chrono::seconds{config.reconcile_seconds}};
}

http::SmtpTls tls_of(std::string_view word) {
    if (word == "none") return http::SmtpTls::none;
    return word == "implicit" ? http::SmtpTls::implicit : http::SmtpTls::starttls;
}

// "mail.example:587"
http::SmtpServer smtp_server(std::string_view text) {
    http::SmtpServer server;
    const auto colon = text.rfind(':');
    const auto digits = text.substr(std::min(colon, text.size() - 1) + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
    if (colon == 0 || colon == text.npos || error != std::errc{} ||
        end != digits.data() + digits.size() || server.port == 0)
        stop("mail.smtp: found \"" + std::string(text) + "\", expected host:port");
    server.host = text.substr(0, colon);
    return server;
}

}  // namespace

ProcessorSettings processor_settings(const Config& config, bool live) {
    if (config.processor_kind == "stripe") return stripe_settings(config, live);
    if (config.processor_kind == "manual") return {};
    if (live) stop("processor.kind: the sandbox's processor moves no money; not with --live");
    return {.kind = ProcessorKind::sandbox};
}

std::optional<MailSettings> mail_settings(const Config& config) {
    if (config.mail_smtp.empty()) return std::nullopt;
    MailSettings mail{.server = smtp_server(config.mail_smtp),
                      .from = {.address = config.mail_from}};
    const auto at = config.mail_from.find('@');
    if (at == 0 || at == std::string::npos || at + 1 == config.mail_from.size())
        stop("mail.from: found \"" + config.mail_from + "\", expected an address");
    mail.server.own_name = config.mail_from.substr(at + 1);
    mail.server.tls = tls_of(config.mail_tls);
    mail.server.user = config.mail_user;
    mail.server.password = config.mail_password;
    const bool is_plain = mail.server.tls == http::SmtpTls::none;
    if (is_plain && (!is_loopback(mail.server.host) || !config.mail_password.empty()))
        stop("mail.tls: none is for a mail server on this machine, without a password");
    return mail;
}

std::string frame_ancestors_of(const Config& config) {
    std::string all;
    std::string_view rest = config.frame_origins;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto origin = http::trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!is_origin(origin))
            stop("serve.frame_origins: found \"" + std::string(origin) +
                 "\", expected https://host, or http:// on this machine");
        all.append(all.empty() ? "" : " ").append(origin);
    }
    return all.empty() ? std::string(api::no_frames) : all;
}

engine::Telling telling_of(const std::optional<MailSettings>& mail) {
    return mail ? engine::Telling::by_mail : engine::Telling::nobody;
}

}  // namespace holdfast::cli
