// Mails to people, one at a time: how a mail is written (RFC 5322, 2045 and 2047) and handed to a
// mail server (SMTP, by libcurl).
//
// A mail is plain text in UTF-8. Nothing in it can become a header or another mail: control
// characters in any field are refused, and the text travels quoted-printable.
#pragma once

#include "base/instant.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

struct MailAddress {
    std::string address = {};  // "help@shop.example"; ASCII
    std::string name = {};     // shown beside it; may be empty
};

// "a.b+c@host.example": atoms with dots between, labels of letters, digits and hyphens. Quoted
// local parts and address literals are nobody's who buys something.
bool is_mail_address(std::string_view text);

struct MailHeader {
    std::string name, value;  // ASCII
};

struct MailMessage {
    MailAddress from, to;
    std::string subject = {};
    std::string text = {};        // lines end with LF, CR LF or CR
    std::string message_id = {};  // without its brackets; the same on every attempt
    Instant date{};
    std::vector<MailHeader> headers = {};  // "Auto-Submitted: auto-generated"
};

// The mail as it is sent: lines of at most 78 bytes that end with CR LF. Says what is wrong with
// one that cannot be written.
[[nodiscard]] std::expected<std::string, std::string> compose(const MailMessage& message);

enum class SmtpTls : std::uint8_t {
    none,      // for a server on this machine; never with a password
    starttls,  // required, not only tried
    implicit,  // from the first byte
    count_
};

struct SmtpServer {
    std::string host;
    std::uint16_t port = 587;
    SmtpTls tls = SmtpTls::starttls;
    std::string user = {}, password = {};  // empty: none is asked for
    std::string own_name = "localhost";    // how we introduce ourselves
    std::string certificates = {};         // a file of them to trust instead of the system's
    Duration time_out = std::chrono::seconds{30};  // for the mail, and again to take our leave
};

enum class MailFate : std::uint8_t {
    accepted,
    rejected,   // for good: the same mail is refused again
    try_later,  // a 4xx, no answer, or a server that we are not set up for
    count_
};
std::string_view to_string(MailFate value);

struct MailOutcome {
    MailFate fate = MailFate::try_later;
    std::string text = {};  // the server's answer, or what went wrong
};

class MailSender {
public:
    explicit MailSender(SmtpServer server);
    ~MailSender();
    MailSender(const MailSender&) = delete;
    MailSender& operator=(const MailSender&) = delete;

    // A mail whose answer was lost may have been taken: sending it again may bring it twice, which
    // its message id lets the receiver's side see.
    [[nodiscard]] MailOutcome send(const MailMessage& message);

private:
    struct Curl;
    SmtpServer server_;
    std::unique_ptr<Curl> curl_;
};

}  // namespace holdfast::http
