#include "http/server.h"

#include "http/connection.h"

#include "base/verify.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
// Past the bound, so many are told so at a time; others are closed without a word.
constexpr std::size_t turned_away_max = 64;
constexpr auto accept_pause = std::chrono::milliseconds{100};  // where there is no descriptor left

Tcp::acceptor listen(const asio::any_io_executor& executor, const ServerOptions& options) {
    try {
        const Tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
        return {executor, endpoint};
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen at " + options.address + ":" +
                                 std::to_string(options.port) + ": " + error.code().message());
    }
}

}  // namespace

struct Server::Parts {
    ServerOptions options;
    Router router;
    std::atomic<bool> is_stopping = false;
    ConnectionParts shared;
    asio::io_context io;
    asio::any_io_executor accepting = asio::make_strand(io);
    Tcp::acceptor acceptor;
    std::uint16_t port;
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);

    std::mutex mutex;  // of what follows
    std::condition_variable is_quiet;
    std::set<std::shared_ptr<Connection>> connections;
    std::vector<std::jthread> threads;

    Parts(ServerOptions with, Router routes, Handler& handler, ServerObserver& observer)
        : options(std::move(with)),
          router(std::move(routes)),
          shared{options, router, handler, observer, is_stopping},
          acceptor(listen(accepting, options)),
          port(acceptor.local_endpoint().port()) {}

    void start() {
        asio::co_spawn(accepting, accept_all(), asio::detached);
        for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([this] { io.run(); });
    }

    asio::awaitable<void> accept_all() {
        asio::steady_timer pause(accepting);
        while (acceptor.is_open()) {
            const asio::any_io_executor strand = asio::make_strand(io);
            auto [error, socket] = co_await acceptor.async_accept(strand, as_values);
            if (!acceptor.is_open()) break;
            if (!error) {
                open(std::move(socket));
                continue;
            }
            pause.expires_after(accept_pause);
            co_await pause.async_wait(as_values);
        }
    }

    void open(Tcp::socket socket) {
        const auto connection = std::make_shared<Connection>(std::move(socket), shared);
        std::size_t others = 0;
        {
            const std::lock_guard lock(mutex);
            others = connections.size();
            if (is_stopping || others >= options.limits.connections + turned_away_max) return;
            connections.insert(connection);
        }
        const auto ended = [this, connection](const std::exception_ptr&) { close(connection); };
        const bool has_room = others < options.limits.connections;
        asio::co_spawn(connection->executor(),
                       has_room ? connection->run() : connection->turn_away(), ended);
    }

    void close(const std::shared_ptr<Connection>& connection) {
        const std::lock_guard lock(mutex);
        connections.erase(connection);
        if (connections.empty()) is_quiet.notify_all();
    }

    void stop(Duration drain) {
        is_stopping = true;
        asio::post(accepting, [this] { acceptor.close(); });
        const auto none_left = [this] { return connections.empty(); };
        std::unique_lock lock(mutex);
        for (const auto& one : connections) one->stop_soon();
        is_quiet.wait_for(lock, drain, none_left);
        for (const auto& one : connections) one->cut();
        is_quiet.wait(lock, none_left);
        lock.unlock();
        work.reset();
        threads.clear();  // joins them
    }
};

Server::Server(ServerOptions options, Router router, Handler& handler, ServerObserver& observer) {
    VERIFY(options.now && options.next_request_id && options.threads > 0);
    parts_ = std::make_unique<Parts>(std::move(options), std::move(router), handler, observer);
    parts_->start();
}

Server::~Server() { stop(Duration{0}); }

std::uint16_t Server::port() const { return parts_->port; }

void Server::stop(Duration drain) { parts_->stop(drain); }

}  // namespace holdfast::http
