// A request as its handler sees it, and what may become of its body.
#pragma once

#include "http/answer.h"
#include "http/router.h"
#include "http/target.h"
#include "http/trace_context.h"

#include "base/instant.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

// Takes a body that is too large to be held, piece by piece, on one of the server's threads. The
// client waits while a piece is being taken.
class BodySink {
public:
    virtual ~BodySink() = default;

    // An answer ends the request with it, and the connection: the rest of the body is not read.
    [[nodiscard]] virtual std::optional<Answer> take(std::string_view piece) = 0;
};

struct ServerRequest {
    RequestId id;
    std::string method;
    Target target;
    std::string host = {};
    std::vector<Header> headers = {};
    RouteMatch route = {};                // its operation, and the {names} of its pattern
    std::string body = {};                // empty where a sink took it
    std::unique_ptr<BodySink> sink = {};  // the one that admit() gave
    std::optional<TraceParent> trace = {};
    std::string peer = {};  // "127.0.0.1:40312": behind a proxy, the proxy
    Instant received_at{};  // when it was whole

    std::string_view header(std::string_view name) const { return find_header(headers, name); }
    // Of a name in the route's pattern; any other is a bug.
    std::string_view parameter(std::string_view name) const;
};

}  // namespace holdfast::http
