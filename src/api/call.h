// One request on its way through the service: who asks, what they sent, and how it is answered.
#pragma once

#include "api/keys.h"
#include "api/members.h"
#include "api/operation.h"
#include "api/problems.h"
#include "http/reply.h"
#include "http/server_request.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

class Call {
public:
    Call(Operation operation, http::ServerRequest request, http::Reply reply, std::string problems);

    Operation operation() const { return operation_; }
    const http::ServerRequest& request() const { return request_; }
    Instant now() const { return request_.received_at; }
    std::string_view parameter(std::string_view name) const { return request_.parameter(name); }

    const Key& key() const { return *key_; }
    void set_key(const Key& key) { key_ = key; }

    // --- What was sent. Each of these that finds a fault keeps it; see has_faults().

    // The body's object; `may_be_empty`: nothing at all is an empty one. None: it was answered.
    const boost::json::object* read_body(bool may_be_empty);
    // The query's fields; one that is not among `known`, or stands twice, is a fault.
    void read_query(std::initializer_list<std::string_view> known);
    std::optional<std::string_view> query(std::string_view name) const;
    bool query_flag(std::string_view name);
    std::optional<Instant> query_instant(std::string_view name);
    std::size_t limit();
    // The idempotency key, without quotes. Empty: it was answered.
    std::string idempotency_key();
    std::optional<std::uint64_t> if_match();
    Reading& reading() { return reading_; }
    // Whether anything was at fault; then it has been answered.
    bool has_faults();

    // --- The answer, once

    void send(int status, const boost::json::object& body, std::vector<http::Header> more = {});
    void send(http::Problem problem);
    void send(std::string_view code) { send(problem(code)); }
    void send_nothing();  // 204
    bool is_answered() const { return !reply_; }
    http::Reply take_reply();  // for what answers otherwise

private:
    void fault_parameter(std::string_view name, std::string code);

    Operation operation_;
    http::ServerRequest request_;
    std::optional<http::Reply> reply_;
    std::string problems_;  // what a problem's type begins with
    std::optional<Key> key_;
    boost::json::object body_;
    Reading reading_;
};

// --- Pages

// A cursor: a place in one list with one filter.
std::string cursor_of(std::uint64_t place, std::string_view list);
std::optional<std::uint64_t> place_of(std::string_view cursor, std::string_view list);

}  // namespace holdfast::api
