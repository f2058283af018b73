#include "http/wire.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <vector>

namespace holdfast::http {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 8'192;

}  // namespace

Wire::Wire(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), timer_(socket_.get_executor()) {
    Error ignored;  // an answer is written at once, so there is nothing to wait for
    ignored = socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

std::string Wire::peer() const {
    Error error;
    const auto endpoint = socket_.remote_endpoint(error);
    if (error) return {};
    const auto address = endpoint.address().to_string();
    const auto port = ":" + std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]" + port : address + port;
}

asio::awaitable<Got> Wire::receive(SteadyTime until) {
    limit(until);
    const auto got = co_await receive();
    unlimit();
    co_return got;
}

asio::awaitable<Got> Wire::receive() {
    if (is_cut_) throw ClientGone();
    buffer_.erase(0, begin_);
    begin_ = 0;
    const auto held = buffer_.size();
    buffer_.resize(held + read_bytes);
    const auto room = asio::buffer(buffer_.data() + held, read_bytes);
    const auto [error, size] = co_await socket_.async_read_some(room, as_values);
    buffer_.resize(held + size);
    if (size > 0) co_return Got::bytes;
    if (error == asio::error::eof) co_return Got::end;
    if (is_too_late_ && !is_cut_) co_return Got::too_late;
    throw ClientGone();
}

asio::awaitable<void> Wire::send(std::span<const std::string_view> pieces, SteadyTime until) {
    if (is_cut_) throw ClientGone();
    std::vector<asio::const_buffer> buffers;
    for (const auto piece : pieces) buffers.emplace_back(piece.data(), piece.size());
    limit(until);
    const auto [error, size] = co_await asio::async_write(socket_, buffers, as_values);
    unlimit();
    if (error) throw ClientGone();
}

asio::awaitable<void> Wire::linger(SteadyTime until, std::size_t bytes_max) {
    Error ignored;
    ignored = socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    buffer_.clear();
    begin_ = 0;
    for (std::size_t dropped = 0; dropped < bytes_max;) {
        const auto got = co_await receive(until);
        if (got != Got::bytes) break;
        dropped += buffer_.size();
        buffer_.clear();
    }
}

void Wire::cancel() {
    Error ignored;
    ignored = socket_.cancel(ignored);
}

void Wire::cut() {
    is_cut_ = true;
    Error ignored;
    ignored = socket_.close(ignored);
}

// A limit that has run out may already be on its way when the next one is set: only the last one
// counts.
void Wire::limit(SteadyTime until) {
    is_too_late_ = false;
    timer_.expires_at(until);
    timer_.async_wait([this, mine = ++*limits_set_,
                       set = std::weak_ptr<std::uint64_t>(limits_set_)](const Error& error) {
        const auto last = set.lock();
        if (error || !last || *last != mine) return;
        is_too_late_ = true;
        cancel();
    });
}

void Wire::unlimit() {
    ++*limits_set_;
    timer_.cancel();
}

}  // namespace holdfast::http
