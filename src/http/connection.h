// One client's connection: its requests one after the other, each read, handled and answered
// before the next one is looked at. Inside the server only.
#pragma once

#include "http/answer_slot.h"
#include "http/body.h"
#include "http/server.h"
#include "http/wire.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::http {

// What all connections share; outlives them.
struct ConnectionParts {
    const ServerOptions& options;
    const Router& router;
    Handler& handler;
    ServerObserver& observer;
    std::atomic<bool>& is_stopping;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(boost::asio::ip::tcp::socket socket, const ConnectionParts& parts);

    // To the end of the connection; whoever spawns them keeps the connection alive.
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> turn_away();  // 503: there are too many

    // From any thread.
    void stop_soon();  // at once where it is idle, else after the answer
    void cut();

    boost::asio::any_io_executor executor() { return wire_.executor(); }

private:
    template <class T>
    using Awaitable = boost::asio::awaitable<T>;
    using TakePiece = std::function<std::optional<Answer>(std::string_view)>;

    // What is known of the request that is being served, for its answer and the observer.
    struct Current {
        RequestId id;
        SteadyTime begun_at{};
        std::string route = {}, method = "other", path = {}, trace_id = {};
        int minor = 1;
        bool keeps_alive = false, is_head = false;
        int status = 0;
        bool is_whole = false;
        std::uint64_t bytes_in = 0, bytes_out = 0;
    };

    Awaitable<void> to_the_end(Awaitable<void> serving);
    Awaitable<void> answer_busy();
    Awaitable<void> serve_all();
    Awaitable<bool> await_request();
    Awaitable<void> serve_one();
    Awaitable<std::optional<WireFault>> read_head(HeadReader& reader);
    Awaitable<void> serve(const Head& head);
    Awaitable<void> serve_body(const Head& head, ServerRequest request);
    Awaitable<std::optional<Answer>> read_body(BodyReader& body, const TakePiece& take);
    Awaitable<void> answer_early(const Head& head, const Answer& answer);
    Awaitable<void> handle(ServerRequest request);
    Awaitable<AnswerSlot::Given> await_answer();
    Awaitable<void> refuse(WireFault fault);
    Awaitable<void> send(const Answer& answer);
    Awaitable<void> send_given(const AnswerSlot::Given& given);
    Awaitable<void> send_stream(const Answer& head);
    Awaitable<void> send_pieces(BodyForm form);
    Awaitable<void> send_bytes(std::span<const std::string_view> pieces);
    static Awaitable<void> watch_client(std::shared_ptr<Connection> self);
    Awaitable<void> wait_for_wake(SteadyTime until);

    void begin_request();
    ServerRequest request_of(const Head& head, Target target) const;
    std::optional<Answer> match(ServerRequest& request);
    std::optional<Answer> admit(ServerRequest& request);
    std::optional<Answer> taken(std::string_view piece, const TakePiece& take);
    void call_handler(ServerRequest request);
    std::shared_ptr<AnswerSlot> make_slot();
    Answer problem(int status, std::string_view code, std::string_view detail) const;
    Answer problem(WireFault fault) const;
    Answer busy(std::string_view code, std::string_view detail) const;
    Answer failed(std::string_view what) const;
    HeadFacts facts(BodyForm form) const;
    const ServerLimits& limits() const { return parts_.options.limits; }
    Duration time_for(std::uint64_t bytes) const;
    void report();

    const ConnectionParts& parts_;
    Wire wire_;
    boost::asio::steady_timer wake_;
    std::string peer_;
    Current current_;
    std::shared_ptr<AnswerSlot> slot_;
    bool is_idle_ = false, is_serving_ = false;
    bool is_watching_ = false, is_client_gone_ = false, is_stream_over_ = false;
};

}  // namespace holdfast::http
