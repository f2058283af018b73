// Tells endpoints of events while a server runs.
#pragma once

#include "cli/rounds.h"
#include "cli/serve_log.h"
#include "cli/serve_settings.h"
#include "engine/engine.h"
#include "engine/notice_ways.h"
#include "engine/notices.h"
#include "engine/outbox_port.h"
#include "http/client.h"
#include "http/mail.h"

#include <mutex>
#include <optional>

namespace holdfast::cli {

class Teller {
public:
    // The engine runs for longer.
    // By mail only where a mail server is set.
    Teller(engine::Engine& engine, ServeLog& log, const std::optional<MailSettings>& mail);

    engine::NoticeCounts counts() const;  // as of the last round

private:
    std::optional<engine::MailWay> mail_way(const std::optional<MailSettings>& mail);
    std::size_t round();

    engine::Engine& engine_;
    engine::EnginePort port_;
    http::Client client_{{}};
    std::optional<http::MailSender> sender_;
    engine::Notices notices_;
    mutable std::mutex mutex_;
    engine::NoticeCounts counts_;
    Rounds rounds_;  // ends first
};

}  // namespace holdfast::cli
