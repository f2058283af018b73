// How a mail is handed to its server.
#include "http/mail.h"

#include "http/curl.h"

#include "base/enum_word.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace holdfast::http {
namespace {

struct Exchange {
    std::string_view left;     // of the mail
    std::string refusal = {};  // the last answer of 400 or more
    bool has_asked_for_it = false;
    std::string receipt = {};  // the answer to the mail itself
};

std::size_t give_mail(char* room, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Exchange*>(data);
    const auto part = exchange.left.substr(0, size);
    std::ranges::copy(part, room);
    exchange.left.remove_prefix(part.size());
    return part.size();
}

std::string printable(std::string_view line) {
    std::string text(line);
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

// Every answer of the server comes by here, line for line.
std::size_t take_answer(char* text, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Exchange*>(data);
    std::string_view line(text, size);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() < 3) return size;
    if (line.starts_with("354")) exchange.has_asked_for_it = true;
    if (line[0] == '4' || line[0] == '5') exchange.refusal = printable(line);
    if (line[0] == '2' && exchange.has_asked_for_it && exchange.receipt.empty())
        exchange.receipt = printable(line);
    return size;
}

// 530, 534, 535 and 538 speak of who we are, not of the mail: somebody has to mend the settings.
bool is_about_login(std::string_view answer) {
    return answer.starts_with("530") || answer.starts_with("534") || answer.starts_with("535") ||
           answer.starts_with("538");
}

std::string url_of(const SmtpServer& server) {
    const std::string scheme = server.tls == SmtpTls::implicit ? "smtps://" : "smtp://";
    const bool is_v6 = server.host.contains(':');
    return scheme + (is_v6 ? "[" + server.host + "]" : server.host) + ":" +
           std::to_string(server.port) + "/" + server.own_name;
}

}  // namespace

std::string_view to_string(MailFate value) {
    return enum_word(std::array<std::string_view, 3>{"accepted", "rejected", "try_later"}, value);
}

struct MailSender::Curl {
    CurlHandle handle = open_handle();
    std::array<char, CURL_ERROR_SIZE> details{};

    void prepare(const SmtpServer& server) {
        curl_easy_reset(handle.get());
        set(handle, CURLOPT_URL, url_of(server).c_str());
        set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(handle, CURLOPT_PROXY, "");
        set(handle, CURLOPT_NOSIGNAL, 1L);
        set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(server.time_out.count()));
        // One connection per mail, closed before the call ends: libcurl would keep one that had
        // fallen silent in the middle of a mail, and wait two minutes to take its leave of it.
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(server.time_out);
        set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(seconds.count()));
        set(handle, CURLOPT_FORBID_REUSE, 1L);
        set(handle, CURLOPT_ERRORBUFFER, details.data());
        const auto tls = server.tls == SmtpTls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL;
        set(handle, CURLOPT_USE_SSL, static_cast<long>(tls));
        if (!server.certificates.empty()) set(handle, CURLOPT_CAINFO, server.certificates.c_str());
        if (server.user.empty()) return;
        set(handle, CURLOPT_USERNAME, server.user.c_str());
        set(handle, CURLOPT_PASSWORD, server.password.c_str());
    }

    CURLcode perform(const MailMessage& message, const CurlList& to, std::size_t size,
                     Exchange& exchange) {
        set(handle, CURLOPT_MAIL_FROM, ("<" + message.from.address + ">").c_str());
        set(handle, CURLOPT_MAIL_RCPT, to.get());
        set(handle, CURLOPT_UPLOAD, 1L);
        set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
        set(handle, CURLOPT_READFUNCTION, &give_mail);
        set(handle, CURLOPT_READDATA, static_cast<void*>(&exchange));
        set(handle, CURLOPT_HEADERFUNCTION, &take_answer);
        set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
        details.fill('\0');
        return curl_easy_perform(handle.get());
    }
};

MailSender::MailSender(SmtpServer server)
    : server_(std::move(server)), curl_(std::make_unique<Curl>()) {}
MailSender::~MailSender() = default;

MailOutcome MailSender::send(const MailMessage& message) {
    const auto mail = compose(message);
    if (!mail) return {.fate = MailFate::rejected, .text = mail.error()};
    if (server_.tls == SmtpTls::none && !server_.user.empty())
        return {.fate = MailFate::try_later, .text = "a password needs TLS: it is not sent"};
    CurlList to;
    append(to, "<" + message.to.address + ">");
    Exchange exchange{.left = *mail};
    curl_->prepare(server_);
    const auto code = curl_->perform(message, to, mail->size(), exchange);
    if (code == CURLE_OK) return {.fate = MailFate::accepted, .text = std::move(exchange.receipt)};
    if (exchange.refusal.empty())
        return {.fate = MailFate::try_later, .text = words_of(code, curl_->details.data())};
    const bool is_for_good = exchange.refusal.starts_with('5') && !is_about_login(exchange.refusal);
    return {.fate = is_for_good ? MailFate::rejected : MailFate::try_later,
            .text = std::move(exchange.refusal)};
}

}  // namespace holdfast::http
