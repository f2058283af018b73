// How a connection waits for the answer and writes it.
#include "http/connection.h"

#include "base/verify.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <array>
#include <utility>

namespace holdfast::http {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
// Of what a client sends while an answer is streamed to it, more is left in the socket.
constexpr std::size_t watched_bytes_max = 16'384;

// Whatever way a request ends, nothing is given or woken afterwards.
class CloseSlot {
public:
    explicit CloseSlot(std::shared_ptr<AnswerSlot>& slot) : slot_(slot) {}
    ~CloseSlot() { std::exchange(slot_, nullptr)->close(); }
    CloseSlot(const CloseSlot&) = delete;
    CloseSlot& operator=(const CloseSlot&) = delete;

private:
    std::shared_ptr<AnswerSlot>& slot_;
};

}  // namespace

asio::awaitable<void> Connection::handle(ServerRequest request) {
    slot_ = make_slot();
    const CloseSlot close(slot_);
    call_handler(std::move(request));
    const auto given = co_await await_answer();
    co_await send_given(given);
}

// While the slot is open this connection lives, so the thread that gives may ask for a share of it.
std::shared_ptr<AnswerSlot> Connection::make_slot() {
    auto wake = [this] {
        asio::dispatch(executor(), [self = shared_from_this()] { self->wake_.cancel(); });
    };
    auto slot = std::make_shared<AnswerSlot>(wake, limits().stream_bytes);
    if (parts_.is_stopping) slot->ask_to_end();
    return slot;
}

void Connection::call_handler(ServerRequest request) {
    try {
        parts_.handler.handle(std::move(request), Reply(slot_));
    } catch (const std::exception& error) {
        slot_->give(failed(error.what()));  // in the place of what the dropped handle gave
    }
}

asio::awaitable<AnswerSlot::Given> Connection::await_answer() {
    const auto until = steady_clock::now() + limits().handling_time;
    while (true) {
        auto given = slot_->take_answer();
        if (given) co_return *std::move(given);
        if (steady_clock::now() >= until) break;
        co_await wait_for_wake(until);
    }
    AnswerSlot::Given late = busy("no_answer_yet", "The request is still being worked on.");
    co_return late;
}

// To the next wake-up or `until`. It was not missed: whoever wakes does so on this strand.
asio::awaitable<void> Connection::wait_for_wake(SteadyTime until) {
    if (wire_.is_cut()) throw ClientGone();
    wake_.expires_at(until);
    co_await wake_.async_wait(as_values);
    if (wire_.is_cut()) throw ClientGone();
}

asio::awaitable<void> Connection::send_given(const AnswerSlot::Given& given) {
    if (const auto* answer = std::get_if<Answer>(&given)) {
        co_await send(*answer);
    } else if (const auto* stream = std::get_if<AnswerSlot::Stream>(&given)) {
        co_await send_stream(stream->head);
    } else {
        const auto unanswered = failed("left unanswered");
        co_await send(unanswered);
    }
}

HeadFacts Connection::facts(BodyForm form) const {
    return {.request = current_.id,
            .now = parts_.options.now(),
            .form = form,
            .keeps_alive = current_.keeps_alive,
            .minor = current_.minor};
}

asio::awaitable<void> Connection::send(const Answer& answer) {
    current_.keeps_alive &= !parts_.is_stopping;
    current_.status = answer.status;
    const auto head = render_head(answer, facts(BodyForm::counted));
    const auto body = current_.is_head ? std::string_view{} : std::string_view(answer.body);
    const std::array<std::string_view, 2> pieces{head, body};
    co_await send_bytes(pieces);
    current_.is_whole = true;
    report();
}

asio::awaitable<void> Connection::send_bytes(std::span<const std::string_view> pieces) {
    std::uint64_t bytes = 0;
    for (const auto piece : pieces) bytes += piece.size();
    const auto until = steady_clock::now() + limits().body_time + time_for(bytes);
    co_await wire_.send(pieces, until);
    current_.bytes_out += bytes;
}

asio::awaitable<void> Connection::send_stream(const Answer& head) {
    const auto form = current_.minor == 0 ? BodyForm::to_close : BodyForm::chunked;
    current_.keeps_alive &= form == BodyForm::chunked && !parts_.is_stopping;
    current_.status = head.status;
    const auto text = render_head(head, facts(form));
    const std::array<std::string_view, 1> pieces{text};
    co_await send_bytes(pieces);
    if (!current_.is_head) co_await send_pieces(form);
    current_.is_whole = true;
    report();
}

asio::awaitable<void> Connection::send_pieces(BodyForm form) {
    is_watching_ = true;
    is_stream_over_ = is_client_gone_ = false;
    asio::co_spawn(executor(), watch_client(shared_from_this()), asio::detached);
    const bool is_chunked = form == BodyForm::chunked;
    while (true) {
        const auto next = slot_->take_pieces();
        if (!next.bytes.empty()) {
            const auto line = is_chunked ? fmt::format("{:x}\r\n", next.bytes.size()) : "";
            const std::array<std::string_view, 3> chunk{line, next.bytes, is_chunked ? "\r\n" : ""};
            co_await send_bytes(chunk);
        }
        if (next.end == AnswerSlot::StreamEnd::finished) break;
        if (next.end == AnswerSlot::StreamEnd::broken_off || is_client_gone_) throw ClientGone();
        if (next.bytes.empty()) co_await wait_for_wake(SteadyTime::max());
    }
    const std::array<std::string_view, 1> last{is_chunked ? "0\r\n\r\n" : ""};
    co_await send_bytes(last);
    is_stream_over_ = true;
    wire_.cancel();  // the watch
    while (is_watching_) co_await wait_for_wake(SteadyTime::max());
    if (is_client_gone_) current_.keeps_alive = false;
}

// Reads beside a stream, to see the client go. One that only says that it sends no more has gone,
// too: proxies say so in no other way. What it sends of a next request is kept.
asio::awaitable<void> Connection::watch_client(std::shared_ptr<Connection> self) {
    try {
        auto got = Got::bytes;
        while (got == Got::bytes && self->wire_.received().size() < watched_bytes_max)
            got = co_await self->wire_.receive();
        self->is_client_gone_ = got == Got::end;
    } catch (const ClientGone&) {
        self->is_client_gone_ = !self->is_stream_over_;
    }
    self->is_watching_ = false;
    self->wake_.cancel();
}

}  // namespace holdfast::http
