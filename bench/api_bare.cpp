// The HTTP server with nothing behind it: what the service's answers cost without the service.
//
//   api_bare FOLDER   serves FOLDER/{place,pay,look}.json as answers, until standard input ends
//
// Prints the port that it listens on.

#include "http/request_counters.h"
#include "http/server.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace holdfast::bench {
namespace {

enum Op : http::Operation { place, pay, look };

std::string text_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Constant final : public http::Handler {
public:
    explicit Constant(const std::string& folder)
        : bodies_{text_in(folder + "/place.json"), text_in(folder + "/pay.json"),
                  text_in(folder + "/look.json")} {}

    void handle(http::ServerRequest request, http::Reply reply) override {
        const auto operation = request.route.route->operation;
        reply.send({.status = operation == place ? 201 : 200,
                    .headers = {{"Content-Type", "application/json"}, {"ETag", "\"2\""}},
                    .body = bodies_.at(operation)});
    }

private:
    std::array<std::string, 3> bodies_;
};

http::Router routes() {
    http::Router router;
    router.add({.method = "POST", .pattern = "/v1/orders", .operation = place});
    router.add({.method = "POST", .pattern = "/v1/orders/{order_id}/payments", .operation = pay});
    router.add({.method = "GET", .pattern = "/v1/orders/{order_id}", .operation = look});
    return router;
}

Instant wall_time() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void serve(const std::string& folder) {
    Constant handler(folder);
    http::RequestCounters counters;
    http::ServerOptions options;
    options.now = wall_time;
    options.next_request_id = [] { return http::RequestId{}; };
    const http::Server server(std::move(options), routes(), handler, counters);
    std::cout << server.port() << std::endl;
    while (std::cin.get() != EOF) {
    }
}

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** words) {
    if (count != 2) return 64;
    holdfast::bench::serve(words[1]);
}
