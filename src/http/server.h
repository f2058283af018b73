// The HTTP/1.1 server: bytes in, requests to a handler, answers out.
//
// It knows methods, paths and sizes and nothing of what they are about. One connection's requests
// are handled one after the other, those of several connections on any of the threads. What cannot
// be read, matches no route or is too large is answered here (docs/http.md).
//
// There is no TLS: a proxy that ends it stands in front wherever a client is not on this machine.
#pragma once

#include "http/reply.h"
#include "http/router.h"
#include "http/server_limits.h"
#include "http/server_observer.h"
#include "http/server_request.h"

#include "base/instant.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace holdfast::http {

struct BufferBody {};  // it is in ServerRequest::body when the request is handled

// How a request's body is taken; an Answer is what the request gets instead of being handled.
using Admission = std::variant<BufferBody, std::unique_ptr<BodySink>, Answer>;

// What stands behind the server. Both functions are called on its threads and must not block; one
// that throws is answered 500.
class Handler {
public:
    virtual ~Handler() = default;

    // The head of a request that has a route, before any of its body is asked for.
    virtual Admission admit(const ServerRequest&) { return BufferBody{}; }
    // The whole request. The answer may be given later and from elsewhere, through `reply`.
    virtual void handle(ServerRequest request, Reply reply) = 0;
};

struct ServerOptions {
    std::string address = "127.0.0.1";  // numeric
    std::uint16_t port = 0;             // 0: one that is free
    unsigned threads = 1;
    ServerLimits limits = {};
    // Where problems are explained: a problem's type is this and its code. Empty: "about:blank".
    std::string problem_types = {};
    // From any of the threads.
    std::function<Instant()> now = {};
    std::function<RequestId()> next_request_id = {};
};

class Server {
public:
    // Listens and serves from here on. Throws std::runtime_error where it cannot listen. Handler
    // and observer outlive the server.
    Server(ServerOptions options, Router router, Handler& handler, ServerObserver& observer);
    ~Server();  // stop(0)
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;

    // Takes no more connections, closes those that are idle, lets requests be answered for so long
    // and closes what is left. Not from one of the server's own threads. Answers that are given
    // afterwards reach nobody.
    void stop(Duration drain);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace holdfast::http
