// Sends the parties of orders their mails while a server runs.
#pragma once

#include "cli/rounds.h"
#include "cli/serve_log.h"
#include "cli/serve_settings.h"
#include "engine/engine.h"
#include "engine/outbox_port.h"
#include "engine/party_mails.h"
#include "engine/rules_book.h"
#include "http/mail.h"

namespace holdfast::cli {

class Mailer {
public:
    // Engine and rules are there for longer.
    Mailer(engine::Engine& engine, const engine::RulesBook& rules, ServeLog& log,
           const MailSettings& mail);

private:
    std::size_t round();

    engine::Engine& engine_;
    engine::EnginePort port_;
    http::MailSender sender_;
    engine::PartyMails mails_;
    Rounds rounds_;  // ends first
};

}  // namespace holdfast::cli
