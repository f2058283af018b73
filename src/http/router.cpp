#include "http/router.h"

#include "http/header.h"
#include "http/target.h"

#include "base/verify.h"

#include <set>

namespace holdfast::http {
namespace {

bool is_parameter(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }

std::string_view name_of(std::string_view part) { return part.substr(1, part.size() - 2); }

}  // namespace

// One segment of paths: what may follow it, and the routes that end here.
struct Router::Node {
    std::map<std::string, Node, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<std::string, std::unique_ptr<Route>, std::less<>> routes;  // by method

    const Route* route_of(std::string_view method) const {
        const auto found = routes.find(method);
        if (found != routes.end()) return found->second.get();
        return method == "HEAD" ? route_of("GET") : nullptr;
    }
};

namespace {

// Walks all paths that lead along the segments, literals first, until one has the method; on the
// way it notes what the others would have had.
struct Walk {
    std::string_view method;
    const std::vector<std::string>& segments;
    std::set<std::string_view> methods = {};

    template <class Node>
    const Route* from(const Node& node, std::size_t depth) {
        if (depth == segments.size()) {
            for (const auto& [own, route] : node.routes) methods.insert(own);
            return node.route_of(method);
        }
        const auto literal = node.literals.find(segments[depth]);
        if (literal != node.literals.end())
            if (const auto* found = from(literal->second, depth + 1)) return found;
        if (!node.parameter || segments[depth].empty()) return nullptr;
        return from(*node.parameter, depth + 1);
    }
};

std::string allow_of(std::set<std::string_view> methods) {
    if (methods.empty()) return {};
    if (methods.contains("GET")) methods.insert("HEAD");
    methods.insert("OPTIONS");
    std::string allow;
    for (const auto method : methods) {
        if (!allow.empty()) allow += ", ";
        allow += method;
    }
    return allow;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
    VERIFY(is_token(route.method) && route.pattern.starts_with('/'));
    auto* node = root_.get();
    for (const auto part : path_parts(route.pattern)) {
        if (!is_parameter(part)) {
            VERIFY(part.find_first_of("{}%?#") == std::string_view::npos);
            node = &node->literals[std::string(part)];
            continue;
        }
        VERIFY(is_token(name_of(part)));
        if (!node->parameter) node->parameter = std::make_unique<Node>();
        node = node->parameter.get();
    }
    auto& place = node->routes[route.method];
    VERIFY(!place);
    place = std::make_unique<Route>(std::move(route));
}

std::expected<RouteMatch, RouteMiss> Router::find(std::string_view method,
                                                  const std::vector<std::string>& segments) const {
    Walk walk{.method = method, .segments = segments};
    const auto* const route = walk.from(*root_, 0);
    if (!route) return std::unexpected(RouteMiss{allow_of(std::move(walk.methods))});

    RouteMatch match{.route = route};
    const auto parts = path_parts(route->pattern);
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (is_parameter(parts[i])) match.parameters.emplace_back(name_of(parts[i]), segments[i]);
    return match;
}

}  // namespace holdfast::http
