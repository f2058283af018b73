// The ways on which a notice goes: a POST by http/client.h, a mail by http/mail.h.
#pragma once

#include "engine/notices.h"
#include "http/client.h"
#include "http/mail.h"

#include <optional>

namespace holdfast::engine {

// 2xx is taken, 410 wants nothing more; a redirect, like every other answer and none, is not now.
NoticeReply bring_by_call(http::Client& client, const Notice& notice);

// To the address behind "mailto:". The mail's id is the event's, so that a second copy shows.
NoticeReply bring_by_mail(http::MailSender& sender, const http::MailAddress& from,
                          const Notice& notice, Instant now);

struct MailWay {
    http::MailSender& sender;
    http::MailAddress from;
    std::function<Instant()> now;
};

// By what the address says; mail only where there is a way for it.
Bring bring_by(http::Client& client, std::optional<MailWay> mail);

}  // namespace holdfast::engine
