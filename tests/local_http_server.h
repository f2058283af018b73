// A real HTTP server for tests: on 127.0.0.1 at a port of its own, one thread per connection.
//
// The handler is called for one request at a time, whatever the number of connections. What it
// gives may also be a fault: a connection that ends without an answer, an answer that never comes,
// or one that breaks off.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <sys/socket.h>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::test {

struct LocalRequest {
    std::string method, target, body;
    std::vector<std::pair<std::string, std::string>> headers;

    std::string header(std::string_view name) const {
        for (const auto& [own, value] : headers)
            if (boost::beast::iequals(own, name)) return value;
        return {};
    }
};

struct LocalAnswer {
    enum class End : std::uint8_t {
        whole,
        none,   // the connection is closed at once
        never,  // it stays open until the client goes
        half,   // closed in the middle of the body
    };
    unsigned status = 200;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    End end = End::whole;
};

class LocalHttpServer {
public:
    using Handler = std::function<LocalAnswer(const LocalRequest&)>;

    explicit LocalHttpServer(Handler handler) : handler_(std::move(handler)) {
        thread_ = std::jthread([this] { accept(); });
    }
    ~LocalHttpServer() {
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
            for (auto& one : connections_) ::shutdown(one.socket.native_handle(), SHUT_RDWR);
        }
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes accept()
        thread_.join();
        connections_.clear();  // joins them
    }
    LocalHttpServer(const LocalHttpServer&) = delete;
    LocalHttpServer& operator=(const LocalHttpServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = {}) const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return accepted_;
    }

private:
    using Tcp = boost::asio::ip::tcp;
    using Socket = Tcp::socket;

    struct Connection {
        explicit Connection(Socket accepted) : socket(std::move(accepted)) {}
        Socket socket;
        std::atomic<bool> is_over = false;
        std::jthread thread;
    };

    void accept() {
        while (true) {
            Socket socket(io_);
            boost::system::error_code error;
            acceptor_.accept(socket, error);
            const std::lock_guard lock(mutex_);
            if (is_stopping_ || error) return;
            ++accepted_;
            connections_.remove_if([](const Connection& one) { return one.is_over.load(); });
            auto& kept = connections_.emplace_back(std::move(socket));
            kept.thread = std::jthread([this, &kept] { serve(kept); });
        }
    }

    void serve(Connection& connection) {
        auto& socket = connection.socket;
        boost::beast::flat_buffer buffer;
        boost::system::error_code error;
        while (true) {
            namespace http = boost::beast::http;
            http::request<http::string_body> request;
            http::read(socket, buffer, request, error);
            if (error) break;
            const auto answer = handle(request);
            if (answer.end == LocalAnswer::End::none) break;
            if (answer.end == LocalAnswer::End::never) {
                wait_for_end(socket);
                break;
            }
            http::response<http::string_body> response;
            response.version(11);
            response.result(answer.status);
            for (const auto& [name, value] : answer.headers) response.insert(name, value);
            response.body() = answer.body;
            response.prepare_payload();
            if (answer.end == LocalAnswer::End::half) {
                send_half(socket, response);
                break;
            }
            http::write(socket, response, error);
            if (error || !request.keep_alive()) break;
        }
        const std::lock_guard lock(mutex_);
        ::shutdown(socket.native_handle(), SHUT_RDWR);
        socket.close(error);
        connection.is_over = true;
    }

    template <class Request>
    LocalAnswer handle(const Request& request) {
        LocalRequest plain{.method = std::string(request.method_string()),
                           .target = std::string(request.target()),
                           .body = request.body(),
                           .headers = {}};
        for (const auto& field : request)
            plain.headers.emplace_back(field.name_string(), field.value());
        const std::lock_guard lock(handling_);
        return handler_(plain);
    }

    static void wait_for_end(Socket& socket) {
        boost::system::error_code error;
        char byte = 0;
        while (!error) boost::asio::read(socket, boost::asio::buffer(&byte, 1), error);
    }

    template <class Response>
    static void send_half(Socket& socket, const Response& response) {
        std::ostringstream text;
        text << response;
        const auto whole = text.str();
        const auto half = whole.size() - response.body().size() / 2;
        boost::system::error_code error;
        boost::asio::write(socket, boost::asio::buffer(whole.data(), half), error);
    }

    Handler handler_;
    boost::asio::io_context io_;
    Tcp::acceptor acceptor_{io_, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    std::uint16_t port_ = acceptor_.local_endpoint().port();
    mutable std::mutex mutex_;  // of what follows
    bool is_stopping_ = false;
    std::size_t accepted_ = 0;
    std::list<Connection> connections_;
    std::mutex handling_;
    std::jthread thread_;
};

}  // namespace holdfast::test
