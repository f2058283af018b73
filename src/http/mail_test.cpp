#include "http/mail.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

constexpr Instant monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 9h + 5min};

MailMessage plain() {
    return {.from = {.address = "help@shop.example"},
            .to = {.address = "buyer@home.example"},
            .subject = "Your order",
            .text = "It is on its way.\n",
            .message_id = "evt_1@shop.example",
            .date = monday,
            .headers = {{"Auto-Submitted", "auto-generated"}}};
}

std::string body_of(std::string text) {
    auto message = plain();
    message.text = std::move(text);
    const auto mail = compose(message);
    REQUIRE(mail);
    return mail->substr(mail->find("\r\n\r\n") + 4);
}

std::string header_of(const MailMessage& message, std::string_view name) {
    const auto mail = compose(message);
    REQUIRE(mail);
    const auto begin = mail->find("\r\n" + std::string(name) + ": ") + name.size() + 4;
    auto end = mail->find("\r\n", begin);
    while (mail->at(end + 2) == ' ') end = mail->find("\r\n", end + 2);
    return mail->substr(begin, end - begin);
}

bool lines_fit(std::string_view mail) {
    for (std::size_t begin = 0; begin < mail.size();) {
        const auto end = mail.find("\r\n", begin);
        if (end == std::string_view::npos || end - begin > 78) return false;
        if (mail.substr(begin, end - begin).find_first_of("\r\n") != std::string_view::npos)
            return false;
        begin = end + 2;
    }
    return true;
}

}  // namespace

TEST_CASE("a plain mail, byte for byte") {
    CHECK(compose(plain()) ==
          "Date: Mon, 02 Mar 2026 09:05:00 +0000\r\n"
          "From: help@shop.example\r\n"
          "To: buyer@home.example\r\n"
          "Message-ID: <evt_1@shop.example>\r\n"
          "Subject: Your order\r\n"
          "Auto-Submitted: auto-generated\r\n"
          "MIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n"
          "\r\n"
          "It is on its way.\r\n");
}

TEST_CASE("a mail's text travels quoted-printable") {
    CHECK(body_of("a\r\nb\rc\nd") == "a\r\nb\r\nc\r\nd\r\n");
    CHECK(body_of("1 = 2") == "1 =3D 2\r\n");
    CHECK(body_of("\xE2\x82\xAC 5") == "=E2=82=AC 5\r\n");
    CHECK(body_of("end \nnext\t") == "end=20\r\nnext=09\r\n");
    CHECK(body_of(".\n..\n") == "=2E\r\n=2E.\r\n");
    CHECK(body_of("").empty());
    CHECK(body_of(std::string(75, 'x')) == std::string(75, 'x') + "\r\n");
    CHECK(body_of(std::string(80, 'x')) ==
          std::string(75, 'x') + "=\r\n" + std::string(5, 'x') + "\r\n");
    CHECK(lines_fit(body_of(std::string(1'000, '='))));
}

TEST_CASE("a header of more than ASCII is made of encoded words, each whole characters") {
    auto message = plain();
    message.subject =
        "Gr\xC3\xBC\xC3\x9F"
        "e =?";
    CHECK(header_of(message, "Subject") == "=?UTF-8?Q?Gr=C3=BC=C3=9Fe_=3D=3F?=");
    message.subject = "looks =?encoded?=";
    CHECK(header_of(message, "Subject") == "=?UTF-8?Q?looks_=3D=3Fencoded=3F=3D?=");
    message.subject.clear();
    for (int i = 0; i < 60; ++i) message.subject += "\xE2\x82\xAC";
    message.from.name = "Shop \"Mug & Co\", M\xC3\xBCnchen";
    message.to.name = "A Buyer";
    auto far = message;
    far.from.address = "a-long-name-for-a-mailbox@shop.example";
    CHECK(header_of(far, "From") ==
          "=?UTF-8?Q?Shop_=22Mug_=26_Co=22=2C_M=C3=BCnchen?=\r\n "
          "<a-long-name-for-a-mailbox@shop.example>");
    CHECK(header_of(message, "To") == "A Buyer <buyer@home.example>");
    const auto mail = compose(message);
    REQUIRE(mail);
    CHECK(lines_fit(*mail));
    const auto subject = header_of(message, "Subject");
    std::size_t characters = 0;
    for (std::size_t begin = 0; begin < subject.size();) {
        const auto end = subject.find("?=", begin + 10) + 2;
        const auto word = subject.substr(begin, end - begin);
        CHECK(word.starts_with("=?UTF-8?Q?"));
        CHECK((word.size() - 12) % 9 == 0);
        characters += (word.size() - 12) / 9;
        begin = end + 3;
    }
    CHECK(characters == 60);
    CHECK(header_of(message, "From") ==
          "=?UTF-8?Q?Shop_=22Mug_=26_Co=22=2C_M=C3=BCnchen?= <help@shop.example>");
}

TEST_CASE("nothing in a mail can become a header or another receiver") {
    const auto is_refused = [](auto&& change) {
        auto message = plain();
        change(message);
        return !compose(message).has_value();
    };
    CHECK_FALSE(is_refused([](auto&) {}));
    CHECK(is_refused([](auto& m) { m.subject = "a\r\nBcc: x@y.example"; }));
    CHECK(is_refused([](auto& m) { m.subject = "a\nb"; }));
    CHECK(is_refused([](auto& m) { m.subject = std::string("a\0b", 3); }));
    CHECK(is_refused([](auto& m) { m.subject = "\xC3"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "a@b.example,c@d.example"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "a@b.example>\r\nRCPT TO:<c@d.example"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "a b@c.example"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "@c.example"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "a.@c.example"; }));
    CHECK(is_refused([](auto& m) { m.to.address = "a@c..example"; }));
    CHECK(is_refused([](auto& m) { m.from.address = ""; }));
    CHECK(is_refused([](auto& m) { m.from.name = "a\rb"; }));
    CHECK(is_refused([](auto& m) { m.message_id = "a>@b.example"; }));
    CHECK(is_refused([](auto& m) { m.headers = {{"X: y", "z"}}; }));
    CHECK(is_refused([](auto& m) { m.headers = {{"X", "y\r\nZ: 1"}}; }));
    CHECK(is_refused([](auto& m) { m.text = "\xED\xA0\x80"; }));
    CHECK(is_refused([](auto& m) { m.text = "\xF4\x90\x80\x80"; }));
    CHECK(is_refused([](auto& m) { m.text = "\xC0\xAF"; }));
}

}  // namespace holdfast::http
