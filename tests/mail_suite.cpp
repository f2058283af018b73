// Mails through a real mail server that runs beside the test (smtp_server.py).
#include "mail_server.h"

#include "http/mail.h"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <vector>

namespace holdfast::test {
namespace {

using namespace http;
using namespace std::chrono_literals;

MailMessage mail_to(std::string address) {
    return {.from = {.address = "help@shop.example", .name = "Sh\xC3\xB6p"},
            .to = {.address = std::move(address)},
            .subject = "Refund \xE2\x82\xAC 5",
            .text = "Dear buyer,\n\n.a line with a dot\n.\nFrom here: 5 = 5 \xE2\x82\xAC\n",
            .message_id = "evt_1@shop.example",
            .date = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}},
            .headers = {{"Auto-Submitted", "auto-generated"}}};
}

}  // namespace

TEST_CASE("mail: what is composed is what the server takes, byte for byte, twice on one sender") {
    MailServer server;
    MailSender sender(server.settings());
    for (int i = 0; i < 2; ++i) {
        const auto message = mail_to("buyer@home.example");
        const auto outcome = sender.send(message);
        CAPTURE(outcome.text);
        CHECK(outcome.fate == MailFate::accepted);
        const auto taken = server.taken();
        CHECK(taken.at("from") == "help@shop.example");
        CHECK(taken.at("to") == "buyer@home.example");
        CHECK(decoded(taken.at("mail").as_string()) == compose(message));
    }
}

TEST_CASE("mail: the server's answer says whether it is worth trying again") {
    MailServer server;
    MailSender sender(server.settings());
    auto hasty = server.settings();
    hasty.time_out = 500ms;  // where the server never answers
    struct Row {
        const char* to;
        MailFate fate;
        const char* text;
    };
    const Row rows[] = {
        {"refuse@home.example", MailFate::rejected, "550 5.1.1 no such mailbox"},
        {"later@home.example", MailFate::try_later, "450 4.2.1 come back later"},
        {"refuse-data@home.example", MailFate::rejected, "554 5.7.1 this text is not welcome"},
        {"later-data@home.example", MailFate::try_later, "451 4.3.0 no room now"},
        {"buyer@home.example", MailFate::accepted, "250 2.0.0 taken"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.to);
        const auto outcome = sender.send(mail_to(row.to));
        CHECK(outcome.fate == row.fate);
        CHECK(outcome.text == row.text);
    }
    CHECK(sender.send(mail_to("drop@home.example")).fate == MailFate::try_later);
    const auto silent = MailSender(hasty).send(mail_to("hang@home.example"));
    CHECK(silent.fate == MailFate::try_later);
    CHECK_FALSE(silent.text.empty());
    auto from = mail_to("buyer@home.example");
    from.from.address = "refuse@shop.example";
    const auto outcome = sender.send(from);
    CHECK(outcome.fate == MailFate::rejected);
    CHECK(outcome.text == "550 5.7.1 this sender is not welcome");
}

TEST_CASE("mail: a server that is not there, or not as it was said, is tried later") {
    std::uint16_t port = 0;
    {
        MailServer server;
        port = server.settings().port;
        auto settings = server.settings();
        settings.tls = SmtpTls::starttls;  // which it does not offer
        CHECK(MailSender(settings).send(mail_to("buyer@home.example")).fate == MailFate::try_later);
        settings.tls = SmtpTls::implicit;
        CHECK(MailSender(settings).send(mail_to("buyer@home.example")).fate == MailFate::try_later);
        settings.tls = SmtpTls::none;
        settings.user = settings.password = "word";
        const auto outcome = MailSender(settings).send(mail_to("buyer@home.example"));
        CHECK(outcome.fate == MailFate::try_later);
        CHECK(outcome.text == "a password needs TLS: it is not sent");
    }
    const SmtpServer gone{.host = "127.0.0.1", .port = port, .tls = SmtpTls::none};
    CHECK(MailSender(gone).send(mail_to("buyer@home.example")).fate == MailFate::try_later);
}

TEST_CASE("mail: what cannot be written never leaves") {
    MailServer server;
    MailSender sender(server.settings());
    auto message = mail_to("buyer@home.example");
    message.subject = "a\r\nBcc: other@home.example";
    CHECK(sender.send(message).fate == MailFate::rejected);
    CHECK(sender.send(mail_to("a@b.example>\r\nRCPT TO:<c@d.example")).fate == MailFate::rejected);
    CHECK(sender.send(mail_to("buyer@home.example")).fate == MailFate::accepted);
    CHECK(server.taken().at("to") == "buyer@home.example");  // the first that came
}

}  // namespace holdfast::test
