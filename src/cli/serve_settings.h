// What the configuration says of a server's processor and mail, checked against each other and
// against what the server is: nothing of the sandbox moves real money.
#pragma once

#include "cli/config.h"
#include "engine/live.h"
#include "engine/stripe_processor.h"
#include "http/client.h"
#include "http/mail.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace holdfast::cli {

enum class ProcessorKind : std::uint8_t { manual, sandbox, stripe };

struct ProcessorSettings {
    ProcessorKind kind = ProcessorKind::manual;
    engine::StripeOptions stripe = {};
    http::ClientOptions client = {};
    std::chrono::seconds reconcile_every{0};  // 0: never
};

struct MailSettings {
    http::SmtpServer server;
    http::MailAddress from;
};

// Both stop with `configuration` where the settings make no sense.
ProcessorSettings processor_settings(const Config& config, bool live);
std::optional<MailSettings> mail_settings(const Config& config);  // none: no server is set
// What `frame-ancestors` says of the page of a link's holder.
std::string frame_ancestors_of(const Config& config);
// Parties are told of what happened to their orders where mails can be sent.
engine::Telling telling_of(const std::optional<MailSettings>& mail);

}  // namespace holdfast::cli
