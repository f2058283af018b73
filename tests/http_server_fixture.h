// A server for tests with a handler that echoes, answers late, streams, throws and forgets.
#pragma once

#include "http/server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::test {

enum Op : http::Operation { echo, later, thrown, dropped, denied, sunk, streamed };

class EchoHandler : public http::Handler {
public:
    http::Admission admit(const http::ServerRequest& head) override {
        if (head.route.route->operation == denied) return http::Answer{.status = 401};
        if (head.route.route->operation == sunk) return std::make_unique<Sink>();
        return http::BufferBody{};
    }

    void handle(http::ServerRequest request, http::Reply reply) override {
        ++handled;
        switch (request.route.route->operation) {
        case echo:
        case sunk:     reply.send(echo_of(request)); return;
        case thrown:   throw std::runtime_error("thrown");
        case dropped:  return;
        case later:
        case streamed: keep(std::move(request), std::move(reply)); return;
        default:       FAIL("no such operation");
        }
    }

    static http::Answer echo_of(const http::ServerRequest& request) {
        const auto* const sink = dynamic_cast<const Sink*>(request.sink.get());
        std::string text = request.method + " " + request.target.path;
        for (const auto& [name, value] : request.route.parameters) text += " " + name + "=" + value;
        for (const auto& [name, value] : request.target.query) text += " ?" + name + "=" + value;
        text += "|" + (sink ? std::to_string(sink->bytes) : request.body);
        return {.headers = {{"X-Method", request.method}}, .body = text};
    }

    // A request that waits for its answer. It comes, or the test's time is over.
    std::pair<http::ServerRequest, http::Reply> next_kept() {
        std::unique_lock lock(mutex_);
        REQUIRE(is_kept_.wait_for(lock, std::chrono::seconds{20}, [&] { return !kept_.empty(); }));
        auto first = std::move(kept_.front());
        kept_.erase(kept_.begin());
        return first;
    }

    std::atomic<std::size_t> handled = 0;

private:
    struct Sink : http::BodySink {
        std::optional<http::Answer> take(std::string_view piece) override {
            bytes += piece.size();
            if (piece.contains('!')) return http::Answer{.status = 422};
            return std::nullopt;
        }
        std::size_t bytes = 0;
    };

    void keep(http::ServerRequest request, http::Reply reply) {
        const std::lock_guard lock(mutex_);
        kept_.emplace_back(std::move(request), std::move(reply));
        is_kept_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable is_kept_;
    std::vector<std::pair<http::ServerRequest, http::Reply>> kept_;
};

class Observer : public http::ServerObserver {
public:
    void served(const http::ServedRequest& request) override {
        const std::lock_guard lock(mutex_);
        ++statuses_[request.status];
        changed_.notify_all();
    }
    void failed(const http::RequestId&, std::string_view) override { ++failures; }

    std::map<int, std::size_t> statuses() const {
        const std::lock_guard lock(mutex_);
        return statuses_;
    }
    void await(int status) {
        std::unique_lock lock(mutex_);
        CHECK(changed_.wait_for(lock, std::chrono::seconds{20},
                                [&] { return statuses_.contains(status); }));
    }

    std::atomic<std::size_t> failures = 0;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<int, std::size_t> statuses_;
};

struct TestServer {
    explicit TestServer(http::ServerLimits limits = {}, unsigned threads = 1)
        : server({.threads = threads,
                  .limits = limits,
                  .problem_types = "https://docs.example/problems/",
                  .now = [] { return Instant{std::chrono::seconds{784'111'777}}; },
                  .next_request_id =
                      [this] {
                          const auto n = ++ids;
                          return http::RequestId{{0, static_cast<std::uint8_t>(n >> 8U & 255U),
                                                  static_cast<std::uint8_t>(n & 255U)}};
                      }},
                 routes(), handler, observer) {}

    static http::Router routes() {
        http::Router router;
        for (const auto* method : {"GET", "POST", "PUT"}) router.add({method, "/echo", echo, 100});
        router.add({"GET", "/", echo});
        router.add({"GET", "/e/{name}", echo});
        router.add({"GET", "/e/{name}/f/{other}", echo});
        router.add({"POST", "/big", echo, 1'000'000});
        router.add({"GET", "/later", later});
        router.add({"GET", "/throw", thrown});
        router.add({"GET", "/drop", dropped});
        router.add({"POST", "/denied", denied, 1'000'000});
        router.add({"POST", "/sink", sunk, 1'000'000});
        router.add({"GET", "/stream", streamed});
        router.add({"DELETE", "/stream", echo});
        return router;
    }

    std::atomic<unsigned> ids = 0;
    EchoHandler handler;
    Observer observer;
    http::Server server;
};

}  // namespace holdfast::test
