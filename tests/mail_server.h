// A real mail server beside a test (smtp_server.py): what it takes it tells, line by line; some
// addresses it refuses, for good or for now.
#pragma once

#include "child_process.h"

#include "http/mail.h"

#include <doctest/doctest.h>
#include <sodium.h>
#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::test {

// Of a mail that was taken.
inline std::string decoded(std::string_view base64) {
    std::string bytes(base64.size(), '\0');
    std::size_t size = 0;
    REQUIRE(sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                              base64.data(), base64.size(), nullptr, &size, nullptr,
                              sodium_base64_VARIANT_ORIGINAL) == 0);
    bytes.resize(size);
    return bytes;
}

class MailServer {
public:
    MailServer() { port_ = static_cast<std::uint16_t>(std::stoi(child_.read_line())); }

    http::SmtpServer settings() const {
        return {.host = "127.0.0.1",
                .port = port_,
                .tls = http::SmtpTls::none,
                .own_name = "shop.example"};
    }
    boost::json::object taken() { return boost::json::parse(child_.read_line()).as_object(); }

private:
    ChildProcess child_{{HOLDFAST_PYTHON, HOLDFAST_SOURCE_DIR "/tests/smtp_server.py"}};
    std::uint16_t port_ = 0;
};

}  // namespace holdfast::test
