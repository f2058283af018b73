#include "http/connection.h"

#include "http/problem.h"

#include "base/verify.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::http {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

std::string_view known_method(std::string_view method) {
    static constexpr std::array<std::string_view, 7> known{"DELETE", "GET",  "HEAD", "OPTIONS",
                                                           "PATCH",  "POST", "PUT"};
    const auto* const found = std::ranges::find(known, method);
    return found == known.end() ? "other" : *found;
}

WireFault fault_of(Got got) {
    return got == Got::too_late ? WireFault::too_slow : WireFault::incomplete;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const ConnectionParts& parts)
    : parts_(parts), wire_(std::move(socket)), wake_(wire_.executor()), peer_(wire_.peer()) {}

asio::awaitable<void> Connection::run() {
    auto serving = serve_all();
    co_await to_the_end(std::move(serving));
}

asio::awaitable<void> Connection::turn_away() {
    auto answering = answer_busy();
    co_await to_the_end(std::move(answering));
}

// The one place where what ends a connection is caught. A bug ends this one alone.
asio::awaitable<void> Connection::to_the_end(asio::awaitable<void> serving) {
    try {
        co_await std::move(serving);
    } catch (const ClientGone&) {
        report();
    } catch (const std::exception& error) {
        parts_.observer.failed(current_.id, error.what());
        report();
    }
    wire_.cut();
}

asio::awaitable<void> Connection::answer_busy() {
    begin_request();
    const auto answer = busy("too_many_connections", "The server has no room now.");
    co_await send(answer);
    co_await wire_.linger(steady_clock::now() + limits().linger_time, limits().linger_bytes);
}

void Connection::stop_soon() {
    asio::post(executor(), [self = shared_from_this()] {
        if (self->is_idle_) self->wire_.cut();
        if (const auto slot = self->slot_) slot->ask_to_end();
    });
}

void Connection::cut() {
    asio::post(executor(), [self = shared_from_this()] {
        self->wire_.cut();
        self->wake_.cancel();
    });
}

asio::awaitable<void> Connection::serve_all() {
    while (true) {
        const bool has_begun = co_await await_request();
        if (!has_begun) co_return;
        begin_request();
        co_await serve_one();
        if (!current_.keeps_alive) break;
    }
    co_await wire_.linger(steady_clock::now() + limits().linger_time, limits().linger_bytes);
}

// Is there something to read? No: the client has nothing more to say, or says nothing.
asio::awaitable<bool> Connection::await_request() {
    if (!wire_.received().empty()) co_return true;
    if (parts_.is_stopping) co_return false;
    is_idle_ = true;
    const auto got = co_await wire_.receive(steady_clock::now() + limits().idle_time);
    is_idle_ = false;
    co_return got == Got::bytes;
}

void Connection::begin_request() {
    current_ = {.id = parts_.options.next_request_id(), .begun_at = steady_clock::now()};
    is_serving_ = true;
}

asio::awaitable<void> Connection::serve_one() {
    HeadReader reader(limits().head);
    const auto fault = co_await read_head(reader);
    if (fault) {
        co_await refuse(*fault);
        co_return;
    }
    const auto head = reader.take();
    co_await serve(head);
}

asio::awaitable<std::optional<WireFault>> Connection::read_head(HeadReader& reader) {
    const auto until = current_.begun_at + limits().head_time;
    while (true) {
        const auto is_whole = reader.read(wire_.received());
        if (!is_whole) co_return is_whole.error();
        if (*is_whole) break;
        const auto got = co_await wire_.receive(until);
        if (got != Got::bytes) co_return fault_of(got);
    }
    wire_.use(reader.used());
    current_.bytes_in += reader.used();
    co_return std::nullopt;
}

asio::awaitable<void> Connection::serve(const Head& head) {
    current_.method = known_method(head.method);
    current_.minor = head.minor;
    current_.is_head = head.method == "HEAD";
    auto target = parse_target(head);
    if (!target) {
        co_await refuse(target.error());
        co_return;
    }
    current_.path = target->path;
    current_.keeps_alive = head.keeps_alive;
    auto request = request_of(head, *std::move(target));
    auto early = match(request);
    if (!early && BodyReader(head, request.route.route->body_bytes_max).is_too_large()) {
        co_await refuse(WireFault::body_too_large);
        co_return;
    }
    if (!early) early = admit(request);
    if (early)
        co_await answer_early(head, *early);
    else
        co_await serve_body(head, std::move(request));
}

ServerRequest Connection::request_of(const Head& head, Target target) const {
    return {.id = current_.id,
            .method = head.method,
            .target = std::move(target),
            .host = head.host,
            .headers = head.headers,
            .trace = parse_traceparent(find_header(head.headers, "traceparent")),
            .peer = peer_,
            .received_at = parts_.options.now()};
}

// The request's route; an answer where it has none.
std::optional<Answer> Connection::match(ServerRequest& request) {
    if (request.trace) current_.trace_id = request.trace->trace_id;
    if (request.target.path == "*") return Answer{.status = 204};
    auto found = parts_.router.find(request.method, request.target.segments);
    if (found) {
        request.route = *std::move(found);
        current_.route = request.route.route->pattern;
        return std::nullopt;
    }
    const auto& allow = found.error().allow;
    if (allow.empty()) return problem(404, "not_found", "There is nothing here.");
    if (request.method == "OPTIONS") return Answer{.status = 204, .headers = {{"Allow", allow}}};
    auto answer = problem(405, "method_not_allowed", "This path has other methods.");
    answer.headers.push_back({"Allow", allow});
    return answer;
}

