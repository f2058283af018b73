#include "cli/mailer.h"

#include "store/person.h"

namespace holdfast::cli {

Mailer::Mailer(engine::Engine& engine, const engine::RulesBook& rules, ServeLog& log,
               const MailSettings& mail)
    : engine_(engine),
      port_(engine),
      sender_(mail.server),
      mails_(
          port_, rules, mail.from,
          [this](const http::MailMessage& message) { return sender_.send(message); },
          store::fill_from_system),
      rounds_("mails", log, [this] { return round(); }) {}

std::size_t Mailer::round() {
    constexpr std::size_t rows_most = 4;  // a stop waits for no more
    return mails_.deliver(engine_.now(), rows_most);
}

}  // namespace holdfast::cli
