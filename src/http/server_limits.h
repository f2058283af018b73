// What a client may ask of the server: sizes, times and numbers. Every one can be set.
#pragma once

#include "http/head.h"

#include "base/instant.h"

#include <cstddef>
#include <cstdint>

namespace holdfast::http {

struct ServerLimits {
    HeadLimits head = {};  // 431; the target's: 414

    Duration head_time = std::chrono::seconds{10};  // first byte to empty line; 408
    Duration body_time = std::chrono::seconds{30};  // 408, but see the next line
    std::uint64_t body_rate = 8'192;  // bytes a second: each that has arrived buys its time
    Duration idle_time = std::chrono::seconds{60};      // between requests; closed without a word
    Duration handling_time = std::chrono::seconds{30};  // until the handler answers; 503
    // An answer has body_time and its bytes by body_rate to be taken by the client. A stream's
    // pieces have it each.

    // Of a request that is answered before its body was read: up to here the body is read past and
    // the connection kept, otherwise it is closed.
    std::uint64_t skipped_bytes = 65'536;
    std::size_t stream_bytes = 65'536;  // of a streamed answer: what waits for the client

    // Before a connection is closed, so that the client can read the answer: what it still sends is
    // read and dropped for so long and so many bytes.
    Duration linger_time = std::chrono::seconds{2};
    std::size_t linger_bytes = 1'048'576;

    std::size_t connections = 1'024;  // 503 and closed past it
    Duration retry_after = std::chrono::seconds{2};
};

}  // namespace holdfast::http
