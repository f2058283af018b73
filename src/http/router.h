// Which operation a request asks for: a method and a path such as "/v1/orders/{order_id}".
//
// The router knows nothing of what it leads to: an operation is a number that the caller chose. A
// literal segment wins over a {name}, which takes any segment that is not empty. HEAD is answered
// by GET unless it has a route of its own.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::http {

using Operation = std::uint32_t;

struct Route {
    std::string method, pattern;
    Operation operation = 0;
    std::uint64_t body_bytes_max = std::uint64_t{1} << 20U;  // 413 past it
};

struct RouteMatch {
    const Route* route = nullptr;  // lives as long as the router
    std::vector<std::pair<std::string, std::string>> parameters = {};  // decoded, in order
};

struct RouteMiss {
    std::string allow = {};  // "GET, HEAD, OPTIONS": the path has these; empty: no such path
};

class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // A pattern that is malformed, or a method and path that are there already, are a bug.
    void add(Route route);

    [[nodiscard]] std::expected<RouteMatch, RouteMiss> find(
        std::string_view method, const std::vector<std::string>& segments) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
};

}  // namespace holdfast::http
