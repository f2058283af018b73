// One request on its way through the service: who asks, what they sent, and how it is answered.
#pragma once

#include "api/caller.h"
#include "api/members.h"
#include "api/operation.h"
#include "api/problems.h"
#include "api/rate_limit.h"
#include "http/reply.h"
#include "http/server_request.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

enum class Body : std::uint8_t { needed, may_be_empty };

class Call {
public:
    Call(Operation operation, http::ServerRequest request, http::Reply reply, std::string problems);

    Operation operation() const { return operation_; }
    const http::ServerRequest& request() const { return request_; }
    Instant now() const { return request_.received_at; }
    std::string_view parameter(std::string_view name) const { return request_.parameter(name); }

    const Caller& caller() const { return *caller_; }
    void set_caller(Caller caller) { caller_ = std::move(caller); }

    // Goes out with every answer from now on.
    void set_rate(const RateLimit& limit, const RateStanding& standing);
    const std::vector<http::Header>& rate() const { return rate_; }

    // --- What was sent. Each of these that finds a fault keeps it; see has_faults().

    // `read` takes the members of the body; false: it was answered.
    template <class Read>
    bool read_body(Body body, Read&& read) {
        if (!load_body(body)) return false;
        Members members(body_, "", reading_);
        read(members);
        members.done();
        return !has_faults();
    }
    // The same of a request with an idempotency key. Nothing: it was answered.
    template <class Read>
    std::optional<KeyRequest> read_request(Body body, Read&& read) {
        auto key = idempotency_key();
        if (key.empty() || !read_body(body, read)) return std::nullopt;
        return key_request(std::move(key), body_);
    }
    // `key` for this request with another body, as of one of many that it carries.
    KeyRequest key_request(std::string key, const boost::json::object& body) const;
    // The query's fields; one that is not among `known`, or stands twice, is a fault.
    void read_query(std::initializer_list<std::string_view> known);
    std::optional<std::string_view> query(std::string_view name) const;
    bool query_flag(std::string_view name);
    std::optional<Instant> query_instant(std::string_view name);
    std::optional<std::int64_t> query_number(std::string_view name, std::int64_t least,
                                             std::int64_t most);
    template <class E>
    std::optional<E> query_word(std::string_view name) {
        const auto text = query(name);
        if (!text) return std::nullopt;
        const auto found = store::find_enumerator<E>(*text);
        if (!found) fault(name, "invalid");
        return found;
    }
    void fault(std::string_view parameter, std::string code);  // of a query field or a header
    std::size_t limit();
    std::optional<std::uint64_t> if_match();
    Reading& reading() { return reading_; }
    // Whether anything was at fault; then it has been answered.
    bool has_faults();

    const boost::json::object& body() const { return body_; }  // once it was read

    // --- The answer, once

    void send(http::Answer answer);
    void send(int status, const boost::json::object& body, std::vector<http::Header> more = {});
    // `retry_after`: said with a 429 or 503.
    void send(http::Problem problem, std::optional<Duration> retry_after = {});
    void send(std::string_view code) { send(problem(code)); }
    void send_nothing(std::vector<http::Header> headers = {});  // 204
    bool is_answered() const { return !reply_; }
    http::Reply take_reply();  // for what answers otherwise

private:
    bool load_body(Body body);      // false: it was answered
    std::string idempotency_key();  // without quotes; empty: it was answered

    Operation operation_;
    http::ServerRequest request_;
    std::optional<http::Reply> reply_;
    std::string problems_;  // what a problem's type begins with
    std::optional<Caller> caller_;
    std::vector<http::Header> rate_;
    std::chrono::seconds retry_after_{1};
    boost::json::object body_;
    Reading reading_;
};

// A problem with its type, and with what is said of the request.
http::Answer answer_of(http::Problem problem, const http::ServerRequest& request,
                       const std::string& types, Duration retry_after = std::chrono::seconds{1});

// The version of what is shown.
http::Header etag(std::uint64_t version);

// The bytes by which a request is compared with another of its key: method, path and what the body
// says, whatever its spaces and the order of its members.
Hash request_hash(std::string_view method, std::string_view path, const boost::json::object& body);

// --- Pages

// A cursor: a place in one list with one filter.
std::string cursor_of(std::uint64_t place, std::string_view list);
std::optional<std::uint64_t> place_of(std::string_view cursor, std::string_view list);

// The page of a list of `count` things that the call asks for, with what else `page` says.
void send_page(Call& call, std::string_view list, std::size_t count,
               const std::function<boost::json::value(std::size_t)>& view,
               boost::json::object page = {});

// Work that is done elsewhere; an exception of it is answered.
void do_work(Call& call, const std::function<void(Call&)>& work);

}  // namespace holdfast::api
