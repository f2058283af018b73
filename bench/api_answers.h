// What the bench's servers have in common: the three operations, their recorded answers, and a
// server that listens until standard input ends.
#pragma once

#include "http/request_counters.h"
#include "http/server.h"

#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace holdfast::bench {

enum Op : http::Operation { place, pay, look };

inline std::string text_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// FOLDER/{place,pay,look}.json
class Answers {
public:
    explicit Answers(const std::string& folder)
        : bodies_{text_in(folder + "/place.json"), text_in(folder + "/pay.json"),
                  text_in(folder + "/look.json")} {}

    void send(http::Operation operation, http::Reply& reply) const {
        reply.send({.status = operation == place ? 201 : 200,
                    .headers = {{"Content-Type", "application/json"}, {"ETag", "\"2\""}},
                    .body = bodies_.at(operation)});
    }

private:
    std::array<std::string, 3> bodies_;
};

inline http::Router routes() {
    http::Router router;
    router.add({.method = "POST", .pattern = "/v1/orders", .operation = place});
    router.add({.method = "POST", .pattern = "/v1/orders/{order_id}/payments", .operation = pay});
    router.add({.method = "GET", .pattern = "/v1/orders/{order_id}", .operation = look});
    return router;
}

// Prints the port that it listens on.
inline void serve_until_input_ends(http::Handler& handler) {
    http::RequestCounters counters;
    http::ServerOptions options;
    options.now = [] {
        return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    };
    options.next_request_id = [] { return http::RequestId{}; };
    const http::Server server(std::move(options), routes(), handler, counters);
    std::cout << server.port() << std::endl;
    while (std::cin.get() != EOF) {
    }
}

}  // namespace holdfast::bench
