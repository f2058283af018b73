#include "engine/notice_ways.h"

#include <string>
#include <string_view>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view mail_scheme = "mailto:";
using Fate = NoticeReply::Fate;

}  // namespace

NoticeReply bring_by_call(http::Client& client, const Notice& notice) {
    http::Request request{.method = http::Method::post, .url = notice.to, .body = notice.body};
    for (const auto& [name, value] : notice.headers) request.headers.push_back({name, value});
    const auto answer = client.send(request);
    if (!answer) return {.fate = Fate::not_now, .problem = answer.error().text};
    if (answer->is_success()) return {.fate = Fate::taken};
    const auto problem = "answered " + std::to_string(answer->status);
    return {.fate = answer->status == 410 ? Fate::gone : Fate::not_now, .problem = problem};
}

NoticeReply bring_by_mail(http::MailSender& sender, const http::MailAddress& from,
                          const Notice& notice, Instant now) {
    const auto host = from.address.substr(from.address.find('@') + 1);
    const http::MailMessage message{.from = from,
                                    .to = {.address = notice.to.substr(mail_scheme.size())},
                                    .subject = notice.type,
                                    .text = notice.body + "\n",
                                    .message_id = notice.id + "@" + host,
                                    .date = now,
                                    .headers = {{"Auto-Submitted", "auto-generated"}}};
    const auto outcome = sender.send(message);
    switch (outcome.fate) {
    case http::MailFate::accepted:  return {.fate = Fate::taken};
    case http::MailFate::rejected:  return {.fate = Fate::rejected, .problem = outcome.text};
    case http::MailFate::try_later:
    case http::MailFate::count_:    break;
    }
    return {.fate = Fate::not_now, .problem = outcome.text};
}

Bring bring_by(http::Client& client, std::optional<MailWay> mail) {
    return [&client, mail = std::move(mail)](const Notice& notice) -> NoticeReply {
        if (!notice.to.starts_with(mail_scheme)) return bring_by_call(client, notice);
        if (!mail) return {.fate = Fate::rejected, .problem = "no mail server is set"};
        return bring_by_mail(mail->sender, mail->from, notice, mail->now());
    };
}

}  // namespace holdfast::engine
