#include "cli/teller.h"

#include "engine/notice_ways.h"
#include "store/person.h"

namespace holdfast::cli {

Teller::Teller(engine::Engine& engine, ServeLog& log, const std::optional<MailSettings>& mail)
    : engine_(engine),
      port_(engine),
      notices_(port_, engine::bring_by(client_, mail_way(mail)), store::fill_from_system),
      rounds_("notices", log, [this] { return round(); }) {}

std::optional<engine::MailWay> Teller::mail_way(const std::optional<MailSettings>& mail) {
    if (!mail) return std::nullopt;
    return engine::MailWay{.sender = sender_.emplace(mail->server),
                           .from = mail->from,
                           .now = [this] { return engine_.now(); }};
}

engine::NoticeCounts Teller::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

std::size_t Teller::round() {
    constexpr std::size_t events_most = 200, rows_most = 4;  // a stop waits for no more
    const auto done =
        notices_.fan_out(engine_.now(), events_most) + notices_.deliver(engine_.now(), rows_most);
    const std::scoped_lock lock(mutex_);
    counts_ = notices_.counts();
    return done;
}

}  // namespace holdfast::cli