std::optional<Answer> Connection::admit(ServerRequest& request) {
    try {
        auto admission = parts_.handler.admit(request);
        if (auto* answer = std::get_if<Answer>(&admission)) {
            VERIFY(is_sendable(*answer));
            return std::move(*answer);
        }
        if (auto* sink = std::get_if<std::unique_ptr<BodySink>>(&admission))
            request.sink = std::move(*sink);
        return std::nullopt;
    } catch (const std::exception& error) {
        return failed(error.what());
    }
}

// Answers a request whose body nobody wants. A short one is read past.
asio::awaitable<void> Connection::answer_early(const Head& head, const Answer& answer) {
    if (head.has_body()) {
        const bool is_short = !head.is_chunked && *head.content_length <= limits().skipped_bytes;
        BodyReader body(head, limits().skipped_bytes);
        const TakePiece drop = [](std::string_view) { return std::nullopt; };
        if (is_short && !head.expects_continue) {
            const auto refusal = co_await read_body(body, drop);
            current_.keeps_alive &= !refusal;
        } else {
            current_.keeps_alive = false;
        }
    }
    co_await send(answer);
}

asio::awaitable<void> Connection::serve_body(const Head& head, ServerRequest request) {
    if (head.has_body()) {
        if (head.expects_continue && wire_.received().empty()) {
            const std::array<std::string_view, 1> go_on{"HTTP/1.1 100 Continue\r\n\r\n"};
            co_await send_bytes(go_on);
        }
        BodyReader body(head, request.route.route->body_bytes_max);
        const TakePiece take = [&](std::string_view piece) -> std::optional<Answer> {
            if (request.sink) return request.sink->take(piece);
            request.body += piece;
            return std::nullopt;
        };
        const auto refusal = co_await read_body(body, take);
        if (refusal) {
            current_.keeps_alive = false;
            co_await send(*refusal);
            co_return;
        }
        request.received_at = parts_.options.now();
    }
    co_await handle(std::move(request));
}

// To the end of the body; an answer where it does not come to that, or nobody takes it.
asio::awaitable<std::optional<Answer>> Connection::read_body(BodyReader& body,
                                                             const TakePiece& take) {
    auto until = steady_clock::now() + limits().body_time;
    while (!body.is_whole()) {
        const auto step = body.next(wire_.received());
        if (!step) co_return problem(step.error());
        if (step->used == 0) {
            const auto got = co_await wire_.receive(until);
            if (got != Got::bytes) co_return problem(fault_of(got));
            continue;
        }
        until += time_for(step->piece.size());
        current_.bytes_in += step->used;
        if (!step->piece.empty()) {
            auto refusal = taken(step->piece, take);
            if (refusal) co_return refusal;
        }
        wire_.use(step->used);
    }
    co_return std::nullopt;
}

std::optional<Answer> Connection::taken(std::string_view piece, const TakePiece& take) {
    try {
        auto refusal = take(piece);
        VERIFY(!refusal || is_sendable(*refusal));
        return refusal;
    } catch (const std::exception& error) {
        return failed(error.what());
    }
}

asio::awaitable<void> Connection::refuse(WireFault fault) {
    current_.keeps_alive = false;
    const auto answer = problem(fault);
    co_await send(answer);
}

Answer Connection::problem(WireFault fault) const {
    return problem(status_of(fault), to_string(fault), sentence_of(fault));
}

Answer Connection::problem(int status, std::string_view code, std::string_view detail) const {
    const auto& types = parts_.options.problem_types;
    return to_answer(Problem{.status = status,
                             .code = std::string(code),
                             .title = std::string(reason_of(status)),
                             .type = types.empty() ? "" : types + std::string(code),
                             .detail = std::string(detail),
                             .instance = current_.path,
                             .request_id = to_string(current_.id)});
}

Answer Connection::busy(std::string_view code, std::string_view detail) const {
    auto answer = problem(503, code, detail);
    const auto wait = std::chrono::ceil<std::chrono::seconds>(limits().retry_after);
    answer.headers.push_back({"Retry-After", std::to_string(wait.count())});
    return answer;
}

Answer Connection::failed(std::string_view what) const {
    parts_.observer.failed(current_.id, what);
    return problem(500, "internal_error", "The request could not be handled.");
}

// What the client has sent, or still has to take, buys its time.
Duration Connection::time_for(std::uint64_t bytes) const {
    return Duration{static_cast<Duration::rep>(bytes * 1'000 / limits().body_rate)};
}

void Connection::report() {
    if (!std::exchange(is_serving_, false)) return;
    parts_.observer.served({.id = current_.id,
                            .route = current_.route,
                            .method = current_.method,
                            .path = current_.path,
                            .peer = peer_,
                            .trace_id = current_.trace_id,
                            .status = current_.status,
                            .is_whole = current_.is_whole,
                            .bytes_in = current_.bytes_in,
                            .bytes_out = current_.bytes_out,
                            .duration = std::chrono::duration_cast<std::chrono::microseconds>(
                                steady_clock::now() - current_.begun_at)});
}

}  // namespace holdfast::http
