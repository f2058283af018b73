// Requests to other programs' servers: a client that blocks, for one thread.
//
// Nothing is taken from the environment and nothing is followed: no proxy, no .netrc, no redirect.
// Unless the options say otherwise only https is spoken, and only to addresses of the open internet
// (http/address.h). The name is resolved for each connection anew, and what is checked is the very
// address that the connection is made to, so that no second look at the name can change it.
//
// Whoever moves money needs to know whether a request that failed may have had an effect:
// HttpProblem says so. It is false only where no byte of the request can have left.
#pragma once

#include "http/header.h"

#include "base/instant.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::http {

enum class Method : std::uint8_t { get, post, count_ };
std::string_view to_string(Method value);  // "GET"

struct Limits {
    Duration connect = std::chrono::seconds{5};  // name, connection and TLS
    Duration total = std::chrono::seconds{15};
    std::size_t response_bytes = std::size_t{1} << 20U;  // headers and body, each
};

struct Request {
    Method method = Method::get;
    std::string url;
    std::vector<Header> headers = {};
    std::string body = {};
    Limits limits = {};
};

struct Response {
    int status = 0;
    std::vector<Header> headers = {};
    std::string body = {};

    bool is_success() const { return status >= 200 && status < 300; }
    // The first header of that name, in whatever case; empty: none.
    std::string_view header(std::string_view name) const;
};

enum class HttpProblemKind : std::uint8_t {
    refused_address,  // the name stands for no address that may be reached
    cannot_resolve,
    cannot_connect,
    timed_out,
    tls,        // no connection that could be trusted
    too_large,  // the answer
    other,      // not sendable, broken off, not HTTP
    count_
};
std::string_view to_string(HttpProblemKind value);

struct HttpProblem {
    HttpProblemKind kind = HttpProblemKind::other;
    std::string text;  // for people; nothing secret
    bool may_have_had_effect = true;
};

using Outcome = std::expected<Response, HttpProblem>;

struct ClientOptions {
    bool allow_private = false;  // for tests, and servers that stand beside ours
    bool allow_http = false;
    std::string certificates = {};  // a file of them to trust instead of the system's
};

class Client {
public:
    explicit Client(ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // A connection is kept for the next GET. A POST has one of its own: libcurl sends a request
    // again by itself where a kept connection turns out to be dead, and nobody would know.
    [[nodiscard]] Outcome send(const Request& request);

    // A GET whose answer has no end, as one of server-sent events: `take` is given the pieces of a
    // 200 as they come and says whether to go on. Any other answer is given back whole. It lasts
    // until either side ends it, or nothing was heard for `silence`; `limits.total` does not count.
    using Take = std::function<bool(std::string_view piece)>;
    [[nodiscard]] Outcome follow(const Request& request, Duration silence, const Take& take);

private:
    struct Curl;
    ClientOptions options_;
    std::unique_ptr<Curl> curl_;
};

// What a form's field or a query's value looks like: everything but letters, digits and "-._~" as
// "%XX".
std::string percent_encoded(std::string_view text);

// "a=1&b=x%20y"
std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace holdfast::http
