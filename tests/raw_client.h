// A client that sends bytes as they are and reads to the end of the connection.
#pragma once

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::test {

class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        REQUIRE(socket_ >= 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    // A server that has closed already is no fault here: what it answered is what counts.
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void send_bytewise(std::string_view bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i) send(bytes.substr(i, 1));
    }
    void say_no_more() { ::shutdown(socket_, SHUT_WR); }

    // With unread bytes thrown away, so that the other side is told at once.
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

    std::string read_all() {
        std::string all;
        while (read_some(all)) {
        }
        return all;
    }
    // What comes up to and with `end`; what comes behind it in the same piece, too.
    std::string read_until(std::string_view end) {
        std::string all;
        while (!all.contains(end))
            if (!read_some(all)) break;
        return all;
    }

private:
    bool read_some(std::string& all) const {
        pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
        const int polled = ::poll(&ready, 1, /*milliseconds=*/20'000);
        CHECK(polled == 1);  // whatever happens, the server says or closes something
        char piece[4'096];
        const auto size = polled == 1 ? ::recv(socket_, piece, sizeof piece, 0) : 0;
        if (size > 0) all.append(piece, static_cast<std::size_t>(size));
        return size > 0;
    }

    int socket_;
};

struct RawAnswer {
    int status = 0;
    std::string head, body;

    bool says(std::string_view line) const { return head.contains("\r\n" + std::string(line)); }
};

inline std::string take_chunks(std::string_view& bytes) {
    std::string body;
    while (true) {
        const auto line = bytes.find("\r\n");
        REQUIRE(line != std::string_view::npos);
        const auto size = std::stoul(std::string(bytes.substr(0, line)), nullptr, 16);
        REQUIRE(bytes.size() >= line + size + 4);
        body += bytes.substr(line + 2, size);
        CHECK(bytes.substr(line + 2 + size, 2) == "\r\n");
        bytes.remove_prefix(line + size + 4);
        if (size == 0) return body;
    }
}

// The answers in what a connection sent. One to HEAD says so in X-Method: it has no body.
inline std::vector<RawAnswer> answers_in(std::string_view bytes) {
    std::vector<RawAnswer> answers;
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n\r\n");
        REQUIRE(end != std::string_view::npos);
        RawAnswer answer{.head = std::string(bytes.substr(0, end + 2)), .body = {}};
        REQUIRE(answer.head.starts_with("HTTP/1.1 "));
        answer.status = std::stoi(answer.head.substr(9, 3));
        bytes.remove_prefix(end + 4);
        const std::string_view name = "\r\nContent-Length: ";
        const auto length = answer.head.find(name);
        if (length != std::string::npos && !answer.says("X-Method: HEAD")) {
            const auto size = std::stoul(answer.head.substr(length + name.size()));
            REQUIRE(bytes.size() >= size);
            answer.body = bytes.substr(0, size);
            bytes.remove_prefix(size);
        } else if (answer.says("Transfer-Encoding: chunked") && !answer.says("X-Method: HEAD")) {
            answer.body = take_chunks(bytes);
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace holdfast::test
