// What the server tells about its work, for the access log, the counters and the alarm.
//
// Called on the server's threads, several at a time where there are several.
#pragma once

#include "http/answer.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace holdfast::http {

struct ServedRequest {
    RequestId id;
    std::string_view route;   // the pattern; empty: none matched
    std::string_view method;  // of a small fixed set: "GET", …, "other"
    std::string_view path;    // as sent; nothing of the query, which may hold what is private
    std::string_view peer;
    std::string_view trace_id;  // empty: none
    int status = 0;             // 0: the client went before it was answered
    bool is_whole = false;      // all of the answer was handed to the system
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::chrono::microseconds duration{};
};

class ServerObserver {
public:
    virtual ~ServerObserver() = default;

    virtual void served(const ServedRequest&) {}
    // The handler threw, or left a request unanswered: it was answered 500.
    virtual void failed(const RequestId&, std::string_view /*what*/) {}
};

}  // namespace holdfast::http
